"""Roles: the form that assigns them, and the words for grants and entities."""
