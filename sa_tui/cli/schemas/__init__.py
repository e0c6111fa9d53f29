"""JSON Schemas of what the commands write as JSON, one for each command and one for errors."""
