"""Compares a saved plan with the organisation as it is now."""
