"""The turn engine: botbuilder through its public seams, with our own door in front and connector behind."""

import math
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, Protocol, TypeAlias

from botbuilder.core import CloudAdapterBase, InvokeResponse, TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import Activity, ResourceResponse
from botframework.connector.auth import BotFrameworkAuthentication, ClaimsIdentity, ConnectorFactory
from botframework.connector.auth.authenticate_request_result import AuthenticateRequestResult

from adapters.teams.once import Answer
from adapters.teams.parts import Json
from adapters.teams.references import Reference
from adapters.teams.tokens import Claims
from adapters.teams.wire import HeardActivity, RawActivity, in_thread, is_targeted

Say: TypeAlias = Callable[[Json], Awaitable[str]]  # the id of what was said, or ""
Heard: TypeAlias = Callable[[Json, Say], Awaitable[Json | None]]


class Outgoing(Protocol):
    """What the engine asks of the connector."""

    async def send(
        self, to: Reference, activity: Json, *, targeted: bool = False, leave_by: float = math.inf
    ) -> str:
        """Post an activity; the id it got. Raises ConnectorError; so does what is late."""
        ...

    async def update(self, to: Reference, activity_id: str, activity: Json) -> str:
        """Put another activity in the place of one we posted. Raises ConnectorError."""
        ...

    async def create(self, to: Reference, parameters: Json) -> str:
        """Open a conversation; its id. Raises ConnectorError."""
        ...

    async def member(self, to: Reference, member_id: str) -> Json:
        """What a conversation tells about one of its members. Raises ConnectorError."""
        ...

    async def channels(self, to: Reference) -> tuple[Json, ...]:
        """The channels of the team a channel belongs to. Raises ConnectorError."""
        ...


class Engine:
    """Runs one turn for an activity the door has let in. `heard` decides what is said in it."""

    def __init__(self, connector: Outgoing, heard: Heard) -> None:
        self._connector = connector
        self._adapter = _Adapter(_Verified())
        self._bot = _Bot(heard)

    async def turn(self, activity: Json, claims: Claims, reference: Reference) -> Answer:
        """The answer to the request: an invoke's body, the replies where they are expected in it, or 202."""
        checked = AuthenticateRequestResult()
        checked.claims_identity = ClaimsIdentity({"aud": claims.audience, "iss": claims.issuer}, True)
        checked.audience = claims.audience
        checked.connector_factory = _Lines(self._connector, reference)
        done = await self._adapter.process_activity(checked, HeardActivity(activity), self._bot.on_turn)
        if done is None:
            return Answer(202)
        return Answer(int(done.status), done.body if isinstance(done.body, dict) else None)


class _Adapter(CloudAdapterBase):
    """The engine's own adapter; its HTTP, token and client code stand in other classes and are not used."""


class _Verified(BotFrameworkAuthentication):
    """Authentication has happened at our door: nothing else lets an activity in."""

    async def authenticate_request(self, activity: Activity, auth_header: str) -> NoReturn:
        """Never: the engine is given what the door has verified."""
        raise PermissionError(type(activity).__name__, len(auth_header))

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> NoReturn:
        """Never."""
        raise PermissionError(len(auth_header), len(channel_id_header))

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> NoReturn:
        """Never: a factory comes with the verified claims."""
        raise PermissionError(type(claims_identity).__name__)

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> Any:  # noqa: ANN401 - None
        """Nobody signs in to anything."""
        del claims_identity

    def get_originating_audience(self) -> str:
        """The engine asks for it; nothing is sent there."""
        return ""


class _Lines(ConnectorFactory):
    """Gives the engine our connector in place of a client of its own."""

    def __init__(self, connector: Outgoing, reference: Reference) -> None:
        self._line = _Line(connector, reference)

    async def create(self, service_url: str, audience: str) -> Any:  # noqa: ANN401 - stands in for their client
        del service_url, audience
        return self._line


class _Line:
    """The few calls of a connector client that the engine makes."""

    def __init__(self, connector: Outgoing, reference: Reference) -> None:
        self.conversations = self
        self._connector, self._reference = connector, reference

    async def reply_to_activity(
        self, conversation_id: str, activity_id: str, activity: RawActivity
    ) -> ResourceResponse:
        """Post to the conversation: its id carries the thread already."""
        del activity_id
        return await self.send_to_conversation(conversation_id, activity)

    async def send_to_conversation(self, conversation_id: str, activity: RawActivity) -> ResourceResponse:
        """Post to the conversation."""
        raw = activity.additional_properties
        where = in_thread(self._reference, conversation_id)
        number = await self._connector.send(where, raw, targeted=is_targeted(raw))
        return ResourceResponse(id=number)


class _Bot(TeamsActivityHandler):
    """Every kind of activity comes to `heard`."""

    def __init__(self, heard: Heard) -> None:
        super().__init__()
        self._heard = heard

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await self._turn(turn_context)

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        await self._turn(turn_context)

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        await self._turn(turn_context)

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        return InvokeResponse(status=200, body=await self._turn(turn_context))

    async def _turn(self, turn_context: TurnContext) -> Json | None:
        async def say(raw: Json) -> str:
            said = await turn_context.send_activity(RawActivity(raw))
            return said.id or "" if said is not None else ""

        heard = turn_context.activity
        return await self._heard(heard.raw, say) if isinstance(heard, HeardActivity) else None
