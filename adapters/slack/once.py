"""Handles every request once: a repeat waits for the one in flight, or does nothing after it."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What Slack gets back: a status and, perhaps, a JSON body."""

    status: int = 200
    body: Json | None = field(default=None, repr=False)
    again: bool = False  # the same request may come once more and must be heard: a form with faults


DONE = Answer()


@dataclass(slots=True)
class Once:
    """Remembers keys, never bodies; bounded, in memory."""

    bound: int = 50_000
    _seen: OrderedDict[str, asyncio.Task[Answer] | None] = field(default_factory=OrderedDict)

    async def run(self, key: str, work: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        """The answer of `work`, or of the same request under way. Work goes on if the asker leaves."""
        if key in self._seen:
            task = self._seen[key]
            return DONE if task is None else await asyncio.shield(task)
        task = asyncio.ensure_future(work())
        self._seen[key] = task
        task.add_done_callback(lambda done: self._settle(key, done))
        while len(self._seen) > self.bound:
            self._seen.popitem(last=False)
        return await asyncio.shield(task)

    def _settle(self, key: str, task: asyncio.Task[Answer]) -> None:
        """A finished request stays known; one that failed, or may be sent again, is forgotten."""
        failed = task.cancelled() or task.exception() is not None
        if failed or task.result().status != 200 or task.result().again:
            self._seen.pop(key, None)
        elif key in self._seen:
            self._seen[key] = None

    async def drain(self, seconds: float) -> None:
        """Wait for what is under way, up to so many seconds."""
        tasks = [task for task in self._seen.values() if task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
