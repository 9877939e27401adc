"""Puts the card that a model had a look at in the place of the one that was shown at once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from coaching.values import Reply

Replies = tuple[Reply, ...]
Put = Callable[[Replies], Awaitable[object]]
_A_MOMENT = 0.5  # seconds for cards that end with the process


async def _none(key: str) -> Reply | None:
    del key
    return None


def _always() -> bool:
    return True


@dataclass(slots=True)
class Better:
    """What is waited for, in memory. Where the platform refuses, the card stays as it is."""

    ask: Callable[[str], Awaitable[Reply | None]] = _none
    pause: float = 0.0  # seconds until what was shown first has surely been taken
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def expect(self, shown: Replies, put: Put, still: Callable[[], bool] = _always) -> None:
        """Wait for better words, if any were wished for, and put them where these are shown still."""
        key = next((reply.later for reply in shown if reply.later), "")
        if not key:
            return
        task = asyncio.get_running_loop().create_task(self._put(key, shown, put, still))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Put what just ends where it belongs; then wait no more."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_A_MOMENT)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _put(self, key: str, shown: Replies, put: Put, still: Callable[[], bool]) -> None:
        await asyncio.sleep(self.pause)
        card = await self.ask(key)
        if card is not None and still():
            await put(tuple(card if reply.later == key else reply for reply in shown))
