"""What is kept on disk about secrets and changes, without secrets."""
