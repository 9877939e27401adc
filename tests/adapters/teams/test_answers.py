"""Each way an activity can come is answered its own way, and privately unless said otherwise."""

import json
import re
from datetime import timedelta

import pytest

from adapters.teams.references import ConversationState
from adapters.teams.waiting import Waiting
from coaching.people import Person
from coaching.sealed import Words
from coaching.values import Choice, Command, Draft, Field, Form, Heading, Kind, Para, Reply, Said, Tapped
from tests.adapters.teams.activities import AT
from tests.adapters.teams.lint import lint_message, lint_task
from tests.players.everything import reply
from tests.players.signing import TENANT
from tests.players.teams import KEPT, buttons, inputs, words
from tests.players.teams_api import aad, channel, idle, personal

PRIVATE = Reply((Para(("only for you",)),), (Choice("Press", "a.b"),))
PUBLIC = Reply((Para(("for everybody",)),), only_you=False)
FORM = Form(
    "review.write", "Review", (Para(("paste it",)),), (Field("draft", "Draft", Kind.TEXT),), submit="Go"
)
TAP = {KEPT: {"do": "tap", "action": "tips.more"}}
CHANNEL = "19:abc@thread.tacv2;messageid=1"


@pytest.fixture
def send(adapter, told, api):
    """Send an activity to the adapter, with the coach's answers; gives the body of the response."""

    async def sent(activity, *answers):
        told.answers = answers
        status, body = await api.proxy.send(activity)
        await idle(adapter)
        assert status == (200 if activity["type"] == "invoke" or body else 202)
        return json.loads(body) if body else None

    return sent


@pytest.fixture
def mention(api):
    def made(text="tip", **fields):
        return api.activity("message", conversation=channel(), text=text, **fields)

    return made


def seen(activity):
    lint_message(activity)
    return " ".join(words(activity["attachments"][0]["content"]))


def invoke(api, name, value, conversation=None):
    return api.activity("invoke", name=name, value=value, conversation=conversation)


def executed(api, data=None, conversation=None):
    action = {"type": "Action.Execute", "verb": "v", "data": data or TAP}
    return invoke(api, "adaptiveCard/action", {"action": action, "trigger": "manual"}, conversation)


# --------------------------------------------------------------------------- the personal chat


async def test_a_message_is_answered_by_one_card(send, api):
    """Several replies together, with words for the notification; nothing addresses anybody."""
    assert await send(api.activity("message", text="hi"), PRIVATE, reply()) is None
    ((conversation, activity, targeted),) = api.connector.posted
    assert (conversation, targeted) == ("a:U1", False)
    assert "only for you" in seen(activity)
    assert activity["summary"].startswith("only for you Look: Some words")
    assert "recipient" not in activity


async def test_a_public_reply_in_a_private_chat_stays_there(send, api):
    """There is nobody else."""
    await send(api.activity("message", text="hi"), PUBLIC)
    assert [conversation for conversation, _, _ in api.connector.posted] == ["a:U1"]


async def test_nothing_to_say(send, api):
    """No message for an empty answer, to a message and to a tap."""
    await send(api.activity("message", text="hi"), Reply(()))
    body = await send(executed(api))
    assert api.connector.posted == []
    assert body["statusCode"] == 200


async def test_replies_in_the_body_where_they_are_expected(send, api):
    """`deliveryMode: expectReplies`: no connector; the same card in the response."""
    body = await send(api.activity("message", text="hi", deliveryMode="expectReplies"), PRIVATE)
    (activity,) = body["activities"]
    assert "only for you" in seen(activity)
    assert api.connector.posted == []


async def test_a_review_has_feedback_buttons(send, api):
    """In a private chat; anything else has none, and nothing claims a model wrote it."""
    drafted = Reply((Draft((Words("Sorry, Ana."),)),))
    await send(api.activity("message", text="hi"), drafted)
    await send(api.activity("message", text="hi"), PRIVATE)
    first, second = (activity for _, activity, _ in api.connector.posted)
    assert first["channelData"] == {"feedbackLoop": {"type": "default"}}
    assert "channelData" not in second
    assert "entities" not in first


async def test_feedback_is_counted_and_its_words_are_not_read(send, api, caplog, told):
    """Which way the thumb points is in the log, nothing else."""
    caplog.set_level("INFO")
    for reaction in ("like", "dislike", "canary-1"):
        value = {
            "actionName": "feedback",
            "actionValue": {"reaction": reaction, "feedback": '{"feedbackText": "canary-2"}'},
        }
        assert await send(invoke(api, "message/submitAction", value)) == {}
    told_of = [record.getMessage() for record in caplog.records if "feedback" in record.getMessage()]
    assert [line.rpartition(" ")[2] for line in told_of] == ["like", "dislike", "other"]
    assert "canary" not in caplog.text
    assert told.heard == []


