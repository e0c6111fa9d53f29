"""Profiles: the list and the form."""
