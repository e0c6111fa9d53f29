"""Access tokens: the list, ordering one, the one-time page, rotation."""
