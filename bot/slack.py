"""Slack and what it is told: the events it has seen, kept by storage."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.slack.seen import Claim
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

    async def drop(self, key: str) -> None:
        """It was surely not answered."""
        await self.stored.drop(key)
