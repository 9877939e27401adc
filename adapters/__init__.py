"""Translations between the outside and coaching's values; each folder speaks one tongue."""
