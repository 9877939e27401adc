"""Activities of Teams become Messages: each kind, what is left alone, and what is sealed."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.cards import KEPT, card
from adapters.teams.dialogs import dialog
from adapters.teams.incoming import Way, read, removed
from adapters.teams.parts import handed, reference_of
from adapters.teams.references import Reference
from coaching.people import Person, Place, Room, Zone
from coaching.sealed import Sealed, Words
from coaching.skills.vent import vent
from coaching.turn import Known, Setup
from coaching.values import Command, Form, Handed, Message, Opened, Said, Submitted, Tapped
from tests.adapters.teams.activities import (
    ALICE,
    AT,
    BOB,
    CHANNEL,
    CHANNEL_ID,
    COACH,
    PERSONAL,
    TENANT,
    activity,
    executed,
    extension,
    invoke,
    mentioned,
    payload,
)
from tests.players.everything import form, reply
from tests.players.teams import buttons, filled

WHO = Person("teams", TENANT, ALICE)
DIRECT = Place("teams", TENANT, ALICE)
THERE = Place("teams", TENANT, CHANNEL_ID, Room.CHANNEL)
CANARY = "kestrel-umbrella-4711"
TAP = {KEPT: {"do": "tap", "action": "tips.more", "value": "A1", "state": "s1"}}
SEND = {KEPT: {"do": "send", "form": "review.write", "state": "s1"}, "open.text.draft": "Calm down."}


def content(payload):
    return read(payload, AT).message.content


# --------------------------------------------------------------------------- the personal chat


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("Customer says it is late", Said(Words("Customer says it is late"))),
        ("review", Command("review", Words(""))),
        ("Tip", Command("tip", Words(""))),
        ("/tip A1", Command("tip", Words("A1"))),
        ("/review Calm & kind <3", Command("review", Words("Calm & kind <3"))),
        ("/", Command("", Words(""))),
        ("/frobnicate", Command("frobnicate", Words(""))),
        ("/I want to shout at somebody", Said(Words("I want to shout at somebody"))),
        ("review Calm down.", Said(Words("review Calm down."))),
        ("home", Opened("home")),
        ("/Home", Opened("home")),
    ],
)
def test_what_is_typed_to_the_coach(text, heard):
    """A command by its word or with a slash; everything else is a sentence."""
    assert content(activity(text=text)) == heard


def test_a_message():
    """Who, where, when, and the zone of the person's own client."""
    made = read(activity(text="hello"), AT)
    assert made.message == Message(
        made.message.id, WHO, DIRECT, AT, Said(Words("hello")), Zone("Europe/Berlin")
    )
    assert (made.way, made.invoke, made.sender) == (Way.TALK, False, "29:1alice")
    assert made.reference == Reference(
        TENANT,
        "a:1alice",
        "personal",
        "https://smba.trafficmanager.net/emea/",
        "28:app",
        "29:1alice",
        ALICE,
        locale="de-DE",
        zone="Europe/Berlin",
    )


def test_the_home_page_is_the_persons_own():
    """As a place, too."""
    assert read(activity(text="home"), AT).message.where == Place("teams", TENANT, ALICE, Room.HOME)


@pytest.mark.parametrize(
    ("fields", "zone"),
    [
        ({"entities": [{"type": "clientInfo", "timezone": "Mars/Base"}]}, None),
        ({"entities": [], "localTimezone": "America/Lima"}, Zone("America/Lima")),
        ({"entities": "none"}, None),
        ({"entities": [5, {"type": "clientInfo"}]}, None),
    ],
)
def test_the_zone_hint(fields, zone):
    """Only a zone there is."""
    assert read(activity(text="hi", **fields), AT).message.zone_hint == zone


def test_somebody_without_a_directory_id():
    """Teams' own id stands in."""
    sender = {"id": "29:1alice"}
    assert read(activity(text="hi", **{"from": sender}), AT).message.who.user == "29:1alice"


