"""Whether a vent can be told from an ordinary form by what it leaves: tables, log lines, figures."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.proof.house import RECORDS
from bot.proof.plays import Player, ordinary, standard
from bot.proof.stage import Stage

_OURS = ("breather", "adapters", "bot", "storage", "coaching")
_TIMED = ("asyncio", "apscheduler", "concurrent")  # speak when they please, not when somebody asks
_DRAFT = "Calm down. It is late."
_TIMES = 3  # what the clock does meanwhile is no difference, and does not come every time

Rows = Mapping[str, list[bytes]]


@dataclass(frozen=True, slots=True)
class Trace:
    """What one form left behind."""

    rows: Counter[str]  # how many came and went, by table
    lines: Counter[tuple[str, int, str]]  # our own log lines
    foreign: frozenset[tuple[str, int, str]]  # what others said at all: how often depends on the moment
    figures: frozenset[bytes]  # the names of those that changed


async def traced(stage: Stage, rows: Callable[[], Awaitable[Rows]], play: Awaitable[None]) -> Trace:
    """What happens meanwhile leaves this."""
    records = stage.folder / RECORDS
    before, page, start = await rows(), await stage.metrics(), records.stat().st_size
    await play
    after, changed = await rows(), set((await stage.metrics()).splitlines()) - set(page.splitlines())
    with records.open("rb") as file:
        file.seek(start)
        told = [json.loads(line) for line in file]
    kinds = [(one["name"], one["level"], one["line"]) for one in told]
    ours = [kind for kind in kinds if kind[0].partition(".")[0] in _OURS]
    others = {kind for kind in kinds if kind[0].partition(".")[0] not in (*_OURS, *_TIMED)}
    figures = frozenset(line.rpartition(b" ")[0] for line in changed)
    return Trace(_changes(before, after), Counter(ours), frozenset(others), figures)


def _changes(before: Rows, after: Rows) -> Counter[str]:
    """How many rows each table gained and lost."""
    changed: Counter[str] = Counter()
    for name in before.keys() | after.keys():
        old, new = Counter(before.get(name, [])), Counter(after.get(name, []))
        changed[f"{name} gained"] += (new - old).total()
        changed[f"{name} lost"] += (old - new).total()
    return changed


async def differences(stage: Stage, name: str, rows: Callable[[], Awaitable[Rows]], text: str) -> list[str]:
    """What tells a vent from a draft that is looked at; nothing where they leave the same."""
    player = stage.players[name]
    await _warm(player)
    told: set[str] | None = None
    for _ in range(_TIMES):
        form = await traced(stage, rows, ordinary(player, _DRAFT))
        vent = await traced(stage, rows, _short(player, text))
        again = await traced(stage, rows, ordinary(player, _DRAFT))
        found = set(_told(vent, form, again))
        told = found if told is None else told & found
        if not told:
            break
    return sorted(told or ())


def _told(vent: Trace, form: Trace, again: Trace) -> list[str]:
    """What a vent left that neither of the forms around it did, and what it left out."""
    told = [f"rows: {key}" for key in _apart(vent.rows, form.rows, again.rows)]
    told += [f"log line of {key[0]}" for key in _apart(vent.lines, form.lines, again.lines)]
    told += [
        f"log line of {kind[0]}: {kind[2][:60]}"
        for kind in sorted(vent.foreign - form.foreign - again.foreign)
    ]
    told += ["figures"] if vent.figures - form.figures - again.figures else []
    return told


def _apart(vent: Counter[Any], form: Counter[Any], again: Counter[Any]) -> list[Any]:
    keys = vent.keys() | form.keys() | again.keys()
    return [key for key in keys if vent[key] not in (form[key], again[key])]


async def _warm(player: Player) -> None:
    """What is cached with the first of each kind is cached."""
    await ordinary(player, _DRAFT)
    await standard(player, "")


async def _short(player: Player, text: str) -> None:
    """As many steps as the form it is compared with has."""
    await player.open("vent")
    await player.fill(box=text)
