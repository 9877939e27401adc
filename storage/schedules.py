"""Reminders in the database: who may see and change one, and what a change does to what is already due."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from sqlalchemy import Connection, bindparam, delete, exists, insert, or_, select, update

from coaching.learned import ThemeSet
from coaching.people import For, Person, Place, Room, Schedule, Slot, Zone
from coaching.turn import ScheduleDeleted, ScheduleMoved, SchedulePaused, ScheduleSet
from coaching.when import occurrences
from storage.people import Found, insert_into
from storage.tables import State, delivery, person, slot, subscription

Change: TypeAlias = ScheduleMoved | SchedulePaused | ScheduleDeleted | ThemeSet

EVERY = select(
    subscription.c.id,
    subscription.c.audience,
    subscription.c.platform,
    subscription.c.tenant,
    subscription.c.target,
    subscription.c.room,
    subscription.c.active,
    subscription.c.slot_id,
    subscription.c.theme,
    slot.c.zone,
    slot.c.local_time,
    slot.c.weekdays,
    slot.c.narrowed,
    person.c.platform.label("their_platform"),
    person.c.tenant.label("their_tenant"),
    person.c.user.label("set_by"),
).select_from(subscription.join(slot).join(person))
_OWN = subscription.c.person_id == bindparam("owner")
_OWN_ONES = EVERY.where(_OWN).order_by(subscription.c.id)
_HERE = (
    subscription.c.audience.in_([one.value for one in For if one.shared])
    & (subscription.c.platform == bindparam("at_platform"))
    & (subscription.c.tenant == bindparam("at_tenant"))
    & (subscription.c.target == bindparam("at_target"))
)
_OWN_AND_HERE = EVERY.where(or_(_OWN, _HERE)).order_by(subscription.c.id)


def visible(connection: Connection, owner: int, where: Place, only: int | None = None) -> Sequence[Found]:
    """The reminders a person may see and change: their own, and the team's in the channel they speak in.

    `only` looks for a single one of them.
    """
    wanted, values = _OWN_ONES, {"owner": owner}
    if where.room is Room.CHANNEL:
        wanted = _OWN_AND_HERE
        values |= {"at_platform": where.platform, "at_tenant": where.tenant, "at_target": where.id}
    if only is not None:
        wanted = wanted.where(subscription.c.id == only)
    return connection.execute(wanted, values).all()


def schedule_of(row: Found) -> Schedule:
    """The value behind a row of EVERY."""
    return Schedule(
        row.id,
        For(row.audience),
        Slot(Zone(row.zone), row.local_time, row.weekdays, row.narrowed),
        Place(row.platform, row.tenant, row.target, Room(row.room)),
        row.set_by,
        paused=not row.active,
        theme=row.theme,
    )


def owner_of(row: Found) -> Person:
    """Who set it."""
    return Person(row.their_platform, row.their_tenant, row.set_by)


def add(connection: Connection, owner: int, fact: ScheduleSet, at: datetime) -> int:
    """A new reminder; its id."""
    made = connection.execute(
        insert(subscription)
        .values(
            person_id=owner,
            slot_id=_slot_for(connection, fact.slot, at),
            audience=fact.audience.value,
            platform=fact.to.platform,
            tenant=fact.to.tenant,
            target=fact.to.id,
            room=fact.to.room.value,
            active=True,
            since=at,
            theme=fact.rule,
        )
        .returning(subscription.c.id)
    )
    return int(made.scalar_one())


def change(connection: Connection, row: Found, fact: Change, at: datetime) -> None:
    """Move, pause, resume or delete a reminder that `visible` gave, and what was due and not sent with it."""
    mine = subscription.c.id == row.id
    match fact:
        case ScheduleMoved(slot=to):
            _not_sent(connection, row.id, gone=True)
            target = _slot_for(connection, to, at)
            connection.execute(update(subscription).where(mine).values(slot_id=target, since=at))
            drop_unused_slots(connection, (row.slot_id,))
        case SchedulePaused(paused=paused):
            _not_sent(connection, row.id)
            connection.execute(update(subscription).where(mine).values(active=not paused, since=at))
        case ThemeSet(rule=rule):
            theirs = mine & (subscription.c.audience == For.TEAM.value)
            connection.execute(update(subscription).where(theirs).values(theme=rule))
        case ScheduleDeleted():
            connection.execute(delete(subscription).where(mine))
            drop_unused_slots(connection, (row.slot_id,))


def pause(connection: Connection, number: int) -> None:
    """Let a reminder rest that nobody can be reached by any more."""
    _not_sent(connection, number)
    connection.execute(update(subscription).where(subscription.c.id == number).values(active=False))


def forget(connection: Connection, owner: int) -> None:
    """Delete a person with everything that hangs on them."""
    connection.execute(
        select(person.c.id).where(person.c.id == owner).with_for_update()
    ).all()  # no more comes
    slots = connection.execute(
        select(subscription.c.slot_id).where(subscription.c.person_id == owner)
    ).scalars()
    numbers = sorted(set(slots))
    connection.execute(delete(person).where(person.c.id == owner))
    drop_unused_slots(connection, numbers)


def drop_unused_slots(connection: Connection, numbers: Sequence[int]) -> None:
    """Delete those slots that no reminder uses any more; locked, so that nobody takes one meanwhile."""
    if not numbers:
        return
    locked = select(slot.c.id).where(slot.c.id.in_(numbers)).order_by(slot.c.id).with_for_update()
    connection.execute(locked).all()
    used = exists().where(subscription.c.slot_id == slot.c.id)
    connection.execute(delete(slot).where(slot.c.id.in_(numbers), ~used))


def next_at(when: Slot, after: datetime) -> datetime | None:
    """When a slot falls due next; None: never again."""
    return next((instant for _, instant in occurrences(when, after)), None)


def _slot_for(connection: Connection, when: Slot, at: datetime) -> int:
    """The shared row of a slot, made if need be; locked until this transaction ends."""
    statement = insert_into(connection, slot).values(
        zone=when.zone.name,
        local_time=when.at,
        weekdays=when.days,
        narrowed=when.only,
        next_at=next_at(when, at.astimezone(UTC)),
    )
    same = {"index_elements": [slot.c.zone, slot.c.local_time, slot.c.weekdays, slot.c.narrowed]}
    statement = statement.on_conflict_do_update(**same, set_={"next_at": slot.c.next_at}).returning(slot.c.id)
    return int(connection.execute(statement).scalar_one())


def _not_sent(connection: Connection, number: int, *, gone: bool = False) -> None:
    """What fell due and is not on its way is skipped; or gone, so that a new time may come the same day."""
    which = (delivery.c.subscription_id == number) & (delivery.c.state == State.PENDING)
    if gone:
        connection.execute(delete(delivery).where(which))
    else:
        connection.execute(update(delivery).where(which).values(state=State.SKIPPED))