# --------------------------------------------------------------------------- channels


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("tip", Command("tip", Words(""))),
        ("/tip  A1", Command("tip", Words("A1"))),
        ("", Command("", Words(""))),
        ("my  customer is angry", Said(Words("my  customer is angry"))),
    ],
)
def test_commands_in_a_channel(text, heard):
    """By mention, without the mention."""
    made = read(mentioned(text), AT)
    assert made.message.content == heard
    assert made.message.where == THERE


def test_a_slash_command_in_a_channel():
    """It arrives addressed to the coach alone, with no mention."""
    sent = activity(text="review Calm down.", conversation=CHANNEL, recipient={**COACH, "isTargeted": True})
    assert content(sent) == Command("review", Words("Calm down."))
    in_chat = activity(text="tip A1", recipient={**COACH, "isTargeted": True})
    assert content(in_chat) == Command("tip", Words("A1"))


def test_other_mentions_stay_as_names():
    """Only the coach's own mention goes; what the client escaped is unescaped."""
    mentions = [
        {"type": "mention", "text": "<at>Breather</at>", "mentioned": COACH},
        {"type": "mention", "text": "<at>Ana</at>", "mentioned": {"id": "29:ana", "name": "Ana"}},
        {"type": "mention", "mentioned": {}},
    ]
    text = "<at>Breather</at>&nbsp;thank <at>Ana</at> &amp; co"
    sent = activity(text=text, conversation=CHANNEL, entities=mentions, textFormat="xml")
    assert content(sent) == Said(Words("thank @Ana & co"))


def test_a_channels_reference_holds_nobody():
    """The channel and the team, without the thread."""
    data = {"tenant": {"id": TENANT}, "team": {"id": "19:team"}, "channel": {"id": CHANNEL_ID}}
    kept = reference_of(mentioned("tip", channelData=data))
    assert (kept.conversation_id, kept.kind, kept.team_id, kept.channel_id) == (
        CHANNEL_ID,
        "channel",
        "19:team",
        CHANNEL_ID,
    )
    assert (kept.user_id, kept.aad_object_id, kept.user) == ("", "", "")


@pytest.mark.parametrize(
    ("conversation", "kind"),
    [
        ({"id": "x", "conversationType": "groupChat"}, "group"),
        ({"id": "x", "isGroup": True}, "group"),
        ({"id": "x"}, "personal"),
        ({"id": "19:a_b@unq.gbl.spaces", "conversationType": "personal"}, "group"),
    ],
)
def test_kinds_of_conversations(conversation, kind):
    """As they are told, or as they look."""
    assert reference_of(activity(conversation=conversation)).kind == kind


# --------------------------------------------------------------------------- installing


def test_installing():
    """In a private chat, told in two ways."""
    assert content(activity("installationUpdate", action="add")) == Opened("install")
    joined = [{"id": "28:app"}, {"id": "29:1alice"}]
    assert content(activity("conversationUpdate", membersAdded=joined)) == Opened("tab")


@pytest.mark.parametrize(
    "sent",
    [
        activity("installationUpdate", action="add", conversation=CHANNEL),
        activity("installationUpdate", action="remove"),
        activity("installationUpdate", action="add-upgrade"),
        activity("conversationUpdate", membersAdded=[{"id": "29:bob"}, 5]),
        activity("conversationUpdate", membersRemoved=[{"id": "28:app"}]),
        activity("conversationUpdate"),
    ],
)
def test_what_says_nothing(sent):
    """Teams, updates and other people's comings and goings."""
    assert read(sent, AT) is None


def test_removed():
    """Only an installation that is taken away."""
    assert removed(activity("installationUpdate", action="remove"))
    assert not removed(activity("installationUpdate", action="add"))
    assert not removed(activity("message", action="remove"))


# --------------------------------------------------------------------------- the message extension


def test_own_message_handed_over():
    """By the directory's id or Teams' own; HTML is read as text."""
    html = "<div><p>Hi <at id='0'>Ana</at>,</p><p>calm&nbsp;down &amp; wait<br>Best</p></div>"
    made = read(extension(messagePayload=payload(ALICE, html)), AT)
    assert made.message.content == Handed(Words("Hi @Ana,\ncalm down & wait\nBest"), own=True)
    assert (made.way, made.invoke, made.message.where) == (Way.DIALOG, True, DIRECT)
    assert content(extension(messagePayload=payload("29:1alice", "Calm down.", "text"))) == Handed(
        Words("Calm down."), own=True
    )


