"""Which question a team is asked next: a theme a week, none twice within 90 days; nobody is counted."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from coaching.learned import Aired
from coaching.people import Place, Schedule
from coaching.playbook.questions import Question
from coaching.playbook.reader import Playbook
from coaching.values import Block, Choice, Heading, Letter, Note, Own, Para, Reply

AGAIN = timedelta(days=90)  # until a channel may be asked the same once more


def theme(schedule: Schedule, day: date, playbook: Playbook) -> str:
    """The rule of this week: the chosen one, else each week another, in an order of the channel's own."""
    if schedule.theme in playbook.rules:
        return schedule.theme
    week = (day.toordinal() - 1) // 7  # day 1 of the calendar is a Monday
    order = _order(schedule.to, playbook.rules)
    return order[week % len(order)]


def question(schedule: Schedule, day: date, aired: Iterable[Aired], playbook: Playbook) -> Question | None:
    """What this reminder asks on this day. None: the channel had today's already, or all of them of late.

    The same once more where the same letter is made again, so that a second try is no second question.
    """
    there = [one for one in aired if one.channel == schedule.to.id]
    known = {one.id: one for one in playbook.questions}
    today = [one for one in there if one.on == day]
    made = next((one.tip for one in today if one.reminder == schedule.id), "")
    if made in known:
        return known[made]
    if any(not one.reminder for one in today):
        return None
    return fresh(schedule, day, there, playbook)


def fresh(schedule: Schedule, day: date, aired: Iterable[Aired], playbook: Playbook) -> Question | None:
    """One the channel was not asked of late: of the theme; where that is used up, of the next ones."""
    said = {one.tip for one in aired if one.channel == schedule.to.id and abs(day - one.on) < AGAIN}
    return next((one for one in _in_turn(schedule, day, playbook) if one.id not in said), None)


def shown(found: Question, playbook: Playbook) -> tuple[Block, ...]:
    """The question under the name of its rule; whoever likes answers."""
    note = Note(playbook.wording.say("tips.team.open"))
    return Heading((playbook.rules[found.rule].title,)), Para((found.ask,)), note


def posted(found: Question, schedule: Schedule, day: date, playbook: Playbook) -> Letter:
    """The question as a channel sees it, with a button to stop these tips for everyone."""
    label, value, who = playbook.wording.label, str(schedule.id), f"@{schedule.set_by}"
    note = Note(playbook.wording.say(f"tips.set_by.{schedule.to.platform}", who=who))  # in Slack no name: it
    stop = Choice(label("tips.button.stop"), "schedules.stop", value)  # would notify them every day
    own = Own(schedule.set_by, (Choice(label("tips.button.change"), "schedules.change", value),))
    reply = Reply((*shown(found, playbook), note), (stop,), only_you=False, own=own)
    return Letter(schedule.to, found.rule, day, reply)


def _in_turn(schedule: Schedule, day: date, playbook: Playbook) -> Iterator[Question]:
    """All of them: the theme's first, then those of the weeks to come."""
    order = _order(schedule.to, playbook.rules)
    first = order.index(theme(schedule, day, playbook))
    by_id = {one.id: one for one in playbook.questions}
    for rule in (*order[first:], *order[:first]):
        yield from (by_id[name] for name in _order(schedule.to, by_id) if by_id[name].rule == rule)


def _order(channel: Place, names: Iterable[str]) -> list[str]:
    """An order of this channel's own, always the same."""
    seed = f"{channel.platform}\0{channel.tenant}\0{channel.id}"

    def chance(name: str) -> bytes:
        return hashlib.blake2b(f"{seed}\0{name}".encode("utf-8", "replace"), digest_size=8).digest()

    return sorted(names, key=chance)
