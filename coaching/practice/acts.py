"""What a reply does to an upset customer, as a set of acts that travels in three letters."""

from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import TypeAlias


class Act(Enum):
    """One thing that the review found in a reply. The number is its bit: never give one a new meaning."""

    NAMED = 0  # their trouble was named
    ANSWERED = 1  # what they asked was taken up
    WAY = 2  # something that can be done was offered
    HEARD = 3  # their feedback was taken up
    WARM = 4
    MORE = 5  # one step beyond the bare answer
    ASKED = 6  # a question was put to them
    LIMIT = 7  # a limit was set to how they may speak
    END = 8  # the contact was ended
    INSULT = 9
    STUNG = 10  # something in it would sting
    DEFENDED = 11
    WALL = 12  # a no, and nothing else
    UNHEARD = 13  # what they asked is still open
    UNNAMED = 14  # their trouble was not named
    BRUSHED = 15  # their feedback was passed over
    COLD = 16
    HUSHED = 17  # they were told to be calm or patient, or talked down to


Acts: TypeAlias = frozenset[Act]

# How many degrees each one calms; and heats, where the worst of them counts.
CALMS: Mapping[Act, int] = MappingProxyType(
    {Act.NAMED: 2, Act.WAY: 2, Act.HEARD: 1, Act.WARM: 1, Act.MORE: 1}
)
HEATS: Mapping[Act, int] = MappingProxyType(
    {
        Act.INSULT: 4,
        Act.HUSHED: 2,
        Act.STUNG: 2,
        Act.DEFENDED: 2,
        Act.WALL: 2,
        Act.UNHEARD: 1,
        Act.UNNAMED: 1,
        Act.BRUSHED: 1,
        Act.COLD: 1,
    }
)
HURTS = frozenset(act for act, weight in HEATS.items() if weight > 1)  # no kind word beside makes up for it
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
WIDTH = 3  # letters of six bits each: room for the eighteen acts, and no more
_PLACE = {letter: index for index, letter in enumerate(_LETTERS)}


def packed(acts: Iterable[Act]) -> str:
    """The acts of one reply as three letters."""
    bits = sum(1 << act.value for act in set(acts))
    return "".join(_LETTERS[bits >> shift & 63] for shift in (12, 6, 0))


def unpacked(letters: str) -> Acts | None:
    """The acts that three letters stand for; None where they are not ours."""
    if len(letters) != WIDTH or not set(letters) <= _PLACE.keys():
        return None
    bits = 0
    for letter in letters:
        bits = bits << 6 | _PLACE[letter]
    return frozenset(act for act in Act if bits >> act.value & 1)
