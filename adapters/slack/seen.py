"""Answers each of Slack's events once, also when the process that began to was killed over it.

An event is claimed before the work, in one write. Slack repeats an event that was not acknowledged; whoever
gets the repeat finds the claim. While it is fresh somebody may be at work: Slack is asked to come back. Later
its owner is gone, and Slack itself is asked whether the answer is there: only if it surely is not, the work
is done again. No reply can come after that, because nobody begins to speak so late after his claim.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from adapters.slack.incoming import Inbound
from adapters.slack.looking import Sight
from adapters.slack.once import DONE, Answer

LEASE = timedelta(seconds=40)
SPEAKS = 15.0  # seconds after its claim within which a reply may begin: it ends well before the lease does
LATER = Answer(503)
_LOG = logging.getLogger(__name__)


class Claim(Enum):
    """How an event is found."""

    NEW = "new"  # never seen: it is ours now
    LEFT = "left"  # somebody claimed it and is gone; it is ours now, and may have been answered
    BUSY = "busy"  # somebody is at work
    DONE = "done"  # answered


class Seen(Protocol):
    """Which events were seen, in a place that all processes share. Keys only, never a text."""

    async def claim(self, key: str, at: datetime, lease: timedelta) -> Claim:
        """Claim an event, unless it is done or a claim on it is younger than the lease."""
        ...

    async def done(self, key: str) -> None:
        """It was answered."""
        ...

    async def drop(self, key: str) -> None:
        """It was surely not answered: the next repeat may be."""
        ...


@dataclass(slots=True)
class Events:
    """The order of things. `look` tells whether the answer to a message is there."""

    seen: Seen
    look: Callable[[Inbound], Awaitable[Sight]]
    clock: Callable[[], float]
    _noting: set[asyncio.Task[None]] = field(default_factory=set)

    async def answer(self, inbound: Inbound, work: Callable[[Inbound], Awaitable[Answer]]) -> Answer:
        """The answer of `work`, if this event still wants one. Any other status than 200 brings it back."""
        key, began = inbound.message.id, self.clock()
        try:
            claim = await self.seen.claim(key, inbound.message.at, LEASE)
        except Exception as error:  # noqa: BLE001 - whatever the database raises
            _LOG.warning("an event could not be noted: %s", type(error).__name__)
            return await work(inbound)  # our own memory still knows its repeats
        if claim is Claim.BUSY:
            return LATER
        if claim is Claim.LEFT:
            claim = await self._found(inbound)
        if claim is not Claim.NEW:
            return self._note(self.seen.done(key), DONE) if claim is Claim.DONE else LATER
        answer = await work(replace(inbound, until=began + SPEAKS))
        if answer.status == DONE.status:
            return self._note(self.seen.done(key), answer)
        if answer.again:
            await _quietly(self.seen.drop(key))
        return answer

    async def drain(self, seconds: float) -> None:
        """Wait for what is still being noted."""
        if self._noting:
            await asyncio.wait(self._noting, timeout=seconds)

    async def _found(self, inbound: Inbound) -> Claim:
        """Somebody was killed over this one. Where we may not look it stays: none is better than two."""
        match await self.look(inbound):
            case Sight.NOT_THERE:
                return Claim.NEW
            case Sight.DARK:
                return Claim.BUSY
            case _:
                return Claim.DONE

    def _note(self, noting: Coroutine[None, None, None], answer: Answer) -> Answer:
        """Slack need not wait for this: if it is lost, a repeat finds the answer by looking."""
        task = asyncio.get_running_loop().create_task(_quietly(noting))
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)
        return answer


async def _quietly(noting: Coroutine[None, None, None]) -> None:
    try:
        await noting
    except Exception as error:  # noqa: BLE001 - whatever the database raises
        _LOG.warning("an event could not be noted: %s", type(error).__name__)
