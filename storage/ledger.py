"""The delivery ledger: what fell due, who sends it, what became of it. One letter a local date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy import Connection, and_, bindparam, delete, func, literal, literal_column, or_, select, update

from coaching.people import Slot, Zone
from coaching.ports import Later, Posted
from coaching.values import Due
from coaching.when import occurrences
from storage import schedules
from storage.people import insert_into
from storage.tables import INSTANT, State, delivery, slot, subscription

GRACE = timedelta(hours=2)  # later than this a reminder is skipped, not sent
RETRIES = (30, 60, 120, 300, 900)  # seconds until a letter that was not sent is tried again; then the last
KEPT = timedelta(days=90)  # how long the history of deliveries is kept

_SLOTS = 50  # due slots per transaction
_LOOKED_BACK = timedelta(days=31)  # how far into a long downtime what was missed is noted as skipped
_NO_ZONE = timedelta(days=1)  # when to look again at a slot whose zone this machine does not know
_WEEK = timedelta(days=9)  # a slot falls due within it; one that is set for later was set by a wrong clock


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours to send until the lease is over. `token` fences off whoever had it before."""

    due: Due
    token: int
    attempt: int


# --------------------------------------------------------------------------- what falls due


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
    except ZoneInfoNotFoundError:  # a zone this machine does not know must not stop the others
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


# --------------------------------------------------------------------------- who sends it


def claim(
    connection: Connection, now: datetime, limit: int, lease: timedelta, platforms: Sequence[str]
) -> list[Claim]:
    """Take what is due, oldest first: compare-and-set to "sending". What is too late by now is skipped."""
    numbers, late = _take(connection, now, limit, lease, platforms)
    if late:  # whoever is late is seldom alone; to look at all that waits each time would be slow
        pending = and_(delivery.c.state == State.PENDING, delivery.c.due_at < now - GRACE)
        these = or_(delivery.c.id.in_(late), pending)
        connection.execute(update(delivery).where(these).values(state=State.SKIPPED, lease_until=None))
        numbers += _take(connection, now, len(late), lease, platforms)[0]
    return _claims(connection, sorted(numbers))


def _take(
    connection: Connection, now: datetime, limit: int, lease: timedelta, platforms: Sequence[str]
) -> tuple[list[int], list[int]]:
    """What was taken: in time, and too late."""
    due = (
        select(delivery.c.id)
        .join(subscription)
        .where(
            delivery.c.state == literal_column(str(State.PENDING.value)),  # so that its index is seen to fit
            delivery.c.run_at <= now,
            subscription.c.active,
            func.coalesce(subscription.c.platform, "").in_(platforms),  # an index on it would be no way in
        )
        .order_by(delivery.c.run_at, delivery.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=delivery)
        .cte("due")  # without it PostgreSQL may take more than the limit
    )
    taken = connection.execute(
        update(delivery)
        .where(delivery.c.id.in_(select(due.c.id)))
        .values(
            state=State.SENDING,
            token=delivery.c.token + 1,
            attempt=delivery.c.attempt + 1,
            started_at=now,
            lease_until=now + lease,
        )
        .returning(delivery.c.id, delivery.c.due_at)
    ).all()
    return (
        [row.id for row in taken if row.due_at >= now - GRACE],
        [row.id for row in taken if row.due_at < now - GRACE],
    )


def _claims(connection: Connection, numbers: Sequence[int]) -> list[Claim]:
    if not numbers:
        return []
    wanted = (
        schedules.EVERY.add_columns(
            delivery.c.id.label("number"), delivery.c.local_date, delivery.c.token, delivery.c.attempt
        )
        .join(delivery, delivery.c.subscription_id == subscription.c.id)
        .where(delivery.c.id.in_(numbers))
        .order_by(delivery.c.run_at, delivery.c.id)
    )
    return [
        Claim(
            Due(row.number, schedules.schedule_of(row), schedules.owner_of(row), row.local_date),
            row.token,
            row.attempt,
        )
        for row in connection.execute(wanted)
    ]


_OURS = and_(
    delivery.c.id == bindparam("number"),
    delivery.c.token == bindparam("fence"),
    delivery.c.state == State.SENDING,
)
_STANDING = select(delivery.c.id).join(subscription).where(_OURS, subscription.c.active)


def standing(connection: Connection, claim: Claim) -> bool:
    """Whether a claimed letter is still wanted and ours: not paused, deleted, forgotten or overtaken."""
    ours = {"number": claim.due.delivery, "fence": claim.token}
    return connection.execute(_STANDING, ours).first() is not None


# --------------------------------------------------------------------------- what became of it


def settle(connection: Connection, claim: Claim, outcome: Posted | Later | None, now: datetime) -> bool:
    """Note what became of a claimed letter (None: it was not wanted). False: it is not ours any more."""
    values: dict[str, object]
    match outcome:
        case Posted.SENT:
            values = {"state": State.SENT}
        case Posted.LATER:
            wait = RETRIES[min(claim.attempt, len(RETRIES)) - 1]
            values = {"state": State.PENDING, "run_at": now + timedelta(seconds=wait)}
        case Later(seconds=seconds):
            values = {"state": State.PENDING, "run_at": now + timedelta(seconds=seconds)}
        case Posted.UNKNOWN:
            values = {"state": State.UNKNOWN}
        case Posted.NOT_IN_CHANNEL | Posted.GONE:
            values = {"state": State.FAILED}
        case None:
            values = {"state": State.SKIPPED}
    ours = {"number": claim.due.delivery, "fence": claim.token}
    done = connection.execute(update(delivery).where(_OURS).values(**values, lease_until=None), ours)
    if done.rowcount and values["state"] is State.FAILED:
        schedules.pause(connection, claim.due.schedule.id)
    return bool(done.rowcount)


def reap(connection: Connection, now: datetime) -> int:
    """Whoever claimed these never came back. They may have been sent: unknown, and not sent again."""
    over = and_(delivery.c.state == State.SENDING, delivery.c.lease_until <= now)
    values = {"state": State.UNKNOWN, "token": delivery.c.token + 1, "lease_until": None}
    return connection.execute(update(delivery).where(over).values(values)).rowcount


def tidy(connection: Connection, now: datetime) -> int:
    """Drop history that is older than we keep; how many deliveries."""
    settled = delivery.c.state.in_((State.SENT, State.UNKNOWN, State.SKIPPED, State.FAILED))
    return connection.execute(delete(delivery).where(settled, delivery.c.due_at < now - KEPT)).rowcount
