"""Who and where in the playground: one person, their chat, their settings, and a pretend team channel."""

from collections.abc import Mapping
from types import MappingProxyType

from coaching.people import Person, Place, Room

YOU = Person("web", "local", "you")

CHAT = Place("web", "local", "you", Room.DIRECT)
HOME = Place("web", "local", "you", Room.HOME)
TEAM = Place("web", "local", "team", Room.CHANNEL)

PLACES: Mapping[str, Place] = MappingProxyType({"chat": CHAT, "home": HOME, "team": TEAM})


def pane(place: Place) -> str | None:
    """The pane of the page that shows this place; None where the playground has no such place."""
    return next((name for name, shown in PLACES.items() if shown == place), None)
