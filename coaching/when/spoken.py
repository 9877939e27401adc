"""How a time is said: "every weekday at 09:00, Berlin time". The words come from the wording data."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from coaching.people import WORKDAYS, Dates, Day, For, Only, Schedule, Slot, Weeks, Zone
from coaching.playbook.wording import Wording
from coaching.turn import Known, Preferences
from coaching.values import Moment, Text
from coaching.when.instants import local, resting, upcoming


def spoken(slot: Slot, wording: Wording) -> str:
    """A slot as a person would say it."""
    return wording.label(
        "when.slot",
        days=rhythm(slot.days, slot.only, wording),
        at=_clock(slot.at),
        zone=_zone(slot.zone, wording),
    )


def offered(slots: Sequence[Slot], wording: Wording) -> str:
    """Slots of the same days in short, for a button: "every weekday at 09:00 and 15:00"."""
    at = _joined([_clock(slot.at) for slot in slots], wording)
    return wording.label("when.offer", days=rhythm(slots[0].days, slots[0].only, wording), at=at)


def moment(instant: datetime, now: datetime, where: Zone, wording: Wording) -> Moment:
    """One instant on the wall clock there: "Monday 09:00", with the date when it is a week or more away."""
    there, today = local(instant, where), local(now, where).date()
    day = wording.label(f"when.day.{Day(there.isoweekday()).name}")
    if 0 <= (there.date() - today).days < 7:
        said = wording.label("when.soon", day=day, at=_clock(there.time()))
    else:
        said = wording.label(
            "when.later", day=day, date=_date(there.date(), wording), at=_clock(there.time())
        )
    return Moment(wording.label("when.there", moment=said, zone=_zone(where, wording)), instant)


def soonest(schedules: Iterable[Schedule], now: datetime, known: Known, wording: Wording) -> Moment | None:
    """When the next of these comes; None if none does. A person's rest does not hold back a team's tip."""
    coming = [(instant, one.slot.zone) for one in schedules if (instant := following(one, now, known))]
    if not coming:
        return None
    instant, where = min(coming, key=lambda pair: pair[0])
    return moment(instant, now, where, wording)


def following(schedule: Schedule, now: datetime, known: Known) -> datetime | None:
    """When this one comes next, by all that is known; None while it is paused or would never come."""
    if schedule.paused:
        return None
    rest = known.preferences if schedule.audience is For.ME else Preferences()
    past = tuple(one for one in known.lately if one.schedule == schedule.id)
    waiting = [at for one in past if one.coming and (at := max(one.coming[0], now)) <= one.coming[1]]
    still = [at for at in waiting if not resting(rest, at, schedule.slot.zone)]
    found = upcoming(schedule.slot, now, rest, 1, frozenset(one.day for one in past))
    return min(still, default=found[0][1] if found else None)


def on(day: date, wording: Wording) -> str:
    """A date as a person would say it: "Monday 2 March 2026"."""
    return wording.label(
        "when.on", day=wording.label(f"when.day.{Day(day.isoweekday()).name}"), date=_date(day, wording)
    )


def settled(preferences: Preferences, wording: Wording) -> tuple[Text, ...]:
    """A person's settings, a line each; what is not set is left out, but for the time zone."""
    zone = preferences.zone
    lines = [
        wording.say("when.settings.zone", zone=zone.name) if zone else wording.say("when.settings.no_zone")
    ]
    if preferences.quiet_from and preferences.quiet_until:
        lines.append(
            wording.say(
                "when.settings.quiet",
                start=_clock(preferences.quiet_from),
                end=_clock(preferences.quiet_until),
            )
        )
    if preferences.days_off:
        lines.append(wording.say("when.settings.off", days=_listed(preferences.days_off, wording)))
    if preferences.away_until:
        back, since = preferences.away_until, preferences.away_from
        key = "when.settings.away_from" if since else "when.settings.away"
        lines.append(wording.say(key, date=_date(back, wording), start=_date(since or back, wording)))
    if preferences.less_words:
        lines.append(wording.say("when.settings.less"))
    return tuple(lines)


def rhythm(days: frozenset[Day], only: Only, wording: Wording) -> str:
    """On which days: "every weekday", "on the first Monday of each month", "once, on Friday 13 March"."""
    match only:
        case Weeks(numbers=numbers):
            which = _joined([wording.label(f"when.nth.{number}") for number in sorted(numbers)], wording)
            return wording.label("when.of_month", which=which, days=_listed(days, wording))
        case Dates(numbers=numbers):
            dates = _joined([str(number) for number in sorted(numbers)], wording)
            return wording.label("when.on_dates", dates=dates)
        case date() as day:
            return wording.label("when.once", day=on(day, wording))
    if len(days) == len(Day):
        return wording.label("when.daily")
    if days == WORKDAYS:
        return wording.label("when.weekdays")
    return wording.label("when.every", days=_listed(days, wording))


def _joined(names: Sequence[str], wording: Wording) -> str:
    if len(names) == 1:
        return names[0]
    return wording.label("when.and", before=", ".join(names[:-1]), last=names[-1])


def _listed(days: frozenset[Day], wording: Wording) -> str:
    """One day in full, several in short, in the order of the week."""
    order = sorted(days, key=lambda day: day.value)
    if len(order) == 1:
        return wording.label(f"when.day.{order[0].name}")
    return _joined([wording.label(f"when.short.{day.name}") for day in order], wording)


def _date(day: date, wording: Wording) -> str:
    return wording.label(
        "when.date", day=day.day, month=wording.label(f"when.month.{day.month}"), year=day.year
    )


def _zone(where: Zone, wording: Wording) -> str:
    city = where.name.rpartition("/")[2].replace("_", " ")
    return city if where.name == "UTC" else wording.label("when.zone", city=city)


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
