"""The command `sa-tui`: its arguments, and the only place where objects are wired together."""
