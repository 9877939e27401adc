"""Work in order: one lane per conversation, everything in a lane after what came before it."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

Work: TypeAlias = Callable[[], Awaitable[None]]  # never raises


@dataclass(frozen=True, slots=True)
class Room:
    """How much may wait."""

    in_lane: int = 50
    lanes: int = 2000
    size: int = 64 * 1024 * 1024  # bytes, over all lanes


class FullError(Exception):
    """No more fits; `lane` tells whether only this lane is full."""

    def __init__(self, lane: bool) -> None:
        super().__init__("lane" if lane else "all lanes")
        self.lane = lane


@dataclass(slots=True)
class Lanes:
    """Bounded queues, in memory. A lane lives as long as it has work."""

    room: Room = field(default_factory=Room)
    _lanes: dict[str, deque[tuple[Work, int]]] = field(default_factory=dict, repr=False)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set, repr=False)
    _size: int = 0

    def put(self, lane: str, work: Work, size: int) -> None:
        """Do it after everything that is in this lane. Raises FullError."""
        queue = self._lanes.get(lane)
        if queue is not None and len(queue) >= self.room.in_lane:
            raise FullError(lane=True)
        if self._size + size > self.room.size or (queue is None and len(self._lanes) >= self.room.lanes):
            raise FullError(lane=False)
        self._size += size
        if queue is not None:
            queue.append((work, size))
            return
        queue = self._lanes[lane] = deque([(work, size)])
        task = asyncio.create_task(self._run(lane, queue))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, lane: str, queue: deque[tuple[Work, int]]) -> None:
        """What is being done stays first in its queue until it is done, so that it counts."""
        while queue:
            work, size = queue[0]
            await work()
            queue.popleft()
            self._size -= size
        del self._lanes[lane]

    @property
    def waiting(self) -> int:
        """How many are in the lanes, those being done included."""
        return sum(map(len, self._lanes.values()))

    async def drain(self, seconds: float) -> int:
        """Finish what is here, up to so many seconds; then give up, and say how many were left."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        left = self.waiting
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return left
