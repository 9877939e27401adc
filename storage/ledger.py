"""The delivery ledger: who sends what fell due, and what became of it. One letter a local date."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from coaching.ports import Later, Posted
from coaching.values import Due
from storage import leaving, schedules
from storage.falling_due import GRACE
from storage.tables import INSTANT, State, delivery, subscription

RETRIES = (30, 60, 120, 300, 900)  # seconds until a letter that was not sent is tried again; then the last
_SOON = timedelta(seconds=1)  # an engine's clock may be that much ahead of ours
KEPT = timedelta(days=90)  # how long the history of deliveries is kept


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours to send until the lease is over. `token` fences off whoever had it before."""

    due: Due
    token: int
    attempt: int
    started_at: datetime  # when it was claimed to be sent


# --------------------------------------------------------------------------- who sends it


def claim(  # noqa: PLR0913 - how many, for how long, for which platforms, and for whom not now
    connection: Connection,
    now: datetime,
    limit: int,
    lease: timedelta,
    platforms: Sequence[str],
    *,
    parked: Collection[tuple[str, str]] = (),
) -> list[Claim]:
    """Take what is due, oldest first: compare-and-set to "sending". What is too late by now is skipped.

    `parked` are workspaces, by platform and tenant, which want nothing for a while.
    """
    given: dict[str, object] = {"platforms": platforms, "by": now, "most": limit}
    if parked:
        given["parked"] = parked
    numbers, late = _take(connection, _UNPARKED if parked else _NEXT, given, now, lease)
    if late:  # whoever is late is seldom alone; to look at all that waits each time would be slow
        pending = and_(delivery.c.state == State.PENDING, delivery.c.due_at < now - GRACE)
        _skip(connection, or_(delivery.c.id.in_(late), pending))
        numbers += _take(connection, _NEXT, {**given, "most": len(late)}, now, lease)[0]
    return claims_of(connection, numbers)


def begin(
    connection: Connection,
    deliveries: Sequence[int],
    now: datetime,
    lease: timedelta,
    platforms: Sequence[str],
) -> list[Claim | None]:
    """Take these ones, if they are due and free; None for the others. What is too late is skipped."""
    given = {"platforms": platforms, "by": now + _SOON, "most": len(deliveries), "these": set(deliveries)}
    numbers, late = _take(connection, _THESE, given, now, lease)
    if late:
        _skip(connection, delivery.c.id.in_(late))
    claims = {claim.due.delivery: claim for claim in claims_of(connection, numbers)}
    return [claims.pop(number, None) for number in deliveries]


def _skip(connection: Connection, these: ColumnElement[bool]) -> None:
    connection.execute(update(delivery).where(these).values(state=State.SKIPPED, lease_until=None))


def _taken(*these: ColumnElement[bool]) -> ReturningUpdate[Any, Any]:
    """Compare-and-set to "sending". Made once: to make it costs as much as to claim twenty letters."""
    due = (
        select(delivery.c.id)
        .join(subscription)
        .where(
            delivery.c.state == literal_column(str(State.PENDING.value)),  # so that its index is seen to fit
            delivery.c.run_at <= bindparam("by", type_=INSTANT),
            subscription.c.active,
            func.coalesce(subscription.c.platform, "").in_(_several("platforms")),  # an index were no way in
            *these,
        )
        .order_by(delivery.c.run_at, delivery.c.id)
        .limit(bindparam("most", type_=Integer()))
        .with_for_update(skip_locked=True, of=delivery)
        .cte("due")  # without it PostgreSQL may take more than the limit
    )
    return (
        update(delivery)
        .where(delivery.c.id.in_(select(due.c.id)))
        .values(
            state=State.SENDING,
            token=delivery.c.token + 1,
            attempt=delivery.c.attempt + 1,
            started_at=bindparam("began", type_=INSTANT),
            lease_until=bindparam("until", type_=INSTANT),
        )
        .returning(delivery.c.id, delivery.c.due_at)
    )


def _several(name: str) -> BindParameter[object]:
    return bindparam(name, expanding=True)


_NEXT = _taken()
_UNPARKED = _taken(tuple_(subscription.c.platform, subscription.c.tenant).notin_(_several("parked")))
_THESE = _taken(delivery.c.id.in_(_several("these")))


def _take(
    connection: Connection,
    which: ReturningUpdate[Any, Any],
    given: Mapping[str, object],
    now: datetime,
    lease: timedelta,
) -> tuple[list[int], list[int]]:
    """What was taken: in time, and too late."""
    taken = connection.execute(which, {**given, "began": now, "until": now + lease}).all()
    oldest = now - GRACE
    return (
        [row.id for row in taken if row.due_at >= oldest],
        [row.id for row in taken if row.due_at < oldest],
    )


