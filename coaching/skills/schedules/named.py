"""Which of the reminders a person may see is meant by the words for it."""

from coaching.people import Day, For, Schedule
from coaching.skills.schedules.listing import visible
from coaching.turn import Known
from coaching.values import Message
from coaching.when import Wish

_ALL = frozenset(Day)


def named(wish: Wish, message: Message, known: Known) -> tuple[Schedule, ...]:
    """Those that fit: all of the person's own, the ones at that time or on those days, or the only one."""
    there = visible(message, known)
    own = tuple(one for one in there if one.audience is For.ME)
    if wish.every:
        return own
    if wish.channel is not None:
        return tuple(one for one in there if one.audience is For.TEAM)
    fitting = tuple(one for one in there if _fits(wish, one))
    exact = tuple(one for one in fitting if one.slot.days == wish.which.days)
    return exact if len(fitting) > 1 and exact else fitting


def _fits(wish: Wish, schedule: Schedule) -> bool:
    """Whether nothing that was said speaks against it."""
    which, slot = wish.which, schedule.slot
    timed = not which.times or slot.at in which.times
    days = which.days if which.days != _ALL or slot.days == _ALL else frozenset()
    return timed and days <= slot.days and (which.only is None or which.only == slot.only)
