"""Changes as values: what is sent, what is checked first, what undoes it."""
