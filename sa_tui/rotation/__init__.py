"""Rotation that nobody operates: which tokens it is for, and what is due now; pure."""
