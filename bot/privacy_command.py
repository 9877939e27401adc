"""breather privacy: runs the proof, in the code or in the running app; shows and erases one person's data."""

import argparse
import asyncio
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bot.assembly import now
from bot.proof.ladder import ladder
from bot.proof.rungs import Outcome, Rung
from bot.proof.versions import versions
from bot.sealing import persons_keys
from bot.settings import Settings
from coaching.people import Person
from storage import codes, leaving
from storage.db import Database, StorageError, check, open_database
from storage.memory import StoredMemory

_SIGNS = {Outcome.HELD: "ok  ", Outcome.BROKEN: "BAD ", Outcome.LEFT_OUT: "--  "}
_HELD = "Held. Nothing of what was let out stayed anywhere."
_PARTLY = "Held, in part: what is marked -- could not be tried here."
_BROKEN = "Broken. What is marked BAD keeps or passes on what people let out: please do not use it at work."


_NO_CODE = "this code is good no more, or never was. A new one is under “My data” in Breather."
_NOTHING = "Nothing is kept about this person."
_BUSY = "erased, and its bytes leave the disk once nobody reads the database: run this again in a moment."
_WRONG = "write whose data to erase as platform/workspace/person, such as --person slack/T012/U345."
_NAME = re.compile(r"[^/]+/[^/]+/[^/]+")

PLAYGROUND = Person("web", "local", "you")  # the one person of `breather demo`, on this computer


@dataclass(frozen=True, slots=True)
class Console:
    """Where a person reads, writes, and is told what went wrong."""

    came: IO[str]
    out: IO[str]
    err: IO[str]


def run(settings: Settings, args: argparse.Namespace, console: Console) -> int:
    """One of its actions; 0 when it could do what was asked, and a proof held."""
    if args.action != "proof":
        if args.action == "forget" and args.person and not _NAME.fullmatch(args.person):
            print(f"breather: {_WRONG}", file=console.err)
            return 2
        try:
            return asyncio.run(_about(settings, args, console))
        except StorageError as error:
            print(f"breather: {error}", file=console.err)
            return 1
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


# --------------------------------------------------------------------------- one person's data


async def _about(settings: Settings, args: argparse.Namespace, console: Console) -> int:
    """Show, or erase."""
    path = settings.sqlite_path
    if path is not None and not path.exists():
        print("breather: there is no database yet, so nothing is kept about anybody.", file=console.err)
        return 1
    database = open_database(settings.database_url)
    try:
        await database.transact(check)
        who = await _whom(database, args)
        if who is None:
            print(f"breather: {_NO_CODE}", file=console.err)
            return 1
        if args.action == "show":
            rows = await StoredMemory(database, keys=persons_keys(settings)).rows(who)
            print("\n".join(f"{row.what}: {row.value}" for row in rows) or _NOTHING, file=console.out)
            return 0
        return await _forget(database, who, console)
    finally:
        await database.close()


async def _whom(database: Database, args: argparse.Namespace) -> Person | None:
    """By a code, which is spent by this; by name, which is for erasing alone; else the playground's own."""
    if args.code:
        return await database.transact(lambda c: codes.spend(c, args.code, now()))
    named = args.action == "forget" and args.person
    return Person(*named.split("/")) if named else PLAYGROUND


async def _forget(database: Database, who: Person, console: Console) -> int:
    """Whether anything was kept about them is nobody else's business: the same line either way."""
    await database.transact(lambda c: leaving.forget(c, who))
    if not await database.scrub():
        print(f"breather: {_BUSY}", file=console.err)
        return 1
    print("Done.", file=console.out)
    return 0
