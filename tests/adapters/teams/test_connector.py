"""The connector: what each answer means, what is tried again and what never is, and where the token goes."""

import asyncio
import json
import logging
from datetime import timedelta

import pytest

from adapters.teams.calls import Calls, Time
from adapters.teams.connector import Connector
from adapters.teams.entra import EntraError, Why
from adapters.teams.faults import ConnectorError, Fault
from adapters.teams.hosts import Hosts
from adapters.teams.references import ConversationState, Reference
from adapters.teams.session import MOST_BYTES, ClosedError, Session
from coaching.ports import Posted
from tests.players.bot_framework import ConnectorStub

CANARY = "kestrel-umbrella-4711"
HI = {"type": "message", "text": f"{CANARY} \U0001f642"}


class Badge:
    """Gives token after token."""

    def __init__(self):
        self.number, self.refuse = 1, None

    async def token(self):
        if self.refuse is not None:
            raise EntraError(self.refuse)
        return f"token-{self.number}"

    def drop(self, token):
        self.number += token == f"token-{self.number}"


@pytest.fixture
async def stub():
    made = await ConnectorStub().start()
    yield made
    await made.stop()


@pytest.fixture
def badge():
    return Badge()


@pytest.fixture
def time(clock):
    return Time(clock.clock, clock.sleep, lambda: 0.5)


@pytest.fixture
def connector(session, badge, time):
    return Connector(Calls(session, badge, time), Hosts(development=True))


def place(stub, conversation="a:1", **changes):
    given = {"tenant": "t1", "conversation_id": conversation, "kind": "personal", "bot_id": "28:app"}
    return Reference(**{"service_url": stub.url + "/emea/", "user_id": "29:u"} | given | changes)


def said(code, status=403, **headers):
    return (status, {"error": {"code": code, "message": CANARY}}, headers)


# --------------------------------------------------------------------------- what is called


async def test_every_call_goes_where_bot_framework_expects_it(connector, stub):
    """Method, path and body of each; the id comes back."""
    to = place(stub)
    assert await connector.send(to, HI) == "a1"
    assert await connector.reply(to, "m/1", HI) == "a2"
    assert await connector.update(to, "m1", HI, targeted=True) == "a3"
    await connector.delete(to, "m1", targeted=True)
    assert await connector.create(to, {"isGroup": False}) == "a5"
    assert (await connector.member(to, "29:u"))["id"] == "a6"
    await connector.send(to, HI, targeted=True)
    assert await connector.channels(place(stub, team_id="19:t@x")) == ()
    start = "/emea/v3/conversations"
    assert [(method, path, body) for method, path, body, _ in stub.calls] == [
        ("POST", f"{start}/a%3A1/activities", HI),
        ("POST", f"{start}/a%3A1/activities/m%2F1", HI),
        ("PUT", f"{start}/a%3A1/activities/m1?isTargetedActivity=true", HI),
        ("DELETE", f"{start}/a%3A1/activities/m1?isTargetedActivity=true", None),
        ("POST", start, {"isGroup": False}),
        ("GET", f"{start}/a%3A1/members/29%3Au", None),
        ("POST", f"{start}/a%3A1/activities?isTargetedActivity=true", HI),
        ("GET", "/emea/v3/teams/19%3At%40x/conversations", None),
    ]
    assert {authorization for *_, authorization in stub.calls} == {"Bearer token-1"}
    assert len(stub.connections) == 1


@pytest.mark.parametrize(
    ("conversation", "path"),
    [
        ("19:x@thread.tacv2;messageid=1", "19%3Ax%40thread.tacv2%3Bmessageid%3D1"),
        ("a/../../b?c#d%2f", "a%2F..%2F..%2Fb%3Fc%23d%252f"),
        ("ü \ud83d", "%C3%BC%20%3F"),
    ],
)
async def test_an_id_cannot_lead_elsewhere(conversation, path, connector, stub):
    """Whatever characters it is made of, it stays one step of the path."""
    await connector.send(place(stub, conversation), HI)
    assert stub.calls[0][1] == f"/emea/v3/conversations/{path}/activities"


@pytest.mark.parametrize("odd", ["", ".", ".."])
async def test_an_id_that_is_a_step_is_refused(odd, connector, stub):
    """Nothing is sent."""
    with pytest.raises(ConnectorError, match="refused"):
        await connector.send(place(stub, odd), HI)
    with pytest.raises(ConnectorError, match="refused"):
        await connector.delete(place(stub), odd)
    assert not stub.calls


