"""Calls through a proxy that gets in the way: what is tried again, what never is, and who waits for whom."""

import asyncio
import logging
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from adapters.slack.app import build_slack
from adapters.slack.calls import RATELIMITED, UNKNOWN, UNREACHABLE
from adapters.slack.looking import Sight, look
from adapters.slack.manners import SPENT, Lane
from adapters.slack.settings import SlackSettings
from coaching.ports import Later, Posted
from tests.adapters.slack.test_sender import CHANNEL, CHAT, letter
from tests.players.fault_proxy import BROKEN, BROKEN_AFTER, CUT_AFTER, CUT_BEFORE, Fault, between, limited
from tests.players.slack_api import NOW, SECRET


@pytest.fixture
async def proxy(api):
    async with between(api.url) as made:
        yield made


@pytest.fixture
def wall():
    return SimpleNamespace(now=100.0, slept=[])


@pytest.fixture
async def slack(told, proxy, wall):
    """An adapter that reaches Slack through the proxy, by a clock of the test's own."""
    made = build_slack(told, SlackSettings("xoxb-test", (SECRET,), api_url=f"{proxy.url}/api/"), lambda: NOW)
    await made.start()

    async def sleep(seconds):
        wall.now += seconds
        wall.slept.append(seconds)

    pace = made.post.manners.pace
    pace.clock, pace.sleep = lambda: wall.now, sleep
    yield made
    await made.stop()


@pytest.fixture
def manners(slack):
    return slack.post.manners


HARMLESS = {
    "views.publish": {"view": {"type": "home"}},
    "conversations.open": {"users": "U1"},
    "auth.test": {},
}
ONCE = {
    "chat.postMessage": {"channel": "D1"},
    "views.open": {"view": {}},
    "chat.postEphemeral": {"channel": "C1"},
}
FAULTS = pytest.mark.parametrize("fault", [BROKEN, BROKEN_AFTER, CUT_BEFORE, CUT_AFTER], ids=str)


@FAULTS
@pytest.mark.parametrize("method", HARMLESS)
async def test_what_does_no_harm_twice_is_tried_again(method, fault, manners, proxy):
    """An answer that was lost, whether the call arrived or not: asked again until it is there."""
    proxy.plan(method, fault, fault)
    assert (await manners.call("T1", method, **HARMLESS[method])).ok
    assert len(proxy.passed) == 3


@FAULTS
@pytest.mark.parametrize("method", ONCE)
async def test_what_may_be_seen_twice_is_not(method, fault, manners, proxy, api):
    """A message or a window: it may be there already, so that it is never sent again blindly."""
    proxy.plan(method, fault)
    assert (await manners.call("T1", method, **ONCE[method])).error == UNKNOWN
    assert len(proxy.passed) == 1
    assert len(api.named(method)) == int(fault.through)


@pytest.mark.parametrize("method", [*HARMLESS, *ONCE])
async def test_a_limit_is_waited_for_and_tried_again(method, manners, proxy, caplog, wall):
    """Surely not done: after the pause that Slack asked for, once; one warning, with method and seconds."""
    proxy.plan(method, limited(3))
    body = {**HARMLESS, **ONCE}[method]
    assert (await manners.call("T1", method, **body)).ok
    assert sum(wall.slept) == pytest.approx(3)
    (record,) = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert record.fields == {"method": method, "seconds": 3.0}


async def test_a_limit_holds_up_this_method_of_this_workspace_alone(manners, proxy, wall):
    """Posts of the workspace wait; its windows do not, nor do posts elsewhere."""
    proxy.plan("chat.postMessage", limited(60))
    first = await manners.call("T1", "chat.postMessage", 2.5, channel="D1")
    assert (first.error, first.wait) == (RATELIMITED, 60)
    second = await manners.call("T1", "chat.postMessage", 2.5, channel="D2")
    assert (second.error, second.wait) == (RATELIMITED, 60)
    assert (await manners.call("T1", "views.open", 2.5, view={})).ok
    assert (await manners.call("T2", "chat.postMessage", 2.5, channel="D3")).ok
    assert (wall.slept, len(proxy.passed)) == ([], 3)


