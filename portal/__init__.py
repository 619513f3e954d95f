"""Roof of the house: settings, wiring, entry points, migrations; nothing imports it."""
