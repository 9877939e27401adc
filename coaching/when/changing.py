"""From what was said to a wish that changes what is set: cancelled, or moved to another time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from coaching.people import Zone
from coaching.sealed import Words
from coaching.when.asking import Asker, AskError
from coaching.when.clocks import Clock
from coaching.when.creating import wishes
from coaching.when.gathering import gather
from coaching.when.group import Group
from coaching.when.halves import UnsureError, half_of, times_of
from coaching.when.naming import NAMES, named
from coaching.when.places import UNKNOWN
from coaching.when.signs import MOVES, Piece, Sentence
from coaching.when.spans import Length
from coaching.when.wishes import Act, When, Why, Wish


def cancelled(s: Sentence, pieces: Sequence[Piece], asker: Asker) -> Wish:
    """Which one is to go; without words for it, whichever there is."""
    return replace(named(s, pieces, asker), act=Act.CANCEL)


def moved(s: Sentence, pieces: Sequence[Piece], asker: Asker) -> Wish:
    """Which one is to be moved, and what it is moved to."""
    old, new = _split(pieces)
    known = named(s, [p for p in old if p.kind != "instead"], asker)
    shift = _shift(s, pieces)
    if shift is not None:
        return _shifted(named(s, pieces, asker), shift, asker)
    if not any(p.kind in NAMES for p in new):  # "I'm in New York now, change my time zone"
        old, new = [p for p in old if p.kind != "zone"], [p for p in old if p.kind == "zone"]
        known = named(s, [p for p in old if p.kind != "instead"], asker)
    group, *others = gather(s, new)
    try:
        when = When() if others else _target(group, known, asker)
    except AskError as asks:
        return replace(known, act=Act.CLARIFY, why=asks.why)
    if when == When() and (others or not group.channel):
        return replace(known, act=Act.CLARIFY, why=Why.CHANGE)
    channel = Words(group.channel) if group.channel else None
    return replace(known, act=Act.UPDATE, when=when, channel=channel, zone=when.zone or asker.home)


def _split(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """What names the old one, and what says the new one."""
    over = next((number for number, piece in enumerate(pieces) if piece.kind == "over"), None)
    if over is not None:
        return _instead_of(pieces[:over], pieces[over + 1 :])
    marks = [
        n for n, p in enumerate(pieces) if p.kind == "to" and any(q.kind in NAMES for q in pieces[n + 1 :])
    ]
    if marks:
        return list(pieces[: marks[-1]]), list(pieces[marks[-1] + 1 :])
    acts = [n for n, p in enumerate(pieces) if p.kind == "act" and p.value in MOVES]
    begin = acts[-1] + 1 if acts else 0
    what = [
        n
        for n in range(begin, len(pieces))
        if pieces[n].kind == "what" or (pieces[n].kind == "number" and pieces[n].value == 1)
    ]
    after = [n for n in what if any(p.kind in NAMES for p in pieces[n + 1 :])]
    if after:
        return list(pieces[: after[-1] + 1]), list(pieces[after[-1] + 1 :])
    named = [n for n in range(begin, len(pieces)) if pieces[n].kind in NAMES]
    again = named and any(pieces[n].kind == pieces[named[-1]].kind for n in named[:-1])  # "the 9am one at 10"
    if again and pieces[named[-1] - 1].kind in ("at", "for"):
        return list(pieces[: named[-1] - 1]), list(pieces[named[-1] :])
    if what and named and named[-1] < what[0] and not any(p.kind == "instead" for p in pieces):
        return list(pieces), []  # "change my 9am reminder": to what?
    return list(pieces[:begin]), list(pieces[begin:])


def _instead_of(new: Sequence[Piece], old: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Such as "10 instead of 9"; "instead of Tuesday make it Thursday" says the new one behind."""
    begin = next((n for n, p in enumerate(old) if p.kind == "act" and p.value in MOVES), 0)
    if begin:
        return list(old[:begin]), list(old[begin + 1 :])
    kinds = {p.kind for p in old} & NAMES
    if not kinds:  # "put the tips in #night instead of here"
        return [p for p in new if p.kind != "channel"], [p for p in new if p.kind == "channel"]
    return list(old), [p for p in new if p.kind in kinds or (kinds == {"time"} and p.kind == "part")]