async def test_patience_has_an_end(manners, proxy, wall):
    """Limited again and again: given up in time, with the word and the pause."""
    proxy.plan("views.open", *[limited(2)] * 9)
    called = await manners.call("T1", "views.open", 10, view={})
    assert (called.error, called.wait) == (RATELIMITED, 2)
    assert sum(wall.slept) < 10


async def test_a_slow_slack_is_given_up(manners, proxy):
    """No answer in time: unknown for a message."""
    manners.pace.clock = time.monotonic  # the call itself takes real time
    proxy.plan("chat.postMessage", Fault(slow=2, cut=True))
    began = time.monotonic()
    assert (await manners.call("T1", "chat.postMessage", 1, channel="D1")).error == UNKNOWN
    assert time.monotonic() - began < 1.9


async def test_nobody_there_is_tried_again(told):
    """No connection at all: surely not done, so that even a message is tried again, for a while."""
    lost = build_slack(told, SlackSettings("x", ("s",), api_url="http://127.0.0.1:9/api/"), lambda: NOW)
    await lost.start()
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    lost.post.manners.pace.sleep = sleep
    called = await lost.post.manners.call("T1", "chat.postMessage", channel="D1")
    await lost.stop()
    assert called.error == UNREACHABLE
    assert slept[:3] == [0.3, 0.6, 1.2]


# --------------------------------------------------------------------------- letters


@pytest.mark.parametrize("fault", [CUT_AFTER, BROKEN_AFTER], ids=str)
async def test_a_letter_that_arrived_unnoticed_is_found(fault, slack, proxy, api):
    """Slack took it, its answer was lost: we look for the letter's mark, and it is there. Posted once."""
    proxy.plan("chat.postMessage", fault)
    assert await slack.post.post(letter(CHAT, "m1")) is Posted.SENT
    assert len(api.messages) == 1
    (asked,) = api.named("conversations.history")
    assert asked["channel"] == "DU1ALICE"


@pytest.mark.parametrize("fault", [CUT_BEFORE, BROKEN], ids=str)
async def test_a_letter_that_is_not_found_stays_unknown(fault, slack, proxy, api):
    """It is not there now, but may come: not posted again."""
    proxy.plan("chat.postMessage", fault)
    assert await slack.post.post(letter(CHAT, "m1")) is Posted.UNKNOWN
    assert (len(api.messages), len(api.named("chat.postMessage"))) == (0, 0)


async def test_in_a_channel_we_may_not_look(slack, proxy, api):
    """No scope for it, so that nothing is asked: unknown."""
    proxy.plan("chat.postMessage", CUT_AFTER)
    assert await slack.post.post(letter(CHANNEL, "m1")) is Posted.UNKNOWN
    assert [method for method, _, _ in api.calls] == ["chat.postMessage"]


async def test_a_tip_takes_its_turn_before_its_words_are_made(slack, proxy):
    """Its turn covers all it will call; in a pause it is told when to come back, and nothing is called."""
    post = slack.post
    assert await post.turn(CHAT) == 0
    assert await post.post(letter(CHAT, "m1")) is Posted.SENT
    proxy.plan("chat.postMessage", limited(40))
    assert isinstance(await post.post(letter(CHAT, "m2")), Later)
    assert await post.turn(CHAT) > 40
    assert isinstance(await post.post(letter(CHAT, "m3")), Later)
    assert [method for method, _ in proxy.passed].count("chat.postMessage") == 2


async def test_a_tip_for_a_chat_that_must_be_opened_needs_both_turns(slack):
    """Where no chat may be opened now, it waits; where the chat is known, it does not."""
    for _ in range(5):
        assert await slack.post.turn(CHAT) == 0
    assert await slack.post.turn(CHAT) > 0
    slack.post.know(CHAT, "D9")
    assert await slack.post.turn(CHAT) == 0


@pytest.mark.parametrize("method", ["conversations.open", "chat.postMessage"])
async def test_a_tip_is_tried_once(method, slack, proxy, wall):
    """The ledger brings it back: no waiting here."""
    proxy.plan(method, limited(1))
    outcome = await slack.post.post(letter(CHAT, "m1"))
    assert isinstance(outcome, Later)
    assert wall.slept == []


