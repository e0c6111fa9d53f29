"""Teams: the list, the page of a team, the form, the picker of memberships, the verbs."""
