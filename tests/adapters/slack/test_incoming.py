"""Slack's payloads become Messages: each kind, what is left alone, and what is sealed."""

import copy
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.fit import unescaped
from adapters.slack.incoming import Way, read
from adapters.slack.views import modal, read_kept
from coaching.people import Person, Place, Room
from coaching.sealed import Sealed, Words
from coaching.skills.vent import vent
from coaching.turn import Known, Setup
from coaching.values import Command, Form, Handed, Message, Opened, Said, Submitted, Tapped
from tests.adapters.slack.payloads import (
    ALICE,
    BOB,
    COMMAND,
    TEAM,
    acted,
    button,
    event,
    message,
    shortcut,
    submit,
    tap,
    typed,
    view,
)
from tests.players.everything import form

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
WHO = Person("slack", TEAM, ALICE)
DIRECT = Place("slack", TEAM, ALICE)
CHANNEL = Place("slack", TEAM, "C01SUPPORT", Room.CHANNEL)
CANARY = "kestrel-umbrella-4711"


def content(payload):
    return read(payload, AT).message.content


# --------------------------------------------------------------------------- commands


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("", Command("", Words(""))),
        ("review", Command("review", Words(""))),
        ("Review  Calm &amp; kind &lt;3", Command("review", Words("Calm & kind <3"))),
        ("frobnicate", Command("frobnicate", Words(""))),
        ("I want to shout at somebody", Said(Words("I want to shout at somebody"))),
        ("<!channel> <@U123|bob>", Said(Words("@channel @bob"))),
        ("no!", Said(Words("no!"))),
    ],
)
def test_command(text, heard):
    """A sub-word and the rest; an unknown single word is a command too, anything longer is free text."""
    inbound = read({**COMMAND, "text": text}, AT)
    assert inbound.message.content == heard
    assert (inbound.way, inbound.trigger) == (Way.SLASH, COMMAND["trigger_id"])
    assert (inbound.message.who, inbound.message.where, inbound.message.at) == (WHO, CHANNEL, AT)


def test_command_in_a_direct_chat_is_private():
    """Typed in any DM, the place is the person's own chat."""
    assert read({**COMMAND, "channel_id": "D77"}, AT).message.where == DIRECT


# --------------------------------------------------------------------------- events


def test_direct_message():
    """What is written in the DM is said to the coach; its own time is the thread's root."""
    inbound = read(message(text="Calm &lt;b&gt; <https://a.example|our page>"), AT)
    assert inbound.message.content == Said(Words("Calm <b> our page"))
    assert (inbound.message.where, inbound.channel) == (DIRECT, "D01")
    assert (inbound.thread, inbound.top) == ("1772438400.000100", True)
    deeper = read(message(thread_ts="1.1"), AT)
    assert (deeper.thread, deeper.top) == ("1.1", False)


def test_a_chat_is_known_by_its_id():
    """Without a channel_type, an id that starts with D is a DM."""
    payload = message()
    del payload["event"]["channel_type"]
    assert content(payload) == Said(Words("hello"))


@pytest.mark.parametrize(
    "fields",
    [
        {"bot_id": "B1"},
        {"subtype": "message_changed"},
        {"subtype": "bot_message"},
        {"subtype": "message_changed", "message": {"user": ALICE, "text": "Calm down!"}},
        {"subtype": "message_deleted", "previous_message": {"user": ALICE, "text": "Calm down!"}},
        {"subtype": "channel_join"},
        {"hidden": True},
        {"user": ""},
        {"text": "  "},
        {"channel": "C1", "channel_type": "channel"},
        {"type": "reaction_added"},
    ],
)
def test_what_is_not_for_the_coach(fields):
    """Bots, edits, hidden and empty messages, channels and other events are left alone."""
    assert read(message(**fields), AT) is None


@pytest.mark.parametrize(
    ("fields", "heard"),
    [
        ({"subtype": "file_share", "files": [{"id": "F1"}], "text": "tip"}, "tip"),
        ({"subtype": "file_share", "files": [{"id": "F1"}], "text": ""}, ""),
        ({"subtype": "thread_broadcast", "thread_ts": "1.1", "text": "tip"}, "tip"),
        ({"text": "word " * 8000}, "word " * 8000),
    ],
    ids=["file", "file alone", "also sent to the chat", "40,000 letters"],
)
def test_typed_in_other_ways(fields, heard):
    """Beside a file, out of a thread, or very long: said to the coach; the file itself is not looked at."""
    assert content(message(**fields)) == Said(Words(heard))


def test_surfaces_opened():
    """Home and the Messages tab are two surfaces."""
    home = read(event(type="app_home_opened", channel="D01", tab="home"), AT)
    assert home.message.content == Opened("home")
    assert (home.message.where, home.way) == (Place("slack", TEAM, ALICE, Room.HOME), Way.HOME)
    chat = read(event(type="app_home_opened", channel="D01", tab="messages"), AT)
    assert (chat.message.content, chat.message.where, chat.way) == (Opened("tab"), DIRECT, Way.TALK)