@pytest.mark.parametrize("author", [BOB, "", None], ids=["somebody else", "nobody", "no id"])
def test_anybody_elses_message_handed_over(author):
    """Also a bot's, and one that names nobody."""
    assert content(extension(messagePayload=payload(author))) == Handed(Words("Calm down."), own=False)
    bots = {**payload(author), "from": {"user": None, "application": {"id": "x"}}}
    assert content(extension(messagePayload=bots)) == Handed(Words("Calm down."), own=False)


def test_the_compose_box():
    """The review, whose result can be put back; in a channel it is the person's own, too."""
    made = read({**extension(context="compose"), "conversation": CHANNEL}, AT)
    assert made.message.content == Command("review", Words(""))
    assert (made.compose, made.message.where) == (True, DIRECT)
    assert not read(extension(context="commandBox"), AT).compose


def test_venting_from_the_compose_box():
    """The vent, with no message, whatever it stands on."""
    assert content(extension("ventSpace", messagePayload=payload(ALICE))) == Command("vent", Words(""))
    assert read(extension("somethingElse"), AT) is None


@given(st.text(max_size=200))
def test_any_html_is_read(text):
    """Broken tags, entities, anything."""
    handed(payload(ALICE, text))


# --------------------------------------------------------------------------- buttons and forms


@pytest.mark.parametrize(
    ("sent", "way"),
    [
        (executed(TAP), Way.TAP),
        (activity(value=TAP), Way.TAP),
        (invoke("task/fetch", {"data": {"msteams": {"type": "task/fetch"}, **TAP}}), Way.DIALOG),
        (invoke("task/submit", {"data": TAP}), Way.SENT),
        (invoke("composeExtension/submitAction", {"data": TAP}), Way.SENT),
    ],
)
def test_a_button(sent, way):
    """The same button, in every way it can come; the text typed beside it is not read."""
    made = read(sent, AT)
    assert (made.message.content, made.way) == (Tapped("tips.more", "A1", "s1"), way)
    assert made.invoke is (sent["type"] == "invoke")


def test_a_form():
    """Its id, its state and its fields."""
    sent = invoke("task/submit", {"data": SEND}, conversation=CHANNEL)
    assert content(sent) == Submitted("review.write", {"draft": Words("Calm down.")}, "s1")
    assert read(sent, AT).message.where == THERE


@pytest.mark.parametrize(
    "kept",
    [
        None,
        {},
        {"do": "tap"},
        {"do": "tap", "action": "no dot"},
        {"do": "tap", "action": "a.b", "value": "x" * 501},
        {"do": "send", "form": "../etc"},
        {"do": "dance", "action": "a.b"},
        {"do": 5, "action": []},
    ],
)
def test_what_is_no_button_of_ours(kept):
    """Data somebody made up does nothing."""
    assert read(executed({KEPT: kept}), AT) is None


def test_our_own_buttons():
    """A form that waits, what it was asked for with, and a draft for the compose box."""
    kept = {"do": "tap", "action": "teams.open", "key": "k1", "again": {"command": "remind"}}
    made = read(executed({KEPT: kept}), AT)
    assert (made.key, made.again) == ("k1", Command("remind", Words("")))
    again = {"action": "schedules.change", "value": "7"}
    assert read(executed({KEPT: {**kept, "again": again}}), AT).again == Tapped("schedules.change", "7")
    assert read(executed({KEPT: {**kept, "again": {"command": "rm"}}}), AT).again is None
    draft = {"do": "tap", "action": "teams.insert", "draft": "Sorry, Ana."}
    assert read(executed({KEPT: draft}), AT).draft == Words("Sorry, Ana.")


def test_every_button_and_form_comes_back():
    """What the cards carry is what is heard."""
    for button in buttons(card((reply(),), None)):
        made = read(executed(button["data"]), AT)
        assert made.message.content == Tapped(
            button["data"][KEPT]["action"], button["data"][KEPT].get("value", "")
        )


