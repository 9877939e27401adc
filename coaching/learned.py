"""What is kept of rules for a person or a channel, and the facts that change it: verdicts, dates, counts."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from coaching.people import Place


class Grade(Enum):
    """What is noted of a rule: found missing or there, or what the person said of a tip."""

    MISSED = "missed"
    MET = "met"
    AGAIN = "again"  # "show me again"
    GOT_IT = "got_it"


class Standing(Enum):
    """Whether a person wants a rule's tips: in turn, before all others, or not at all."""

    PLAIN = "plain"
    PINNED = "pinned"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Learned:
    """What is kept of one rule for one person: verdicts, dates and counts, for them alone."""

    rule: str
    standing: Standing = Standing.PLAIN
    last: Grade | None = None  # None: nothing was found yet
    on: date | None = None  # when that was
    due: date | None = None  # when it is likely to have faded
    stability: float = 0.0  # days; how slowly it fades
    difficulty: float = 0.0
    tips: int = 0  # shown since then


@dataclass(frozen=True, slots=True)
class Week:
    """How often a rule was found missing, and there, in the week of a Monday."""

    rule: str
    monday: date
    missed: int = 0
    met: int = 0


@dataclass(frozen=True, slots=True)
class Aired:
    """A question a channel was asked: which, when, and by which reminder (0: by hand). Of nobody."""

    channel: str
    tip: str
    on: date
    reminder: int = 0


# --------------------------------------------------------------------------- facts


@dataclass(frozen=True, slots=True)
class Graded:
    """Something was found of a rule, or said of its tip."""

    rule: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class RuleStands:
    """The person pinned or muted a rule, or neither any more. One rule is pinned at most."""

    rule: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Unlearned:
    """All that was noted of rules is erased."""


@dataclass(frozen=True, slots=True)
class ChannelTold:
    """A channel is asked this question on this local date; by hand, or by a reminder."""

    to: Place
    tip: str
    on: date
    reminder: int = 0


@dataclass(frozen=True, slots=True)
class ThemeSet:
    """A team's reminder has this theme: a rule, or "" for another one each week."""

    id: int
    rule: str
