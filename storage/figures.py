"""How the deliveries stand, in numbers about all of them: for operators, never about anybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, literal_column, or_, select

from storage.tables import State, delivery

_LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Queue:
    """What is to be sent by now."""

    due: int
    oldest: timedelta  # how long the oldest of them has waited
    sending: int


@dataclass(frozen=True, slots=True)
class Doubts:
    """What did not go well within a week."""

    unknown: int  # may not have arrived
    failed: int  # could not be delivered: the person or the channel is gone


def queue(connection: Connection, now: datetime) -> Queue:
    """Due and not sent, and under way; by the indexes of both, however long the history is."""
    waits = delivery.c.state == literal_column(str(State.PENDING.value))
    due = select(func.count(), func.min(delivery.c.run_at)).where(waits, delivery.c.run_at <= now)
    number, oldest = connection.execute(due).one()
    under_way = select(func.count()).where(delivery.c.state == literal_column(str(State.SENDING.value)))
    waited = now - oldest if oldest is not None else timedelta()
    return Queue(number, waited, connection.execute(under_way).scalar_one())


def doubts(connection: Connection, now: datetime) -> Doubts:
    """Counted over the whole history: for a look now and then."""
    bad = or_(delivery.c.state == State.UNKNOWN, delivery.c.state == State.FAILED)
    counted = select(delivery.c.state, func.count()).where(bad, delivery.c.due_at > now - _LATELY)
    by_state = {row[0]: row[1] for row in connection.execute(counted.group_by(delivery.c.state))}
    return Doubts(by_state.get(State.UNKNOWN, 0), by_state.get(State.FAILED, 0))
