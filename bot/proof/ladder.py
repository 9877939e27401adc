"""The proof's rungs, one after the other: each says in a line what was done and what was found."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from bot.proof import trace, walls
from bot.proof.alike import Rows, differences
from bot.proof.canary import Family, family
from bot.proof.faults import FAULTS
from bot.proof.house import ERRORS
from bot.proof.leaks import LEAKS
from bot.proof.plays import WAYS, LostError, Player, express, standard, typed
from bot.proof.process import ProcessError
from bot.proof.servers import SQLITE, Server, servers
from bot.proof.stage import MODEL, Stage, staged
from storage.db import StorageError, open_database
from storage.migrate import migrate
from storage.scratch import contents

SEND = "send"  # a fault outside: the platform refuses whatever it is sent


class Outcome(Enum):
    """How a rung went."""

    HELD = "held"
    BROKEN = "BROKEN"
    LEFT_OUT = "left out"  # it could not be tried here


@dataclass(frozen=True, slots=True)
class Rung:
    """One line of the proof."""

    outcome: Outcome
    says: str


@dataclass(slots=True)
class Looking:
    """What is looked for: texts that may be nowhere at all, and texts that errors of our own may quote."""

    sealed: Family = field(default_factory=family)
    typed: Family = field(default_factory=family)

    def found(self, stage: Stage, rows: Rows) -> list[str]:
        """The places where any of them is."""
        sealed, told = self.sealed.search(), self.typed.search()
        places = [*stage.found(sealed), *stage.found(told, but=(ERRORS,))]
        for name, held in rows.items():
            whole = b"\n".join(held)
            places += [f"table {name}"] if sealed.within(whole) or told.within(whole) else []
        return sorted(set(places))


def at_the_walls() -> Rung:
    """What the vent may import, and what sealed text refuses."""
    wrong = walls.faults()
    if wrong:
        return Rung(Outcome.BROKEN, f"the vent's walls: {'; '.join(wrong)}")
    ways = len(walls.LEAKS)
    return Rung(
        Outcome.HELD,
        f"the vent imports nothing that stores, sends, logs or packs; Sealed refuses {ways} ways",
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
    """Everything on one database: ways, faults, likeness, a kill; then all is searched once more."""
    looking = Looking()
    try:
        async with _run(server, folder) as (stage, rows):
            yield await awake(stage, server, rows)
            for name in stage.players:
                yield await through(stage, name, looking, server, rows)
            for name in stage.players:
                yield await compared(stage, name, server, rows, looking)
            yield await killed(stage, server, looking, rows)
    except (LostError, ProcessError, StorageError, TimeoutError) as error:
        yield Rung(Outcome.BROKEN, f"{server.name}: the proof could not go on: {error}")


@asynccontextmanager
async def _run(
    server: Server, folder: Path, *, traced: bool = False
) -> AsyncIterator[tuple[Stage, Callable[[], Awaitable[Rows]]]]:
    """A run on this server, and what stands in its tables whenever that is asked."""
    url = server.url(folder)
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    await asyncio.to_thread(migrate, url)
    database = open_database(url)

    async def rows() -> Rows:
        return await contents(database)

    try:
        async with staged(folder, url, traced=traced) as stage:
            yield stage, rows
    finally:
        await database.close()


async def awake(stage: Stage, server: Server, rows: Callable[[], Awaitable[Rows]]) -> Rung:
    """Leaks are planted, one after the other, and each has to be found: else the looking proves nothing."""
    missed: list[str] = []
    for leak in LEAKS:
        looking = Looking()
        await stage.process.tell(leak)
        await standard(stage.players["playground"], looking.sealed.text())
        await stage.process.settle()
        if not looking.found(stage, await rows()):
            missed.append(leak)
    await stage.process.tell("mended")
    if missed:
        return Rung(Outcome.BROKEN, f"{server.name}: planted leaks were not found: {', '.join(missed)}")
    return Rung(
        Outcome.HELD, f"{server.name}: {len(LEAKS)} leaks were planted to test the search; it found each"
    )


async def through(
    stage: Stage, name: str, looking: Looking, server: Server, rows: Callable[[], Awaitable[Rows]]
) -> Rung:
    """Every way on one platform; then the standard way, the quick one and the chat, with each fault."""
    player = stage.players[name]
    for way in WAYS.values():
        await way(player, looking.sealed.text())
    for fault in (*FAULTS, SEND):
        await _with_fault(stage, player, fault, looking)
    await stage.process.settle()
    places = looking.found(stage, await rows())
    if stage.peers[MODEL].asked:  # nobody here has had a draft looked at yet: it was a vent
        places.append("a model, which was asked")
    where = f"{name} on {server.name}"
    if places:
        return Rung(Outcome.BROKEN, f"{where}: the text was found in {', '.join(places)}")
    tried = f"{len(WAYS)} ways, and a fault at {len(FAULTS) + 1} steps"
    return Rung(Outcome.HELD, f"{where}: {tried}; the text is nowhere")


async def _with_fault(stage: Stage, player: Player, fault: str, looking: Looking) -> None:
    """The form is open before the step fails. What the person cannot go on with is not looked at here."""
    # An error before the text is sealed may quote it; nobody may hand that on.
    text = looking.typed.text if fault == "read" else looking.sealed.text
    for way in (standard, express):
        await player.open("vent")
        await _failing(stage, fault)
        await (player.fill(box=text()) if way is standard else player.tap("vent.breathe", box=text()))
        await _mended(stage, fault)
    await _failing(stage, fault)
    await typed(player, looking.typed.text())
    await _mended(stage, fault)


async def _failing(stage: Stage, fault: str) -> None:
    for peer in stage.peers.values():
        peer.broken = fault == SEND
    if fault != SEND:
        await stage.process.tell(fault)


async def _mended(stage: Stage, fault: str) -> None:
    for peer in stage.peers.values():
        peer.broken = False
    if fault != SEND:
        await stage.process.tell("mended")


async def compared(
    stage: Stage, name: str, server: Server, rows: Callable[[], Awaitable[Rows]], looking: Looking
) -> Rung:
    """A vent beside an ordinary form."""
    apart = await differences(stage, name, rows, looking.sealed.text())
    where = f"{name} on {server.name}"
    if apart:
        return Rung(Outcome.BROKEN, f"{where}: a vent can be told from other forms by {', '.join(apart)}")
    return Rung(Outcome.HELD, f"{where}: a vent leaves the rows, log lines and figures of any other form")


async def killed(stage: Stage, server: Server, looking: Looking, rows: Callable[[], Awaitable[Rows]]) -> Rung:
    """The process dies with a vent in its hands, on each platform at once; then all is searched once more."""
    for player in stage.players.values():
        await player.open("vent")
    await stage.process.tell("hang")
    sent = [asyncio.ensure_future(p.fill(box=looking.sealed.text())) for p in stage.players.values()]
    await stage.process.held(len(sent))
    await stage.process.kill()
    await asyncio.gather(*sent, return_exceptions=True)
    places = [*looking.found(stage, await rows()), *server.found(looking.sealed.search())]
    where = f"{server.name}: killed between receipt and answer"
    if places:
        return Rung(Outcome.BROKEN, f"{where}, the text was found in {', '.join(places)}")
    return Rung(Outcome.HELD, f"{where}; the text is nowhere, database files and journals included")


async def under_strace(folder: Path) -> Rung:
    """Every way once more, with each system call that writes, sends, opens or starts something read."""
    if not trace.present():
        return Rung(Outcome.LEFT_OUT, "system calls: strace is not installed here, so this proof is partial")
    looking = Looking()
    try:
        async with _run(SQLITE, folder / "run", traced=True) as (stage, _):
            for player in stage.players.values():
                for way in WAYS.values():
                    await way(player, looking.sealed.text())
        places = [*looking.found(stage, {}), *trace.found(stage.process.calls, looking.sealed.search())]
    except (OSError, TimeoutError, RuntimeError):
        return Rung(Outcome.LEFT_OUT, "system calls: strace may not look here, so this proof is partial")
    if places:
        return Rung(Outcome.BROKEN, f"system calls: the text was found in {', '.join(places)}")
    return Rung(
        Outcome.HELD,
        f"system calls under strace: {len(WAYS)} ways on {len(stage.players)} platforms; none carries it",
    )
