"""Promises in the database: with their reminders, for their owner alone, and gone when they are done."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, func, select
from sqlalchemy.pool import StaticPool

from coaching.people import Day, Person, Place, Slot, Zone
from coaching.ports import Posted
from coaching.sealed import Words
from coaching.turn import Forget, PromiseEnded, PromiseKept, PromiseMoved, SchedulePaused
from storage import falling_due, ledger, people, promises
from storage.keys import Keys
from storage.memory import StoredMemory
from storage.tables import metadata, promise, slot, subscription

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
ANN, BEN = Person("slack", "T1", "U1"), Person("slack", "T1", "U2")
DM = Place("slack", "T1", "D1")
BERLIN = Zone("Europe/Berlin")


def on(day, at, zone=BERLIN):
    return Slot(zone, at, frozenset({Day(day.isoweekday())}), day)


THURSDAY, EVE = on(date(2026, 3, 5), time(15)), on(date(2026, 3, 4), time(18))
KEYS = Keys()
KEPT = PromiseKept(Words("call Ana"), THURSDAY, EVE, DM)


@pytest.fixture
def stored(database):
    return StoredMemory(database)


async def left(database):
    def work(connection):
        return [
            connection.execute(select(func.count()).select_from(t)).scalar()
            for t in (promise, subscription, slot)
        ]

    return await database.transact(work)


async def test_kept_shown_and_ended(stored, database):
    """By its owner only; its reminders and their times go with it."""
    await stored.keep(ANN, DM, (KEPT,), AT)
    (one,) = await stored.promises(ANN)
    assert (one.words, one.slot, len(one.schedules)) == (Words("call Ana"), THURSDAY, 2)
    assert ("promise.words", "call Ana") in [(row.what, row.value) for row in await stored.rows(ANN)]
    assert await stored.promises(BEN) == ()
    await stored.keep(BEN, DM, (PromiseEnded(one.id), PromiseMoved(one.id, EVE)), AT)
    assert len(await stored.promises(ANN)) == 1
    await stored.keep(ANN, DM, (PromiseEnded(one.id),), AT)
    assert await left(database) == [0, 0, 0]


async def test_moved_without_its_evening(stored):
    """What comes again is one line, then."""
    await stored.keep(ANN, DM, (KEPT,), AT)
    (one,) = await stored.promises(ANN)
    later = on(date(2026, 3, 9), time(15))
    await stored.keep(ANN, DM, (PromiseMoved(one.id, later), PromiseMoved(one.id, later)), AT)
    (moved,) = await stored.promises(ANN)
    assert (moved.slot, len(moved.schedules)) == (later, 1)


async def test_forgotten_and_over(stored, database):
    """With its person at once, and 30 days after its day by the clock."""
    await stored.keep(ANN, DM, (KEPT, PromiseKept(Words("x"), EVE, None, DM)), AT)
    due = datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert await database.transact(lambda c: promises.tidy(c, due + timedelta(days=29))) == 0
    assert await database.transact(lambda c: promises.tidy(c, due + promises.KEPT)) == 1
    await stored.keep(ANN, DM, (Forget(),), AT)
    assert await left(database) == [0, 0, 0]


HOURS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["restart", "pause", "resume", "again", "zone"])), max_size=6
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 23), st.integers(0, 23), st.integers(1, 3), HOURS)
def test_never_two_for_the_same_day(start, hour, ahead, happens):
    """Through restarts, pauses, moves to another day and zone: one line on a date at most, by the ledger."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as connection:
        metadata.create_all(connection)
        now = datetime(2026, 3, 27, start, tzinfo=UTC)  # two days before the clocks change
        day = now.date() + timedelta(days=ahead)
        eve = on(day - timedelta(days=1), time(18)) if ahead > 1 else None
        promises.take(connection, KEYS, ANN, PromiseKept(Words("x"), on(day, time(hour)), eve, DM), now)
        came: Counter[tuple[int, date]] = Counter()
        dates: Counter[date] = Counter()
        planned = dict(happens)
        for step in range(6 * 24):
            _happen(connection, planned.get(step % 24) if step < 48 else None, now, hour)
            falling_due.materialise(connection, now)
            if planned.get(step % 24) == "restart":
                falling_due.materialise(connection, now)
            claims = ledger.claim(connection, now, 20, timedelta(minutes=5), ("slack",))
            for claim in claims:
                came[claim.due.schedule.id, claim.due.occurrence] += 1
                dates[claim.due.occurrence] += 1
            ledger.settle(connection, [(claim, Posted.SENT) for claim in claims], now)
            now += timedelta(hours=1)
        assert set(came.values()) <= {1}
        assert set(dates.values()) <= {1}
    engine.dispose()


def _happen(connection, what, now, hour):
    owner = people.number(connection, ANN)
    for one in promises.of(connection, KEYS, owner):
        match what:
            case "pause" | "resume":
                for number in one.schedules:
                    fact = SchedulePaused(number, what == "pause")
                    StoredMemory(None).note(connection, (ANN, DM), fact, (now, b"drawn"))
            case "again":
                day = now.date() + timedelta(days=1)
                promises.take(connection, KEYS, ANN, PromiseMoved(one.id, on(day, time(hour))), now)
            case "zone":
                zone = Zone("America/New_York")
                moved = on(one.slot.only, one.slot.at, zone)
                promises.take(connection, KEYS, ANN, PromiseMoved(one.id, moved), now)
