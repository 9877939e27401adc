"""A person's own daily reminder: asked for in words or by a form, confirmed with the next three, changed."""

from dataclasses import replace
from datetime import date

from coaching.kept import Outcome
from coaching.people import For, Place, Room, Schedule, Slot
from coaching.playbook.reader import Playbook
from coaching.playbook.wording import Wording
from coaching.skills.schedules.fields import (
    Asked,
    carried,
    fresh,
    picked_up,
    read,
    slot_fields,
)
from coaching.skills.schedules.listing import (
    by_id,
    choices,
    comes,
    gone,
    item,
    meant,
    only_administrators,
    refusal,
    show,
    tapped,
    visible,
)
from coaching.turn import Fact, Known, Preferences, PreferencesSet, ScheduleMoved, ScheduleSet, Turn
from coaching.values import (
    Block,
    Choice,
    Form,
    Heading,
    Message,
    Note,
    Para,
    Points,
    Reply,
    Said,
    Submitted,
)
from coaching.when import moment, rhythm, spoken, upcoming, zone_of

_NEW = "new:"  # in a form's state: not the number of one that exists


def offer(asked: Asked, key: str, message: Message, playbook: Playbook) -> Turn:
    """What was understood, and the button to the form that holds it; a command opens the form at once."""
    wording = playbook.wording
    if not isinstance(message.content, Said):
        return Turn((form(asked, wording),))
    button = Choice(wording.label("schedules.ask.open"), "schedules.open", carried(asked), "primary")
    return Turn((Reply((Para(wording.say(key)),), (button,)),))


def ask(message: Message, known: Known, playbook: Playbook) -> Turn:
    """A reminder is wished for, and nothing is said of when."""
    return offer(fresh(message, known), "schedules.asks.neither", message, playbook)


