"""Faces of the house: pure layouts from a visit; may read through services, never write."""
