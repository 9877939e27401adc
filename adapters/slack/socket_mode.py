"""Socket Mode: the same payloads over a connection that we open, where there is no public address."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from logging import Logger

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from adapters.slack.calls import Calls
from adapters.slack.gate import Take, identity
from adapters.slack.once import Once
from adapters.slack.settings import SlackSettingsError


@dataclass(slots=True)
class Line:
    """The open line to Slack. A payload is acknowledged after it was handled, never before."""

    app_token: str = field(repr=False)
    calls: Calls
    take: Take
    once: Once
    now: Callable[[], datetime]
    quiet: Logger
    _client: SocketModeClient | None = None
    _trying: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect, and stay connected. Raises SlackSettingsError when Slack refuses the token.

        The SDK would try a refused token for ever; an unreachable Slack is tried again in the background.
        """
        client = SocketModeClient(self.app_token, logger=self.quiet, web_client=self.calls.client(None))
        client.socket_mode_request_listeners.append(self._hear)
        self._client = client
        refused = ""
        try:
            client.wss_uri = await client.issue_new_wss_url()
        except SlackApiError as error:
            refused = str(error.response.get("error"))
        except (aiohttp.ClientError, TimeoutError):
            self._trying = asyncio.create_task(client.connect())
            return
        if refused:
            await self.stop()
            raise SlackSettingsError(
                f"Slack does not accept the app-level token ({refused}). Under Basic Information,"
                " App-Level Tokens, make one with the scope connections:write (xapp-...)."
            )
        await client.connect()

    async def stop(self) -> None:
        """Disconnect."""
        if self._trying is not None:
            self._trying.cancel()
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _hear(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        payload = request.payload
        if not isinstance(payload, dict):
            return
        key = identity(payload) or f"envelope:{request.envelope_id}"
        answer = await self.once.run(key, lambda: self.take(payload, self.now()))
        if answer.status == 200:  # anything else: Slack sends it again
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, answer.body))
