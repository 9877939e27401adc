"""The signing keys: which of the published ones are used, and how seldom they are asked for."""

import asyncio
import logging

import pytest

from adapters.teams.keys import Keys, read_keys
from tests.players.bot_framework import KeyServer, published, until

HOUR = 3600


@pytest.fixture
async def server():
    made = await KeyServer().start()
    yield made
    await made.stop()


@pytest.fixture
async def keys(server, session, clock):
    made = Keys(f"{server.url}/openid", session, clock)
    yield made
    await made.close()


GOOD = published("k1")
USELESS = {
    "not an object": "key",
    "another kind": GOOD | {"kty": "EC"},
    "for encryption": GOOD | {"use": "enc"},
    "no id": {name: value for name, value in GOOD.items() if name != "kid"},
    "an empty id": GOOD | {"kid": ""},
    "a number for an id": GOOD | {"kid": 7},
    "no modulus": GOOD | {"n": None},
    "a modulus that is none": GOOD | {"n": "!!"},
    "an even modulus": GOOD | {"n": "AAAA"},
    "endorsements that are no list": GOOD | {"endorsements": "msteams"},
    "too short": published("k1", size=1024),
}


@pytest.mark.parametrize("entry", USELESS.values(), ids=USELESS)
def test_a_key_that_cannot_be_used_is_left_out(entry):
    """The others serve on."""
    assert list(read_keys({"keys": [entry, published("k2")]}, {})) == ["k2"]


@pytest.mark.parametrize("document", [{}, {"keys": None}, {"keys": {}}, {"keys": []}])
def test_a_list_without_keys_names_none(document):
    """Whatever stands there instead."""
    assert read_keys(document, {}) == {}


def test_a_key_that_has_not_changed_stays_the_same_object():
    """Reading one costs; one whose endorsements or numbers change is read anew."""
    first = read_keys({"keys": [GOOD]}, {})
    again = read_keys({"keys": [dict(GOOD)]}, first)
    assert again["k1"] is first["k1"]
    other = read_keys({"keys": [GOOD | {"endorsements": ["slack", 5]}]}, first)
    assert other["k1"].endorsements == {"slack"}
    assert read_keys({"keys": [published("k1", "k2")]}, first)["k1"].told != first["k1"].told


async def test_many_who_look_for_the_same_key_cause_one_fetch(keys, server):
    """And those who look for one that does not exist cause no further one."""
    server.hold = asyncio.Event()
    looking = [asyncio.create_task(keys.find("k1")) for _ in range(50)]
    await until(lambda: server.asked)
    server.hold.set()
    assert len({id(key) for key in await asyncio.gather(*looking)}) == 1
    assert [await keys.find(f"rogue-{n}") for n in range(50)] == [None] * 50
    assert server.asked == ["openid", "keys"]


async def test_a_known_key_never_waits_for_the_key_server(keys, server, clock):
    """After twelve hours it is looked at again, behind the answer."""
    assert await keys.find("k1")
    clock.move(12 * HOUR)
    server.hold, server.keys = asyncio.Event(), [published("k2")]
    assert await keys.find("k1")
    await until(lambda: len(server.asked) == 3)
    server.hold.set()
    await until(lambda: keys._flight is None)
    assert await keys.find("k1") is None
    assert await keys.find("k2")


async def test_a_key_server_that_says_nothing_is_given_up(keys, server, monkeypatch, caplog):
    """After five seconds; here, less."""
    monkeypatch.setattr("adapters.teams.keys.SECONDS", 0.05)
    server.hold = asyncio.Event()
    assert await keys.find("k1") is None
    assert "TimeoutError" in caplog.text
    server.hold.set()


@pytest.mark.parametrize("uri", ["http://evil.example/keys", "file:///etc/passwd", "", None])
async def test_keys_are_not_fetched_from_anywhere(uri, keys, server, caplog):
    """The document names the address of the keys: over https, or on this machine."""
    server.jwks_uri = uri
    assert await keys.find("k1") is None
    assert server.asked == ["openid"]
    assert "no usable signing key" in caplog.text


async def test_closing_gives_up_what_is_under_way(keys, server, caplog):
    """Nobody waits for a key at the end, and nothing is said about it."""
    caplog.set_level(logging.INFO, "adapters")
    server.hold = asyncio.Event()
    looking = asyncio.create_task(keys.find("k1"))
    await until(lambda: server.asked)
    await keys.close()
    assert await looking is None
    server.hold.set()
    await keys.close()
    assert not [record for record in caplog.records if record.name.startswith("adapters")]
