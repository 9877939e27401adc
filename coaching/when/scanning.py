"""From a sentence to its pieces: at each place the first shape that fits; the rest are words."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from coaching.people import Zone
from coaching.text import fold
from coaching.when import clocks, dates, lengths, places
from coaching.when.lexicon import LONGEST, Lexicon, atoms
from coaching.when.signs import Piece, Sentence, Shape, shape, signs_of

# What means something by itself, by its sign; anything else is a word.
_ALONE: Mapping[str, str] = MappingProxyType(
    {
        "A": "all", "m": "monthly", "W": "weekly", "1": "once", "X": "except", "u": "until", "t": "to",
        "F": "from", "R": "for", "|": "or", "-": "dash", "S": "start", "b": "back", "I": "including",
        "!": "odd", "L": "late", "E": "early", "G": "vague", "N": "what", "P": "what", "v": "over",
        "V": "instead", "<": "earlier", ">": "later", "a": "act", "p": "part", "n": "number", "D": "number",
        ";": "stop", "&": "and", ",": "comma", "*": "times", "e": "every", "T": "the", "k": "after",
        "B": "before", "@": "at", "Q": "aside", "o": "on", "i": "in", "x": "next",
        "9": "there",
    }
)  # fmt: skip


def scan(text: str, now: datetime, words: Lexicon, home: Zone) -> Sentence:
    """The sentence with its pieces, in order."""
    folded = fold(text[:LONGEST])
    found = atoms(folded.text, words)
    sentence = Sentence(folded, found, signs_of(found), now)
    index = 0
    while index < len(found):
        piece = _piece(sentence, index, words, home)
        sentence.pieces.append(piece)
        index = piece.last + 1
    return sentence


def _piece(s: Sentence, index: int, words: Lexicon, home: Zone) -> Piece:
    for form in _SHAPES:
        match = form.pattern.match(s.signs, index)
        if match is None:
            continue
        last = match.end() - 1
        value: Any = form.build(s, index, last)
        if form.kind == "place":
            value = places.zone_said(s, index, last, words, home)
        if value is not None:
            return Piece("zone" if form.kind == "place" else form.kind, value, index, last)
    return Piece(_ALONE.get(s.signs[index], "word"), s.atoms[index].value, index, index)


_SHAPES: tuple[Shape, ...] = (
    *lengths.FIRST,
    *dates.SHAPES,
    *lengths.LAST,
    *clocks.SHAPES,
    shape("place", "[iT]?T?zZ", places.nowhere),
    shape("place", "z", places.nowhere),
    shape("zone", r"\?", places.nowhere),
    shape("zone", "i?~{1,2}Z", places.nowhere),
    *places.CHANNELS,
)
