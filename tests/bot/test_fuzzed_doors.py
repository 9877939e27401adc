"""Whatever comes to a door: never a crash, never an endless wait, and nothing of it in a log line."""

import asyncio
import contextlib
import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.slack.gate import MalformedError
from adapters.slack.gate import parse as slack_parse
from adapters.slack.incoming import read as slack_read
from adapters.teams.incoming import read as teams_read
from adapters.teams.parts import reference_of
from adapters.teams.reading import MalformedError as TeamsMalformedError
from adapters.teams.reading import parse as teams_parse
from adapters.web.forms import OpenForms
from adapters.web.incoming import FormGoneError, UnreadableError
from adapters.web.incoming import read as web_read
from bot.proof.canary import search_for
from coaching.coach import Coach
from coaching.ports import Posted
from coaching.rounds import Rounds
from coaching.turn import Setup
from coaching.values import Form, Message, Reply
from tests.players.memory import PlainMemory

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
CORPUS = Path(__file__).parent / "doors"  # what once made a door stumble, and what might
BODIES = sorted(CORPUS.glob("*.json"))
WORD = "Kestrel4711Umbrella"  # in everything that is sent; in no log line

# --------------------------------------------------------------------------- what is sent

_NAMES = [
    "type",
    "command",
    "text",
    "user",
    "user_id",
    "team",
    "team_id",
    "channel",
    "channel_id",
    "id",
    "view",
    "state",
    "values",
    "blocks",
    "value",
    "actions",
    "action_id",
    "block_id",
    "private_metadata",
    "callback_id",
    "trigger_id",
    "response_url",
    "event",
    "event_id",
    "subtype",
    "bot_id",
    "ts",
    "thread_ts",
    "files",
    "message",
    "container",
    "enterprise",
    "authorizations",
    "hash",
    "tab",
    "channel_type",
    "hidden",
    "name",
    "from",
    "recipient",
    "conversation",
    "conversationType",
    "channelData",
    "tenant",
    "serviceUrl",
    "aadObjectId",
    "entities",
    "mentioned",
    "text",
    "textFormat",
    "data",
    "breather",
    "do",
    "action",
    "form",
    "fields",
    "key",
    "again",
    "draft",
    "commandId",
    "commandContext",
    "timezone",
    "messagePayload",
    "body",
    "content",
    "membersAdded",
    "membersRemoved",
    "place",
    "zone",
    "surface",
    "own",
    "handle",
    "replyToId",
]
_WORDS = [
    "event_callback",
    "view_submission",
    "block_actions",
    "message_action",
    "shortcut",
    "message",
    "invoke",
    "install",
    "vent",
    "review",
    "/coach",
    "app_home_opened",
    "im",
    "home",
    "task/fetch",
    "task/submit",
    "adaptiveCard/action",
    "composeExtension/fetchTask",
    "personal",
    "channel",
    "vent.out",
    "vent.chip",
    "vent.shred",
    "say",
    "tap",
    "send",
    "open",
    "hand",
    "chat",
    "team",
    "U1",
    "T1",
    "D1",
    "C1",
    "29:x",
    "a:1",
    "button",
    "plain_text_input",
    "sealed|vent.out|box",
    "{}",
    "[]",
    "null",
    "-1",
    "1e999",
    "privacy.erase",
    "setup.save",
    "teams.open",
]
texts = st.sampled_from(_WORDS) | st.text(max_size=8).map(lambda text: text + WORD)
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
names = st.sampled_from(_NAMES) | st.text(max_size=4)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
    max_leaves=14,
)
payloads = st.dictionaries(names, values, max_size=7)

