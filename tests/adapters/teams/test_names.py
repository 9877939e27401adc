"""Names in place of ids: asked for when they are said, literal, pinging nobody; words where none is told."""

import asyncio
import json
from datetime import date

import pytest

from adapters.teams.connector import Connector
from adapters.teams.names import MOST, Names, Scene, ids, worded
from adapters.teams.references import InMemory, Reference
from coaching.people import Place, Room
from coaching.ports import Posted
from coaching.sealed import Words
from coaching.values import Choice, Form, Heading, Item, Letter, Note, Para, Points, Reply
from tests.adapters.teams.lint import lint_message
from tests.players.books import PLAYBOOK
from tests.players.signing import TENANT
from tests.players.teams import words
from tests.players.teams_api import aad, channel, idle

WORDING = PLAYBOOK.wording
HERE, THERE, TEAM = "19:abc@thread.tacv2", "19:else@thread.tacv2", "19:team@thread.tacv2"
ANN, BOB = aad("U1"), aad("U2")
WHO = Reply((Para(("Set by ", f"@{BOB}", ".")),))
PUBLIC = Reply(WHO.blocks, only_you=False)


def seen(activity):
    lint_message(activity)
    return " ".join(words(activity["attachments"][0]["content"]))


@pytest.fixture
async def known(references, api):
    """The coach is in two channels of a team."""
    for number in (HERE, THERE):
        await references.remember(
            Reference(TENANT, number, "channel", api.connector.url, "28:breather", team_id=TEAM)
        )


@pytest.fixture
def letter():
    to = Place("teams", TENANT, HERE, Room.CHANNEL)
    return Letter(to, "A1", date(2026, 3, 2), PUBLIC, "m-1")


@pytest.fixture
def mention(adapter, told, api):
    """A mention in the channel, answered with these replies; gives what was posted."""

    async def made(*answers):
        told.answers = answers
        await api.proxy.send(api.activity("message", conversation=channel(HERE), text="remind"))
        await idle(adapter)
        return seen(api.connector.posted[-1][1])

    return made


# --------------------------------------------------------------------------- people


@pytest.mark.usefixtures("known")
async def test_a_tip_for_the_team_names_who_set_it(adapter, api, letter):
    """The name of that moment, in the card and in the notification; nobody is mentioned, so nobody pinged."""
    api.connector.names[TEAM, BOB] = "Bob Example"
    assert await adapter.post.post(letter) is Posted.SENT
    ((_, activity, _),) = api.connector.posted
    assert "Set by Bob Example." in seen(activity)
    assert "Bob Example" in activity["summary"]
    assert "entities" not in activity
    assert "entities" not in activity["attachments"][0]["content"]["msteams"]
    api.connector.names[TEAM, BOB] = "Bob Newname"
    await adapter.post.post(letter)
    assert "Bob Newname" in seen(api.connector.posted[-1][1])


@pytest.mark.usefixtures("known")
async def test_who_has_left_is_a_colleague(adapter, api, letter, caplog):
    """The directory does not know them any more: the tip still comes, and no id is shown."""
    caplog.set_level("INFO")
    assert await adapter.post.post(letter) is Posted.SENT
    ((_, activity, _),) = api.connector.posted
    assert "Set by a colleague." in seen(activity)
    assert BOB not in str(activity)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("adapters")]
    assert len(ours) == 2
    assert BOB not in "".join(ours)


@pytest.mark.usefixtures("known")
async def test_a_slow_directory_holds_nothing_up(adapter, api, letter, monkeypatch):
    """After a moment the words stand in."""
    monkeypatch.setattr("adapters.teams.names.SECONDS", 0.05)
    api.connector.names[TEAM, BOB], api.connector.hold = "Bob Example", asyncio.Event()
    assert await adapter.post.post(letter) is Posted.SENT
    api.connector.hold.set()
    assert "Set by a colleague." in seen(api.connector.posted[0][1])


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    "name",
    ["<at>Everyone</at>", "**Bob** [x](https://evil.example)", "{{DATE(2026-03-02T08:00:00Z)}}", "B\nob\x07"],
)
async def test_a_name_is_shown_literally(name, adapter, api, letter):
    """Whatever somebody has called themselves makes no markup, no link, no mention."""
    api.connector.names[TEAM, BOB] = name
    await adapter.post.post(letter)
    ((_, activity, _),) = api.connector.posted
    seen(activity)
    (line,) = activity["attachments"][0]["content"]["body"]
    assert line["type"] == "RichTextBlock"
    assert "<at>" not in activity["summary"]


async def test_a_very_long_name_is_cut(adapter, api, letter, known):
    """Eighty characters are enough for anybody."""
    api.connector.names[TEAM, BOB] = "B" * 500
    await adapter.post.post(letter)
    assert seen(api.connector.posted[0][1]) == f"Set by {'B' * 80}."


async def test_in_a_channel_the_reader_is_you(mention, api):
    """For their own eyes; in what everybody reads, they have a name."""
    api.connector.names[HERE, ANN] = "Ann Example"
    mine = Reply((Para(("Set by ", f"@{ANN}")),))
    assert await mention(mine) == "Set by you"
    assert api.connector.asked == []
    assert await mention(Reply(mine.blocks, only_you=False)) == "Set by Ann Example"


