"""Cellar: clock, actor, errors, database, unit of work, outbox; leans on nothing of ours."""
