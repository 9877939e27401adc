"""A rest from reminders: until Monday, for two weeks, from 3 to 14 November, today."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from coaching.people import Day
from coaching.when.asking import Asker, AskError
from coaching.when.group import Group
from coaching.when.halves import UnsureError, times_of
from coaching.when.naming import named
from coaching.when.signs import Piece, Sentence
from coaching.when.spans import Days, Length, Period, coming, monday
from coaching.when.wishes import Act, Why, Wish

_WEEKEND = frozenset({Day.SAT, Day.SUN})
_LEADS = frozenset({"until", "back", "dash", "to", "from", "start", "after", "the", "for", "except"})
_ENDS = frozenset({"until", "back", "dash", "to"})


@dataclass(slots=True)
class _Break:
    """Since when and until when it is to be quiet, and the pieces that say so."""

    asker: Asker
    since: date | None = None
    ends: date | datetime | None = None
    length: Length | None = None
    used: list[Piece] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The date where they are."""
        return self.asker.now.date()

    @property
    def over(self) -> bool:
        """Whether it would be over before it begins."""
        if self.ends is None:
            return False
        ends = self.ends if isinstance(self.ends, datetime) else datetime.combine(self.ends, time())
        return ends <= self.asker.now


def rested(s: Sentence, pieces: Sequence[Piece], asker: Asker) -> Wish:
    """Until when it is to be quiet, and what."""
    try:
        found = _found(s, pieces, asker)
    except AskError as asks:
        return Wish(Act.CLARIFY, asker.home, why=asks.why)
    others = [piece for piece in pieces if piece not in found.used and piece.kind != "part"]
    since = found.since if found.since and found.since > found.today else None
    return replace(named(s, others, asker), act=Act.PAUSE, since=since, until=found.ends)


def _found(s: Sentence, pieces: Sequence[Piece], asker: Asker) -> _Break:
    found = _Break(asker)
    for number, piece in enumerate(pieces):
        if _takes(s, pieces, number, found):
            near = [p for p in pieces[max(0, number - 3) : number] if p.kind in _LEADS]
            found.used += [piece, *near]
    if found.length is not None:
        found.ends = _after(found.length, found.since, asker)
    if found.ends is None and found.since is None:
        found.ends = _off(s, pieces, found.today)
    if found.ends is None and (found.since is not None or _unknown_end(s, pieces)):
        raise AskError(Why.UNTIL)
    if found.over:
        raise AskError(Why.PAST)
    return found


def _unknown_end(s: Sentence, pieces: Sequence[Piece]) -> bool:
    """It ends at something no calendar has; "until I come back" is until they say so."""
    for number, piece in enumerate(pieces):
        if piece.kind == "odd":
            return True
        if piece.kind == "until":
            behind = s.text(pieces[number + 1]) if number + 1 < len(pieces) else ""
            return not (behind in ("i", "im", "i'm") or behind.startswith(("i'm back", "i return", "i come")))
    return False


def _takes(s: Sentence, pieces: Sequence[Piece], number: int, found: _Break) -> bool:
    """Whether this piece says when, and noted if so."""
    piece, before = pieces[number], _before(s, pieces, number)
    until = bool(before & _ENDS)
    match piece.kind:
        case "period" if until:
            found.ends = _end_of_period(piece.value, s, piece)
        case "period" if found.ends is None:
            found.since, found.ends = piece.value.since, piece.value.until
        case "length":
            found.length = piece.value
        case "instant" if isinstance(piece.value, datetime):
            found.ends = piece.value
        case "days" if not until and _stretch(pieces, number):
            found.since = coming(_first(piece.value.days), found.today - timedelta(days=1))
            found.ends = found.since + timedelta(days=len(piece.value.days))
        case "date" | "days" | "instant" | "dom":
            return _a_day(pieces, number, before, found)
        case "time" if until:
            found.ends = _moment(piece, found.ends, found.asker)
        case _:
            return False
    return True


def _before(s: Sentence, pieces: Sequence[Piece], number: int) -> set[str]:
    """The kinds of what leads to a piece; "off till" is an act and leads like "until"."""
    before = {p.kind for p in pieces[max(0, number - 4) : number] if p.kind != "the"}
    if number and pieces[number - 1].kind == "act" and s.text(pieces[number - 1]).endswith(("until", "till")):
        before.add("until")
    return before


