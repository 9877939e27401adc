"""Whose a payload is, and their token from memory: fresh for a minute, gone at once when that is told."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from adapters.slack.incoming import read, team_of
from adapters.slack.settings import Installation
from adapters.slack.tenants import Tenants, taken_away
from coaching.people import Person
from tests.adapters.slack.payloads import COMMAND, TEAM, acted, message
from tests.players.slack_api import NOW


@dataclass
class Shelf:
    """Tokens by tenant; each question is counted, and answered when `slow` says so."""

    tokens: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    revoked: list = field(default_factory=list)
    slow: asyncio.Event | None = None
    error: Exception | None = None

    async def find(self, tenant):
        self.asked.append(tenant)
        found = self.tokens.get(tenant)
        if self.slow is not None:
            await self.slow.wait()
        if self.error is not None:
            raise self.error
        return found and Installation(tenant, found, "UBOT")

    async def revoke(self, tenant, happened):
        self.revoked.append((tenant, happened))
        self.tokens.pop(tenant, None)


class Time:
    seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def shelf():
    return Shelf({"T1": "xoxb-1", "E1": "xoxb-e", TEAM: "xoxb-t"})


@pytest.fixture
def tenants(shelf, time):
    return Tenants(shelf, time, most=2)


async def token(tenants, tenant):
    found = await tenants.find(tenant)
    return found and found.bot_token


# --------------------------------------------------------------------------- from memory


async def test_once_a_minute(tenants, shelf, time):
    """The shelf is asked once; after a minute again, so that other processes' changes are seen."""
    for _ in range(5):
        assert await token(tenants, "T1") == "xoxb-1"
    assert shelf.asked == ["T1"]
    shelf.tokens["T1"] = "xoxb-2"
    time.seconds = 59.9
    assert await token(tenants, "T1") == "xoxb-1"
    time.seconds = 60
    assert await token(tenants, "T1") == "xoxb-2"