def _shift(s: Sentence, pieces: Sequence[Piece]) -> timedelta | None:
    """Such as "an hour later"."""
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        if piece.kind == "length" and (following is not None and following.kind in ("earlier", "later")):
            way = 1 if following.kind == "later" else -1
            return way * timedelta(minutes=piece.value.minutes, days=piece.value.days)
    if any(p.kind == "over" for p in pieces):  # "earlier, 8 instead of 9"
        return None
    length = next((p.value for p in pieces if p.kind == "length"), None)
    ways = ("earlier", "later", "back") if length else ("earlier", "later")
    way = next((p.kind for p in pieces if p.kind in ways), None)
    if length and any(p.kind == "act" and s.text(p).startswith(_LATER) for p in pieces):
        way = way or "later"
    if way is None or (length is None and any(p.kind == "time" for p in pieces)):
        return None
    length = length or Length()
    return (-1 if way == "earlier" else 1) * timedelta(minutes=length.minutes, days=length.days)


_LATER = ("delay", "postpone", "push")


def _shifted(known: Wish, shift: timedelta, asker: Asker) -> Wish:
    """From the time it is known by; otherwise it has to be asked."""
    if len(known.which.times) != 1 or not shift or shift.days not in (0, -1):
        return replace(known, act=Act.CLARIFY, why=Why.CHANGE)
    there = datetime.combine(asker.now.date(), known.which.times[0]) + shift
    if there.date() != asker.now.date():
        return replace(known, act=Act.CLARIFY, why=Why.CHANGE)
    return replace(known, act=Act.UPDATE, when=When((there.time(),)), channel=None)


def _target(group: Group, known: Wish, asker: Asker) -> When:
    """What is new; a bare hour is of the same half of the day as the old one, if that fits."""
    where = Zone(group.zone) if group.zone and group.zone != UNKNOWN else None
    if group.zone == UNKNOWN:
        raise AskError(Why.ZONE)
    if group.channel == "":
        raise AskError(Why.CHANGE)
    if len(known.which.times) == 1 and len(group.clocks) == 1:
        _same_half(group, known.which.times[0])
    if not group.dated and group.clocks and not (group.step or group.odd or group.bad or group.either):
        return When(_only_times(group), zone=where)
    if group.dated and not group.timed and not (group.odd or group.bad):
        return _only_days(group, known, where, asker)
    if group.empty and not group.late and not group.early:
        return When(zone=where)
    group.weekly = not (group.dates or group.numbers or group.once)
    found = wishes([group], replace(asker, asked=True))
    if len(found) != 1 or found[0].act is Act.CLARIFY:
        raise AskError(found[0].why or Why.CHANGE)
    return replace(found[0].when, zone=where)


def _same_half(group: Group, old: time) -> None:
    clock = group.clocks[0]
    if not clock.half and not group.parts and 1 <= clock.hour <= 7:
        group.clocks[0] = replace(clock, half="p" if old.hour >= 12 else "")
    if not clock.half and not group.parts and old.hour >= 17 and clock.hour > 7:
        group.clocks[0] = replace(clock, half=half_of("evening", clock.hour) if clock.hour < 12 else "")


def _only_times(group: Group) -> tuple[time, ...]:
    try:
        times = times_of(group)
    except UnsureError:
        raise AskError(Why.NO_SUCH_TIME) from None
    if times is None:
        raise AskError(Why.HALF)
    if len(times) > 1:
        raise AskError(Why.CHANGE)
    return times


def _only_days(group: Group, known: Wish, where: Zone | None, asker: Asker) -> When:
    """Other days at the same time; a single date needs the time the old one is known by."""
    days = frozenset(day for one in group.days for day in one.days) - group.excluded
    weeks = [one.weeks for one in group.days if one.weeks]
    if days and not group.dates and not weeks and not group.parts:
        return When((), days, zone=where)
    if group.dates and len(known.which.times) == 1:
        found = wishes([_timed(group, known.which.times[0])], asker)
        if found[0].act is Act.CREATE:
            return replace(found[0].when, zone=where)
    raise AskError(Why.NO_TIME)


def _timed(group: Group, at: time) -> Group:
    """The group with a time of its own."""
    return replace(group, clocks=[Clock(at.hour, at.minute, "24")])
