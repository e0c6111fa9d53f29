"""Reads an organisation from Konnect into its snapshot."""
