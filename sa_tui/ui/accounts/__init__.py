"""System accounts: the list, the page of one, the form, the verbs."""
