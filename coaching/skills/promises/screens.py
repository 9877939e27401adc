"""How it looks: the offer under a review, the form, what is kept, and the line that comes."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from coaching.kept import Promise
from coaching.people import Slot, Zone
from coaching.playbook.reader import Playbook
from coaching.sealed import Words
from coaching.skills.promises.find import LONGEST
from coaching.values import (
    Choice,
    Due,
    Field,
    Form,
    Heading,
    Item,
    Kind,
    Letter,
    Message,
    Note,
    Option,
    Para,
    Quote,
    Reply,
)
from coaching.when import on, spoken


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form is filled in with."""

    words: Words
    times: tuple[datetime, ...] = ()
    zone: Zone | None = None
    sent: bool = False
    full: bool = False


def offer(reply: Reply, words: Words, value: str, playbook: Playbook) -> Reply:
    """The review, with what was promised in it and a button."""
    note = Note(playbook.wording.say("promises.offer.found", words=words))
    choice = Choice(playbook.wording.label("promises.offer.remind"), "promises.open", value)
    return replace(reply, blocks=(*reply.blocks, note), choices=(*reply.choices, choice))


def keep(asked: Asked, playbook: Playbook) -> Form:
    """What would be kept and when it would be said; sending it is the yes."""
    say, label = playbook.wording.say, playbook.wording.label
    where = asked.zone or Zone("UTC")
    times = tuple(
        Option(one.isoformat(timespec="minutes"), _at(one.date(), f"{one:%H:%M}", playbook))
        for one in asked.times
    )
    unclear = () if len(times) == 1 else (Para(say("promises.form.unclear")),)
    zone = Field(
        "zone",
        label("promises.form.zone"),
        Kind.ZONE,
        picked=(where.name,),
        hint=label("promises.form.zone_hint"),
    )
    pick = Field(
        "when",
        label("promises.form.when"),
        Kind.ONE,
        times,
        (times[0].id,) if len(times) == 1 else (),
        optional=True,
        problem=label(f"promises.problem.{'full' if asked.full else 'when'}")
        if asked.sent and asked.words
        else "",
    )
    what = Field(
        "what",
        label("promises.form.what"),
        Kind.LINE,
        text=asked.words or None,
        limit=LONGEST,
        problem=label("promises.problem.what") if asked.sent and not asked.words else "",
    )
    other = (
        Field("day", label("promises.form.day"), Kind.DATE, optional=True),
        Field("time", label("promises.form.time"), Kind.TIME, optional=True),
    )
    return Form(
        "promises.keep",
        label("promises.title"),
        (Para(say("promises.form.keeps")), *unclear),
        (what, *((pick,) if times else ()), *other, zone),
        submit=label("promises.form.yes"),
    )


def kept(words: Words, slot: Slot, eve: bool, message: Message, playbook: Playbook) -> Reply:
    """It is kept, and when it will be said."""
    del message
    say = playbook.wording.say
    key = "promises.kept.both" if eve else "promises.kept.once"
    return Reply(
        (
            Heading(say("promises.kept.title")),
            Quote((words,)),
            Para(say(key, slot=spoken(slot, playbook.wording))),
        ),
        (_list(playbook),),
    )


def again(slot: Slot, message: Message, playbook: Playbook) -> Reply:
    """It comes once more."""
    del message
    said = playbook.wording.say("promises.again", slot=spoken(slot, playbook.wording))
    return Reply((Para(said),), (_list(playbook),))


def ended(how: str, playbook: Playbook) -> Reply:
    """It is not kept any more."""
    return Reply((Para(playbook.wording.say(f"promises.{how}d" if how == "delete" else f"promises.{how}")),))


def listed(found: tuple[Promise, ...], playbook: Playbook, *, gone: bool = False) -> Reply:
    """All that is kept, each with its buttons."""
    say = playbook.wording.say
    lead = (Para(say("promises.gone")),) if gone else ()
    if not found:
        return Reply((*lead, Para(say("promises.none"))))
    items = tuple(Item(_line(one, "promises.line", playbook), _choices(one, playbook)) for one in found)
    return Reply((*lead, Heading(say("promises.title")), *items))


def line(due: Due, found: tuple[Promise, ...], playbook: Playbook) -> Letter | None:
    """The reminder, the evening before or at the time; None where it is not kept any more."""
    one = next((one for one in found if due.schedule.id in one.schedules), None)
    if one is None:
        return None
    key = "promises.now" if one.slot.only == due.occurrence else "promises.eve"
    reply = Reply((Para(_line(one, key, playbook)),), _choices(one, playbook))
    return Letter(due.schedule.to, "A5", due.occurrence, reply)


def _line(one: Promise, key: str, playbook: Playbook) -> tuple[str | Words, ...]:
    return playbook.wording.say(key, words=one.words, slot=spoken(one.slot, playbook.wording))


def _at(day: date, at: str, playbook: Playbook) -> str:
    return f"{on(day, playbook.wording)}, {at}"


def _choices(one: Promise, playbook: Playbook) -> tuple[Choice, ...]:
    label, value = playbook.wording.label, str(one.id)
    return (
        Choice(label("promises.do.done"), "promises.done", value, "primary"),
        Choice(label("promises.do.again"), "promises.again", value),
        Choice(label("promises.do.delete"), "promises.delete", value),
    )


def _list(playbook: Playbook) -> Choice:
    return Choice(playbook.wording.label("promises.show"), "promises.list")
