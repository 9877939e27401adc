"""Everything that can happen to a fleet: killed, frozen, cut off, a database crash, a disk that fails."""

import asyncio
import contextlib
import shutil
import signal
import subprocess
import time

from storage.tables import State
from tests.players.fleet import ROOT
from tests.players.wire import Wire
from tests.players.witness import Point


async def caught(fleet, point, with_what):
    """Send a signal to the first worker that comes to this point; which it was."""
    hit = asyncio.get_running_loop().create_future()

    def strike(number):
        fleet.signal(number, with_what)
        fleet.struck()
        hit.set_result(number)
        return True

    await asyncio.sleep(fleet.chance.uniform(0, 0.06))  # not always the first letter after a start
    fleet.witness.trap = (point, strike)
    while not hit.done():
        await fleet.add()
        await asyncio.wait([hit], timeout=0.3)
    return hit.result()


async def kills(fleet, number):
    """Half of them at the four points in turn, half at any time."""
    points = list(Point)
    for turn in range(number):
        if turn % 2:
            await fleet.restart(await caught(fleet, points[turn // 2 % len(points)], signal.SIGKILL))
        else:
            await asyncio.sleep(fleet.chance.uniform(0.02, 0.2))
            victim = fleet.chance.choice(list(fleet.pids))
            fleet.struck()
            await fleet.restart(victim)


async def recovery(fleet):
    """Seconds from the new start of a process that was killed until what it had in hand has arrived."""
    await fleet.settled()
    victim = await caught(fleet, Point.CLAIMED, signal.SIGKILL)
    await fleet.kill(victim)
    in_hand = {target for target, state in (await fleet.states()).items() if state is State.SENDING}
    began = time.time()
    await fleet.start(victim)
    await fleet.settled()
    late = [
        at for at, channel in fleet.witness.arrivals() if at > began and channel.removeprefix("D") in in_hand
    ]
    return max(late, default=began) - began


async def freezes(fleet, number):
    """SIGSTOP for longer than the lease at any time, two at a time; at least one goes on."""
    while fleet.faults < number:
        await fleet.add()
        await asyncio.sleep(fleet.chance.uniform(0.02, 0.2))
        these = fleet.chance.sample(list(fleet.pids), min(2, number - fleet.faults))
        for one in these:
            fleet.signal(one, signal.SIGSTOP)
            fleet.struck()
        await thawed(fleet, these)


async def freezes_while_waiting(fleet, number):
    """The same while they wait for an answer: for the chat, and for the post. With one letter at a time.

    A process that stops between its last look at the clock, taken where the post's body is written, and the
    moment it is written may send after another has: nothing can exclude these microseconds. Here they do not
    come up, and in `freezes` they have not yet.
    """
    while fleet.faults < number:
        these = [
            await caught(fleet, Point.CLAIMED, signal.SIGSTOP),
            await caught(fleet, Point.ACCEPTED, signal.SIGSTOP),
        ]
        await thawed(fleet, these)


async def thawed(fleet, these):
    """Let them go on when their leases are long over."""
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
