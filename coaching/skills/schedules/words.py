"""Reminders in plain words: each wish is carried out and confirmed, or asked back with what may be meant."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from coaching.people import For, Schedule, Slot, Zone
from coaching.playbook.reader import Playbook
from coaching.playbook.wording import Wording
from coaching.sealed import Words
from coaching.skills.schedules import listing, mine, rest, settings, team
from coaching.skills.schedules.fields import Asked, carried, fresh
from coaching.skills.schedules.listing import choices, item, visible
from coaching.skills.schedules.named import named
from coaching.turn import Fact, Known, PreferencesSet, ScheduleDeleted, SchedulePaused, Turn
from coaching.values import Choice, Command, Message, Para, Reply
from coaching.when import Act, When, Why, Wish, heard, local, occurrences, offered, spoken, zone_of
from coaching.when.creating import A_DAY

_AT_MOST = 6  # proposals; more are no help


def wishes(typed: Words, message: Message, known: Known) -> tuple[Wish, ...]:
    """What these words wish for, by the person's own clock; by that of UTC where nobody knows it."""
    where = zone_of(message, known) or Zone("UTC")
    return heard(typed, local(message.at, where).replace(tzinfo=None), where)


def answer(found: tuple[Wish, ...], message: Message, known: Known, playbook: Playbook) -> Turn:
    """Carry out all of them, in order; each after what the others leave."""
    turns: list[Turn] = []
    for wish in found:
        turns.append(_one(wish, message, known, playbook))
        known = _after(known, turns[-1].facts)
    if len(turns) == 1:
        return turns[0]
    replies = [reply for turn in turns for reply in turn.replies if isinstance(reply, Reply)]
    blocks = tuple(block for reply in replies for block in reply.blocks)
    buttons = dict.fromkeys(choice for reply in replies for choice in reply.choices)
    facts = tuple(fact for turn in turns for fact in turn.facts)
    return Turn((Reply(blocks, tuple(buttons)),), facts)


def _one(wish: Wish, message: Message, known: Known, playbook: Playbook) -> Turn:
    if wish.act is Act.PAUSE:
        wish = rest.skipped(wish, message, known)
    match wish.act:
        case Act.PAUSE if wish.until is not None:
            return rest.until(wish, message, known, playbook)
        case Act.RESUME:
            return rest.over(message, known, playbook)
        case Act.LIST:
            return listing.show(message, known, playbook)
    return _CARRIED_OUT[wish.act](wish, message, known, playbook)


def _after(known: Known, facts: tuple[Fact, ...]) -> Known:
    """What will be known once these are kept, as far as a next wish must know it."""
    for fact in facts:
        match fact:
            case PreferencesSet(preferences=preferences):
                known = replace(known, preferences=preferences)
            case ScheduleDeleted(id=number):
                known = replace(known, schedules=tuple(s for s in known.schedules if s.id != number))
    return known


# --------------------------------------------------------------------------- a new one


def _create(wish: Wish, message: Message, known: Known, playbook: Playbook) -> Turn:
    wording = playbook.wording
    if wish.channel is not None:
        asked = Asked(wish.when.days, wish.when.times[0], wish.zone, wish.when.only)
        return _for_team(asked, known, wording)
    if len(wish.slots) > A_DAY:
        lead = Para(wording.say("schedules.asks.many"))
        few = tuple(
            replace(wish, when=replace(wish.when, times=times))
            for times in (wish.when.times[:: len(wish.when.times) - 1], wish.when.times[:1])
        )
        return Turn((Reply((lead,), _proposals(few, wording)),))
    if wish.when.zone is None and zone_of(message, known) is None:
        first = fresh(message, known)
        asked = Asked(wish.when.days or first.days, wish.when.times[0], None, wish.when.only)
        return mine.offer(asked, "schedules.ask.mine_zone", message, playbook)
    return mine.set_all(wish.slots, message, known, playbook)


def _for_team(asked: Asked, known: Known, wording: Wording) -> Turn:
    """What is meant for a channel is set in the form of the team, never as a reminder of one's own."""
    button = Choice(wording.label("schedules.ask.open_team"), "schedules.team", carried(asked), "primary")
    said = Reply((Para(wording.say("schedules.ask.team_words")),), (button,))
    return team.closed(known, wording) or Turn((said,))


def take(message: Message, known: Known, playbook: Playbook) -> Turn:
    """A proposal was tapped: it is set, as if it had been said so."""
    slots = tuple(a.slot for a in listing.several(listing.tapped(message)) if a.slot is not None)
    if not slots:
        return mine.open_form(message, known, playbook)
    return mine.set_all(slots[:A_DAY], message, known, playbook)


# --------------------------------------------------------------------------- one that exists


