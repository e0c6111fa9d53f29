"""What commands and the application answer: the same records, the same head, the same text."""
