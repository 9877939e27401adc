"""A wish as one JSON object, in the form that `breather triage --jsonl` prints."""

from datetime import date, datetime
from typing import Any

from coaching.people import LAST, Dates, Day, Weeks
from coaching.when.wishes import Act, When, Wish

_RUN = 3  # so many days in a row are written as a range


def as_json(wish: Wish) -> dict[str, Any]:
    """The object; what does not apply is None. One that goes on again is an update to nothing else."""
    line: dict[str, Any] = dict.fromkeys(("cron", "timezone", "channel", "run_at", "until", "target", "to"))
    line = {"action": "update" if wish.act is Act.RESUME else wish.act.value, **line}
    if wish.target is not None:
        line["target"] = wish.target.reveal()
    match wish.act:
        case Act.CREATE:
            line |= _set(wish.when) | {"timezone": wish.zone.name}
            line["channel"] = wish.channel.reveal() if wish.channel else None
        case Act.PAUSE if wish.until is not None:
            line["until"] = _instant(wish.until)
        case Act.UPDATE:
            line["to"] = _moved(wish)
    return line


def cron(when: When) -> str:
    """The five fields. The times must share their minute; see `understood`, which sees to it."""
    hours = ",".join(str(at.hour) for at in sorted(when.times))
    minute = when.times[0].minute
    match when.only:
        case Dates(numbers=numbers):
            return f"{minute} {hours} {','.join(map(str, sorted(numbers)))} * *"
        case Weeks(numbers=numbers):
            ends = ["L" if number == LAST else str(number) for number in sorted(numbers)]
            names = [day.name for day in Day if day in when.days]
            return f"{minute} {hours} * * {','.join(f'{name}#{end}' for name in names for end in ends)}"
    return f"{minute} {hours} * * {weekdays(when.days)}"


def weekdays(days: frozenset[Day]) -> str:
    """Such as "MON-FRI", "MON,WED,FRI", "*"."""
    order = [day for day in Day if day in days]
    if len(order) == len(Day):
        return "*"
    whole = len(order) == order[-1].value - order[0].value + 1
    if whole and len(order) >= _RUN:
        return f"{order[0].name}-{order[-1].name}"
    ahead = [day for day in order if day is not Day.SUN]
    if order[-1] is Day.SUN and ahead == list(Day)[: len(ahead)] and _RUN <= len(order) < len(Day) - 1:
        return f"SUN-{ahead[-1].name}"  # a week that begins on Sunday
    return ",".join(day.name for day in order)


def _set(when: When) -> dict[str, Any]:
    if isinstance(when.only, date):
        return {"run_at": _instant(datetime.combine(when.only, when.times[0]))}
    return {"cron": cron(when)}


def _moved(wish: Wish) -> dict[str, Any]:
    when = wish.when
    to: dict[str, Any] = {}
    if when.times and when.dated:
        to |= _set(when)
    elif when.times:
        to["time"] = f"{when.times[0]:%H:%M}"
    elif when.days:
        to["days"] = weekdays(when.days)
    if when.zone is not None:
        to["timezone"] = when.zone.name
    if wish.channel is not None:
        to["channel"] = wish.channel.reveal()
    return to


def _instant(when: date | datetime) -> str:
    return when.isoformat(timespec="minutes") if isinstance(when, datetime) else when.isoformat()
