"""Alembic migrations: the way from any earlier schema to today's."""
