"""What Microsoft does between a Teams client and a bot: signs activities, serves keys and tokens."""

import json
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import parse_qsl

import aiohttp
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.players.serving import served

ISSUER = "https://api.botframework.com"
APP_ID = "11111111-2222-3333-4444-555555555555"
SECRET = "a-client-secret-for-tests"
TENANT = "00000000-0000-0000-0000-0000000000001"  # the Playground's own, with its odd length
TOKEN = "the-bots-own-token"


@cache
def _key():
    """One for a whole run: making one takes long."""
    return rsa.generate_private_key(65537, 2048)


@dataclass
class Signer:
    """One RS256 key, published with the endorsement of Teams."""

    key: rsa.RSAPrivateKey = field(default_factory=_key)
    kid: str = "test-key"

    def published(self):
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {**public, "kid": self.kid, "use": "sig", "endorsements": ["msteams"]}

    def header(self, activity, **changed):
        """The Authorization header of an activity; `changed` claims, None for none."""
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": APP_ID, "nbf": now, "exp": now + 300}
        claims |= {"serviceurl": activity.get("serviceUrl", ""), **changed}
        claims = {name: value for name, value in claims.items() if value is not None}
        return f"Bearer {jwt.encode(claims, self.key, 'RS256', headers={'kid': self.kid})}"


@dataclass
class Proxy:
    """Stands between the Playground and the bot; what came by is kept as (type or invoke name, status)."""

    bot: str = ""  # the bot's address, known once it runs
    signer: Signer = field(default_factory=Signer)
    passed: list = field(default_factory=list)
    answers: list = field(default_factory=list)  # the bodies of answers to invokes
    activities: list = field(default_factory=list)
    tokens: list = field(default_factory=list)  # the forms of the bot's token requests
    session: aiohttp.ClientSession | None = None
    url: str = ""

    def app(self):
        return Starlette(
            routes=[
                Route("/openid", self.openid),
                Route("/keys", self.keys),
                Route("/{tenant}/oauth2/v2.0/token", self.token, methods=["POST"]),
                Route("/api/messages", self.messages, methods=["POST", "GET", "HEAD"]),
            ]
        )

    def settings(self):
        """What the bot has to be told to trust and to use this proxy."""
        return {
            "TEAMS_APP_ID": APP_ID,
            "TEAMS_APP_TYPE": "SingleTenant",
            "TEAMS_TENANT_ID": TENANT,
            "TEAMS_APP_PASSWORD": SECRET,
            "TEAMS_OPENID_URL": f"{self.url}/openid",
            "TEAMS_TOKEN_URL": f"{self.url}/{TENANT}/oauth2/v2.0/token",
        }

    async def openid(self, _request):
        return JSONResponse({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def keys(self, _request):
        return JSONResponse({"keys": [self.signer.published()]})

    async def token(self, request):
        self.tokens.append(dict(parse_qsl((await request.body()).decode())))
        return JSONResponse({"token_type": "Bearer", "expires_in": 3600, "access_token": TOKEN})

    async def messages(self, request):
        """Sign what the Playground posts and hand it on; it asks with GET whether somebody listens."""
        if request.method != "POST":
            return Response(status_code=405)
        activity = await request.json()
        status, body = await self.send(activity)
        return Response(body, status_code=status, media_type="application/json")

    async def send(self, activity, header=None):
        """An activity to the bot, signed unless told otherwise: (status, body)."""
        header = self.signer.header(activity) if header is None else header  # "": unsigned
        headers = {"Authorization": header} if header else {}
        async with self.session.post(f"{self.bot}/api/messages", json=activity, headers=headers) as answer:
            body = await answer.read()
        self.activities.append(activity)
        self.passed.append((activity.get("name") or activity.get("type"), answer.status))
        if activity.get("type") == "invoke":
            self.answers.append((activity.get("name"), json.loads(body) if body else None))
        return answer.status, body


@asynccontextmanager
async def signing():
    """A running proxy."""
    proxy = Proxy()
    async with served(proxy.app()) as url, aiohttp.ClientSession() as session:
        proxy.url, proxy.session = url, session
        yield proxy
