"""Letters whose sender is gone: none is sent again before it is known whether it arrived."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, literal_column, or_, select, update

from storage.falling_due import GRACE
from storage.ledger import Claim, claims_of
from storage.tables import State, delivery, subscription


@dataclass(frozen=True, slots=True)
class Among:
    """Which letters are meant: those of these platforms that are not on their way from this process."""

    platforms: Sequence[str]
    flying: Collection[int] = ()


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
    return claims_of(connection, sorted(taken.scalars()))


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
