"""The query language: its grammar, its terms, its search."""
