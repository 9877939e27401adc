"""The table of tokens: what is accepted and what is refused, at the real door, with a real key server."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.teams.clouds import CLOUDS
from adapters.teams.door import Door
from adapters.teams.keys import Keys
from adapters.teams.once import Answer, Once
from adapters.teams.session import Session
from adapters.teams.settings import TeamsSettings
from adapters.teams.tokens import RefusedError, SignedOnly
from tests.players.bot_framework import (
    APP,
    SERVICE,
    Clock,
    KeyServer,
    private_key,
    published,
    token,
)
from tests.players.serving import served

CANARY = "kestrel-umbrella-4711"
HOUR = 3600


class House:
    """A door with everything real behind it but the coach, and what came through."""

    def __init__(self):
        self.clock, self.heard = Clock(), []
        self.server, self.url = KeyServer([published("k1"), published("k2", endorsements=["slack"])]), ""

    async def take(self, activity, claims):
        self.heard.append((activity, claims))
        return Answer(200, {"activities": []})

    def activity(self, **changes):
        told = {
            "type": "message",
            "id": f"id-{len(self.heard)}",
            "text": CANARY,
            "channelId": "msteams",
            "serviceUrl": SERVICE,
            "conversation": {"id": "a:1", "tenantId": "t1"},
            "channelData": {"tenant": {"id": "t1"}},
            "deliveryMode": "expectReplies",
        }
        return {name: value for name, value in (told | changes).items() if value is not None}

    async def post(self, authorization, activity=None):
        """The status of the answer to one activity; `authorization` is one header, several, or none."""
        several = authorization if isinstance(authorization, list) else [authorization]
        headers = [("Content-Type", "application/json")]
        headers += [("Authorization", value) for value in several if value is not None]
        body = json.dumps(activity if activity is not None else self.activity())
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.url}/api/messages", data=body, headers=headers) as answer,
        ):
            text = await answer.text()
            if answer.status == 401:
                assert (text, answer.headers["WWW-Authenticate"]) == ('{"error": "unauthorized"}', "Bearer")
            return answer.status

    def bearer(self, **changes):
        return "Bearer " + token(self.clock.stamp, **changes)


@asynccontextmanager
async def opened(house, **changes):
    """Serve the house with these settings until the generator is closed."""
    await house.server.start()
    session = Session()
    await session.open()
    settings = TeamsSettings(
        APP, tenant_id="t1", app_password="x", openid_url=f"{house.server.url}/openid", **changes
    ).checked()
    keys = Keys(settings.openid_url, session, house.clock, settings.key_cool_down)
    validator = SignedOnly(settings, keys, house.clock)
    house.door = Door(validator, house.take, Once(house.clock), settings)
    async with served(house.door) as house.url:
        yield house
    await keys.close()
    await session.close()
    await house.server.stop()


@pytest.fixture
async def house():
    async with opened(House()) as made:
        yield made


def signed(**changes):
    return lambda house: house.bearer(**changes)


def constant(value):
    return lambda house: value


def coded(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def by_hand(head, sign):
    """A token the library would refuse to make: `head` as it stands, signed by `sign`."""

    def make(house):
        start = f"{coded(json.dumps(head).encode())}.{token(house.clock.stamp).split('.')[1]}"
        return f"Bearer {start}.{coded(sign(start.encode()))}"

    return make


def nothing(_):
    return b""


def rightly(data):
    return private_key("k1").sign(data, PKCS1v15(), SHA256())


def public_key_as_secret(data):
    pem = private_key("k1").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return hmac.new(pem, data, hashlib.sha256).digest()


HS256 = {"alg": "HS256", "typ": "JWT", "kid": "k1"}


def shifted(claim, seconds):
    return lambda house: house.bearer(**{claim: house.clock.stamp + seconds})


def tampered(house):
    head, _, signature = token(house.clock.stamp).split(".")
    return ".".join(("Bearer " + head, token(house.clock.stamp, nbf=1).split(".")[1], signature))


EMULATOR = "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"
OTHER = "https://smba.trafficmanager.net/amer/"

ROWS = {  # what it is: (header, changes of the activity, accepted?)
    "1 valid": (signed(), {}, True),
    "2 scheme in small letters": (lambda h: h.bearer().replace("Bearer", "bearer"), {}, True),
    "3 empty header": (constant(""), {}, False),
    "3 no header": (constant(None), {}, False),
    "4 Bearer alone": (constant("Bearer"), {}, False),
    "5 Bearer abc": (constant("Bearer abc"), {}, False),
    "6 Bearer a.b.c": (constant("Bearer a.b.c"), {}, False),
    "7 Basic": (constant("Basic dXNlcjpwYXNz"), {}, False),
    "8 rogue key, known kid": (signed(key="rogue"), {}, False),
    "9 rogue key, unknown kid": (signed(key="rogue", kid="rogue"), {}, False),
    "10 no kid": (signed(kid=None), {}, False),
    "11 alg none": (by_hand({"alg": "none", "kid": "k1"}, nothing), {}, False),
    "alg none, but something signed": (by_hand({"alg": "none", "kid": "k1"}, rightly), {}, False),
    "12 HS256, public key as secret": (by_hand(HS256, public_key_as_secret), {}, False),
    "13 RS384, right key": (signed(algorithm="RS384"), {}, False),
    "14 expired an hour ago": (shifted("exp", -HOUR), {}, False),
    "15 no exp": (signed(drop=["exp"]), {}, False),
    "16 nbf an hour ahead": (shifted("nbf", HOUR), {}, False),
    "17 wrong aud": (signed(aud="somebody-else"), {}, False),
    "18 no aud": (signed(drop=["aud"]), {}, False),
    "19 wrong iss": (signed(iss="https://api.botframework.example"), {}, False),
    "20 no iss": (signed(drop=["iss"]), {}, False),
    "21 emulator issuer": (signed(iss=EMULATOR, ver="1.0", appid=APP), {}, False),
    "22 serviceurl differs": (signed(serviceurl=OTHER), {}, False),
    "23 serviceurl missing": (signed(drop=["serviceurl"]), {}, False),
    "24 key endorsed for slack only": (signed(key="k2", kid="k2"), {}, False),
    "25 no serviceUrl, no claim": (signed(drop=["serviceurl"]), {"serviceUrl": None}, False),
    "aud as a list": (signed(aud=[APP]), {}, False),
    "expired 4 minutes ago": (shifted("exp", -240), {}, True),
    "expired 6 minutes ago": (shifted("exp", -360), {}, False),
    "nbf 4 minutes ahead": (shifted("nbf", 240), {}, True),
    "nbf 6 minutes ahead": (shifted("nbf", 360), {}, False),
    "no nbf": (signed(drop=["nbf"]), {}, True),
    "exp is text": (lambda h: h.bearer(exp=str(h.clock.stamp + HOUR)), {}, False),
    "exp is true": (signed(exp=True), {}, False),
    "exp is no time at all": (signed(exp=1e400), {}, False),
    "nbf is text": (signed(nbf="0"), {}, False),
    "serviceurl is a number": (signed(serviceurl=5), {"serviceUrl": 5}, False),
    "serviceUrl empty, claim empty": (signed(serviceurl=""), {"serviceUrl": ""}, False),
    "serviceUrl without its last slash": (signed(), {"serviceUrl": SERVICE[:-1]}, False),
    "PS256, right key": (signed(algorithm="PS256"), {}, False),
    "payload of another token": (tampered, {}, False),
    "put together by hand": (by_hand({"alg": "RS256", "kid": "k1"}, rightly), {}, True),
    "kid is not text": (by_hand({"alg": "RS256", "kid": 7}, rightly), {}, False),
    "kid is empty": (by_hand({"alg": "RS256", "kid": ""}, rightly), {}, False),
    "header is a list": (by_hand(["RS256"], rightly), {}, False),
    "a critical extension": (by_hand({"alg": "RS256", "kid": "k1", "crit": ["x"]}, rightly), {}, False),
    "signed, but answers would leave": (
        signed(serviceurl="https://evil.example/"),
        {"serviceUrl": "https://evil.example/"},
        False,
    ),
    "another channel": (signed(), {"channelId": "webchat"}, False),
    "no channel": (signed(), {"channelId": None}, False),
    "channel is a list": (signed(), {"channelId": ["msteams"]}, False),
    "huge header": (constant("Bearer " + "a" * 20_000 + ".b.c"), {}, False),
    "huge header, correctly signed": (signed(padding="x" * 16_000), {}, False),
    "non-ASCII header": (constant("Bearer ké.b.c"), {}, False),
    "two headers": (lambda h: [h.bearer(), h.bearer()], {}, False),
    "a good header and an empty one": (lambda h: [h.bearer(), ""], {}, False),
    "spaces inside": (lambda h: h.bearer().replace(".", ". "), {}, False),
    "two in one": (lambda h: f"{h.bearer()}, {h.bearer()}", {}, False),
}


@pytest.mark.parametrize("row", ROWS)
async def test_the_table_of_tokens(row, house, caplog):
    """Accepted, or the same 401 and nothing behind the door; no log holds body or token."""
    caplog.set_level(logging.DEBUG)
    header, changes, accepted = ROWS[row]
    told = header(house)
    status = await house.post(told, house.activity(**changes))
    assert (status, len(house.heard)) == ((200, 1) if accepted else (401, 0))
    assert CANARY not in caplog.text
    assert "eyJ" not in caplog.text


async def test_a_header_with_controls_is_refused_before_the_door(house):
    """Rows 1 to 27 go through the door; what is no HTTP at all does not get that far."""
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(house.url).port)
    writer.write(b"POST /api/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a.b.c\x00\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 400")
    writer.close()
    await writer.wait_closed()
    assert not house.heard


async def test_a_new_key_is_looked_for_after_the_cool_down(house):
    """Rows 26 and 27: refused inside the cool-down, accepted after it; four requests in all."""
    assert await house.post(house.bearer()) == 200
    house.server.keys.append(published("k3"))
    house.clock.move(4)
    assert await house.post(house.bearer(key="k3", kid="k3")) == 401
    house.clock.move(1)
    assert await house.post(house.bearer(key="k3", kid="k3")) == 200
    assert house.server.asked == ["openid", "keys"] * 2


@pytest.mark.parametrize("broken", ["status", "redirect", "{", "[]", '{"keys": []}', '{"jwks_uri": 5}'])
async def test_an_outage_of_the_key_server_serves_the_keys_at_hand(house, broken):
    """Known keys go on; unknown ones are refused, not answered with an error."""
    assert await house.post(house.bearer()) == 200
    house.server.broken = broken
    house.clock.move(48 * HOUR)
    assert await house.post(house.bearer()) == 200
    assert await house.post(house.bearer(key="k3", kid="k3")) == 401
    house.server.broken = ""
    house.clock.move(6)
    house.server.keys = [published("k3")]
    assert await house.post(house.bearer(key="k3", kid="k3")) == 200
    assert await house.post(house.bearer()) == 401  # withdrawn


async def test_no_keys_at_all_is_a_refusal(house):
    """A first start without a key server lets nobody in, and recovers by itself."""
    house.server.broken = "status"
    assert await house.post(house.bearer()) == 401
    house.server.broken = ""
    assert await house.post(house.bearer()) == 401  # not asked again yet
    house.clock.move(5)
    assert await house.post(house.bearer()) == 200


async def test_a_key_without_endorsements_speaks_for_teams(house):
    """The list is checked where it is published."""
    house.server.keys = [published("k1", endorsements=None)]
    assert await house.post(house.bearer()) == 200


async def test_a_verified_token_still_has_to_fit_each_activity(house):
    """What was remembered of a token does not open the door to another service, channel or time."""
    header = house.bearer()
    assert await house.post(header) == 200
    assert await house.post(header) == 200
    assert await house.post(header, house.activity(serviceUrl=OTHER)) == 401
    assert await house.post(header, house.activity(channelId="webchat")) == 401
    house.clock.move(HOUR + 299)
    assert await house.post(header) == 200
    house.clock.move(1)
    assert await house.post(header) == 401


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200),
        ({"channelData": None}, 200),
        ({"conversation": {"id": "a:1"}}, 200),
        ({"channelData": {"tenant": {"id": "t2"}}}, 401),
        ({"conversation": {"id": "a:1", "tenantId": "t2"}}, 401),
        ({"channelData": {"tenant": "t1"}, "conversation": {"id": "a:1"}}, 401),
        ({"channelData": [], "conversation": []}, 401),
        ({"channelData": {"tenant": {"id": ["t1"]}}}, 401),
    ],
)
async def test_with_a_list_of_tenants_only_those_come_in(changes, status):
    """An activity that names another tenant, or none, is refused."""
    async with opened(House(), allowed_tenants=frozenset({"t1"})) as house:
        assert await house.post(house.bearer(), house.activity(**changes)) == status


async def test_an_extra_issuer_is_a_setting():
    """None by default; one that is set is matched exactly."""
    async with opened(House(), extra_issuers=frozenset({"https://sts.windows.net/t1/"})) as house:
        assert await house.post(house.bearer(iss="https://sts.windows.net/t1/")) == 200
        assert await house.post(house.bearer(iss="https://sts.windows.net/t1")) == 401
        assert await house.post(house.bearer()) == 200


async def test_what_is_remembered_of_tokens_is_bounded(house, monkeypatch):
    """A thousand tokens at most; here, two. One that was forgotten is checked again, and is as good."""
    monkeypatch.setattr("adapters.teams.tokens.MOST_VERIFIED", 2)
    headers = [house.bearer(jti=str(number)) for number in range(3)]
    for header in [*headers, headers[0]]:
        assert await house.post(header) == 200
    assert len(house.door.validator._verified) == 2


@pytest.mark.parametrize("header", [None, "", "Basic x"])
async def test_the_validator_needs_no_door_in_front_of_it(header, house):
    """Asked directly, it refuses in the same way."""
    with pytest.raises(RefusedError, match="header"):
        await house.door.validator.check(header, house.activity())


@pytest.mark.parametrize(("cloud", "host"), [("usgov", "gov"), ("dod", "dod")])
async def test_a_government_cloud_has_its_own_issuer_and_hosts(cloud, host):
    """Its own activities come in; those of the public cloud, and of the other government cloud, do not."""
    url = f"https://smba.infra.{host}.teams.microsoft.us/gcch/"
    other = url.replace(host, "dod" if host == "gov" else "gov", 1)
    async with opened(House(), cloud=CLOUDS[cloud]) as house:
        for issuer, service, status in (
            ("https://api.botframework.us", url, 200),
            ("https://api.botframework.com", url, 401),
            ("https://api.botframework.us", SERVICE, 401),
            ("https://api.botframework.us", other, 401),
        ):
            header = house.bearer(iss=issuer, serviceurl=service)
            assert await house.post(header, house.activity(serviceUrl=service)) == status
        assert len(house.heard) == 1
