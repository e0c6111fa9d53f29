"""Who can do what: pure functions over what was read; unknown is never reported as no."""
