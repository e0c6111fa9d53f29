"""The groups of the application's workers, and what leaving the application does with each."""

OPENING = "opening"
"""Opens an organisation; a new opening cancels it."""

LOAD = "load"
"""Reads the lists; a new reading of them cancels it."""

DETAILS = "details"
"""Reads what accounts hold; leaving the organisation cancels it."""

WRITES = "writes"
"""Changes: nothing cancels them, and leaving waits for them."""

QUESTIONS = "questions"
"""Asks the operator something; leaving does not wait for the answer."""
