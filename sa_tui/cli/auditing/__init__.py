"""The command `audit`: what it reads, what it goes by, and what it writes."""
