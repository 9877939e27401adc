"""What was said once for several schedules: the days, the times, the place; the flags of the whole clause."""

from collections.abc import Sequence

from coaching.when.group import Group


def shared(groups: list[Group]) -> list[Group]:
    """The groups, each with what was said for all of them."""
    zones = {group.zone for group in groups} - {None}
    unsure = len(groups) > 1 and groups[0].channel and not any(group.channel for group in groups[1:])
    channels = {group.channel for group in groups} - {None}
    for number, group in enumerate(groups):
        group.zone = group.zone or (next(iter(zones)) if len(zones) == 1 else None)
        if group.channel is None and len(channels) == 1:
            group.channel = "" if unsure and not groups[0].led else next(iter(channels))
        near = groups[number - 1] if number else groups[-1]
        if not group.dated and near.dated:
            group.days, group.dates, group.numbers = near.days, near.dates, near.numbers
            group.excluded = near.excluded
        group.odd = group.odd or any(other.odd for other in groups)
        group.many = any(other.many for other in groups)
        group.weekly = any(other.weekly for other in groups) or _each_week(groups)
        group.monthly = group.monthly or (
            number == 0 and any(o.monthly for o in groups) and bool(group.numbers)
        )
        group.once = group.once or (_single(group) and any(_dated(other) for other in groups))
    return groups


def _single(group: Group) -> bool:
    """A bare "Sunday"."""
    return bool(group.days) and not group.weekly and not any(one.each or one.weeks for one in group.days)


def _dated(group: Group) -> bool:
    """Whether it is for once: "tomorrow at 8, and Sunday at 9"."""
    return bool(group.dates or group.instants) and not group.days


def _each_week(groups: Sequence[Group]) -> bool:
    """Whether bare days are meant each week: others are, or there are several."""
    named = [group for group in groups if group.days and not group.dates]
    each = any(one.each and not one.weak for group in named for one in group.days)
    return len(named) > 1 and (
        each or all(len(group.days) == 1 for group in named) or any(len(g.days) > 1 for g in named)
    )