async def test_the_token_goes_to_listed_hosts_only(session, badge, time, stub):
    """An address that is not on the list is never called."""
    connector = Connector(Calls(session, badge, time), Hosts())
    for make in (connector.send, connector.create):
        with pytest.raises(ConnectorError) as told:
            await make(place(stub), HI)
        assert told.value.posted is Posted.LATER
    assert not stub.calls


async def test_behind_the_development_switch_no_token_is_sent(session, time, stub):
    """There is none; and a 401 is not tried again."""
    connector = Connector(Calls(session, None, time), Hosts(development=True))
    stub.answers = [(201, {"id": "x"}, {}), said("Unauthorized", 401)]
    assert await connector.send(place(stub), HI) == "x"
    with pytest.raises(ConnectorError, match="misconfigured"):
        await connector.send(place(stub), HI)
    assert [authorization for *_, authorization in stub.calls] == [None, None]


@pytest.mark.parametrize("answer", ["", "no JSON", "[1]", '{"id": 5}', "{}", "[" * 100_000])
async def test_what_was_posted_was_posted_whatever_the_answer_says(answer, connector, stub):
    """Without an id there is none; it is no reason to post again."""
    stub.answers = [(200, answer, {})] * 2
    assert await connector.send(place(stub), HI) == ""
    assert await connector.update(place(stub), "m1", HI) == "m1"
    assert len(stub.calls) == 2


async def test_an_endless_answer_is_cut(connector, stub):
    """Nobody fills our memory."""
    stub.answers = [(200, "x" * (4 * MOST_BYTES), {})]
    assert await connector.send(place(stub), HI) == ""


# --------------------------------------------------------------------------- what an answer means


MEANINGS = {
    "MessageWritesBlocked": (said("MessageWritesBlocked"), Fault.BLOCKED),
    "ConversationBlockedByUser": (said("ConversationBlockedByUser"), Fault.BLOCKED),
    "BotNotInConversationRoster 403": (said("BotNotInConversationRoster"), Fault.UNINSTALLED),
    "BotNotInConversationRoster 404": (said("BotNotInConversationRoster", 404), Fault.UNINSTALLED),
    "ConversationNotFound": (said("ConversationNotFound", 404), Fault.UNINSTALLED),
    "BotDisabledByAdmin": (said("BotDisabledByAdmin"), Fault.PAUSED),
    "ActivityNotFoundInConversation": (said("ActivityNotFoundInConversation", 404), Fault.ACTIVITY_GONE),
    "MessageSizeTooBig": (said("MessageSizeTooBig", 413), Fault.TOO_BIG),
    "MessageSizeTooBig 400": (said("MessageSizeTooBig", 400), Fault.TOO_BIG),
    "413": ((413, "", {}), Fault.TOO_BIG),
    "another 403": (said("Forbidden"), Fault.REFUSED),
    "another 404": ((404, "<html>", {}), Fault.REFUSED),
    "400": (said("BadArgument", 400), Fault.REFUSED),
    "400, an odd body": ((400, '{"error": {"code": 5}}', {}), Fault.REFUSED),
    "400, another odd body": ((400, '{"error": []}', {}), Fault.REFUSED),
    "a redirect": ((302, "", {"Location": "/elsewhere"}), Fault.REFUSED),
    "412": ((412, "", {}), Fault.UNREACHABLE),
    "500": ((500, "", {}), Fault.UNKNOWN),
    "502": ((502, "", {}), Fault.UNKNOWN),
    "503": ((503, "", {"Retry-After": "1"}), Fault.UNKNOWN),
    "504": ((504, "", {}), Fault.UNKNOWN),
    "500 with a code": (said("ConversationNotFound", 500), Fault.UNKNOWN),
    "reset": ("reset", Fault.UNKNOWN),
}
STATES = {
    Fault.BLOCKED: ConversationState.BLOCKED,
    Fault.UNINSTALLED: ConversationState.UNINSTALLED,
    Fault.PAUSED: ConversationState.PAUSED,
}
POSTED = {
    Fault.BLOCKED: Posted.GONE,
    Fault.UNINSTALLED: Posted.GONE,
    Fault.UNKNOWN: Posted.UNKNOWN,
}


@pytest.mark.parametrize(("answer", "fault"), MEANINGS.values(), ids=MEANINGS)
async def test_a_message_is_posted_once_whatever_is_answered(answer, fault, connector, stub, caplog):
    """One POST; a typed error with the state of the conversation; not a word of anybody in it or the log."""
    caplog.set_level(logging.DEBUG)
    await connector.delete(place(stub), "m1")  # so that the connection is one that was used before
    stub.answers = [answer]
    with pytest.raises(ConnectorError) as told:
        await connector.send(place(stub), HI)
    error = told.value
    assert error.fault is fault
    assert error.state is STATES.get(fault, ConversationState.ACTIVE)
    assert error.posted is POSTED.get(fault, Posted.LATER)
    assert [method for method, *_ in stub.calls] == ["DELETE", "POST"]
    assert CANARY not in caplog.text + repr(error)
    assert error.__cause__ is error.__context__ is None