_CLAIMED = (
    schedules.EVERY.add_columns(
        delivery.c.id.label("number"),
        delivery.c.local_date,
        delivery.c.token,
        delivery.c.attempt,
        delivery.c.started_at,
    )
    .join(delivery, delivery.c.subscription_id == subscription.c.id)
    .where(delivery.c.id.in_(_several("these")))
    .order_by(delivery.c.run_at, delivery.c.id)
)


def claims_of(connection: Connection, numbers: Sequence[int]) -> list[Claim]:
    """What was claimed, oldest first."""
    if not numbers:
        return []
    return [
        Claim(
            Due(row.number, schedules.schedule_of(row), schedules.owner_of(row), row.local_date),
            row.token,
            row.attempt,
            row.started_at,
        )
        for row in connection.execute(_CLAIMED, {"these": numbers})
    ]


_OURS = and_(
    delivery.c.id == bindparam("number"),
    delivery.c.token == bindparam("fence"),
    delivery.c.state == State.SENDING,
)
_STANDING = (
    select(delivery.c.id, delivery.c.token)
    .join(subscription)
    .where(
        delivery.c.id.in_(_several("these")),
        delivery.c.state == State.SENDING,
        subscription.c.active,
    )
)


def standing(connection: Connection, claims: Sequence[Claim]) -> list[bool]:
    """Which claimed letters are still wanted and ours: not paused, deleted, forgotten or overtaken."""
    these = {"these": [claim.due.delivery for claim in claims]}
    fences = {row.id: row.token for row in connection.execute(_STANDING, these)}
    return [fences.get(claim.due.delivery) == claim.token for claim in claims]


# --------------------------------------------------------------------------- what became of it


Outcome: TypeAlias = Posted | Later | None  # what became of a letter; None: it was not wanted


def settle(connection: Connection, settled: Sequence[tuple[Claim, Outcome]], now: datetime) -> list[bool]:
    """Note what became of claimed letters. False: that one is not ours any more."""
    arrived = [claim for claim, outcome in settled if outcome is Posted.SENT]
    sent = _sent(connection, arrived) if arrived else set()
    return [
        claim.due.delivery in sent if outcome is Posted.SENT else _settle(connection, claim, outcome, now)
        for claim, outcome in settled
    ]


_ARRIVED = (
    update(delivery)
    .where(
        delivery.c.id.in_(_several("these")),  # the way in: not every database finds one through the pairs
        tuple_(delivery.c.id, delivery.c.token).in_(_several("fences")),
        delivery.c.state == State.SENDING,
    )
    .values(state=State.SENT, lease_until=None)
    .returning(delivery.c.id)
)


def _sent(connection: Connection, claims: Sequence[Claim]) -> set[int]:
    """Those of them that were ours."""
    fences = [(claim.due.delivery, claim.token) for claim in claims]
    given = {"these": [number for number, _ in fences], "fences": fences}
    return set(connection.execute(_ARRIVED, given).scalars())


def _settle(connection: Connection, claim: Claim, outcome: Outcome, now: datetime) -> bool:
    values: dict[str, object]
    match outcome:
        case Posted.LATER:
            wait = RETRIES[min(claim.attempt, len(RETRIES)) - 1]
            values = {"state": State.PENDING, "run_at": now + timedelta(seconds=wait)}
        case Later(seconds=seconds):
            values = {"state": State.PENDING, "run_at": now + timedelta(seconds=seconds)}
        case Posted.UNKNOWN:
            values = {"state": State.UNKNOWN}
        case Posted.NOT_IN_CHANNEL | Posted.GONE:
            values = {"state": State.FAILED}
        case _:
            values = {"state": State.SKIPPED}
    ours = {"number": claim.due.delivery, "fence": claim.token}
    done = connection.execute(update(delivery).where(_OURS).values(**values, lease_until=None), ours)
    if done.rowcount and values["state"] is State.FAILED:
        schedules.pause(connection, claim.due.schedule.id)
        _gone(connection, claim.due, outcome, now)
    return bool(done.rowcount)


def _gone(connection: Connection, due: Due, outcome: Outcome, now: datetime) -> None:
    """It is a person who is not there any more, and not a channel."""
    if outcome is Posted.GONE and due.schedule.to.private:
        leaving.left(connection, due.who, now)


# --------------------------------------------------------------------------- what is kept


def tidy(connection: Connection, now: datetime) -> int:
    """Drop history that is older than we keep; how many deliveries."""
    settled = delivery.c.state.in_((State.SENT, State.UNKNOWN, State.SKIPPED, State.FAILED))
    return connection.execute(delete(delivery).where(settled, delivery.c.due_at < now - KEPT)).rowcount