# --------------------------------------------------------------------------- channels


async def test_only_you_in_a_channel_is_for_one_persons_eyes(send, api, mention):
    """A targeted message in the thread, never a public one."""
    await send(mention(), PRIVATE)
    ((conversation, activity, targeted),) = api.connector.posted
    assert (conversation, targeted) == (CHANNEL, True)
    assert activity["recipient"] == {"id": "29:U1", "isTargeted": True}
    assert "only for you" in seen(activity)


async def test_public_in_a_channel(send, api, mention):
    """In the thread it was asked in."""
    await send(mention(), PUBLIC)
    ((conversation, _, targeted),) = api.connector.posted
    assert (conversation, targeted) == (CHANNEL, False)


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_where_nobody_can_be_targeted_the_answer_goes_to_their_own_chat(
    status, send, api, mention, told
):
    """On a refusal: never into the channel."""
    await send(api.activity("message", text="hi"), PRIVATE)
    api.connector.refuse["targeted"] = (status, "BadArgument")
    await send(mention(), PRIVATE)
    second = api.connector.posted[1]
    assert (second[0], second[2]) == ("a:U1", False)
    assert "recipient" not in second[1]
    assert second[1]["conversation"] == {"id": "a:U1"}


async def test_where_their_own_chat_refuses_too_nothing_is_said(send, api, mention, caplog):
    """Rather nothing than in public."""
    await send(api.activity("message", text="hi"))
    api.connector.refuse["all"] = (403, "BotDisabledByAdmin")
    await send(mention(), PRIVATE)
    assert api.connector.posted == []
    assert "did not arrive" in caplog.text
    assert "only for you" not in caplog.text


async def test_what_could_not_be_posted_is_said_to_the_person(send, api, mention):
    """That nothing was posted."""
    api.connector.refuse[CHANNEL] = (400, "BadArgument")
    await send(api.activity("message", text="hi"))
    await send(mention(), PUBLIC)
    ((conversation, activity, _),) = api.connector.posted
    assert conversation == "a:U1"
    assert "Nothing was posted" in seen(activity)


@pytest.mark.parametrize("answers", [(PRIVATE,), (FORM,), (PRIVATE, FORM), (reply(),), ()])
async def test_a_tap_on_a_card_that_everybody_sees_changes_nothing_for_them(answers, send, api):
    """The answer is for the one who tapped: a line in the response, no card in it, and nothing public."""
    body = await send(executed(api, conversation=channel()), *answers)
    assert body["type"] == "application/vnd.microsoft.activity.message"
    assert isinstance(body["value"], str)
    assert all(targeted for _, _, targeted in api.connector.posted)
    assert len(api.connector.posted) == bool(answers)


async def test_no_answer_asks_to_be_refreshed(send, api, mention):
    """It would tell the coach who looks at a channel, and when; only a team tip does, of who set it."""
    await send(mention(), PUBLIC)
    await send(mention(), PRIVATE, FORM)
    for _, activity, _ in api.connector.posted:
        assert "refresh" not in activity["attachments"][0]["content"]


# --------------------------------------------------------------------------- forms in chats


async def test_a_form_waits_behind_a_button(send, api, told):
    """A chat cannot open a dialog by itself: the button asks for it, as often as it is tapped."""
    await send(api.activity("message", text="my customer wrote"), PRIVATE, FORM)
    ((_, activity, _),) = api.connector.posted
    assert "only for you" in seen(activity)
    assert "Review" in seen(activity)
    (open_it,) = [b for b in buttons(activity["attachments"][0]["content"]) if b["title"] == "Open"]
    heard = len(told.heard)
    for _ in range(2):
        body = await send(invoke(api, "task/fetch", {"data": open_it["data"]}))
        assert [field["label"] for field in inputs(lint_task(body))] == ["Draft"]
    assert len(told.heard) == heard


async def test_a_form_in_a_channel_waits_for_the_one_who_asked(send, api, mention):
    """Nobody else gets what may be prefilled with somebody's words."""
    await send(mention(), FORM)
    ((_, activity, targeted),) = api.connector.posted
    assert targeted
    (open_it,) = buttons(activity["attachments"][0]["content"])
    theirs = {**invoke(api, "task/fetch", {"data": open_it["data"]}, channel())}
    theirs["from"] = {"id": "29:U2", "aadObjectId": aad("U2")}
    body = await send(theirs, PRIVATE)
    assert inputs(lint_task(body)) == []


