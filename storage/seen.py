"""Which of Slack's events were taken on, and by when they were answered: hashes of ids, for an hour."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import Connection, and_, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.db import Database
from storage.tables import slack_seen as table

KEPT = timedelta(hours=1)  # Slack repeats an event for some minutes, not longer

_MOMENT = 0.1  # seconds; a commit costs ten times what it commits

# Every event runs these two. Made once: making them costs more than running them.
_FRESH = {
    "sqlite": sqlite.insert(table).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(table).on_conflict_do_nothing(),
}
_DONE = update(table).where(table.c.key == bindparam("number")).values(done=True)


class Claimed(Enum):
    """How an event was found."""

    NEW = "new"  # never seen: it is ours now
    LEFT = "left"  # its claim had run out; it is ours now
    BUSY = "busy"  # somebody else has it
    DONE = "done"  # answered


@dataclass(slots=True)
class StoredEvents:
    """Events in a database. A key is 32 hexadecimal digits."""

    database: Database
    _answered: list[bytes] = field(default_factory=list)

    async def claim(self, key: str, at: datetime, lease: timedelta) -> Claimed:
        """Claim an event, unless it is done or a claim on it is younger than the lease."""
        return await self.database.transact(lambda connection: claim(connection, key, at, lease))

    async def done(self, key: str) -> None:
        """It was answered. What is answered in the same moment is noted together, by whoever came first."""
        self._answered.append(bytes.fromhex(key))
        if len(self._answered) > 1:
            return
        try:
            await asyncio.sleep(_MOMENT)
        finally:
            keys, self._answered = self._answered, list[bytes]()
        await self.database.transact(lambda c: c.execute(_DONE, [{"number": number} for number in keys]))

    async def drop(self, key: str) -> None:
        """It was surely not answered."""
        which = and_(table.c.key == bytes.fromhex(key), table.c.done.is_(False))
        await self.database.transact(lambda c: c.execute(delete(table).where(which)))

    async def sweep(self, now: datetime) -> None:
        """Let go of what Slack does not repeat any more."""
        await self.database.transact(lambda c: c.execute(delete(table).where(table.c.at < now - KEPT)))


def claim(connection: Connection, key: str, at: datetime, lease: timedelta) -> Claimed:
    """One insert for an event that was never seen; for another, a look, and a swap if nobody has it now."""
    number = bytes.fromhex(key)
    values = {"key": number, "done": False, "at": at}
    if connection.execute(_FRESH[connection.dialect.name], values).rowcount:
        return Claimed.NEW
    row = connection.execute(select(table).where(table.c.key == number)).first()
    if row is None or row.done:
        return Claimed.BUSY if row is None else Claimed.DONE
    if row.at > at - lease:
        return Claimed.BUSY
    same = and_(table.c.key == number, table.c.at == row.at, table.c.done.is_(False))
    swapped = connection.execute(update(table).where(same).values(at=at)).rowcount
    return Claimed.LEFT if swapped else Claimed.BUSY
