"""One person's view of a card that everybody sees: theirs alone, made of what the card carries, traceless."""

import json
from copy import deepcopy
from datetime import date

import pytest

from adapters.teams.app import build_teams
from adapters.teams.fit import CARD, size
from adapters.teams.own import VERB, view, with_own
from adapters.teams.references import Reference
from coaching.people import Place, Room
from coaching.ports import Posted
from coaching.sealed import Words
from coaching.values import Choice, Heading, Letter, Note, Own, Para, Points, Reply
from tests.adapters.teams.activities import invoke
from tests.adapters.teams.lint import lint_card
from tests.players.serving import served
from tests.players.signing import TENANT
from tests.players.teams import KEPT, buttons
from tests.players.teams_api import aad, channel, idle

ALICE, BOB = "29:1alice", "29:2bob"
SAID = Reply(
    (Heading(("A *rule*",)), Para(("Try this.",)), Note(("Set by ", Words("<at>Ana</at>"), "."))),
    (Choice("Stop", "schedules.stop", "7"),),
    only_you=False,
    own=Own("alice", (Choice("Change", "schedules.change", "7"),)),
)
PLACE = Place("teams", TENANT, "19:abc@thread.tacv2", Room.CHANNEL)
MESSAGE = "application/vnd.microsoft.activity.message"


def asking(made, sender=ALICE, trigger="automatic"):
    """What a client sends for its person's view."""
    value = {"action": made["refresh"]["action"], "trigger": trigger}
    return invoke("adaptiveCard/action", value, **{"from": {"id": sender, "name": "canary"}})


def titles(made):
    return [button["title"] for button in buttons(made)]


@pytest.fixture
def made(playbook):
    return with_own(SAID, ALICE, playbook.wording)


# --------------------------------------------------------------------------- the card and its view


def test_the_shared_card_names_one_person_and_shows_nothing_of_theirs(made):
    """More people in it would tell who else looks at the channel."""
    assert made["refresh"]["userIds"] == [ALICE]
    assert made["refresh"]["action"]["type"] == "Action.Execute"
    assert titles(made) == ["Stop"]
    lint_card(made)


@pytest.mark.parametrize("trigger", ["automatic", "manual"])
def test_their_view_is_the_same_card_with_their_button(trigger, made, playbook):
    """It goes on being asked for, and the button opens a dialog as it does in their own chat."""
    body = view(asking(made, trigger=trigger), playbook.wording)
    assert (body["statusCode"], body["type"]) == (200, "application/vnd.microsoft.card.adaptive")
    theirs = body["value"]
    lint_card(theirs)
    assert theirs["refresh"] == made["refresh"]
    assert titles(theirs) == ["Stop", "Change"]
    assert theirs["body"][:-1] == made["body"][:-1]
    change = buttons(theirs)[1]
    assert change["data"]["msteams"] == {"type": "task/fetch"}
    assert change["data"][KEPT] == {"do": "tap", "action": "schedules.change", "value": "7"}


@pytest.mark.parametrize("sender", [BOB, "", "alice", "29:1ALICE"])
def test_anybody_else_gets_the_card_as_it_is(sender, made, playbook):
    """Whoever refreshes it by hand."""
    assert view(asking(made, sender), playbook.wording)["value"] == made


@pytest.mark.parametrize("number", ["", "alice", "8:orgid:x", "29:", "29:a b", "29:" + "x" * 300])
def test_without_teams_own_id_there_is_no_view(number, playbook):
    """Teams knows people here by nothing else."""
    assert with_own(SAID, number, playbook.wording) is None


LONG = "A sentence. " * 1200


@pytest.mark.parametrize(
    "said",
    [
        Reply(SAID.blocks, SAID.choices),
        Reply(SAID.blocks, SAID.choices, own=Own("alice", ())),
        Reply((), SAID.choices, own=SAID.own),
        Reply((*SAID.blocks, Points((("one",),))), SAID.choices, own=SAID.own),
        Reply((Para((LONG,)),), SAID.choices, own=SAID.own),
        Reply((Para((LONG * 4,)),), SAID.choices, own=SAID.own),
        Reply(SAID.blocks, SAID.choices * 21, own=SAID.own),
    ],
    ids=["none", "no button", "no text", "a list", "too long with it", "too long", "too many"],
)
def test_what_cannot_be_carried_has_no_view(said, playbook):
    """Then the card is the one that everybody sees."""
    assert with_own(said, ALICE, playbook.wording) is None


def test_the_largest_that_fits(playbook):
    """As large as it may be, the view is within the limit, with every word."""
    said = Reply((Para((LONG[:11_000],)),), SAID.choices, own=SAID.own)
    made = with_own(said, ALICE, playbook.wording)
    theirs = view(asking(made), playbook.wording)["value"]
    assert CARD * 3 // 4 < size(theirs) <= CARD
    lint_card(theirs)


# --------------------------------------------------------------------------- forged and broken


def change(path, value):
    def changed(kept):
        *way, last = path
        for step in way:
            kept = kept[step]
        kept[last] = value

    return changed


