"""The running house: the coach with everything around it, how it starts, how it stands and how it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

from bot.ailing import Ailing, ready
from bot.clock import Clock, Tick
from bot.courier import Courier
from bot.metrics import exposition
from coaching.coach import Coach
from coaching.ports import Post
from storage import figures
from storage.db import Database, StorageError

if TYPE_CHECKING:
    from bot.model import Connected

_A_MOMENT = 0.05  # seconds


async def _nothing() -> None:
    """For a platform that has nothing to start or stop."""


def _leave() -> None:
    """For a platform that keeps nobody waiting."""


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform, ready to run: what it serves, how it sends, how it starts, and how it lets go."""

    name: str
    post: Post
    routes: tuple[BaseRoute, ...] = ()
    start: Callable[[], Awaitable[None]] = _nothing
    stop: Callable[[], Awaitable[None]] = _nothing
    ticks: tuple[Tick, ...] = ()  # what it wants to be woken for
    leave: Callable[[], None] = _leave  # called at once when the process is told to end


@dataclass(slots=True)
class House:
    """The coach with everything around it. Platforms are added before it starts."""

    database: Database
    coach: Coach
    courier: Courier
    clock: Clock
    posts: dict[str, Post]
    ailing: Ailing
    now: Callable[[], datetime]
    demo: bool = False
    platforms: list[Platform] = field(default_factory=list)
    model: "Connected | None" = None

    def add(self, platform: Platform) -> None:
        """Let the coach speak and be heard on one more platform."""
        self.posts[platform.name] = platform.post
        self.platforms.append(platform)
        self.clock.ticks = (*self.clock.ticks, *platform.ticks)

    async def start(self) -> None:
        """Platforms first, then the clock, so that a letter that is due has a way out."""
        for platform in self.platforms:
            await platform.start()
        self.courier.alone = await self.database.alone()
        await self.courier.start()
        self.clock.start()

    async def stop(self) -> None:
        """The clock first, then what is on its way, then the platforms, then the database."""
        stopped = asyncio.ensure_future(self.clock.stop())
        while not stopped.done():  # an engine's tick lasts until it is told; one that just begins, too
            await self.courier.landed()
            await asyncio.wait([stopped], timeout=_A_MOMENT)
        await self.courier.landed()  # what a last tick has set on its way
        if self.model is not None:
            await self.model.stop()
        for platform in self.platforms:
            await platform.stop()
        await self.database.close()

    async def ready(self) -> str:
        """What is wrong with the database, with the remedy; nothing where it can be used."""
        return await ready(self.database, self.ailing)

    async def standing(self) -> figures.Queue:
        """What is due by now. Raises StorageError."""
        return await self.database.transact(lambda c: figures.queue(c, self.now()))

    async def metrics(self) -> str:
        """How deliveries stand, for Prometheus."""
        standing = None
        with suppress(StorageError):
            standing = await self.standing()
        return exposition(standing, self.courier.tally, well=not self.ailing.lately())

    def leave(self) -> None:
        """Send everybody home who waits for news, or for a model."""
        if self.model is not None:
            self.model.wishes.end()
        for platform in self.platforms:
            platform.leave()
