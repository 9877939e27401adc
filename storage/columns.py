"""Kinds of columns: values of ours that both databases keep as numbers."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Dialect, Double, SmallInteger
from sqlalchemy.types import TypeDecorator, TypeEngine

from coaching.people import LAST, Dates, Day, Only, Weeks

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Kept(TypeDecorator[Any]):
    """A value of ours, kept as a number: `write` makes the number, `read` the value."""

    impl = Double
    cache_ok = True

    def __init__(
        self,
        impl: TypeEngine[Any],
        write: Callable[[Any], float],
        read: Callable[[Any], object],
        empty: float | None = None,
    ) -> None:
        super().__init__()
        self.impl, self.write, self.read, self.empty = impl, write, read, empty

    def process_bind_param(self, value: Any, dialect: Dialect) -> float | None:  # noqa: ANN401, D102, ARG002 # pyrefly: ignore
        return self.empty if value is None else self.write(value)

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


_A_DATE = 40  # bits below the number of a single date; the days of a month lie above its weeks
_MONTH = 8


def _narrowed(only: Weeks | Dates | date) -> int:
    match only:
        case Weeks(numbers=numbers):
            return sum(1 << number for number in numbers)
        case Dates(numbers=numbers):
            return sum(1 << (_MONTH + number) for number in numbers)
    return only.toordinal() << _A_DATE


@cache
def _only(number: int) -> Only:
    if number >> _A_DATE:
        return date.fromordinal(number >> _A_DATE)
    weeks = frozenset(n for n in range(1, LAST + 1) if number >> n & 1)
    dates = frozenset(n for n in range(1, 32) if number >> (_MONTH + n) & 1)
    return Weeks(weeks) if weeks else Dates(dates) if dates else None


SINGLE = 1 << _A_DATE  # from here on it is one date; below it, above 0, it comes within a season
INSTANT = Kept(Double(), _seconds, _instant)  # an aware UTC datetime, as seconds since 1970
TIME = Kept(SmallInteger(), _minutes, _time)  # a local time, as minutes since midnight
DAYS = Kept(SmallInteger(), _bits, _days)  # days of the week, one bit each; Monday is 1
ONLY = Kept(BigInteger(), _narrowed, _only, empty=0)  # to which of those days it is narrowed; 0 to none
