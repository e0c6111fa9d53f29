"""The commands about a wished state: plan, apply, export and restore."""
