"""What a skill is told (Known) and what it decides (Turn); a fact has no room for a person's words."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import TypeAlias

from coaching.kept import Earlier, Fate, Past, Preferences, Promise, Remark, Reviewed, Row
from coaching.learned import (
    Aired,
    ChannelTold,
    Graded,
    Learned,
    RuleStands,
    ThemeSet,
    Unlearned,
    Week,
)
from coaching.people import For, Person, Place, Schedule, Slot
from coaching.playbook.care import Helpline
from coaching.sealed import Words
from coaching.values import Form, Letter, Reply

# --------------------------------------------------------------------------- what memory tells


class TeamTips(Enum):
    """Who may set a tip for a channel. Anyone in it may stop one."""

    EVERYONE = "everyone"
    ADMINISTRATORS = "administrators"


@dataclass(frozen=True, slots=True)
class Setup:
    """What an administrator has set, the same for everyone in a workspace: settings, never people."""

    contacts: tuple[str, ...] = ()  # people to turn to, as the administrator words them
    country: str = ""  # ISO 3166 code for the helplines; "" is unknown
    demo: bool = False  # the local playground: neutral people to turn to are enough
    lines: tuple[Helpline, ...] = ()  # the workspace's own; one takes the place of ours with its number
    team_tips: TeamTips = TeamTips.EVERYONE
    model: bool = True  # whether a model may help where one is connected
    playbook: str | None = None  # a company playbook by name, "" ours, None the installation's first

    @property
    def vent_on(self) -> bool:
        """The vent space opens only where a person can be named; the demo names neutral ones."""
        return self.demo or bool(self.contacts)

    def over(self, installation: "Setup") -> "Setup":
        """These settings of a workspace; what it leaves open is as the installation has it."""
        return replace(
            self,
            contacts=self.contacts or installation.contacts,
            country=self.country or installation.country,
            demo=installation.demo,
        )


@dataclass(frozen=True, slots=True)
class Understood:
    """What a message wants, found out once: the skill that answers, and what is wanted of it."""

    skill: str = "help"
    name: str = "unknown"  # an intent ("remind.list") or a command's; "either" where two meanings are close
    says: str = "unknown"  # its kind for a reader
    other: str = ""  # the kind that is close, where somebody should be asked which they meant
    rule: str = ""  # the rule whose words it has most of, for a question that may be one of the two


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about this person before the turn."""

    met: bool = False  # the first-contact message was shown
    preferences: Preferences = Preferences()
    schedules: tuple[Schedule, ...] = ()  # this person's own, and those of the channel they speak in
    shown_tips: tuple[str, ...] = ()  # ids of tips shown since all were shown last, oldest first
    setup: Setup = Setup()  # what holds
    own: Setup = Setup()  # what the workspace itself has set of it
    admin: bool = False  # may change it
    playbooks: tuple[str, ...] = ("",)  # those to choose from, by name; "" is ours
    rows: tuple[Row, ...] = ()  # everything stored about the person; filled for the privacy skill only
    code: str = field(default="", repr=False)  # a one-time code, where the person has asked for one
    learned: tuple[Learned, ...] = ()  # of the rules of which something is kept
    aired: tuple[Aired, ...] = ()  # what the channels of the team's reminders among `schedules` were asked
    weeks: tuple[Week, ...] = ()  # of the last quarter; only for what shows them
    lately: tuple[Past, ...] = ()  # what came of `schedules`, newest first; only for what shows reminders
    model: str = ""  # the host of the language model that is connected; "" where none is, or none may help
    remarks: tuple[Remark, ...] = ()  # of one channel, oldest first; for the skill about them only
    promises: tuple[Promise, ...] = ()  # for the skill about them only
    offered: Words | None = None  # the promise the tapped button is about, while it is held
    rounds: int = 0  # vents opened within the last hour, this one included; only the vent reads it
    heard_on: date | None = field(default=None, compare=False)  # about when; None: nothing is kept of them
    earlier: Earlier | None = None  # only the review reads it
    seed: int = 0  # for choosing a wording; never two the same in a row
    understood: Understood = Understood()  # what their message wants


# --------------------------------------------------------------------------- what is to be remembered


@dataclass(frozen=True, slots=True)
class Met:
    """The first-contact message was shown."""


@dataclass(frozen=True, slots=True)
class TipShown:
    """A tip was shown. `tip` is a playbook id such as "A1.3"."""

    tip: str
    start_over: bool = False  # all had been shown: forget the earlier ones first


@dataclass(frozen=True, slots=True)
class PreferencesSet:
    """The person changed how the coach should be."""

    preferences: Preferences


@dataclass(frozen=True, slots=True)
class ScheduleSet:
    """A new reminder."""

    audience: For
    slot: Slot
    to: Place
    rule: str = ""  # the theme of a team's


@dataclass(frozen=True, slots=True)
class ScheduleMoved:
    """A reminder falls due at another time. Only the person's own, or one of the channel spoken in."""

    id: int
    slot: Slot


@dataclass(frozen=True, slots=True)
class SchedulePaused:
    """A reminder rests, or goes on."""

    id: int
    paused: bool


@dataclass(frozen=True, slots=True)
class ScheduleDeleted:
    """A reminder is gone."""

    id: int


@dataclass(frozen=True, slots=True)
class SetupKept:
    """An administrator changed the setup of the workspace: the one fact with texts, typed to be kept."""

    setup: Setup


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


@dataclass(frozen=True, slots=True)
class Heard:
    """The person wrote or tapped something: they are there. Of whom nothing is kept, nothing is noted."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Erase everything stored about this person."""


Fact: TypeAlias = (
    Met
    | TipShown
    | Graded
    | RuleStands
    | Unlearned
    | ChannelTold
    | ThemeSet
    | PreferencesSet
    | ScheduleSet
    | ScheduleMoved
    | SchedulePaused
    | ScheduleDeleted
    | SetupKept
    | Reviewed
    | RemarkKept
    | RemarkDropped
    | RemarksFated
    | PromiseKept
    | PromiseMoved
    | PromiseEnded
    | Heard
    | Forget
)


@dataclass(frozen=True, slots=True)
class Announce:
    """Say something in a channel first; keep the turn only if it arrived, else take one of the others."""

    letter: Letter
    uninvited: "Turn"  # the coach is not in that channel
    failed: "Turn"  # it surely did not arrive
    unsure: "Turn"  # nobody knows whether it did


@dataclass(frozen=True, slots=True)
class Wish:
    """A better wording is wished for, from a model, later. Never from the vent."""

    who: Person
    draft: Words
    customer: Words


@dataclass(frozen=True, slots=True)
class Turn:
    """What a skill decided: what to say, what to remember, what to wish for."""

    replies: tuple[Reply | Form, ...] = ()
    facts: tuple[Fact, ...] = ()
    wish: Wish | None = None
    announce: Announce | None = None
    offers: tuple[tuple[str, Words], ...] = ()  # held in memory for a tap, by what its button carries
