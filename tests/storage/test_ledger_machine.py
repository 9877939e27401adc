"""The promise, against any course of events: no reminder reaches its platform twice on one local date."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import create_engine, event, select
from sqlalchemy.pool import StaticPool

from coaching.people import Day, For, Person, Place, Slot, Zone
from coaching.ports import Posted
from coaching.turn import Forget, ScheduleDeleted, ScheduleMoved, SchedulePaused, ScheduleSet
from storage import ledger, memory, sqlite
from storage.tables import State, delivery, metadata

START = datetime(2026, 3, 28, 12, tzinfo=UTC)  # the clocks change in Berlin that night
LEASE = timedelta(seconds=60)
WHO, WHERE = Person("web", "local", "U1"), Place("web", "local", "D1")
ZONES = st.sampled_from([Zone("Europe/Berlin"), Zone("America/St_Johns"), Zone("Africa/Cairo")])
SLOTS = st.builds(Slot, ZONES, st.sampled_from([time(0), time(2, 30), time(9)]), st.just(frozenset(Day)))
NUMBERS = st.integers(1, 3)
STEPS = st.sampled_from([1, 20, 60, 600, 3600, 6 * 3600, 23 * 3600, 50 * 3600, -7200, -60])


class Deliveries(RuleBasedStateMachine):
    """People change their minds, clocks jump, processes die at any point."""

    @initialize()
    def begin(self):
        self.engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"isolation_level": None})
        event.listen(self.engine, "connect", sqlite._set_up)
        event.listen(self.engine, "begin", sqlite._begin)
        metadata.create_all(self.engine)
        self.now, self.claims, self.posted, self.arrived = START, [], [], Counter()

    def teardown(self):
        if hasattr(self, "engine"):
            self.engine.dispose()

    def keep(self, fact):
        with self.engine.begin() as connection:
            memory.keep(connection, WHO, WHERE, fact, self.now)

    @rule(slot=SLOTS)
    def sets(self, slot):
        self.keep(ScheduleSet(For.ME, slot, WHERE))

    @rule(number=NUMBERS, slot=SLOTS)
    def moves(self, number, slot):
        self.keep(ScheduleMoved(number, slot))

    @rule(number=NUMBERS, paused=st.booleans())
    def pauses(self, number, paused):
        self.keep(SchedulePaused(number, paused))

    @rule(number=NUMBERS)
    def deletes(self, number):
        self.keep(ScheduleDeleted(number))

    @rule()
    def forgets(self):
        self.keep(Forget())

    @rule(seconds=STEPS)
    def time_passes(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule()
    def clock_ticks(self):
        with self.engine.begin() as connection:
            ledger.materialise(connection, self.now)
        with self.engine.begin() as connection:
            self.claims += ledger.claim(connection, self.now, 2, LEASE, ("web",))

    @rule(which=st.integers(0, 5), outcome=st.sampled_from([Posted.LATER, Posted.GONE, None]))
    def is_not_sent(self, which, outcome):
        if self.claims:
            claim = self.claims.pop(which % len(self.claims))
            with self.engine.begin() as connection:
                ledger.settle(connection, claim, outcome, self.now)

    @rule(which=st.integers(0, 5))
    def is_sent(self, which):
        if self.claims:
            claim = self.claims.pop(which % len(self.claims))
            with self.engine.begin() as connection:
                standing = ledger.standing(connection, claim)
            if standing:
                self.arrived[claim.due.schedule.id, claim.due.occurrence] += 1
                self.posted.append(claim)

    @rule(outcome=st.sampled_from([Posted.SENT, Posted.UNKNOWN]))
    def is_settled(self, outcome):
        if self.posted:
            with self.engine.begin() as connection:
                ledger.settle(connection, self.posted.pop(0), outcome, self.now)

    @rule()
    def dies(self):
        self.claims, self.posted = [], []

    @rule()
    def reaps(self):
        with self.engine.begin() as connection:
            ledger.reap(connection, self.now)

    @invariant()
    def never_twice(self):
        if hasattr(self, "arrived"):
            assert not [key for key, times in self.arrived.items() if times > 1]

    @invariant()
    def sent_means_arrived(self):
        if hasattr(self, "arrived"):
            sent = select(delivery.c.subscription_id, delivery.c.local_date).where(
                delivery.c.state == State.SENT
            )
            with self.engine.begin() as connection:
                assert all(self.arrived[tuple(row)] == 1 for row in connection.execute(sent))


Deliveries.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
test_any_course_of_events = Deliveries.TestCase
