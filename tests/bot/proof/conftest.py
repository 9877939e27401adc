"""The coach with every planted leak: one that is searched, and one that runs under strace as well."""

import asyncio
import shutil
from contextlib import suppress

import pytest_asyncio

from bot.proof import trace
from bot.proof.stage import staged
from storage.db import open_database
from storage.scratch import contents
from tests.players import leaking_house as leaky
from tests.players import leaks_blind as blind
from tests.players.leaking import let_out, places

MODULE = "tests.players.leaks_blind"  # has the others' too


def begun(tmp_path_factory, sqlite_template, name):
    """A folder with a fresh database, and its address."""
    folder = tmp_path_factory.mktemp(name) / "run"
    folder.mkdir()
    return folder, f"sqlite:///{shutil.copy(sqlite_template, folder / 'breather.sqlite3')}"


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def leaking(tmp_path_factory, sqlite_template):
    """The coach with leaks, on the playground's page: where it leaks from makes no difference."""
    folder, url = begun(tmp_path_factory, sqlite_template, "leaking")
    database = open_database(url)
    async with staged(folder, url, module=MODULE) as stage:
        yield stage, lambda: contents(database)
    await database.close()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def seen(tmp_path_factory, sqlite_template):
    """Where each leak's own text is found: while the coach runs, once it has stopped, and under strace."""
    folder, url = begun(tmp_path_factory, sqlite_template, "seen")
    database = open_database(url)
    leaks = {leak.__name__: leak for leak in (*blind.EVERY, *leaky.TRACED)}
    wanted = [leak.__name__ for leak in blind.FOUND]
    async with staged(folder, url, traced=trace.present(), module=MODULE) as stage:
        searches = {leak: await let_out(stage, leak) for leak in (*leaks, "mended")}
        running = {}
        with suppress(TimeoutError):
            async with asyncio.timeout(20):  # what goes out by itself takes a moment
                while not all(running.get(leak) for leak in wanted):
                    left = [leak for leak in searches if not running.get(leak)]
                    running |= {
                        leak: await places(stage, lambda: contents(database), searches[leak]) for leak in left
                    }
    stopped = {
        leak: await places(stage, lambda: contents(database), search) for leak, search in searches.items()
    }
    await database.close()
    calls = trace.read(stage.process.calls) if trace.present() else trace.Calls([], [])
    only = [leak.__name__ for leak in (*blind.TRACED, *leaky.TRACED)]
    traced = {leak: calls.found(searches[leak]) for leak in (*only, "mended")}
    return running, stopped, traced
