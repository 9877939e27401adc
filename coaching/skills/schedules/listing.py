"""The reminders a person may see: listed, paused, resumed, deleted, stopped, and looked for by id."""

from dataclasses import replace
from datetime import date, datetime
from itertools import islice

from coaching.people import Day, For, Room, Schedule, Slot
from coaching.playbook.reader import Playbook
from coaching.playbook.wording import Wording
from coaching.skills.schedules.fields import Asked, picked_up
from coaching.turn import Known, Preferences, ScheduleDeleted, SchedulePaused, TeamTips, Turn
from coaching.values import Choice, Heading, Item, Message, Note, Para, Reply, Tapped, Text
from coaching.when import following, occurrences, soonest, spoken
from coaching.when.creating import A_DAY

_LOOKED_AT = 60  # occurrences of a new one that are counted with the others


def visible(message: Message, known: Known) -> tuple[Schedule, ...]:
    """The person's own, and team tips they set or that come to the channel they speak in, while they come."""
    return tuple(
        s for s in seen(message, known) if not isinstance(s.slot.only, date) or comes(s.slot, message)
    )


def seen(message: Message, known: Known) -> tuple[Schedule, ...]:
    """The same, with the single ones that came already."""
    return tuple(
        s
        for s in known.schedules
        if s.audience.shared or (s.audience is For.ME and s.set_by == message.who.user)
    )


def comes(slot: Slot, message: Message) -> bool:
    """Whether it ever comes again."""
    return next(occurrences(slot, message.at), None) is not None


def by_id(value: str, message: Message, known: Known) -> Schedule | None:
    """The one with this id, if this person may see it."""
    return next((s for s in visible(message, known) if str(s.id) == value), None)


def meant(message: Message, known: Known) -> tuple[Schedule, ...]:
    """Those the tapped button is about: the one it names, or without an id every team tip of this channel."""
    value = tapped(message)
    if not value:
        return _here(message, known)
    named = by_id(value, message, known)
    return () if named is None else (named,)


def tapped(message: Message) -> str:
    """The value of the button that was tapped."""
    return message.content.value if isinstance(message.content, Tapped) else ""


def refusal(slot: Slot, others: tuple[Slot, ...], at: datetime, wording: Wording) -> Text | None:
    """Why one more is declined: it exists already, or a day would have more than three."""
    if slot in others:
        return wording.say("schedules.again.twice", slot=spoken(slot, wording))
    dates = [day for day, _ in islice(occurrences(slot, at), _LOOKED_AT)]
    full = [Day(day.isoweekday()) for day in dates if sum(other.falls_on(day) for other in others) >= A_DAY]
    if full:
        first = min(full, key=lambda day: day.value)
        return wording.say("schedules.again.crowded", days=wording.label(f"when.day.{first.name}"))
    return None


def several(value: str) -> tuple[Asked, ...]:
    """The slots that a button carried, one after the other."""
    return tuple(picked_up(part, Asked()) for part in value.split(";"))


def only_administrators(known: Known, wording: Wording) -> Turn | None:
    """What somebody is told who may not set or move a team's tip; None to whoever may."""
    if known.admin or known.setup.team_tips is TeamTips.EVERYONE:
        return None
    return Turn((Reply((Para(wording.say("schedules.team.only")),), choices(wording)),))


def show(message: Message, known: Known, playbook: Playbook) -> Turn:
    """All of them, each with its buttons."""
    wording = playbook.wording
    lines = visible(message, known)
    head = Heading(wording.say("schedules.list.title"))
    if not lines:
        return Turn((Reply((head, Para(wording.say("schedules.list.none"))), choices(wording)[1:]),))
    items = tuple(item(schedule, wording) for schedule in lines)
    coming = soonest(lines, message.at, known, wording)
    note = (Note(wording.say("schedules.list.next", moment=coming)),) if coming else ()
    if not coming and swallowed(lines, message.at, known):
        note = (Note(wording.say("schedules.set.silent")),)
    past = Choice(wording.label("schedules.lately.show"), "schedules.history")
    return Turn((Reply((head, *items, *note), (*choices(wording)[1:], past)),))


def swallowed(schedules: tuple[Schedule, ...], now: datetime, known: Known) -> bool:
    """Whether one of these never comes for the person's own rest alone: days off, quiet hours, leave."""
    free = replace(known, preferences=Preferences())
    return any(
        following(one, now, known) is None and following(one, now, free) is not None for one in schedules
    )


