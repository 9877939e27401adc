"""Judges a draft reply offline, with quotes."""
