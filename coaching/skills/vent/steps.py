"""The vent's way as a table: on which screen, after which event, which screen comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class Screen(Enum):
    """What is shown. START and the two ends are not screens of ours."""

    START = "start"
    OUT = "out"  # one box
    SHREDDED = "shredded"  # the text is gone; three breaths; what fits?
    LOOK = "look"  # one question from another angle
    RETURN = "return"  # a line, an if-then, the smile
    SETTLED = "settled"  # the text said that it is over: straight to the return
    EXPRESS = "express"  # one breath, while a customer waits
    CROSSED = "crossed"  # somebody crossed a line: no empathy is asked for
    COLLEAGUE = "colleague"  # the same, from somebody at work
    BOUNDARY = "boundary"
    ENDING = "ending"
    HANDOVER = "handover"  # a note that the person fills in
    PREVIEW = "preview"  # exactly that note
    REPORT = "report"
    AFTER = "after"  # the return after a line was crossed: without a smile
    HELP = "help"  # people and lines to call
    HELD = "held"  # the person goes on; people and lines stay
    ADVICE = "advice"  # told to do wrong: not alone with it
    PEOPLE = "people"  # "I need more than this"
    BREAK = "break"  # another round would not help now
    PAUSE = "pause"
    OFF = "off"  # nobody to turn to is named here
    REVIEW = "review"  # the end: the review takes over
    DONE = "done"  # the end: the form closes


class Event(Enum):
    """What a person does, or what the safety check says about the box."""

    OPEN = "open"
    OFTEN = "often"  # opened for the third time within the hour
    CLOSED = "closed"  # opened where the vent is off
    BREATHE = "breathe"
    SHRED = "shred"
    FINE = "fine"
    ABUSE = "abuse"
    HARASSMENT = "harassment"
    CRISIS = "crisis"
    WRONG = "wrong"
    CHIP = "chip"
    CROSS = "cross"
    REPLY = "reply"
    CHECK = "check"
    MORE = "more"
    WORDS = "words"
    END = "end"
    HAND = "hand"
    TELL = "tell"
    REST = "rest"
    NEXT = "next"
    HELP = "help"
    SKIP = "skip"


_S, _E = Screen, Event
_ROWS: tuple[tuple[Screen, tuple[tuple[Event, Screen], ...]], ...] = (
    (
        _S.START,
        (
            (_E.OPEN, _S.OUT),
            (_E.OFTEN, _S.BREAK),
            (_E.CLOSED, _S.OFF),
            (_E.HELP, _S.HELP),
            (_E.WORDS, _S.BOUNDARY),  # the buttons below a card in the chat
            (_E.END, _S.ENDING),
            (_E.HAND, _S.HANDOVER),
            (_E.TELL, _S.REPORT),
        ),
    ),
    (
        _S.OUT,
        (
            (_E.BREATHE, _S.EXPRESS),
            (_E.SHRED, _S.SHREDDED),
            (_E.FINE, _S.SETTLED),
            (_E.ABUSE, _S.CROSSED),
            (_E.HARASSMENT, _S.COLLEAGUE),
            (_E.CRISIS, _S.HELP),
            (_E.WRONG, _S.ADVICE),
            (_E.SKIP, _S.RETURN),
        ),
    ),
    (
        _S.SHREDDED,
        ((_E.CHIP, _S.LOOK), (_E.NEXT, _S.LOOK), (_E.CROSS, _S.CROSSED), (_E.SKIP, _S.RETURN)),
    ),
    (
        _S.LOOK,
        ((_E.NEXT, _S.RETURN), (_E.REPLY, _S.REVIEW), (_E.MORE, _S.PEOPLE), (_E.SKIP, _S.RETURN)),
    ),
    (_S.RETURN, ((_E.NEXT, _S.DONE), (_E.CHECK, _S.REVIEW), (_E.SKIP, _S.DONE))),
    (_S.SETTLED, ((_E.NEXT, _S.DONE), (_E.CHECK, _S.REVIEW), (_E.SKIP, _S.DONE))),
    (_S.EXPRESS, ((_E.NEXT, _S.DONE), (_E.CHECK, _S.REVIEW), (_E.SKIP, _S.DONE))),
    (
        _S.CROSSED,
        (
            (_E.WORDS, _S.BOUNDARY),
            (_E.END, _S.ENDING),
            (_E.HAND, _S.HANDOVER),
            (_E.TELL, _S.REPORT),
            (_E.NEXT, _S.AFTER),
            (_E.SKIP, _S.AFTER),
        ),
    ),
    (
        _S.COLLEAGUE,
        ((_E.HAND, _S.HANDOVER), (_E.TELL, _S.REPORT), (_E.NEXT, _S.AFTER), (_E.SKIP, _S.AFTER)),
    ),
    (
        _S.BOUNDARY,
        (
            (_E.END, _S.ENDING),
            (_E.HAND, _S.HANDOVER),
            (_E.TELL, _S.REPORT),
            (_E.NEXT, _S.AFTER),
            (_E.SKIP, _S.AFTER),
        ),
    ),
    (
        _S.ENDING,
        ((_E.HAND, _S.HANDOVER), (_E.TELL, _S.REPORT), (_E.NEXT, _S.AFTER), (_E.SKIP, _S.AFTER)),
    ),
    (
        _S.HANDOVER,
        ((_E.NEXT, _S.PREVIEW), (_E.CRISIS, _S.HELP), (_E.TELL, _S.REPORT), (_E.SKIP, _S.AFTER)),
    ),
    (_S.PREVIEW, ((_E.TELL, _S.REPORT), (_E.NEXT, _S.AFTER), (_E.SKIP, _S.AFTER))),
    (_S.REPORT, ((_E.HAND, _S.HANDOVER), (_E.NEXT, _S.AFTER), (_E.SKIP, _S.AFTER))),
    (_S.AFTER, ((_E.NEXT, _S.DONE), (_E.MORE, _S.PEOPLE), (_E.SKIP, _S.DONE))),
    (_S.HELP, ((_E.NEXT, _S.HELD), (_E.SKIP, _S.HELD))),
    (_S.HELD, ((_E.NEXT, _S.DONE), (_E.MORE, _S.PEOPLE), (_E.SKIP, _S.DONE))),
    (_S.ADVICE, ((_E.NEXT, _S.DONE), (_E.MORE, _S.PEOPLE), (_E.SKIP, _S.DONE))),
    (_S.PEOPLE, ((_E.NEXT, _S.DONE), (_E.SKIP, _S.DONE))),
    (_S.BREAK, ((_E.REST, _S.PAUSE), (_E.MORE, _S.PEOPLE), (_E.SKIP, _S.DONE))),
    (_S.PAUSE, ((_E.NEXT, _S.DONE), (_E.SKIP, _S.DONE))),
    (_S.OFF, ((_E.SKIP, _S.DONE),)),
)
ENDS = frozenset({Screen.DONE, Screen.REVIEW})

# Help is one tap away everywhere; on the help screen itself it is already there.
_HELPED = [(screen, Event.HELP) for screen in Screen if screen not in ENDS | {Screen.START, Screen.HELP}]
TABLE: Mapping[tuple[Screen, Event], Screen] = MappingProxyType(
    {(screen, event): then for screen, rows in _ROWS for event, then in rows}
    | dict.fromkeys(_HELPED, Screen.HELP)
)


@dataclass(frozen=True, slots=True)
class Step:
    """Where a person is. It travels in the form's state: a screen and one flag, never a word."""

    screen: Screen
    held: bool = False  # the help card was shown: its footer stays

    def state(self) -> str:
        """As it travels."""
        return f"{self.screen.value}{'+help' if self.held else ''}"

    def then(self, event: Event) -> "Step":
        """The next step; an event this screen does not know (an old button) starts again from the top."""
        screen = TABLE.get((self.screen, event), Screen.START)
        return Step(screen, self.held or screen is Screen.HELP)


def step(state: str) -> Step:
    """Read a state that came back; anything unknown is the start."""
    name, _, flag = state.partition("+")
    known = {screen.value: screen for screen in Screen if screen not in ENDS}
    return Step(known.get(name, Screen.START), flag == "help")


def outgoing(screen: Screen) -> tuple[Event, ...]:
    """What a person can do on a screen, in the order of the table."""
    return tuple(event for at, event in TABLE if at is screen)
