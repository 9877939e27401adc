"""The playground's Post: keeps letters in memory until an open page has shown them."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from adapters.web.places import pane
from coaching.ports import Posted
from coaching.values import Letter, Reply

_BOUND = 100  # letters; the oldest make room
_A_MOMENT = 0.1  # seconds for cards that end with the process


@dataclass(frozen=True, slots=True)
class Better:
    """A card that takes the place of the one with this key."""

    key: str
    card: Reply


@dataclass(slots=True)
class Inbox:
    """Letters in order of arrival, each with a number. A page that asks for more says what it has seen."""

    bound: int = _BOUND
    _last: int = 0
    _letters: deque[tuple[int, "Letter | Better"]] = field(default_factory=deque)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _closed: bool = False

    async def post(self, letter: Letter) -> Posted:
        """Keep the letter for the page. A place the playground does not have is gone."""
        if pane(letter.to) is None:
            return Posted.GONE
        self._put(letter)
        return Posted.SENT

    def replace(self, better: "Better") -> None:
        """Let the page put another card in the place of one it shows."""
        self._put(better)

    def _put(self, news: "Letter | Better") -> None:
        self._last += 1
        self._letters.append((self._last, news))
        while len(self._letters) > self.bound:
            self._letters.popleft()
        self._wake()

    async def after(self, seen: int, wait: float) -> tuple[tuple[int, "Letter | Better"], ...]:
        """The letters the page has not seen yet; waits up to `wait` seconds for the first one."""
        while self._letters and self._letters[0][0] <= seen:
            self._letters.popleft()
        if not self._letters and not self._closed:
            news = self._news
            try:
                async with asyncio.timeout(wait):
                    await news.wait()
            except TimeoutError:
                return ()
        return tuple(self._letters)

    def close(self) -> None:
        """Send every waiting page home with what just ends, so that the server can stop."""
        self._closed = True
        asyncio.get_running_loop().call_later(_A_MOMENT, self._wake)

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
