"""What people see of their reminders: when the next one comes, and what became of the last ones."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from coaching.people import Person, Place, Schedule
from coaching.turn import Preferences
from coaching.when import occurrences, resting
from storage import people, schedules
from storage.tables import State, delivery, person, subscription

_AHEAD = timedelta(days=400)  # further than this is not looked


@dataclass(frozen=True, slots=True)
class Past:
    """One line of a reminder's history."""

    occurrence: date
    state: State


def history(connection: Connection, who: Person, where: Place, number: int) -> tuple[Past, ...]:
    """The last ten deliveries of a reminder this person may see, newest first."""
    if _seen(connection, who, where, number) is None:
        return ()
    wanted = select(delivery.c.local_date, delivery.c.state).where(delivery.c.subscription_id == number)
    found = connection.execute(wanted.order_by(delivery.c.local_date.desc()).limit(10))
    return tuple(Past(row.local_date, State(row.state)) for row in found)


def next_for(
    connection: Connection, who: Person, where: Place, number: int, now: datetime
) -> datetime | None:
    """When a reminder this person may see comes next: not on a date it came, nor while its owner rests."""
    schedule = _seen(connection, who, where, number)
    if schedule is None or schedule.paused:
        return None
    dates = select(delivery.c.local_date).where(delivery.c.subscription_id == number)
    had = set(connection.execute(dates).scalars())
    rest = _rest(connection, number) if schedule.to.private else Preferences()
    for day, instant in occurrences(schedule.slot, now):
        if day not in had and not resting(rest, instant, schedule.slot.zone):
            return instant
        if instant > now + _AHEAD:
            break
    return None


def _seen(connection: Connection, who: Person, where: Place, number: int) -> Schedule | None:
    rows = schedules.visible(connection, people.number(connection, who), where, number)
    return schedules.schedule_of(rows[0]) if rows else None


def _rest(connection: Connection, number: int) -> Preferences:
    wanted = select(person).join(subscription).where(subscription.c.id == number)
    return people.preferences_of(connection.execute(wanted).one())
