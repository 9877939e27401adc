"""The proof proves itself: every leak planted in the coach makes it red, wherever it leaks to."""

import asyncio
import shutil

import pytest
import pytest_asyncio

from bot.proof import ladder, trace
from bot.proof.alike import differences
from bot.proof.canary import family
from bot.proof.leaks import LEAKS
from bot.proof.servers import SQLITE
from bot.proof.stage import staged
from storage.db import open_database
from storage.scratch import contents
from tests.players import leaking_house as leaky

MODULE = "tests.players.leaking_house"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def leaking(tmp_path_factory, sqlite_template):
    """The coach with leaks, on the playground's page: where it leaks from makes no difference."""
    folder = tmp_path_factory.mktemp("leaking") / "run"
    folder.mkdir()
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'breather.sqlite3')}"
    database = open_database(url)
    async with staged(folder, url, module=MODULE) as stage:
        yield stage, lambda: contents(database)
    await database.close()


async def let_out(stage, leak):
    """A text of its own through the vent, with this leak."""
    kin = family()
    await stage.process.tell(leak)
    player = stage.players["playground"]
    await player.open("vent")
    await player.fill(box=kin.text())
    await stage.metrics()
    await stage.process.tell("mended")
    return kin.search()


async def places(stage, rows, search):
    """Where it is by now: what goes out by itself takes a moment."""
    held = await rows()
    tables = [f"table {name}" for name in held if search.within(b"\n".join(held[name]))]
    return [*stage.found(search), *tables]


@pytest.mark.parametrize("leak", leaky.FOUND, ids=lambda leak: leak.__name__)
async def test_a_planted_leak_is_found(leak, leaking):
    """Each leak by itself is found, and in the place it went to."""
    stage, rows = leaking
    search = await let_out(stage, leak.__name__)
    async with asyncio.timeout(60):
        while not any(leaky.FOUND[leak] in place for place in await places(stage, rows, search)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("leak", LEAKS)
async def test_the_leaks_that_ship_are_found(leak, leaking):
    """So are those with which a user's own proof tests its search."""
    stage, rows = leaking
    assert await places(stage, rows, await let_out(stage, leak))


async def test_without_a_leak_nothing_is_found(leaking):
    """The same coach, the same way, no leak: so it was the leak that was found."""
    stage, rows = leaking
    assert await places(stage, rows, await let_out(stage, "mended")) == []


@pytest.mark.parametrize("leak", leaky.APART, ids=lambda leak: leak.__name__)
async def test_what_tells_a_vent_from_other_forms_is_found(leak, leaking):
    """A row, a line or a figure without a word of the text: that there was a vent is nobody's business."""
    stage, rows = leaking
    assert await differences(stage, "playground", rows, family().text()) == []
    await stage.process.tell(leak.__name__)
    apart = await differences(stage, "playground", rows, family().text())
    await stage.process.tell("mended")
    assert [told for told in apart if told.startswith(leaky.APART[leak])]


@pytest.mark.skipif(not trace.present(), reason="strace is not installed here")
async def test_what_leaves_no_file_is_seen_under_strace(tmp_path, sqlite_template):
    """By network, as a program's argument, in a file that has no name: no search of places finds these."""
    folder = tmp_path / "run"
    folder.mkdir()
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'breather.sqlite3')}"
    async with staged(folder, url, traced=True, module=MODULE) as stage:
        searches = {leak: await let_out(stage, leak.__name__) for leak in leaky.TRACED}
        clean = await let_out(stage, "mended")
    for leak, search in searches.items():
        assert stage.found(search) == []
        assert trace.found(stage.process.calls, search) == [leaky.TRACED[leak]]
    assert trace.found(stage.process.calls, clean) == []


async def test_the_rungs_turn_red(leaking, monkeypatch):
    """A vent that can be told apart, and a search that misses what was planted: each breaks its rung."""
    stage, rows = leaking
    await stage.process.tell("a_row_for_every_vent")
    rung = await ladder.compared(stage, "playground", SQLITE, rows, ladder.Looking())
    await stage.process.tell("mended")
    assert rung.outcome is ladder.Outcome.BROKEN
    monkeypatch.setattr(ladder, "LEAKS", {"no such leak": None})
    rung = await ladder.awake(stage, SQLITE, rows)
    assert rung.outcome is ladder.Outcome.BROKEN
    assert "no such leak" in rung.says
