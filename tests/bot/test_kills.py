"""Real processes killed with real letters on their way: no letter twice, and no letter forgotten."""

import asyncio
import signal
import sys
from collections import Counter
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from coaching.people import WORKDAYS, For, Person, Place, Slot, Zone
from coaching.turn import ScheduleSet
from storage.db import open_database
from storage.memory import StoredMemory
from storage.tables import State, delivery

ROOT = Path(__file__).parents[2]
LETTERS = 40
POINTS = ("claimed", "sent", "2", "15", "never")  # milliseconds where it is a number


async def run(url, log, *words):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.players.courier_process", url, str(log), *words, cwd=ROOT
    )
    return await process.wait()


@pytest.mark.parametrize("kind", ["closed", "open"])
async def test_killed_anywhere(url, tmp_path, kind):
    """Another process goes on; what each left behind is looked for, or unknown where nobody can look."""
    database, log = open_database(url), tmp_path / "arrived"
    for number in range(LETTERS):
        who, where = Person("web", "local", f"U{number}"), Place("web", "local", f"D{number}")
        fact = ScheduleSet(For.ME, Slot(Zone("Europe/Berlin"), time(9), WORKDAYS), where)
        await StoredMemory(database).keep(who, where, (fact,), datetime(2026, 3, 1, 12, tzinfo=UTC))
    for turn, point in enumerate(POINTS):
        code = await run(url, log, str(2 * turn), point, kind)
        assert code == 0 or (point != "never" and code == -signal.SIGKILL)
    await run(url, log, "30", "never", kind)
    arrived = Counter(log.read_text().splitlines())
    counted = select(delivery.c.state, func.count()).group_by(delivery.c.state)
    states = {State(s): n for s, n in await database.transact(lambda c: c.execute(counted).all())}
    await database.close()
    assert set(arrived.values()) == {1}
    if kind == "open":
        assert (states, len(arrived)) == ({State.SENT: LETTERS}, LETTERS)
        return
    assert set(states) <= {State.SENT, State.UNKNOWN}
    assert sum(states.values()) == LETTERS
    assert states[State.SENT] <= len(arrived)
    assert 1 <= states[State.UNKNOWN] <= 4 * (len(POINTS) - 1)
