"""The door: what it does with bodies, how it keeps order, and that nothing is lost or said twice."""

import asyncio
import json
import logging
from contextlib import asynccontextmanager

import aiohttp
import pytest

from adapters.teams import reading
from adapters.teams.door import Door
from adapters.teams.excuses import excuse
from adapters.teams.lanes import Lanes, Room
from adapters.teams.once import Answer, Once
from adapters.teams.settings import TeamsSettings
from adapters.teams.tokens import Claims, RefusedError, Unsigned
from tests.players.bot_framework import SERVICE, Clock, until
from tests.players.serving import served

CANARY = "kestrel-umbrella-4711"
GOOD = {"Authorization": "Bearer good.good.good"}
OTHER = {"Authorization": "Bearer other.other.other"}


class Guard:
    """A validator that knows one token; what it does with a body is the table's matter."""

    async def check(self, header, activity):
        if header != GOOD["Authorization"]:
            raise RefusedError("key")
        return Claims("issuer", "audience", SERVICE, 0)


class Coach:
    """What lies behind the door: hears in order, can be held up, fails as told."""

    def __init__(self):
        self.heard, self.done, self.holds, self.answer, self.cancelled = [], [], {}, Answer(), 0

    async def take(self, activity, claims):
        name = activity.get("text", activity.get("id"))
        self.heard.append(name)
        try:
            if name in self.holds:
                await self.holds[name].wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if isinstance(self.answer, Exception):
            raise self.answer
        self.done.append(name)
        return self.answer

    def hold(self, name):
        self.holds[name] = asyncio.Event()
        return self.holds[name]


class Rig:
    def __init__(self, **more):
        self.clock, self.coach = Clock(), Coach()
        self.door = Door(
            Guard(), self.coach.take, Once(self.clock), TeamsSettings("app"), excuse("Again, please"), **more
        )
        self.url, self.session = "", None

    async def post(self, activity, headers=GOOD, path="/api/messages", method="POST"):
        body = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        async with self.session.request(method, self.url + path, data=body, headers=headers) as answer:
            return Got(answer.status, await answer.text(), dict(answer.headers))


class Got:
    def __init__(self, status, text, headers):
        self.status, self.text, self.headers = status, text, headers

    @property
    def json(self):
        return json.loads(self.text)


@asynccontextmanager
async def opened(**more):
    rig = Rig(**more)
    async with served(rig.door) as rig.url, aiohttp.ClientSession() as rig.session:
        yield rig
        for hold in rig.coach.holds.values():
            hold.set()
        await rig.door.drain(1)


@pytest.fixture
async def rig():
    async with opened() as made:
        yield made


def message(text=CANARY, number=None, conversation="a:1", **more):
    told = {"type": "message", "id": number or f"id-{text}", "text": text}
    return told | {"conversation": {"id": conversation}} | more


def invoke(number="f:1", name="task/submit", **more):
    return {"type": "invoke", "name": name, "id": number, "conversation": {"id": "a:1"}} | more


# --------------------------------------------------------------------------- bodies


BROKEN = {
    "empty": b"",
    "not JSON": b"{",
    "not UTF-8": b'{"type": "message", "text": "kestrel \xff"}',
    "a list": b"[1]",
    "a text": b'"kestrel"',
    "null": b"null",
    "an empty object": b"{}",
    "NaN": b'{"type": NaN}',
    "two objects": b'{"text": "kestrel"}{}',
    "too deep for Python": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deeper than allowed": b'{"a":' + b"[" * 70 + b"]" * 70 + b"}",
    "a number with 5000 digits": b'{"a":' + b"9" * 5000 + b"}",
    "UTF-16": '{"type": "kestrel"}'.encode("utf-16"),
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
async def test_a_broken_body_is_400_behind_a_bearer_and_401_without(body, rig, caplog):
    """A body is read only behind a header that could hold a token, and nothing of it is logged."""
    caplog.set_level(logging.DEBUG)
    assert (await rig.post(body, {})).status == 401
    assert (await rig.post(body, {"Authorization": "Bearer abc"})).status == 401
    got = await rig.post(body)
    assert (got.status, got.text) == (400, "")
    assert not rig.coach.heard
    assert "kestrel" not in caplog.text


