"""Hands of the house: each callback makes exactly one call to a service or a question."""
