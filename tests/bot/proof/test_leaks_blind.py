"""Leaks by somebody who had not read the proof: which it finds, and which it does not."""

import asyncio
import shutil
from contextlib import suppress

import pytest
import pytest_asyncio

from bot.proof import trace
from bot.proof.alike import differences
from bot.proof.canary import family
from bot.proof.stage import staged
from storage.db import open_database
from storage.scratch import contents
from tests.bot.proof.test_leaks import let_out, places
from tests.players import leaks_blind as blind

MODULE = "tests.players.leaks_blind"
pytestmark = pytest.mark.asyncio(loop_scope="module")


def name(leak):
    return leak.__name__


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def seen(tmp_path_factory, sqlite_template):
    """Where each leak's own text is found: while the coach runs, once it has stopped, and under strace."""
    folder = tmp_path_factory.mktemp("blind") / "run"
    folder.mkdir()
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'breather.sqlite3')}"
    database = open_database(url)
    rows = lambda: contents(database)  # noqa: E731
    async with staged(folder, url, traced=trace.present(), module=MODULE) as stage:
        searches = {leak: await let_out(stage, name(leak)) for leak in blind.EVERY}
        running = {}
        with suppress(TimeoutError):
            async with asyncio.timeout(20):  # what goes out by itself takes a moment
                while not all(running.get(leak) for leak in blind.FOUND):
                    running |= {leak: await places(stage, rows, searches[leak]) for leak in searches}
        running |= {leak: await places(stage, rows, searches[leak]) for leak in searches}
    stopped = {leak: await places(stage, rows, search) for leak, search in searches.items()}
    await database.close()
    calls = stage.process.calls if trace.present() else None
    traced = {leak: trace.found(calls, search) if calls else [] for leak, search in searches.items()}
    return running, stopped, traced


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def leaking(tmp_path_factory, sqlite_template):
    folder = tmp_path_factory.mktemp("apart") / "run"
    folder.mkdir()
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'breather.sqlite3')}"
    database = open_database(url)
    async with staged(folder, url, module=MODULE) as stage:
        yield stage, lambda: contents(database)
    await database.close()


@pytest.mark.parametrize("leak", blind.FOUND, ids=name)
async def test_a_leak_is_found(leak, seen):
    """By the search, in the place it went to, while the coach runs."""
    running, _, _ = seen
    assert any(blind.FOUND[leak] in place for place in running[leak])


@pytest.mark.parametrize("leak", blind.AT_THE_END, ids=name)
async def test_what_is_written_at_the_end_is_found_after_it(leak, seen):
    """The search has to come once more when the coach has stopped."""
    running, stopped, _ = seen
    assert running[leak] == []
    assert any(blind.AT_THE_END[leak] in place for place in stopped[leak])


@pytest.mark.skipif(not trace.present(), reason="strace is not installed here")
@pytest.mark.parametrize("leak", blind.TRACED, ids=name)
async def test_what_only_strace_sees(leak, seen):
    """A file without a name, held open: no search of places finds it."""
    _, stopped, traced = seen
    assert stopped[leak] == []
    assert traced[leak] == [blind.TRACED[leak]]


@pytest.mark.parametrize(
    "leak",
    [
        pytest.param(leak, marks=pytest.mark.xfail(raises=AssertionError, strict=True, reason=why))
        for leak, why in blind.UNSEEN.items()
    ],
    ids=[name(leak) for leak in blind.UNSEEN],
)
async def test_a_leak_that_no_search_finds(leak, seen):
    """Whoever teaches the search one of these is told so by this test."""
    running, stopped, traced = seen
    assert running[leak] or stopped[leak] or traced[leak]


@pytest.mark.parametrize(
    "leak",
    [
        pytest.param(
            leak,
            marks=()
            if leak in blind.APART
            else pytest.mark.xfail(
                raises=AssertionError, strict=True, reason="files and child processes are not compared"
            ),
        )
        for leak in blind.UNSEEN
    ],
    ids=[name(leak) for leak in blind.UNSEEN],
)
async def test_a_vent_with_such_a_leak_can_be_told_apart(leak, leaking):
    """What no search finds may still be something that only a vent leaves."""
    stage, rows = leaking
    await stage.process.tell("mended")
    assert await differences(stage, "playground", rows, family().text()) == []
    await stage.process.tell(f"{name(leak)} for vents")
    apart = await differences(stage, "playground", rows, family().text())
    await stage.process.tell("mended")
    assert [told for told in apart if told.startswith(blind.APART.get(leak, ""))]