def _which(found: tuple[Schedule, ...], message: Message, known: Known, playbook: Playbook) -> Turn:
    """None, or several: they choose."""
    wording = playbook.wording
    there = found or visible(message, known)
    if not there:
        return Turn((Reply((Para(wording.say("schedules.list.none")),), choices(wording)[1:]),))
    key = "schedules.which.several" if found else "schedules.which.none"
    items = tuple(item(schedule, wording) for schedule in there)
    return Turn((Reply((Para(wording.say(key)), *items)),))


def _cancel(wish: Wish, message: Message, known: Known, playbook: Playbook) -> Turn:
    found = named(wish, message, known)
    if not found or (len(found) > 1 and not wish.every):
        return _which(found, message, known, playbook)
    wording = playbook.wording
    said = tuple(Para(wording.say("schedules.done.deleted", slot=spoken(one.slot, wording))) for one in found)
    return Turn((Reply(said, choices(wording)),), tuple(ScheduleDeleted(one.id) for one in found))


def _pause(wish: Wish, message: Message, known: Known, playbook: Playbook) -> Turn:
    found = tuple(one for one in named(wish, message, known) if not one.paused)
    plain = wish.target is None and wish.channel is None and all(one.audience is For.ME for one in found)
    if not found or (len(found) > 1 and not wish.every and not plain):
        return _which(found, message, known, playbook)
    wording = playbook.wording
    said = tuple(Para(wording.say("schedules.done.paused", slot=spoken(one.slot, wording))) for one in found)
    return Turn((Reply(said, choices(wording)),), tuple(SchedulePaused(one.id, True) for one in found))


def _update(wish: Wish, message: Message, known: Known, playbook: Playbook) -> Turn:
    when = wish.when
    found = named(wish, message, known)
    if when.zone is not None and when == When(zone=when.zone) and (wish.every or wish.target is None):
        return settings.move_to(when.zone, message, known, playbook)
    if wish.channel is not None and not (when.times or when.dated):
        return team.ask(message, known, playbook)
    if len(found) != 1 or len(when.times) > 1:
        return _which(found, message, known, playbook)
    return mine.move(found[0], _moved(found[0].slot, when, message), message, known, playbook)


def _moved(old: Slot, when: When, message: Message) -> Slot:
    """The slot with what is new; a single one that goes to "Monday" stays a single one."""
    zone, at = when.zone or old.zone, when.times[0] if when.times else old.at
    if not when.dated:
        return Slot(zone, at, old.days, old.only)
    if isinstance(old.only, date) and when.only is None and len(when.days) == 1 and not when.times:
        ahead = (day for day, _ in occurrences(Slot(zone, at, when.days), message.at))
        return Slot(zone, at, when.days, next(ahead))
    return Slot(zone, at, when.days, when.only)


# --------------------------------------------------------------------------- a question back


def _asked(wish: Wish, message: Message, known: Known, playbook: Playbook) -> Turn:
    wording = playbook.wording
    why = wish.why or Why.UNCLEAR
    if why is Why.CHANGE:
        return _which(named(wish, message, known), message, known, playbook)
    if why is Why.UNTIL:
        leave = Choice(wording.label("schedules.ask.open_settings"), "schedules.settings", "", "primary")
        return Turn((Reply((Para(wording.say("schedules.asks.until")),), (leave,)),))
    first = fresh(message, known)
    when = wish.when
    asked = Asked(
        when.days or first.days, when.times[0] if when.times else first.at, when.zone or first.zone, when.only
    )
    if wish.channel is not None:
        return _for_team(asked, known, wording)
    offers = _proposals(wish.proposals if zone_of(message, known) or when.zone else (), wording)
    if isinstance(message.content, Command) and not offers:
        return Turn((mine.form(asked, wording),))
    opens = Choice(
        wording.label("schedules.ask.open"),
        "schedules.open",
        carried(asked),
        "plain" if offers else "primary",
    )
    return Turn((Reply((Para(wording.say(f"schedules.asks.{why.value}")),), (*offers, opens)),))


def _proposals(offers: tuple[Wish, ...], wording: Wording) -> tuple[Choice, ...]:
    """A button for each."""
    made = {
        offered(wish.slots, wording): ";".join(
            carried(Asked(s.days, s.at, s.zone, s.only)) for s in wish.slots
        )
        for wish in offers
        if wish.slots
    }
    return tuple(Choice(label, "schedules.take", value) for label, value in list(made.items())[:_AT_MOST])


_CARRIED_OUT: Mapping[Act, Callable[[Wish, Message, Known, Playbook], Turn]] = MappingProxyType(
    {
        Act.CREATE: _create,
        Act.CANCEL: _cancel,
        Act.PAUSE: _pause,
        Act.UPDATE: _update,
        Act.CLARIFY: _asked,
    }
)
