"""Slack: gate, translation in, translation out, sender."""
