"""Asks who was silent for a year, once, whether the coach should stay; by day, and not while they rest."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.clock import Tick
from coaching.people import Person, Place
from coaching.ports import Later, Post, Posted, Trouble
from coaching.values import Letter
from storage import leaving
from storage.db import Database
from storage.leaving import Silent

Ask: TypeAlias = Callable[[Person, Place, datetime], Awaitable[Letter | None]]  # Coach.ask_to_stay

_AN_HOUR = 200  # how many are asked in one; the rest later


@dataclass(slots=True, eq=False)
class Asking:
    """Noted before it is sent, so that nobody is asked twice, whatever becomes of the process."""

    database: Database
    ask: Ask
    posts: Mapping[str, Post]
    trouble: Trouble
    now: Callable[[], datetime]

    def tick(self) -> Tick:
        """What the clock has to wake."""
        return Tick("ask", timedelta(hours=1), self.run)

    async def run(self) -> None:
        """Ask those who may be asked at this hour."""
        asked = 0
        platforms = tuple(self.posts)
        for one in await self.database.transact(lambda c: leaving.silent(c, self.now(), platforms)):
            letter = await self.ask(one.who, one.to, self.now())
            if letter is not None:
                await self._send(one, letter)
                asked += 1
            if asked == _AN_HOUR:
                return

    async def _send(self, one: Silent, letter: Letter) -> None:
        if not await self.database.transact(lambda c: leaving.ask(c, one.who, self.now())):
            return
        try:
            outcome = await self.posts[one.to.platform].post(letter)
        except Exception as error:  # noqa: BLE001 - nobody knows whether it arrived: not asked again
            self.trouble("asking", error)
            return
        if outcome is Posted.LATER or isinstance(outcome, Later):
            await self.database.transact(lambda c: leaving.not_asked(c, one.who))
        elif outcome in (Posted.GONE, Posted.NOT_IN_CHANNEL):
            await self.database.transact(lambda c: leaving.left(c, one.who, self.now()))
