"""What falls due: one delivery for every reminder of a slot, once per local date."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy import Connection, literal, or_, select, update

from coaching.people import Slot, Zone
from coaching.when import occurrences
from storage.people import insert_into
from storage.tables import INSTANT, State, delivery, slot, subscription

GRACE = timedelta(hours=2)  # later than this a reminder is skipped, not sent

_SLOTS = 50  # due slots per transaction
_LOOKED_BACK = timedelta(days=31)  # how far into a long downtime what was missed is noted as skipped
_NO_ZONE = timedelta(days=1)  # when to look again at a slot whose zone this machine does not know
_WEEK = timedelta(days=9)  # a slot falls due within it; one that is set for later was set by a wrong clock


def materialise(connection: Connection, now: datetime) -> int:
    """Note a delivery for every reminder of each slot that fell due; how many slots did."""
    due = (
        select(slot)
        .where(or_(slot.c.next_at <= now, slot.c.next_at > now + _WEEK))
        .order_by(slot.c.next_at, slot.c.id)
        .limit(_SLOTS)
        .with_for_update(skip_locked=True)  # another process may do the others
    )
    found = connection.execute(due).all()
    for row in found:
        when = Slot(Zone(row.zone), row.local_time, row.weekdays)
        missed, following = _passed(when, min(row.next_at, now), now)
        for number, (day, instant) in enumerate(missed, 1):
            newest = number == len(missed) and now - instant <= GRACE
            _enter(connection, row.id, day, instant, State.PENDING if newest else State.SKIPPED)
        connection.execute(update(slot).where(slot.c.id == row.id).values(next_at=following))
    return len(found)


def _passed(
    when: Slot, since: datetime, now: datetime
) -> tuple[list[tuple[date, datetime]], datetime | None]:
    """The occurrences from `since` to `now` (the newest ones, if they are many), and the next one."""
    start = max(since, now - _LOOKED_BACK) - timedelta(seconds=1)
    passed: list[tuple[date, datetime]] = []
    try:
        for day, instant in occurrences(when, start):
            if instant > now:
                return passed, instant
            passed.append((day, instant))
    except (
        ZoneInfoNotFoundError,
        ValueError,
        OSError,
    ):  # a zone this machine does not know must not stop others
        return [], now + _NO_ZONE
    return passed, None


def _enter(connection: Connection, number: int, day: date, instant: datetime, state: State) -> None:
    """One delivery for each active reminder of a slot that was set before; the unique key sees to it."""
    values = {
        "subscription_id": subscription.c.id,
        "local_date": literal(day),
        "state": literal(int(state)),
        "due_at": literal(instant, INSTANT),
        "run_at": literal(instant, INSTANT),
    }
    these = select(*values.values()).where(
        subscription.c.slot_id == number, subscription.c.active, subscription.c.since < instant
    )
    statement = insert_into(connection, delivery).from_select(list(values), these)
    connection.execute(statement.on_conflict_do_nothing())