# --------------------------------------------------------------------------- shortcuts


def test_own_message_is_handed_over_as_own():
    """Alice on Alice's reply: hers to review."""
    inbound = read(shortcut(ALICE), AT)
    assert inbound.message.content == Handed(Words("Calm down."), own=True)
    assert (inbound.way, inbound.message.where) == (Way.SHORTCUT, DIRECT)


@pytest.mark.parametrize("payload", [shortcut(BOB), shortcut(""), shortcut(ALICE, bot_id="B1")])
def test_anybody_elses_message_is_never_own(payload):
    """A lead on an agent's message, or a bot's message: not theirs to review."""
    assert content(payload) == Handed(Words("Calm down."), own=False)


def test_global_shortcuts():
    """The two global shortcuts are the two commands."""
    assert content(acted("shortcut", callback_id="open_vent")) == Command("vent", Words(""))
    assert content(acted("shortcut", callback_id="open_review")) == Command("review", Words(""))
    assert read(acted("shortcut", callback_id="unknown"), AT) is None
    assert read({**shortcut(ALICE), "user": {}}, AT) is None


# --------------------------------------------------------------------------- buttons


def test_tap_in_a_channel():
    """A button in a channel's message: action and value as the Choice had them."""
    inbound = read(tap(), AT)
    assert inbound.message.content == Tapped("tips.more", "A1", "")
    assert (inbound.way, inbound.message.where, inbound.channel) == (Way.TAP, CHANNEL, "C01SUPPORT")


def test_tap_in_private():
    """In the DM, and on an answer only this person sees."""
    assert read(tap(channel="D01"), AT).message.where == DIRECT
    assert read(tap(ephemeral=True), AT).ephemeral


def test_tap_in_a_modal_reads_nothing_typed():
    """The view's state holds the open text box: nothing of it is in the message, its repr or the view."""
    payload = acted(
        "block_actions",
        view=view({"sealed|vent.out|text": typed(CANARY)}, kept='{"form": "vent.out", "state": "out"}'),
        container={"type": "view", "view_id": "V01"},
        actions=[button("vent.breathe|1")],
    )
    inbound = read(payload, AT)
    assert inbound.message.content == Tapped("vent.breathe", "", "out")
    assert inbound.way is Way.MODAL_TAP
    assert CANARY not in repr(inbound) + json.dumps(inbound.view)


def test_tap_on_home():
    """A button on the Home page."""
    inbound = read(acted("block_actions", view=view(kind="home", kept=""), actions=[button()]), AT)
    assert (inbound.way, inbound.message.where.room) == (Way.HOME, Room.HOME)


def test_a_modal_remembers_the_channel_it_was_asked_for_in():
    """A form asked for in a channel is about that channel."""
    kept = '{"form": "schedules.team", "channel": "C01SUPPORT"}'
    assert read(submit(kept=kept), AT).message.where == CHANNEL
    tapped = acted("block_actions", view=view(kept=kept), actions=[button()])
    assert read(tapped, AT).message.where == CHANNEL


@pytest.mark.parametrize(
    "payload",
    [
        tap(action=button(type="static_select")),
        tap(action={"type": "button"}),
        {**tap(), "actions": []},
        {**tap(), "actions": "x"},
        {**tap(), "user": {}},
    ],
)
def test_taps_on_nothing_of_ours(payload):
    """Other elements and broken actions are left alone."""
    assert read(payload, AT) is None


# --------------------------------------------------------------------------- submits


