"""System accounts: the list, the page of an account, the form, the verbs."""
