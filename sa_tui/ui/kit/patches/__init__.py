"""Everything that touches Textual's private parts."""