async def test_what_is_nested_as_deep_as_allowed_comes_in(rig):
    """Adaptive cards nest; a body may be wide, and 64 deep."""
    wide = message(more=[{} for _ in range(300)])
    deep = json.dumps(message("deep"))[:-1].encode() + b',"a":' + b"[" * 62 + b"]" * 62 + b"}"
    assert (await rig.post(wide)).status == 202
    assert (await rig.post(deep)).status == 202
    await until(lambda: rig.coach.done == [CANARY, "deep"])


async def test_half_a_character_becomes_a_question_mark(rig):
    """What could not be written again by anybody does not get in."""
    assert (await rig.post(json.dumps(message("Hi \ud83d there")).encode())).status == 202
    assert (await rig.post(json.dumps(message("Hi \U0001f642")).encode())).status == 202
    await until(lambda: rig.coach.done == ["Hi ? there", "Hi \U0001f642"])


@pytest.mark.parametrize("size", [reading.MOST_BYTES + 1, 3 * reading.MOST_BYTES])
async def test_a_body_too_large_is_413(size, rig):
    """With or without its length said, and whoever sends it."""

    async def pieces():
        for _ in range(0, size, 65536):
            yield b"x" * 65536

    for headers in (GOOD, {}):
        assert (await rig.post(b"x" * size, headers)).status == 413
    async with rig.session.post(rig.url + "/api/messages", data=pieces(), headers=GOOD) as answer:
        assert answer.status == 413
    assert not rig.coach.heard


async def test_a_body_just_small_enough_comes_in(rig):
    """256 KiB to the byte."""
    body = json.dumps(message("", "1")).encode()
    body += b" " * (reading.MOST_BYTES - len(body))
    assert (await rig.post(body)).status == 202


async def raw(rig, data, half_closed=False):
    """Send bytes as they stand; everything that is answered."""
    host, port = rig.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(data)
    if half_closed:
        writer.close()
        await writer.wait_closed()
        return b""
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


START = b"POST /api/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good.good.good\r\n"


async def test_a_body_that_never_arrives_is_408(rig, monkeypatch):
    """Nobody keeps a request open by saying nothing."""
    monkeypatch.setattr(reading, "SECONDS", 0.05)
    assert (await raw(rig, START + b"Content-Length: 10\r\n\r\n{")).startswith(b"HTTP/1.1 408")


async def test_somebody_who_leaves_midway_is_not_heard(rig, caplog):
    """A body cut short is no body."""
    await raw(rig, START + b"Content-Length: 1000\r\n\r\n" + json.dumps(message()).encode(), half_closed=True)
    assert (await rig.post(message("next"))).status == 202
    await until(lambda: rig.coach.done == ["next"])
    assert not caplog.records


async def test_only_one_address_and_one_method(rig):
    """Everything else is not here."""
    assert (await rig.post(b"", path="/api/messages/")).status == 404
    got = await rig.post(b"", method="GET")
    assert (got.status, got.headers["Allow"]) == (405, "POST")


async def test_other_kinds_of_connection_are_left_alone():
    """The server's own start and stop say nothing to the door."""
    await Rig().door({"type": "lifespan"}, None, None)


async def test_a_fault_of_our_own_is_a_500_without_a_word(rig, caplog):
    """Even a validator that fails in a way nobody thought of lets nobody in."""

    async def check(header, activity):
        raise ZeroDivisionError(CANARY)

    rig.door.validator.check = check
    got = await rig.post(message())
    assert (got.status, got.text) == (500, "")
    assert "ZeroDivisionError" in caplog.text
    assert CANARY not in caplog.text


# --------------------------------------------------------------------------- messages


async def test_a_message_is_answered_at_once_and_handled_in_order(rig):
    """202 while the first is still being handled; then one after another; other conversations go on."""
    hold = rig.coach.hold("1")
    for text in "123":
        assert (await rig.post(message(text))).status == 202
    assert (await rig.post(message("other", conversation="a:2"))).status == 202
    await until(lambda: rig.coach.done == ["other"])
    assert rig.coach.heard == ["1", "other"]
    hold.set()
    await until(lambda: rig.coach.done == ["other", "1", "2", "3"])
    assert rig.door.lanes.waiting == 0


