"""Checkpoints: where every chain of events stood, kept and published so that none is rewritten."""
