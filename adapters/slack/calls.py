"""Calls Slack's Web API over one shared session, once each; a failure comes back as a word, not raised."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.settings import Installations
from adapters.timely import Timely

_LOG = logging.getLogger(__name__)

UNKNOWN, UNREACHABLE, NOT_INSTALLED = "unknown", "unreachable", "not_installed"
LATE = "late"  # surely not sent: it was not wanted so late any more
RATELIMITED = "ratelimited"
_LIMITS = {RATELIMITED, "rate_limited", "rate_limit_exceeded"}
_READS = {"conversations.history", "conversations.replies"}  # these take no JSON
_JSON = "application/json;charset=utf-8"
_TOO_MANY = 429
_HOOKS = ("hooks.slack.com", "hooks.slack-gov.com")
_HERE = ("127.0.0.1", "localhost", "::1")
_MAYBE_DONE = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}


@dataclass(frozen=True, slots=True)
class Called:
    """What became of a call: `error` is Slack's own word for it, or one of ours; empty when it went well."""

    error: str = ""
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    wait: float = 0.0  # seconds until it may be tried again, where it came too often

    @property
    def ok(self) -> bool:
        """Whether it went well."""
        return not self.error


@dataclass(slots=True)
class Calls:
    """Slack's methods by name, for any workspace. `open` before the first call, `close` after the last."""

    installations: Installations
    api_url: str
    quiet: logging.Logger
    _session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the session that all calls share."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))

    async def close(self) -> None:
        """Close it."""
        if self._session is not None:
            await self._session.close()

    def client(self, token: str | None) -> AsyncWebClient:
        """A client on the shared session that never repeats a call by itself."""
        return AsyncWebClient(
            token=token,
            base_url=self.api_url,
            session=self._session,
            retry_handlers=[],
            logger=self.quiet,
        )

    async def call(
        self,
        tenant: str,
        method: str,
        seconds: float = 10,
        late: Callable[[], bool] = bool,
        **body: Any,  # noqa: ANN401 - Slack's own arguments
    ) -> Called:
        """Call a method with a JSON body; not if it is `late` (never, by default) when it would leave."""
        installed = await self.installations.find(tenant)
        if installed is None:
            return Called(NOT_INSTALLED)
        client = self.client(installed.bot_token)  # made in microseconds; a token is not kept beside its home
        said = Timely(json.dumps(body).encode(), _JSON, late)
        try:
            async with asyncio.timeout(seconds):
                if method in _READS:
                    answer = await client.api_call(method, http_verb="GET", params=body)
                else:
                    told = {"data": cast("Any", said), "headers": {"Content-Type": _JSON}}
                    answer = await client.api_call(method, **told)
            return Called(data=answer.data if isinstance(answer.data, dict) else {})
        except Exception as error:  # noqa: BLE001 - whatever the SDK or the network raises
            called = Called(LATE if said.stopped else _word(error), wait=_wait(error))
        if called.error != RATELIMITED:  # whoever keeps the pace tells of that
            _LOG.warning("Slack's %s failed: %s", method, called.error)
        return called

    async def exchange(self, **form: str) -> Called:
        """Slack's tokens for an install's code, or for an older token: the app's own call, nobody's token."""
        try:
            async with asyncio.timeout(10):
                answer = await self.client(None).api_call("oauth.v2.access", data=form)
            return Called(data=answer.data if isinstance(answer.data, dict) else {})
        except Exception as error:  # noqa: BLE001 - whatever the SDK or the network raises
            called = Called(_word(error))
        _LOG.warning("Slack's oauth.v2.access failed: %s", called.error)
        return called

    async def respond(self, url: str, body: Mapping[str, Any]) -> Called:
        """Answer through a response_url, if it is one of Slack's own: nothing leads an answer elsewhere."""
        if self._session is None or not self._slacks(url):
            return Called(UNREACHABLE)
        try:
            async with self._session.post(url, json=body, allow_redirects=False) as answer:
                return Called("" if answer.status == 200 else "expired_url")
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            called = Called(_word(error))
        _LOG.warning("a response_url failed: %s", called.error)
        return called

    def _slacks(self, url: str) -> bool:
        """Whether an address is Slack's; where Slack is played on this machine, one of this machine."""
        try:
            found, ours = urlsplit(url), urlsplit(self.api_url).hostname
        except ValueError:
            return False
        if ours in _HERE:
            return found.hostname in _HERE
        return found.scheme == "https" and found.netloc in _HOOKS


def _word(error: Exception) -> str:
    """One word for a failure: whether it surely was not done decides between the last two."""
    if isinstance(error, SlackApiError):
        data = error.response.data if hasattr(error.response, "data") else {}
        word = data.get("error") if isinstance(data, dict) else None
        if _status(error) == _TOO_MANY or word in _LIMITS:
            return RATELIMITED
        return word if isinstance(word, str) and word not in _MAYBE_DONE else UNKNOWN
    refused = isinstance(error, aiohttp.ClientConnectorError | SlackClientError)
    return UNREACHABLE if refused else UNKNOWN


def _status(error: SlackApiError) -> int:
    """The HTTP status; where the body could not be read, the SDK hands over aiohttp's own response."""
    return int(getattr(error.response, "status_code", 0) or getattr(error.response, "status", 0))


def _wait(error: Exception) -> float:
    """The pause that Slack asks for, in seconds; 0 where it asks for none."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    told = next((str(value) for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(told) if told.isascii() and told.isdigit() and len(told) < 6 else 0.0
