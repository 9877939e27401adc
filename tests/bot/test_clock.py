"""The clock: ticks come again and again, whatever one of them or the wall clock runs into."""

import ast
import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import Clock, Tick

ROOT = Path(__file__).parents[2]
FAST = timedelta(milliseconds=20)


@pytest.fixture
async def clocks():
    """Makes clocks and stops them at the end."""
    made = []

    def make(*ticks, trouble=None):
        clock = Clock(ticks, trouble or (lambda where, error: pytest.fail(f"{where}: {error!r}")))
        made.append(clock)
        clock.start()
        return clock

    yield make
    for clock in made:
        await clock.stop()


class Counting:
    """Counts its runs; `reached` waits for a number of them."""

    def __init__(self, error=None, hold=None):
        self.runs, self.error, self.hold, self.at_once, self.most = 0, error, hold, 0, 0

    async def __call__(self):
        self.runs += 1
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        if self.hold is not None:
            await self.hold.wait()
        self.at_once -= 1
        if self.error is not None:
            raise self.error

    async def reached(self, number):
        async with asyncio.timeout(10):
            while self.runs < number:  # noqa: ASYNC110 - counts real ticks
                await asyncio.sleep(0.005)


async def test_ticks_come_at_once_and_again(clocks):
    """The first at the start, the others after it."""
    run = Counting()
    clocks(Tick("one", FAST, run))
    await run.reached(3)


async def test_a_failing_tick_is_told_and_comes_again(clocks):
    """One broken tick stops neither itself nor the others."""
    heard = []
    bad, good = Counting(LookupError("x")), Counting()
    clocks(Tick("bad", FAST, bad), Tick("good", FAST, good), trouble=lambda *told: heard.append(told))
    await bad.reached(3)
    await good.reached(3)
    assert {where for where, _ in heard} == {"clock.bad"}
    assert all(isinstance(error, LookupError) for _, error in heard)


async def test_never_twice_at_a_time(clocks):
    """A slow tick is not overtaken by itself; missed runs are one."""
    go = asyncio.Event()
    slow, quick = Counting(hold=go), Counting()
    clocks(Tick("slow", FAST, slow), Tick("quick", FAST, quick))
    await quick.reached(6)
    assert (slow.runs, slow.most) == (1, 1)
    go.set()
    await slow.reached(2)
    assert slow.most == 1


async def test_a_clock_that_was_set_back(clocks):
    """A tick whose next run lies hours ahead is called all the same."""
    run = Counting()
    clock = clocks(Tick("one", FAST, run))
    await run.reached(1)
    clock._scheduler.get_job("one").modify(next_run_time=datetime.now(UTC) + timedelta(hours=2))
    seen = run.runs
    await run.reached(seen + 3)


async def test_a_slow_tick_keeps_its_own_pace(clocks):
    """The guard does not call a tick that is merely waiting for its time."""
    slow, quick = Counting(), Counting()
    clocks(Tick("slow", timedelta(hours=1), slow), Tick("quick", FAST, quick))
    await quick.reached(8)
    assert slow.runs == 1


async def test_stopping_lets_a_running_tick_finish():
    """Nothing is cut off in the middle; a clock that never began, or has ended, can be stopped."""
    go, done = asyncio.Event(), []

    async def tick():
        await go.wait()
        done.append(1)

    clock = Clock((Tick("one", FAST, tick),), lambda where, error: pytest.fail(where))
    await clock.stop()
    clock.start()
    while not clock._running:  # noqa: ASYNC110 - waits for a real tick
        await asyncio.sleep(0.005)
    stopping = asyncio.ensure_future(clock.stop())
    await asyncio.sleep(0)
    go.set()
    await stopping
    assert done == [1]
    await clock.stop()


async def test_nothing_is_stored(clocks):
    """No job store but memory: nothing to unpickle, nothing to lose."""
    clock = clocks(Tick("one", timedelta(hours=1), Counting()))
    assert [type(s).__name__ for s in clock._scheduler._jobstores.values()] == ["MemoryJobStore"]
    (job,) = clock._scheduler.get_jobs()
    assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)


def test_only_the_clock_knows_its_library():
    """APScheduler has one room."""
    users = set()
    for folder in ("bot", "adapters", "coaching", "storage"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                named = [a.name for a in node.names] if isinstance(node, ast.Import) else []
                named += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                if any(name.split(".")[0] == "apscheduler" for name in named):
                    users.add(path.relative_to(ROOT).as_posix())
    assert users == {"bot/clock.py"}