@pytest.mark.parametrize(
    ("kept", "again"),
    [
        ({"again": {"command": "remind"}}, Command("remind", Words(""))),
        ({"again": {"action": "schedules.change", "value": "7"}}, Tapped("schedules.change", "7")),
    ],
)
async def test_a_form_that_is_lost_is_asked_for_again(kept, again, send, api, told):
    """After a restart: what holds nobody's words is simply asked again."""
    data = {KEPT: {"do": "tap", "action": "teams.open", "key": "gone", **kept}}
    body = await send(invoke(api, "task/fetch", {"data": data}), FORM)
    assert inputs(lint_task(body))
    assert told.heard[-1].content == again


async def test_a_form_that_is_lost_for_good(send, api, told):
    """One that came from somebody's words: a kind line."""
    data = {KEPT: {"do": "tap", "action": "teams.open", "key": "gone"}}
    body = await send(invoke(api, "task/fetch", {"data": data}), FORM)
    assert "Please ask me again" in " ".join(words(lint_task(body)))
    assert told.heard == []


async def test_what_a_form_was_asked_for_with_holds_no_words(send, api):
    """Neither what follows a command nor a sentence is in the button."""
    for text in ("/review canary", "the canary wrote"):
        await send(api.activity("message", text=text), FORM)
    await send(api.activity("message", text="/remind"), FORM)
    asked = [
        buttons(activity["attachments"][0]["content"])[0]["data"][KEPT].get("again")
        for _, activity, _ in api.connector.posted
    ]
    assert asked == [None, None, {"command": "remind"}]
    assert "canary" not in json.dumps(api.connector.posted)


# --------------------------------------------------------------------------- dialogs


async def test_a_dialog_shows_what_was_answered(send, api):
    """A form, a reply, a form with a reply above; a tap with nothing to say says so."""
    fetch = {"data": {"msteams": {"type": "task/fetch"}, **TAP}}
    assert inputs(lint_task(await send(invoke(api, "task/fetch", fetch), FORM)))
    assert "only for you" in list(words(lint_task(await send(invoke(api, "task/fetch", fetch), PRIVATE))))
    both = lint_task(await send(invoke(api, "task/fetch", fetch), PRIVATE, FORM))
    assert "only for you" in list(words(both))
    assert inputs(both)
    assert "Done." in " ".join(words(lint_task(await send(invoke(api, "task/fetch", fetch)))))
    assert api.connector.posted == []


async def test_a_sent_form_shows_the_next_one_or_closes(send, api):
    """`continue`, or an empty response."""
    sent = {"data": {KEPT: {"do": "send", "form": "review.write"}, "open.text.draft": "x"}}
    assert inputs(lint_task(await send(invoke(api, "task/submit", sent), FORM)))
    assert "only for you" in list(words(lint_task(await send(invoke(api, "task/submit", sent), PRIVATE))))
    status, body = await api.proxy.send(invoke(api, "task/submit", sent))
    assert status == 200
    assert b"task" in body  # the coach still says PRIVATE
    assert not await send(invoke(api, "task/submit", sent))


async def test_the_close_button_tells_nobody(send, api, told):
    """It closes the dialog."""
    data = {KEPT: {"do": "tap", "action": "teams.close"}}
    assert not await send(invoke(api, "task/submit", {"data": data}), PRIVATE)
    assert told.heard == []


async def test_what_is_public_is_posted_from_a_dialog_too(send, api):
    """And the dialog closes."""
    sent = {"data": {KEPT: {"do": "send", "form": "schedules.team"}}}
    assert not await send(invoke(api, "task/submit", sent, channel()), PUBLIC)
    ((conversation, _, targeted),) = api.connector.posted
    assert (conversation, targeted) == (CHANNEL, False)