async def test_an_activity_is_handled_once(rig):
    """Ten minutes long; the same id elsewhere, or on another kind of activity, is another."""
    for _ in range(3):
        assert (await rig.post(message("a", "7"))).status == 202
    assert (await rig.post(message("b", "7", conversation="a:2"))).status == 202
    assert (await rig.post(message("c", "7", type="messageUpdate"))).status == 202
    assert (await rig.post(message("d", "7", type="messageUpdate"))).status == 202
    rig.clock.move(599)
    assert (await rig.post(message("a", "7"))).status == 202
    await until(lambda: len(rig.coach.done) == 4)
    rig.clock.move(1)
    assert (await rig.post(message("a", "7"))).status == 202
    await until(lambda: sorted(rig.coach.done) == ["a", "a", "b", "c", "d"])


async def test_activities_without_an_id_or_a_conversation_are_handled(rig):
    """Nothing tells them from each other, so each counts."""
    for odd in (
        {"type": "message", "text": "x"},
        {"type": "event", "conversation": [], "text": "y", "id": 5},
    ):
        for _ in range(2):
            assert (await rig.post(odd)).status == 202
    await until(lambda: rig.coach.done == ["x", "x", "y", "y"])


async def test_expect_replies_is_answered_in_the_body_in_its_turn(rig):
    """What the coach says comes back in the response, after what the conversation is still busy with."""
    hold = rig.coach.hold("first")
    await rig.post(message("first"))
    rig.coach.answer = Answer(200, {"activities": [{"type": "message", "text": "hello"}]})
    asked = message("second", deliveryMode="expectReplies")
    waiting = asyncio.create_task(rig.post(asked))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    hold.set()
    got = await waiting
    assert (got.status, got.json["activities"][0]["text"]) == (200, "hello")
    assert (await rig.post(asked)).json == {"activities": []}  # a repeat
    assert rig.coach.done == ["first", "second"]


async def test_a_turn_that_fails_does_not_stop_the_conversation(rig, caplog):
    """The next message is heard; the log names the kind of error and nothing else."""
    rig.coach.answer = ValueError(CANARY)
    await rig.post(message("bad"))
    assert (await rig.post(message("ask", deliveryMode="expectReplies"))).status == 500
    rig.coach.answer = Answer()
    await rig.post(message("good"))
    await until(lambda: rig.coach.done == ["good"])
    assert "ValueError" in caplog.text
    assert CANARY not in caplog.text


async def test_a_turn_that_hangs_is_given_up(caplog):
    """So that its conversation goes on."""
    async with opened(turn_seconds=0.05) as rig:
        rig.coach.hold("hangs")
        waiting = asyncio.create_task(rig.post(message("hangs", deliveryMode="expectReplies")))
        await until(lambda: rig.coach.heard)
        await rig.post(message("next"))
        assert (await waiting).status in (500, 503)
        await until(lambda: rig.coach.done == ["next"])


async def test_a_full_conversation_says_later_and_the_same_message_may_come_again():
    """429 with a time for one conversation; what was refused is not taken for a repeat afterwards."""
    async with opened(lanes=Lanes(Room(in_lane=2))) as rig:
        hold = rig.coach.hold("1")
        for text in "12":
            assert (await rig.post(message(text))).status == 202
        got = await rig.post(message("3"))
        assert (got.status, got.headers["Retry-After"]) == (429, "2")
        assert (await rig.post(message("other", conversation="a:2"))).status == 202
        hold.set()
        await until(lambda: rig.door.lanes.waiting == 0)
        assert (await rig.post(message("3"))).status == 202
        await until(lambda: sorted(rig.coach.done) == ["1", "2", "3", "other"])


