"""The proof from its first rung to its last: walls, each database, and once more under strace."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.proof import trace, walls
from bot.proof.alike import differences
from bot.proof.plays import WAYS, LostError
from bot.proof.process import ProcessError
from bot.proof.rungs import (
    Asking,
    Looking,
    Outcome,
    Rung,
    awake,
    compared,
    ended,
    killed,
    modelled,
    noted,
    through,
)
from bot.proof.servers import SQLITE, Server, servers
from bot.proof.stage import Stage, staged
from storage.db import StorageError, open_database
from storage.migrate import migrate
from storage.scratch import contents

_NO_STRACE = "system calls: strace is not installed here, so this proof is partial (apt-get install strace)"
_NO_PTRACE = (
    "system calls: strace may not look at programs here, so this proof is partial. In a container, start it"
    " with --cap-add=SYS_PTRACE; on a machine, see /proc/sys/kernel/yama/ptrace_scope"
)
_LOST = (LostError, ProcessError, StorageError, TimeoutError, OSError)


def at_the_walls() -> Rung:
    """What the vent may import, and what sealed text refuses."""
    wrong = walls.faults()
    if wrong:
        return Rung(Outcome.BROKEN, f"the vent's walls: {'; '.join(wrong)}")
    ways = len(walls.LEAKS)
    return Rung(
        Outcome.HELD,
        "the vent, and what seals its text, import nothing that stores, sends, logs or packs; Sealed refuses"
        f" {ways} ways",
    )


async def ladder(folder: Path, postgres: str) -> AsyncIterator[Rung]:
    """Every rung. `postgres`: the address of a server on which a database of a moment may be made."""
    yield at_the_walls()
    async with servers(folder, postgres) as found:
        for server in found.there:
            async for rung in on(server, folder / server.short):
                yield rung
        for why in found.missing:
            yield Rung(Outcome.LEFT_OUT, why)
    yield await under_strace(folder / "traced")


async def on(server: Server, folder: Path) -> AsyncIterator[Rung]:
    """Everything on one database: ways, faults, likeness, a model, a stop; then again, and a kill."""
    looking = Looking()
    try:
        async with _run(server, folder / "stopped") as (stage, rows):
            yield await awake(stage, server, rows)
            for name in stage.players:
                yield await through(stage, name, looking, server, rows)
            for name in stage.players:
                yield await compared(stage, name, server, rows, looking)
            for name in stage.players:
                yield await modelled(stage, name, server)
            for name in stage.players:
                yield await noted(stage, name, server, rows)
            yield await ended(stage, server, looking, rows)
        async with _run(server, folder / "killed") as (stage, rows):
            yield await killed(stage, server, Looking(), rows)
    except _LOST as error:
        yield Rung(Outcome.BROKEN, f"{server.name}: the proof could not go on: {_told(error)}")


def _told(error: Exception) -> str:
    """Its own sentence where it has one that is for a reader."""
    return f"{error}" if isinstance(error, LostError | ProcessError | StorageError) else type(error).__name__


@asynccontextmanager
async def _run(server: Server, folder: Path, *, traced: bool = False) -> AsyncIterator[tuple[Stage, Asking]]:
    """A run on this server, and what stands in its tables whenever that is asked."""
    url = server.url(folder)
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    await asyncio.to_thread(migrate, url)
    database = open_database(url)

    async def rows() -> dict[str, list[bytes]]:
        return await contents(database)

    try:
        async with staged(folder, url, traced=traced) as stage:
            yield stage, rows
    finally:
        await database.close()


async def under_strace(folder: Path) -> Rung:
    """Every way once more, with each system call that writes, sends, opens or starts something read."""
    if not trace.present():
        return Rung(Outcome.LEFT_OUT, _NO_STRACE)
    looking = Looking()
    apart: list[str] = []
    try:
        async with _run(SQLITE, folder / "run", traced=True) as (stage, rows):
            for name, player in stage.players.items():
                for way in WAYS.values():
                    await way(player, looking.sealed.text())
                apart += await differences(stage, name, rows, looking.sealed.text())
        places = [*looking.found(stage, {}), *trace.found(stage.process.calls, looking.sealed.search())]
    except _LOST as error:
        if not trace.allowed():
            return Rung(Outcome.LEFT_OUT, _NO_PTRACE)
        return Rung(Outcome.BROKEN, f"system calls: the proof could not go on: {_told(error)}")
    if places or apart:
        bad = [*places, *(f"a difference: {one}" for one in apart)]
        return Rung(Outcome.BROKEN, f"system calls: the text, or a vent, was found in {', '.join(bad)}")
    return Rung(
        Outcome.HELD,
        f"system calls under strace: {len(WAYS)} ways on {len(stage.players)} platforms; none carries it, and"
        " a vent opens and starts what any other form does",
    )