async def test_a_message_without_an_answer_is_not_posted_again(connector, stub):
    """It may have arrived."""
    stub.answers = ["hang"]
    connector.calls.seconds = 0.1
    with pytest.raises(ConnectorError) as told:
        await connector.reply(place(stub), "m1", HI)
    assert (told.value.posted, len(stub.calls)) == (Posted.UNKNOWN, 1)


async def test_a_connector_that_is_not_there_is_tried_again_and_surely_got_nothing(connector, stub, clock):
    """No connection was ever made, so nothing can have arrived."""
    to = place(stub)
    await stub.stop()
    with pytest.raises(ConnectorError) as told:
        await connector.send(to, HI)
    assert (told.value.fault, told.value.posted) == (Fault.UNREACHABLE, Posted.LATER)
    assert clock.slept == [1, 2, 4]


async def test_a_message_that_would_leave_too_late_does_not(connector, stub, clock, session, monkeypatch):
    """The last look is taken when all is ready: a process may have stood still at any moment before."""
    connect = session().connector.connect

    async def frozen(*args, **more):
        connection = await connect(*args, **more)
        clock.at += timedelta(seconds=40)
        return connection

    monkeypatch.setattr(session().connector, "connect", frozen)
    for _ in range(2):
        with pytest.raises(ConnectorError) as told:
            await connector.send(place(stub), HI, leave_by=clock.clock() + 30)
        assert (told.value.fault, told.value.posted) == (Fault.UNREACHABLE, Posted.LATER)
    assert (stub.calls, clock.slept) == ([], [])
    monkeypatch.undo()
    await connector.send(place(stub), HI, leave_by=clock.clock() + 30)
    assert len(stub.calls) == 1


HARMLESS = [(412, "", {}), (502, "", {}), (503, "", {"Retry-After": "3"}), (504, "", {}), "reset"]


@pytest.mark.parametrize("answer", HARMLESS, ids=str)
async def test_what_does_no_harm_twice_is_tried_again(answer, connector, stub, clock):
    """Changing, taking back, looking up, opening a chat; after the wait that was asked for."""
    to = place(stub)
    calls = [
        lambda: connector.update(to, "m1", HI),
        lambda: connector.delete(to, "m1"),
        lambda: connector.member(to, "29:u"),
        lambda: connector.create(to, {"members": [{"id": "29:u"}]}),
    ]
    for call in calls:
        stub.answers = [answer]
        await call()
    assert len(stub.calls) == 8
    if answer != "reset":  # a connection that was kept open too long is replaced without a wait
        assert clock.slept == [3 if "Retry-After" in str(answer) else 1] * 4


async def test_after_four_tries_it_is_over(connector, stub, clock):
    """And nobody is in doubt about what changed nothing."""
    stub.answers = [(503, "", {})] * 9
    with pytest.raises(ConnectorError) as told:
        await connector.create(place(stub), {})
    assert (told.value.fault, len(stub.calls), clock.slept) == (Fault.UNREACHABLE, 4, [1, 2, 4])


async def test_a_500_is_not_tried_again(connector, stub):
    """It says that something is wrong over there, not that it will be better."""
    stub.answers = [(500, "", {})]
    with pytest.raises(ConnectorError):
        await connector.update(place(stub), "m1", HI)
    assert len(stub.calls) == 1


async def test_opening_a_conversation_with_a_first_message_is_like_posting(connector, stub):
    """Twice would post twice."""
    stub.answers = [(503, "", {})]
    with pytest.raises(ConnectorError, match="unknown"):
        await connector.create(place(stub), {"activity": HI})
    assert len(stub.calls) == 1


# --------------------------------------------------------------------------- too many


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "3"}, 3),
        ({"Retry-After": "Mon, 02 Mar 2026 08:00:07 GMT", "Date": "Mon, 02 Mar 2026 08:00:00 GMT"}, 7),
        ({"Retry-After": "Mon, 02 Mar 2026 07:00:00 GMT", "Date": "Mon, 02 Mar 2026 08:00:00 GMT"}, 0),
        ({"Retry-After": "soon"}, 1),
        ({"Retry-After": "-5"}, 1),
        ({}, 1),
    ],
)
async def test_a_429_was_surely_not_posted_and_is_tried_again_after_the_pause(
    headers, wait, connector, stub, clock
):
    """As long as the connector asks, or a second."""
    stub.answers = [(429, "", headers)]
    assert await connector.send(place(stub), HI) == "a2"
    assert clock.slept == [wait] * bool(wait)


