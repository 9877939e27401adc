"""Plays one person in the playground: what its page sends, and the form it was given."""

import json
import re
import secrets
from dataclasses import dataclass, field

from bot.proof.callers import Caller
from bot.proof.plays import LostError

_TOKEN = re.compile(r'token" content="([^"]+)"')
_NAMES = re.compile(r'name="([^"]+)"')
_BUTTONS = re.compile(r'data-action="([^"]+)" data-value="([^"]*)"')
_FORM = re.compile(r'data-form="([^"]+)"')


@dataclass(slots=True, eq=False)
class WebPlayer:
    """The form that is open is known by its handle."""

    caller: Caller
    token: str = ""
    handle: str = ""
    names: frozenset[str] = frozenset()  # of the open form's fields
    buttons: dict[str, str] = field(default_factory=dict)  # what the buttons of the open form carry
    channel: str = "team"

    async def open(self, command: str) -> None:
        """Open a form by its command."""
        await self.command(command)

    async def command(self, line: str) -> None:
        """Something behind /coach."""
        await self.say(f"/coach {line}")

    async def say(self, text: str) -> None:
        """Type into the chat."""
        await self._do({"do": "say", "text": text})

    async def post(self, text: str) -> None:
        """The same: nothing is waited for but the answer."""
        await self.say(text)

    async def hand(self, text: str) -> None:
        """A colleague's message: "A customer said this"."""
        await self._do({"do": "hand", "text": text, "own": False, "remark": True})

    async def fill(self, **values: str) -> None:
        """Fill in the open form and send it."""
        self._there(*values)
        await self._do({"do": "send", "form": self.handle, "fields": values})

    async def tap(self, action: str, **values: str) -> None:
        """Tap a button of the open form; a page that is not ours might send along what is typed."""
        self._there(*values)
        if action not in self.buttons:
            raise LostError(f"playground: no button {action}")
        told = {"do": "tap", "action": action, "value": self.buttons[action], "form": self.handle}
        await self._do({**told, "fields": values, "text": " ".join(values.values())})

    async def _do(self, what: dict[str, object]) -> None:
        if not self.token:
            page = await self.caller.call("/")
            found = _TOKEN.search(page.body.decode())
            self.token = found[1] if found else ""
        body = {"id": f"proof-{secrets.token_hex(8)}", "place": "chat", "zone": "Europe/Berlin", **what}
        headers = {"Content-Type": "application/json", "X-Breather-Token": self.token}
        got = await self.caller.call("/do", json.dumps(body).encode(), headers)
        if got.status == 200:
            dialog = json.loads(got.body)["dialog"] or ""
            found = _FORM.search(dialog)
            if found:
                self.handle, self.names = found[1], frozenset(_NAMES.findall(dialog))
                self.buttons = dict(_BUTTONS.findall(dialog))

    def _there(self, *names: str) -> None:
        if missing := set(names) - self.names:
            raise LostError(f"playground: no {', '.join(missing)}")
