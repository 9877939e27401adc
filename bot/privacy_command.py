"""breather privacy: runs the proof, in the code or in the running app; shows and erases one person's data."""

import argparse
import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bot.proof.ladder import Outcome, Rung, ladder
from bot.proof.versions import versions
from bot.settings import Settings

_SIGNS = {Outcome.HELD: "ok  ", Outcome.BROKEN: "BAD ", Outcome.LEFT_OUT: "--  "}
_HELD = "Held. Nothing of what was let out stayed anywhere."
_PARTLY = "Held, in part: what is marked -- could not be tried here."
_BROKEN = "Broken. What is marked BAD keeps or passes on what people let out: please do not use it at work."


@dataclass(frozen=True, slots=True)
class Console:
    """Where a person reads, writes, and is told what went wrong."""

    came: IO[str]
    out: IO[str]
    err: IO[str]


def run(settings: Settings, args: argparse.Namespace, console: Console) -> int:
    """One of its actions; 0 when it could do what was asked, and a proof held."""
    if args.way == "live":
        from bot.proof.live import run as live  # noqa: PLC0415 - needs none of the rest

        logs = [Path(name) for name in args.log]
        return live(settings, logs, console.came, console.out, console.err)
    postgres = args.postgres or ("" if settings.database_url.startswith("sqlite") else settings.database_url)
    return asyncio.run(_proof(postgres, console.out, full=args.full))


async def _proof(postgres: str, out: IO[str], *, full: bool) -> int:
    """Climb the rungs, a line each as it is done."""
    print(f"With {versions()}", file=out, flush=True)
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="breather-proof-") as folder:
        async for rung in ladder(Path(folder), postgres):
            print(line(rung), file=out, flush=True)
            outcomes.append(rung.outcome)
    return _ended(outcomes, out, full=full)


def line(rung: Rung) -> str:
    """A rung as it is printed."""
    return f"{_SIGNS[rung.outcome]}  {rung.says}"


def _ended(outcomes: list[Outcome], out: IO[str], *, full: bool) -> int:
    if Outcome.BROKEN in outcomes:
        print(_BROKEN, file=out)
        return 1
    partly = Outcome.LEFT_OUT in outcomes
    print(_PARTLY if partly else _HELD, file=out)
    return int(partly and full)
