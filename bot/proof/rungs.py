"""What is tried on a running coach, each in a line that says what was done and what was found."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum

from bot.proof.alike import Rows, differences
from bot.proof.canary import Family, family, search_for
from bot.proof.faults import FAULTS
from bot.proof.house import ERRORS
from bot.proof.leaks import LATE, LEAKS
from bot.proof.noted import Noting
from bot.proof.plays import DANGERS, WAYS, Player, express, ordinary, standard, typed
from bot.proof.servers import Server
from bot.proof.stage import MODEL, Stage

SEND = "send"  # a fault outside: the platform refuses whatever it is sent
_SOON = 20.0  # seconds until a draft has reached the model

Asking = Callable[[], Awaitable[Rows]]


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
        sealed = self.sealed.search()
        both = sealed | self.typed.search()
        errors = stage.folder / ERRORS
        places = stage.found(both, but=(ERRORS,))
        places += [f"file {ERRORS}"] if errors.is_file() and sealed.within_file(errors) else []
        places += [f"table {name}" for name, held in rows.items() if both.within(b"\n".join(held))]
        return sorted(set(places))


def _rung(places: list[str], where: str, bad: str, held: str) -> Rung:
    if places:
        return Rung(Outcome.BROKEN, f"{where}{bad} {', '.join(places)}")
    return Rung(Outcome.HELD, f"{where}{held}")


async def awake(stage: Stage, server: Server, rows: Asking) -> Rung:
    """Leaks are planted, one after the other, and each has to be found: else the looking proves nothing."""
    missed: list[str] = []
    for leak in LEAKS:
        looking = Looking()
        await stage.process.tell(leak)
        await stage.players["playground"].open("vent")
        await stage.players["playground"].fill(box=looking.sealed.text())
        await stage.process.settle()
        if not looking.found(stage, await rows()):
            missed.append(leak)
    await stage.process.tell("mended")
    return _rung(
        missed,
        f"{server.name}: ",
        "planted leaks were not found:",
        f"{len(LEAKS)} leaks were planted to test the search; it found each",
    )


async def through(stage: Stage, name: str, looking: Looking, server: Server, rows: Asking) -> Rung:
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
    return _rung(
        places,
        f"{name} on {server.name}: ",
        "the text was found in",
        f"{len(WAYS)} ways, and a fault at {len(FAULTS) + 1} steps; the text is nowhere",
    )


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


async def compared(stage: Stage, name: str, server: Server, rows: Asking, looking: Looking) -> Rung:
    """A vent beside an ordinary form."""
    apart = await differences(stage, name, rows, looking.sealed.text())
    return _rung(
        apart,
        f"{name} on {server.name}: ",
        "a vent can be told from other forms by",
        "a vent leaves the rows, log lines, figures, files and programs of any other form",
    )


async def modelled(stage: Stage, name: str, server: Server) -> Rung:
    """A model may see this person's drafts and is shown one; what tells of danger, and a vent, it is not."""
    player, kin = stage.players[name], family()
    before = await _shown(stage, player)
    for way in (*DANGERS.values(), standard, typed):
        await way(player, kin.text())
    await stage.process.settle()
    after = await _shown(stage, player)
    search = kin.search()
    told = any(search.within(asked.raw) for asked in stage.peers[MODEL].asked)
    places = [
        *(["a call to the model"] if told else []),
        *(
            []
            if before and after
            else ["no place at all, as no draft reached the model, so this proves nothing"]
        ),
    ]
    return _rung(
        places,
        f"{name} on {server.name}: ",
        "a danger, or a vent, was found in",
        f"drafts go to the model; {len(DANGERS)} dangers handed to the review, and vents, do not",
    )


async def noted(stage: Stage, name: str, server: Server, rows: Asking) -> Rung:
    """A remark and a promise: offered and refused in every way, then kept."""
    noting, before = Noting(), await rows()
    await noting.play(stage.players[name])
    await stage.process.settle()
    return _rung(
        noting.found(stage, before, await rows()),
        f"{name} on {server.name}: ",
        "what a person was asked about was found in",
        "after a no a remark and a promise are nowhere; after a yes in the table alone, a promise sealed",
    )


async def _shown(stage: Stage, player: Player) -> bool:
    """An ordinary draft of which one word is new is looked at: whether it comes to the model."""
    mark = secrets.token_hex(6)
    search = search_for(f"order{mark}")
    await ordinary(player, f"Calm down. Your order{mark} is late. You need to wait.")
    try:
        async with asyncio.timeout(_SOON):
            while not any(search.within(asked.raw) for asked in stage.peers[MODEL].asked):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    except TimeoutError:
        return False
    return True


async def ended(stage: Stage, server: Server, looking: Looking, rows: Asking) -> Rung:
    """The coach stops as it should, and all is searched once more; a leak that waits for this is planted."""
    late = Looking()
    await stage.process.tell(LATE)
    await stage.players["playground"].open("vent")
    await stage.players["playground"].fill(box=late.sealed.text())
    await stage.process.tell("mended")
    await stage.process.stop()
    held = await rows()
    places = looking.found(stage, held)
    places += [] if late.found(stage, held) else ["no place at all, nor a leak that was planted for the end"]
    return _rung(
        places,
        f"{server.name}: ",
        "after the coach has stopped, the text was found in",
        "after the coach has stopped, the text is nowhere; a leak planted for the end was found",
    )


async def killed(stage: Stage, server: Server, looking: Looking, rows: Asking) -> Rung:
    """The process dies with a vent and a chat message of each platform in its hands."""
    players = stage.players.values()
    for player in players:
        await player.open("vent")
    await stage.process.settle()
    await stage.process.tell("hang")
    sent = [asyncio.ensure_future(player.fill(box=looking.sealed.text())) for player in players]
    sent += [asyncio.ensure_future(player.post(f"so angry {looking.typed.text()}")) for player in players]
    await stage.process.held(len(sent))
    await stage.process.kill()
    await asyncio.gather(*sent, return_exceptions=True)
    places = looking.found(stage, await rows())
    places += server.found(looking.sealed.search() | looking.typed.search())
    return _rung(
        places,
        f"{server.name}: killed between receipt and answer, with a form and a chat message of each platform",
        ", the text was found in",
        "; the text is nowhere, database files and journals included",
    )
