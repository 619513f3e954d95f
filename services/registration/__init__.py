"""The registration: its one table of steps, its rows, and the only door to a new status."""
