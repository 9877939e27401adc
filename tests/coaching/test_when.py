"""Time: one occurrence per selected local date, at the wall clock it says, said and heard in plain words."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching.people import WORKDAYS, Day, For, Person, Place, Room, Schedule, Slot, Zone
from coaching.turn import Known, Preferences
from coaching.values import Message, Moment, Opened
from coaching.when import (
    UnknownZoneError,
    clock,
    local,
    moment,
    occurrence,
    occurrences,
    resting,
    settled,
    soonest,
    spoken,
    upcoming,
    zone,
    zone_of,
    zones,
)

BERLIN = Zone("Europe/Berlin")
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday, 09:00 in Berlin
EVERY = frozenset(Day)
TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))
SLOTS = st.builds(
    Slot,
    st.sampled_from(zones()).map(Zone),
    TIMES,
    st.frozensets(st.sampled_from(Day), min_size=1),
)


def at(text, zone="Europe/Berlin"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def wall(instant, where):
    return local(instant, where).replace(tzinfo=None)


def in_gap(moment_there, where):
    """The wall clock jumps over this moment."""
    there = moment_there.replace(tzinfo=ZoneInfo(where.name))
    return there.astimezone(UTC).astimezone(there.tzinfo).replace(tzinfo=None) != moment_there


def changes(where, first=date(2026, 1, 1), days=730):
    """The local dates on which the clocks change."""
    tz = ZoneInfo(where.name)
    noons = [datetime.combine(first + timedelta(days=n), time(12), tz) for n in range(days)]
    return [b.date() for a, b in pairwise(noons) if a.utcoffset() != b.utcoffset()]


def check(slot, day):
    """The one occurrence of this date is at the slot's own wall clock, or just after a gap."""
    instant, wished = occurrence(day, slot.at, slot.zone), datetime.combine(day, slot.at)
    assert instant.utcoffset() == timedelta(0)
    if in_gap(wished, slot.zone):
        assert wall(instant, slot.zone) > wished
        assert wall(instant - timedelta(minutes=1), slot.zone) < wished
    else:
        assert wall(instant, slot.zone) == wished
        assert all(wall(instant - timedelta(minutes=m), slot.zone) != wished for m in (30, 60, 120))


# ---------------------------------------------------------------- instants


@settings(max_examples=200)
@given(SLOTS, st.integers(0, 2500).map(lambda d: NOW - timedelta(days=800) + timedelta(days=d)))
def test_one_occurrence_for_each_selected_local_date(slot, after):
    """None is skipped, none comes twice, and they come in order, whatever the clocks do."""
    found = list(islice(occurrences(slot, after), 60))
    dates, instants = [d for d, _ in found], [i for _, i in found]
    span = [dates[0] + timedelta(days=n) for n in range((dates[-1] - dates[0]).days + 1)]
    assert dates == [d for d in span if Day(d.isoweekday()) in slot.days]
    assert all(a < b for a, b in pairwise([after, *instants]))
    earlier = dates[0] - timedelta(days=1)
    while Day(earlier.isoweekday()) not in slot.days:
        earlier -= timedelta(days=1)
    assert occurrence(earlier, slot.at, slot.zone) <= after
    for day in dates:
        check(slot, day)


def test_every_clock_change_of_every_zone():
    """Around each change of the clocks in two years, in all zones, at the hours where it can go wrong."""
    changed = 0
    for name in zones():
        for day in changes(Zone(name)):
            changed += 1
            for hour, minute in ((0, 0), (0, 30), (1, 30), (2, 0), (2, 30), (3, 0), (23, 30)):
                slot = Slot(Zone(name), time(hour, minute), EVERY)
                days = [day + timedelta(days=n) for n in (-1, 0, 1)]
                start = occurrence(days[0], slot.at, slot.zone) - timedelta(seconds=1)
                assert [d for d, _ in islice(occurrences(slot, start), 3)] == days
                for one in days:
                    check(slot, one)
    assert changed > 500


@pytest.mark.parametrize(
    ("name", "day", "hour", "there"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T03:00:00+02:00"),  # gap
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T02:30:00+02:00"),  # first of two
        ("Africa/Cairo", date(2026, 4, 24), time(0, 0), "2026-04-24T01:00:00+03:00"),  # midnight gap
        ("America/Nuuk", date(2026, 3, 28), time(23, 30), "2026-03-29T00:00:00-01:00"),  # gap up to midnight
    ],
)
def test_known_clock_changes(name, day, hour, there):
    """Gap, fold and midnight gap, as the rule of time has them."""
    assert local(occurrence(day, hour, Zone(name)), Zone(name)).isoformat() == there


