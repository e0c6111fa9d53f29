"""What is wrong in an organisation: rules over one snapshot, findings, and their remedies."""
