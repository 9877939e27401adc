"""The gate: what it lets in, what it refuses and how, and that it says nothing of what it saw."""

import asyncio
import json
import logging

import aiohttp
import pytest

from adapters.slack.gate import MOST_BYTES, Gate, MalformedError, identity, parse
from adapters.slack.once import DONE, Answer, Once
from tests.players.serving import served
from tests.players.slack_api import NOW, SECRET, post, signed

OLD, NEW = "the old secret", "the new secret"
CANARY = "kestrel-umbrella-4711"


class Inside:
    """What lies behind the gate: keeps payloads, answers as told, can be held up."""

    def __init__(self):
        self.payloads, self.answer, self.hold = [], DONE, None

    async def take(self, payload, at):
        self.payloads.append(payload)
        if self.hold is not None:
            await self.hold.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def inside():
    return Inside()


@pytest.fixture
async def url(inside):
    gate = Gate((OLD, NEW), inside.take, Once(), lambda: NOW)
    async with served(gate) as address:
        yield address


def event(text=CANARY, number="Ev1"):
    return json.dumps({"type": "event_callback", "event_id": number, "event": {"text": text}}).encode()


def other(headers, **changes):
    return {**headers, **changes}


WRONG = {
    "no headers": lambda body: {},
    "no signature": lambda body: {"X-Slack-Request-Timestamp": str(int(NOW.timestamp()))},
    "no timestamp": lambda body: {"X-Slack-Signature": signed(body, NEW)["X-Slack-Signature"]},
    "unknown secret": lambda body: signed(body, "another secret"),
    "signature of another body": lambda body: signed(body + b" ", NEW),
    "signature cut short": lambda body: other(
        signed(body, NEW), **{"X-Slack-Signature": signed(body, NEW)["X-Slack-Signature"][:-1]}
    ),
    "non-ASCII signature": lambda body: other(signed(body, NEW), **{"X-Slack-Signature": "v0=é"}),
    "empty signature": lambda body: other(signed(body, NEW), **{"X-Slack-Signature": ""}),
    "timestamp abc": lambda body: signed(body, NEW) | {"X-Slack-Request-Timestamp": "abc"},
    "timestamp é": lambda body: signed(body, NEW) | {"X-Slack-Request-Timestamp": "é"},
    "timestamp negative": lambda body: signed(body, NEW, at=-5),
    "timestamp enormous": lambda body: signed(body, NEW, at=10**40),
    "too old": lambda body: signed(body, NEW, at=NOW.timestamp() - 302),
    "from the future": lambda body: signed(body, NEW, at=NOW.timestamp() + 302),
}


@pytest.mark.parametrize("case", WRONG)
async def test_wrongly_signed_is_always_the_same_401(case, url, inside, caplog):
    """Whatever is wrong, the answer is the same, nothing gets in, and no log holds the body."""
    caplog.set_level(logging.DEBUG)
    body = event()
    answer = await post(url, body, WRONG[case](body), form=False)
    assert (answer.status, answer.text) == (401, "")
    assert inside.payloads == []
    assert CANARY not in caplog.text


@pytest.mark.parametrize("name", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
async def test_a_doubled_header_is_refused(name, url, inside):
    """Two signatures or two times: no guessing which one is meant, even if both are right."""
    body = event()
    headers = list(signed(body, NEW).items())
    headers.append((name, dict(headers)[name]))
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/slack/events", data=body, headers=headers) as answer,
    ):
        assert answer.status == 401
    assert inside.payloads == []


@pytest.mark.parametrize("secret", [OLD, NEW])
async def test_two_secrets_are_good_while_one_is_replaced(secret, url, inside):
    """Both secrets open the gate."""
    body = event()
    assert (await post(url, body, signed(body, secret), form=False)).status == 200
    assert len(inside.payloads) == 1


async def test_no_secret_lets_nobody_in(inside):
    """A gate without secrets (Socket Mode only) refuses everything."""
    body = event()
    async with served(Gate((), inside.take, Once(), lambda: NOW)) as url:
        assert (await post(url, body, signed(body, ""), form=False)).status == 401


