"""Slack put together: gate, Bolt with one listener for everything, answers, sender, Socket Mode."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.better import Better
from adapters.slack.answers import Answers
from adapters.slack.asides import feedback, stopped, typed
from adapters.slack.calls import Calls
from adapters.slack.gate import Gate
from adapters.slack.incoming import Inbound, Way, opener, read
from adapters.slack.manners import Manners
from adapters.slack.once import DONE, Answer, Once
from adapters.slack.pace import Pace
from adapters.slack.quiet import quiet
from adapters.slack.seen import Events, Seen
from adapters.slack.sender import Sender
from adapters.slack.settings import Installations, OneWorkspace, SlackSettings, SlackSettingsError
from adapters.slack.socket_mode import Line
from adapters.slack.tenants import Tenants
from adapters.slack.tiers import read_tiers
from adapters.slack.working import Working
from coaching.coach import Coach
from coaching.people import Person, Place
from coaching.values import Message, Opened, Tapped

_LOG = logging.getLogger(__name__)
_RESPONSE = 0.5  # seconds until our response, which shows the first card, has surely been taken


class NotInstalledError(Exception):
    """A payload from a workspace where the coach is not installed (any more): Bolt answers with a 500."""


@dataclass(slots=True)
class Desk:
    """Takes payloads: from the gate and from Socket Mode alike."""

    coach: Coach
    answers: Answers
    bolt: AsyncApp
    working: Working
    sealed: bool = False  # the coach is given no messages, and reads none that come all the same
    events: Events | None = None
    tenants: Tenants | None = None  # where there are many workspaces

    async def take(self, payload: dict[str, Any], at: datetime) -> Answer:
        """Read, hear, answer. What is not meant for the coach is acknowledged and goes no further."""
        if self.tenants is not None:
            if await self.tenants.ended(payload, at):
                return DONE
            payload = await self.tenants.placed(payload)
        if await self._aside(payload) or (self.sealed and typed(payload)):
            return DONE
        inbound = read(payload, at)
        if inbound is None or (self.tenants is not None and await self.tenants.itself(inbound.message.who)):
            return DONE
        if self.events is not None and inbound.way is Way.TALK:
            return await self.events.answer(inbound, lambda ours: self._dispatch(payload, ours))
        return await self._dispatch(payload, inbound)

    async def _aside(self, payload: dict[str, Any]) -> bool:
        """What is no message: a button under a review is counted, the stop button ends what runs."""
        thumb, pressed = feedback(payload), stopped(payload)
        if thumb is not None:
            _LOG.info("feedback on a review: %s", thumb)
        elif pressed is not None:
            await self.working.stop(pressed)
        return thumb is not None or pressed is not None

    async def _dispatch(self, payload: dict[str, Any], inbound: Inbound) -> Answer:
        try:
            # The gate has verified and parsed: Bolt gets the dict, which it does for Socket Mode only.
            request = AsyncBoltRequest(body=payload, mode="socket_mode", context={"inbound": inbound})
            response = await self.bolt.async_dispatch(request)
        except Exception as error:  # noqa: BLE001 - a payload Slack would not send, such as "team": 5
            _LOG.warning("a Slack payload could not be handled: %s", type(error).__name__)
            return Answer(400)
        return request.context.get("answer") or Answer(response.status)

    async def heard(self, context: AsyncBoltContext) -> BoltResponse:
        """Every kind of payload comes here; there is no listener behind it that Bolt would have to ask."""
        context["answer"] = await self.answer(context["inbound"])
        return BoltResponse(status=200)

    async def answer(self, inbound: Inbound) -> Answer:
        """One message through the coach and back."""
        message = inbound.message
        if isinstance(message.content, Tapped) and opener(message.content.action):
            return await self.answers.reopen(inbound, message.content.value)
        if self.sealed:
            message = replace(message, handed_only=True)
        return await self.answers.give(inbound, await self.working.watch(inbound, self.coach.hear(message)))


@dataclass(slots=True)
class Slack:
    """The running adapter: `asgi` is mounted at /slack, `post` sends reminders."""

    asgi: Gate
    post: Sender
    desk: Desk
    calls: Calls
    line: Line | None

    async def start(self) -> None:
        """Open the shared session and, with an app-level token, the Socket Mode line."""
        await self.calls.open()
        if self.line is not None:
            try:
                await self.line.start()
            except SlackSettingsError:
                await self.calls.close()
                raise

    async def stop(self, seconds: float = 5) -> None:
        """Let what is under way finish, then close."""
        if self.line is not None:
            await self.line.stop()
        await self.asgi.once.drain(seconds)
        await self.desk.answers.better.drain()
        if self.desk.events is not None:
            await self.desk.events.drain(seconds)
        await self.calls.close()

    async def installed(self, tenant: str, user: str, at: datetime) -> None:
        """Say hello to the person who installed the coach."""
        who = Person("slack", tenant, user)
        message = Message(
            f"install:{tenant}:{user}", who, Place("slack", tenant, user), at, Opened("install")
        )
        await self.desk.answer(Inbound(message, Way.TALK))


def build_slack(
    coach: Coach,
    settings: SlackSettings,
    now: Callable[[], datetime],
    installations: Installations | None = None,
    seen: Seen | None = None,
) -> Slack:
    """The adapter for these settings; without `seen`, repeats are known to this process only.

    Raises SlackSettingsError when something needed is missing.
    """
    settings.checked()
    logger, once, wording = quiet(), Once(), coach.playbook.wording
    calls = Calls(installations or OneWorkspace(settings.bot_token), settings.api_url, logger)
    manners = Manners(calls, Pace(read_tiers(), time.monotonic, asyncio.sleep), settings.barred)
    sender = Sender(manners, wording)
    agent_view = settings.agent_view and not settings.sealed
    answers = Answers(manners, sender, wording, agent_view, better=Better(coach.better, _RESPONSE))
    events = Events(seen, answers.there, time.monotonic) if seen is not None else None
    working = Working(manners, wording, agent_view)
    desk = Desk(coach, answers, _bolt(calls, logger), working, settings.sealed, events)
    desk.bolt.use(desk.heard)
    gate = Gate(settings.signing_secrets, desk.take, once, now)
    line = Line(settings.app_token, calls, desk.take, once, now, logger) if settings.app_token else None
    return Slack(gate, sender, desk, calls, line)


def _bolt(calls: Calls, logger: logging.Logger) -> AsyncApp:
    """Bolt without its own checks (the gate has made them) and without a call to Slack per request."""

    async def authorize(context: AsyncBoltContext) -> AuthorizeResult:
        who = context["inbound"].message.who
        installed = await calls.installations.find(who.tenant)
        if installed is None:
            raise NotInstalledError
        ids = {"enterprise_id": context.enterprise_id, "team_id": context.team_id}
        return AuthorizeResult(**ids, bot_token=installed.bot_token)

    logger.setLevel(logging.ERROR)  # Bolt warns that it found our SLACK_BOT_TOKEN and does not use it
    bolt = AsyncApp(
        name="breather",
        logger=logger,
        client=calls.client(None),
        signing_secret="checked by the gate",  # noqa: S106 - not a secret
        process_before_response=True,
        authorize=authorize,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
    )
    logger.setLevel(logging.WARNING)
    return bolt
