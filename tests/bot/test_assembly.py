"""One Post for all platforms."""

from datetime import date

from bot.assembly import Posts
from coaching.people import Place
from coaching.ports import Posted
from coaching.values import Letter, Reply


async def test_a_letter_goes_out_through_its_own_platform(outbox):
    """One that is switched off sends later; nobody else sends in its place."""
    posts = Posts({"web": outbox})
    here, there = (
        Letter(Place(name, "t", "D1"), "A1", date(2026, 3, 2), Reply(())) for name in ("web", "teams")
    )
    assert await posts.post(here) is Posted.SENT
    assert await posts.post(there) is Posted.LATER
    assert outbox.letters == [here]