async def test_a_result_goes_back_into_the_compose_box(send, api, told):
    """Over the compose box the result has a button for it; over a message it has none."""
    drafted = Reply((Heading(("Look",)), Draft((Words("Sorry, Ana."),))))
    value = {"commandId": "reviewReply", "commandContext": "compose"}
    assert inputs(lint_task(await send(invoke(api, "composeExtension/fetchTask", value), FORM)))
    sent = {**value, "data": {KEPT: {"do": "send", "form": "review.write"}, "open.text.draft": "x"}}
    (put,) = buttons(lint_task(await send(invoke(api, "composeExtension/submitAction", sent), drafted)))
    assert put["title"] == "Put it in my message"
    heard = len(told.heard)
    body = await send(invoke(api, "composeExtension/submitAction", {**value, "data": put["data"]}))
    (attachment,) = body["composeExtension"]["attachments"]
    assert list(words(attachment["content"])) == ["Sorry, Ana."]
    assert len(told.heard) == heard
    over = {**sent, "commandContext": "message"}
    assert buttons(lint_task(await send(invoke(api, "composeExtension/submitAction", over), drafted))) == []
    nothing = {**value, "data": {KEPT: {"do": "tap", "action": "teams.insert"}}}
    assert not await send(invoke(api, "composeExtension/submitAction", nothing))


async def test_a_draft_with_slots_is_filled_in_before_it_goes_into_the_compose_box(send, api):
    """A card cannot be edited there: the draft is a field here, and its button takes along what was typed."""
    drafted = Reply((Heading(("A repaired draft",)), Draft((Words("[thank Ana] Done."),), open=True)))
    value = {"commandId": "reviewReply", "commandContext": "compose"}
    sent = {**value, "data": {KEPT: {"do": "send", "form": "review.write"}, "open.text.draft": "x"}}
    card = lint_task(await send(invoke(api, "composeExtension/submitAction", sent), drafted))
    (field,), (put,) = inputs(card), buttons(card)
    assert (field["value"], field["isMultiline"]) == ("[thank Ana] Done.", True)
    assert list(words(card)).count("[thank Ana] Done.") == 0, "it is shown once, where it can be changed"
    for typed, fine in (("Thanks, Ana. Done.", True), ("[thank Ana] Done.", False), ("a ] b", False)):
        assert bool(re.search(field["regex"], typed)) is fine
        data = {**put["data"], field["id"]: typed}
        body = await send(invoke(api, "composeExtension/submitAction", {**value, "data": data}))
        if fine:
            (attachment,) = body["composeExtension"]["attachments"]
            assert list(words(attachment["content"])) == [typed]
        else:
            assert [again["value"] for again in inputs(lint_task(body))] == [typed]


async def test_a_draft_with_slots_that_is_too_long_is_copied_by_hand(send, api):
    """As one without: it is shown, without a field and without a button."""
    drafted = Reply((Draft((Words("[x] " + "y" * 7000),), open=True),))
    value = {"commandId": "reviewReply", "commandContext": "compose"}
    sent = {**value, "data": {KEPT: {"do": "send", "form": "review.write"}}}
    card = lint_task(await send(invoke(api, "composeExtension/submitAction", sent), drafted))
    assert (inputs(card), buttons(card)) == ([], [])


async def test_an_unknown_invoke_is_answered(send, api, told):
    """With an empty object; the coach hears nothing of it."""
    assert await send(invoke(api, "composeExtension/setting", {}), PRIVATE) == {}
    assert told.heard == []


# --------------------------------------------------------------------------- conversations


async def test_one_hello_for_an_installation_told_twice(send, api, told, adapter):
    """As an installation and as somebody who joined; after it was taken away, a new one."""
    joined = api.activity("conversationUpdate", membersAdded=[{"id": "28:breather"}])
    await send(joined, PRIVATE)
    await send(api.activity("installationUpdate", action="add"), PRIVATE)
    assert len(told.heard) == 1
    await send(api.activity("installationUpdate", action="remove"))
    await send(api.activity("installationUpdate", action="add"), PRIVATE)
    assert len(told.heard) == 2


async def test_conversations_are_remembered_and_forgotten(send, api, references):
    """With every activity; taken away when the coach is."""
    await send(api.activity("message", text="hi"))
    who = Person("teams", TENANT, aad("U1"))
    kept = await references.find(who)
    assert (kept.conversation_id, kept.zone, kept.kind) == ("a:U1", "Europe/Berlin", "personal")
    await send(api.activity("installationUpdate", action="remove"))
    assert await references.find(who) is None


async def test_where_only_the_message_extension_works_nothing_is_remembered(send, api, references):
    """A chat of two people: a reminder must never end up there, whoever reads along."""
    theirs = {"conversationType": "personal", "id": "19:a_b@unq.gbl.spaces", "tenantId": TENANT}
    value = {"commandId": "reviewReply", "commandContext": "compose"}
    await send(invoke(api, "composeExtension/fetchTask", value, theirs), FORM)
    assert await references.find(Person("teams", TENANT, aad("U1"))) is None
    await send(executed(api, conversation=theirs), PRIVATE)
    assert await references.find(Person("teams", TENANT, aad("U1"))) is None
    assert [targeted for _, _, targeted in api.connector.posted] == [True]


