"""A believable Konnect to try the application on: its answers are wire JSON, never our models."""
