"""Slack and what it is told: the events it has seen, kept by storage."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.slack.seen import Claim
from bot.clock import Tick
from storage.seen import StoredEvents


@dataclass(frozen=True, slots=True)
class KeptEvents:
    """The adapter's Seen, in the database: the same values under storage's names."""

    stored: StoredEvents

    async def claim(self, key: str, at: datetime, lease: timedelta) -> Claim:
        """Claim an event."""
        return Claim[(await self.stored.claim(key, at, lease)).name]

    async def done(self, key: str) -> None:
        """It was answered."""
        await self.stored.done(key)

    def tick(self, now: Callable[[], datetime]) -> Tick:
        """Once an hour, what Slack does not repeat any more is let go."""
        return Tick("slack.sweep", timedelta(hours=1), lambda: self.stored.sweep(now()))

    async def drop(self, key: str) -> None:
        """It was surely not answered."""
        await self.stored.drop(key)
