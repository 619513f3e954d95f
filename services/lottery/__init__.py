"""The window lottery: its draws, tickets and audit log, and the order anyone can recompute."""
