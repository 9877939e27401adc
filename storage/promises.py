"""What a person promised: sealed with their key, beside the reminders, until it is done or 30 days over."""

from datetime import date, datetime, timedelta
from typing import TypeAlias

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from coaching.kept import Promise
from coaching.people import For, Person
from coaching.sealed import Words
from coaching.turn import PromiseEnded, PromiseKept, PromiseMoved, ScheduleMoved, ScheduleSet
from storage import people, schedules
from storage.keys import Keys
from storage.people import Found
from storage.tables import promise as table
from storage.tables import subscription

Decided: TypeAlias = PromiseKept | PromiseMoved | PromiseEnded

KEPT = timedelta(days=30)  # after the day it was due

_THEIRS = (
    schedules.EVERY.add_columns(table.c.id.label("number"), table.c.eve_id, table.c.words)
    .join(table, table.c.at_id == subscription.c.id)
    .where(table.c.person_id == bindparam("owner"))
    .order_by(table.c.id)
)


def of(connection: Connection, keys: Keys, owner: int) -> tuple[Promise, ...]:
    """All of a person's, oldest first. Raises VaultError: the key that they were sealed with is gone."""
    return tuple(
        Promise(
            row.number,
            Words(opened(connection, keys, owner, row.id, row.words)),
            schedules.schedule_of(row).slot,
            tuple(one for one in (row.id, row.eve_id) if one is not None),
        )
        for row in connection.execute(_THEIRS, {"owner": owner})
    )


def opened(connection: Connection, keys: Keys, owner: int, at_id: int, words: bytes) -> str:
    """The line itself. Raises VaultError."""
    return keys.open(connection, owner, bytes(words), _place(at_id))


def take(connection: Connection, keys: Keys, who: Person, fact: Decided, at: datetime) -> None:
    """What was decided about one of a person's."""
    match fact:
        case PromiseKept():
            _keep(connection, keys, people.note(connection, who, at), fact, at)
        case PromiseMoved():
            _move(connection, people.number(connection, who), fact, at)
        case PromiseEnded():
            for row in _found(connection, people.number(connection, who), fact.id):
                _erase(connection, row)


def _keep(connection: Connection, keys: Keys, owner: int, fact: PromiseKept, at: datetime) -> None:
    """One more, with its reminders."""
    slots = [slot for slot in (fact.slot, fact.eve) if slot is not None]
    numbers = [
        schedules.add(connection, owner, ScheduleSet(For.PROMISE, slot, fact.to), at) for slot in slots
    ]
    values = {"at_id": numbers[0], "eve_id": numbers[1] if len(numbers) > 1 else None}
    words = keys.seal(connection, owner, fact.words.reveal(), _place(numbers[0]))
    connection.execute(insert(table).values(person_id=owner, words=words, due_on=fact.slot.only, **values))


def _move(connection: Connection, owner: int, fact: PromiseMoved, at: datetime) -> None:
    """To another day, without an evening before it."""
    for row in _found(connection, owner, fact.id):
        if row.eve_id is not None:
            _stop(connection, row.eve_id)
        for reminder in _reminder(connection, row.at_id):
            schedules.change(connection, reminder, ScheduleMoved(row.at_id, fact.slot), at)
        connection.execute(update(table).where(table.c.id == row.id).values(due_on=fact.slot.only))


def tidy(connection: Connection, now: datetime) -> int:
    """Erase what was due long ago; how many."""
    until: date = (now - KEPT).date()
    over = connection.execute(select(table).where(table.c.due_on <= until)).all()
    for row in over:
        _erase(connection, row)
    return len(over)


def _place(at_id: int) -> str:
    """Where the words belong: beside this reminder, and nowhere else."""
    return f"promise|{at_id}"


def _found(connection: Connection, owner: int, number: int) -> list[Found]:
    wanted = select(table).where(table.c.id == number, table.c.person_id == owner)
    return list(connection.execute(wanted))


def _erase(connection: Connection, row: Found) -> None:
    connection.execute(delete(table).where(table.c.id == row.id))
    for number in (row.at_id, row.eve_id):
        if number is not None:
            _stop(connection, number)


def _stop(connection: Connection, number: int) -> None:
    for reminder in _reminder(connection, number):
        connection.execute(delete(subscription).where(subscription.c.id == number))
        schedules.drop_unused_slots(connection, (reminder.slot_id,))


def _reminder(connection: Connection, number: int) -> list[Found]:
    return list(connection.execute(schedules.EVERY.where(subscription.c.id == number)))
