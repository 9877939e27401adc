"""Plays one person in Teams: signed activities to the real door, and what Microsoft's servers answer."""

import json
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.proof.callers import Caller
from bot.proof.peers import Asked, Json, Peer
from bot.proof.plays import LostError

APP_ID = "11111111-2222-3333-4444-555555555555"
TENANT = "00000000-0000-4000-8000-000000000001"
SECRET = secrets.token_hex(16)  # of this proof alone
ISSUER = "https://api.botframework.com"
_KEPT = "breather"
_KID = "proof"


@dataclass(frozen=True, slots=True, repr=False)
class Microsoft:
    """A signing key of this proof's own, and answers for keys, tokens and conversations."""

    key: rsa.RSAPrivateKey

    def answer(self, asked: Asked) -> Json:
        """What the coach is told when it asks."""
        if asked.path.startswith("/openid"):
            host = next(line for line in asked.headers.split(b"\r\n") if line.lower().startswith(b"host:"))
            return {"issuer": ISSUER, "jwks_uri": f"http://{host[5:].strip().decode()}/keys"}
        if asked.path.startswith("/keys"):
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [{**public, "kid": _KID, "use": "sig", "endorsements": ["msteams"]}]}
        if "/oauth2/" in asked.path:
            return {"token_type": "Bearer", "expires_in": 3600, "access_token": "the-proofs-own-token"}
        return {"id": f"posted-{secrets.token_hex(4)}"}

    def signed(self, activity: Json) -> str:
        """The header of an activity."""
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": APP_ID, "nbf": now, "exp": now + 300}
        claims["serviceurl"] = activity["serviceUrl"]
        return f"Bearer {jwt.encode(claims, self.key, 'RS256', headers={'kid': _KID})}"


def microsoft() -> Microsoft:
    """One with a fresh key."""
    return Microsoft(rsa.generate_private_key(65537, 2048))


def environment(peer: Peer) -> dict[str, str]:
    """What the coach has to be told to find this other end."""
    return {
        "TEAMS_APP_ID": APP_ID,
        "TEAMS_TENANT_ID": TENANT,
        "TEAMS_APP_PASSWORD": SECRET,
        "TEAMS_OPENID_URL": f"{peer.url}/openid",
        "TEAMS_TOKEN_URL": f"{peer.url}/{TENANT}/oauth2/v2.0/token",
        "TEAMS_EXTRA_SERVICE_HOSTS": peer.url.removeprefix("http://"),
    }


@dataclass(slots=True, eq=False)
class TeamsPlayer:
    """The form that is open is `card`, as the coach made it."""

    caller: Caller
    peer: Peer
    microsoft: Microsoft
    settle: Callable[[], Awaitable[None]]  # until the door has handled what it was sent
    card: Json = field(default_factory=dict, repr=False)
    extension: Json = field(default_factory=dict)  # the message extension that opened the form, if one did
    channel: str = "19:proof@thread.tacv2"

    async def open(self, command: str) -> None:
        """Open a form: the message with its button, then the button."""
        self.extension = {}
        cards = await self._message(f"/{command}")
        waiting = [
            button for card in cards for button in _parts(card) if _kept(button).get("action") == "teams.open"
        ]
        if waiting:
            await self._invoke("task/fetch", {"data": waiting[-1]["data"], "context": {"theme": "default"}})

    async def command(self, line: str) -> None:
        """Something behind a slash."""
        await self._message(f"/{line}")

    async def say(self, text: str) -> None:
        """Type into the chat."""
        await self._message(text)

    async def post(self, text: str) -> None:
        """The same, without waiting until the door has handled it."""
        await self._send({"type": "message", "text": text, "textFormat": "plain"})

    async def hand(self, text: str) -> None:
        """A colleague's message: "A customer said this"."""
        self.extension = {"commandId": "noteRemark", "commandContext": "message"}
        message = {
            "id": "1",
            "body": {"contentType": "text", "content": text},
            "from": {"user": {"id": "U9"}},
        }
        await self._invoke("composeExtension/fetchTask", {**self.extension, "messagePayload": message})

    async def fill(self, **values: str) -> None:
        """Fill in the open form and send it."""
        sends = [part for part in _parts(self.card) if _kept(part).get("do") == "send"]
        await self._submit(sends, values)

    async def tap(self, action: str, **values: str) -> None:
        """Tap a button of the open form; a client that is not well-behaved sends along what is typed."""
        await self._submit([p for p in _parts(self.card) if _kept(p).get("action") == action], values)

    async def _submit(self, buttons: list[Json], values: dict[str, str]) -> None:
        names = {str(p.get("id", "")).rpartition(".")[2]: p["id"] for p in _parts(self.card) if "id" in p}
        if not buttons or values.keys() - names.keys():
            raise LostError(f"Teams: no button, or no fields {', '.join(values)}")
        data = {**buttons[0]["data"], **{names[name]: value for name, value in values.items()}}
        way = "composeExtension/submitAction" if self.extension else "task/submit"
        await self._invoke(way, {**self.extension, "data": data, "context": {"theme": "default"}})

    async def _invoke(self, name: str, value: Json) -> None:
        got = await self._send({"type": "invoke", "name": name, "value": value, "replyToId": "m1"})
        if got:
            cards = [part for part in _parts(json.loads(got)) if part.get("type") == "AdaptiveCard"]
            self.card = cards[-1] if cards else self.card

    async def _message(self, text: str) -> list[Json]:
        """The parts of the cards that were posted for it."""
        before = len(self.peer.asked)
        await self.post(text)
        await self.settle()
        posted = [asked for asked in self.peer.asked[before:] if "/activities" in asked.path]
        return [part for asked in posted for part in _parts(asked.fields())]

    async def _send(self, more: Json) -> bytes:
        activity: Json = {
            "id": f"act-{secrets.token_hex(8)}",
            "timestamp": datetime.now(UTC).isoformat(),
            "channelId": "msteams",
            "serviceUrl": self.peer.url,
            "from": {"id": "29:proof", "aadObjectId": "00000000-0000-4000-8000-0000000000aa", "name": "P"},
            "recipient": {"id": "28:breather", "name": "Breather"},
            "conversation": {"conversationType": "personal", "id": "a:proof", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            "entities": [{"type": "clientInfo", "locale": "en-US", "timezone": "Europe/Berlin"}],
            **more,
        }
        headers = {"Content-Type": "application/json", "Authorization": self.microsoft.signed(activity)}
        got = await self.caller.call("/api/messages", json.dumps(activity).encode(), headers)
        return got.body


def _parts(value: Any) -> list[Json]:  # noqa: ANN401 - any part of a card
    """Everything in a card that is an object."""
    if isinstance(value, list):
        return [found for part in value for found in _parts(part)]
    if not isinstance(value, dict):
        return []
    return [value, *(found for part in value.values() for found in _parts(part))]


def _kept(part: Json) -> Json:
    """Our own part of a button's data."""
    data = part.get("data")
    kept = data.get(_KEPT) if isinstance(data, dict) else None
    return kept if isinstance(kept, dict) else {}
