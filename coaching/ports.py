"""What the coach needs from outside, as Protocols that storage/ and adapters/ fill in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Generic, Literal, Protocol, TypeAlias, TypeVar, runtime_checkable

from coaching.kept import Earlier, Past, Promise, Remark, Row
from coaching.learned import Grade, Learned, Week
from coaching.people import Person, Place
from coaching.playbook.reader import Playbook
from coaching.turn import Fact, Known, Turn
from coaching.values import Letter, Message

Skill: TypeAlias = Callable[[Message, Known, Playbook], Turn]  # pure: values in, values out


class Memory(Protocol):
    """What is remembered about people. It never sees a word they wrote."""

    async def recall(self, who: Person, where: Place) -> Known:
        """What is known about this person, and what their workspace has set up.

        `playbooks`, `rows`, `code`, `weeks`, `lately`, `earlier`, `rounds` and `seed` stay at their defaults.
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

    async def earlier(self, who: Person, at: datetime) -> Earlier:
        """Fingerprints of what they had reviewed in the last 30 days, and the key those are made with."""
        ...

    async def lately(self, who: Person, where: Place) -> tuple[Past, ...]:
        """What came lately of the reminders that `recall` tells of, newest first."""
        ...

    async def weeks(self, who: Person) -> tuple[Week, ...]:
        """How often each rule was found missing and there, week by week, oldest first: theirs alone."""
        ...

    async def remarks(self, who: Person, where: Place) -> tuple[Remark, ...]:
        """What customers said, as it is kept for this channel, oldest first. `who` only asks."""
        ...

    async def promises(self, who: Person) -> tuple[Promise, ...]:
        """What this person promised, oldest first."""
        ...


class Spacing(Protocol):
    """When something that was learnt has likely faded. The same is always said of the same."""

    def after(self, before: Learned, grade: Grade, on: date) -> Learned:
        """What is kept of a rule once this was found on that day: due, stability, difficulty."""
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


# --------------------------------------------------------------------------- a model's help, if there is one


class Why(Enum):
    """Why a model was of no help."""

    NONE = "none"  # it was
    DISABLED = "disabled"
    BREAKER_OPEN = "breaker_open"  # it failed several times in a row, and is left alone for a while
    REFUSED = "refused"  # our key or its name is not accepted: left alone until the settings change
    BUSY = "busy"  # too many ask at once
    OFTEN = "often"  # this person asked often within the hour
    DEADLINE = "deadline"
    RATE_LIMITED = "rate_limited"
    TRANSPORT = "transport"
    SCHEMA = "schema"  # what came back is not what was asked for
    REFUSAL = "refusal"  # it declined
    LENGTH = "length"  # it did not come to an end
    STOPPED = "stopped"  # the person stopped it
    LOST = "lost"  # something of the draft was missing
    SHAPE = "shape"  # nothing that could be sent
    NOT_BETTER = "not_better"  # by our own review


T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T_co]):
    """What came of asking a model: a value, or why there is none. Never an exception."""

    value: T_co | None
    why: Why = Why.NONE
    ms: int = 0
    read: int = 0  # tokens it was given
    wrote: int = 0  # and gave


@dataclass(frozen=True, slots=True)
class Case:
    """What a model is shown: cleaned, and with marks for what is private where it leaves the machine."""

    draft: str = field(repr=False)
    customer: str = field(repr=False)
    change: str = ""  # the one thing to change, in our words


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence a model wrote, what it does, and the words it claims to rest on."""

    kind: Literal["acknowledge", "keep", "question", "close"]
    text: str = field(repr=False)
    source: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Answered:
    """How likely the answer to a question is yes, and the words of the reply it rests on."""

    yes: float
    quote: str = field(repr=False, default="")


class Rewriter(Protocol):
    """Words a draft anew, sentence by sentence. Never raises, and never takes longer than its deadline."""

    async def rewrite(self, case: Case, who: Person) -> Outcome[tuple[Sentence, ...]]:
        """`who` asks: for the pace alone, it goes nowhere."""
        ...


class Judge(Protocol):
    """Answers questions about a draft. Never raises, and never takes longer than its deadline."""

    async def judge(
        self, case: Case, questions: Mapping[str, str], who: Person
    ) -> Outcome[Mapping[str, Answered]]:
        """Answers by the ids of the questions."""
        ...
