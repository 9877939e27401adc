"""What a model answered is kept for ten minutes and no longer."""

import asyncio
import time

from adapters.llm.kept import Kept


async def test_an_answer_goes_by_itself():
    """Nobody has to ask again for it to be gone."""
    assert Kept(time.monotonic).seconds == 600
    kept = Kept(time.monotonic, seconds=0.05)
    kept.put("one", "an answer")
    async with asyncio.timeout(5):
        while kept._values:  # noqa: ASYNC110 - a timer is waited for
            await asyncio.sleep(0.01)


async def test_an_old_one_is_not_given_and_the_oldest_make_room():
    """By the clock, whenever the timer comes; there are never more than so many."""
    now = [0.0]
    kept = Kept(lambda: now[0], bound=2)
    for name in ("one", "two", "three"):
        kept.put(name, name)
        now[0] += 250
    assert [kept.get(name) for name in ("one", "two", "three")] == [None, "two", "three"]
    now[0] += 250
    assert [kept.get(name) for name in ("two", "three")] == [None, "three"]
    assert list(kept._values) == ["three"]
