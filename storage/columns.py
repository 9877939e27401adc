"""Kinds of columns: values of ours that both databases keep as numbers."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Dialect, Double, SmallInteger
from sqlalchemy.types import TypeDecorator, TypeEngine

from coaching.people import Day

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Kept(TypeDecorator[Any]):
    """A value of ours, kept as a number: `write` makes the number, `read` the value."""

    impl = Double
    cache_ok = True

    def __init__(
        self, impl: TypeEngine[Any], write: Callable[[Any], float], read: Callable[[Any], object]
    ) -> None:
        super().__init__()
        self.impl, self.write, self.read = impl, write, read

    def process_bind_param(self, value: Any, dialect: Dialect) -> float | None:  # noqa: ANN401, D102, ARG002 # pyrefly: ignore
        return None if value is None else self.write(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> object:  # noqa: ANN401, D102, ARG002 # pyrefly: ignore
        return None if value is None else self.read(value)


def _seconds(instant: datetime) -> float:
    return (instant - _EPOCH).total_seconds()


def _instant(seconds: float) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def _bits(days: frozenset[Day]) -> int:
    return sum(1 << (day.value - 1) for day in days)


@cache
def _days(bits: int) -> frozenset[Day]:
    return frozenset(day for day in Day if bits >> (day.value - 1) & 1)


INSTANT = Kept(Double(), _seconds, _instant)  # an aware UTC datetime, as seconds since 1970
TIME = Kept(SmallInteger(), _minutes, _time)  # a local time, as minutes since midnight
DAYS = Kept(SmallInteger(), _bits, _days)  # days of the week, one bit each; Monday is 1
