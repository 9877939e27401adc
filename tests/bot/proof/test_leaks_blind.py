"""Leaks by somebody who had not read the proof: it finds each, and each turns it red."""

import pytest

from bot.proof import trace
from bot.proof.alike import differences
from bot.proof.canary import family
from tests.players import leaks_blind as blind

pytestmark = pytest.mark.asyncio(loop_scope="session")


def name(leak):
    return leak.__name__


@pytest.mark.parametrize("leak", blind.FOUND, ids=name)
async def test_a_leak_is_found(leak, seen):
    """By the search, in the place it went to, while the coach runs."""
    running, _, _ = seen
    assert any(blind.FOUND[leak] in place for place in running[name(leak)])


@pytest.mark.parametrize("leak", blind.AT_THE_END, ids=name)
async def test_what_is_written_at_the_end_is_found_after_it(leak, seen):
    """The search has to come once more when the coach has stopped."""
    running, stopped, _ = seen
    assert running[name(leak)] == []
    assert any(blind.AT_THE_END[leak] in place for place in stopped[name(leak)])


@pytest.mark.skipif(not trace.present(), reason="strace is not installed here")
@pytest.mark.parametrize("leak", blind.TRACED, ids=name)
async def test_what_only_strace_sees(leak, seen):
    """A file without a name, held open: no search of places finds it."""
    _, stopped, traced = seen
    assert stopped[name(leak)] == []
    assert traced[name(leak)] == [blind.TRACED[leak]]


@pytest.mark.parametrize("leak", blind.APART, ids=name)
async def test_a_vent_with_such_a_leak_can_be_told_apart(leak, leaking):
    """What a search finds is also something that only a vent leaves."""
    stage, rows = leaking
    await stage.process.tell(f"{name(leak)} for vents")
    apart = await differences(stage, "playground", rows, family().text())
    await stage.process.tell("mended")
    assert [told for told in apart if told.startswith(blind.APART[leak])]
