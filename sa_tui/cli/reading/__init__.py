"""The commands that only read; they answer from Konnect or from a snapshot file."""