async def test_the_pause_holds_for_the_whole_conversation(connector, stub, clock):
    """Its threads too; other conversations go on."""
    stub.answers = [(429, "", {"Retry-After": "60"})]
    with pytest.raises(ConnectorError) as told:
        await connector.send(place(stub, "19:c"), HI)
    assert (told.value.fault, told.value.retry_after) == (Fault.BUSY, 60)
    assert (told.value.posted, told.value.state) == (Posted.LATER, ConversationState.ACTIVE)
    clock.move(20)
    with pytest.raises(ConnectorError) as told:
        await connector.send(place(stub, "19:c;messageid=5"), HI)
    assert told.value.retry_after == 40
    await connector.send(place(stub, "19:d"), HI)
    clock.move(40)
    await connector.send(place(stub, "19:c"), HI)
    assert (len(stub.calls), clock.slept) == (3, [])


async def test_always_429_ends(connector, stub):
    """Four tries, then a typed error with the time to wait."""
    stub.answers = [(429, "", {"Retry-After": "2"})] * 9
    with pytest.raises(ConnectorError) as told:
        await connector.send(place(stub), HI)
    assert (told.value.fault, told.value.retry_after, len(stub.calls)) == (Fault.BUSY, 2, 4)


async def test_messages_keep_to_the_limits_of_a_conversation(connector, stub, clock):
    """Seven at once, then a wait; looking up members has limits of its own."""
    for _ in range(9):
        await connector.send(place(stub), HI)
    assert clock.slept == [1, 1]
    for _ in range(14):
        await connector.member(place(stub), "29:u")
    assert clock.slept == [1, 1]


async def test_a_tenant_has_fifty_a_second(connector, stub, clock):
    """Over all its conversations; another tenant is not held up."""
    for number in range(51):
        await connector.send(place(stub, f"a:{number}"), HI)
    assert clock.slept == [1]
    await connector.send(place(stub, tenant="t2"), HI)
    assert clock.slept == [1]


async def test_fifty_at_once_arrive_all(connector, stub):
    """Over one pool of connections."""
    sent = [connector.send(place(stub, f"a:{n}"), HI) for n in range(50)]
    assert len(set(await asyncio.gather(*sent))) == 50


# --------------------------------------------------------------------------- the token


async def test_a_token_that_is_not_accepted_is_replaced_once(connector, stub, badge):
    """A 401 says that nothing was done."""
    stub.answers = [said("Unauthorized", 401)]
    await connector.send(place(stub), HI)
    assert [authorization for *_, authorization in stub.calls] == ["Bearer token-1", "Bearer token-2"]


async def test_an_app_that_is_not_known_is_an_alarm_for_the_operator(connector, stub):
    """Not a state of the conversation."""
    stub.answers = [said("BotNotRegistered", 401)] * 9
    with pytest.raises(ConnectorError) as told:
        await connector.send(place(stub), HI)
    assert (told.value.fault, told.value.state) == (Fault.MISCONFIGURED, ConversationState.ACTIVE)
    assert len(stub.calls) == 2


@pytest.mark.parametrize(
    ("why", "fault"),
    [
        (Why.REFUSED, Fault.MISCONFIGURED),
        (Why.UNREACHABLE, Fault.UNREACHABLE),
        (Why.UNREADABLE, Fault.UNREACHABLE),
    ],
)
async def test_without_a_token_nothing_is_sent(why, fault, connector, stub, badge):
    """Definitely not sent: it may be tried later."""
    badge.refuse = why
    with pytest.raises(ConnectorError) as told:
        await connector.send(place(stub), HI)
    assert (told.value.fault, told.value.posted, stub.calls) == (fault, Posted.LATER, [])


def test_nothing_of_a_call_is_shown(connector, stub):
    """Neither its address, which holds ids, nor its body."""
    call = connector._call("POST", place(stub, "a:secret-id"), ("activities",), HI)
    assert "secret-id" not in repr(call).replace(call.key, "")
    assert json.dumps(HI) not in repr(call)
    assert CANARY not in repr(call)


async def test_a_session_that_is_not_open_says_so():
    """Before open, and after close, there is nothing to call with."""
    made = Session()
    with pytest.raises(ClosedError):
        made()
    await made.close()
    await made.open()
    assert not made().closed
    await made.close()
    with pytest.raises(ClosedError):
        made()
