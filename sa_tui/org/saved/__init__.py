"""A snapshot as a file: what was read of an organisation, what was not and why, without secrets."""
