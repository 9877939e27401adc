"""Where no word says it: whether one that is there is to come at another time, day or place."""

from collections.abc import Sequence

from coaching.when.naming import NAMES
from coaching.when.signs import Piece, Sentence

_TIMED = frozenset(
    {"time", "days", "date", "instant", "step", "dom", "monthly", "hourly", "period", "odd", "weekly"}
)
_NEW = frozenset({"time", "days", "channel", "zone"})
_ALREADY = ("the", "my", "our", "that")
_LED = ("the ", "my ", "our ", "that ")  # the same, within a piece


def moves(s: Sentence, pieces: Sequence[Piece]) -> bool:
    """Such as "send it to #late instead", "my 9am an hour later", "set my reminders to London time"."""
    kinds = [piece.kind for piece in pieces]
    there = {*kinds}
    if "zone" in there and "to" in there and "what" in there and not _TIMED & there:
        return True
    if named_there(s, pieces) and _said_anew(s, pieces):
        return True
    if not _rhythmic(pieces) and (_later(there) or ("over" in there and "time" in there)):
        return True
    if _kept(s, pieces) and _NEW & there:
        return not {"time", "days"} <= there
    if {"over", "channel", "what"} <= there and not _TIMED & there:
        return True  # "put the tips in #night instead of here"
    return "instead" in there and bool(_NEW & there)


def _later(kinds: set[str]) -> bool:
    """Such as "half an hour earlier", "I want it later, at 10:15"."""
    if not {"earlier", "later"} & kinds:
        return False
    return "length" in kinds or ("what" in kinds and "time" in kinds)


def _kept(s: Sentence, pieces: Sequence[Piece]) -> bool:
    """Such as "same days, just at 11"."""
    return any(s.atoms[piece.first].kind == "kept" for piece in pieces)


def _rhythmic(pieces: Sequence[Piece]) -> bool:
    """Such as "weekdays at 9, not at 10": it says all of a new one."""
    return any(p.kind == "over" and p.value in ("not", "not at", "and not") for p in pieces) and any(
        p.kind == "days" and (p.value.each or len(p.value.days) > 1) for p in pieces
    )


def named_there(s: Sentence, pieces: Sequence[Piece]) -> bool:
    """Such as "the weekday one", "my 9am tip": one that is there already."""
    return _end_of_name(s, pieces) > 0


def _end_of_name(s: Sentence, pieces: Sequence[Piece]) -> int:
    """The number of the piece behind its name; 0 where none is named."""
    for number in range(1, len(pieces) - 1):
        kind, behind = pieces[number].kind, pieces[number + 1]
        if kind == "days" and pieces[number].value.weak and not s.text(behind).startswith("one"):
            continue  # "send me the daily rule at 8"
        one = behind.kind == "what" or (behind.kind == "number" and behind.value == 1)
        already = s.text(pieces[number - 1]) in _ALREADY or s.text(pieces[number]).startswith(_LED)
        if kind in ("days", "time", "part") and one and already:
            return number + 2
    return 0


def _said_anew(s: Sentence, pieces: Sequence[Piece]) -> bool:
    """Behind the name, its new time or day: "the Tuesday one on Wednesday", "the Friday tip back to 3"."""
    rest = pieces[_end_of_name(s, pieces) :]
    kinds = {piece.kind for piece in pieces}
    listed = any(
        p.kind == "and" and {q.kind for q in (*pieces[n - 1 : n], *pieces[n + 1 : n + 2])} != {"days"}
        for n, p in enumerate(pieces)
    )
    return bool(NAMES & {piece.kind for piece in rest}) and not listed and "except" not in kinds
