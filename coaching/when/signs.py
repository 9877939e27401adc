"""A sentence as a line of signs, one for each atom, so that the shapes of times are patterns over them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from coaching.text import Folded
from coaching.when.lexicon import Atom

SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "every": "e", "at": "@", "on": "o", "in": "i", "of": "f", "the": "T", "to": "t", "through": "u",
        "dash": "-", "from": "F", "for": "R", "and": "&", "comma": ",", "stop": ";", "or": "|", "except": "X",
        "next": "x", "this": "s", "last": "l", "other": "r", "half": "h", "quarter": "q", "past": "k",
        "before": "B", "oclock": "O", "hundred": "H", "now": "w", "start": "S", "back": "b", "including": "I",
        "time_word": "Z", "home": "M", "all": "A", "monthly": "m", "weekly": "W", "once": "1", "hourly": "Y",
        "times_a": "*", "channel_word": "C", "what": "N", "many": "P", "earlier": "<", "later": ">",
        "over": "v", "instead": "V", "odd": "!", "vague_late": "L", "vague_early": "E", "vague": "G",
        "acts": "a", "day": "d", "months": "J", "numbers": "n", "number": "n", "ordinals": "D", "units": "U",
        "parts": "p", "relative": "y", "clocks": "c", "clock": "c", "group": "g", "zone": "z", "channel": "#",
        "offset": "?", "nowhere": "?", "date": "K", "week_later": "k", "aside": "Q", "halves": "j",
        "feasts": "K",
        "there": "9",
    }
)  # fmt: skip
OTHER = "~"
MOVES = ("update", "either")  # what is to be done: something is to come at another time


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the sentence that means one thing: a time, days, a date, a place, what is to be done."""

    kind: str
    value: Any
    first: int  # its atoms, by number
    last: int


@dataclass(slots=True)
class Sentence:
    """The atoms, their signs, the pieces found so far, and when it is said."""

    folded: Folded = field(repr=False)
    atoms: tuple[Atom, ...] = field(repr=False)
    signs: str
    now: datetime
    pieces: list[Piece] = field(default_factory=list, repr=False)
    texts: dict[tuple[int, int], str] = field(default_factory=dict, repr=False)  # of pieces, once asked for

    def quote(self, first: Piece, last: Piece) -> str:
        """The words from one piece to another, as they were written."""
        start, end = self.atoms[first.first].start, self.atoms[last.last].end
        return self.folded.quote(self.folded.span(start, end))

    def text(self, piece: Piece) -> str:
        """The atoms of a piece, folded."""
        key = piece.first, piece.last
        if key not in self.texts:
            self.texts[key] = " ".join(atom.text for atom in self.atoms[piece.first : piece.last + 1])
        return self.texts[key]

    def before(self, index: int) -> str:
        """The signs before an atom."""
        return self.signs[:index]

    def after(self, index: int) -> str:
        """The signs behind an atom."""
        return self.signs[index + 1 :]


Build = Callable[[Sentence, int, int], Any]  # from the sentence and the atoms first..last: a value, or None


@dataclass(frozen=True, slots=True)
class Shape:
    """How something is said: a pattern over signs, and what is made of it."""

    kind: str
    pattern: re.Pattern[str]
    build: Build


def shape(kind: str, pattern: str, build: Build) -> Shape:
    """A shape; its pattern begins with one of the signs it names first."""
    return Shape(kind, re.compile(pattern), build)


def signs_of(atoms: tuple[Atom, ...]) -> str:
    """One sign for each atom."""
    return "".join(SIGNS.get(atom.kind, OTHER) for atom in atoms)
