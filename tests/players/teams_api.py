"""The other end for a Teams adapter: a connector that takes what is posted, Microsoft's keys and tokens."""

import asyncio
import itertools
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from adapters.teams.settings import TeamsSettings
from tests.players.serving import served
from tests.players.signing import APP_ID, SECRET, TENANT, TOKEN, signing


@dataclass
class Connector:
    """Keeps every activity posted to it; `refuse` makes it answer with an error."""

    url: str = ""
    posted: list = field(default_factory=list)  # (conversation id, activity, targeted)
    opened: list = field(default_factory=list)  # the parameters of conversations that were created
    names: dict = field(default_factory=dict)  # (conversation id, member id) -> name
    channels: dict = field(default_factory=dict)  # team id -> its channels
    asked: list = field(default_factory=list)  # the paths of questions for names
    hold: asyncio.Event | None = None  # questions for names wait for it
    refuse: dict = field(
        default_factory=dict
    )  # "all", "targeted", "create" or a conversation id -> (status, code)
    updated: list = field(default_factory=list)  # (conversation id, activity id, activity)
    ids: itertools.count = field(default_factory=lambda: itertools.count(1))

    def app(self):
        return Starlette(
            routes=[
                Route("/v3/conversations/{conversation}/activities", self.post, methods=["POST"]),
                Route("/v3/conversations/{conversation}/activities/{number}", self.update, methods=["PUT"]),
                Route("/v3/conversations", self.create, methods=["POST"]),
                Route("/v3/conversations/{conversation}/members/{member}", self.member),
                Route("/v3/teams/{team}/conversations", self.team),
            ]
        )

    async def post(self, request):
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
        conversation, activity = request.path_params["conversation"], await request.json()
        targeted = request.query_params.get("isTargetedActivity") == "true"
        assert targeted == (activity.get("recipient", {}).get("isTargeted") is True)
        for key in ("all", *(["targeted"] if targeted else []), conversation):
            if key in self.refuse:
                status, code = self.refuse[key]
                return JSONResponse({"error": {"code": code}}, status)
        self.posted.append((conversation, activity, targeted))
        return JSONResponse({"id": f"posted-{next(self.ids)}"}, 201)

    async def update(self, request):
        where, number = request.path_params["conversation"], request.path_params["number"]
        if "update" in self.refuse:
            status, code = self.refuse["update"]
            return JSONResponse({"error": {"code": code}}, status)
        self.updated.append((where, number, await request.json()))
        return JSONResponse({"id": number})

    async def create(self, request):
        """The same chat with a person, however often it is opened."""
        parameters = await request.json()
        self.opened.append(parameters)
        if "create" in self.refuse:
            status, code = self.refuse["create"]
            return JSONResponse({"error": {"code": code}}, status)
        (member,) = parameters["members"]
        return JSONResponse({"id": f"a:{member['id'].removeprefix('29:')}"}, 201)

    async def member(self, request):
        where, who = request.path_params["conversation"], request.path_params["member"]
        await self._question(request)
        if (where, who) not in self.names:
            return JSONResponse({"error": {"code": "MemberNotFoundInConversation"}}, 404)
        return JSONResponse({"id": "29:x", "aadObjectId": who, "name": self.names[where, who]})

    async def team(self, request):
        await self._question(request)
        return JSONResponse({"conversations": self.channels.get(request.path_params["team"], [])})

    async def _question(self, request):
        self.asked.append(request.url.path)
        if self.hold is not None:
            await self.hold.wait()


@dataclass
class TeamsApi:
    """Everything a Teams adapter talks to, and a way to send it what a client would."""

    connector: Connector
    proxy: object
    ids: itertools.count = field(default_factory=lambda: itertools.count(1))

    def settings(self, **changes):
        return TeamsSettings(
            **{
                "app_id": APP_ID,
                "tenant_id": TENANT,
                "app_password": SECRET,
                "openid_url": f"{self.proxy.url}/openid",
                "token_url": f"{self.proxy.url}/{TENANT}/oauth2/v2.0/token",
                "extra_hosts": frozenset({self.connector.url.removeprefix("http://")}),
                **changes,
            }
        )

    def activity(self, kind, *, conversation=None, sender="U1", **more):
        """An activity as Teams sends it, from a person's own chat unless told otherwise."""
        number = next(self.ids)
        return {
            "type": kind,
            "id": f"act-{number}",
            "timestamp": "2026-03-02T08:00:00Z",
            "channelId": "msteams",
            "serviceUrl": self.connector.url,
            "from": {"id": f"29:{sender}", "aadObjectId": aad(sender), "name": "A Person"},
            "recipient": {"id": "28:breather", "name": "Breather"},
            "conversation": conversation or personal(sender),
            "channelData": {"tenant": {"id": TENANT}},
            "entities": [{"type": "clientInfo", "locale": "en-US", "timezone": "Europe/Berlin"}],
            **more,
        }


def aad(sender):
    """The directory's id of a person, for a short name of four hexadecimal digits or fewer."""
    return f"00000000-0000-4000-8000-{sender.encode().hex():0>12}"


def personal(sender="U1"):
    return {"conversationType": "personal", "id": f"a:{sender}", "tenantId": TENANT}


def channel(number="19:abc@thread.tacv2"):
    """A thread in a channel."""
    whole = f"{number};messageid=1"
    return {"conversationType": "channel", "isGroup": True, "id": whole, "tenantId": TENANT}


async def idle(teams):
    """Until the door has nothing left in its queues."""
    async with asyncio.timeout(10):
        while teams.asgi.lanes.waiting:  # noqa: ASYNC110 - seen from outside, as any client would
            await asyncio.sleep(0.002)


@asynccontextmanager
async def running():
    """The other end, running."""
    connector = Connector()
    async with served(connector.app()) as url, signing() as proxy:
        connector.url = url
        yield TeamsApi(connector, proxy)
