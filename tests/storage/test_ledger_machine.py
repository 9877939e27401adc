"""The promise, against any course of events: no reminder reaches its platform twice on one local date."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import create_engine, event, func, select, update
from sqlalchemy.pool import StaticPool

from coaching.people import Day, For, Person, Place, Slot, Zone
from coaching.ports import Later, Posted
from coaching.turn import Forget, ScheduleDeleted, ScheduleMoved, SchedulePaused, ScheduleSet
from storage import falling_due, ledger, orphans, sqlite
from storage.memory import StoredMemory
from storage.tables import State, delivery, metadata, slot

START = datetime(2026, 3, 29, 0, 50, tzinfo=UTC)  # ten minutes before the clocks change in Berlin
LEASE = timedelta(seconds=60)
WHO, WHERE = Person("web", "local", "U1"), Place("web", "local", "D1")
ZONES = st.sampled_from(  # two that change their clocks, and two on either side of the date line
    [Zone("Europe/Berlin"), Zone("Africa/Cairo"), Zone("Pacific/Kiritimati"), Zone("Pacific/Pago_Pago")]
)
SLOTS = st.builds(Slot, ZONES, st.sampled_from([time(2, 30), time(3, 1), time(9)]), st.just(frozenset(Day)))
FACTS = st.one_of(
    st.builds(ScheduleMoved, st.just(1), SLOTS),
    st.builds(SchedulePaused, st.just(1), st.booleans()),
    st.builds(ScheduleSet, st.just(For.ME), SLOTS, st.just(WHERE)),
    st.sampled_from([ScheduleDeleted(1), Forget()]),
)
FATES = st.sampled_from(
    ["dies after", "dies before", Posted.SENT, Posted.UNKNOWN, Posted.LATER, "sleeps", Posted.GONE, None]
)
ARRIVES = ("dies after", Posted.SENT, Posted.UNKNOWN)


@cache
def engine():
    """One database in memory, with our settings and tables, for all lives in turn."""
    made = create_engine("sqlite://", poolclass=StaticPool, connect_args={"isolation_level": None})
    event.listen(made, "connect", sqlite._set_up)
    event.listen(made, "begin", sqlite._begin)
    metadata.create_all(made)
    return made


def empty():
    with engine().begin() as connection:
        for table in ("delivery", "subscription", "slot", "person", "sqlite_sequence"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    return engine()


@pytest.fixture(autouse=True, scope="module")
def _closed_at_the_end():
    yield
    engine().dispose()
    engine.cache_clear()


class Deliveries(RuleBasedStateMachine):
    """A reminder's life; each rule is a whole stretch of it, so that twenty steps reach far."""

    @initialize(when=SLOTS)
    def begin(self, when):
        self.engine = empty()
        self.now, self.asleep, self.arrived = START, [], Counter()
        self.keep(ScheduleSet(For.ME, when, WHERE))

    def keep(self, fact):
        with self.engine.begin() as connection:
            StoredMemory(None).note(connection, (WHO, WHERE), fact, (self.now, b"drawn"))

    @rule(
        due=st.booleans(),
        seconds=st.sampled_from([0, 61, 600, -60, -3600]),
        fates=st.tuples(FATES, FATES),
        change=st.none() | FACTS,
        sighted=st.booleans(),
    )
    def works(self, due, seconds, fates, change, sighted=False):
        """The clock ticks at some time, and what is claimed then is carried, or not."""
        with self.engine.begin() as connection:
            following = connection.execute(select(func.min(slot.c.next_at))).scalar()
        self.now = (following if due and following else self.now) + timedelta(seconds=seconds)
        with self.engine.begin() as connection:
            if not sighted:
                orphans.reap(connection, self.now, orphans.Among(("web",)))
            doubts = orphans.doubtful(connection, self.now, 5, LEASE, orphans.Among(("web",) * sighted))
            falling_due.materialise(connection, self.now)
            claims = ledger.claim(connection, self.now, 2, LEASE, ("web",))
        for doubt in doubts:
            self.looks(doubt)
        if change is not None:
            self.keep(change)
        for claim, fate in zip(claims, fates, strict=False):
            self.carries(claim, fate)

    @rule(fate=FATES)
    def wakes_up(self, fate):
        """A process that slept goes on where it was, whatever happened meanwhile."""
        if self.asleep:
            self.carries(self.asleep.pop(0), fate)

    def looks(self, doubt):
        """The platform says whether it arrived, and who looked says so, or dies."""
        there = self.arrived[doubt.due.schedule.id, doubt.due.occurrence]
        with self.engine.begin() as connection:
            ledger.settle(connection, [(doubt, Posted.SENT if there else Later(0))], self.now)

    def carries(self, claim, fate):
        with self.engine.begin() as connection:
            (standing,) = ledger.standing(connection, [claim])
        if fate == "sleeps":
            self.asleep.append(claim)
        elif standing and fate in ARRIVES:
            self.arrived[claim.due.schedule.id, claim.due.occurrence] += 1
        if isinstance(fate, Posted) or fate is None:
            outcome = fate if standing or fate is Posted.LATER else None
            with self.engine.begin() as connection:
                ledger.settle(connection, [(claim, outcome)], self.now)

    @invariant()
    def never_twice(self):
        assert not [key for key, times in getattr(self, "arrived", {}).items() if times > 1]

    @invariant()
    def sent_means_arrived(self):
        if hasattr(self, "engine"):
            sent = select(delivery.c.subscription_id, delivery.c.local_date)
            with self.engine.begin() as connection:
                for row in connection.execute(sent.where(delivery.c.state == State.SENT)):
                    assert self.arrived[tuple(row)] == 1


LIVES = settings(max_examples=60, stateful_step_count=20, suppress_health_check=list(HealthCheck))


def test_any_course_of_events():
    """People change their minds, clocks jump, processes sleep and die at any point."""
    run_state_machine_as_test(Deliveries, settings=LIVES)


def reaped_is_tried_again(connection, now, among):
    over = (delivery.c.state == State.SENDING) & (delivery.c.lease_until <= now)
    connection.execute(update(delivery).where(over).values(state=State.PENDING))


def test_a_broken_ledger_is_found_out(monkeypatch):
    """The test above can fail: where what was reaped is tried again, its own check notices."""
    monkeypatch.setattr(orphans, "reap", reaped_is_tried_again)
    life = Deliveries()
    life.begin(when=Slot(Zone("Europe/Berlin"), time(9), frozenset(Day)))
    life.works(due=True, seconds=0, fates=("dies after", None), change=None)
    life.never_twice()
    life.works(due=False, seconds=61, fates=(Posted.SENT, None), change=None)
    with pytest.raises(AssertionError):
        life.never_twice()


def test_a_blind_look_is_found_out():
    """The same where a look does not see what is there; one that sees it sends nothing again."""
    for sees in (True, False):
        life = Deliveries()
        life.begin(when=Slot(Zone("Europe/Berlin"), time(9), frozenset(Day)))
        life.works(due=True, seconds=0, fates=("dies after", None), change=None)
        there = life.arrived
        life.arrived = there if sees else Counter()
        life.works(due=False, seconds=61, fates=(None, None), change=None, sighted=True)
        life.arrived = there
        life.works(due=False, seconds=61, fates=(Posted.SENT, None), change=None, sighted=True)
        if sees:
            life.never_twice()
    with pytest.raises(AssertionError):
        life.never_twice()
