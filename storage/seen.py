"""Which of Slack's events were taken on, and by when they were answered: hashes of ids, for an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import Connection, and_, delete, select, update

from storage.db import Database
from storage.people import insert_into
from storage.tables import slack_seen as table

KEPT = timedelta(hours=1)  # Slack repeats an event for some minutes, not longer


class Claimed(Enum):
    """How an event was found."""

    NEW = "new"  # never seen: it is ours now
    LEFT = "left"  # its claim had run out; it is ours now
    BUSY = "busy"  # somebody else has it
    DONE = "done"  # answered


@dataclass(frozen=True, slots=True)
class StoredEvents:
    """Events in a database. A key is 32 hexadecimal digits."""

    database: Database

    async def claim(self, key: str, at: datetime, lease: timedelta) -> Claimed:
        """Claim an event, unless it is done or a claim on it is younger than the lease."""
        return await self.database.transact(lambda connection: claim(connection, key, at, lease))

    async def done(self, key: str) -> None:
        """It was answered."""
        which = table.c.key == bytes.fromhex(key)
        await self.database.transact(lambda c: c.execute(update(table).where(which).values(done=True)))

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
    fresh = insert_into(connection, table).values(key=number, done=False, at=at).on_conflict_do_nothing()
    if connection.execute(fresh).rowcount:
        return Claimed.NEW
    row = connection.execute(select(table).where(table.c.key == number)).first()
    if row is None or row.done:
        return Claimed.BUSY if row is None else Claimed.DONE
    if row.at > at - lease:
        return Claimed.BUSY
    same = and_(table.c.key == number, table.c.at == row.at, table.c.done.is_(False))
    swapped = connection.execute(update(table).where(same).values(at=at)).rowcount
    return Claimed.LEFT if swapped else Claimed.BUSY
