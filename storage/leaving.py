"""Who left, and who has been silent for a year: left alone, asked once, erased unless they come back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, and_, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from coaching.people import For, Person, Place, Room
from storage import codes, conversations, installations, keys, people, schedules
from storage.tables import person, subscription

GRACE = timedelta(days=30)  # how long who left, or was asked, may come back and find everything
SILENCE = timedelta(days=365 + 31)  # a year after the month somebody was last heard from

_AT_A_TIME = 200  # people in one transaction


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody who was not heard from for a year, and where they can be asked."""

    who: Person
    to: Place


def heard(connection: Connection, who: Person, at: datetime) -> None:
    """They are there: whatever was noted of their leaving is taken back. Makes no row."""
    values = {"seen_on": people.month(at), "gone_on": None, "asked_on": None}
    connection.execute(update(person).where(_is(who)).values(**values))


def left(connection: Connection, who: Person, at: datetime) -> None:
    """They cannot be reached any more: their own reminders rest at once, and their grace begins."""
    number = people.number(connection, who)
    own = and_(
        subscription.c.person_id == number,
        subscription.c.active,
        subscription.c.audience.in_((For.ME.value, For.PROMISE.value)),
    )
    for reminder in connection.execute(select(subscription.c.id).where(own)).scalars().all():
        schedules.pause(connection, reminder)
    gone = update(person).where(person.c.id == number, person.c.gone_on.is_(None))
    connection.execute(gone.values(gone_on=at.date()))


def silent(connection: Connection, now: datetime, platforms: Sequence[str]) -> list[Silent]:
    """Who was not heard from for a year and not asked yet, longest silence first."""
    theirs = and_(subscription.c.person_id == person.c.id, subscription.c.audience == For.ME.value)
    one = select(subscription.c.target).where(theirs).order_by(subscription.c.id).limit(1).scalar_subquery()
    wanted = (
        select(person.c.platform, person.c.tenant, person.c.user, one.label("target"))
        .where(_silent(now), person.c.platform.in_(platforms))
        .order_by(person.c.seen_on, person.c.id)
    )
    return [
        Silent(
            Person(row.platform, row.tenant, row.user),
            Place(row.platform, row.tenant, row.target or row.user, Room.DIRECT),
        )
        for row in connection.execute(wanted)
    ]


def ask(connection: Connection, who: Person, now: datetime) -> bool:
    """Note that they are asked now; False: they spoke, or somebody else has asked them."""
    asked = update(person).where(_is(who), _silent(now)).values(asked_on=now.date())
    return bool(connection.execute(asked).rowcount)


def not_asked(connection: Connection, who: Person) -> None:
    """The question surely did not arrive: it may be asked again."""
    connection.execute(update(person).where(_is(who)).values(asked_on=None))


def forget(connection: Connection, who: Person) -> None:
    """Erase everything about a person; first of all the key to what they had kept."""
    number = people.number(connection, who)
    keys.forget(connection, number)
    schedules.forget(connection, number)
    conversations.forget(connection, who)
    codes.forget(connection, who)
    installations.forget(connection, who)


def tidy(connection: Connection, now: datetime) -> int:
    """Erase some of those whose grace is over; how many, 0 when nobody is left."""
    until: date = (now - GRACE).date()
    over = or_(person.c.gone_on <= until, person.c.asked_on <= until)
    found = connection.execute(select(person).where(over).order_by(person.c.id).limit(_AT_A_TIME)).all()
    for row in found:
        forget(connection, Person(row.platform, row.tenant, row.user))
    return len(found)


def _is(who: Person) -> ColumnElement[bool]:
    return and_(person.c.platform == who.platform, person.c.tenant == who.tenant, person.c.user == who.user)


def _silent(now: datetime) -> ColumnElement[bool]:
    return and_(
        person.c.seen_on <= (now - SILENCE).date(), person.c.asked_on.is_(None), person.c.gone_on.is_(None)
    )
