"""Real processes with real letters on their way, and the count of what became of them.

A `Fleet` is a Slack that keeps its own log, a database, and processes of ours that can be killed and frozen.
The faults of faults.py are done to it while there is work; `Fleet.count` says what became of it.
"""

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from coaching.people import Day
from storage.db import StorageError, open_database
from storage.engines import engine_on
from storage.tables import State, delivery, person, slot, subscription
from tests.players.witness import Witness

ROOT = Path(__file__).parents[2]
SEVERAL = 60  # letters that are added at a time, so that a fault always finds some on their way


@dataclass(frozen=True)
class Outcome:
    """What became of all letters, by the witness's log; `unknown` and `hidden` by the database as well."""

    fault: str
    faults: int
    letters: int
    lost: int  # never arrived
    doubled: int  # arrived more than once
    unknown: int  # "may not have arrived": shown to the person as such
    hidden: int  # never arrived, and not shown as such
    seconds: float  # from the last fault to the last letter

    HEAD = (
        "| fault | faults | letters | lost | doubled | “may not have arrived” | last fault to last letter |\n"
        "|---|---|---|---|---|---|---|"
    )

    def __str__(self):
        told = (self.faults, self.letters, self.lost, self.doubled, self.unknown)
        return f"| {self.fault} | {' | '.join(map(str, told))} | {self.seconds:.1f} s |"


@dataclass
class Fleet:
    """`size` processes of ours, started with `words`; `direct` is the database's address for ourselves."""

    folder: Path
    url: str
    words: tuple = ("work",)
    size: int = 2
    lease: float = 2.0
    width: int = 4
    sealed: bool = False
    direct: str = ""
    environment: dict = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(5))
    pids: dict = field(default_factory=dict)  # number of a worker: its pid
    letters: int = 0
    faults: int = 0
    gave_up: int = 0
    last_fault: float = 0.0

    async def __aenter__(self):
        self.witness = Witness(str(self.folder / f"arrived-{time.monotonic_ns()}"), sealed=self.sealed)
        await self.witness.start()
        self.database = open_database(self.direct or self.url)
        self.enqueue = engine_on(self.direct or self.url, _now).enqueue
        self.nursery = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "ignore", "-m", "tests.players.nursery"),
            *(str(self.lease), str(self.width)),
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        await self.nursery.stdout.readline()
        await self.add()
        for number in range(self.size):
            await self.start(number)
        return self

    async def __aexit__(self, *_):
        for number in list(self.pids):
            await self.kill(number)
        self.nursery.stdin.close()
        await self.nursery.wait()
        await self.witness.stop()
        await self.database.close()

    async def start(self, number):
        environment = {
            **self.environment,
            "DATABASE_URL": self.url,
            "SLACK_BOT_TOKEN": f"xoxb-{number}",
            "SLACK_SIGNING_SECRET": "a secret for tests",
            "SLACK_API_URL": f"{self.witness.url}/api/",
            "SLACK_SEALED": "1" if self.sealed else "",
        }
        told = {"words": self.words, "environment": environment, "told": str(self.folder / "log")}
        self.nursery.stdin.write(json.dumps(told).encode() + b"\n")
        self.pids[number] = int(await self.nursery.stdout.readline())

    def signal(self, number, what):
        """Whether there was somebody to get it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pids[number], what)
            return True
        return False

    def alive(self, number):
        return self.signal(number, 0)

    async def kill(self, number):
        """kill -9, and wait until it is gone."""
        self.signal(number, signal.SIGKILL)
        while self.alive(number):  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.002)
        self.pids.pop(number)

    async def restart(self, number):
        await self.kill(number)
        await self.add()
        await self.start(number)

    async def whole(self):
        """Whether SQLite finds its file in order."""
        return await self.ask(lambda c: c.exec_driver_sql("PRAGMA integrity_check").scalar()) == "ok"

    async def tend(self):
        """Start again who ended by itself, as whatever runs it would; and see that there is work."""
        for number in list(self.pids):
            if not self.alive(number):
                self.gave_up += 1
                assert self.gave_up < 500, (self.folder / "log").read_text()[-2000:]
                await self.start(number)

    def struck(self):
        self.faults += 1
        self.last_fault = time.time()

    # ------------------------------------------------------------------ letters

    async def add(self):
        """More letters that are due now, if few are left."""
        if await self.waiting() < SEVERAL // 2:
            first, self.letters = self.letters, self.letters + SEVERAL
            await self.ask(lambda c: self.enqueue(c, list(letters(c, range(first, self.letters), _now()))))

    async def ask(self, work):
        """Ask the database ourselves, as soon as it is there again."""
        until = time.monotonic() + 30
        while True:
            try:
                return await self.database.transact(work)
            except StorageError:
                assert time.monotonic() < until
                await asyncio.sleep(0.1)

    async def waiting(self, *states):
        """How many letters are in these states; by default, still to be sent."""
        these = select(func.count()).where(delivery.c.state.in_(states or (State.PENDING,)))
        return await self.ask(lambda c: c.execute(these).scalar())

    async def states(self):
        """What the database says of each letter."""
        found = select(subscription.c.target, delivery.c.state).join(subscription)
        rows = await self.ask(lambda c: c.execute(found).all())
        return {row.target: State(row.state) for row in rows}

    async def settled(self, patience=60.0):
        """Wait until no letter waits and none is on its way."""
        until = time.monotonic() + patience
        while await self.waiting(State.PENDING, State.SENDING):
            assert time.monotonic() < until, f"not settled: {Counter((await self.states()).values())}"
            await self.tend()
            await asyncio.sleep(0.2)

    async def count(self, fault):
        """Wait until all is settled, and count."""
        await self.settled()
        arrivals, states = self.witness.arrivals(), await self.states()
        arrived = Counter(channel.removeprefix("D") for _, channel in arrivals)
        lost = [target for target in states if not arrived[target]]
        return Outcome(
            fault,
            self.faults,
            len(states),
            len(lost),
            sum(number - 1 for number in arrived.values()),
            sum(state is State.UNKNOWN for state in states.values()),
            sum(states[target] is not State.UNKNOWN for target in lost),
            max(0.0, arrivals[-1][0] - self.last_fault),
        )


def _now():
    return datetime.now(UTC)


def letters(connection, numbers, now):
    """People with a reminder in their private chat, and the letter of today for each: these letters."""
    days = {
        "zone": "UTC",
        "local_time": now.time().replace(second=0, microsecond=0),
        "weekdays": frozenset(Day),
    }
    where = [slot.c[name] == value for name, value in days.items()]
    slot_id = connection.execute(select(slot.c.id).where(*where)).scalar()
    if slot_id is None:
        values = {**days, "next_at": now + timedelta(days=1)}
        slot_id = connection.execute(insert(slot).values(values).returning(slot.c.id)).scalar()
    for number in numbers:
        who = {"platform": "slack", "tenant": "T1", "user": f"U{number}", "seen_on": now.date(), "met": True}
        person_id = connection.execute(insert(person).values(who).returning(person.c.id)).scalar()
        it = {"person_id": person_id, "slot_id": slot_id, "audience": "me", "room": "direct", "active": True}
        it |= {"platform": "slack", "tenant": "T1", "target": f"U{number}", "since": now - timedelta(days=1)}
        mine = connection.execute(insert(subscription).values(it).returning(subscription.c.id)).scalar()
        due = {"subscription_id": mine, "local_date": now.date(), "state": State.PENDING}
        letter = insert(delivery).values(**due, due_at=now, run_at=now).returning(delivery.c.id)
        yield connection.execute(letter).scalar(), now
