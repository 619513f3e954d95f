"""Heart of the house: verbs on the shelf, nouns in the drawers; knows no web."""
