"""The rule of time, over every zone of the tz database: each local date has its reminder, and one only."""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from coaching.when import occurrence
from tools import check_dst
from tools.check_dst import TIMES, Tally, check, check_changes, main, right

ZONES = sorted(available_timezones())


def clean(tally):
    return (tally.missed, tally.doubled, tally.wrong) == (0, 0, 0)


def test_every_zone_around_its_changes():
    """All zones, the days around each change of 2026, at the hours where it can go wrong."""
    tally = sum((check_changes(name, 2026) for name in ZONES), Tally())
    assert clean(tally), tally
    assert tally.seen > 9_000


def test_ten_years_of_some_zones():
    """A few zones and times, always the same ones, day by day."""
    chance = random.Random(5)
    tally = Tally()
    for name in chance.sample(ZONES, 30):
        tally += check(name, chance.choice(TIMES), date(2024, 1, 1), date(2033, 12, 31))
    assert clean(tally), tally
    assert tally.seen == 30 * 3653


@pytest.mark.parametrize(
    ("name", "first", "last", "seen"),
    [
        ("Pacific/Apia", date(2011, 12, 25), date(2012, 1, 5), 11),  # no 30 December
        ("Pacific/Kwajalein", date(1993, 8, 15), date(1993, 8, 30), 15),  # no 21 August
        ("America/Nuuk", date(2026, 3, 20), date(2026, 4, 5), 17),  # the gap ends at midnight
        ("Africa/Cairo", date(2026, 4, 20), date(2026, 4, 30), 11),  # the gap begins at midnight
        ("Pacific/Kwajalein", date(1969, 9, 20), date(1969, 10, 10), 21),  # 23 hours come twice
        ("Europe/Amsterdam", date(1900, 1, 1), date(1901, 12, 31), 730),  # minutes and seconds off
        ("Pacific/Kiritimati", date(9999, 1, 1), date(9999, 12, 29), 363),
    ],
)
def test_odd_places(name, first, last, seen):
    """Dates left out, gaps at midnight, days that come nearly twice, the first and last years."""
    for at in (*TIMES, time(23, 59)):
        tally = check(name, at, first, last)
        assert clean(tally), (at, tally)
        assert tally.seen == seen


def test_the_judge_is_not_blind(monkeypatch, capsys):
    """A rule that takes the second of two, leaves a day out or does one twice is found out."""
    berlin, twice = ZoneInfo("Europe/Berlin"), date(2026, 10, 25)
    first = occurrence(twice, time(2, 30), check_dst.Zone("Europe/Berlin"))
    assert right(twice, time(2, 30), first, berlin)
    assert not right(twice, time(2, 30), first + timedelta(hours=1), berlin)
    assert not right(date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC), berlin)
    real = check_dst.occurrences

    def odd(slot, after):
        for day, instant in real(slot, after):
            if day != date(2024, 2, 3):
                yield day, instant
            if day == date(2024, 2, 5):
                yield day, instant

    monkeypatch.setattr(check_dst, "occurrences", odd)
    assert check("Europe/Berlin", time(9), date(2024, 2, 1), date(2024, 2, 9)) == Tally(9, 1, 1, 1)
    monkeypatch.setattr(check_dst, "available_timezones", lambda: {"Europe/Berlin"})
    assert main(["--years", "1"]) == 1
    assert "8 missed, 8 doubled" in capsys.readouterr().out


def test_one_line(monkeypatch, capsys):
    """What the long form prints."""
    monkeypatch.setattr(check_dst, "available_timezones", lambda: {"Africa/Cairo"})
    assert main(["--years", "1"]) == 0
    line = "1 zones, 1 years, 8 times of day: 2,928 occurrences, 0 missed, 0 doubled, 0 at a wrong time\n"
    assert capsys.readouterr().out == line
