"""Puts the card that a model had a look at in the place of the one that was shown at once."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from adapters.slack.calls import Called
from coaching.values import Reply

_MOST_VIEWS = 1000
_RESPONSE = 0.5  # seconds until our response, which shows the first card, has surely been taken

Replies = tuple[Reply, ...]
Put = Callable[[Replies], Awaitable[Called]]


async def _none(key: str) -> Reply | None:
    del key
    return None


@dataclass(slots=True)
class Better:
    """What is waited for, in memory. Where Slack refuses, the card stays as it is."""

    ask: Callable[[str], Awaitable[Reply | None]] = _none
    _touched: OrderedDict[str, int] = field(default_factory=OrderedDict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def touch(self, view: str) -> None:
        """Something was done in this modal: what it showed before is not put back."""
        if view:
            self._touched[view] = self._touched.pop(view, 0) + 1
            while len(self._touched) > _MOST_VIEWS:
                self._touched.popitem(last=False)

    def expect(self, shown: Replies, put: Put, view: str = "") -> None:
        """Wait for better words, if any were wished for, and put them where these were shown."""
        key = next((reply.later for reply in shown if reply.later), "")
        if not key:
            return
        task = asyncio.get_running_loop().create_task(self._put(key, shown, put, view))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Wait no more."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _put(self, key: str, shown: Replies, put: Put, view: str) -> None:
        touched = self._touched.get(view)
        await asyncio.sleep(_RESPONSE)
        card = await self.ask(key)
        if card is not None and self._touched.get(view) == touched:
            await put(tuple(card if reply.later == key else reply for reply in shown))