BROKEN = {
    "broken JSON": b'{"type": ',
    "a list": b"[1, 2]",
    "a number in a form": b"payload=7",
    "bad UTF-8 in JSON": b'{"text": "\xff\xfe"}',
    "bad UTF-8 in a form": b"text=%ff%fe",
    "raw bad UTF-8 in a form": b"text=\xff",
    "a form that is none": b"oops",
    "payload that is no JSON": b"payload=oops",
    "nested a hundred thousand deep": b'{"a":' * 100_000,
    "lists a hundred thousand deep in a form": b"payload=" + b"[" * 100_000,
    "nothing": b"",
    "too many fields": b"&".join(b"a%d=1" % n for n in range(200)),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_a_signed_body_that_cannot_be_read_is_a_400(case, url, inside, caplog):
    """Broken JSON, broken forms and bad UTF-8: 400, quietly."""
    body = BROKEN[case]
    answer = await post(url, body, signed(body, NEW), form=False)
    assert (answer.status, answer.text) == (400, "")
    assert inside.payloads == []
    assert "Traceback" not in caplog.text


def test_a_broken_body_leaves_no_trace_of_its_text():
    """The error for a broken body holds neither the text nor the error that quotes it."""
    with pytest.raises(MalformedError) as caught:
        parse(b'{"text": "' + CANARY.encode())
    assert CANARY not in repr(caught.value)
    assert caught.value.__context__ is None


async def test_ten_megabytes_are_a_413(url, inside):
    """More than one MiB is refused, however well signed."""
    body = b"x" * 10 * MOST_BYTES
    assert (await post(url, body, signed(body, NEW))).status == 413
    assert inside.payloads == []


async def test_chunked_bodies_are_counted_too(url):
    """Without a content-length the bytes themselves are counted."""

    async def pieces():
        for _ in range(20):
            yield b"x" * (MOST_BYTES // 10)

    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/slack/events", data=pieces()) as answer,
    ):
        assert answer.status == 413


async def call(gate, headers, events, method="POST", path="/slack/events"):
    """The gate called as a server would, with events no honest server sends."""
    sent, feed = [], iter(events)

    async def receive():
        return next(feed)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": headers}
    await gate(scope, receive, send)
    return sent[0]["status"], sent[0]["headers"]


@pytest.mark.parametrize(
    ("claimed", "size", "status"),
    [(b"5", MOST_BYTES + 1, 413), (b"999999999999", 5, 413), (b"abc", 5, 401), (b"5", 5, 401)],
)
async def test_a_content_length_that_lies(claimed, size, status, inside):
    """Neither a small claim over a large body nor a large claim over a small one gets by."""
    gate = Gate((NEW,), inside.take, Once(), lambda: NOW)
    body = {"type": "http.request", "body": b"x" * size}
    assert (await call(gate, [(b"content-length", claimed)], [body]))[0] == status


async def test_an_endless_body_is_not_read_to_its_end(inside):
    """After sixteen MiB the gate stops listening."""
    gate = Gate((NEW,), inside.take, Once(), lambda: NOW)
    endless = [{"type": "http.request", "body": b"x" * MOST_BYTES, "more_body": True}] * 18
    assert (await call(gate, [], endless))[0] == 413


async def test_a_client_that_leaves_midway(inside):
    """A body that stops halfway is not signed."""
    gate = Gate((NEW,), inside.take, Once(), lambda: NOW)
    events = [{"type": "http.request", "body": b"x", "more_body": True}, {"type": "http.disconnect"}]
    assert (await call(gate, [], events))[0] == 401


async def test_only_post_and_only_here(inside):
    """Other paths are unknown, other methods refused; a websocket is not answered at all."""
    gate = Gate((NEW,), inside.take, Once(), lambda: NOW)
    assert (await call(gate, [], [], path="/"))[0] == 404
    assert (await call(gate, [], [], method="GET"))[0] == 405
    assert await gate({"type": "websocket"}, None, None) is None


async def test_the_address_check_is_answered(url, inside):
    """url_verification gets its challenge back, ssl_check a 200; the coach hears of neither."""
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    answer = await post(url, body, signed(body, NEW), form=False)
    assert (answer.status, answer.json) == (200, {"challenge": "abc"})
    check = b"ssl_check=1&token=x"
    assert (await post(url, check, signed(check, NEW))).status == 200
    assert inside.payloads == []


# --------------------------------------------------------------------------- once


async def test_a_repeat_of_a_handled_event_does_nothing(url, inside):
    """Slack's retry of an event that was handled: 200 and nothing else."""
    inside.answer = Answer(200, {"text": "first"})
    body = event()
    first = await post(url, body, signed(body, NEW), form=False)
    again = await post(url, body, signed(body, OLD, at=NOW.timestamp() - 5), form=False)
    assert (first.json, again.status, again.text) == ({"text": "first"}, 200, "")
    assert len(inside.payloads) == 1


async def test_a_replayed_body_with_no_id_is_handled_once(url, inside):
    """A payload without any id of its own is known by its bytes."""
    body = b"text=hello"
    headers = signed(body, NEW)
    await post(url, body, headers)
    await post(url, body, headers)
    assert len(inside.payloads) == 1


async def test_a_repeat_of_one_in_flight_waits_for_it(url, inside):
    """The second of two at once gets the answer of the first."""
    inside.hold, inside.answer = asyncio.Event(), Answer(200, {"text": "once"})
    body = event()
    both = [
        asyncio.create_task(post(url, body, signed(body, NEW, at=NOW.timestamp() - n), form=False))
        for n in (0, 9)
    ]
    await asyncio.wait(both, timeout=0.2)
    assert len(inside.payloads) == 1
    inside.hold.set()
    assert [(await one).json for one in both] == [{"text": "once"}] * 2


async def test_what_failed_may_come_again(url, inside, caplog):
    """A failure is a 500 without its text, and Slack's retry is heard."""
    body = event()
    inside.answer = RuntimeError(CANARY)
    assert (await post(url, body, signed(body, NEW), form=False)).status == 500
    assert CANARY not in caplog.text
    assert "RuntimeError" in caplog.text
    inside.answer = DONE
    assert (await post(url, body, signed(body, NEW), form=False)).status == 200
    assert len(inside.payloads) == 2


async def test_a_form_with_faults_may_be_sent_again(url, inside):
    """After "please mend this" the same view is heard once more; after that it is done."""
    inside.answer = Answer(200, {"response_action": "errors", "errors": {}}, again=True)
    view = {"type": "view_submission", "trigger_id": "t1", "view": {"id": "V1", "hash": "h1"}}
    body = json.dumps(view).encode()
    await post(url, body, signed(body, NEW))
    inside.answer = DONE
    await post(url, body, signed(body, NEW))
    await post(url, body, signed(body, NEW))
    assert len(inside.payloads) == 2


async def test_what_is_remembered_is_bounded(inside):
    """The oldest keys give way."""
    once = Once(bound=3)
    for number in range(10):
        await once.run(str(number), lambda: inside.take({}, None))
    assert len(once._seen) == 3
    await once.run("9", lambda: inside.take({}, None))
    await once.run("0", lambda: inside.take({}, None))
    assert len(inside.payloads) == 11


async def test_work_goes_on_when_the_asker_leaves(inside):
    """A request that is given up is still handled, and drain waits for it."""
    once, inside.hold = Once(), asyncio.Event()
    asking = asyncio.create_task(once.run("a", lambda: inside.take({}, None)))
    await asyncio.sleep(0)
    asking.cancel()
    asyncio.get_running_loop().call_later(0.02, inside.hold.set)
    await once.drain(5)
    assert once._seen == {"a": None}
    await once.drain(5)


def test_identity_by_kind():
    """Events by their id, submits by view and hash (a double click has two triggers), the rest by trigger."""
    submit = {"type": "view_submission", "trigger_id": "t", "view": {"id": "V1", "hash": "h1"}}
    assert identity({"event_id": "E1", "trigger_id": "t"}) == "event:E1"
    assert identity(submit) == identity({**submit, "trigger_id": "u"}) == "view:V1:h1"
    assert identity({**submit, "view": {"id": "V1"}}) == "trigger:t"
    assert (
        identity({"type": "block_actions", "trigger_id": "t", "view": {"id": "V", "hash": "h"}})
        == "trigger:t"
    )
    assert identity({"event_id": 5}) == ""


def test_the_secret_is_not_kept():
    """Neither the gate nor its repr holds a secret."""
    assert SECRET not in repr(Gate((SECRET,), None, Once(), None))


async def test_a_body_that_does_not_come_is_given_up(inside, monkeypatch):
    """Whoever sends half a body and waits is answered, so that waiting bodies cannot fill the memory."""
    monkeypatch.setattr("adapters.slack.gate.SLOWEST", 0.05)
    sent, never = [], asyncio.Event()

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": "/slack/events", "method": "POST", "headers": []}
    await Gate((NEW,), inside.take, Once(), lambda: NOW)(scope, never.wait, send)
    assert sent[0]["status"] == 408


async def test_a_length_of_thousands_of_digits_is_too_large(inside):
    """Not a failing conversion: the same 413 as for any body that is too large."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message):
        sent.append(message)

    headers = [(b"content-length", b"9" * 5000)]
    scope = {"type": "http", "path": "/slack/events", "method": "POST", "headers": headers}
    await Gate((NEW,), inside.take, Once(), lambda: NOW)(scope, receive, send)
    assert sent[0]["status"] == 413


async def test_what_is_remembered_of_a_request_is_short(inside):
    """An id of a megabyte is remembered by its digest."""
    once = Once()
    gate = Gate((NEW,), inside.take, once, lambda: NOW)
    async with served(gate) as address:
        body = event(number="E" * 900_000)
        assert (await post(address, body, signed(body, NEW), form=False)).status == 200
    assert all(len(key) < 100 for key in once._seen)
