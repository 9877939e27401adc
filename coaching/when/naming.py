"""How an existing reminder is named: "the Friday one", "my 9am", "all of them"."""

from collections.abc import Sequence
from datetime import time

from coaching.people import Zone
from coaching.sealed import Words
from coaching.when.asking import Asker
from coaching.when.gathering import gather
from coaching.when.halves import UnsureError, times_of
from coaching.when.places import UNKNOWN
from coaching.when.signs import Piece, Sentence
from coaching.when.wishes import Act, When, Wish

NAMES = frozenset({"time", "days", "channel", "part", "date", "zone", "dom"})  # what one is known by


def named(s: Sentence, pieces: Sequence[Piece], asker: Asker) -> Wish:
    """The words that name an existing one, and what they say of it."""
    everything = next((piece for piece in pieces if piece.kind == "all"), None)
    if everything is not None and not any(
        p.kind in ("time", "channel") or (p.kind == "days" and not p.value.weak) for p in pieces
    ):
        return Wish(Act.CANCEL, asker.home, target=Words("all"), every=True)
    named = [
        n for n, piece in enumerate(pieces) if piece.kind in NAMES or piece.kind in ("weekly", "monthly")
    ]
    if not named:
        return Wish(Act.CANCEL, asker.home)
    first, last = _widened(pieces, named[0], named[-1])
    return Wish(
        Act.CANCEL,
        asker.home,
        target=Words(s.quote(pieces[first], pieces[last])),
        which=_which(s, pieces[first : last + 1]),
        channel=_channel(pieces),
    )


def _widened(pieces: Sequence[Piece], first: int, last: int) -> tuple[int, int]:
    """With "the" and "one" around it."""
    start = first
    while start and (
        pieces[start - 1].kind in ("the", "what", "every", "on", "in", "at") or _one(pieces[start - 1])
    ):
        start -= 1
    while start < first and pieces[start].kind in ("on", "in", "at"):
        start += 1
    while last + 1 < len(pieces) and (pieces[last + 1].kind == "what" or _one(pieces[last + 1])):
        last += 1
    return start, last


def _one(piece: Piece) -> bool:
    return piece.kind == "number" and piece.value == 1


def _channel(pieces: Sequence[Piece]) -> Words | None:
    return next((Words(piece.value) for piece in pieces if piece.kind == "channel" and piece.value), None)


def _which(s: Sentence, pieces: Sequence[Piece]) -> When:
    """What the words for an existing one say: its times, its days. A bare hour may be either."""
    group = gather(s, pieces)[0]
    days = (
        frozenset(day for one in group.days if not one.weak or not group.parts for day in one.days)
        - group.excluded
    )
    where = Zone(group.zone) if group.zone and group.zone != UNKNOWN else None
    try:
        times = times_of(group)
    except UnsureError:
        times = ()
    if times is None:
        times = tuple(
            time(hour, clock.minute)
            for clock in group.clocks
            for hour in (clock.hour % 12, clock.hour % 12 + 12)
        )
    dated = next((dates[0] for dates in group.dates if dates), None)
    return When(times, days, dated, where)