def test_a_date_that_a_zone_leaves_out_is_skipped():
    """Apia had no 30 December 2011."""
    slot = Slot(Zone("Pacific/Apia"), time(9), EVERY)
    found = [d.day for d, _ in islice(occurrences(slot, datetime(2011, 12, 28, tzinfo=UTC)), 3)]
    assert found == [28, 29, 31]


def test_no_days_never_fall_due():
    """A slot without days ends at once, and the calendar's end is not overrun."""
    assert list(occurrences(Slot(BERLIN, time(9), frozenset()), NOW)) == []
    late = datetime(9999, 12, 25, tzinfo=UTC)
    assert len(list(occurrences(Slot(BERLIN, time(9), EVERY), late))) <= 7


@pytest.mark.parametrize("name", ["Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin"])
def test_both_ends_of_the_calendar(name):
    """A clock that is wrong by thousands of years finds the next date, or none; it is never an error."""
    slot = Slot(Zone(name), time(9), EVERY)
    assert next(occurrences(slot, datetime.max.replace(tzinfo=UTC)), None) is None
    assert next(occurrences(slot, datetime.min.replace(tzinfo=UTC)))[0].year == 1
    assert next(occurrences(slot, datetime(1900, 1, 1, tzinfo=UTC)))[0] == date(1900, 1, 1)


def test_zones_are_checked():
    """Only places of the tz database are zones; the refusal says how one is written."""
    assert zone("Europe/Berlin") == BERLIN
    for odd in ("Berlin", "Mars/Base", "../etc/passwd", "America", "", "a\0b", "Europe/Berlin\n", "x" * 300):
        with pytest.raises(UnknownZoneError, match="Continent/City"):
            zone(odd)
    assert "UTC" in zones()


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("09:00", time(9)),
        ("9:05", time(9, 5)),
        (" 23:59 ", time(23, 59)),
        ("24:00", None),
        ("9", None),
        ("٠٩:٠٠", None),
    ],
)
def test_clock(text, result):
    """A form's time is HH:MM and nothing else."""
    assert clock(text) == result


def test_zone_of_a_person():
    """What they set goes before what the platform knows; a place that does not exist is no help."""
    who, where = Person("web", "local", "U1"), Place("web", "local", "D1")

    def message(hint):
        return Message("m", who, where, NOW, Opened("chat"), hint)

    assert zone_of(message(Zone("Asia/Manila")), Known()) == Zone("Asia/Manila")
    assert zone_of(message(Zone("Asia/Manila")), Known(preferences=Preferences(zone=BERLIN))) == BERLIN
    assert zone_of(message(Zone("Mars/Base")), Known()) is None
    assert zone_of(message(None), Known()) is None


# ---------------------------------------------------------------- resting


@pytest.mark.parametrize(
    ("preferences", "rests"),
    [
        (Preferences(), False),
        (Preferences(away_until=date(2026, 3, 3)), True),
        (Preferences(away_until=date(2026, 3, 2)), False),
        (Preferences(days_off=frozenset({Day.MON})), True),
        (Preferences(days_off=frozenset({Day.TUE})), False),
        (Preferences(quiet_from=time(8), quiet_until=time(10)), True),
        (Preferences(quiet_from=time(9), quiet_until=time(9)), False),
        (Preferences(quiet_from=time(7), quiet_until=time(9)), False),
        (Preferences(quiet_from=time(20), quiet_until=time(9, 30)), True),
        (Preferences(quiet_from=time(20), quiet_until=time(7)), False),
        (Preferences(quiet_from=time(8)), False),
    ],
)
def test_resting(preferences, rests):
    """Monday 09:00 in Berlin."""
    assert resting(preferences, NOW, BERLIN) is rests


