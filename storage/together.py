"""Joins what many ask for at the same moment into one transaction: a hundred answers, one sync to disk."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sqlalchemy import Connection

from storage.db import Database

A = TypeVar("A")
R = TypeVar("R")

_MOST = 200  # in one transaction


@dataclass(slots=True, eq=False)
class Together(Generic[A, R]):
    """Asks `work` about everything that came while it was busy before; one answer each, in order.

    What fails for one fails for all who asked with it, as it does where they share a statement.
    """

    database: Database
    work: Callable[[Connection, Sequence[A]], Sequence[R]]
    moment: float = 0.0  # seconds to wait for company, where many come but not quite at once
    _waiting: deque[tuple[A, asyncio.Future[R]]] = field(default_factory=deque)
    _asking: asyncio.Task[None] | None = None

    def ask(self, one: A) -> asyncio.Future[R]:
        """The answer for this one, when it is there; a StorageError where there is none."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[R] = loop.create_future()
        self._waiting.append((one, answer))
        if self._asking is None:
            self._asking = loop.create_task(self._ask())
        return answer

    async def idle(self) -> None:
        """Until everybody has an answer."""
        if self._asking is not None:
            await asyncio.wait([self._asking])

    async def _ask(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(self.moment)
                several = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
                await self._answer(several)
        finally:
            self._asking = None

    async def _answer(self, several: Sequence[tuple[A, asyncio.Future[R]]]) -> None:
        these = [one for one, _ in several]
        try:
            found = await self.database.transact(lambda c: self.work(c, these))
        except Exception as error:  # noqa: BLE001 - it belongs to those who wait
            for _, answer in several:
                if not answer.done():
                    answer.set_exception(error)
            return
        for (_, answer), said in zip(several, found, strict=True):
            if not answer.done():
                answer.set_result(said)
