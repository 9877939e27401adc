"""Letters wait for the page: in order, bounded, shown once."""

import asyncio
from datetime import date

import pytest

from adapters.web.inbox import Inbox
from adapters.web.places import CHAT, HOME, TEAM
from coaching.people import Place, Room
from coaching.ports import Posted
from coaching.values import Choice, Letter, Para, Reply
from tests.players.web import choices, said, tree


def letter(number=1, to=CHAT):
    reply = Reply((Para((f"Tip {number}",)),), (Choice("Stop", "tips.stop"),), only_you=to.private)
    return Letter(to, "A1", date(2026, 3, 2), reply)


async def test_letters_wait_until_a_page_opens(inbox):
    """What came while no page was open is there when one opens, in order."""
    assert [await inbox.post(letter(n)) for n in (1, 2)] == [Posted.SENT] * 2
    assert [number for number, _ in await inbox.after(0, 0)] == [1, 2]


async def test_shown_letters_are_dropped(inbox):
    """The page says what it has seen; a page opened later does not get it again."""
    await inbox.post(letter(1))
    await inbox.post(letter(2))
    assert [number for number, _ in await inbox.after(1, 0)] == [2]
    assert [number for number, _ in await inbox.after(0, 0)] == [2]
    assert await inbox.after(2, 0) == ()


async def test_a_waiting_page_is_woken(inbox):
    """Every open page gets the letter at once."""
    pages = [asyncio.create_task(inbox.after(0, 30)) for _ in range(2)]
    await asyncio.sleep(0)
    await inbox.post(letter(1))
    assert [[number for number, _ in found] for found in await asyncio.gather(*pages)] == [[1], [1]]


async def test_waiting_ends(inbox):
    """Without news after the time given; at once when the server stops, and from then on."""
    assert await inbox.after(0, 0.01) == ()
    page = asyncio.create_task(inbox.after(0, 30))
    await asyncio.sleep(0)
    inbox.close()
    assert await page == ()
    assert await inbox.after(0, 30) == ()


async def test_letters_are_bounded():
    """The oldest make room."""
    inbox = Inbox(bound=2)
    for n in (1, 2, 3):
        await inbox.post(letter(n))
    assert [number for number, _ in await inbox.after(0, 0)] == [2, 3]


@pytest.mark.parametrize(
    "place",
    [Place("web", "local", "other", Room.CHANNEL), Place("slack", "T1", "you"), Place("web", "x", "you")],
)
async def test_a_place_the_playground_has_not_is_gone(place, inbox):
    """Nothing is shown in the wrong place."""
    assert await inbox.post(letter(to=place)) is Posted.GONE
    assert await inbox.after(0, 0) == ()


@pytest.mark.parametrize(
    ("to", "pane", "public"), [(CHAT, "chat", False), (TEAM, "team", True), (HOME, "home", False)]
)
async def test_the_page_gets_letters_by_pane(to, pane, public, caller, inbox):
    """A private one in the chat, a team tip in the channel, with its buttons."""
    await inbox.post(letter(7, to))
    answer = await caller.call("GET", "/letters?after=0")
    (shown,) = answer.json()
    root = tree(shown["html"])
    assert (shown["number"], shown["place"]) == (1, pane)
    assert said(root) == "Tip 7"
    assert [b.attributes["data-action"] for b in choices(root)] == ["tips.stop"]
    assert next(root.all("article")).has("data-public") is public


@pytest.mark.parametrize("query", ["", "?after=", "?after=-1", "?after=x", "?after=²", "?after=12345678901"])
async def test_an_odd_question_for_letters_is_refused(query, caller):
    """A number is all it takes."""
    assert (await caller.call("GET", f"/letters{query}")).status == 400
