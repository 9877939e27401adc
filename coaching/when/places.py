"""Places as they are said: a city, a country or an abbreviation for a time zone; a channel."""

import re
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from coaching.people import Zone
from coaching.when.lexicon import Lexicon
from coaching.when.signs import Piece, Sentence, Shape, shape

UNKNOWN = "?"  # there is no such place, or several


def zone_said(s: Sentence, first: int, last: int, words: Lexicon, home: Zone) -> str | None:
    """The zone that is named, "?" where it cannot be known which, None where the word is none here."""
    index = first + s.signs[first : last + 1].index("z")
    atom, named = s.atoms[index], s.signs[last] == "Z"
    if not (named or _in_place(s, index, last)):
        return None
    small = atom.text in words.after_a_time
    if small and not named and not re.search("(?:time|length)$", s.pieces[-1].kind if s.pieces else ""):
        return None
    return _which(atom.text, atom.value, s.now, words, home)


def _which(text: str, names: tuple[str, ...], now: datetime, words: Lexicon, home: Zone) -> str:
    if len(text) <= 5 and _family(text) in _called(home.name, now.year):
        # in Manila "PST" is the time of the place, and of the callers in the west of America
        return UNKNOWN if text in words.several and home.name == "Asia/Manila" else home.name
    if len(names) > 1:
        return home.name if home.name in names else UNKNOWN
    return names[0]


@cache
def _called(name: str, year: int) -> frozenset[str]:
    """What the clock of a zone is called, in winter and in summer."""
    called = (datetime(year, month, 1, tzinfo=ZoneInfo(name)).tzname() for month in (1, 7))
    return frozenset(_family(name) for name in called if name)


def _family(abbreviation: str) -> str:
    """Such as "CEST" and "CET", "EST", "EDT" and "ET" are one clock; "BST" and "GMT" are London's."""
    short = abbreviation.upper()
    if short in ("BST", "GMT"):
        return "GMT"
    return re.sub("[SD]T$", "T", short) if len(short) > 2 else short


def _in_place(s: Sentence, index: int, last: int) -> bool:
    """Behind a time, or behind "in", and it is not the name of what follows ("the London office")."""
    previous = next((p for p in reversed(s.pieces) if p.kind not in _SMALL and not _mark(s, p)), None)
    timed = previous is not None and previous.kind in ("time", "zone", "days", "date")
    between = s.signs[previous.last + 1 : index] if previous else ""
    led = re.search(r"[it;,&-]$|^$|\($", s.before(index)) or s.atoms[index - 1].text == ":"
    behind = s.atoms[last + 1] if last + 1 < len(s.atoms) else None
    named = behind is not None and behind.kind in ("word", "channel_word", "what") and behind.text.isalpha()
    named = named and behind is not None and behind.text != "now"
    return bool((timed and re.fullmatch(r"[,i~T-]{0,3}", between)) or led) and not named


_SMALL = frozenset({"comma", "the", "dash", "in"})


def _mark(s: Sentence, piece: Piece) -> bool:
    """A bracket or the like."""
    return piece.kind == "word" and not s.atoms[piece.first].text.isalpha()


def nowhere(s: Sentence, first: int, _last: int) -> str | None:
    """A place no map of ours has: "9am Atlantis time", "at nine in Atlantis time", "UTC+2"."""
    if s.signs[first] == "?":
        return UNKNOWN
    previous = next((p for p in reversed(s.pieces) if p.kind != "in"), None)
    behind = previous is not None and previous.kind == "time" and previous.last >= first - 2
    return UNKNOWN if behind and s.atoms[first].text.isalpha() and len(s.atoms[first].text) > 2 else None


def channel_said(s: Sentence, first: int, last: int) -> str:
    """Such as "#support", "the support channel"; "" for a channel without a name."""
    atoms = s.atoms[first : last + 1]
    for atom in atoms:
        if atom.kind == "channel":
            return str(atom.value)
    name = next((a.text for a in atoms if a.kind == "word"), "")
    return f"#{name}" if name not in _NAMELESS and name else ""


_NAMELESS = frozenset(
    {
        "team",
        "whole",
        "same",
        "group",
        "main",
        "right",
        "team's",
        "other",
        "different",
        "new",
        "slack",
        "teams",
    }
)

CHANNELS: tuple[Shape, ...] = (
    shape("channel", "[Ts]?C#", channel_said),
    shape("channel", "#C?", channel_said),
    shape("channel", "C~", channel_said),
    shape("channel", "~C", channel_said),
    shape("channel", "[Ts]C", channel_said),
)
