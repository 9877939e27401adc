"""What people are told of their reminders: the next one that is said is the one that comes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, event, select
from sqlalchemy.pool import StaticPool

from coaching.kept import Outcome
from coaching.people import WORKDAYS, Day, For, Person, Slot, Zone
from coaching.ports import Later, Posted
from coaching.turn import Preferences, PreferencesSet, ScheduleMoved, SchedulePaused, ScheduleSet
from coaching.when import following, resting
from storage import falling_due, history, ledger, memory, sqlite
from storage.memory import StoredMemory
from storage.tables import delivery, metadata, slot
from tests.players.desk import ANN, BERLIN, CHANNEL, DM, LEASE, MONDAY, SUNDAY, Desk


@pytest.fixture
def desk(database):
    return Desk(database)


async def test_next_is_always_true(desk):
    """Not today if it came today, not while paused, not while the person rests, nothing of strangers."""
    await desk.set()
    assert await desk.next(SUNDAY) == MONDAY
    await desk.fell_due(MONDAY)
    await desk.keep(ScheduleMoved(1, Slot(BERLIN, time(10), WORKDAYS)), at=MONDAY)
    assert await desk.next(MONDAY) == MONDAY + timedelta(hours=1)  # not sent yet: it comes at the new time
    await desk.fell_due(MONDAY + timedelta(hours=1))
    (claim,) = await desk.claim(MONDAY + timedelta(hours=1))
    await desk.settle(claim, Posted.SENT)
    await desk.keep(ScheduleMoved(1, Slot(BERLIN, time(11), WORKDAYS)), at=MONDAY + timedelta(hours=1))
    assert await desk.next(MONDAY + timedelta(hours=1)) == MONDAY + timedelta(days=1, hours=2)
    away = Preferences(days_off=frozenset({Day.TUE}), away_until=date(2026, 3, 5))
    await desk.keep(PreferencesSet(away))
    assert await desk.next(MONDAY) == MONDAY + timedelta(days=3, hours=2)
    await desk.keep(PreferencesSet(Preferences(quiet_from=time(10), quiet_until=time(12))))
    assert await desk.next(MONDAY) is None
    await desk.keep(PreferencesSet(Preferences()), SchedulePaused(1, True))
    assert await desk.next(MONDAY) is None
    assert await desk.next(MONDAY, who=Person("web", "local", "U9")) is None
    assert await desk.lately(who=Person("web", "local", "U9")) == []


async def test_one_that_still_waits_is_the_next(desk):
    """It fell due, and its turn comes in ten minutes: today's is told, until it has come or is too late."""
    await desk.set()
    await desk.fell_due(MONDAY)
    (claim,) = await desk.claim(MONDAY)
    tomorrow, soon = MONDAY + timedelta(days=1), MONDAY + timedelta(minutes=10)
    assert await desk.next(MONDAY) == tomorrow  # it is just being sent
    await desk.settle(claim, Later(600))
    assert await desk.next(MONDAY) == soon
    late = MONDAY + timedelta(minutes=20)
    assert await desk.next(late) == late  # at any moment
    assert await desk.next(MONDAY + timedelta(hours=2, seconds=1)) == tomorrow
    await desk.keep(PreferencesSet(Preferences(quiet_from=time(9, 5), quiet_until=time(9, 15))), at=MONDAY)
    assert await desk.next(MONDAY) == tomorrow  # it would come while they want none
    await desk.keep(PreferencesSet(Preferences()), at=MONDAY)
    (claim,) = await desk.claim(soon)
    await desk.settle(claim, Posted.SENT, soon)
    assert await desk.next(soon) == tomorrow


async def test_a_team_tip_does_not_rest_with_its_setter(desk):
    """Whoever set it may be on leave; the channel gets its tip. Everybody there sees its history."""
    await desk.set(to=CHANNEL)
    await desk.keep(PreferencesSet(Preferences(away_until=date(2027, 1, 1))))
    assert await desk.next(SUNDAY, where=CHANNEL) == MONDAY
    await desk.fell_due(MONDAY)
    other = Person("web", "local", "U9")
    assert await desk.lately(who=other, where=CHANNEL) == [("03-02", Outcome.WAITING)]
    assert await desk.lately(who=other) == []


# --------------------------------------------------------------------------- always true

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = [
    Zone(name)
    for name in ("Europe/Berlin", "Africa/Cairo", "America/Santiago", "America/Nuuk", "Pacific/Auckland")
]
TIMES = st.sampled_from([time(0), time(0, 30), time(2, 30), time(9), time(23, 30)])
SLOTS = st.builds(
    Slot,
    st.sampled_from(ZONES),
    TIMES,
    st.just(frozenset(Day)) | st.frozensets(st.sampled_from(Day), min_size=1),
)
CLOCKS = st.none() | TIMES
RESTS = st.builds(
    Preferences,
    quiet_from=CLOCKS,
    quiet_until=CLOCKS,
    days_off=st.frozensets(st.sampled_from(Day), max_size=3),
    away_until=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
STARTS = st.integers(0, 330 * 24 * 60).map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes))
ROUNDS = st.lists(st.tuples(SLOTS, st.just(Preferences()) | RESTS, st.integers(0, 5)), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def kept():
    """A database in memory, with our settings and tables."""
    made = create_engine("sqlite://", poolclass=StaticPool, connect_args={"isolation_level": None})
    event.listen(made, "connect", sqlite._set_up)
    event.listen(made, "begin", sqlite._begin)
    metadata.create_all(made)
    yield made
    made.dispose()


def told(connection, now):
    """What the list and the home page say."""
    known = memory.recall(connection, ANN, DM)
    known = replace(known, lately=history.lately(connection, ANN, DM))
    return following(known.schedules[0], now, known)


def comes(connection, rest, until):
    """Run clock and courier up to a time; when the next reminder was sent, None if none was."""
    while (now := connection.execute(select(slot.c.next_at)).scalar()) is not None and now <= until:
        falling_due.materialise(connection, now)
        at = connection.execute(select(delivery.c.run_at).where(delivery.c.state == 0)).scalar()
        for claim in ledger.claim(connection, at or now, 1, LEASE, ("web",)):
            wanted = not resting(rest, now, claim.due.schedule.slot.zone)  # as Coach.remind decides
            ledger.settle(connection, [(claim, Posted.SENT if wanted else None)], now)
            if wanted:
                return now
    return None


@settings(max_examples=30)
@given(start=STARTS, rounds=ROUNDS)
def test_what_is_said_is_what_comes(kept, start, rounds):
    """Over clock changes, quiet hours, days off, leave, pauses and moves to other times and zones."""
    with kept.begin() as connection:
        for table in ("delivery", "subscription", "slot", "person", "sqlite_sequence"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
        now, note = start, StoredMemory(None).note
        note(connection, (ANN, DM), ScheduleSet(For.ME, rounds[0][0], DM), (now, b"drawn"))
        for when, rest, pauses in rounds:
            note(connection, (ANN, DM), ScheduleMoved(1, when), (now, b"drawn"))
            note(connection, (ANN, DM), PreferencesSet(rest), (now, b"drawn"))
            if pauses == 0:
                note(connection, (ANN, DM), SchedulePaused(1, True), (now, b"drawn"))
                assert told(connection, now) is None
                assert comes(connection, rest, now + timedelta(days=9)) is None
                now += timedelta(days=9)
                note(connection, (ANN, DM), SchedulePaused(1, False), (now, b"drawn"))
            said = told(connection, now)
            assert comes(connection, rest, said or now + timedelta(days=40)) == said
            now = (said or now + timedelta(days=40)) + timedelta(seconds=1)
