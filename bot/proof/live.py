"""The proof in the running app: a word to let out there, then a search of what this installation keeps."""

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bot.proof.canary import Search, canary, search_for
from bot.settings import Settings
from storage.db import StorageError, check, open_database
from storage.scratch import contents

_BESIDE = ("", "-wal", "-shm", "-journal")  # what SQLite keeps beside its file
_HELD = "Held: the sentence is in none of these places."
_FOUND = "Broken: the sentence was found. Please do not use the vent space here until this is mended."
_NOT_SEEN = (
    "Not looked at: what Slack or Teams keep, backups, your proxy's logs, and any log not named with --log."
)


@dataclass(frozen=True, slots=True)
class Place:
    """One place that was searched, with its size, and whether it holds the sentence."""

    name: str
    size: str
    found: bool


def run(settings: Settings, logs: Sequence[Path], came: IO[str], out: IO[str], err: IO[str]) -> int:
    """Show a sentence, wait until it was let out, and search; 1 where it was found or could not be."""
    sentence, start = canary(), time.time()
    print("Open the vent space in your Slack, Teams or playground, type this there and shred it:\n", file=out)
    print(f"    {' '.join(sentence.split())}\n", file=out)
    print("Then come back and press Enter.", file=out, flush=True)
    if not came.readline():
        print("breather: nobody pressed Enter, so nothing was searched.", file=err)
        return 1
    try:
        places = [*_everywhere(settings, logs, search_for(sentence), start)]
    except (StorageError, OSError) as error:
        print(f"breather: the search could not go on: {error}", file=err)
        return 1
    for place in places:
        print(f"{'BAD ' if place.found else 'ok  '}  {place.name}: {place.size}", file=out)
    print(_NOT_SEEN, file=out)
    print(_FOUND if any(place.found for place in places) else _HELD, file=out)
    return int(any(place.found for place in places))


def _everywhere(settings: Settings, logs: Sequence[Path], search: Search, start: float) -> Iterator[Place]:
    yield from asyncio.run(_tables(settings, search))
    if settings.sqlite_path is not None:
        beside = [settings.sqlite_path.with_name(settings.sqlite_path.name + end) for end in _BESIDE]
        yield from (_file(path, search) for path in beside if path.exists())
    yield from (_file(path, search) for path in logs)
    fresh = [path for path in _temporary() if path.stat().st_mtime >= start - 1]
    held = [path for path in fresh if search.within_file(path)]
    yield from (Place(f"temporary file {path}", _said(path.stat().st_size), found=True) for path in held)
    yield Place("temporary files that changed meanwhile", f"{len(fresh)} files", found=bool(held))


async def _tables(settings: Settings, search: Search) -> list[Place]:
    """Every row of every table, as any reader of the database would see it."""
    database = open_database(settings.database_url)
    try:
        await database.transact(check)
        rows = await contents(database)
    finally:
        await database.close()
    held = sum(len(of_table) for of_table in rows.values())
    bad = [name for name, of_table in rows.items() if search.within(b"\n".join(of_table))]
    told = [Place(f"table {name}", f"{len(rows[name])} rows", found=True) for name in bad]
    return [*told, Place("database", f"{len(rows)} tables, {held} rows", found=bool(bad))]


def _file(path: Path, search: Search) -> Place:
    return Place(f"file {path}", _said(path.stat().st_size), search.within_file(path))


def _temporary() -> Iterator[Path]:
    """Regular files in the folder for temporary files that we may read."""
    for folder, _, names in os.walk(tempfile.gettempdir()):
        for name in names:
            path = Path(folder) / name
            if path.is_file() and not path.is_symlink() and os.access(path, os.R_OK):
                yield path


def _said(size: int) -> str:
    return f"{size:,} bytes"
