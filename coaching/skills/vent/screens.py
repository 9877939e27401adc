"""How each screen of the vent looks: lines, buttons and fields, all wording by key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from coaching import safety
from coaching.playbook.care import Danger
from coaching.playbook.reader import Playbook
from coaching.sealed import Words
from coaching.skills.vent.steps import Event, Screen, Step, outgoing
from coaching.turn import Known
from coaching.values import Block, Choice, Draft, Field, Form, Kind, Message, Note, Para, Reply
from coaching.when import local, zone_of


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything a screen may need to know; nothing here outlives the request."""

    message: Message
    known: Known
    playbook: Playbook
    danger: Danger = Danger.NONE
    shredded: bool = False  # a text has just been shredded
    empty: bool = False  # there was nothing in the box
    chip: str = ""
    note: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """The lines of a screen; `more` is left out for a person who wants less words."""

    lines: tuple[str, ...]
    more: tuple[str, ...] = ()
    submit: str = ""


CHIPS = ("angry", "insulted", "blamed", "unheard", "worn", "worried", "else")
_QUESTIONS = MappingProxyType(
    {
        "blamed": "vent.look.situation",
        "unheard": "vent.look.before",
        "angry": "vent.look.before",
        "insulted": "vent.look.fair",
        "worried": "vent.look.fair",
        "worn": "vent.look.helped",
    }
)
_ANY = ("vent.look.situation", "vent.look.before", "vent.look.fair", "vent.look.helped")

LOOKS: Mapping[Screen, Look] = MappingProxyType(
    {
        Screen.OUT: Look(("vent.out.notice",), ("vent.out.lead",), "vent.submit.shred"),
        Screen.SHREDDED: Look(("vent.shredded.breathe",), ("vent.shredded.fits",), "vent.submit.on"),
        Screen.LOOK: Look((), ("vent.look.think",), "vent.submit.customer"),
        Screen.RETURN: Look(
            ("vent.return.line",), ("vent.return.plan", "vent.return.smile"), "vent.submit.work"
        ),
        Screen.SETTLED: Look(("vent.return.line",), ("vent.return.smile",), "vent.submit.work"),
        Screen.EXPRESS: Look(("vent.express.breath", "vent.return.line"), (), "vent.submit.work"),
        Screen.CROSSED: Look(("vent.crossed.line",), (), "vent.submit.on"),
        Screen.COLLEAGUE: Look(("vent.colleague.line",), (), "vent.submit.on"),
        Screen.BOUNDARY: Look((), (), "vent.submit.on"),
        Screen.ENDING: Look((), (), "vent.submit.on"),
        Screen.HANDOVER: Look(("vent.handover.lead",), (), "vent.submit.preview"),
        Screen.PREVIEW: Look(("vent.preview.lead",), (), "vent.submit.on"),
        Screen.REPORT: Look(("vent.report.line",), (), "vent.submit.on"),
        Screen.AFTER: Look(("vent.after.line",), ("vent.after.plan",), "vent.submit.work"),
        Screen.HELP: Look((), (), "vent.submit.fine"),
        Screen.HELD: Look(("vent.held.line",), (), "vent.submit.work"),
        Screen.ADVICE: Look((), (), "vent.submit.work"),
        Screen.PEOPLE: Look(("vent.people.line",), ("vent.people.more",), "vent.submit.work"),
        Screen.BREAK: Look(("vent.break.line",)),
        Screen.PAUSE: Look(("vent.pause.line",), (), "vent.submit.work"),
        Screen.OFF: Look(("vent.off.line",)),
    }
)
_CARDS = frozenset({Screen.HELP, Screen.ADVICE})
_SUBMITS = frozenset({Event.NEXT, Event.SHRED})  # the form's own button
_VERDICTS = frozenset(
    {Event.FINE, Event.ABUSE, Event.HARASSMENT, Event.CRISIS, Event.WRONG}
)  # nobody taps these
_LEAVES = frozenset({Event.REPLY, Event.CHECK})  # the review takes over


def show(at: Step, stage: Stage) -> Form:
    """The screen, as a form."""
    look, say = LOOKS[at.screen], stage.playbook.wording.label
    return Form(
        id=f"vent.{at.screen.value}",
        title=say("vent.title_help" if at.screen is Screen.HELP else "vent.title"),
        blocks=_blocks(at, look, stage),
        fields=_fields(at.screen, stage),
        choices=_choices(at.screen, stage),
        submit=say(look.submit) if look.submit else "",
        state=at.state(),
    )


