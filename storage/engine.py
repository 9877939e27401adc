"""The engine: says which letters to try next. It may forget one or name it twice: the ledger decides."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from sqlalchemy import Connection

from storage.falling_due import Fresh
from storage.ledger import Claim

_MOMENT = 0.05  # seconds


class Hands(Protocol):
    """Who carries the letters."""

    @property
    def width(self) -> int:
        """How many letters are on their way at a time."""
        ...

    @property
    def lease(self) -> timedelta:
        """How long a claimed letter is theirs."""
        ...

    async def take(self, most: int) -> Sequence[Claim]:
        """Claim what is due next, oldest first. Raises StorageError."""
        ...

    async def begin(self, delivery: int) -> Claim | None:
        """Claim this one; None if it is not to be sent now, or somebody else has it. Raises StorageError."""
        ...

    async def forgotten(self, since: timedelta, most: int) -> Sequence[Fresh]:
        """What has been due for so long and is not begun, oldest first. Raises StorageError."""
        ...

    async def carry(self, claim: Claim, started: float) -> None:
        """Send what was claimed and note what became of it. `started`: the monotonic clock before the claim.

        Never raises; a fault of ours is told.
        """
        ...

    def monotonic(self) -> float:
        """Seconds by a clock that nobody sets."""
        ...


class Engine(Protocol):
    """What brings letters that fell due to somebody's hands."""

    def enqueue(self, connection: Connection, fresh: Iterable[Fresh]) -> None:
        """Note letters and when to send them, in the transaction in which they fell due."""
        ...

    async def run(self, hands: Hands) -> None:
        """Bring what is due to these hands; come back when there is nothing more, or when stopped.

        It is called again within a second. Raises StorageError.
        """
        ...

    async def stop(self, patience: float) -> None:
        """Take nothing more; come back when nothing is on its way, or after so many seconds."""
        ...


@dataclass(slots=True, eq=False)
class Pump:
    """Looks into the ledger itself: what is noted there is its queue."""

    _flying: set[asyncio.Task[None]] = field(default_factory=set)
    _few: asyncio.Event = field(default_factory=asyncio.Event)
    _enough: int = 0  # no more on their way than this: then there is room for others
    _over: bool = False

    def enqueue(self, connection: Connection, fresh: Iterable[Fresh]) -> None:
        """Nothing more to note."""

    async def run(self, hands: Hands) -> None:
        """Set all that is due on its way, so many at a time."""
        self._over = False
        while not self._over:
            started = hands.monotonic()  # before the claim: the lease runs from then
            free = min(hands.width - len(self._flying), hands.width)
            if free <= 0 or not (claims := await hands.take(free)):
                return
            for claim in claims:
                task = asyncio.get_running_loop().create_task(hands.carry(claim, started))
                self._flying.add(task)
                task.add_done_callback(self._landed)
            await self._room(hands.width)

    async def stop(self, patience: float) -> None:
        """Let what is on its way arrive."""
        self._over = True
        if self._flying:
            await asyncio.wait(self._flying, timeout=patience)

    async def _room(self, width: int) -> None:
        """Half of the hands free, as twenty are claimed in the time of one; after a moment, any of them."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_MOMENT):
                await self._until(width // 2)
        await self._until(width - 1)

    async def _until(self, enough: int) -> None:
        self._enough = enough
        while len(self._flying) > enough:
            self._few.clear()
            await self._few.wait()

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        if len(self._flying) <= self._enough:
            self._few.set()
