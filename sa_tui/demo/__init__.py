"""A believable Konnect to try the application with: it answers in JSON, never with our models."""
