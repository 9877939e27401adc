"""New tokens for those that end soon: a job beside the requests, never on their way."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from adapters.slack.calls import Calls
from adapters.slack.grants import tokens_of
from adapters.slack.tenants import Due, Shelf, Tenants

_AT_ONCE = 5  # refreshes under way at a time


@dataclass(frozen=True, slots=True)
class Turned:
    """What a round came to."""

    done: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Rotation:
    """Refreshes what the shelf says is ours; of many processes that run it, each token is given to one."""

    calls: Calls
    shelf: Shelf
    tenants: Tenants
    client_id: str
    client_secret: str = field(repr=False)
    now: Callable[[], datetime]

    async def run(self) -> Turned:
        """Every token whose time has come, once. A failure keeps the old token, which is good for an hour."""
        done, tried = 0, 0
        while due := await self.shelf.due(_AT_ONCE):
            done += sum(await asyncio.gather(*(self._turn(one) for one in due)))
            tried += len(due)
        return Turned(done, tried - done)

    async def _turn(self, due: Due) -> bool:
        called = await self.calls.exchange(
            client_id=self.client_id,
            client_secret=self.client_secret,
            grant_type="refresh_token",
            refresh_token=due.refresh,
        )
        tokens = tokens_of(called.data, self.now()) if called.ok else None
        if tokens is None:
            await self.shelf.fail(due)
            return False
        await self.shelf.renew(due, tokens)
        self.tenants.forget(due.tenant)
        return True