def notice(stage: Stage) -> Reply:
    """The answer to a vent typed into the chat: what keeps it, and the way to the private space."""
    say, label = stage.playbook.wording.say, stage.playbook.wording.label
    if not stage.message.posted:
        said = say("vent.chat.behind")
    else:
        key = "vent.chat.private" if stage.message.where.private else "vent.chat.public"
        said = say(key, platform=_platform(stage))
    blocks: tuple[Block, ...] = (Para(said),)
    help_now = Choice(label("vent.do.help"), "vent.help")
    if not stage.known.setup.vent_on:
        return Reply((*blocks, Para(say("vent.off.line"))), (help_now,))
    return Reply(blocks, (Choice(label("vent.do.open"), "vent.open", style="primary"), help_now))


def _blocks(at: Step, look: Look, stage: Stage) -> tuple[Block, ...]:
    if at.screen in _CARDS:
        body = safety.card(stage.danger, stage.known.setup, stage.playbook)
    else:
        short = stage.known.preferences.less_words or at.held
        keys = look.lines + (() if short else look.more)
        body = (*_own(at.screen, stage), *(_line(key, stage) for key in keys))
    if at.screen in _CARDS:
        return (*body, *_gone(at.screen, stage))
    footer = (safety.footer(stage.known.setup, stage.playbook),) if at.held else ()
    return (*_gone(at.screen, stage), *body, *footer)


def _gone(screen: Screen, stage: Stage) -> tuple[Block, ...]:
    """What became of the text: said on the screen that follows the box (first, but below a card)."""
    if stage.danger is Danger.MEDICAL:
        return ()  # the emergency number and nothing else
    if screen is Screen.SHREDDED and stage.empty:
        return (_line("vent.shredded.empty", stage),)
    long = screen in {Screen.SHREDDED, Screen.SETTLED}
    return (_line("vent.shredded.line" if long else "vent.shredded.short", stage),) if stage.shredded else ()


def _own(screen: Screen, stage: Stage) -> tuple[Block, ...]:
    """Blocks that only one screen has."""
    say, seed = stage.playbook.wording.say, stage.known.seed
    if screen is Screen.LOOK:
        return (_line(_QUESTIONS.get(stage.chip, _ANY[seed % len(_ANY)]), stage),)
    if screen is Screen.BOUNDARY:
        return (_line("vent.boundary.lead", stage), Draft(say("vent.boundary.words", seed)))
    if screen is Screen.ENDING:
        return (_line("vent.ending.lead", stage), Draft(say("vent.ending.words", seed)))
    if screen is Screen.PREVIEW:
        ticket, time, note = (stage.note.get(name, Words("")) for name in ("ticket", "time", "note"))
        return (Draft(say("vent.preview.note", ticket=ticket, time=time, note=note)),)
    return ()


def _line(key: str, stage: Stage) -> Block:
    people = Words(safety.people(stage.known.setup, stage.playbook))  # as an administrator typed it
    slots = {"people": people, "platform": _platform(stage)}
    text = stage.playbook.wording.say(key, stage.known.seed, **slots)
    return Note(text) if key in _SMALL else Para(text)


_SMALL = frozenset({"vent.out.notice", "vent.look.think", "vent.shredded.short"})


def _platform(stage: Stage) -> str:
    return stage.playbook.wording.label(f"vent.platform.{stage.message.who.platform}")


def _choices(screen: Screen, stage: Stage) -> tuple[Choice, ...]:
    """Every way out of this screen that a person can tap, straight from the table."""
    label = stage.playbook.wording.label
    made: list[Choice] = []
    for event in outgoing(screen):
        if event is Event.CHIP:
            made += [Choice(label(f"vent.chip.{chip}"), "vent.chip", chip) for chip in CHIPS]
        elif event not in _SUBMITS | _VERDICTS:
            action = "review.open" if event in _LEAVES else f"vent.{event.value}"
            made.append(Choice(label(f"vent.do.{event.value}"), action))
    return tuple(made)


def _fields(screen: Screen, stage: Stage) -> tuple[Field, ...]:
    label = stage.playbook.wording.label
    if screen is Screen.OUT:
        return (Field("box", label("vent.out.box"), Kind.TEXT, optional=True, sealed=True, limit=600),)
    if screen is not Screen.HANDOVER:
        return ()
    return (
        Field("ticket", label("vent.handover.ticket"), Kind.LINE, limit=80),
        Field("time", label("vent.handover.time"), Kind.LINE, text=Words(_now(stage)), limit=80),
        Field("note", label("vent.handover.note"), Kind.TEXT, limit=1000),
    )


def _now(stage: Stage) -> str:
    zone = zone_of(stage.message, stage.known)
    at = local(stage.message.at, zone) if zone else stage.message.at
    return at.strftime("%Y-%m-%d %H:%M") + ("" if zone else " UTC")
