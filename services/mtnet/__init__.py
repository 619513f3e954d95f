"""MTNet, the maritime personnel system: its record, the protocol to ask it, a stand-in."""
