"""The wished state of an organisation: read from kongctl's form, compared, written and restored."""
