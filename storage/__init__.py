"""Remembers, in a SQL database."""
