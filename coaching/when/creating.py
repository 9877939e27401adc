"""From what was said of a schedule to a wish for it, or to the question that has to be asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from coaching.people import Day, Slot, Zone
from coaching.sealed import Words
from coaching.when.asking import Asker, AskError, day_of
from coaching.when.group import Group
from coaching.when.halves import UnsureError, both, times_of
from coaching.when.instants import occurrences
from coaching.when.places import UNKNOWN
from coaching.when.rhythms import rhythm
from coaching.when.wishes import Act, When, Why, Wish

A_DAY = 3  # more than three a day becomes noise


def wishes(groups: Sequence[Group], asker: Asker) -> tuple[Wish, ...]:
    """What these groups wish for; a single question if any of them has to be asked."""
    made: list[Wish] = []
    for group in groups:
        where = _zone(group, asker)
        try:
            found = _whens(group, where, asker)
            _check(group, [*(w.when for w in made), *found], where)
        except AskError as asks:
            heard = _heard(group, asker)
            offers = tuple(_wish(when, where, group) for when in asks.proposals)
            return (replace(_wish(heard, where, group), act=Act.CLARIFY, why=asks.why, proposals=offers),)
        made += [_wish(one, where, group) for when in found for one in _parted(when)]
    return tuple(made)


def _parted(when: When) -> tuple[When, ...]:
    """One for each minute of the hour, and for a single date one for each time."""
    if isinstance(when.only, date):
        return tuple(replace(when, times=(at,)) for at in when.times)
    minutes = dict.fromkeys(at.minute for at in when.times)
    return tuple(
        replace(when, times=tuple(at for at in when.times if at.minute == minute)) for minute in minutes
    )


def _wish(when: When, where: Zone, group: Group) -> Wish:
    return Wish(Act.CREATE, where, when, Words(group.channel) if group.channel else None)


def _zone(group: Group, asker: Asker) -> Zone:
    return Zone(group.zone) if group.zone and group.zone != UNKNOWN else asker.home


def _heard(group: Group, asker: Asker) -> When:
    """What was understood so far, for the form that asks for the rest."""
    try:
        times = times_of(group) or ()
    except UnsureError:
        times = ()
    if not group.dated:
        return When(times[:1], zone=_zone(group, asker) if group.zone else None)
    try:
        days, _ = rhythm(group, times, asker)[0]
    except AskError:
        days = frozenset(day for one in group.days for day in one.days) - group.excluded
    return When(times[:1], days, None, _zone(group, asker) if group.zone else None)


def _whens(group: Group, where: Zone, asker: Asker) -> tuple[When, ...]:
    named = where if group.zone else None
    _refuse(group)
    if group.instants:
        return tuple(_moment(instant, where, named, asker) for instant in group.instants)
    if not group.clocks and not group.step:
        raise AskError(Why.NO_TIME if group.dated else Why.NEITHER)
    there = replace(asker, now=_local(asker, where))
    times = _times(group, where, there)
    return tuple(When(times, days, only, named) for days, only in rhythm(group, times, there))


def _refuse(group: Group) -> None:
    """What can be set by no days and times."""
    if group.odd or group.ends or (group.lasts and not group.lasts.minutes):
        raise AskError(Why.RHYTHM)
    if group.zone == UNKNOWN:
        raise AskError(Why.ZONE)
    if group.channel == "":
        raise AskError(Why.CHANNEL)
    if group.bad or any(not dates for dates in group.dates) or any(not 1 <= n <= 31 for n in group.numbers):
        raise AskError(Why.NO_SUCH_TIME)
    if group.some not in (0, len(group.clocks)) or group.count > A_DAY:
        raise AskError(Why.MANY)


def _local(asker: Asker, where: Zone) -> datetime:
    """The clock on the wall there."""
    here = asker.now.replace(tzinfo=ZoneInfo(asker.home.name))
    return here.astimezone(ZoneInfo(where.name)).replace(tzinfo=None)


def _moment(instant: datetime, where: Zone, named: Zone | None, asker: Asker) -> When:
    """Such as "in 20 minutes": so much later, whatever the clocks do meanwhile."""
    begin = asker.now.replace(tzinfo=ZoneInfo(asker.home.name)).astimezone(UTC)
    there = (begin + (instant - asker.now)).astimezone(ZoneInfo(where.name))
    if there.fold:
        raise AskError(Why.NO_SUCH_TIME)
    wall = there.replace(tzinfo=None)
    return When((wall.time().replace(second=0, microsecond=0),), day_of(wall.date()), wall.date(), named)


# --------------------------------------------------------------------------- times


def _times(group: Group, where: Zone, asker: Asker) -> tuple[time, ...]:
    try:
        times = times_of(group)
    except UnsureError:
        raise AskError(Why.NO_SUCH_TIME) from None
    if group.step:
        return _steps(group, times)
    if group.ranging:
        raise AskError(Why.NO_TIME)
    times = times or _still_to_come(group, asker)
    if times is None:
        raise AskError(Why.HALF, *_offers(group, where, asker))
    _fewer(times, group, where, asker)
    return times


def _fewer(times: tuple[time, ...], group: Group, where: Zone, asker: Asker) -> None:
    """No more than three, as many as were said, and none to choose from."""
    if group.either:
        raise AskError(Why.UNCLEAR, *(w for t in times for w in _offer((t,), group, where, asker)))
    if group.count not in (0, len(times)):
        raise AskError(Why.NO_TIME)
    if len(times) > A_DAY:
        raise AskError(Why.MANY)


def _still_to_come(group: Group, asker: Asker) -> tuple[time, ...] | None:
    """Such as "Today at 5", said in the afternoon, is plain."""
    today = asker.now.date()
    if group.dates != [(today,)]:
        return None
    ways = [way for way in both(group) if all(datetime.combine(today, at) > asker.now for at in way)]
    return ways[0] if len(ways) == 1 else None


def _steps(group: Group, times: tuple[time, ...] | None) -> tuple[time, ...]:
    """Every so many hours within a shift."""
    if not group.ranging or len(group.clocks) != 2:
        raise AskError(Why.NO_TIME if not group.clocks else Why.RHYTHM)
    if times is None or len(times) != 2 or group.step is None:
        raise AskError(Why.HALF)
    first, last = times
    if last <= first:
        raise AskError(Why.NO_SUCH_TIME)
    hours = range(first.hour, last.hour + (last.minute >= first.minute), group.step)
    return tuple(first.replace(hour=hour) for hour in hours)


def _offers(group: Group, where: Zone, asker: Asker) -> tuple[When, ...]:
    return tuple(when for times in both(group) for when in _offer(times, group, where, asker))[:2]


def _offer(times: tuple[time, ...], group: Group, where: Zone, asker: Asker) -> tuple[When, ...]:
    """What it would be at these times; nothing where there is more to ask."""
    named = where if group.zone else None
    try:
        return tuple(When(times, days, only, named) for days, only in rhythm(group, times, asker))[:1]
    except AskError:
        return ()


# --------------------------------------------------------------------------- checks


def _check(group: Group, whens: Sequence[When], where: Zone) -> None:
    """No more than three a day in all, and no single one at a time that the clocks leap over."""
    for day in Day:
        many = sum(len(when.times) for when in whens if day in when.days and when.only is None)
        if many > A_DAY and not group.step:
            raise AskError(Why.MANY)
    for when in whens:
        if isinstance(when.only, date) and not all(
            comes(Slot(where, at, when.days, when.only)) for at in when.times
        ):
            raise AskError(Why.NO_SUCH_TIME)


def comes(slot: Slot) -> bool:
    """Whether a single one comes at the time it says, which is so unless the clocks leap over it."""
    found = next(islice(occurrences(slot, datetime(2000, 1, 1, tzinfo=UTC)), 1), None)
    return found is not None and found[1].astimezone(ZoneInfo(slot.zone.name)).time() == slot.at