def test_a_vent_is_private_wherever_it_is_opened():
    """In a channel, too."""
    tap = {KEPT: {"do": "tap", "action": "vent.open"}}
    send = {KEPT: {"do": "send", "form": "vent.out"}, "sealed.text.box": CANARY}
    for sent in (
        executed(tap, conversation=CHANNEL),
        invoke("task/submit", {"data": send}, conversation=CHANNEL),
    ):
        assert read(sent, AT).message.where == DIRECT


async def test_a_vent_is_sealed(playbook):
    """From the real vent form: the box becomes Sealed, and the text is in no repr and not in the id."""
    opened = Message("m", WHO, DIRECT, AT, Command("vent", Words("")))
    (asked,) = vent(opened, Known(setup=Setup(demo=True)), playbook).replies
    assert isinstance(asked, Form)
    made = dialog(asked, playbook.wording)["task"]["value"]["card"]["content"]
    (send,) = [b for b in buttons(made) if b["data"][KEPT]["do"] == "send"]
    sent = invoke("task/submit", {"data": {**send["data"], **filled(made, {"box": CANARY})}})
    heard = read(sent, AT)
    assert isinstance(heard.message.content.fields["box"], Sealed)
    assert CANARY not in repr(heard)
    other = copy.deepcopy(sent)
    other["value"]["data"]["sealed.text.box"] = "something else"
    assert read(other, AT).message.id == heard.message.id


# --------------------------------------------------------------------------- the same, other, broken


def test_the_same_activity_twice_has_the_same_id():
    """And another one has another."""
    one, two = activity(text="hi"), activity(text="hi", id="2")
    assert read(one, AT).message.id == read(copy.deepcopy(one), AT).message.id
    assert read(one, AT).message.id != read(two, AT).message.id


@pytest.mark.parametrize(
    "sent",
    [
        activity(text=""),
        activity(text="  "),
        activity("typing"),
        activity("messageReaction"),
        activity(text="hi", **{"from": {"id": "28:other"}}),
        activity(text="hi", **{"from": {"id": "x", "role": "bot"}}),
        activity(text="hi", **{"from": {}}),
        activity(text="hi", conversation={"id": ""}),
        activity(text="hi", channelData={}, conversation={"id": "a:1"}),
        activity(text="hi", serviceUrl=""),
        invoke("signin/verifyState", {}),
        invoke("", None),
        {},
    ],
)
def test_what_is_not_meant_for_the_coach(sent):
    """Bots, empty texts, typing, and what names nobody or nowhere."""
    assert read(sent, AT) is None


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
KEYS = (
    "from",
    "recipient",
    "conversation",
    "channelData",
    "entities",
    "value",
    "text",
    "name",
    "membersAdded",
)


@given(
    st.sampled_from(
        [activity(text="hi"), mentioned("tip"), executed(TAP), extension(), invoke("task/submit", {})]
    ),
    st.dictionaries(st.sampled_from(KEYS), ANY, max_size=4),
)
def test_no_shape_of_an_activity_raises(sent, broken):
    """Whatever Teams may send one day, it is read or left alone."""
    made = read({**sent, **broken}, AT)
    assert made is None or json.dumps(made.message.id)


def test_a_conversation_falls_back_on_its_own_tenant():
    """Where the channel data name none."""
    assert read(activity(text="hi", channelData={}, conversation=PERSONAL), AT).message.who == WHO


def test_every_kind_of_field_is_read_from_its_card(playbook):
    """A whole form, there and back."""
    made = dialog(form("Some words"), playbook.wording)["task"]["value"]["card"]["content"]
    (send,) = [b for b in buttons(made) if b["data"][KEPT]["do"] == "send"]
    heard = content(invoke("task/submit", {"data": {**send["data"], **filled(made, {})}}))
    assert (heard.form, heard.state) == ("review.everything", "step:2")
    assert set(heard.fields) >= {"line", "text", "one", "several", "at", "day", "zone", "channel"}
