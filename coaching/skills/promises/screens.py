"""How it looks: the offer under a review, the form, what is kept, and the line that comes."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from coaching.kept import Promise
from coaching.people import Slot, Zone
from coaching.playbook.reader import Playbook
from coaching.sealed import Words
from coaching.skills.promises.find import LONGEST
from coaching.turn import Known, PromiseKept
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
    Moment,
    Note,
    Option,
    Para,
    Quote,
    Reply,
    Text,
)
from coaching.when import moment, occurrence, on, resting


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form is filled in with."""

    words: Words
    times: tuple[datetime, ...] = ()
    zone: Zone | None = None
    own: tuple[str, str] = ("", "")  # a day and a time that were chosen beside them
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
    unclear = (Para(say("promises.form.unclear")),) if asked.words and len(asked.times) != 1 else ()
    what = Field(
        "what",
        label("promises.form.what"),
        Kind.LINE,
        text=asked.words or None,
        limit=LONGEST,
        problem=label("promises.problem.what") if asked.sent and not asked.words else "",
    )
    zone = Field(
        "zone",
        label("promises.form.zone"),
        Kind.ZONE,
        picked=((asked.zone or Zone("UTC")).name,),
        hint=label("promises.form.zone_hint"),
    )
    return Form(
        "promises.keep",
        label("promises.title"),
        (Para(say("promises.form.keeps")), *unclear),
        (what, *_when(asked, playbook), zone),
        submit=label("promises.form.yes"),
        state=carried(asked.times),
    )


def _when(asked: Asked, playbook: Playbook) -> tuple[Field, ...]:
    """The times that may be meant, if any, and a day and a time of one's own."""
    label, times = playbook.wording.label, asked.times
    wrong = (
        label(f"promises.problem.{'full' if asked.full else 'when'}") if asked.sent and asked.words else ""
    )
    day, at = ((one,) if one else () for one in asked.own)
    clock = Field("time", label("promises.form.time"), Kind.TIME, picked=at, optional=bool(times))
    if not times:
        return Field("day", label("promises.form.which"), Kind.DATE, picked=day, problem=wrong), clock
    options = tuple(
        Option(carried((one,)), f"{on(one.date(), playbook.wording)}, {one:%H:%M}") for one in times
    )
    first = (options[0].id,) if len(options) == 1 else ()
    return (
        Field("when", label("promises.form.when"), Kind.ONE, options, first, optional=True, problem=wrong),
        Field("day", label("promises.form.day"), Kind.DATE, picked=day, optional=True),
        clock,
    )


def carried(times: tuple[datetime, ...]) -> str:
    """Times as a button or a form carries them."""
    return "|".join(one.isoformat(timespec="minutes") for one in times)


def kept(fact: PromiseKept, message: Message, known: Known, playbook: Playbook) -> Reply:
    """It is kept, and when it will be said."""
    say, label = playbook.wording.say, playbook.wording.label
    silent = resting(known.preferences, due_at(fact.slot), fact.slot.zone)
    note = (Note(say("promises.kept.silent")),) if silent else ()
    to_settings = (Choice(label("help.button.settings"), "schedules.settings"),) if silent else ()
    key = "promises.kept.once" if fact.eve is None else "promises.kept.both"
    said = Para(say(key, moment=_moment(fact.slot, message.at, playbook)))
    blocks = (Heading(say("promises.kept.title")), Quote((fact.words,)), said, *note)
    return Reply(blocks, (_list(playbook), *to_settings))


def again(slot: Slot, message: Message, playbook: Playbook) -> Reply:
    """It comes once more."""
    said = playbook.wording.say("promises.again", moment=_moment(slot, message.at, playbook))
    return Reply((Para(said),), (_list(playbook),))


def ended(how: str, playbook: Playbook) -> Reply:
    """It is not kept any more."""
    return Reply((Para(playbook.wording.say(f"promises.{how}d" if how == "delete" else f"promises.{how}")),))


def listed(message: Message, known: Known, playbook: Playbook, *, gone: bool = False) -> Reply:
    """All that is kept, each with its buttons."""
    found = known.promises
    say = playbook.wording.say
    lead = (Para(say("promises.gone")),) if gone else ()
    one_more = (Choice(playbook.wording.label("promises.add"), "promises.open"),)
    if not found:
        return Reply((*lead, Para(say("promises.none"))), one_more)
    items = tuple(Item(_line(one, "line", message.at, playbook), _choices(one, playbook)) for one in found)
    return Reply((*lead, Heading(say("promises.title")), *items), one_more)


def line(due: Due, at: datetime, found: tuple[Promise, ...], playbook: Playbook) -> Letter | None:
    """The reminder, the evening before or at the time; None where it is not kept any more."""
    one = next((one for one in found if due.schedule.id in one.schedules), None)
    if one is None:
        return None
    key = "now" if one.slot.only == due.occurrence else "eve"
    reply = Reply((Para(_line(one, key, at, playbook)),), _choices(one, playbook))
    return Letter(due.schedule.to, "A5", due.occurrence, reply)


def due_at(slot: Slot) -> datetime:
    """The instant a promise is due: what a customer was told stays, wherever the person goes."""
    return occurrence(slot.only if isinstance(slot.only, date) else date.max, slot.at, slot.zone)


def _line(one: Promise, key: str, at: datetime, playbook: Playbook) -> Text:
    return playbook.wording.say(f"promises.{key}", words=one.words, moment=_moment(one.slot, at, playbook))


def _moment(slot: Slot, now: datetime, playbook: Playbook) -> Moment:
    return moment(due_at(slot), now, slot.zone, playbook.wording)


def _choices(one: Promise, playbook: Playbook) -> tuple[Choice, ...]:
    label, value = playbook.wording.label, str(one.id)
    return (
        Choice(label("promises.do.done"), "promises.done", value, "primary"),
        Choice(label("promises.do.again"), "promises.again", value),
        Choice(label("promises.do.delete"), "promises.delete", value),
    )


def _list(playbook: Playbook) -> Choice:
    return Choice(playbook.wording.label("promises.show"), "promises.list")
