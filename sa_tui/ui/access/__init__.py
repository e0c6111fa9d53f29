"""Who can do what: who, matrix, why, entities, compare."""
