"""For one person's eyes, whatever way it came: in the response, by the response_url, or in their own chat."""

import pytest

from coaching.sealed import Words
from coaching.values import Draft, Para, Reply
from tests.adapters.slack.lint import lint_sent
from tests.adapters.slack.payloads import ALICE, BOB, COMMAND, acted, shortcut, tap
from tests.players.slack import words
from tests.players.slack_api import NOW, interactive, post

SECRET_WORDS = Reply((Para(("only for you",)), Draft((Words("Better."),))))
HERE = "C01SUPPORT"


@pytest.fixture
def take(adapter, told, api):
    """Send a payload, with an answer for one person; what reached Slack is linted."""

    async def taken(payload, **refuse):
        told.answers = (SECRET_WORDS,)
        api.refuse |= refuse
        answer = await adapter.desk.take({**payload, "response_url": f"{api.url}/respond/1"}, NOW)
        for _, body, _ in api.calls:
            lint_sent(body)
        for body in (*api.responses, *([answer.body] if answer.body else [])):
            lint_sent(body)
            assert body["response_type"] == "ephemeral"
        assert not [body for body in api.named("chat.postMessage") if body["channel"] == HERE]
        return answer

    return taken


async def test_a_command_where_the_coach_is_no_member(take, api):
    """The answer rides in the response: no call, so that nothing can be refused."""
    answer = await take(
        COMMAND, **dict.fromkeys(("chat.postMessage", "chat.postEphemeral"), "not_in_channel")
    )
    assert "only for you" in " ".join(words(answer.body["blocks"]))
    assert api.calls == []


@pytest.mark.parametrize("ephemeral", [True, False], ids=["on an answer of one's own", "on a tip for all"])
async def test_a_button_in_a_channel(ephemeral, take, api):
    """By the response_url, beside what was tapped and never in its place; no member is needed."""
    await take(tap(ephemeral=ephemeral))
    (body,) = api.responses
    assert (body["replace_original"], body.get("delete_original")) == (False, None)
    assert api.calls == []


async def test_a_button_whose_response_url_is_spent(take, api):
    """An ephemeral message instead, which takes a member."""
    api.status["respond"] = 404
    await take(tap())
    ((method, body, _),) = api.calls
    assert (method, body["channel"], body["user"]) == ("chat.postEphemeral", HERE, ALICE)


@pytest.mark.parametrize(
    "word", ["not_in_channel", "channel_not_found", "user_not_in_channel", "is_archived"]
)
async def test_a_button_where_even_that_is_refused(word, take, api):
    """Then in the person's own chat, which is always open; in the channel nothing is said."""
    api.status["respond"] = 404
    await take(tap(), **{"chat.postEphemeral": word})
    (body,) = api.named("chat.postMessage")
    assert body["channel"] == f"D{ALICE}"
    assert "thread_ts" not in body


async def test_a_shortcut_whose_window_is_late(take, api):
    """The message shortcut says so by its response_url, a global one in the person's own chat."""
    await take(shortcut(ALICE), **{"views.open": "expired_trigger_id"})
    assert "Slack was slow" in " ".join(words(api.responses[0]["blocks"]))
    api.status["respond"] = 404
    glob = acted("shortcut", callback_id="open_review")
    await take({**glob, "trigger_id": "2"}, **{"views.open": "expired_trigger_id"})
    assert api.named("chat.postMessage")[-1]["channel"] == f"D{ALICE}"


# --------------------------------------------------------------------------- shortcuts, with the real coach

LONG = "Please wait. " * 3076  # what Slack lets a message be: 40,000 characters
PLACES = {
    "channel": {"channel": {"id": HERE, "name": "support"}},
    "direct message": {"channel": {"id": "D07OTHER", "name": "directmessage"}},
    "group": {"channel": {"id": "G01", "name": "privategroup"}},
    "no place": {"channel": None},
}
MESSAGES = {
    "mine": ({"user": ALICE, "text": "You must wait. Calm down."}, "One thing to change"),
    "mine in a thread": ({"user": ALICE, "text": "Calm down.", "thread_ts": "1.0"}, "One thing to change"),
    "mine, edited": (
        {"user": ALICE, "text": "You must wait. Calm down.", "edited": {"user": ALICE, "ts": "1.1"}},
        "One thing to change",
    ),
    "mine, blank": ({"user": ALICE, "text": "  \n "}, "nothing to review yet"),
    "mine, a file only": ({"user": ALICE, "text": "", "files": [{"id": "F1"}]}, "nothing to review yet"),
    "mine, very long": ({"user": ALICE, "text": LONG}, "the first 10,000 characters"),
    "mine, by an app": ({"user": ALICE, "bot_id": "B1", "text": "Calm down."}, "What the customer wrote"),
    "somebody else's": ({"user": BOB, "text": "Where is my parcel?"}, "Where is my parcel?"),
    "a customer's, very long": ({"user": BOB, "text": LONG}, "Please wait. Please wait."),
    "a bot's": ({"bot_id": "B1", "subtype": "bot_message", "text": "Ticket 7"}, "Ticket 7"),
    "a bot's, blocks only": ({"bot_id": "B1", "blocks": [{"type": "divider"}]}, "What the customer wrote"),
    "the coach's own": ({"user": "U0BOT", "bot_id": "B0", "text": "A plan for today"}, "A plan for today"),
    "nobody's": ({}, "What the customer wrote"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("handed", MESSAGES)
async def test_a_message_handed_over(handed, place, slack, api):
    """Whatever and wherever it is: one window for whoever asked, nothing said where the message stands."""
    message, shown = MESSAGES[handed]
    payload = {**shortcut(ALICE), "message": {"type": "message", "ts": "1.2", **message}, **PLACES[place]}
    assert (await slack.desk.take(payload, NOW)).status == 200
    ((method, body, _),) = api.calls
    assert method == "views.open"
    lint_sent(body)
    view = body["view"]
    prefilled = [b["element"].get("initial_value", "") for b in view["blocks"] if b["type"] == "input"]
    assert shown in " ".join([*words(view), *prefilled])
    assert HERE not in view["private_metadata"]


@pytest.mark.parametrize(("callback", "title"), [("open_review", "Review a reply"), ("open_vent", "Vent")])
async def test_global_shortcuts(callback, title, gate, api):
    """From anywhere, with no channel: a window."""
    await post(gate, interactive(acted("shortcut", callback_id=callback)))
    ((method, body, _),) = api.calls
    lint_sent(body)
    assert (method, body["view"]["title"]["text"]) == ("views.open", title)
