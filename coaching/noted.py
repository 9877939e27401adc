"""What people have us keep in words, after they saw it and said yes: a customer's remark, a promise."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from coaching.people import Place, Slot
from coaching.sealed import Words


class Fate(Enum):
    """What became of something customers kept saying."""

    TOLD = "told"  # product, or whoever looks after it, knows
    FIXED = "fixed"
    WONT = "wont"  # it stays as it is, and why


@dataclass(frozen=True, slots=True)
class Remark:
    """What a customer said, as a team keeps it: who noted it is not known."""

    key: str
    words: Words
    on: date
    customer: str = ""  # a keyed hash of a reference, where one was given
    fate: Fate | None = None
    because: Words | None = None
    fate_on: date | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """What a person promised a customer, kept for them alone; `schedules` say it."""

    id: int
    words: Words
    slot: Slot
    schedules: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RemarkKept:
    """A customer's remark for a team, redacted and shown before: it belongs to the channel."""

    key: str
    words: Words
    to: Place
    reference: Words | None = None  # a ticket or customer number; only a keyed hash of it is kept


@dataclass(frozen=True, slots=True)
class RemarkDropped:
    """It was taken back."""

    key: str
    to: Place


@dataclass(frozen=True, slots=True)
class RemarksFated:
    """What became of these, set by somebody in the channel."""

    keys: tuple[str, ...]
    to: Place
    fate: Fate
    because: Words | None = None


@dataclass(frozen=True, slots=True)
class PromiseKept:
    """Something promised, and when to say it: the person saw the line and said yes."""

    words: Words
    slot: Slot
    eve: Slot | None
    to: Place


@dataclass(frozen=True, slots=True)
class PromiseMoved:
    """It is said again then, and not the evening before."""

    id: int
    slot: Slot


@dataclass(frozen=True, slots=True)
class PromiseEnded:
    """It is done, or not wanted."""

    id: int
