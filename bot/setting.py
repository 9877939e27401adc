"""One environment variable, and what is said of a value that cannot be used."""

from dataclasses import dataclass


class SettingsError(Exception):
    """A setting cannot be used; the message names it and says what to write instead."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable, for the reader and for docs/settings.md."""

    name: str
    meaning: str
    default: str = ""
    secret: bool = False
