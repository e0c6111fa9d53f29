"""What changed between two snapshots of one organisation; pure functions."""
