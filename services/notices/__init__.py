"""Notices: what is promised in a transaction and delivered by a worker afterwards."""