@pytest.mark.parametrize("again", [False, True], ids=["a new connection", "one that was there"])
async def test_a_letter_that_would_leave_too_late_does_not(again, slack, wall, api, monkeypatch):
    """The last look is taken when all is ready: a process may have stood still at any moment before."""
    if again:
        await slack.post.post(replace(letter(CHAT, "m0"), leave_by=wall.now))
    await slack.post.chat(CHAT)
    before, connector = len(api.messages), slack.calls._session.connector
    connect = connector.connect

    async def frozen(*args, **more):
        connection = await connect(*args, **more)
        wall.now += 40
        return connection

    monkeypatch.setattr(connector, "connect", frozen)
    late = replace(letter(CHAT, "m1"), leave_by=wall.now + 30)
    assert await slack.post.post(late) is Posted.LATER
    assert await slack.post.post(late) is Posted.LATER
    assert len(api.messages) == before
    monkeypatch.undo()
    assert await slack.post.post(replace(letter(CHAT, "m1"), leave_by=wall.now + 30)) is Posted.SENT
    assert len(api.messages) == before + 1


# --------------------------------------------------------------------------- looking


def block(marker):
    return {"channel": "D1", "ts": "1.2", "blocks": [{"type": "section", "block_id": marker}]}


@pytest.mark.parametrize(
    ("answer", "sight"),
    [
        ({"messages": [block("other"), block("mark")]}, Sight.THERE),
        ({"messages": [block("other"), 5, {"blocks": [7]}, {"text": "hello"}]}, Sight.NOT_THERE),
        ({"messages": [block("mark")], "has_more": True}, Sight.THERE),
        ({"messages": [], "has_more": True}, Sight.DARK),
        ({}, Sight.DARK),
    ],
)
async def test_what_a_look_shows(answer, sight):
    """Our mark or not; what cannot be seen wholly stays open."""

    async def call(*_, **__):
        return SimpleNamespace(ok=True, error="", data=answer)

    assert await look(SimpleNamespace(call=call), "T1", "D1", "mark") is sight


@pytest.mark.parametrize(
    ("word", "sight"),
    [("missing_scope", Sight.BARRED), ("not_authed", Sight.DARK), ("ratelimited", Sight.DARK)],
)
async def test_a_look_that_is_refused(word, sight, manners, api):
    """Without the scope we may never look; else not now."""
    api.refuse["conversations.history"] = word
    assert await look(manners, "T1", "D1", "mark") is sight


# --------------------------------------------------------------------------- response_url


async def test_a_response_url_is_used_five_times_at_most(manners, api, wall):
    """And for half an hour; another one counts for itself."""
    url = f"{api.url}/respond/1"
    called = [await manners.respond(url, {"n": n}) for n in range(6)]
    assert [one.error for one in called] == ["", "", "", "", "", SPENT]
    assert len(api.responses) == 5
    assert (await manners.respond(f"{api.url}/respond/2", {})).ok
    wall.now += 1801
    assert (await manners.respond(f"{api.url}/respond/2", {})).error == SPENT


async def test_known_response_urls_are_bounded_and_not_kept(manners, api, monkeypatch):
    """A digest each, the oldest forgotten: the address itself lets anybody answer."""
    monkeypatch.setattr("adapters.slack.manners._MOST_URLS", 2)
    for number in range(4):
        await manners.respond(f"{api.url}/respond/{number}", {})
    assert len(manners._urls) == 2
    assert all(isinstance(key, bytes) for key in manners._urls)


async def test_a_person_is_not_held_up_by_tips(slack, manners, proxy, wall):
    """Tips have used all they may: a person's message goes out at once."""
    slack.post.know(CHAT, "D9")
    while not await slack.post.turn(CHANNEL):
        wall.now += 2
        if len(manners.pace._buckets) > 500 or wall.now > 300:
            break
    before = wall.now
    called = await asyncio.gather(
        *(manners.call("T1", "chat.postMessage", channel=f"D{n}") for n in range(20))
    )
    assert all(one.ok for one in called)
    assert wall.now == before
    assert Lane.NOW is not Lane.TIP