def test_every_field_comes_back_as_its_value():
    """What a form was prefilled with, sent as it is, gives the field's own values back."""
    made = form("The words")
    state = {}
    for block in modal(made, _Labels())["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            state[block["block_id"]] = {element["action_id"]: _as_sent(element)}
    inbound = read(submit(state, kept=modal(made, _Labels())["private_metadata"]), AT)
    sent = inbound.message.content
    assert (sent.form, sent.state) == (made.id, made.state)
    assert sent.fields == {f.name: f.text or f.picked for f in made.fields if f.text or f.picked}
    assert inbound.way is Way.SUBMIT


class _Labels:
    def say(self, key, **slots):
        return (key,)

    def label(self, key, **slots):
        return key


def _as_sent(element):
    names = {"initial_value": "value"}
    sent = {
        names.get(key, key.replace("initial", "selected")): value
        for key, value in element.items()
        if key.startswith("initial")
    }
    return {"type": element["type"], **sent}


def test_sealed_fields_are_sealed():
    """A field shown as sealed comes back as Sealed; its words are nowhere."""
    sealed = content(submit({"sealed|review.write|note": typed(CANARY)})).fields["note"]
    assert isinstance(sealed, Sealed)
    assert sealed.ask(lambda text: text == CANARY)


def test_the_vents_box_comes_back_sealed(playbook):
    """The vent's own form, shown as a modal and sent back, gives Sealed and the text nowhere else."""
    opening = Message("m1", WHO, DIRECT, AT, Command("vent", Words("")))
    (out,) = vent(opening, Known(setup=Setup(demo=True), rounds=1), playbook).replies
    (box,) = [b for b in modal(out, playbook.wording)["blocks"] if b["type"] == "input"]
    inbound = read(submit({box["block_id"]: typed(CANARY)}, kept='{"form": "vent.out"}'), AT)
    assert isinstance(inbound.message.content.fields["box"], Sealed)
    assert CANARY not in repr(inbound)


def test_the_vents_notes_hold_no_channel():
    """What Slack keeps with a vent's modal is the form and its state, not where it was opened."""
    assert "channel" not in modal(Form("vent.out", "Vent"), _Labels(), channel="C1")["private_metadata"]


def test_a_form_without_our_notes_is_known_by_its_callback():
    """Lost private_metadata: the callback says which form, and a sealed field stays sealed."""
    lost = submit({"sealed|vent.out|text": typed(CANARY)}, kept="not json", callback_id="vent.out")
    assert isinstance(content(lost).fields["text"], Sealed)
    assert content(lost).form == "vent.out"


@pytest.mark.parametrize("kept", [None, 5, "", "[]", '"x"', "{", '{"form": 7}'])
def test_notes_that_are_not_ours(kept):
    """Anything in private_metadata is survived."""
    assert read_kept(kept).channel == ""


@pytest.mark.parametrize(
    "values",
    [
        {"field|review.write|draft": typed(None)},
        {"field|review.write|draft": typed("")},
        {"field|review.write|draft": typed(7)},
        {"field|review.write|zone": {"zone": {"type": "static_select", "selected_option": None}}},
        {"field|review.write|days": {"many": {"type": "checkboxes", "selected_options": []}}},
        {"field|review.write|days": {"many": {"type": "checkboxes", "selected_options": "x"}}},
        {"field|review.write|days": {"many": "x"}},
        {"field|review.write|days": "x"},
        {"field": typed("x")},
        {"unknown|review.write|draft": typed("x")},
    ],
)
def test_empty_and_broken_fields_are_missing(values):
    """Empty, malformed and unknown fields are simply not there."""
    assert content(submit(values)) == Submitted("review.write", {}, "s1")
    assert read({**submit(), "user": None}, AT) is None


# --------------------------------------------------------------------------- all of them

ALL = {
    "command": COMMAND,
    "message": message(),
    "home": event(type="app_home_opened", tab="home"),
    "shortcut": shortcut(ALICE),
    "global": acted("shortcut", callback_id="open_vent", action_ts="1.5"),
    "tap": tap(),
    "submit": submit({"field|review.write|draft": typed("x")}),
}


@pytest.mark.parametrize("kind", ALL)
def test_the_same_payload_twice_has_the_same_id(kind):
    """Once recorded, always the same; the next one differs."""
    payload = ALL[kind]
    inbound = read(payload, AT)
    assert isinstance(inbound.message, Message)
    assert inbound.message.id == read(copy.deepcopy(payload), AT).message.id
    changed = {**payload, "trigger_id": "another", "event_id": "another"}
    assert inbound.message.id != read(changed, AT).message.id


@pytest.mark.parametrize("kind", ALL)
@given(st.data())
def test_a_payload_with_anything_in_it_is_survived(kind, data):
    """Any part replaced by anything: a message or none, never an exception."""
    payload = copy.deepcopy(ALL[kind])
    part = payload
    while True:
        key = data.draw(st.sampled_from(sorted(part)))
        if not isinstance(part[key], dict) or not part[key] or data.draw(st.booleans()):
            break
        part = part[key]
    leaf = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
    part[key] = data.draw(leaf | st.lists(leaf, max_size=2) | st.dictionaries(st.text(max_size=5), leaf))
    inbound = read(payload, AT)
    assert inbound is None or inbound.message.id


def test_other_kinds_are_left_alone():
    """Closed views, options, and whatever else Slack may send."""
    assert read(acted("view_closed"), AT) is None
    assert read({}, AT) is None
    assert read({"command": "/coach"}, AT) is None


@pytest.mark.parametrize(
    ("escaped", "plain"),
    [
        ("a &amp;lt; b", "a &lt; b"),
        ("<@U1|ann> and <@U2>", "@ann and @U2"),
        ("<#C1|help> <#C2>", "#help #C2"),
        ("<!here> <!subteam^S1|@team>", "@here @team"),
        ("<mailto:a@b.example|a@b.example> <mailto:x@y.example>", "a@b.example x@y.example"),
        ("<https://a.example/x?y=1&amp;z=2>", "https://a.example/x?y=1&z=2"),
        ("&lt;b&gt; 1 < 2 > 0 <>", "<b> 1 < 2 > 0 <>"),
    ],
)
def test_what_was_typed_is_read_as_it_was_meant(escaped, plain):
    """Slack's escaped form back to what stood on the screen."""
    assert unescaped(escaped) == plain


def test_what_a_modal_carries_may_be_anything():
    """Not JSON, not ours, nested without end: it is as if the modal carried nothing."""
    for metadata in (None, 5, "{", "[1]", "null", "[" * 100_000):
        assert read_kept(metadata) == read_kept("{}")
