"""Everything that can happen to a fleet: killed, frozen, cut off, a database crash, a disk that fails."""

import asyncio
import contextlib
import shutil
import signal
import subprocess
import time

from tests.players.fleet import ROOT
from tests.players.wire import Wire
from tests.players.witness import Point


async def killed_at(fleet, point):
    """SIGKILL when a worker comes to this point."""
    hit = asyncio.get_running_loop().create_future()

    def strike(number):
        fleet.signal(number, signal.SIGKILL)
        fleet.struck()
        hit.set_result(number)
        return True

    await asyncio.sleep(fleet.chance.uniform(0, 0.06))  # not always the first letter after a start
    fleet.witness.trap = (point, strike)
    while not hit.done():
        await fleet.add()
        await asyncio.wait([hit], timeout=0.3)
    await fleet.restart(hit.result())


async def kills(fleet, number):
    """Half of them at the four points in turn, half at any time."""
    points = list(Point)
    for turn in range(number):
        if turn % 2:
            await killed_at(fleet, points[turn // 2 % len(points)])
        else:
            await asyncio.sleep(fleet.chance.uniform(0.02, 0.2))
            victim = fleet.chance.choice(list(fleet.pids))
            fleet.struck()
            await fleet.restart(victim)


async def freezes(fleet, number, at_a_time=2):
    """SIGSTOP for longer than the lease, some at a time; at least one goes on."""
    while fleet.faults < number:
        await fleet.add()
        await asyncio.sleep(fleet.chance.uniform(0.02, 0.2))
        these = fleet.chance.sample(list(fleet.pids), min(at_a_time, number - fleet.faults))
        for one in these:
            fleet.signal(one, signal.SIGSTOP)
            fleet.struck()
        until = time.monotonic() + 1.8 * fleet.lease
        while time.monotonic() < until:
            await asyncio.sleep(0.1)
            await fleet.add()
        for one in these:
            fleet.signal(one, signal.SIGCONT)
        fleet.last_fault = time.time()


async def cuts(fleet, number, wire):
    """A TCP connection between a worker and the database server is cut."""
    while fleet.faults < number:
        await fleet.add()
        await fleet.tend()
        await asyncio.sleep(fleet.chance.uniform(0.05, 0.25))
        if wire.cut_any(fleet.chance):
            fleet.struck()


@contextlib.asynccontextmanager
async def wired(server, name):
    """A wire to the server, and the address of a database at its other end."""
    wire = Wire(server.socket())
    await wire.start()
    yield wire, f"postgresql://postgres@127.0.0.1:{wire.port}/{name}"
    await wire.stop()


async def failing_disk(fleet, number, log):
    """fsync fails now and then; who gave up over it is started again. `log` has a byte for each."""
    while fleet.faults < number:
        await fleet.add()
        await fleet.tend()
        await asyncio.sleep(0.05)
        failed = log.stat().st_size if log.exists() else 0
        if failed > fleet.faults:
            fleet.faults, fleet.last_fault = failed, time.time()


def failing_disk_library(folder):
    """The library that makes fsync fail; None where there is no compiler."""
    if not (compiler := shutil.which("gcc") or shutil.which("cc")):
        return None
    built = folder / "failsync.so"
    source = ROOT / "tests/players/failsync.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", built, source, "-ldl"], check=True)
    return built


async def crashes(fleet, number, server):
    """The database server goes down without a word and comes back: SIGQUIT and kill -9 in turn."""
    for turn in range(number):
        await fleet.add()
        await asyncio.sleep(fleet.chance.uniform(0.3, 0.8))
        fleet.struck()
        await asyncio.to_thread(server.crash, signal.SIGKILL if turn % 2 else signal.SIGQUIT)
        fleet.last_fault = time.time()