def test_upcoming_leaves_out_what_rests():
    """What is announced is what will come."""
    slot = Slot(BERLIN, time(9, 30), EVERY)
    away = Preferences(away_until=date(2026, 3, 13), days_off=frozenset({Day.SAT, Day.SUN}))
    assert [d.isoformat() for d, _ in upcoming(slot, NOW, away)] == ["2026-03-13", "2026-03-16", "2026-03-17"]
    assert [d.day for d, _ in upcoming(slot, NOW, Preferences())] == [2, 3, 4]
    assert upcoming(slot, NOW, Preferences(quiet_from=time(9), quiet_until=time(10))) == ()
    had = frozenset({date(2026, 3, 3)})
    assert [d.day for d, _ in upcoming(slot, NOW, Preferences(), 2, had)] == [2, 4]
    midnight = Slot(BERLIN, time(0), EVERY)
    assert upcoming(midnight, NOW, Preferences(away_until=date(2026, 3, 13)), 1)[0][0] == date(2026, 3, 13)
    later = Preferences(away_from=date(2026, 3, 3), away_until=date(2026, 3, 5))
    assert [d.day for d, _ in upcoming(slot, NOW, later)] == [2, 5, 6]
    assert [later.away(date(2026, 3, day)) for day in (2, 3, 4, 5)] == [False, True, True, False]


# ---------------------------------------------------------------- spoken


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (EVERY, "every day at 09:05, Berlin time"),
        (WORKDAYS, "every weekday at 09:05, Berlin time"),
        ({Day.FRI}, "every Friday at 09:05, Berlin time"),
        ({Day.FRI, Day.MON, Day.WED}, "every Mon, Wed and Fri at 09:05, Berlin time"),
    ],
)
def test_spoken(playbook, days, said):
    """A slot as a person would say it."""
    assert spoken(Slot(BERLIN, time(9, 5), frozenset(days)), playbook.wording) == said


def test_moment(playbook):
    """Within a week the day is enough; later and in the past the date is said."""
    words = playbook.wording
    assert moment(at("2026-03-02T10:00"), NOW, BERLIN, words) == "Monday 10:00, Berlin time"
    assert moment(at("2026-03-08T10:00"), NOW, BERLIN, words) == "Sunday 10:00, Berlin time"
    assert moment(at("2026-03-09T10:00"), NOW, BERLIN, words) == "Monday 9 March 2026, 10:00, Berlin time"
    assert moment(at("2026-03-01T10:00"), NOW, Zone("UTC"), words) == "Sunday 1 March 2026, 09:00, UTC"


def test_soonest(playbook):
    """The next of all that run; a person's rest holds back their own, not the team's."""
    person, channel = Place("web", "local", "D1"), Place("web", "local", "C1", Room.CHANNEL)
    mine = Schedule(1, For.ME, Slot(BERLIN, time(10), EVERY), person, "U1")
    paused = Schedule(2, For.ME, Slot(BERLIN, time(9, 30), EVERY), person, "U1", paused=True)
    team = Schedule(3, For.TEAM, Slot(BERLIN, time(11), EVERY), channel, "U1")
    away = Preferences(away_until=date(2026, 3, 4))
    assert soonest([team, paused, mine], NOW, Known(), playbook.wording) == "Monday 10:00, Berlin time"
    assert (
        soonest([team, paused, mine], NOW, Known(preferences=away), playbook.wording)
        == "Monday 11:00, Berlin time"
    )
    assert soonest([paused], NOW, Known(preferences=away), playbook.wording) is None


def test_a_moment_is_its_words_and_its_instant(playbook):
    """In a sentence it stays a moment, for a platform that can show it on the reader's own clock."""
    then = at("2026-03-02T10:00")
    text = playbook.wording.say("help.home.next", moment=moment(then, NOW, BERLIN, playbook.wording))
    (found,) = (piece for piece in text if isinstance(piece, Moment))
    assert (found.at, "".join(text)) == (then, "Next reminder Monday 10:00, Berlin time")


def test_settled(playbook):
    """Every setting has its line; what is not set has none, but for the zone."""

    def lines(preferences):
        return ["".join(line) for line in settled(preferences, playbook.wording)]

    assert lines(Preferences()) == ["Time zone: not set yet"]
    full = Preferences(BERLIN, True, time(20), time(7), frozenset({Day.SUN, Day.SAT}), date(2026, 8, 31))
    assert lines(full) == [
        "Time zone: Europe/Berlin",
        "Quiet hours: 20:00 to 07:00",
        "Days off: Sat and Sun",
        "On leave, back on 31 August 2026",
        "Short answers: on",
    ]
