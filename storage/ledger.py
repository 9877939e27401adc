"""The delivery ledger: who sends what fell due, and what became of it. One letter a local date."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
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

from coaching.ports import Later, Posted
from coaching.values import Due
from storage import leaving, schedules
from storage.falling_due import GRACE
from storage.tables import State, delivery, subscription

RETRIES = (30, 60, 120, 300, 900)  # seconds until a letter that was not sent is tried again; then the last
KEPT = timedelta(days=90)  # how long the history of deliveries is kept


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours to send until the lease is over. `token` fences off whoever had it before."""

    due: Due
    token: int
    attempt: int
    started_at: datetime  # when it was claimed to be sent


@dataclass(frozen=True, slots=True)
class Among:
    """Which letters are meant: those of these platforms that are not on their way from this process."""

    platforms: Sequence[str]
    flying: Collection[int] = ()


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
    these = func.coalesce(subscription.c.platform, "").in_(platforms)  # an index on it would be no way in
    if parked:
        these = and_(these, tuple_(subscription.c.platform, subscription.c.tenant).notin_(parked))
    numbers, late = _take(connection, now, limit, lease, these)
    if late:  # whoever is late is seldom alone; to look at all that waits each time would be slow
        pending = and_(delivery.c.state == State.PENDING, delivery.c.due_at < now - GRACE)
        these = or_(delivery.c.id.in_(late), pending)
        connection.execute(update(delivery).where(these).values(state=State.SKIPPED, lease_until=None))
        numbers += _take(connection, now, len(late), lease, these)[0]
    return _claims(connection, sorted(numbers))


def _take(
    connection: Connection, now: datetime, limit: int, lease: timedelta, these: ColumnElement[bool]
) -> tuple[list[int], list[int]]:
    """What was taken: in time, and too late."""
    due = (
        select(delivery.c.id)
        .join(subscription)
        .where(
            delivery.c.state == literal_column(str(State.PENDING.value)),  # so that its index is seen to fit
            delivery.c.run_at <= now,
            subscription.c.active,
            these,
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
            delivery.c.id.label("number"),
            delivery.c.local_date,
            delivery.c.token,
            delivery.c.attempt,
            delivery.c.started_at,
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
            row.started_at,
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
        _gone(connection, claim.due, outcome, now)
    return bool(done.rowcount)


def _gone(connection: Connection, due: Due, outcome: Posted | Later | None, now: datetime) -> None:
    """It is a person who is not there any more, and not a channel."""
    if outcome is Posted.GONE and due.schedule.to.private:
        leaving.left(connection, due.who, now)


# --------------------------------------------------------------------------- whose sender is gone


def doubtful(
    connection: Connection, now: datetime, limit: int, lease: timedelta, among: Among
) -> list[Claim]:
    """Take over letters whose sender never came back, to look whether they arrived before anything else."""
    over = (
        select(delivery.c.id)
        .join(subscription)
        .where(_over(now), subscription.c.platform.in_(among.platforms), delivery.c.id.notin_(among.flying))
        .order_by(delivery.c.lease_until, delivery.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=delivery)
        .cte("over")
    )
    taken = connection.execute(
        update(delivery)
        .where(delivery.c.id.in_(select(over.c.id)))
        .values(token=delivery.c.token + 1, lease_until=now + lease)
        .returning(delivery.c.id)
    )
    return _claims(connection, sorted(taken.scalars()))


def reap(connection: Connection, now: datetime, among: Among | None = None) -> int:
    """Whoever claimed these never came back, and nobody can look: unknown, and not sent again. How many.

    Without `among` that is all of them; with it the platforms' own, and what nobody took over for long.
    """
    these = _over(now)
    if among is not None:
        platform = select(subscription.c.platform).where(subscription.c.id == delivery.c.subscription_id)
        own = platform.scalar_subquery().in_(among.platforms)
        these = and_(these, or_(own, delivery.c.lease_until <= now - GRACE))
        these = and_(these, delivery.c.id.notin_(among.flying))
    values = {"state": State.UNKNOWN, "token": delivery.c.token + 1, "lease_until": None}
    return connection.execute(update(delivery).where(these).values(values)).rowcount


def abandon(connection: Connection, until: datetime) -> int:
    """Whoever sent these is dead, which is certain: their leases end by then. How many there are."""
    sending = delivery.c.state == State.SENDING
    return connection.execute(update(delivery).where(sending).values(lease_until=until)).rowcount


def _over(now: datetime) -> ColumnElement[bool]:
    sending = literal_column(str(State.SENDING.value))  # so that its index is seen to fit
    return and_(delivery.c.state == sending, delivery.c.lease_until <= now)


# --------------------------------------------------------------------------- what is kept


def tidy(connection: Connection, now: datetime) -> int:
    """Drop history that is older than we keep; how many deliveries."""
    settled = delivery.c.state.in_((State.SENT, State.UNKNOWN, State.SKIPPED, State.FAILED))
    return connection.execute(delete(delivery).where(settled, delivery.c.due_at < now - KEPT)).rowcount
