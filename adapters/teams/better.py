"""Puts the card that a model had a look at in the place of the one that was shown at once, in a chat."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from adapters.teams.faults import ConnectorError
from coaching.playbook.wording import Wording
from coaching.review.written.card import BETTER, STOP
from coaching.values import Choice, Reply

_LOG = logging.getLogger(__name__)

Replies = tuple[Reply, ...]
Put = Callable[[Replies], Awaitable[None]]


async def _none(key: str) -> Reply | None:
    del key
    return None


@dataclass(slots=True)
class Better:
    """What is waited for, in memory. Where Teams refuses, the card stays as it is."""

    ask: Callable[[str], Awaitable[Reply | None]] = _none
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def expect(self, shown: Replies, put: Put) -> None:
        """Wait for better words, if any were wished for, and put them where these were shown."""
        key = next((reply.later for reply in shown if reply.later), "")
        if not key:
            return
        task = asyncio.get_running_loop().create_task(self._put(key, shown, put))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Wait no more."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _put(self, key: str, shown: Replies, put: Put) -> None:
        card = await self.ask(key)
        if card is None:
            return
        try:
            await put(tuple(card if reply.later == key else reply for reply in shown))
        except ConnectorError as error:
            _LOG.warning("a message in Teams could not be changed: %s", type(error).__name__)


def to_come_for(replies: Replies, wording: Wording) -> Replies:
    """Nobody but its reader can change an open dialog: a button there gets the better words."""
    return tuple(
        replace(reply, choices=tuple(_come(choice, wording) for choice in reply.choices)) for reply in replies
    )


def _come(choice: Choice, wording: Wording) -> Choice:
    if choice.action != STOP:
        return choice
    return Choice(wording.label("teams.better"), BETTER, choice.value, "primary")
