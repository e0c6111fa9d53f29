"""What every feature is built of: pages, dialogs, tables, bars, guards; it knows no feature."""