@pytest.mark.parametrize("room", [Room(lanes=1), Room(size=150)])
async def test_a_full_house_says_later(room):
    """503 with a time when all conversations together are too many, or too large."""
    async with opened(lanes=Lanes(room)) as rig:
        rig.coach.hold("1")
        assert (await rig.post(message("1"))).status == 202
        got = await rig.post(message("2", conversation="a:2"))
        assert (got.status, got.headers["Retry-After"]) == (503, "5")


# --------------------------------------------------------------------------- invokes


async def test_an_invoke_is_answered_in_the_response(rig):
    """Here and now, beside what the conversation is busy with."""
    rig.coach.hold("busy")
    await rig.post(message("busy"))
    rig.coach.answer = Answer(200, {"task": {"type": "continue"}})
    got = await rig.post(invoke())
    assert (got.status, got.json) == (200, {"task": {"type": "continue"}})


LATE = {
    "adaptiveCard/action": {
        "statusCode": 200,
        "type": "application/vnd.microsoft.activity.message",
        "value": "Again, please",
    },
    "task/fetch": {"task": {"type": "message", "value": "Again, please"}},
    "task/submit": {"task": {"type": "message", "value": "Again, please"}},
    "composeExtension/fetchTask": {"task": {"type": "message", "value": "Again, please"}},
    "composeExtension/submitAction": {"task": {"type": "message", "value": "Again, please"}},
    "composeExtension/query": {"composeExtension": {"type": "message", "text": "Again, please"}},
    "message/submitAction": {},
    "": {},
}


@pytest.mark.parametrize("name", LATE)
async def test_an_invoke_that_takes_too_long_gets_a_kind_answer_and_is_finished(name):
    """The person reads a line in the place where the answer would be; the turn itself is not cut off."""
    async with opened(invoke_seconds=0.05) as rig:
        hold = rig.coach.hold("f:1")
        got = await rig.post(invoke(name=name))
        assert (got.status, got.json) == (200, LATE[name])
        hold.set()
        await until(lambda: rig.coach.done == ["f:1"])
        assert rig.coach.cancelled == 0


async def test_the_check_of_the_caller_counts_as_time(monkeypatch):
    """Teams waits for the whole of it."""

    async def slowly(self, header, activity):
        await asyncio.sleep(0.1)
        return Claims("issuer", "audience", SERVICE, 0)

    monkeypatch.setattr(Guard, "check", slowly)
    async with opened(invoke_seconds=0.05) as rig:
        rig.coach.hold("f:1")
        assert (await rig.post(invoke())).json == LATE["task/submit"]


async def test_an_invoke_that_fails_gets_a_kind_answer_too(rig, caplog):
    """Never a 500: Bot Framework would send it again and again."""
    rig.coach.answer = ValueError(CANARY)
    got = await rig.post(invoke(name="task/fetch"))
    assert (got.status, got.json) == (200, LATE["task/fetch"])
    assert CANARY not in caplog.text


async def test_a_repeated_invoke_waits_for_the_same_answer(rig):
    """While the first is under way; afterwards there is nothing left to do."""
    rig.coach.answer = Answer(200, {"n": 1})
    hold = rig.coach.hold("f:1")
    first = asyncio.create_task(rig.post(invoke()))
    await until(lambda: rig.coach.heard)
    second = asyncio.create_task(rig.post(invoke()))
    await asyncio.sleep(0.05)
    hold.set()
    assert [(await got).json for got in (first, second)] == [{"n": 1}] * 2
    assert (await rig.post(invoke())).json == {}
    assert rig.coach.heard == ["f:1"]


async def test_invokes_without_an_id_are_each_handled(rig):
    """As from a client that gives none."""
    for _ in range(2):
        assert (await rig.post(invoke(number=None))).status == 200
    assert rig.coach.done == [None, None]


async def test_too_many_invokes_at_once_are_told_to_come_again(rig, monkeypatch):
    """Bounded, like everything that waits."""
    monkeypatch.setattr("adapters.teams.door.MOST_INVOKES", 1)
    hold = rig.coach.hold("f:1")
    first = asyncio.create_task(rig.post(invoke()))
    await until(lambda: rig.coach.heard)
    assert (await rig.post(invoke("f:2"))).status == 503
    hold.set()
    await first
    assert (await rig.post(invoke("f:2"))).status == 200


