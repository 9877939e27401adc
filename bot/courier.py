"""The courier: claims what fell due, asks the coach for the words, sends, and notes what became of it."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias, runtime_checkable

from bot.clock import Tick
from coaching.people import Place
from coaching.ports import Later, Post, Posted, Trouble
from coaching.values import Due, Letter
from storage import conversations, falling_due, ledger
from storage.db import Database
from storage.ledger import Claim
from storage.letter_key import letter_key_of

Remind: TypeAlias = Callable[[Due, datetime], Awaitable[Letter | None]]  # Coach.remind

_LEASE = timedelta(seconds=60)  # posts must give up well before it is over


@runtime_checkable
class Paced(Protocol):
    """A Post that keeps to a pace: a letter's turn is taken before its words are asked for."""

    async def turn(self, to: Place) -> float:
        """Take a turn for a letter: 0, or the seconds after which there will be one."""
        ...


@dataclass(slots=True, eq=False)
class Courier:
    """Delivers letters for the platforms it has a Post for. Several couriers may share a database."""

    database: Database
    remind: Remind
    posts: Mapping[str, Post]
    trouble: Trouble
    now: Callable[[], datetime]
    drawn: bytes  # makes the marker on a letter opaque, unless the database keeps such a key already
    width: int = 20  # letters on their way at a time
    lease: timedelta = _LEASE
    monotonic: Callable[[], float] = time.monotonic
    _key: bytes = b""
    _flying: set[asyncio.Task[None]] = field(default_factory=set)

    def ticks(self) -> tuple[Tick, ...]:
        """What the clock has to wake."""
        return (
            Tick("deliver", timedelta(seconds=1), self.deliver),
            Tick("reap", self.lease / 4, self.reap),
            Tick("tidy", timedelta(days=1), self.tidy),
        )

    async def deliver(self) -> None:
        """Note what fell due and set all of it on its way, `width` letters at a time."""
        while await self.database.transact(lambda c: falling_due.materialise(c, self.now())):
            pass
        while claims := await self._claim():
            started = self.monotonic()
            for claim in claims:
                task = asyncio.get_running_loop().create_task(self._carry(claim, started))
                self._flying.add(task)
                task.add_done_callback(self._flying.discard)
            if len(self._flying) >= self.width:
                await asyncio.wait(self._flying, return_when=asyncio.FIRST_COMPLETED)

    async def landed(self, patience: float = 30.0) -> None:
        """Wait until nothing is on its way any more: before the process ends."""
        if self._flying:
            await asyncio.wait(self._flying, timeout=patience)

    async def reap(self) -> None:
        """Note as unknown what a sender that is gone left behind."""
        await self.database.transact(lambda c: ledger.reap(c, self.now()))

    async def tidy(self) -> None:
        """Drop old history and who left long ago, and empty the log that may still hold it."""
        await self.database.transact(lambda c: ledger.tidy(c, self.now()))
        await self.database.transact(lambda c: conversations.tidy(c, self.now()))
        await self.database.scrub()

    async def _claim(self) -> list[Claim]:
        free = self.width - len(self._flying)
        if free <= 0:
            return []
        return await self.database.transact(
            lambda c: ledger.claim(c, self.now(), free, self.lease, tuple(self.posts))
        )

    async def _carry(self, claim: Claim, started: float) -> None:
        try:
            outcome = await self._send(claim, started)
            await self.database.transact(lambda c: ledger.settle(c, claim, outcome, self.now()))
        except Exception as error:  # noqa: BLE001 - it stays claimed; the reaper notes it as unknown
            self.trouble("courier.settle", error)

    async def _send(self, claim: Claim, started: float) -> Posted | Later | None:
        """What became of it; None if it was not wanted. What fails before the post was certainly not sent."""
        try:
            if wait := await self._wait(claim):
                return Later(wait)
            letter = await self._letter(claim)
        except Exception as error:  # noqa: BLE001 - told, and tried again later
            self.trouble("courier.letter", error)
            return Posted.LATER
        if letter is None:
            return None
        if self.monotonic() - started > self.lease.total_seconds() / 2:
            return Posted.LATER  # we slept too long: somebody else may have given us up
        try:
            async with asyncio.timeout(self.lease.total_seconds() / 4):
                return await self.posts[letter.to.platform].post(letter)
        except Exception as error:  # noqa: BLE001 - it may have arrived
            self.trouble("courier.post", error)
            return Posted.UNKNOWN

    async def _wait(self, claim: Claim) -> float:
        to = claim.due.schedule.to
        post = self.posts[to.platform]
        return await post.turn(to) if isinstance(post, Paced) else 0.0

    async def _letter(self, claim: Claim) -> Letter | None:
        """The words, if the letter is still wanted before and after the coach was asked for them."""
        if not await self._standing(claim):
            return None
        letter = await self.remind(claim.due, self.now())
        mark = marker(await self._kept(), claim.due)
        if letter is None or not await self._standing(claim):
            return None
        return replace(letter, marker=mark)

    async def _kept(self) -> bytes:
        """The key of the markers: the same after a new start and in every process."""
        self._key = self._key or await self.database.transact(lambda c: letter_key_of(c, self.drawn))
        return self._key

    async def _standing(self, claim: Claim) -> bool:
        return await self.database.transact(lambda c: ledger.standing(c, claim))


def marker(secret: bytes, due: Due) -> str:
    """An opaque id of a delivery, the same each time: to find a letter again on its platform."""
    told = f"{due.delivery}:{due.schedule.id}:{due.occurrence}".encode()
    return hmac.new(secret, told, hashlib.sha256).hexdigest()[:32]
