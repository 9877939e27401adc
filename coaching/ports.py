"""What the coach needs from outside, as Protocols that storage/ and adapters/ fill in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol, TypeAlias, runtime_checkable

from coaching.people import Person, Place
from coaching.playbook.reader import Playbook
from coaching.turn import Fact, Known, Past, Row, Turn
from coaching.values import Letter, Message

Skill: TypeAlias = Callable[[Message, Known, Playbook], Turn]  # pure: values in, values out


class Memory(Protocol):
    """What is remembered about people. It never sees a word they wrote."""

    async def recall(self, who: Person, where: Place) -> Known:
        """What is known about this person, and what their workspace has set up.

        `playbooks`, `rows`, `code`, `lately`, `rounds` and `seed` stay at their defaults.
        """
        ...

    async def keep(
        self, who: Person, where: Place, facts: tuple[Fact, ...], at: datetime, *, known: bool = False
    ) -> None:
        """Remember all of these facts, or none.

        `known`: something was kept of this person when the turn began. If nothing is by now, they were erased
        meanwhile, and this does not bring them back.
        """
        ...

    async def rows(self, who: Person) -> tuple[Row, ...]:
        """Every stored value about this person, in plain words."""
        ...

    async def code(self, who: Person, at: datetime) -> str:
        """A code with which this person may have their data shown on the machine itself, once and soon."""
        ...

    async def lately(self, who: Person, where: Place) -> tuple[Past, ...]:
        """What came lately of the reminders that `recall` tells of, newest first."""
        ...


class Posted(Enum):
    """What became of a letter."""

    SENT = "sent"
    NOT_IN_CHANNEL = "not_in_channel"  # the coach must be invited first
    GONE = "gone"  # the person or channel is not there any more, or does not want us
    LATER = "later"  # definitely not sent; may be tried again
    UNKNOWN = "unknown"  # it may have arrived: do not send again blindly


@dataclass(frozen=True, slots=True)
class Later:
    """Definitely not sent; the platform's pace has a place for it in so many seconds."""

    seconds: float


class Post(Protocol):
    """Sends what the coach says unasked."""

    async def post(self, letter: Letter) -> Posted | Later:
        """Send once. Never raises for what the platform answers."""
        ...


class Found(Enum):
    """What a look for a letter showed."""

    THERE = "there"
    NOT_THERE = "not_there"  # surely: it may be sent again
    CANNOT_TELL = "cannot_tell"  # and never will: we may not look there
    NOT_NOW = "not_now"  # it may be asked again


@runtime_checkable
class Looks(Protocol):
    """A Post that can look whether a letter of ours has arrived."""

    async def find(self, to: Place, marker: str, since: datetime) -> Found:
        """Look for the letter with this marker in what came after `since`. It is not kept or read further."""
        ...


class Trouble(Protocol):
    """Hears that something failed on our side: the kind of failure and where, never any text."""

    def __call__(self, where: str, error: BaseException) -> None:
        """`where` is a name of ours, such as "hear"; only the error's type may be recorded."""
        ...
