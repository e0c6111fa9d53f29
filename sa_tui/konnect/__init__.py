"""Konnect over HTTP, usable on its own; start at `client.KonnectClient`. Imports nothing here."""
