"""Plays one person in Slack: signed requests to the real gate, what a modal shows read from the calls."""

import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bot.proof.callers import Caller, Got
from bot.proof.peers import Json, Peer
from bot.proof.plays import LostError

TEAM, USER, DM = "T1", "U1PROOF", "D1"
_PICKED = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "conversations_select": "selected_conversation",
}
SIGNING_SECRET = secrets.token_hex(16)  # of this proof alone


@dataclass(slots=True, eq=False)
class SlackPlayer:
    """The form that is open is `modal`, as the coach made it."""

    caller: Caller
    peer: Peer
    modal: Json = field(default_factory=dict, repr=False)
    channel: str = "C1"

    async def open(self, command: str) -> None:
        """Open a form by its command."""
        await self.command(command)

    async def command(self, line: str) -> None:
        """Something behind /coach."""
        told = {
            "command": "/coach",
            "text": line,
            "user_id": USER,
            "team_id": TEAM,
            "channel_id": DM,
            "channel_name": "directmessage",
            "trigger_id": _trigger(),
            "response_url": f"{self.peer.url}/respond/1",
        }
        await self._send(urlencode(told).encode())

    async def say(self, text: str) -> None:
        """Type into the DM."""
        event = {"type": "message", "channel": DM, "channel_type": "im", "user": USER, "text": text}
        event["ts"] = f"{int(time.time())}.{secrets.randbelow(10**6):06}"
        outer = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{_trigger()}", "event": event}
        await self._send(json.dumps(outer).encode(), "application/json")

    async def post(self, text: str) -> None:
        """The same: nothing is waited for but the answer."""
        await self.say(text)

    async def hand(self, text: str) -> None:
        """A colleague's message: "A customer said this"."""
        said = {"type": "message", "user": "U2", "text": text, "ts": "1.2"}
        where = {"channel": {"id": self.channel, "name": "support"}, "message": said}
        await self._interact({"type": "message_action", "callback_id": "note_remark", **where})

    async def fill(self, **values: str) -> None:
        """Fill in the open form and send it."""
        await self._interact({"type": "view_submission", "view": self._filled(values), "response_urls": []})

    async def tap(self, action: str, **values: str) -> None:
        """Tap a button of the open form; what is typed by then travels along."""
        wanted = [b for b in _parts(self.modal.get("blocks", [])) if _is(b, action)]
        if not wanted:
            raise LostError(f"Slack: no button {action}")
        button = {**wanted[0], "block_id": "b1", "action_ts": "1.5"}
        await self._interact({"type": "block_actions", "view": self._filled(values), "actions": [button]})

    def _filled(self, values: dict[str, str]) -> Json:
        held: Json = {}
        for block in self.modal.get("blocks", []):
            name = str(block.get("block_id", "")).rpartition("|")[2]
            if block.get("type") == "input" and name in values:
                element = block["element"]
                held[block["block_id"]] = {element["action_id"]: _typed(element["type"], values[name])}
        if len(held) < len(values):
            raise LostError(f"Slack: no fields {', '.join(values)}")
        return {**self.modal, "id": "V1", "hash": _trigger(), "state": {"values": held}}

    async def _interact(self, payload: Json) -> None:
        whole = {
            "user": {"id": USER, "username": "proof", "team_id": TEAM},
            "team": {"id": TEAM},
            "trigger_id": _trigger(),
            "api_app_id": "A1",
        }
        await self._send(urlencode({"payload": json.dumps({**whole, **payload})}).encode())

    async def _send(self, body: bytes, kind: str = "application/x-www-form-urlencoded") -> None:
        before = len(self.peer.asked)
        got = await self.caller.call("/slack/events", body, {"Content-Type": kind, **_signed(body)})
        self._look(got, before)

    def _look(self, got: Got, before: int) -> None:
        """The newest form, in a call to Slack or in the answer itself."""
        for asked in self.peer.asked[before:]:
            if "/views." in asked.path:
                self.modal = asked.fields()["view"]
        if got.status == 200 and got.body:
            self.modal = json.loads(got.body).get("view", self.modal)


def _typed(kind: str, value: str) -> Json:
    """The state of an input once this is typed or chosen."""
    if kind == "static_select":
        return {"type": kind, "selected_option": {"value": value}}
    return {"type": kind, _PICKED.get(kind, "value"): value}


def _trigger() -> str:
    return secrets.token_hex(8)


def _signed(body: bytes) -> dict[str, str]:
    stamp = str(int(time.time()))
    mac = hmac.new(SIGNING_SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac.hexdigest()}"}


def _parts(value: Any) -> list[Json]:  # noqa: ANN401 - any part of a modal
    """Everything in a modal that has a type."""
    if isinstance(value, list):
        return [found for part in value for found in _parts(part)]
    if not isinstance(value, dict):
        return []
    return [value, *(found for part in value.values() for found in _parts(part))]


def _is(part: Json, action: str) -> bool:
    return part.get("type") == "button" and str(part.get("action_id", "")).partition("|")[0] == action
