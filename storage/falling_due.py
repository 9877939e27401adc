"""What falls due: one delivery for every reminder of a slot, once per local date, each at its own moment.

What falls due in a workspace is strung out at the pace its platform takes, behind what still waits there. The
oldest moment is sent first, so a workspace of twenty thousand people holds up nobody but itself. The order
within a workspace is shuffled, and the same each day: a tip for nine comes at much the same minute after it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy import (
    BigInteger,
    Connection,
    Double,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from coaching.people import Slot, Zone
from coaching.when import occurrences
from storage.columns import SINGLE
from storage.people import Found, insert_into
from storage.tables import INSTANT, State, delivery, slot, subscription

GRACE = timedelta(hours=2)  # later than this a reminder is skipped, not sent
PACE = {"slack": 8.4, "teams": 40.0}  # letters a second in a workspace, just below what is taken

Fresh: TypeAlias = tuple[int, datetime]  # a delivery that fell due, and when to send it
Enqueue: TypeAlias = Callable[[Connection, Iterable[Fresh]], None]

PORTION = 20_000  # deliveries noted in one transaction: somebody may be waiting for the database meanwhile
_SLOTS = 50  # due slots per transaction
_LOOKED_BACK = timedelta(days=31)  # how far into a long downtime what was missed is noted as skipped
_NO_ZONE = timedelta(days=1)  # when to look again at a slot whose zone this machine does not know
_WEEK = timedelta(days=9)  # a slot falls due within it; one that is set for later was set by a wrong clock
_SEASON = timedelta(
    days=125
)  # the same, where it comes on some days of a month only: a fifth Monday, at worst


@dataclass(frozen=True, slots=True)
class _Portion:
    """Reminders that are noted together."""

    these: tuple[ColumnElement[bool], ...]
    many: int
    last: int | None  # up to which reminder; None: these are all that were left


def _nowhere(connection: Connection, fresh: Iterable[Fresh]) -> None:
    """The ledger is queue enough."""


def materialise(connection: Connection, now: datetime, enqueue: Enqueue = _nowhere) -> int:
    """Note a delivery for every reminder of each slot that fell due; in how many slots something was done.

    Not more than `PORTION` or a little over: what is left is done when it is called again, until that is 0.
    `enqueue` is told of those that are to be sent, in the same transaction.
    """
    due = (
        select(slot)
        .where(or_(slot.c.next_at <= now, _too_far(now)))
        .order_by(slot.c.next_at, slot.c.id)
        .limit(_SLOTS)
        .with_for_update(skip_locked=True)  # another process may do the others
    )
    moved, room = 0, PORTION
    for row in connection.execute(due).all():
        if room <= 0:
            break
        entered, values = _slot(connection, row, now, (room, enqueue))
        connection.execute(update(slot).where(slot.c.id == row.id).values(**values))
        room -= entered
        # what stays where it was would be found for ever
        moved += bool(entered) or (values["next_at"], values["entered"]) != (row.next_at, row.entered)
    return moved


def _slot(
    connection: Connection, row: Found, now: datetime, most: tuple[int, Enqueue]
) -> tuple[int, dict[str, object]]:
    """Note what a slot has missed, as much of it as there is room for; how much, and where it stands then."""
    room, enqueue = most
    missed, following = _passed(
        Slot(Zone(row.zone), row.local_time, row.weekdays, row.narrowed), min(row.next_at, now), now
    )
    total = 0
    for number, (day, instant) in enumerate(missed, 1):
        newest = number == len(missed) and now - instant <= GRACE
        start = max(instant, now) if newest else None
        after = row.entered if instant == row.next_at else 0
        portion = _portion(connection, row.id, instant, after, room - total)
        fresh = _enter(connection, portion, (day, instant), start)
        if newest:
            enqueue(connection, fresh)
        total += portion.many
        if portion.last is not None:
            return total, {"next_at": instant, "entered": portion.last}
    return total, {"next_at": following, "entered": 0}


def _portion(connection: Connection, number: int, instant: datetime, after: int, most: int) -> _Portion:
    """Which reminders of a slot come next, in the order they were set."""
    these = (
        subscription.c.slot_id == number,
        subscription.c.active,
        subscription.c.since < instant,
        subscription.c.id > after,
    )
    ids = select(subscription.c.id).where(*these).order_by(subscription.c.id).limit(max(most, 1)).subquery()
    many, last = connection.execute(select(func.count(), func.max(ids.c.id))).one()
    whole = many < max(most, 1)
    return _Portion(these if whole else (*these, subscription.c.id <= last), many, None if whole else last)


def _too_far(now: datetime) -> ColumnElement[bool]:
    """Which slots a clock that was wrong has set; a single date may lie as far ahead as it likes."""
    narrowed = type_coerce(slot.c.narrowed, BigInteger())
    weekly = and_(narrowed == 0, slot.c.next_at > now + _WEEK)
    return or_(weekly, and_(narrowed.between(1, SINGLE - 1), slot.c.next_at > now + _SEASON))


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


def _enter(
    connection: Connection, portion: _Portion, occurred: tuple[date, datetime], start: datetime | None
) -> Iterable[Fresh]:
    """One delivery for each of these reminders; the unique key sees to it.

    They are sent from `start` on; without it they are noted as skipped. Which they are.
    """
    day, instant = occurred
    waiting = _waiting(instant)
    state = State.SKIPPED if start is None else State.PENDING
    values: dict[str, ColumnElement[object]] = {
        "subscription_id": subscription.c.id,
        "local_date": literal(day),
        "state": literal(int(state)),
        "due_at": literal(instant, INSTANT),
        "run_at": literal(instant, INSTANT) if start is None else _moment(start, waiting),
    }
    same = and_(waiting.c.platform == subscription.c.platform, waiting.c.tenant == subscription.c.tenant)
    these = (
        select(*values.values())
        .select_from(subscription if start is None else subscription.outerjoin(waiting, same))
        .where(*portion.these)
        .order_by(subscription.c.id)  # who has no pace, or the same moment, comes in the order they asked
    )
    statement = insert_into(connection, delivery).from_select(list(values), these).on_conflict_do_nothing()
    entered = connection.execute(statement.returning(delivery.c.id, delivery.c.run_at))
    return ((row.id, row.run_at) for row in entered)


def _waiting(instant: datetime) -> Subquery:
    """How many letters of each workspace wait for their moment and are not too late at `instant`."""
    other = subscription.alias("other")
    return (
        select(other.c.platform, other.c.tenant, func.count().label("many"))
        .select_from(delivery.join(other))
        .where(
            delivery.c.state == literal_column(str(State.PENDING.value)), delivery.c.due_at > instant - GRACE
        )
        .group_by(other.c.platform, other.c.tenant)
        .subquery("waiting")
    )


def _moment(start: datetime, waiting: Subquery) -> ColumnElement[object]:
    """As many places behind the start as there are letters before it, at the pace of the platform."""
    shuffled = subscription.c.id % literal_column("2147483648") * literal_column("2654435761")
    place = func.row_number().over(
        partition_by=(subscription.c.platform, subscription.c.tenant),
        order_by=(shuffled % literal_column("2147483648"), subscription.c.id),
    )
    before = cast(place - 1 + func.coalesce(waiting.c.many, 0), Double())
    taken = case(*((subscription.c.platform == name, literal(rate, Double())) for name, rate in PACE.items()))
    behind = func.coalesce(before / taken, literal(0.0, Double()))  # where no pace is known: all at once
    return type_coerce(literal(start.timestamp(), Double()) + behind, INSTANT)
