"""A rest in words, for all of a person's own reminders: from now or a day on, until a day, and its end."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from coaching.people import For, Zone
from coaching.playbook.reader import Playbook
from coaching.playbook.wording import Wording
from coaching.skills.schedules.listing import choices, item, tapped, visible
from coaching.skills.schedules.named import named
from coaching.turn import Fact, Known, PreferencesSet, SchedulePaused, Turn
from coaching.values import Block, Choice, Message, Note, Para, Reply, Text
from coaching.when import When, Wish, local, on, zone_of

LONGEST = timedelta(days=730)  # a leave of more than two years is a slip of the finger


def until(wish: Wish, message: Message, known: Known, playbook: Playbook) -> Turn:
    """All of the person's own rest until that day, from now or a day on. One of them, or hours, is asked."""
    wording = playbook.wording
    day, today = _day(wish), _today(message, known)
    since = wish.since if wish.since is not None and wish.since > today else None
    if not (since or today) < day <= today + LONGEST:
        return Turn((Reply((Para(wording.say("schedules.rest.far")),), choices(wording)),))
    alone = wish.target is not None and not wish.every
    if not (alone or isinstance(wish.until, datetime)):
        return _rested(since, day, message, known, wording)
    button = Choice(
        wording.label("schedules.rest.until", day=on(day, wording)), "schedules.rest", day.isoformat()
    )
    if alone:
        items = tuple(item(one, wording) for one in named(wish, message, known))
        return Turn((Reply((Para(wording.say("schedules.rest.alone")), *items), (button,)),))
    return Turn((Reply((Para(wording.say("schedules.rest.hours")),), (button, *choices(wording))),))


def skipped(wish: Wish, message: Message, known: Known) -> Wish:
    """A pause of what comes on one day, such as "skip tomorrow's tip", as a rest of that day."""
    day = wish.which.only
    if wish.until is not None or not isinstance(day, date) or wish.which != When(only=day):
        return wish
    if named(wish, message, known):  # one that comes on that day only
        return wish
    return replace(wish, target=None, which=When(), since=day, until=day + timedelta(days=1))


def take(message: Message, known: Known, playbook: Playbook) -> Turn:
    """The button that offers a rest was tapped, perhaps long ago."""
    try:
        day = date.fromisoformat(tapped(message))
    except ValueError:
        day = date.min
    today = _today(message, known)
    if not today < day <= today + LONGEST:
        return Turn((Reply((Para(playbook.wording.say("schedules.rest.far")),), choices(playbook.wording)),))
    return _rested(None, day, message, known, playbook.wording)


def over(message: Message, known: Known, playbook: Playbook) -> Turn:
    """They go on: what was paused runs again, and the leave is over."""
    wording = playbook.wording
    facts: list[Fact] = [
        SchedulePaused(one.id, False)
        for one in visible(message, known)
        if one.audience is For.ME and one.paused
    ]
    if known.preferences.away_until is not None:
        facts.append(PreferencesSet(replace(known.preferences, away_until=None, away_from=None)))
    return Turn((Reply((Para(wording.say("schedules.rest.over")),), choices(wording)),), tuple(facts))


def _rested(since: date | None, day: date, message: Message, known: Known, wording: Wording) -> Turn:
    """It is kept, unless it lies within a leave; one that it takes the place of is named."""
    now, today = known.preferences, _today(message, known)
    old = now.away_until
    if since is not None and old is not None and now.away(since) and day <= old:
        since, day = now.away_from, old
    key = "set" if since is None else "skip" if day - since == timedelta(days=1) else "later"
    blocks: list[Block] = [Para(_say(key, since or today, day, wording))]
    if old is not None and old > today and (since or now.away_from) and (since, day) != (now.away_from, old):
        blocks.append(Note(_say("instead", now.away_from or today, old, wording)))
    if any(one.audience.shared for one in visible(message, known)):
        blocks.append(Note(wording.say("schedules.rest.team")))
    fact = PreferencesSet(replace(now, away_until=day, away_from=since))
    return Turn((Reply(tuple(blocks), choices(wording)),), (fact,))


def _say(key: str, start: date, day: date, wording: Wording) -> Text:
    return wording.say(f"schedules.rest.{key}", start=on(start, wording), day=on(day, wording))


def _day(wish: Wish) -> date:
    """The day it ends; after some hours, the next one."""
    end = wish.until
    if isinstance(end, datetime):
        return end.date() + timedelta(days=1)
    return end or date.min


def _today(message: Message, known: Known) -> date:
    return local(message.at, zone_of(message, known) or Zone("UTC")).date()
