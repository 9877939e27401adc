"""A rest in words: until a day for all of a person's own reminders, begun now, and ended again."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from coaching.people import For, Zone
from coaching.playbook.reader import Playbook
from coaching.playbook.wording import Wording
from coaching.skills.schedules.listing import choices, item, tapped, visible
from coaching.skills.schedules.named import named
from coaching.turn import Fact, Known, PreferencesSet, SchedulePaused, Turn
from coaching.values import Choice, Message, Note, Para, Reply
from coaching.when import Wish, local, on, zone_of

LONGEST = timedelta(days=730)  # a leave of more than two years is a slip of the finger


def until(wish: Wish, message: Message, known: Known, playbook: Playbook) -> Turn:
    """All of the person's own rest until that day. One of them, some hours, or a rest to come is asked."""
    wording = playbook.wording
    day = _day(wish)
    today = _today(message, known)
    if not today < day <= today + LONGEST:
        return Turn((Reply((Para(wording.say("schedules.rest.far")),), choices(wording)),))
    alone = wish.target is not None and not wish.every
    hours = isinstance(wish.until, datetime)
    if not (alone or hours or wish.since):
        return _rested(day, message, known, wording)
    button = Choice(
        wording.label("schedules.rest.until", day=on(day, wording)), "schedules.rest", day.isoformat()
    )
    if alone:
        items = tuple(item(one, wording) for one in named(wish, message, known))
        return Turn((Reply((Para(wording.say("schedules.rest.alone")), *items), (button,)),))
    key = "schedules.rest.hours" if hours else "schedules.rest.begins"
    return Turn((Reply((Para(wording.say(key)),), (button, *choices(wording))),))


def take(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The button that offers a rest was tapped, perhaps long ago."""
    try:
        day = date.fromisoformat(tapped(message))
    except ValueError:
        day = date.min
    today = _today(message, known)
    if not today < day <= today + LONGEST:
        return Turn((Reply((Para(playbook.wording.say("schedules.rest.far")),), choices(playbook.wording)),))
    return _rested(day, message, known, playbook.wording)


def over(message: Message, known: Known, playbook: Playbook) -> Turn:
    """They go on: what was paused runs again, and the leave is over."""
    wording = playbook.wording
    facts: list[Fact] = [
        SchedulePaused(one.id, False)
        for one in visible(message, known)
        if one.audience is For.ME and one.paused
    ]
    if known.preferences.away_until is not None:
        facts.append(PreferencesSet(replace(known.preferences, away_until=None)))
    return Turn((Reply((Para(wording.say("schedules.rest.over")),), choices(wording)),), tuple(facts))


def _rested(day: date, message: Message, known: Known, wording: Wording) -> Turn:
    said = Para(wording.say("schedules.rest.set", day=on(day, wording)))
    team = any(one.audience.shared for one in visible(message, known))
    note = (Note(wording.say("schedules.rest.team")),) if team else ()
    fact = PreferencesSet(replace(known.preferences, away_until=day))
    return Turn((Reply((said, *note), choices(wording)),), (fact,))


def _day(wish: Wish) -> date:
    """The day it ends; after some hours, the next one."""
    end = wish.until
    if isinstance(end, datetime):
        return end.date() + timedelta(days=1)
    return end or date.min


def _today(message: Message, known: Known) -> date:
    return local(message.at, zone_of(message, known) or Zone("UTC")).date()