def open_form(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The form, filled in with what the button carried."""
    return Turn((form(picked_up(tapped(message), fresh(message, known)), playbook.wording),))


def change(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The form of a reminder that exists; a team's form has no channel to choose any more."""
    found = meant(message, known)
    if len(found) > 1:
        return show(message, known, playbook)
    if not found:
        return gone(message, known, playbook)
    schedule = found[0]
    closed = _closed(schedule, known, playbook)
    return closed or Turn((form(_of(schedule), playbook.wording, schedule),))


def submit(sent: Submitted, message: Message, known: Known, playbook: Playbook) -> Turn:
    """The form was sent: set or moved, or shown again with what to mend."""
    fresh_one = sent.state == "" or sent.state.startswith(_NEW)
    schedule = None if fresh_one else by_id(sent.state, message, known)
    if not fresh_one and schedule is None:
        return gone(message, known, playbook)
    kept = _of(schedule) if schedule else picked_up(sent.state.removeprefix(_NEW), Asked())
    asked = read(sent.fields, kept)
    if asked.slot is None:
        return Turn((form(asked, playbook.wording, schedule, checked=True),))
    if schedule is not None:
        return move(schedule, asked.slot, message, known, playbook)
    return set_all((asked.slot,), message, known, playbook)


def form(asked: Asked, wording: Wording, schedule: Schedule | None = None, *, checked: bool = False) -> Form:
    """Days, time and zone; for a new reminder or, with `schedule`, for one that exists.

    On which days of a month, or on which date, is not asked: it stays as it is, and the form says so.
    """
    intro = () if schedule else (Para(wording.say("schedules.form.intro")),)
    if asked.only is not None:
        days = rhythm(asked.days, asked.only, wording)
        intro = (*intro, Para(wording.say("schedules.form.stays", days=days)))
    new = _NEW + carried(Asked(asked.days, only=asked.only)) if asked.only else ""
    return Form(
        "schedules.mine",
        wording.label("schedules.form.change" if schedule else "schedules.form.mine"),
        intro,
        slot_fields(asked, wording, checked=checked),
        submit=wording.label("schedules.form.save" if schedule else "schedules.form.set"),
        state=str(schedule.id) if schedule else new,
    )


def confirmed(
    slot: Slot,
    message: Message,
    preferences: Preferences,
    wording: Wording,
    had: frozenset[date] = frozenset(),
) -> tuple[Block, ...]:
    """The slot in words and its next three occurrences, or why there are none."""
    coming = upcoming(slot, message.at, preferences, had=had)
    said = Para(wording.say("schedules.set.when", slot=spoken(slot, wording)))
    if not coming:
        return said, Note(wording.say("schedules.set.silent"))
    if isinstance(slot.only, date):
        return (said,)
    lines = tuple((moment(instant, message.at, slot.zone, wording),) for _, instant in coming)
    return said, Para(wording.say("schedules.set.next")), Points(lines)


def _closed(schedule: Schedule, known: Known, playbook: Playbook) -> Turn | None:
    """Why this reminder cannot be moved by this person, if it cannot."""
    return only_administrators(known, playbook.wording) if schedule.audience.shared else None


def _of(schedule: Schedule) -> Asked:
    slot = schedule.slot
    return Asked(slot.days, slot.at, slot.zone, slot.only)


def set_all(slots: tuple[Slot, ...], message: Message, known: Known, playbook: Playbook) -> Turn:
    """Set these, or none of them: each is confirmed with its next three."""
    wording = playbook.wording
    own = tuple(s for s in visible(message, known) if s.audience is For.ME)
    there = tuple(s.slot for s in own)
    for number, slot in enumerate(slots):
        if not comes(slot, message):
            return Turn((Reply((Para(wording.say("schedules.asks.past")),), choices(wording)),))
        declined = refusal(slot, (*there, *slots[:number]), message.at, wording)
        if declined is not None:
            items = tuple(item(schedule, wording) for schedule in own)
            return Turn((Reply((Para(declined), *items)),))
    facts: tuple[Fact, ...] = tuple(ScheduleSet(For.ME, slot, _chat(message)) for slot in slots)
    single = all(isinstance(slot.only, date) for slot in slots)
    blocks: tuple[Block, ...] = (
        Heading(wording.say("schedules.set.single" if single else "schedules.set.title")),
        *(block for slot in slots for block in confirmed(slot, message, known.preferences, wording)),
    )
    if single:
        blocks = (*blocks, Note(wording.say("schedules.set.tip")))
    if known.preferences.zone is None:
        where = zone_of(message, known) or slots[0].zone
        facts = (*facts, PreferencesSet(replace(known.preferences, zone=where)))
        blocks = (*blocks, Note(wording.say("schedules.set.zone", zone=where.name)))
    return Turn((Reply(blocks, choices(wording)),), facts)


def move(schedule: Schedule, slot: Slot, message: Message, known: Known, playbook: Playbook) -> Turn:
    """It falls due at another time from now on."""
    wording = playbook.wording
    closed = _closed(schedule, known, playbook)
    if closed is not None:
        return closed
    others = tuple(
        s.slot
        for s in visible(message, known)
        if s.id != schedule.id and s.audience is schedule.audience and s.to.id == schedule.to.id
    )
    if not comes(slot, message):
        return Turn((Reply((Para(wording.say("schedules.asks.past")), item(schedule, wording))),))
    declined = refusal(slot, others, message.at, wording)
    if declined is not None:
        return Turn((Reply((Para(declined), item(schedule, wording))),))
    rest = known.preferences if schedule.audience is For.ME else Preferences()
    head = Heading(wording.say("schedules.set.changed"))
    had = frozenset(
        p.day for p in known.lately if p.schedule == schedule.id and p.outcome is not Outcome.WAITING
    )  # what still waits comes at the new time instead
    return Turn(
        (Reply((head, *confirmed(slot, message, rest, wording, had)), choices(wording)),),
        (ScheduleMoved(schedule.id, slot),),
    )


def _chat(message: Message) -> Place:
    """The person's private chat: where they are, or, from a channel or their own page, known by their id."""
    if message.where.room is Room.DIRECT:
        return replace(message.where, thread=None)
    return Place(message.who.platform, message.who.tenant, message.who.user)
