"""Days and dates as they are said: ranges, rhythms, the first Monday of the month, tomorrow, 14 March."""

import re
from datetime import date, time, timedelta

from coaching.people import LAST, Day, Slot, Weeks, Zone
from coaching.when.signs import MOVES, Sentence, Shape, shape
from coaching.when.spans import (
    A_DAY,
    Days,
    Period,
    atoms_of,
    between,
    coming,
    following,
    monday,
    value_of,
)

_YEARS = 10  # ahead; a date further away is a slip of the finger

# --------------------------------------------------------------------------- days of the week


def _range(s: Sentence, first: int, last: int) -> Days | None:
    one, other = atoms_of(s, first, last, "day")
    moving = [n for n, atom in enumerate(s.atoms[:first]) if atom.kind == "acts" and atom.value in MOVES]
    if "t" in s.signs[first : last + 1] and moving and "t" not in s.signs[moving[-1] : first] + s.after(last):
        return None  # "move Monday to Tuesday"
    return Days(frozenset(between(one.value[0], other.value[0])), each=True)


def _day(s: Sentence, first: int, last: int) -> Days:
    days = atoms_of(s, first, last, "day")
    each = any(day.value[1] for day in days) or "e" in s.signs[first : last + 1]
    return Days(frozenset(day.value[0] for day in days), each)


def _group(s: Sentence, _first: int, last: int) -> Days:
    return Days(s.atoms[last].value, each=True, weak=len(s.atoms[last].value) == len(Day))


def _weeks(s: Sentence, first: int, last: int) -> Days | None:
    """Such as "the first Monday of the month", "the 2nd and 4th Friday"."""
    numbers = {value_of(a) for a in atoms_of(s, first, last, "ordinals")}
    numbers |= {LAST for _ in atoms_of(s, first, last, "last")}
    named = s.signs[first : last + 1].endswith("m") or "m" in s.signs
    if not numbers or max(numbers) > LAST or (6 in numbers and not atoms_of(s, first, last, "last")):
        return None
    if not named and re.match("f?[JxsU]", s.after(last)):
        return None
    found = frozenset(a.value[0] for a in atoms_of(s, first, last, "day"))
    sure = {1} if s.signs[first : last + 1] == "ld" else {1, LAST}  # "last Friday" may be over
    unsure = not named and not numbers <= sure
    return Days(found, each=True, weeks=Weeks(frozenset(numbers)), unsure=unsure)


def _parts(s: Sentence, first: int, last: int) -> Days | None:
    """Such as "every morning", "mornings": every day, unless days are named."""
    value = str(s.atoms[last].value)
    if value in ("a", "p") or not (value.endswith("s") or first < last):
        return None
    return Days(frozenset(Day), each=True, weak=True)


# --------------------------------------------------------------------------- dates


def _relative(s: Sentence, first: int, _last: int) -> tuple[date, ...]:
    return (following(s, first),)


def _named_day(s: Sentence, first: int, last: int) -> tuple[date, ...] | None:
    """Such as "this Thursday", "next Thursday", "Thursday next week", "a week on Thursday"."""
    today, said = s.now.date(), s.signs[first : last + 1]
    day = atoms_of(s, first, last, "day")[0].value[0]
    soon = coming(day, today)
    later = monday(today) + timedelta(days=day.value - 1)
    unit = next((a.value for a in atoms_of(s, first, last, "units")), "week")
    if unit != "week":
        return None
    if "k" in said or said == "dU":
        return (soon + 7 * A_DAY,)
    if "U" in said:
        return (later,) if "x" in said else (later - 7 * A_DAY,)
    if "s" in said:
        return (today,) if day.value == today.isoweekday() else (soon,)
    return tuple(sorted({soon, later}))  # "next Thursday", said on a Monday, may be either


def _month_day(s: Sentence, first: int, last: int) -> tuple[date, ...] | None:
    (month,) = atoms_of(s, first, last, "months")
    values = [value_of(a) for a in atoms_of(s, first, last, "number", "numbers", "ordinals")]
    year = next((v for v in values if v > 1000), 0)
    day = next((v for v in values if v <= 1000), 0)
    if not day:  # "until January 2027"
        return _on(1, month.value, year, s.now.date()) if _until(s, first) else None
    return _on(day, month.value, year, s.now.date())


def _nth_of(s: Sentence, first: int, last: int) -> tuple[date, ...] | None:
    """Such as "the first Monday of March", "the last Friday of next month"."""
    today, said = s.now.date(), s.signs[first : last + 1]
    month = s.atoms[last]
    if month.kind == "units":
        if month.value != "month":
            return None
        begin = _month_begin(today, 1 if "x" in said else 0)
    else:
        begin = date(today.year + (month.value < today.month), month.value, 1)
    slot_days = atoms_of(s, first, last, "day")[0].value[0]
    number = LAST if said[0] == "l" else value_of(s.atoms[first])
    if said[0] != "l" and number >= LAST:
        return None  # no month has a sixth Friday
    weeks = Slot(Zone("UTC"), time(), frozenset({slot_days}), Weeks(frozenset({number})))
    ahead = (begin + n * A_DAY for n in range(31))
    return tuple(day for day in ahead if day.month == begin.month and weeks.falls_on(day))[:1]


