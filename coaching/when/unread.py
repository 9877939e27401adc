"""Whether all that speaks of time was read: what is left over may change the rest, so it is asked."""

from collections.abc import Sequence

from coaching.when.doubts import apart, told_of
from coaching.when.group import Group
from coaching.when.signs import Piece, Sentence
from coaching.when.wishes import Why

_ENDS = frozenset({"time", "days", "date", "dom", "period", "instant", "length", "act", "clock"})
_SPARES = (
    "except",
    "except for",
    "excluding",
    "excl",
    "but not",
    "apart from",
    "other than",
    "besides",
    "all but",
)
_DAYS = frozenset({"days", "date", "dom"})


def unread(s: Sentence, pieces: Sequence[Piece], groups: Sequence[Group]) -> Why | None:
    """Why it has to be asked, where something about time is left over; None where nothing is."""
    kinds = {piece.kind for piece in pieces}
    if kinds & _DAYS and any(_lasts(pieces, number) for number in range(len(pieces))):
        return Why.RHYTHM  # "every morning at 9 this week"
    if any((group.started or group.start) and _of_a_month(group) for group in groups):
        return Why.RHYTHM
    if any(_left(s, pieces, number) for number in range(len(pieces))):
        return Why.RHYTHM
    doubtful = _told(s, pieces) or told_of(pieces) or (len(groups) == 1 and apart(pieces))
    return Why.UNCLEAR if doubtful else None


def _lasts(pieces: Sequence[Piece], number: int) -> bool:
    """A stretch of days; "I'm in Dublin this month" is not said of the reminder."""
    return pieces[number].kind == "period" and (not number or pieces[number - 1].kind != "zone")


def _of_a_month(group: Group) -> bool:
    return bool(group.numbers) or any(one.weeks for one in group.days)


def _left(s: Sentence, pieces: Sequence[Piece], number: int) -> bool:
    """Whether this piece says something of time that no group has taken up."""
    piece = pieces[number]
    behind = [p.kind for p in pieces[number + 1 : number + 4] if p.kind not in ("the", "on", "at", "in")]
    match piece.kind:
        case "until" | "every":
            return not _ENDS & {*behind[:1]}
        case "length":
            return not _counted(s, pieces, number)
        case "except":
            return s.text(piece) in _SPARES and not _ENDS & {*behind[:1]}
        case "word":
            return _of_time(s, pieces, number)
    return s.text(piece) == "any day" and "except" not in behind[:1]


def _counted(s: Sentence, pieces: Sequence[Piece], number: int) -> bool:
    """A length that says how long something takes, or was read: "a 5 minute tip", "for two hours"."""
    behind = pieces[number + 1].kind if number + 1 < len(pieces) else ""
    before = [p.kind for p in pieces[max(0, number - 2) : number]]
    return behind == "what" or "for" in before or s.atoms[pieces[number].last].value == "day"


def _of_time(s: Sentence, pieces: Sequence[Piece], number: int) -> bool:
    """A word for weeks or months by itself, or "other", that belongs to nothing that was read."""
    piece = pieces[number]
    atom = s.atoms[piece.first]
    match atom.kind:
        case "units":
            return atom.value in ("week", "fortnight", "month", "year")
        case "months":
            return atom.text != "may"
        case "other":
            return atom.text in ("other", "alternate", "alternating") and not any(
                p.kind == "except" for p in pieces
            )
    return False


def _told(s: Sentence, pieces: Sequence[Piece]) -> bool:
    """Such as "The queue at 5 every Monday is a nightmare": told of others, and nothing is wished for."""
    asked = any(piece.kind in ("act", "what") for piece in pieces)
    return not asked and any(s.atoms[piece.first].kind == "told" for piece in pieces)
