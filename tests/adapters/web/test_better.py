"""A review's card is shown at once; the page puts a better one in its place when it comes."""

import asyncio
import json

import pytest

from coaching.sealed import Words
from coaching.values import Choice, Draft, Para, Reply
from tests.adapters.web.conftest import TOKEN, Caller, Told

CARD = Reply((Para(("the review",)),), (Choice("Stop", "review.stop", "w1"),), later="w1")
BETTER = Reply((Para(("the review",)), Draft((Words("<better> words"),))))


@pytest.fixture
def told(playbook):
    return Told(playbook)


@pytest.fixture
def caller(told):
    from adapters.web.app import build
    from adapters.web.inbox import Inbox
    from tests.adapters.web.conftest import AT

    told.inbox = Inbox()
    return Caller(build(told, told.inbox, TOKEN, lambda: AT))


async def do(caller, **what):
    body = {"id": f"request-{next(caller.ids):08}", "place": "chat", "zone": "Europe/Berlin", **what}
    return (await caller.call("POST", "/do", json.dumps(body).encode())).json()


async def test_a_card_is_replaced(caller, told):
    """The page is told which, and what to show; a model's words are escaped like anybody's."""
    told.answers, told.better_later = (CARD,), {"w1": BETTER}
    first = await do(caller, do="say", text="review this")
    assert 'data-later="w1"' in first["chat"][0]
    (news,) = (await caller.call("GET", "/letters?after=0")).json()
    assert (news["key"], news["number"]) == ("w1", 1)
    assert "&lt;better&gt; words" in news["html"]


async def test_what_does_not_come_changes_nothing(caller, told):
    """The card stays."""
    told.answers = (CARD,)
    await do(caller, do="say", text="review this")
    await asyncio.sleep(0.01)
    told.answers, told.better_later = (CARD,), {"w1": BETTER}
    await do(caller, do="say", text="review that")
    assert [n["number"] for n in (await caller.call("GET", "/letters?after=0")).json()] == [1]


async def test_the_stop_button_says_nothing_of_its_own(caller, told):
    """The card on the page is put right."""
    told.answers = (CARD,)
    assert await do(caller, do="tap", action="review.stop", value="w1") == {"chat": [], "dialog": None}


async def test_a_card_that_ends_with_the_process_still_comes(caller, told):
    """A page that waits is sent home a moment later, with the card as it is then."""
    told.answers = (CARD,)
    waiting = asyncio.ensure_future(caller.call("GET", "/letters?after=0"))
    await asyncio.sleep(0)
    told.inbox.close()
    told.better_later = {"w1": BETTER}
    await do(caller, do="say", text="review this")
    assert [news["key"] for news in (await waiting).json()] == ["w1"]
