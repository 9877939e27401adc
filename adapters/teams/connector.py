"""What can be said to the Bot Framework connector: post, answer, change, take back, open, look up."""

import json
import math
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from yarl import URL

from adapters.teams.calls import Call, Calls
from adapters.teams.faults import ConnectorError, Fault
from adapters.teams.hosts import Hosts
from adapters.teams.once import Json
from adapters.teams.pace import CONVERSATION, MEMBERS, Pace
from adapters.teams.references import Reference


@dataclass(slots=True)
class Connector:
    """Every method takes the conversation it is for and raises ConnectorError when it does not go well.

    `targeted` marks what only one person sees.
    """

    calls: Calls
    hosts: Hosts
    _sending: Pace = field(init=False, repr=False)
    _asking: Pace = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """One set of buckets per kind of limit."""
        self._sending = Pace(CONVERSATION, self.calls.time.clock, self.calls.time.sleep)
        self._asking = Pace(MEMBERS, self.calls.time.clock, self.calls.time.sleep)

    async def send(
        self, to: Reference, activity: Json, *, targeted: bool = False, leave_by: float = math.inf
    ) -> str:
        """Post; the id of what was posted, or "" where none was told."""
        call = self._call("POST", to, ("activities",), activity, targeted=targeted)
        return _id(await self.calls.make(replace(call, leave_by=leave_by)))

    async def reply(self, to: Reference, activity_id: str, activity: Json, *, targeted: bool = False) -> str:
        """Post in answer to an activity."""
        call = self._call("POST", to, ("activities", activity_id), activity, targeted=targeted)
        return _id(await self.calls.make(call))

    async def update(self, to: Reference, activity_id: str, activity: Json, *, targeted: bool = False) -> str:
        """Put another activity in the place of one we posted."""
        call = self._call("PUT", to, ("activities", activity_id), activity, targeted=targeted)
        return _id(await self.calls.make(call)) or activity_id

    async def delete(self, to: Reference, activity_id: str, *, targeted: bool = False) -> None:
        """Take back what we posted."""
        await self.calls.make(self._call("DELETE", to, ("activities", activity_id), targeted=targeted))

    async def create(self, to: Reference, parameters: Json) -> str:
        """Open a conversation; its id. Without a first activity it is the same one however often opened."""
        return _id(
            await self.calls.make(
                Call(
                    "POST",
                    self._url(to.service_url, ("v3", "conversations")),
                    self._sending,
                    f"{to.tenant}:create:{to.user or to.conversation_id}",
                    to.tenant,
                    again="activity" not in parameters,
                    payload=_written(parameters),
                )
            )
        )

    async def member(self, to: Reference, member_id: str) -> Json:
        """What the conversation tells about one of its members."""
        return _object(await self.calls.make(self._call("GET", to, ("members", member_id))))

    async def channels(self, to: Reference) -> tuple[Json, ...]:
        """The channels of the team that a channel belongs to; the first one has no name."""
        url = self._url(to.service_url, ("v3", "teams", to.team_id, "conversations"))
        call = Call("GET", url, self._asking, f"{to.tenant}:{to.team_id}", to.tenant, again=True)
        listed = _object(await self.calls.make(call)).get("conversations")
        return tuple(one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()

    def _call(
        self,
        method: str,
        to: Reference,
        parts: tuple[str, ...],
        activity: Json | None = None,
        *,
        targeted: bool = False,
    ) -> Call:
        return Call(
            method,
            self._url(to.service_url, ("v3", "conversations", to.conversation_id, *parts), targeted=targeted),
            self._asking if method == "GET" else self._sending,
            f"{to.tenant}:{to.conversation_id.partition(';')[0]}",  # threads share the channel's limits
            to.tenant,
            again=method != "POST",
            payload=None if activity is None else _written(activity),
        )

    def _url(self, service_url: str, path: tuple[str, ...], *, targeted: bool = False) -> URL:
        """The address of a call. Raises ConnectorError for a host that must not see our token."""
        if not self.hosts.allows(service_url) or any(part in ("", ".", "..") for part in path):
            raise ConnectorError(Fault.REFUSED)
        quoted = "/".join(quote(part, safe="", errors="replace") for part in path)
        query = "?isTargetedActivity=true" if targeted else ""
        return URL(f"{service_url.rstrip('/')}/{quoted}{query}", encoded=True)


def _written(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _object(raw: bytes) -> Json:
    """The object in an answer; empty where there is none: what was done is done."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _id(raw: bytes) -> str:
    found = _object(raw).get("id")
    return found if isinstance(found, str) else ""
