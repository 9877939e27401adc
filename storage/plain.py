"""A stored value as a person would write it, for "my data"."""

from datetime import datetime, time

from coaching.people import LAST, Dates, Weeks
from storage.tables import State


def plain(column: str, value: object) -> str:
    """A stored value as a person would write it."""
    match value:
        case bool():
            told = "yes" if value else "no"
        case int() if column == "state":
            told = State(value).name.lower()
        case datetime():
            told = value.strftime("%Y-%m-%d %H:%M UTC")
        case time():
            told = value.strftime("%H:%M")
        case Weeks(numbers=numbers) | Dates(numbers=numbers):
            told = ", ".join(
                "last" if n == LAST and isinstance(value, Weeks) else str(n) for n in sorted(numbers)
            )
        case bytes():
            told = value.hex()
        case frozenset():
            told = ", ".join(day.name.title() for day in sorted(value, key=lambda day: day.value)) or "none"
        case _:
            told = str(value)
    return told
