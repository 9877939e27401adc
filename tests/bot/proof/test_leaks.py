"""The proof proves itself: every leak planted in the coach makes it red, wherever it leaks to."""

import asyncio

import pytest

from bot.proof import rungs, trace
from bot.proof.alike import differences
from bot.proof.canary import family
from bot.proof.leaks import LEAKS
from bot.proof.noted import Noting
from bot.proof.servers import SQLITE
from tests.players import leaking_house as leaky
from tests.players.leaking import let_out, places

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
@pytest.mark.parametrize("leak", leaky.TRACED, ids=lambda leak: leak.__name__)
async def test_what_leaves_no_file_is_seen_under_strace(leak, seen):
    """By network, in a file that has no name or is gone: no search of places finds these."""
    _, stopped, traced = seen
    assert stopped[leak.__name__] == []
    assert [call for call in traced[leak.__name__] if leaky.TRACED[leak] in call]


async def test_without_a_leak_no_place_and_no_call_has_it(seen):
    """The same coach, traced, with no leak."""
    _, stopped, traced = seen
    assert (stopped["mended"], traced["mended"]) == ([], [])


async def test_the_rungs_turn_red(leaking, monkeypatch):
    """A vent that can be told apart, and a search that misses what was planted: each breaks its rung."""
    stage, rows = leaking
    await stage.process.tell("a_row_for_every_vent")
    rung = await rungs.compared(stage, "playground", SQLITE, rows, rungs.Looking())
    await stage.process.tell("mended")
    assert rung.outcome is rungs.Outcome.BROKEN
    monkeypatch.setattr(rungs, "LEAKS", {"no such leak": None})
    rung = await rungs.awake(stage, SQLITE, rows)
    assert rung.outcome is rungs.Outcome.BROKEN
    assert "no such leak" in rung.says


async def test_what_is_left_of_a_no_is_found(leaking):
    """In a file; and where nothing was asked about or kept, nothing is proved."""
    stage, rows = leaking
    noting, there = Noting(), await rows()
    (stage.folder / "left.txt").write_text(noting.typed)
    assert noting.found(stage, there, there) == [
        "file left.txt (after no)",
        "no place, as nothing was asked about",
        "no place, as no remark was kept",
        "no place, as no promise was kept",
    ]
    (stage.folder / "left.txt").write_text(noting.promise)
    rung = await rungs.noted(stage, "playground", SQLITE, rows)
    assert rung.outcome is rungs.Outcome.HELD
    assert noting.found(stage, there, await rows())[0] == "file left.txt (a promise, unsealed)"
    (stage.folder / "left.txt").unlink()
