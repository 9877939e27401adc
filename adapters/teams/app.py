"""Teams put together: door, engine, answers, sender."""

import asyncio
import logging
import random
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import monotonic

from adapters.better import Better
from adapters.teams.answers import Answers
from adapters.teams.calls import Calls, Time
from adapters.teams.connector import Connector
from adapters.teams.credentials import credential
from adapters.teams.door import Door
from adapters.teams.engine import Engine, Say
from adapters.teams.entra import Tokens
from adapters.teams.excuses import excuse
from adapters.teams.incoming import CLOSE, INSERT, OPEN, Inbound, read, removed
from adapters.teams.keys import Keys
from adapters.teams.names import Names
from adapters.teams.once import Answer, Json, Once
from adapters.teams.own import asked
from adapters.teams.parts import part, reference_of, text
from adapters.teams.private import OwnChat
from adapters.teams.quiet import quiet
from adapters.teams.references import ConversationState, InMemory, Reference, References, keepable
from adapters.teams.sender import Sender
from adapters.teams.session import Session
from adapters.teams.settings import TeamsSettings
from adapters.teams.tokens import Claims, SignedOnly, Unsigned
from coaching.coach import Coach
from coaching.values import Content, Form, Opened, Reply, Tapped

_MOST_GREETED = 10_000
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Desk:
    """Takes activities the door has let in."""

    coach: Coach
    answers: Answers
    references: References
    connector: Connector
    now: Callable[[], datetime]
    _engine: Engine = field(init=False)
    _greeted: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        """The engine gives every activity back to this desk."""
        self._engine = Engine(self.connector, self.heard)

    async def take(self, activity: Json, claims: Claims) -> Answer:
        """One activity through the engine."""
        reference = reference_of(activity)
        if reference is None:
            return Answer(400)
        if asked(activity):  # nobody did anything: it is not heard, and leaves no trace
            return Answer(200, self.answers.view(activity))
        await self._remember(activity, reference)
        return await self._engine.turn(activity, claims, reference)

    async def heard(self, activity: Json, say: Say) -> Json | None:
        """Read, hear, answer. What is not meant for the coach goes no further."""
        if text(activity, "name") == "message/submitAction":
            return _feedback(activity)
        inbound = read(activity, self.now())
        if inbound is None or self._greeted_before(inbound):
            invoked = text(activity, "type") == "invoke"
            return self.answers.taken(text(activity, "name")) if invoked else None
        content = inbound.message.content
        if isinstance(content, Tapped) and content.action in (CLOSE, INSERT, OPEN):
            return await self._own(content.action, inbound, say)
        return await self.answers.give(inbound, await self.coach.hear(inbound.message), say)

    async def _own(self, action: str, inbound: Inbound, say: Say) -> Json | None:
        """A button of the adapter's own. A form that is lost is asked for again where that is possible."""
        if action == CLOSE:
            return None
        if action == INSERT:
            return self.answers.insert(inbound)
        form = self.answers.reopen(inbound)
        if form is not None:
            return await self.answers.give(inbound, (form,), say)
        if inbound.again is None:
            return await self.answers.expired(inbound, say)
        return await self.answers.give(inbound, await self._asked_again(inbound, inbound.again), say)

    async def _asked_again(self, inbound: Inbound, content: Content) -> tuple[Reply | Form, ...]:
        return await self.coach.hear(replace(inbound.message, content=content))

    def _greeted_before(self, inbound: Inbound) -> bool:
        """An installation is told twice, as itself and as somebody who joined: one hello is enough."""
        content = inbound.message.content
        if not isinstance(content, Opened) or content.surface == "home":
            return False
        known = inbound.reference.conversation_id in self._greeted
        self._greeted[inbound.reference.conversation_id] = None
        while len(self._greeted) > _MOST_GREETED:
            self._greeted.popitem(last=False)
        return known

    async def _remember(self, activity: Json, reference: Reference) -> None:
        """Where this conversation lives: for reminders, and for answers that need a private way.

        The message extension works where the coach is no member: such a place is not one to write to.
        """
        if text(activity, "name").startswith("composeExtension/"):
            return
        if not keepable(reference):
            _LOG.warning("a Teams conversation is not remembered: %s", "odd address")
            return
        try:
            if removed(activity):
                self._greeted.pop(reference.conversation_id, None)
                await self.references.mark(reference, ConversationState.UNINSTALLED)
            else:
                await self.references.remember(reference)
        except Exception as error:  # noqa: BLE001 - the person still gets an answer
            _LOG.warning("a Teams conversation could not be remembered: %s", type(error).__name__)


@dataclass(slots=True)
class Teams:
    """The running adapter: `asgi` is mounted at /api/messages, `post` sends reminders."""

    asgi: Door
    post: Sender
    desk: Desk
    connector: Connector
    _session: Session
    _closing: tuple[Keys | Tokens, ...]

    async def start(self) -> None:
        """Open the shared session."""
        await self._session.open()

    async def stop(self, seconds: float = 5) -> None:
        """Let what is under way finish, then close."""
        await self.asgi.drain(seconds)
        await self.desk.answers.better.drain()
        for each in self._closing:
            await each.close()
        await self._session.close()


def build_teams(
    coach: Coach,
    settings: TeamsSettings,
    now: Callable[[], datetime],
    references: References | None = None,
) -> Teams:
    """The adapter for these settings. Raises TeamsSettingsError when something needed is missing."""
    settings.checked()
    quiet()
    session, wording = Session(), coach.playbook.wording
    kept = references or InMemory()
    keys = Keys(settings.keys_at, session, now, settings.key_cool_down)
    tokens = None
    if not settings.insecure_dev:
        tokens = Tokens(credential(settings, now), session, now, settings.cloud.audience)
    time = Time(monotonic, asyncio.sleep, random.random)
    connector = Connector(Calls(session, tokens, time), settings.hosts)
    names = Names(connector, kept, wording)
    desk = Desk(
        coach,
        Answers(OwnChat(connector, kept), names, wording, better=Better(coach.better)),
        kept,
        connector,
        now,
    )
    validator = Unsigned(settings) if settings.insecure_dev else SignedOnly(settings, keys, now)
    sorry = excuse(wording.label("common.sorry"))
    door = Door(validator, desk.take, Once(now), settings, sorry)
    closing = (keys,) if tokens is None else (keys, tokens)
    return Teams(door, Sender(connector, kept, wording, names), desk, connector, session, closing)


def _feedback(activity: Json) -> Json:
    """Teams' own thumbs under a review: which way they point is counted in the log; no words are read."""
    told = text(part(part(activity, "value"), "actionValue"), "reaction")
    _LOG.info("feedback on a review: %s", told if told in ("like", "dislike") else "other")
    return {}
