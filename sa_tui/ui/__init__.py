"""The application: a room for each feature over one kit; Textual is used here alone."""
