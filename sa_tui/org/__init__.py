"""One organisation: what was read of it, and the changes that are sent to it."""
