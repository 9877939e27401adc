"""A desk in front of the ledger: a database, the reminders in it, and what is done to them by hand."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from coaching.people import WORKDAYS, For, Person, Place, Room, Slot, Zone
from coaching.turn import ScheduleSet
from coaching.when import following
from storage import falling_due, ledger, orphans
from storage.memory import StoredMemory
from storage.tables import State, delivery

SUNDAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # 09:00 in Berlin
LEASE = timedelta(seconds=60)
BERLIN = Zone("Europe/Berlin")
NINE = Slot(BERLIN, time(9), WORKDAYS)
ANN = Person("web", "local", "U1")
DM = Place("web", "local", "D1")
CHANNEL = Place("web", "local", "C1", Room.CHANNEL)


class Desk:
    """The ledger with a database and one person's reminder behind it."""

    def __init__(self, database):
        self.database, self.memory = database, StoredMemory(database)

    async def set(self, slot_=NINE, who=ANN, to=DM, at=SUNDAY):
        audience = For.TEAM if to.room is Room.CHANNEL else For.ME
        await self.memory.keep(who, to, (ScheduleSet(audience, slot_, to),), at)

    async def keep(self, *facts, at=SUNDAY, who=ANN, where=DM):
        await self.memory.keep(who, where, facts, at)

    async def fell_due(self, now):
        return await self.database.transact(lambda c: falling_due.materialise(c, now))

    async def claim(self, now, limit=10, platforms=("web",)):
        return await self.database.transact(lambda c: ledger.claim(c, now, limit, LEASE, platforms))

    async def settle(self, claim, outcome, now=MONDAY):
        (kept,) = await self.database.transact(lambda c: ledger.settle(c, [(claim, outcome)], now))
        return kept

    async def standing(self, claim):
        (stands,) = await self.database.transact(lambda c: ledger.standing(c, [claim]))
        return stands

    async def reap(self, now):
        return await self.database.transact(lambda c: orphans.reap(c, now))

    async def states(self):
        wanted = select(delivery.c.local_date, delivery.c.state).order_by(
            delivery.c.local_date, delivery.c.id
        )
        return await self.database.transact(
            lambda c: [(row.local_date.isoformat()[5:], State(row.state).name) for row in c.execute(wanted)]
        )

    async def next(self, now, who=ANN, where=DM):
        """When the first reminder they see comes next, as the coach would say it."""
        known = await self.memory.recall(who, where)
        known = replace(known, lately=await self.memory.lately(who, where))
        return following(known.schedules[0], now, known) if known.schedules else None

    async def lately(self, who=ANN, where=DM):
        return [(past.day.isoformat()[5:], past.outcome) for past in await self.memory.lately(who, where)]
