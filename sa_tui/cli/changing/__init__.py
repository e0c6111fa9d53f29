"""The commands that change something: find it, weigh it, ask, send, say what became of it."""
