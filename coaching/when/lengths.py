"""Lengths of time as they are said: in 20 minutes, for two weeks, a week from Friday, every two hours."""

import re
from datetime import UTC, date, datetime

from coaching.when.signs import Sentence, Shape, shape
from coaching.when.spans import Length, atoms_of, coming, following, value_of


def _length(s: Sentence, first: int, last: int) -> Length | None:
    """Such as "two weeks", "an hour", "half an hour", "an hour and a half"."""
    said = s.signs[first : last + 1]
    if first and s.atoms[first - 1].text in ("at", "@"):  # "at 14 hours" is a time
        return None
    numbers = [a.value for a in atoms_of(s, first, last, "number", "numbers")]
    if "j" in said:  # "1.5 hours"
        return Length(minutes=60 * int(re.split("[.,]", s.atoms[first + said.index("j")].text)[0]) + 30)
    unit = atoms_of(s, first, last, "units")[0].value
    if "q" in said or "h" in said or "&" in said:
        return _of_hours(said, numbers) if unit == "hour" else None
    many = numbers[0] if numbers else 1
    if unit == "hour" and len(numbers) > 1:  # "1 hour 15"
        return Length(minutes=60 * many + numbers[1])
    if many > 5000 or (unit == "hour" and many >= 100):  # "1700 hours" is a time
        return None
    return {
        "minute": Length(minutes=many),
        "hour": Length(minutes=60 * many),
        "day": Length(days=many),
        "week": Length(days=7 * many),
        "fortnight": Length(days=14 * many),
        "month": Length(months=many),
    }.get(unit)


def _of_hours(said: str, numbers: list[int]) -> Length:
    """Such as "three quarters of an hour", "an hour and a half", "an hour and twenty minutes"."""
    if "nq" in said:
        return Length(minutes=15 * numbers[0])
    if said.startswith("TU&n"):
        return Length(minutes=60 + numbers[0])
    whole = 60 * (numbers[0] if numbers else 1 if re.search("U&|^TU", said) else 0)
    return Length(minutes=whole + (numbers[1] if len(numbers) > 1 else 15 if "q" in said else 30))


def _instant(s: Sentence, first: int, last: int) -> datetime | tuple[date, ...] | None:
    """Such as "in 20 minutes" is a moment, "in three days" a date."""
    begin = first + (s.signs[first] in "ik")
    begin += s.signs[begin : begin + 2] == "Tn"
    length = _length(s, begin, last - (s.signs[last] == "w"))
    if length is None:
        return None
    there = length.after(s.now)
    return there if length.minutes else (there.date(),)


def _later(s: Sentence, first: int, last: int) -> datetime | tuple[date, ...] | None:
    """Such as "30 min later poke me"; "an hour later" alone says how far something is moved."""
    asked = s.atoms[last + 1].value == "create"
    return _instant(s, first, last - 1) if asked else None


def _hours_and_minutes(s: Sentence, _first: int, last: int) -> datetime | None:
    """Such as "in 1h30"; "in 1:30" may be a time."""
    hours, written, minutes = s.atoms[last].text.partition("h")
    if not written:
        return None
    return Length(minutes=60 * int(hours) + int(minutes or 0)).after(s.now)


def _a_week_from(s: Sentence, first: int, last: int) -> tuple[date, ...] | None:
    """Such as "a week from Friday", "two weeks from today"."""
    start = s.atoms[last]
    length = _length(s, first, last - (2 if s.signs[last - 1] == "F" else 1))
    if length is None or length.minutes or s.before(first).endswith("R"):  # "for 2 weeks from Monday"
        return None
    if s.signs[last - 1] != "F" and (length.days % 7 or s.before(first)[-1:] in ("*", "N", "P", "1")):
        return None  # "twice a week Monday and Friday"
    found = following(s, last) if start.kind == "relative" else coming(start.value[0], s.now.date())
    return (length.after(datetime.combine(found, s.now.time(), UTC)).date(),)


def _weekly(s: Sentence, _first: int, last: int) -> bool | None:
    """Such as "a tip a week"."""
    return True if s.atoms[last].value == "week" else None


def _every_hours(s: Sentence, _first: int, last: int) -> int | None:
    """Such as "every 2h"."""
    hours, written, minutes = s.atoms[last].text.partition("h")
    return int(hours) if written and not minutes else None


def _no_step(_s: Sentence, _first: int, _last: int) -> int:
    """Such as "every 1.5 hours"."""
    return 0


def _step(s: Sentence, first: int, last: int) -> int | None:
    """Hours between the times of "every two hours"; 0 for a rhythm that no five fields hold."""
    if s.signs[first] == "Y":
        return 1
    numbers = [value_of(a) for a in atoms_of(s, first, last, "number", "numbers", "ordinals")]
    unit = s.atoms[last].value if s.atoms[last].kind == "units" else ""
    if unit == "hour" and s.signs[first : last + 1] == "erU":  # "every other hour"
        return 2
    if unit == "hour" and "h" not in s.signs[first : last + 1]:
        return numbers[0] if numbers else 1
    return 0 if numbers != [1] else None


_LENGTH = "(?:nqf?TU|T?nU(?:&?(?:nU|Th))?|TU(?:&(?:Th|nU))?|T?hTU|T?hU|T?qf?TU|n&?ThU)"

# Tried before days and dates; a bare length, such as that of a leave, after them.
FIRST: tuple[Shape, ...] = (
    shape("instant", "[ik]?jUw?", _instant),
    shape("instant", "inUn(?![pUNPOc])", _instant),
    shape("instant", f"i{_LENGTH}w?", _instant),
    shape("instant", f"(?<![Ugdy])k{_LENGTH}(?!f)", _instant),
    shape("instant", f"{_LENGTH}w", _instant),
    shape("instant", f"{_LENGTH}>(?=a)", _later),
    shape("instant", "ic", _hours_and_minutes),
    shape("date", "(?:T?n|T)UF?[dy]", _a_week_from),
    shape("weekly", "(?<=[NP])TU", _weekly),
    shape("step", "eT?[nDr]?h?T?[U]", _step),
    shape("step", "eT?[nDr]k", _step),
    shape("step", "ec", _every_hours),
    shape("step", "ejU", _no_step),
    shape("step", "er(?:[dgUp])", _step),
    shape("step", "eD[gp]", _step),
    shape("step", "en[dg]", _step),
    shape("step", "(?<!T)r[dgU]", _step),
    shape("step", "Y", _step),
)  # fmt: skip
LAST: tuple[Shape, ...] = (shape("length", f"{_LENGTH}(?![ktB][nc])", _length),)