def _a_day(pieces: Sequence[Piece], number: int, before: set[str], found: _Break) -> bool:
    """A single day: it ends there, begins there, or is that day alone."""
    until = bool(before & _ENDS)
    if not until and any(p.kind in ("what", "number") for p in pieces[number + 1 : number + 2]):
        return False  # "my Monday tip"
    day = _day(pieces[number], found.asker, until=until, after="after" in before)
    if day is None:
        return False
    if until or (found.ends is not None and "and" not in before):
        later = _including(pieces, number) or ("after" in before and pieces[number].kind == "date")
        found.ends = day + timedelta(days=1) if later else day
    elif found.since and not found.ends and pieces[number - 1].kind == "and":
        found.ends = day + timedelta(days=1)
    elif {"from", "start"} & before or _leads(pieces, number):
        found.since = day
    else:
        found.since, found.ends = (found.since or day), day + timedelta(days=1)
    return True


def _including(pieces: Sequence[Piece], number: int) -> bool:
    """Such as "through Friday", "until Friday inclusive", "from Monday to Friday"."""
    behind = any(p.kind == "including" for p in pieces[number + 1 : number + 2])
    near = pieces[max(0, number - 3) : number]
    through = any(p.kind == "until" and p.value in ("through", "thru") for p in near)
    begun = any(p.kind == "from" for p in pieces[:number]) or [p.kind for p in near[-2:-1]] == ["date"]
    stretch = begun and any(p.kind in ("to", "dash") for p in near[-2:])
    return behind or through or stretch


def _off(s: Sentence, pieces: Sequence[Piece], today: date) -> date | None:
    """Such as "I take the day off"."""
    said = [s.text(piece) for piece in pieces if piece.kind in ("act", "word")]
    if any(text.endswith("week off") for text in said):
        return monday(today)
    return today + timedelta(days=1) if any(text.endswith(("day off", "the day")) for text in said) else None


def _stretch(pieces: Sequence[Piece], number: int) -> bool:
    """Such as "I'm off Monday to Wednesday"; "the Monday to Wednesday one" is the name of a reminder."""
    value = pieces[number].value
    named = any(p.kind in ("what", "number") for p in pieces[number + 1 : number + 3])
    return len(value.days) > 1 and not value.weak and value.each and not named and value.weeks is None


def _first(days: frozenset[Day]) -> Day:
    """The day on which a run of days begins."""
    return next((day for day in Day if day in days and Day((day.value - 2) % 7 + 1) not in days), Day.MON)


def _leads(pieces: Sequence[Piece], number: int) -> bool:
    """Whether another date follows: "3 to 14 March"."""
    return any(p.kind in ("until", "dash", "to") for p in pieces[number + 1 : number + 3])


def _end_of_period(period: Period, s: Sentence, piece: Piece) -> date:
    """Such as "until next week" is until it begins; "until the end of the week" until it is over."""
    following = "x" in s.signs[piece.first : piece.last + 1]
    return period.since if following else period.until


def _after(length: Length, since: date | None, asker: Asker) -> date | datetime:
    if length.minutes:
        return length.after(asker.now)
    start = datetime.combine(since, time()) if since else asker.now
    return length.after(start).date()


def _day(piece: Piece, asker: Asker, *, until: bool, after: bool) -> date | None:
    """The date a piece means; None for a rhythm, which names a reminder."""
    value, today = piece.value, asker.now.date()
    if piece.kind == "dom":
        ahead = (today + timedelta(days=n) for n in range(1, 62))
        return next((day for day in ahead if day.day in value), None)
    if isinstance(value, Days):
        if value.days == _WEEKEND and until:
            return monday(today) if after else coming(Day.SAT, today)
        if len(value.days) != 1 or (value.each and not until):
            return None
        return coming(next(iter(value.days)), today)
    if len(value) != 1:
        if until and len(value) == 2:
            raise AskError(Why.WHICH_DAY)
        raise AskError(Why.NO_SUCH_TIME)
    return value[0]


def _moment(piece: Piece, day: date | datetime | None, asker: Asker) -> datetime:
    group = Group(clocks=[piece.value])
    try:
        times = times_of(group)
    except UnsureError:
        raise AskError(Why.NO_SUCH_TIME) from None
    if isinstance(day, date) and not isinstance(day, datetime):
        if times is None:
            raise AskError(Why.HALF)
        return datetime.combine(day, times[0])
    later = times or (time(piece.value.hour % 12 + 12, piece.value.minute),)
    return datetime.combine(asker.now.date(), later[0])
