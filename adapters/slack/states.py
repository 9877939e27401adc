"""The `state` of an install: made for one browser, good for ten minutes, good once."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum

LASTS = timedelta(minutes=10)
_BROWSER = re.compile(r"[A-Za-z0-9_-]{43}")
_STATE = re.compile(r"(\d{10,11})\.[A-Za-z0-9_-]{22}\.[0-9a-f]{64}", re.ASCII)


class State(Enum):
    """What a state that came back is worth."""

    GOOD = "good"
    STRANGE = "strange"  # not ours, or another browser's
    OLD = "old"
    USED = "used"


@dataclass(frozen=True, slots=True)
class States:
    """Signed, so that nothing is kept for those who only look; `spend` says whether it is the first time."""

    key: bytes = field(repr=False)
    now: Callable[[], datetime]
    spend: Callable[[str, datetime], Awaitable[bool]]

    def browser(self, cookie: str) -> str:
        """The secret of a browser: its own, or a new one where it has none yet."""
        return cookie if _BROWSER.fullmatch(cookie) else secrets.token_urlsafe(32)

    def issue(self, browser: str) -> str:
        """A new state for a browser."""
        told = f"{int(self.now().timestamp())}.{secrets.token_urlsafe(16)}"
        return f"{told}.{self._mac(told, browser)}"

    async def redeem(self, state: str, browser: str) -> State:
        """What it is worth; a good one is good no more afterwards."""
        form = _STATE.fullmatch(state)
        if form is None or not _BROWSER.fullmatch(browser):
            return State.STRANGE
        told, _, mac = state.rpartition(".")
        if not hmac.compare_digest(mac, self._mac(told, browser)):
            return State.STRANGE
        until = datetime.fromtimestamp(int(form[1]), UTC) + LASTS
        if self.now() > until:
            return State.OLD
        mark = hashlib.sha256(state.encode()).hexdigest()
        return State.GOOD if await self.spend(mark, until) else State.USED

    def _mac(self, told: str, browser: str) -> str:
        return hmac.new(self.key, f"{told}.{browser}".encode(), hashlib.sha256).hexdigest()


def signing_key(client_secret: str) -> bytes:
    """A key that every process of this app has, and that tells nothing about the secret."""
    return hmac.new(client_secret.encode(), b"breather install state", hashlib.sha256).digest()
