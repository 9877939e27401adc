"""What people and the coach say to each other: frozen values, the same on every platform."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Literal, Self, TypeAlias

from coaching.people import Person, Place, Schedule, Zone
from coaching.picture import Picture
from coaching.sealed import Sealed, Words

# A text is a run of the coach's own sentences (str) and what a person wrote (Words, masked).
Text: TypeAlias = tuple[str | Words, ...]


class Moment(str):
    """An instant, in words on the wall clock of a zone. A platform that can shows it on the reader's own."""

    __slots__ = ("at",)
    at: datetime

    def __new__(cls, words: str, at: datetime) -> Self:
        """These words, and the instant they stand for."""
        made = super().__new__(cls, words)
        made.at = at
        return made


# --------------------------------------------------------------------------- in

Picked: TypeAlias = tuple[str, ...]  # ids of options, a time "HH:MM", a date, a zone name, a channel id
FieldValue: TypeAlias = Words | Sealed | Picked


@dataclass(frozen=True, slots=True)
class Said:
    """Free text, typed to the coach."""

    words: Words


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command: its sub-word ("review"; "" when there is none) and what follows it."""

    name: str
    rest: Words


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button: the action and value its Choice carried. `state` is that of the form it stood in, if any."""

    action: str
    value: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form was sent. `fields` holds only fields the form had; absent or empty ones may be missing."""

    form: str
    fields: Mapping[str, FieldValue]
    state: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A surface was opened.

    "home"; "install": just installed; "chat": a fresh one; "tab": one with history, for first contact only.
    """

    surface: Literal["home", "chat", "tab", "install"]


@dataclass(frozen=True, slots=True)
class Handed:
    """A message was handed over: for a review, or as a customer's `remark`. `own`: they wrote it."""

    words: Words
    own: bool
    remark: bool = False


Content: TypeAlias = Said | Command | Tapped | Submitted | Opened | Handed


@dataclass(frozen=True, slots=True)
class Message:
    """One thing a person did. The same payload always gives the same `id`; `at` is aware, in UTC."""

    id: str
    who: Person
    where: Place
    at: datetime
    content: Content
    zone_hint: Zone | None = None  # what the platform knows of the person's zone
    posted: bool = True  # what was typed stands in a chat; False: behind a command, where nobody reads it
    handed_only: bool = False  # the coach is given no chat messages here: people type behind a command

    @property
    def voice(self) -> str:
        """The ending of a wording's key where what can be typed, or is kept, decides what is said."""
        return f"{self.where.platform}_sealed" if self.handed_only else self.where.platform


# --------------------------------------------------------------------------- out


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. `action` is "skill.verb"; `value` an id of ours. Both come back as Tapped."""

    label: str
    action: str
    value: str = ""
    style: Literal["plain", "primary", "danger"] = "plain"


@dataclass(frozen=True, slots=True)
class Heading:
    """A short line that names what follows."""

    text: Text


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph."""

    text: Text


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the draft or the customer, shown as a quotation. `meant`: the pieces that are marked in it."""

    text: Text
    meant: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Draft:
    """A repaired reply, shown so that it can be copied whole.

    `open`: it has [slots] that only the person can fill, so it cannot be sent as it stands.
    """

    text: Text
    open: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """A short list."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: calm, secondary."""

    text: Text


@dataclass(frozen=True, slots=True)
class Item:
    """A line with its own buttons, such as one reminder with "Pause" and "Delete"."""

    text: Text
    choices: tuple[Choice, ...] = ()


Block: TypeAlias = Heading | Para | Quote | Draft | Points | Note | Item | Picture


@dataclass(frozen=True, slots=True)
class Own:
    """What one person is offered besides, in a reply others see: only where they alone can be shown it."""

    user: str  # Person.user
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. Private is the default; public must be said."""

    blocks: tuple[Block, ...]
    choices: tuple[Choice, ...] = ()
    only_you: bool = True
    own: Own | None = None  # nobody else may ever see it; a platform that cannot do that leaves it out
    later: str = ""  # a wish under way: another reply may come in the place of this one (Coach.better)


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to pick in a field."""

    id: str
    label: str


class Kind(Enum):
    """What a field takes, and what comes back for it."""

    LINE = "line"  # one line of text: Words (Sealed if the field is sealed)
    TEXT = "text"  # several lines: the same
    ONE = "one"  # one of the options: Picked of one id
    MANY = "many"  # several of the options: Picked of ids
    TIME = "time"  # Picked of one "HH:MM"
    DATE = "date"  # Picked of one "YYYY-MM-DD"
    ZONE = "zone"  # Picked of one IANA zone name
    CHANNEL = "channel"  # Picked of one channel id, from the platform's own picker


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in. `picked` preselects; `text` prefills LINE and TEXT."""

    name: str
    label: str
    kind: Kind
    options: tuple[Option, ...] = ()
    picked: Picked = ()
    text: Words | None = None
    hint: str = ""
    optional: bool = False
    sealed: bool = False
    limit: int = 3000  # characters, LINE and TEXT
    problem: str = ""  # what to mend, shown at the field when the form is shown again


@dataclass(frozen=True, slots=True)
class Form:
    """A screen with something to fill in or to do: a Slack modal, a web dialog.

    Answering a form's Submitted or Tapped with a Form replaces it; with a Reply that is `only_you` shows it
    in its place; with nothing closes it. `state` comes back with it: 60 characters of ours, never a person's
    text. No `submit` label: nothing to send.
    """

    id: str  # "skill.screen"
    title: str  # at most 24 characters
    blocks: tuple[Block, ...] = ()
    fields: tuple[Field, ...] = ()
    choices: tuple[Choice, ...] = ()
    submit: str = ""  # at most 24 characters
    close: str = ""  # at most 24 characters; the platform's own word when empty
    state: str = ""


# --------------------------------------------------------------------------- when the coach speaks first


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that has fallen due: which schedule, on which local date."""

    delivery: int
    schedule: Schedule
    who: Person  # whose schedule it is (for a team: who set it)
    occurrence: date


@dataclass(frozen=True, slots=True)
class Letter:
    """What the coach says unasked: where to, which rule it is about, for which occurrence, and the words."""

    to: Place
    rule: str  # "A1" .. "B5"
    occurrence: date
    reply: Reply
    marker: str = field(default="", compare=False)  # opaque id of the delivery, for looking it up later
    leave_by: float = field(default=math.inf, compare=False)  # by a clock nobody sets: then, or not at all
