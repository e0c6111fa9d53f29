"""What changes mean, from the changes and the snapshot alone; the screen and commands share it."""
