"""The promise, against any course of events: no reminder reaches its platform twice on one local date."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import create_engine, event, func, select
from sqlalchemy.pool import StaticPool

from coaching.people import Day, For, Person, Place, Slot, Zone
from coaching.ports import Posted
from coaching.turn import Forget, ScheduleDeleted, ScheduleMoved, SchedulePaused, ScheduleSet
from storage import ledger, memory, sqlite
from storage.tables import State, delivery, metadata, slot

START = datetime(2026, 3, 29, 0, 50, tzinfo=UTC)  # ten minutes before the clocks change in Berlin
LEASE = timedelta(seconds=60)
WHO, WHERE = Person("web", "local", "U1"), Place("web", "local", "D1")
ZONES = st.sampled_from([Zone("Europe/Berlin"), Zone("Africa/Cairo")])
SLOTS = st.builds(Slot, ZONES, st.sampled_from([time(2, 30), time(3, 1), time(9)]), st.just(frozenset(Day)))
NUMBERS = st.integers(1, 2)
STEPS = st.sampled_from([61, 61, 600, 3600, -60, -3600])
FACTS = st.one_of(
    st.builds(ScheduleSet, st.just(For.ME), SLOTS, st.just(WHERE)),
    st.builds(ScheduleMoved, NUMBERS, SLOTS),
    st.builds(SchedulePaused, NUMBERS, st.booleans()),
    st.builds(ScheduleDeleted, NUMBERS) | st.just(Forget()),
)


FATES = st.sampled_from(
    [Posted.LATER, Posted.SENT, Posted.UNKNOWN, "dies after", "sleeps", Posted.GONE, None]
)


class Deliveries(RuleBasedStateMachine):
    """People change their minds, clocks jump, processes die at any point."""

    @initialize(when=SLOTS)
    def begin(self, when):
        self.engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"isolation_level": None})
        event.listen(self.engine, "connect", sqlite._set_up)
        event.listen(self.engine, "begin", sqlite._begin)
        metadata.create_all(self.engine)
        self.now, self.asleep, self.arrived = START, [], Counter()
        self.changes_mind(ScheduleSet(For.ME, when, WHERE))

    def teardown(self):
        if hasattr(self, "engine"):
            self.engine.dispose()

    @rule(fact=FACTS)
    def changes_mind(self, fact):
        with self.engine.begin() as connection:
            memory.keep(connection, WHO, WHERE, fact, self.now)

    @rule(seconds=STEPS)
    def time_passes(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule(wait=st.booleans(), fates=st.lists(FATES, min_size=2, max_size=2))
    def works(self, wait, fates):
        with self.engine.begin() as connection:
            due = connection.execute(select(func.min(slot.c.next_at))).scalar()
            self.now = due if due and wait else self.now
            ledger.reap(connection, self.now)
            ledger.materialise(connection, self.now)
        with self.engine.begin() as connection:
            claims = ledger.claim(connection, self.now, 2, LEASE, ("web",))
        for claim, fate in zip(claims, fates, strict=False):
            self.carries(claim, fate)

    @precondition(lambda self: self.asleep)
    @rule(fate=FATES)
    def wakes_up(self, fate):
        self.carries(self.asleep.pop(0), fate)

    def carries(self, claim, fate):
        """One claim in the hands of one process, which may sleep or die at any point."""
        if fate == "sleeps":
            self.asleep.append(claim)
            return
        with self.engine.begin() as connection:
            standing = ledger.standing(connection, claim)
        if standing and fate in ("dies after", Posted.SENT, Posted.UNKNOWN):
            self.arrived[claim.due.schedule.id, claim.due.occurrence] += 1
        if isinstance(fate, Posted) or fate is None:
            with self.engine.begin() as connection:
                ledger.settle(connection, claim, fate if standing else None, self.now)

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
    max_examples=150, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
test_any_course_of_events = Deliveries.TestCase