def _dates(s: Sentence, first: int, last: int) -> Period | None:
    """Such as "3 to 14 November": both days are meant."""
    (month,) = atoms_of(s, first, last, "months")
    values = [value_of(a) for a in atoms_of(s, first, last, "number", "numbers", "ordinals")]
    since = _on(values[0], month.value, 0, s.now.date())
    until = _on(values[1], month.value, since[0].year, s.now.date()) if since else ()
    return Period(since[0], until[0] + A_DAY) if until and until >= since else None


def _month_alone(s: Sentence, first: int, _last: int) -> tuple[date, ...] | None:
    """Such as "until June"."""
    return _on(1, s.atoms[first].value, 0, s.now.date()) if _until(s, first) else None


def _until(s: Sentence, first: int) -> bool:
    return bool(re.search("[ub][oi]?T?$", s.before(first)))


def _on(day: int, month: int, year: int, today: date) -> tuple[date, ...]:
    """That date, the next one where no year is said; nothing where there is no such day."""
    if year and not today.year <= year <= today.year + _YEARS:
        return ()
    for candidate in (year,) if year else range(today.year, today.year + 5):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or (found >= today and found.year - today.year <= 1):
            return (found,)
    return ()


def _written(s: Sentence, first: int, _last: int) -> tuple[date, ...]:
    """Such as "2026-03-14"; "14/3"; "3/4" is two dates; "4.8." and Christmas Eve are one each."""
    text, today = s.atoms[first].text, s.now.date()
    if s.atoms[first].kind == "feasts":
        month, day = s.atoms[first].value.split("-")
        return _on(int(day), int(month), 0, today)
    numbers = [int(part) for part in re.split("[-/.]", text) if part]
    if text.endswith("."):
        return _on(numbers[0], numbers[1], 0, today)
    if "-" in text:
        return _on(numbers[2], numbers[1], numbers[0], today)
    year = (numbers[2] + (2000 if numbers[2] < 100 else 0)) if len(numbers) == 3 else 0
    either = {*_on(numbers[0], numbers[1], year, today), *_on(numbers[1], numbers[0], year, today)}
    return tuple(sorted(either))


def _period(s: Sentence, first: int, last: int) -> Period | None:
    """Such as "this week", "next month", "the weekend"."""
    today, said = s.now.date(), s.signs[first : last + 1]
    ahead = "x" in said
    if s.atoms[last].kind == "group":
        saturday = monday(today) - 2 * A_DAY + (7 * A_DAY if ahead else timedelta())
        return Period(saturday, saturday + 2 * A_DAY) if len(s.atoms[last].value) == 2 else None
    match s.atoms[last].value:
        case "week":
            return Period(monday(today), monday(today) + 7 * A_DAY) if ahead else Period(today, monday(today))
        case "month":
            begin = _month_begin(today, 1)
            return Period(begin, _month_begin(begin, 1)) if ahead else Period(today, begin)
    return None


def _month_begin(day: date, ahead: int) -> date:
    months = day.month - 1 + ahead
    return date(day.year + months // 12, months % 12 + 1, 1)


def _end_of(s: Sentence, first: int, last: int) -> Period | None:
    """Such as "the end of the week": up to it, and not beyond."""
    if all(atom.text not in ("end", "rest") for atom in s.atoms[first : last + 1]):
        return None
    if s.signs[last] == "m":
        return Period(s.now.date(), _month_begin(s.now.date(), 1))
    return _period(s, last, last)


def _in_month(s: Sentence, first: int, last: int) -> frozenset[int] | None:
    """Such as "the 1st and the 15th", "on the 3 at 10": days of a month."""
    numbers = [value_of(a) for a in atoms_of(s, first, last, "ordinals", "number")]
    return frozenset(numbers)


SHAPES: tuple[Shape, ...] = (
    shape("date", "K", _written),
    shape("period", "F?T?[nD][-tu]T?[nD]f?J", _dates),
    shape("period", "F?JT?[nD][-tu]T?[nD]", _dates),
    shape("date", "DT?f?T?J,?n?(?!p)", _month_day),
    shape("date", "nf?J,?n?(?!p)", _month_day),
    shape("date", "JT?D,?(?:n(?![pO]))?", _month_day),
    shape("date", "Jn(?:,?n(?![pO]))?", _month_day),
    shape("date", "[Dl]df(?:J|[xs]U)", _nth_of),
    shape("date", "J", _month_alone),
    shape("date", "dT?[xs]U", _named_day),
    shape("date", "[xs]Uo?d(?!-)", _named_day),
    shape("date", "[xs]d(?![-tu]d)", _named_day),
    shape("date", "ds(?![Udg])", _named_day),
    shape("date", "kd", _named_day),
    shape("date", "dU", _named_day),
    shape("date", "y", _relative),
    shape("period", "[xs][Ug]", _period),
    shape("period", "T?~(?:f[Ts]?U|m)", _end_of),
    shape("days", "e?(?:T?[Dl][,&]*)+d(?:[,&]*d)*m?", _weeks),
    shape("days", "e?d(?:-d){2,}", _day),
    shape("days", "F?e?d[-tu]d", _range),
    shape("days", "e?T?g", _group),
    shape("days", "eT?d", _day),
    shape("days", "d", _day),
    shape("days", "e?p", _parts),
    shape("dom", "oTn(?=@[nc])", _in_month),
    shape("dom", "T?D(?:[,&]*o?T?D)*(?!f?J|d)", _in_month),
)  # fmt: skip
