"""What was changed, and what was never sent."""
