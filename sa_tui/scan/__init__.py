"""Finds access tokens in files, folders and streams, however they are written there."""
