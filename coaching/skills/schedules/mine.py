"""A person's own daily reminder: asked for in words or by a form, confirmed with the next three, changed."""

from dataclasses import replace
from datetime import date

from coaching.people import For, Place, Room, Schedule, Slot
from coaching.playbook.reader import Playbook
from coaching.playbook.wording import Wording
from coaching.sealed import Words
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
    gone,
    item,
    meant,
    only_administrators,
    refusal,
    show,
    tapped,
    visible,
)
from coaching.turn import Fact, Known, Outcome, Preferences, PreferencesSet, ScheduleMoved, ScheduleSet, Turn
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
from coaching.when import Heard, heard, moment, spoken, upcoming, zone_of


def ask(typed: Words, message: Message, known: Known, playbook: Playbook) -> Turn:
    """A reminder wished for in words: set when everything is clear, else asked with what was understood."""
    said = heard(typed, playbook.tables.get("when", {}))
    asked = Asked(said.days, said.at, said.zone or zone_of(message, known))
    if said.sure and asked.slot is not None:
        return _set(asked.slot, message, known, playbook)
    first = fresh(message, known)
    asked = Asked(said.days or first.days, said.at or first.at, asked.zone)
    if isinstance(message.content, Said):  # a typed message cannot open a form by itself: a button does
        return Turn((_offer(asked, said, playbook.wording),))
    return Turn((form(asked, playbook.wording),))


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
    schedule = by_id(sent.state, message, known)
    if sent.state and schedule is None:
        return gone(message, known, playbook)
    asked = read(sent.fields)
    if asked.slot is None:
        return Turn((form(asked, playbook.wording, schedule, checked=True),))
    if schedule is not None:
        return _closed(schedule, known, playbook) or _move(schedule, asked.slot, message, known, playbook)
    return _set(asked.slot, message, known, playbook)


def form(asked: Asked, wording: Wording, schedule: Schedule | None = None, *, checked: bool = False) -> Form:
    """Days, time and zone; for a new reminder or, with `schedule`, for one that exists."""
    return Form(
        "schedules.mine",
        wording.label("schedules.form.change" if schedule else "schedules.form.mine"),
        () if schedule else (Para(wording.say("schedules.form.intro")),),
        slot_fields(asked, wording, checked=checked),
        submit=wording.label("schedules.form.save" if schedule else "schedules.form.set"),
        state=str(schedule.id) if schedule else "",
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
    lines = tuple((moment(instant, message.at, slot.zone, wording),) for _, instant in coming)
    return said, Para(wording.say("schedules.set.next")), Points(lines)


def _offer(asked: Asked, said: Heard, wording: Wording) -> Reply:
    """What was understood, and the button to the form that holds it."""
    missing = "mine_zone" if said.sure else "mine" if said.days or said.at else "mine_empty"
    button = Choice(wording.label("schedules.ask.open"), "schedules.open", carried(asked), "primary")
    return Reply((Para(wording.say(f"schedules.ask.{missing}")),), (button,))


def _closed(schedule: Schedule, known: Known, playbook: Playbook) -> Turn | None:
    """Why this reminder cannot be moved by this person, if it cannot."""
    return only_administrators(known, playbook.wording) if schedule.audience is For.TEAM else None


def _of(schedule: Schedule) -> Asked:
    return Asked(schedule.slot.days, schedule.slot.at, schedule.slot.zone)


def _set(slot: Slot, message: Message, known: Known, playbook: Playbook) -> Turn:
    wording = playbook.wording
    own = tuple(s for s in visible(message, known) if s.audience is For.ME)
    declined = refusal(slot, own, wording)
    if declined is not None:
        items = tuple(item(schedule, wording) for schedule in own)
        return Turn((Reply((Para(declined), *items)),))
    facts: tuple[Fact, ...] = (ScheduleSet(For.ME, slot, _chat(message)),)
    blocks: tuple[Block, ...] = (
        Heading(wording.say("schedules.set.title")),
        *confirmed(slot, message, known.preferences, wording),
    )
    if known.preferences.zone is None:
        facts = (*facts, PreferencesSet(replace(known.preferences, zone=slot.zone)))
        blocks = (*blocks, Note(wording.say("schedules.set.zone", zone=slot.zone.name)))
    return Turn((Reply(blocks, choices(wording)),), facts)


def _move(schedule: Schedule, slot: Slot, message: Message, known: Known, playbook: Playbook) -> Turn:
    wording = playbook.wording
    others = tuple(
        s
        for s in visible(message, known)
        if s.id != schedule.id and s.audience is schedule.audience and s.to.id == schedule.to.id
    )
    declined = refusal(slot, others, wording)
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
