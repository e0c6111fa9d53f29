"""The arguments of each command; only argparse is imported here."""
