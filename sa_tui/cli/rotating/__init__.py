"""The command that rotates tokens unattended: `sa-tui rotate --due`."""
