"""What is asked of Konnect to know an organisation."""
