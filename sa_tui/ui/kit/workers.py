"""The groups of the application's workers, and what leaving does with each."""

OPENING = "opening"
"""Opens an organisation, in place of another opening."""

LOAD = "load"
"""Reads the lists, in place of another reading of them."""

DETAILS = "details"
"""Reads what accounts hold; ended when the organisation is left."""

WRITES = "writes"
"""Changes: nothing cancels them, and leaving waits for them."""

QUESTIONS = "questions"
"""Waits for an answer of the operator; leaving does not wait for it."""
