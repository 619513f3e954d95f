"""Screening (初審): pure rules - a record and a day in, findings with their reasons out."""