async def test_who_has_a_chat_with_the_coach_is_asked_for_by_teams_own_id(mention, api, references):
    """It is the one every client's directory knows."""
    await references.remember(Reference(TENANT, "a:U2", "personal", api.connector.url, "28:b", "29:U2", BOB))
    api.connector.names[HERE, "29:U2"] = "Bob Example"
    assert await mention(WHO) == "Set by Bob Example."


async def test_in_a_channel_a_colleague_has_a_name(mention, api):
    """For one person's eyes, too."""
    api.connector.names[HERE, BOB] = "Bob Example"
    assert await mention(WHO) == "Set by Bob Example."


async def test_in_a_chat_nobody_else_is_asked_for(adapter, told, api):
    """There is nobody else in it."""
    told.answers = (WHO,)
    await api.proxy.send(api.activity("message", text="hi"))
    await idle(adapter)
    assert seen(api.connector.posted[0][1]) == "Set by a colleague."
    assert api.connector.asked == []


# --------------------------------------------------------------------------- channels


@pytest.mark.usefixtures("known")
async def test_a_channel_is_said_by_its_name(mention, api):
    """The one spoken in is "this channel"; the first of a team has no name of its own at Teams."""
    api.connector.channels[TEAM] = [{"id": TEAM}, {"id": HERE, "name": "x"}, {"id": THERE, "name": "Returns"}]
    line = Para(("In ", f"#{HERE}", ", ", f"#{THERE}", " and ", f"#{TEAM}", "."))
    assert await mention(Reply((line,))) == "In this channel, Returns and a channel of your team."


async def test_the_first_channel_of_a_team(mention, api, references):
    """Teams gives it no name; a channel that is not listed has none either."""
    for number in (TEAM, THERE):
        await references.remember(
            Reference(TENANT, number, "channel", api.connector.url, "28:breather", team_id=TEAM)
        )
    api.connector.channels[TEAM] = [{"id": TEAM, "name": None}]
    line = Para((f"#{TEAM}", " and ", f"#{THERE}"))
    assert await mention(Reply((line,))) == "General and a channel of your team"


async def test_a_dialog_says_names_too(adapter, told, api, references, known):
    """A form's own sentences are sentences like any other."""
    api.connector.channels[TEAM] = [{"id": THERE, "name": "Returns"}]
    told.answers = (Form("schedules.change", "Change", (Para(("For ", f"#{THERE}")),), submit="Go"),)
    data = {"breather": {"do": "tap", "action": "schedules.change", "value": "1"}}
    _, body = await api.proxy.send(api.activity("invoke", name="task/fetch", value={"data": data}))
    shown = json.loads(body)["task"]["value"]["card"]["content"]
    assert "For Returns" in list(words(shown))


# --------------------------------------------------------------------------- which words are ids


def test_ids_are_found_in_the_coachs_own_sentences_only():
    """In every kind of block, also inside a line; never in what people wrote, never without its mark."""
    line = f"Team tip in #{HERE}, set by @{BOB}: daily (paused)"
    blocks = (
        Heading((f"#{THERE}.",)),
        Points(((line,), ("nothing",))),
        Item((f"@29:{'x' * 20}",), (Choice("A", "a.b"),)),
        Note((Words(f"@{BOB}"),)),
        Para((BOB, f"x-{HERE}", f"@{BOB}0")),
    )
    assert list(ids(blocks)) == [f"#{THERE}", f"#{HERE}", f"@{BOB}", f"@29:{'x' * 20}"]
    assert "".join(map(str, worded((line,), WORDING))) == (
        "Team tip in a channel of your team, set by a colleague: daily (paused)"
    )


async def test_what_people_wrote_stays_and_the_number_of_questions_is_bounded():
    """A person's own words keep their ids; beyond a handful, words stand in."""
    directory = Directory()
    people = [f"@{number:08x}-0000-4000-8000-{'a' * 12}" for number in range(MOST + 5)]
    theirs = Words(f"@{BOB}")
    reply = Reply((Points(tuple((one,) for one in people)), Para((theirs,))))
    scene = Scene(Reference(TENANT, HERE, "channel", "https://x/", "28:b"))
    (put,) = await Names(directory, InMemory(), WORDING).put((reply,), scene)
    assert len(directory.asked) == MOST
    assert put.blocks[1].text == (theirs,)
    told = ["".join(p.reveal() if isinstance(p, Words) else p for p in item) for item in put.blocks[0].items]
    assert told == ["Somebody"] * MOST + ["a colleague"] * 5


class Directory(Connector):
    """Knows everybody by the same name; counts who asks."""

    def __init__(self):
        self.asked = []

    async def member(self, to, member_id):
        self.asked.append(member_id)
        return {"name": "Somebody"}


async def test_a_directory_that_breaks_costs_a_name_only():
    """Any error there: the words."""

    class Broken(Directory):
        async def member(self, to, member_id):
            raise ValueError(member_id)

    scene = Scene(Reference(TENANT, HERE, "channel", "https://x/", "28:b"))
    (put,) = await Names(Broken(), InMemory(), WORDING).put((WHO,), scene)
    assert "".join(put.blocks[0].text) == "Set by a colleague."
