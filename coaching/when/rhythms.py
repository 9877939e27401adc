"""On which days: each week, of each month, or once; from what was said of a schedule."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from coaching.people import WORKDAYS, Dates, Day, Only, Weeks
from coaching.when.asking import Asker, AskError, day_of
from coaching.when.group import Group
from coaching.when.spans import Days, coming
from coaching.when.wishes import When, Why

_EVERY = frozenset(Day)
_SOON = timedelta(hours=6)  # said at night of an hour after midnight


def rhythm(group: Group, times: tuple[time, ...], asker: Asker) -> list[tuple[frozenset[Day], Only]]:
    """On which days, and of those on which only."""
    strong = [one for one in group.days if not one.weak]
    if group.numbers:
        return [_of_a_month(group, times, asker)]
    if group.dates:
        return [_once(_on_that_day(dates, strong), times, asker) for dates in group.dates]
    if not group.days:
        return [_no_days(group, times, asker)]
    return _of_a_week(strong or group.days, group, times, asker)


def _of_a_week(
    named: Sequence[Days], group: Group, times: tuple[time, ...], asker: Asker
) -> list[tuple[frozenset[Day], Only]]:
    if any(one.unsure for one in named):
        raise AskError(Why.RHYTHM)
    days = frozenset(day for one in named for day in one.days) - group.excluded
    weeks = [one.weeks for one in named if one.weeks]
    if not days or len(weeks) not in (0, len(named)):
        raise AskError(Why.UNCLEAR)
    if weeks:
        return _by_weeks(named)
    if group.monthly:
        raise AskError(Why.RHYTHM)
    each = group.weekly or any(one.each for one in group.days) or len(days) > 1
    if not each or group.once:
        return [_single(days, group, times, asker)]
    _later_start(group, days, times, asker)
    return [(days, None)]


def _by_weeks(named: Sequence[Days]) -> list[tuple[frozenset[Day], Only]]:
    """The nth days of a month, those of one day of the week together."""
    found: dict[frozenset[Day], frozenset[int]] = {}
    for one in named:
        numbers = one.weeks.numbers if one.weeks else frozenset()
        found[one.days] = found.get(one.days, frozenset()) | numbers
    return [(days, Weeks(numbers)) for days, numbers in found.items()]


def _of_a_month(group: Group, times: tuple[time, ...], asker: Asker) -> tuple[frozenset[Day], Only]:
    """Such as "on the 15th of each month", or once on the next 15th."""
    strong = [one for one in group.days if not one.weak]
    if strong and (group.monthly or group.each):
        raise AskError(Why.UNCLEAR)
    if group.monthly or group.each:
        return _EVERY, Dates(group.numbers)
    if len(group.numbers) > 1:
        raise AskError(Why.ONCE)
    (number,) = group.numbers
    ahead = (asker.now.date() + timedelta(days=n) for n in range(62))
    found = tuple(day for day in ahead if day.day == number)[:1]
    return _once(_on_that_day(found, strong), times, asker)


def _on_that_day(dates: tuple[date, ...], named: Sequence[Days]) -> tuple[date, ...]:
    """Such as "Friday the 18th": both must say the same."""
    for one in named:
        if one.each or any(day_of(day) != one.days for day in dates):
            raise AskError(Why.UNCLEAR)
    return dates


def _once(dates: tuple[date, ...], times: tuple[time, ...], asker: Asker) -> tuple[frozenset[Day], Only]:
    """One date that is still to come."""
    if len(dates) > 1:
        raise AskError(Why.WHICH_DAY, *(When(times, day_of(day), day) for day in dates))
    if not dates:
        raise AskError(Why.NO_SUCH_TIME)
    (day,) = dates
    if any(datetime.combine(day, at) <= asker.now for at in times):
        raise AskError(Why.PAST)
    return day_of(day), day


def _single(
    days: frozenset[Day], group: Group, times: tuple[time, ...], asker: Asker
) -> tuple[frozenset[Day], Only]:
    """A bare "Monday": the coming one, if it is a single reminder that is asked for."""
    day = min(days, key=lambda day: day.value)
    today = asker.now.date()
    once = coming(day, today)
    if group.period:  # "Monday next month"
        raise AskError(Why.UNCLEAR)
    if len(days) > 1 or ((group.many or group.channel or not asker.asked) and not group.once):
        raise AskError(Why.ONCE, When(times, days), When(times, day_of(once), once))
    if day.value == today.isoweekday() and any(datetime.combine(today, at) > asker.now for at in times):
        raise AskError(Why.WHICH_DAY, When(times, days, today), When(times, days, today + timedelta(days=7)))
    return day_of(once), once


def _no_days(group: Group, times: tuple[time, ...], asker: Asker) -> tuple[frozenset[Day], Only]:
    """A time and nothing else: once, today, where that is plain."""
    if group.step and not (group.weekly or group.monthly):
        return _EVERY, None
    today = asker.now.date()
    plain = asker.asked and not (
        group.there or group.many or group.weekly or group.monthly or group.channel or group.period
    )
    day = today if all(datetime.combine(today, at) > asker.now for at in times) else today + timedelta(days=1)
    soon = datetime.combine(day, max(times)) - asker.now < _SOON if times else False
    if plain and (day == today or group.once or soon):
        return day_of(day), day
    raise AskError(
        Why.NO_DAYS,
        When(times, _EVERY),
        When(times, WORKDAYS),
        When(times, day_of(day), day),
    )


def _later_start(group: Group, days: frozenset[Day], times: tuple[time, ...], asker: Asker) -> None:
    """Such as "starting Monday" is fine where the first one comes no earlier anyhow."""
    if group.start is None:
        if group.started:
            raise AskError(Why.RHYTHM, When(times, days))
        return
    if len(group.start) != 1:
        raise AskError(Why.WHICH_DAY)
    day = asker.now.date()
    while Day(day.isoweekday()) not in days or any(datetime.combine(day, at) <= asker.now for at in times):
        day += timedelta(days=1)
    if day < group.start[0]:
        raise AskError(Why.RHYTHM, When(times, days))
