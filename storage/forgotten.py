"""Letters that are due and that nobody has begun: an engine may have forgotten them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Integer, and_, bindparam, literal_column, select, update

from storage.falling_due import GRACE, Fresh
from storage.tables import INSTANT, State, delivery, subscription

_PENDING = delivery.c.state == literal_column(str(State.PENDING.value))  # so that its index is seen to fit
_OURS = (  # asked for one after the other: a join were planned badly where nothing was counted yet
    select(and_(subscription.c.active, subscription.c.platform.in_(bindparam("platforms", expanding=True))))
    .where(subscription.c.id == delivery.c.subscription_id)
    .scalar_subquery()
)
_WAITING = (
    select(delivery.c.id, delivery.c.run_at)
    .where(_PENDING, delivery.c.run_at <= bindparam("by", type_=INSTANT), _OURS)
    .order_by(delivery.c.run_at, delivery.c.id)
    .limit(bindparam("most", type_=Integer()))
)


def forgotten(
    connection: Connection, now: datetime, since: timedelta, limit: int, platforms: Sequence[str]
) -> list[Fresh]:
    """What has been due for so long, oldest first. What is too late by now is skipped, whoever it is for."""
    oldest = now - GRACE
    late = and_(_PENDING, delivery.c.run_at < oldest, delivery.c.due_at < oldest)  # run_at is the way in
    connection.execute(update(delivery).where(late).values(state=State.SKIPPED, lease_until=None))
    given = {"by": now - since, "most": limit, "platforms": platforms}
    return [(row.id, row.run_at) for row in connection.execute(_WAITING, given)]
