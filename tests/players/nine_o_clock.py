"""Nine o'clock in one large workspace and fifty small ones, by a clock that jumps and a strict Slack."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import create_engine, event, insert
from sqlalchemy.pool import StaticPool

from adapters.slack.manners import Manners
from adapters.slack.pace import Pace
from adapters.slack.sender import Sender
from adapters.slack.tiers import read_tiers
from bot.courier import Courier
from coaching.people import WORKDAYS
from coaching.values import Letter, Para, Reply
from storage import sqlite
from storage.tables import metadata, person, slot, subscription
from tests.players.fast_forward import fast_forward
from tests.players.strict_slack import ALLOWED, StrictSlack

NINE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # in Berlin, a Monday
SMALL, PEOPLE = 50, 40
TAKEN = ALLOWED["chat.postMessage"] / 60  # in a second
LINE = Reply((Para(("A tip.",)),))


class Straight:
    """A database in memory that does its work at once: the loop's clock jumps while threads would work."""

    def __init__(self):
        self.engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"isolation_level": None})
        event.listen(self.engine, "connect", sqlite._set_up)
        event.listen(self.engine, "begin", sqlite._begin)
        metadata.create_all(self.engine)

    async def transact(self, work):
        with self.engine.begin() as connection:
            return work(connection)

    def fill(self, tenants):
        """A person and a reminder for nine for each name in the list."""
        people = [
            {"id": n, "platform": "slack", "tenant": name, "user": f"U{n}", "seen_on": date(2026, 3, 1)}
            for n, name in enumerate(tenants, 1)
        ]
        reminders = [
            {
                "person_id": one["id"],
                "slot_id": 1,
                "audience": "me",
                "platform": "slack",
                "tenant": one["tenant"],
                "target": f"D{one['id']}",
                "room": "direct",
                "active": True,
                "since": NINE - timedelta(days=1),
            }
            for one in people
        ]
        nine = {"zone": "Europe/Berlin", "local_time": time(9), "weekdays": WORKDAYS, "next_at": NINE}
        with self.engine.begin() as connection:
            connection.execute(insert(slot).values(**nine))
            connection.execute(insert(person), people)
            connection.execute(insert(subscription), reminders)


class Arrivals(StrictSlack):
    """Also notes when a message was taken, in seconds after nine."""

    def __init__(self, clock):
        super().__init__(clock)
        self.at = {}

    async def call(self, tenant, method, seconds, **body):
        called = await super().call(tenant, method, seconds, **body)
        if called.ok:
            self.at.setdefault(tenant, []).append(self.clock())
        return called


def morning(house, playbook, large, seconds):
    """Deliver to the small workspaces and a large one for so long; what Slack saw."""
    house.fill([f"T{n % SMALL}" for n in range(SMALL * PEOPLE)] + ["LARGE"] * large)

    async def main(clock):
        slack = Arrivals(clock)
        sender = Sender(Manners(slack, Pace(read_tiers(), clock, asyncio.sleep)), playbook.wording)

        async def remind(due, _):
            return Letter(due.schedule.to, "A1", due.occurrence, LINE)

        def trouble(where, error):
            raise AssertionError(where) from error

        courier = Courier(
            house,
            remind,
            {"slack": sender},
            trouble,
            lambda: NINE + timedelta(seconds=clock()),
            b"x",
            60,
            monotonic=clock,
        )
        while clock() < seconds:
            await courier.deliver()
            await asyncio.sleep(1)
        await courier.landed()
        return slack

    return fast_forward(main)
