"""Checks the token of every incoming activity; whatever is wrong, the activity is refused."""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import jwt

from adapters.teams.hosts import Hosts
from adapters.teams.keys import Key, Keys
from adapters.teams.settings import TeamsSettings

CHANNEL = "msteams"  # a Web Chat caller, say, may choose who to be: Teams only
LEEWAY = 300  # seconds two clocks may differ
LONGEST = 16 * 1024
MOST_VERIFIED = 1024
_BEARER = re.compile(r"bearer +([\w-]+\.[\w-]+\.[\w-]+)", re.IGNORECASE | re.ASCII)


class RefusedError(Exception):
    """Not let in. The message is one word of ours, never a part of the token."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says: who sent it, to whom, and where answers go."""

    issuer: str
    audience: str
    service_url: str
    expires: int


class Validator(Protocol):
    """Decides whether an activity is let in."""

    async def check(self, header: str | None, activity: Mapping[str, Any]) -> Claims:
        """The claims of the caller's token. Raises RefusedError, never anything else."""
        ...


def bearer(header: str | None) -> str | None:
    """The token in an Authorization header, if it has the shape of one."""
    found = _BEARER.fullmatch(header) if header is not None and len(header) <= LONGEST else None
    return found[1] if found else None


@dataclass(frozen=True, slots=True)
class _Verified:
    claims: Claims
    endorsements: frozenset[str] | None


@dataclass(slots=True)
class SignedOnly:
    """The validator: activities that Bot Framework has signed for this app."""

    settings: TeamsSettings
    keys: Keys
    now: Callable[[], datetime]
    _hosts: Hosts = field(init=False)
    _issuers: frozenset[str] = field(init=False)
    _verified: OrderedDict[bytes, _Verified] = field(default_factory=OrderedDict, repr=False)

    def __post_init__(self) -> None:
        """Put together once what every check needs."""
        self._hosts = self.settings.hosts
        self._issuers = self.settings.extra_issuers | {self.settings.cloud.issuer}

    async def check(self, header: str | None, activity: Mapping[str, Any]) -> Claims:
        """The claims of the caller's token. Raises RefusedError, never anything else."""
        token = bearer(header)
        if token is None:
            raise RefusedError("header")
        digest = hashlib.sha256(token.encode()).digest()
        verified = self._verified.get(digest)
        if verified is None or verified.claims.expires <= self.now().timestamp():
            self._verified.pop(digest, None)
            verified = await self._verify(token)
            self._verified[digest] = verified
            while len(self._verified) > MOST_VERIFIED:
                self._verified.popitem(last=False)
        self._fits(verified, activity)
        return verified.claims

    async def _verify(self, token: str) -> _Verified:
        """What depends on the token alone."""
        key = await self.keys.find(_kid(token))
        if key is None:
            raise RefusedError("key")
        return _Verified(self._claims(token, key), key.endorsements)

    def _claims(self, token: str, key: Key) -> Claims:
        told: dict[str, Any] | None = None
        reason = ""
        try:
            told = jwt.decode(
                token,
                key.public,
                algorithms=["RS256"],
                audience=self.settings.app_id,
                issuer=self._issuers,
                options={
                    "require": ["exp", "iss", "aud", "serviceurl"],
                    "strict_aud": True,
                    "verify_exp": False,  # the two times are checked below, by our own clock
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except Exception as error:  # noqa: BLE001 - a stranger's bytes: whatever they make the library raise
            reason = type(error).__name__
        if told is None:
            raise RefusedError(reason)  # outside the except block: the inner error may quote the token
        return self._in_time(told)

    def _in_time(self, told: Mapping[str, Any]) -> Claims:
        now, expires, start = self.now().timestamp(), told["exp"], told.get("nbf", 0)
        url = told["serviceurl"]
        if type(expires) is not int or type(start) is not int or not isinstance(url, str):
            raise RefusedError("claims")
        if expires <= now - LEEWAY:
            raise RefusedError("expired")
        if start > now + LEEWAY:
            raise RefusedError("early")
        return Claims(told["iss"], told["aud"], url, expires)

    def _fits(self, verified: _Verified, activity: Mapping[str, Any]) -> None:
        """What depends on token and activity together."""
        url, channel = activity.get("serviceUrl"), activity.get("channelId")
        if not isinstance(url, str) or not url or url != verified.claims.service_url:
            raise RefusedError("serviceurl")
        if not self._hosts.allows(url):
            raise RefusedError("host")
        if channel != CHANNEL:
            raise RefusedError("channel")
        if verified.endorsements is not None and channel not in verified.endorsements:
            raise RefusedError("endorsement")
        check_tenant(activity, self.settings.allowed_tenants)


def _kid(token: str) -> str:
    """The id of the key a token claims to be signed with."""
    kid: object = None
    algorithm: object = None
    try:
        header = jwt.get_unverified_header(token)
        kid, algorithm = header.get("kid"), header.get("alg")
    except Exception:  # noqa: BLE001, S110 - as above; refused below
        pass
    if algorithm != "RS256" or not isinstance(kid, str) or not kid:
        raise RefusedError("shape")
    return kid


def check_tenant(activity: Mapping[str, Any], allowed: frozenset[str]) -> None:
    """Raises RefusedError unless every tenant the activity names is allowed, and it names one."""
    if not allowed:
        return
    data, conversation = activity.get("channelData"), activity.get("conversation")
    tenant = data.get("tenant") if isinstance(data, dict) else None
    named = [
        tenant.get("id") if isinstance(tenant, dict) else None,
        conversation.get("tenantId") if isinstance(conversation, dict) else None,
    ]
    tenants = [name for name in named if name is not None]
    if not tenants or not all(isinstance(name, str) and name in allowed for name in tenants):
        raise RefusedError("tenant")


@dataclass(frozen=True, slots=True)
class Unsigned:
    """The validator of the development switch: anybody on this machine, as long as answers stay on it."""

    settings: TeamsSettings

    async def check(self, header: str | None, activity: Mapping[str, Any]) -> Claims:  # noqa: ARG002 - a Validator
        """Claims without a token. Raises RefusedError where the switch is off or the answer would leave."""
        url = activity.get("serviceUrl")
        if not self.settings.insecure_dev or self.settings.app_id:
            raise RefusedError("switch")
        if not isinstance(url, str) or not self.settings.hosts.allows(url):
            raise RefusedError("host")
        check_tenant(activity, self.settings.allowed_tenants)
        return Claims("development", "", url, 0)