async def test_many_at_once_ask_once(tenants, shelf):
    """Also when one of them goes away before the answer."""
    shelf.slow = asyncio.Event()
    waiting = [asyncio.create_task(tenants.find("T1")) for _ in range(20)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    shelf.slow.set()
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(found[0], asyncio.CancelledError)
    assert {one.bot_token for one in found[1:]} == {"xoxb-1"}
    assert shelf.asked == ["T1"]


async def test_a_bound(tenants, shelf):
    """The oldest goes when there are more than fit."""
    shelf.tokens |= {"T2": "xoxb-2", "T3": "xoxb-3"}
    for tenant in ("T1", "T2", "T3", "T3", "T2", "T1"):
        await tenants.find(tenant)
    assert shelf.asked == ["T1", "T2", "T3", "T1"]


async def test_nobody_is_not_remembered(tenants, shelf):
    """A workspace that installs the coach a moment later is heard at once."""
    assert await token(tenants, "T2") is None
    shelf.tokens["T2"] = "xoxb-2"
    assert await token(tenants, "T2") == "xoxb-2"


async def test_an_answer_that_was_overtaken(tenants, shelf):
    """The old token was on its way when the new one came: it is not kept."""
    shelf.slow = asyncio.Event()
    waiting = asyncio.create_task(tenants.find("T1"))
    for _ in range(2):  # now it has looked, and waits
        await asyncio.sleep(0)
    shelf.tokens["T1"] = "xoxb-2"
    tenants.forget("T1")
    shelf.slow.set()
    assert (await waiting).bot_token == "xoxb-1"  # asked before the change
    assert await token(tenants, "T1") == "xoxb-2"


@pytest.mark.parametrize("overtaken", [False, True])
async def test_a_database_in_trouble(tenants, shelf, overtaken):
    """The trouble is told to who asked, and not remembered."""
    shelf.error, shelf.slow = RuntimeError("away"), asyncio.Event()
    waiting = asyncio.create_task(tenants.find("T1"))
    await asyncio.sleep(0)
    if overtaken:
        tenants.forget("T1")
    shelf.slow.set()
    with pytest.raises(RuntimeError):
        await waiting
    shelf.error = None
    assert await token(tenants, "T1") == "xoxb-1"


async def test_no_token_in_a_repr(tenants):
    """Of what is known, nothing is shown."""
    await tenants.find("T1")
    assert "xoxb-1" not in repr(tenants).replace(repr(tenants.shelf), "")


async def test_the_coach_does_not_talk_to_itself(tenants):
    """Its own id in that workspace, and no other."""
    assert await tenants.itself(Person("slack", "T1", "UBOT"))
    for tenant, user in (("T1", "U1"), ("T2", "UBOT"), ("T2", "")):
        assert not await tenants.itself(Person("slack", tenant, user))


# --------------------------------------------------------------------------- taken away


def event(**fields):
    return {"type": "event_callback", "team_id": "T1", "event": fields}


ORGANISATION = [{"enterprise_id": "E1", "team_id": None, "is_enterprise_install": True}]


@pytest.mark.parametrize(
    ("payload", "tenant"),
    [
        (event(type="app_uninstalled"), "T1"),
        (event(type="tokens_revoked", tokens={"bot": ["UBOT"]}), "T1"),
        (event(type="tokens_revoked", tokens={"oauth": ["U1"], "bot": []}), ""),
        (event(type="tokens_revoked"), ""),
        (event(type="tokens_revoked", tokens="x"), ""),
        ({**event(type="app_uninstalled"), "enterprise_id": "E1"}, "T1"),
        ({**event(type="app_uninstalled"), "enterprise_id": "E1", "authorizations": ORGANISATION}, "E1"),
        ({**event(type="app_uninstalled"), "team_id": None, "enterprise_id": "E1"}, "E1"),
        ({**event(type="app_uninstalled"), "type": "block_actions"}, ""),
        ({"type": "event_callback", "event": "app_uninstalled"}, ""),
        (message(text="app_uninstalled"), ""),
        (COMMAND, ""),
    ],
    ids=lambda value: None if isinstance(value, dict) else value or "none",
)
def test_whom_it_is_taken_from(payload, tenant):
    """The workspace, or the organisation where it was installed in all of it; anything else takes nothing."""
    assert taken_away(payload) == tenant


@pytest.mark.parametrize("told", [1772438400, None, "x", -1, 1 << 60])
async def test_when_it_happened(tenants, shelf, told):
    """Slack's own time where it makes sense, else when it was heard; the token is forgotten at once."""
    await tenants.find("T1")
    assert await tenants.ended({**event(type="app_uninstalled"), "event_time": told}, NOW)
    sensible = told == 1772438400
    assert shelf.revoked == [("T1", datetime.fromtimestamp(told, UTC) if sensible else NOW)]
    assert await token(tenants, "T1") is None
    assert not await tenants.ended(message(), NOW)


# --------------------------------------------------------------------------- an organisation


@pytest.mark.parametrize(
    ("payload", "tenant"),
    [
        (COMMAND, TEAM),
        ({**COMMAND, "enterprise_id": "E1"}, TEAM),
        ({**COMMAND, "enterprise_id": "E1", "is_enterprise_install": "true"}, "E1"),
        (acted("shortcut", enterprise={"id": "E1"}, is_enterprise_install=True), "E1"),
        (acted("shortcut", enterprise={"id": "E1"}, is_enterprise_install=False), TEAM),
        (acted("shortcut", is_enterprise_install=True), TEAM),
        (acted("shortcut", team=None, user={"id": "U1"}, enterprise={"id": "E1"}), "E1"),
        ({**message(), "authorizations": ORGANISATION}, "E1"),
        ({**message(), "authorizations": ["odd"]}, TEAM),
    ],
)
def test_whose_data_they_are(payload, tenant):
    """A payload for an organisation's installation belongs to the organisation."""
    assert team_of(payload) == tenant


async def test_a_workspace_of_an_organisation(tenants, shelf):
    """The workspace's own installation comes first, then its organisation's, then none."""
    told = {**message(), "enterprise_id": "E1"}

    async def whose():
        return read(await tenants.placed(told), NOW).message.who.tenant

    assert await whose() == TEAM
    del shelf.tokens[TEAM]
    tenants.forget(TEAM)
    assert await whose() == "E1"
    del shelf.tokens["E1"]
    tenants.forget("E1")
    assert await whose() == TEAM
    assert await tenants.placed(message()) == message()