BROKEN = {
    "nobody": change(("who",), ""),
    "a number": change(("who",), 29),
    "more than a card holds": change(("blocks",), [["para", "x\n" * CARD, False]]),
    "another id": change(("who",), "8:orgid:x"),
    "no blocks": change(("blocks",), []),
    "a block of no kind": change(("blocks", 0, 0), "Image"),
    "an element": change(("blocks", 0), {"type": "Image", "url": "https://nobody.example"}),
    "a blank block": change(("blocks", 0, 1), " "),
    "no mark": change(("blocks", 0), ["para", "x"]),
    "too many": change(("blocks",), [["para", "x", False]] * 21),
    "too large": change(("blocks",), [["para", LONG, False]] * 3),
    "no button": change(("own",), []),
    "a button that is none": change(("own", 0), {"type": "Action.OpenUrl"}),
    "no label": change(("own", 0, 0), ""),
    "no action of ours": change(("own", 0, 1), "https://nobody.example"),
    "a long value": change(("choices", 0, 2), "x" * 501),
    "no buttons": change(("choices",), None),
    "too many buttons": change(("choices",), [["x", "a.b", "", "plain"]] * 21),
    "a style": change(("choices", 0, 3), "loud"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_what_is_no_card_of_ours_is_not_shown(how, made, playbook):
    """Nothing of it comes back."""
    sent = deepcopy(asking(made))
    BROKEN[how](sent["value"]["action"]["data"][KEPT])
    assert view(sent, playbook.wording) is None


def test_what_was_added_to_a_card_does_not_come_back(made, playbook):
    """A view is text and buttons of ours; what people wrote in it stays literal."""
    sent = deepcopy(asking(made))
    kept = sent["value"]["action"]["data"][KEPT]
    kept["more"] = sent["value"]["action"]["userIds"] = "canary"
    kept["blocks"][1][1] = "[link](https://nobody.example) <at>All</at>"
    theirs = view(sent, playbook.wording)["value"]
    lint_card(theirs)
    assert "canary" not in json.dumps(theirs)
    (line,) = [one for one in theirs["body"] if "link" in json.dumps(one)]
    assert line["type"] == "RichTextBlock"


# --------------------------------------------------------------------------- over the wire


@pytest.fixture
async def posted(adapter, api, references):
    """A tip in the channel, set by somebody whose own chat is known."""
    url = api.connector.url
    await references.remember(Reference(TENANT, "a:U1", "personal", url, "28:breather", "29:U1", aad("U1")))
    await references.remember(Reference(TENANT, PLACE.id, "channel", url, "28:breather"))

    async def post(user="U1", to=PLACE):
        said = Reply(SAID.blocks, SAID.choices, only_you=to.private, own=Own(aad(user), SAID.own.choices))
        assert await adapter.post.post(Letter(to, "A1", date(2026, 3, 2), said)) is Posted.SENT
        return api.connector.posted[-1][1]["attachments"][0]["content"]

    return post


async def test_a_tip_carries_the_view_of_who_set_it(posted):
    """If their own chat is known: only from there Teams' id of them is known."""
    assert (await posted())["refresh"]["userIds"] == ["29:U1"]
    assert "refresh" not in await posted("U2")
    assert "refresh" not in await posted(to=Place("teams", TENANT, aad("U1")))


@pytest.fixture
def ask(api):
    async def asked(action, sender="U1"):
        value = {"action": action, "trigger": "automatic"}
        sent = api.activity(
            "invoke", name="adaptiveCard/action", value=value, conversation=channel(), sender=sender
        )
        status, body = await api.proxy.send(sent)
        assert status == 200
        return json.loads(body)

    return asked


async def test_asking_for_a_view_leaves_no_trace(posted, ask, api, adapter, caplog):
    """The coach does not hear of it; nothing is remembered, said or logged, for no one who asks."""
    card = await posted()
    caplog.set_level("INFO", "adapters")
    told, kept = adapter.desk.coach, adapter.desk.references._kept
    before, said = dict(kept), len(api.connector.posted)
    action, forged = card["refresh"]["action"], {"type": "Action.Execute", "verb": VERB, "data": "canary"}
    mine, theirs, none = await ask(action), await ask(action, "U2"), await ask(forged)
    await idle(adapter)
    assert (titles(mine["value"]), titles(theirs["value"])) == (["Stop", "Change"], ["Stop"])
    assert none["type"] == MESSAGE
    assert "canary" not in json.dumps(none)
    assert (told.heard, len(api.connector.posted), caplog.text) == ([], said, "")
    assert list(kept.items()) == list(before.items())


async def test_a_view_outlives_a_restart(posted, ask, api, told, adapter):
    """Yesterday's card carries all that is needed."""
    action = (await posted())["refresh"]["action"]
    fresh = build_teams(told, api.settings(), adapter.desk.now)
    await fresh.start()
    async with served(fresh.asgi) as url:
        api.proxy.bot = url
        body = await ask(action)
    await fresh.stop()
    assert titles(body["value"]) == ["Stop", "Change"]


async def test_another_verb_is_a_button_like_any_other(posted, ask, told):
    """What a view carries does nothing elsewhere."""
    action = (await posted())["refresh"]["action"]
    assert (await ask({**action, "verb": "tips.more"}))["type"] == MESSAGE
    assert told.heard == []
