"""Where the coach is installed: answered from memory, asked of storage once a minute or on a change."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from adapters.slack.incoming import enterprise_of, for_organisation, team_of
from adapters.slack.settings import Installation
from coaching.people import Person

_KEPT_FOR = 60.0  # seconds: how long another process may use a token that was taken away
_MOST = 10_000

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tokens:
    """What Slack hands out; the last two are there only where the app rotates its tokens."""

    bot: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """An installation as Slack describes it. In a whole organisation: no team."""

    enterprise: str
    team: str
    app: str
    bot_user: str
    scopes: str
    installed_by: str
    tokens: Tokens

    @property
    def tenant(self) -> str:
        """Whose data are whose."""
        return self.team or self.enterprise


@dataclass(frozen=True, slots=True)
class Due:
    """A token to be refreshed by us. `ticket` is storage's own."""

    tenant: str
    refresh: str = field(repr=False)
    ticket: object = field(repr=False)


class Shelf(Protocol):
    """What the adapter asks of storage."""

    async def find(self, tenant: str) -> Installation | None:
        """The installation of a tenant; None where the coach is not installed."""
        ...

    async def save(self, grant: Grant) -> None:
        """Keep an installation, in place of the one before."""
        ...

    async def revoke(self, tenant: str, happened: datetime) -> None:
        """Erase the tokens; the data follow after a grace."""
        ...

    async def spend(self, fingerprint: str, until: datetime) -> bool:
        """Whether this is the first time."""
        ...

    async def due(self, most: int) -> Sequence[Due]:
        """Tokens whose time has come, for us alone."""
        ...

    async def renew(self, due: Due, tokens: Tokens) -> None:
        """Keep the new tokens."""
        ...

    async def fail(self, due: Due) -> None:
        """Keep the old ones and try again later."""
        ...


@dataclass(slots=True)
class Tenants:
    """The adapter's Installations, over a shelf. Many who ask at once make one question."""

    shelf: Shelf
    monotonic: Callable[[], float] = time.monotonic
    most: int = _MOST
    _known: OrderedDict[str, tuple[Installation, float]] = field(default_factory=OrderedDict, repr=False)
    _asked: dict[str, asyncio.Task[Installation | None]] = field(default_factory=dict, repr=False)

    async def find(self, tenant: str) -> Installation | None:
        """The installation, or None where the coach is not installed."""
        known = self._known.get(tenant)
        if known is not None and known[1] > self.monotonic():
            return known[0]
        task = self._asked.get(tenant)
        if task is None:
            task = self._asked[tenant] = asyncio.ensure_future(self.shelf.find(tenant))
            task.add_done_callback(lambda done: self._answered(tenant, done))
        return await asyncio.shield(task)

    def forget(self, tenant: str) -> None:
        """Ask anew next time; an answer that is on its way is not kept."""
        self._known.pop(tenant, None)
        self._asked.pop(tenant, None)

    async def save(self, grant: Grant) -> None:
        """Keep an installation."""
        await self.shelf.save(grant)
        self.forget(grant.tenant)

    async def ended(self, payload: Json, at: datetime) -> bool:
        """Whether a payload says that the coach was taken away from somewhere: then its tokens are gone."""
        tenant = taken_away(payload)
        if not tenant:
            return False
        told = payload.get("event_time")
        happened = datetime.fromtimestamp(told, UTC) if isinstance(told, int) and 0 < told < 1 << 33 else at
        try:
            await self.shelf.revoke(tenant, happened)
        finally:
            self.forget(tenant)
        return True

    async def itself(self, who: Person) -> bool:
        """Whether it is the coach that speaks: its own words come back to it as events."""
        found = await self.find(who.tenant)
        return found is not None and found.bot_user == who.user

    async def placed(self, payload: Json) -> Json:
        """The payload of a workspace that only its organisation has the coach for, said as such."""
        team, enterprise = team_of(payload), enterprise_of(payload)
        if not enterprise or team == enterprise or await self.find(team) or not await self.find(enterprise):
            return payload
        return {**payload, "is_enterprise_install": True}

    def _answered(self, tenant: str, task: asyncio.Task[Installation | None]) -> None:
        if self._asked.get(tenant) is not task:
            task.cancelled() or task.exception()  # looked at, so that nobody complains
            return
        del self._asked[tenant]
        found = None if task.cancelled() or task.exception() else task.result()
        self._known.pop(tenant, None)
        if found is not None:
            self._known[tenant] = (found, self.monotonic() + _KEPT_FOR)
            while len(self._known) > self.most:
                self._known.popitem(last=False)


def taken_away(payload: Json) -> str:
    """The tenant that an event takes the coach away from; empty for any other payload."""
    event = payload.get("event")
    if payload.get("type") != "event_callback" or not isinstance(event, dict):
        return ""
    tokens = event.get("tokens")
    bots = tokens.get("bot") if isinstance(tokens, dict) else None
    ended = event.get("type") == "app_uninstalled" or (event.get("type") == "tokens_revoked" and bool(bots))
    if not ended:
        return ""
    return enterprise_of(payload) if for_organisation(payload) else team_of(payload)
