"""What became of the last reminders: for the person they belong to, or the channel they are seen in."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, select

from coaching.kept import Outcome, Past
from coaching.people import Person, Place
from storage import people, schedules
from storage.falling_due import GRACE
from storage.tables import State, delivery

_NEWEST = 60  # in all; enough to know of each reminder which dates it had of late

_OUTCOMES: Mapping[State, Outcome] = MappingProxyType(
    {
        State.PENDING: Outcome.WAITING,
        State.SENDING: Outcome.UNDERWAY,
        State.SENT: Outcome.ARRIVED,
        State.UNKNOWN: Outcome.UNKNOWN,
        State.SKIPPED: Outcome.SKIPPED,
        State.FAILED: Outcome.FAILED,
    }
)


_TOLD = (
    delivery.c.subscription_id,
    delivery.c.local_date,
    delivery.c.state,
    delivery.c.due_at,
    delivery.c.run_at,
)


def lately(connection: Connection, who: Person, where: Place) -> tuple[Past, ...]:
    """The last deliveries of every reminder this person may see here, newest first."""
    seen = [row.id for row in schedules.visible(connection, people.number(connection, who), where)]
    if not seen:
        return ()
    wanted = select(*_TOLD).where(delivery.c.subscription_id.in_(seen))
    newest = wanted.order_by(delivery.c.local_date.desc(), delivery.c.id.desc()).limit(_NEWEST)
    return tuple(
        Past(row.subscription_id, row.local_date, _OUTCOMES[State(row.state)], _coming(row))
        for row in connection.execute(newest)
    )


def _coming(row: Row[*tuple[Any, ...]]) -> tuple[datetime, datetime] | None:
    """Between when one that waits is to be sent."""
    return (row.run_at, row.due_at + GRACE) if State(row.state) is State.PENDING else None