def item(schedule: Schedule, wording: Wording) -> Item:
    """One reminder as a line with its buttons."""
    value = str(schedule.id)
    line = named(schedule, wording)
    if schedule.paused:
        line = wording.say("schedules.list.paused", line="".join(str(piece) for piece in line))
    rest = (
        Choice(wording.label("schedules.list.resume"), "schedules.resume", value)
        if schedule.paused
        else Choice(wording.label("schedules.list.pause"), "schedules.pause", value)
    )
    shown = Choice(wording.label("schedules.theme.preview"), "schedules.preview", value)
    return Item(
        line,
        (
            *((shown,) if schedule.audience is For.TEAM else ()),
            rest,
            Choice(wording.label("schedules.list.change"), "schedules.change", value),
            Choice(wording.label("schedules.list.delete"), "schedules.delete", value, "danger"),
        ),
    )


def named(schedule: Schedule, wording: Wording) -> Text:
    """Which one it is: for whom, and when it comes."""
    if schedule.audience is For.ME:
        return wording.say("schedules.list.mine", slot=spoken(schedule.slot, wording))
    return wording.say(
        f"schedules.list.{schedule.audience.value}",
        channel=f"#{schedule.to.id}",
        who=f"@{schedule.set_by}",
        slot=spoken(schedule.slot, wording),
    )


def pause(message: Message, known: Known, playbook: Playbook) -> Turn:
    """Rest until resumed."""
    return _rest(message, known, playbook, paused=True)


def resume(message: Message, known: Known, playbook: Playbook) -> Turn:
    """Go on."""
    return _rest(message, known, playbook, paused=False)


def delete(message: Message, known: Known, playbook: Playbook) -> Turn:
    """Take it away for good."""
    schedule = by_id(tapped(message), message, known)
    if schedule is None:
        return gone(message, known, playbook)
    said = playbook.wording.say("schedules.done.deleted", slot=spoken(schedule.slot, playbook.wording))
    return Turn((Reply((Para(said),), choices(playbook.wording)),), (ScheduleDeleted(schedule.id),))


def stop(message: Message, known: Known, playbook: Playbook) -> Turn:
    """Anyone in the channel stops its tip; without an id, the channel's only one."""
    wording, found = playbook.wording, meant(message, known)
    if len(found) > 1:
        items = tuple(item(schedule, wording) for schedule in found)
        return Turn((Reply((Para(wording.say("schedules.done.which")), *items)),))
    if not found:
        return gone(message, known, playbook)
    here = "stopped" if found[0].audience is For.TEAM else "stopped_digest"
    key = here if found[0] in _here(message, known) else "deleted"
    said = wording.say(f"schedules.done.{key}", slot=spoken(found[0].slot, wording))
    return Turn((Reply((Para(said),)),), (ScheduleDeleted(found[0].id),))


def gone(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The id is nobody's, or not theirs: say so kindly, and show what there is."""
    wording = playbook.wording
    items = tuple(item(schedule, wording) for schedule in visible(message, known))
    lines = items or (Para(wording.say("schedules.list.none")),)
    return Turn((Reply((Para(wording.say("schedules.done.gone")), *lines), choices(wording)),))


def choices(wording: Wording) -> tuple[Choice, ...]:
    """What is offered after any change."""
    return (
        Choice(wording.label("schedules.list.show"), "schedules.list"),
        Choice(wording.label("schedules.list.new"), "schedules.open"),
    )


def _here(message: Message, known: Known) -> tuple[Schedule, ...]:
    if message.where.room is not Room.CHANNEL:
        return ()
    return tuple(s for s in known.schedules if s.audience.shared and s.to.id == message.where.id)


def _rest(message: Message, known: Known, playbook: Playbook, *, paused: bool) -> Turn:
    schedule = by_id(tapped(message), message, known)
    if schedule is None:
        return gone(message, known, playbook)
    key = "schedules.done.paused" if paused else "schedules.done.resumed"
    said = playbook.wording.say(key, slot=spoken(schedule.slot, playbook.wording))
    facts = (SchedulePaused(schedule.id, paused),)
    return Turn((Reply((Para(said),), choices(playbook.wording)),), facts)