async def test_a_memory_that_fails_keeps_nobody_from_an_answer(send, api, references, monkeypatch, caplog):
    """The kind of failure is logged, nothing else."""

    class FailingError(Exception):
        pass

    async def fails(*_):
        raise FailingError("canary")

    monkeypatch.setattr(type(references), "remember", fails)
    await send(api.activity("message", text="hi"), PRIVATE)
    assert len(api.connector.posted) == 1
    assert "FailingError" in caplog.text
    assert "canary" not in caplog.text


ODD = {
    "a conversation": {"conversation": personal("U1") | {"id": "a:" + "x" * 511}},
    "a service": {"serviceUrl": "/" + "x" * 512},
    "a tenant": {"channelData": {"tenant": {"id": "t" * 256}}},
    "the coach": {"recipient": {"id": "28:" + "x" * 253}},
    "a person": {"from": {"id": "29:" + "x" * 253, "aadObjectId": aad("U1")}},
    "a language": {"locale": "e" * 65},
    "a name that cannot be stored": {"conversation": personal("U1") | {"id": "a:\x00"}},
}


@pytest.mark.parametrize("case", ODD)
async def test_an_address_that_cannot_be_kept_is_answered_and_not_remembered(
    case, send, api, references, caplog
):
    """Longer than storage has room for, or no line at all: no error of a database; nothing else is lost."""
    activity = api.activity("message", text="hi", **ODD[case])
    if case == "a service":
        activity["serviceUrl"] = api.connector.url + activity["serviceUrl"]
    heard = await send(activity, PRIVATE)
    assert heard is None
    assert "is not remembered" in caplog.text
    assert "xxx" not in "".join(record.getMessage() for record in caplog.records if "adapters" in record.name)
    assert await references.find(Person("teams", TENANT, aad("U1"))) is None
    assert len(api.connector.posted) == (case != "a service")  # that path is not the connector's


async def test_the_longest_address_is_remembered(send, api, references):
    """Up to the last character there is room for."""
    await send(api.activity("message", text="hi", conversation=personal() | {"id": "x" * 512}), PRIVATE)
    assert (await references.find(Person("teams", TENANT, aad("U1")))).conversation_id == "x" * 512


async def test_an_activity_from_nowhere_is_a_bad_request(api, adapter):
    """One that names no conversation."""
    status, _ = await api.proxy.send(
        {**api.activity("message", text="hi", deliveryMode="expectReplies"), "conversation": {}}
    )
    assert status == 400


async def test_marks_and_places_in_memory(references, api):
    """The in-memory references: by person, by place, bounded, the oldest go first."""
    from adapters.teams.references import InMemory, Reference
    from coaching.people import Place, Room

    small = InMemory(bound=2)
    for n in range(3):
        await small.remember(Reference("T", f"a:{n}", "personal", "https://x", "28:b", f"29:{n}"))
    assert await small.find(Person("teams", "T", "29:0")) is None
    found = await small.find(Place("teams", "T", "29:2"))
    assert found.conversation_id == "a:2"
    assert await small.find(Place("teams", "T", "a:2")) == found
    assert await small.find(Place("teams", "T", "29:2", Room.CHANNEL)) is None
    await small.mark(found, ConversationState.ACTIVE)
    assert await small.find(Place("teams", "T", "a:2")) == found
    await small.mark(found, ConversationState.BLOCKED)
    assert await small.find(Place("teams", "T", "a:2")) is None


def test_a_form_waits_half_an_hour_for_one_person():
    """Then it is gone; so are the oldest when there are too many."""
    alice, bob = Person("teams", "T", "A"), Person("teams", "T", "B")
    waiting = Waiting(bound=2)
    waiting.put("one", alice, AT, FORM)
    assert waiting.get("one", alice, AT + timedelta(minutes=30)) is FORM
    assert waiting.get("one", bob, AT) is None
    assert waiting.get("one", alice, AT + timedelta(minutes=31)) is None
    for key in ("two", "three"):
        waiting.put(key, alice, AT, FORM)
    assert waiting.get("one", alice, AT) is None


async def test_a_real_sentence_reaches_the_coach(send, api, told):
    """Words, from a person in their own chat."""
    await send(api.activity("message", text="hello there", conversation=personal()))
    assert told.heard[-1].content == Said(Words("hello there"))