# --------------------------------------------------------------------------- the end


async def test_a_drain_finishes_what_was_taken_and_lets_nothing_more_in(rig):
    """Every message that got its 202 is handled; one that comes now is told to come again."""
    hold = rig.coach.hold("1")
    for text in "123":
        await rig.post(message(text))
    asked = asyncio.create_task(rig.post(invoke()))
    await until(lambda: "f:1" in rig.coach.heard)
    draining = asyncio.create_task(rig.door.drain(5))
    await asyncio.sleep(0.02)
    got = await rig.post(message("late"))
    assert (got.status, got.headers["Retry-After"]) == (503, "5")
    hold.set()
    assert await draining == 0
    assert rig.coach.done == ["f:1", "1", "2", "3"]
    assert (await asked).status == 200


async def test_a_drain_ends_in_its_time_and_says_what_was_left(rig):
    """A turn that does not end is given up."""
    for text in "12":
        rig.coach.hold(text)
        await rig.post(message(text))
    rig.coach.hold("f:1")
    asked = asyncio.create_task(rig.post(invoke(name="task/fetch")))
    await until(lambda: "f:1" in rig.coach.heard)
    assert await rig.door.drain(0.05) == 3
    assert rig.coach.cancelled == 2
    assert (await asked).json == LATE["task/fetch"]


async def test_a_drain_with_nothing_to_do_is_over_at_once():
    """As after a quiet day."""
    assert await Rig().door.drain(5) == 0


# --------------------------------------------------------------------------- the development switch


@pytest.fixture
async def development():
    settings = TeamsSettings(insecure_dev=True, listens_on="127.0.0.1").checked()
    rig = Rig()
    rig.door.settings, rig.door.validator = settings, Unsigned(settings)
    async with served(rig.door) as rig.url, aiohttp.ClientSession() as rig.session:
        yield rig


HERE = {"serviceUrl": "http://localhost:56150/_connector"}


async def test_the_development_switch_lets_this_machine_in_unsigned(development):
    """With or without a header: nobody looks at it."""
    assert (await development.post(message("a", **HERE), {})).status == 202
    assert (await development.post(message("b", **HERE), GOOD)).status == 202


@pytest.mark.parametrize("name", ["Origin", "X-Forwarded-For", "X-Forwarded-Host", "Forwarded"])
async def test_no_page_and_no_tunnel_comes_in_behind_the_switch(name, development):
    """A web page open in the browser, or a tunnel to this machine, is not this machine."""
    assert (await development.post(message(**HERE), {name: "x"})).status == 401
    assert not development.coach.heard


@pytest.mark.parametrize("url", [None, 5, SERVICE, "https://evil.example/", "http://10.0.0.1:3978/"])
async def test_behind_the_switch_answers_stay_on_this_machine(url, development):
    """Whoever names another address to answer to is refused."""
    assert (await development.post(message(serviceUrl=url), {})).status == 401


@pytest.mark.parametrize("client", [None, ("192.0.2.7", 5), ("", 0)])
async def test_behind_the_switch_a_caller_from_elsewhere_is_refused(client, development):
    """Even where the server listens wider than it said."""
    said = []

    async def receive():
        return {"type": "http.request", "body": json.dumps(message(**HERE)).encode()}

    async def send(event):
        said.append(event.get("status"))

    scope = {"type": "http", "path": "/api/messages", "method": "POST", "headers": [], "client": client}
    await development.door(scope, receive, send)
    assert said[0] == 401


async def test_the_unsigned_validator_refuses_where_the_switch_is_off():
    """It cannot be put in the place of the other by mistake."""
    for settings in (TeamsSettings(), TeamsSettings("app", insecure_dev=True)):
        with pytest.raises(RefusedError, match="switch"):
            await Unsigned(settings).check(None, HERE)


def test_once_is_bounded():
    """However many ids come by, so many are kept, the newest."""
    once = Once(Clock(), bound=3)
    assert all(once.new(bytes([n])) for n in range(5))
    assert once.new(b"\x01")
    assert not once.new(b"\x04")
