"""Whether a vent can be told from an ordinary form: by rows, log lines, figures, files and programs."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.proof.house import DEEDS, RECORDS
from bot.proof.loud import place
from bot.proof.plays import Player, ordinary, standard
from bot.proof.stage import Stage

_OURS = ("breather", "adapters", "bot", "storage", "coaching")
_TIMED = ("asyncio", "apscheduler", "concurrent")  # speak when they please, not when somebody asks
_DRAFT = "Calm down. It is late."
_LOGS = ("deeds", "records", "stderr")  # grow with whatever happens, and are compared line by line
_DATABASE = ".sqlite3"  # its files too: their rows are compared
_TIMES = 3  # what the clock does meanwhile is no difference, and does not come every time

Rows = Mapping[str, list[bytes]]


@dataclass(frozen=True, slots=True)
class Trace:
    """What one form left behind."""

    rows: Counter[str]  # how many came and went, by table
    lines: Counter[tuple[str, int, str]]  # our own log lines
    foreign: frozenset[tuple[str, int, str]]  # what others said at all: how often depends on the moment
    figures: frozenset[bytes]  # the names of those that changed
    files: frozenset[str]  # folders and kinds of those that are new or have changed
    deeds: frozenset[str]  # what Python opened for writing, started and called
    calls: frozenset[str]  # what strace saw opened for writing and started, where it looks


async def traced(stage: Stage, rows: Callable[[], Awaitable[Rows]], play: Awaitable[None]) -> Trace:
    """What happens meanwhile leaves this."""
    before, page, states, seen = (
        await rows(),
        await stage.metrics(),
        _states(stage.folder),
        stage.process.seen,
    )
    await play
    after, changed = await rows(), set((await stage.metrics()).splitlines()) - set(page.splitlines())
    told = _lines(stage.folder / RECORDS, states)
    deeds = frozenset(one["does"] for one in _lines(stage.folder / DEEDS, states))
    files = frozenset(
        place(f"{path}", stage.folder)
        for path, state in _states(stage.folder).items()
        if states.get(path) != state and path.stem not in _LOGS and _DATABASE not in path.name
    )
    kinds = [(one["name"], one["level"], one["line"]) for one in told]
    ours = [kind for kind in kinds if kind[0].partition(".")[0] in _OURS]
    others = {kind for kind in kinds if kind[0].partition(".")[0] not in (*_OURS, *_TIMED)}
    figures = frozenset(line.rpartition(b" ")[0] for line in changed)
    calls = stage.process.deeds(seen)
    return Trace(_changes(before, after), Counter(ours), frozenset(others), figures, files, deeds, calls)


def _states(folder: Path) -> dict[Path, tuple[int, int]]:
    """How long each file is, and when it was last written."""
    found = {path: path.stat() for path in folder.rglob("*") if path.is_file()}
    return {path: (stat.st_size, stat.st_mtime_ns) for path, stat in found.items()}


def _lines(path: Path, before: Mapping[Path, tuple[int, int]]) -> list[Any]:
    """What was written since."""
    with path.open("rb") as file:
        file.seek(before[path][0])
        return [json.loads(line) for line in file]


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
    told += [f"files in {one}" for one in vent.files - form.files - again.files]
    told += [f"what was done: {one}" for one in vent.deeds - form.deeds - again.deeds]
    told += [f"system calls: {one}" for one in vent.calls - form.calls - again.calls]
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
