"""The table of lines: cells, columns, marks, the part that is seen."""
