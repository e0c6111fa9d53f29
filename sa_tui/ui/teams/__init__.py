"""Teams: the list, the page of one, the form, joining and leaving."""
