"""In the morning or in the afternoon: a bare hour is settled by what is said around it, or asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from itertools import islice, product

from coaching.when.clocks import Clock, at
from coaching.when.group import Group, half_of


class UnsureError(ValueError):
    """An hour that could be either, or one that no clock shows."""


def times_of(group: Group) -> tuple[time, ...] | None:
    """The times of a group in order, without doubles; None where one could be either half of the day.

    Raises UnsureError for a time that does not exist or contradicts what is said around it.
    """
    found: list[time] = []
    if not all(clock.real for clock in group.clocks):
        raise UnsureError
    for index, clock in enumerate(group.clocks):
        settled = _settled(clock, group, found, group.clocks[index + 1 :])
        if settled.half == "!":
            raise UnsureError
        if not settled.half:
            return None
        found.append(at(settled))
    return tuple(dict.fromkeys(found))


def both(group: Group) -> tuple[tuple[time, ...], ...]:
    """The times a group may mean: each bare hour in the morning, and in the afternoon."""
    halves = [(clock.half,) if clock.half else ("a", "p") for clock in group.clocks]
    ways = (
        tuple(at(replace(clock, half=half)) for clock, half in zip(group.clocks, way, strict=True))
        for way in product(*halves)
    )
    return tuple(islice(ways, 2))


def _settled(clock: Clock, group: Group, earlier: Sequence[time], later: Sequence[Clock]) -> Clock:
    parts = set(group.parts)
    if clock.half:
        return clock if _fits(clock, parts, len(group.clocks)) else replace(clock, half="!")
    halves = {half_of(part, clock.hour) for part in parts}
    if len(halves) == 1:
        return replace(clock, half=halves.pop())
    if group.late != group.early and not (group.late and 8 <= clock.hour <= 11):
        return replace(clock, half="p" if group.late else "a")
    return replace(clock, half=_guessed(clock, earlier, later))


def _guessed(clock: Clock, earlier: Sequence[time], later: Sequence[Clock]) -> str:
    """A working morning from 8, noon, and the afternoon behind a morning; "" is not known."""
    if clock.hour == 12:
        return "p"
    if earlier:
        return _behind(clock, earlier[-1].hour)
    following = later[0] if later else Clock(0)
    if clock.hour < following.hour < 12 and following.half == "p":
        return "p" if clock.hour <= 7 else ""
    if clock.hour < following.hour and following.half == "a":
        return "a"
    plain = any(other.half == "24" and other.hour > 12 for other in later)  # written with 24 hours
    return "a" if plain or 8 <= clock.hour <= 11 else ""


def _behind(clock: Clock, before: int) -> str:
    """The second of several: "9 and 5", "1 and 4"; 9 behind a later hour is not known."""
    if clock.hour <= 7:
        return "p" if 8 <= before < 12 or (before >= 12 and clock.hour + 12 > before) else ""
    return "a" if before < clock.hour else ""


def _fits(clock: Clock, parts: set[str], many: int) -> bool:
    """Whether a clock's own half of the day agrees with what is said around it."""
    if len(parts) != 1 or many > 1:
        return True
    spans = {"morning": (0, 12), "afternoon": (12, 19), "evening": (15, 24)}
    first, last = spans.get(next(iter(parts)), (0, 24))
    return first <= at(clock).hour < last