SLACK = (
    {"command": "/coach", "text": "vent", "user_id": "U1", "team_id": "T1", "channel_id": "D1"},
    {"type": "event_callback", "team_id": "T1", "event_id": "E1", "event": {"type": "message", "user": "U1"}},
    {
        "type": "view_submission",
        "user": {"id": "U1"},
        "team": {"id": "T1"},
        "view": {"state": {"values": {}}},
    },
    {
        "type": "block_actions",
        "user": {"id": "U1"},
        "actions": [{"type": "button", "action_id": "vent.open"}],
    },
    {"type": "message_action", "callback_id": "review_reply", "user": {"id": "U1"}, "message": {}},
)
TEAMS_FROM = {"id": "29:U1", "aadObjectId": "U1"}
TEAMS_BASE = {
    "channelId": "msteams",
    "serviceUrl": "https://smba.trafficmanager.net/emea/",
    "id": "a1",
    "from": TEAMS_FROM,
    "recipient": {"id": "28:b"},
    "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": "T1"},
    "channelData": {"tenant": {"id": "T1"}},
}
TEAMS = (
    {**TEAMS_BASE, "type": "message", "text": "/vent"},
    {**TEAMS_BASE, "type": "invoke", "name": "task/submit", "value": {"data": {}}},
    {**TEAMS_BASE, "type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"data": {}}}},
    {**TEAMS_BASE, "type": "invoke", "name": "composeExtension/fetchTask", "value": {"commandId": "x"}},
    {**TEAMS_BASE, "type": "conversationUpdate", "membersAdded": []},
)
WEB = (
    {"id": "fuzz-0001", "place": "chat", "do": "say", "text": "hello"},
    {"id": "fuzz-0001", "place": "chat", "do": "tap", "action": "vent.open", "value": ""},
    {"id": "fuzz-0001", "place": "home", "do": "send", "form": "f1", "fields": {}},
)


def mixed(bases):
    """One that is nearly right, with some of its parts, at any depth, in another shape."""

    @st.composite
    def made(draw):
        payload = json.loads(json.dumps(draw(st.sampled_from(bases))))
        for _ in range(draw(st.integers(0, 4))):
            there = payload
            while True:
                name = draw(st.sampled_from([*there, *_NAMES[:20]]))
                inner = there.get(name)
                if not isinstance(inner, dict) or draw(st.booleans()):
                    there[name] = draw(values)
                    break
                there = inner
        return payload

    return made() | payloads


# --------------------------------------------------------------------------- what must hold


class Nowhere:
    """Letters go nowhere."""

    async def post(self, letter):
        return Posted.SENT


@pytest.fixture(scope="module")
def hear(playbook):
    """Through the coach: a message in, answers out, no trouble of ours."""
    troubles = []
    coach = Coach(
        playbook,
        PlainMemory(),
        Nowhere(),
        lambda where, error: troubles.append((where, repr(error))),
        Rounds(b"salt"),
        Setup(demo=True),
    )

    def heard(message):
        assert isinstance(message, Message)
        replies = asyncio.run(coach.hear(message))
        assert all(isinstance(reply, Reply | Form) for reply in replies)
        assert troubles == []

    return heard


@contextlib.contextmanager
def silent():
    """Nothing that was sent stands in a log line, however loud."""
    lines = []
    handler = logging.Handler(logging.DEBUG)
    handler.emit = lambda record: lines.append(f"{record.getMessage()} {vars(record)}")
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert not search_for(WORD).within("\n".join(lines).encode())


def slack_door(body, hear):
    with contextlib.suppress(MalformedError):
        inbound = slack_read(slack_parse(body), AT)
        if inbound is not None:
            hear(inbound.message)


def teams_door(body, hear):
    with contextlib.suppress(TeamsMalformedError):
        activity = teams_parse(body)
        if reference_of(activity) is not None:
            inbound = teams_read(activity, AT)
            if inbound is not None:
                hear(inbound.message)


def web_door(body, hear):
    with contextlib.suppress(UnreadableError, FormGoneError):
        hear(web_read(body, OpenForms(), AT).message)


DOORS = {"slack": (slack_door, SLACK), "teams": (teams_door, TEAMS), "web": (web_door, WEB)}
BOUNDED = settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("door", DOORS)
def test_nearly_right(door, hear):
    """Payloads of the platform, with parts of them missing, doubled or of another kind."""
    enter, bases = DOORS[door]

    @BOUNDED
    @given(mixed(bases))
    def fuzz(payload):
        with silent():
            enter(json.dumps(payload).encode("utf-8", "replace"), hear)

    fuzz()


@pytest.mark.parametrize("door", DOORS)
def test_bytes(door, hear):
    """Anything at all: refused by the door's own error, or heard."""
    enter, _ = DOORS[door]

    @BOUNDED
    @given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
    @example(b"payload=%7B%7D")
    @example(b"\xff\xfe{\x00}\x00")
    def fuzz(body):
        with silent():
            enter(body, hear)

    fuzz()


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("body", BODIES, ids=lambda path: path.stem)
def test_the_corpus(door, body, hear):
    """What is kept because it once was, or may be, hard to digest."""
    with silent():
        DOORS[door][0](body.read_bytes(), hear)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("inner", [b'{"a":', b"[", b'{"view":{"state":{"values":'])
def test_depth(door, inner, hear):
    """A hundred thousand levels are refused, not followed; and so are they where they are closed."""
    with silent():
        DOORS[door][0](inner * 100_000, hear)
        DOORS[door][0](b'{"type":' + b"[" * 100_000 + b"]" * 100_000 + b"}", hear)


@pytest.mark.parametrize("door", DOORS)
def test_breadth(door, hear):
    """Many keys, one long text, numbers too long for a number."""
    bodies = (
        json.dumps({f"k{n}": WORD for n in range(20_000)}),
        json.dumps({**DOORS[door][1][0], "text": WORD * 3000}),
        '{"type": "message", "id": ' + "9" * 5000 + "}",
        '{"ts": 1e400, "type": "view_submission"}',
    )
    with silent():
        for body in bodies:
            DOORS[door][0](body.encode(), hear)
