"""The ledger: once per local date, never blindly again, on SQLite and PostgreSQL alike."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import insert, select, update

from coaching.people import WORKDAYS, Day, For, Person, Place, Room, Slot, Zone
from coaching.ports import Posted
from coaching.turn import (
    Outcome,
    Preferences,
    PreferencesSet,
    ScheduleDeleted,
    ScheduleMoved,
    SchedulePaused,
    ScheduleSet,
)
from coaching.values import Due
from coaching.when import following
from storage import ledger
from storage.memory import StoredMemory
from storage.tables import State, delivery, slot, subscription

SUNDAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # 09:00 in Berlin
LEASE = timedelta(seconds=60)
BERLIN = Zone("Europe/Berlin")
NINE = Slot(BERLIN, time(9), WORKDAYS)
ANN = Person("web", "local", "U1")
DM = Place("web", "local", "D1")
CHANNEL = Place("web", "local", "C1", Room.CHANNEL)


class Desk:
    """The ledger with a database and one person's reminder behind it."""

    def __init__(self, database):
        self.database, self.memory = database, StoredMemory(database)

    async def set(self, slot_=NINE, who=ANN, to=DM, at=SUNDAY):
        audience = For.TEAM if to.room is Room.CHANNEL else For.ME
        await self.memory.keep(who, to, (ScheduleSet(audience, slot_, to),), at)

    async def keep(self, *facts, at=SUNDAY, who=ANN, where=DM):
        await self.memory.keep(who, where, facts, at)

    async def fell_due(self, now):
        return await self.database.transact(lambda c: ledger.materialise(c, now))

    async def claim(self, now, limit=10, platforms=("web",)):
        return await self.database.transact(lambda c: ledger.claim(c, now, limit, LEASE, platforms))

    async def settle(self, claim, outcome, now=MONDAY):
        return await self.database.transact(lambda c: ledger.settle(c, claim, outcome, now))

    async def standing(self, claim):
        return await self.database.transact(lambda c: ledger.standing(c, claim))

    async def reap(self, now):
        return await self.database.transact(lambda c: ledger.reap(c, now))

    async def states(self):
        wanted = select(delivery.c.local_date, delivery.c.state).order_by(
            delivery.c.local_date, delivery.c.id
        )
        return await self.database.transact(
            lambda c: [(row.local_date.isoformat()[5:], State(row.state).name) for row in c.execute(wanted)]
        )

    async def next(self, now, who=ANN, where=DM):
        known = await self.memory.recall(who, where)
        known = replace(known, lately=await self.memory.lately(who, where))
        return following(known.schedules[0], now, known) if known.schedules else None

    async def lately(self, who=ANN, where=DM):
        return [(past.day.isoformat()[5:], past.outcome) for past in await self.memory.lately(who, where)]


@pytest.fixture
def desk(database):
    return Desk(database)


# --------------------------------------------------------------------------- what falls due


async def test_due_once_and_not_before(desk):
    """Nothing before its time, one delivery at it, none at the next look."""
    await desk.set()
    assert await desk.fell_due(MONDAY - timedelta(seconds=1)) == 0
    assert await desk.fell_due(MONDAY) == 1
    assert await desk.fell_due(MONDAY) == 0
    assert await desk.states() == [("03-02", "PENDING")]


async def test_one_slot_for_all_who_share_it(desk):
    """Forty people at nine are one slot and forty deliveries."""
    for number in range(40):
        await desk.set(who=Person("web", "local", f"U{number}"), to=Place("web", "local", f"D{number}"))
    assert await desk.fell_due(MONDAY) == 1
    assert len(await desk.states()) == 40


async def test_after_a_long_night_only_the_newest_is_sent(desk):
    """What was missed is visibly skipped; the newest comes if it is less than two hours late."""
    await desk.set()
    await desk.fell_due(MONDAY + timedelta(days=3, hours=1))
    assert [s for _, s in await desk.states()] == ["SKIPPED", "SKIPPED", "SKIPPED", "PENDING"]
    await desk.fell_due(MONDAY + timedelta(days=4, hours=3))
    assert (await desk.states())[-1] == ("03-06", "SKIPPED")


async def test_after_years_only_the_last_month_is_noted(desk):
    """A bot that was off for nine years starts as quickly as one that was off for a month."""
    await desk.set()
    await desk.fell_due(MONDAY.replace(year=2035))
    assert 20 <= len(await desk.states()) <= 31


async def test_a_clock_that_was_wrong(desk):
    """After a look into the far future the reminders of the right time still come."""
    await desk.set()
    await desk.fell_due(MONDAY.replace(year=2099))
    before = len(await desk.states())
    await desk.fell_due(MONDAY - timedelta(minutes=1))
    await desk.fell_due(MONDAY)
    assert len(await desk.states()) == before + 1
    assert ("03-02", "PENDING") in await desk.states()


async def test_a_clock_set_back_doubles_nothing(desk):
    """The same morning twice is one delivery."""
    await desk.set()
    await desk.fell_due(MONDAY)
    (claim,) = await desk.claim(MONDAY)
    await desk.settle(claim, Posted.SENT)
    await desk.database.transact(lambda c: c.execute(update(slot).values(next_at=MONDAY)))
    await desk.fell_due(MONDAY + timedelta(minutes=1))
    assert await desk.claim(MONDAY + timedelta(minutes=1)) == []
    assert await desk.states() == [("03-02", "SENT")]


@pytest.mark.parametrize(
    ("when", "day", "instant"),
    [
        (time(2, 30), "2026-03-29", "2026-03-29T01:00"),  # does not exist: the first minute after
        (time(2, 30), "2026-10-25", "2026-10-25T00:30"),  # comes twice: the first
        (time(0, 0), "2026-03-30", "2026-03-29T22:00"),  # the day after the clocks changed
    ],
)
async def test_the_days_the_clocks_change(desk, when, day, instant):
    """Once on that local date, at the right instant."""
    due = datetime.fromisoformat(f"{instant}:00+00:00")
    await desk.set(Slot(BERLIN, when, frozenset(Day)), at=due - timedelta(hours=3))
    for minute in range(-170, 170, 10):
        await desk.fell_due(due + timedelta(minutes=minute))
    assert [d for d, _ in await desk.states()] == [day[5:]]


async def test_a_zone_this_machine_does_not_know_stops_nobody_else(desk):
    """The others come; that slot is looked at again tomorrow."""
    await desk.set()
    values = {"zone": "Nowhere/Gone", "local_time": time(9), "weekdays": WORKDAYS, "next_at": SUNDAY}
    await desk.database.transact(lambda c: c.execute(insert(slot).values(**values)))
    assert await desk.fell_due(MONDAY) == 2
    assert await desk.fell_due(MONDAY) == 0
    assert await desk.states() == [("03-02", "PENDING")]


async def test_a_reminder_without_a_day_never_comes(desk):
    """No day, no date, no trouble."""
    await desk.set(Slot(BERLIN, time(9), frozenset()))
    assert await desk.fell_due(MONDAY.replace(year=2030)) == 0
    assert await desk.next(MONDAY) is None


def test_the_end_of_the_calendar():
    """After the last day there is no next one, and no trouble."""
    end = datetime(9999, 12, 30, 12, tzinfo=UTC)
    passed, following = ledger._passed(NINE, end - timedelta(days=3), end)
    assert following is None
    assert passed


async def test_set_after_its_time_it_comes_tomorrow(desk):
    """Also when somebody else's reminder at this time has not been looked at yet."""
    await desk.set()
    late = Person("web", "local", "U2")
    await desk.set(who=late, to=Place("web", "local", "D2"), at=MONDAY + timedelta(minutes=5))
    await desk.fell_due(MONDAY + timedelta(minutes=6))
    assert [c.due.who for c in await desk.claim(MONDAY + timedelta(minutes=6))] == [ANN]
    assert await desk.next(MONDAY + timedelta(minutes=6)) == MONDAY + timedelta(days=1)


# --------------------------------------------------------------------------- who sends it


async def test_a_claim_says_everything(desk):
    """The schedule, its owner and the local date travel with it."""
    await desk.set(Slot(Zone("Pacific/Auckland"), time(7), frozenset({Day.TUE})), to=CHANNEL)
    due = datetime(2026, 3, 2, 18, tzinfo=UTC)  # Tuesday morning there
    await desk.fell_due(due)
    (claim,) = await desk.claim(due)
    (schedule,) = (await desk.memory.recall(ANN, DM)).schedules
    assert claim.due == Due(claim.due.delivery, schedule, ANN, date(2026, 3, 3))
    assert (claim.token, claim.attempt) == (1, 1)
    assert schedule.to == CHANNEL


async def test_claimed_once_in_order_within_the_limit(desk):
    """The oldest first, never more than asked for, never twice, only for platforms we serve."""
    for minute in (40, 20, 0):
        await desk.set(Slot(BERLIN, time(9, minute), WORKDAYS))
    now = MONDAY + timedelta(minutes=41)
    await desk.fell_due(now)
    assert await desk.claim(now, platforms=("slack",)) == []
    first, second = await desk.claim(now, limit=2), await desk.claim(now, limit=2)
    assert [c.due.schedule.slot.at.minute for c in (*first, *second)] == [0, 20, 40]
    assert await desk.claim(now) == []


async def test_many_couriers_share_without_doubling(desk):
    """Ten claim at once: each delivery goes to one."""
    for number in range(30):
        await desk.set(who=Person("web", "local", f"U{number}"), to=Place("web", "local", f"D{number}"))
    noted = await asyncio.gather(*(desk.fell_due(MONDAY) for _ in range(5)))
    assert sum(noted) == 1
    taken = await asyncio.gather(*(desk.claim(MONDAY, limit=4) for _ in range(10)))
    numbers = [claim.due.delivery for claims in taken for claim in claims]
    assert len(numbers) == len(set(numbers)) >= 20


async def test_too_late_is_skipped(desk):
    """Due at nine, and still not sent at a quarter past eleven: not today."""
    await desk.set()
    await desk.fell_due(MONDAY)
    assert await desk.claim(MONDAY + timedelta(hours=2, minutes=15)) == []
    assert await desk.states() == [("03-02", "SKIPPED")]


@pytest.mark.parametrize("fact", [SchedulePaused(1, True), ScheduleDeleted(1)])
async def test_a_claim_stands_until_the_person_says_stop(desk, fact):
    """Between claim and send, a pause or an end is heard."""
    await desk.set()
    await desk.fell_due(MONDAY)
    (claim,) = await desk.claim(MONDAY)
    assert await desk.standing(claim)
    await desk.keep(fact)
    assert not await desk.standing(claim)


# --------------------------------------------------------------------------- what became of it


@pytest.mark.parametrize(
    ("outcome", "seen", "active"),
    [
        (Posted.SENT, Outcome.ARRIVED, True),
        (Posted.UNKNOWN, Outcome.UNKNOWN, True),
        (None, Outcome.SKIPPED, True),
        (Posted.LATER, Outcome.WAITING, True),
        (Posted.GONE, Outcome.FAILED, False),
        (Posted.NOT_IN_CHANNEL, Outcome.FAILED, False),
    ],
)
async def test_each_outcome(desk, outcome, seen, active):
    """Each has its state; where nobody can be reached the reminder rests."""
    await desk.set()
    await desk.fell_due(MONDAY)
    (claim,) = await desk.claim(MONDAY)
    assert await desk.lately() == [("03-02", Outcome.UNDERWAY)]
    assert await desk.settle(claim, outcome)
    assert await desk.lately() == [("03-02", seen)]
    (schedule,) = (await desk.memory.recall(ANN, DM)).schedules
    assert schedule.paused is not active
    assert not await desk.settle(claim, Posted.SENT)  # settled is settled


async def test_later_is_later_each_time_more_and_not_for_ever(desk):
    """Half a minute, a minute, two ...; after two hours it is skipped."""
    await desk.set()
    await desk.fell_due(MONDAY)
    now, waits = MONDAY, []
    while claims := await desk.claim(now):
        await desk.settle(claims[0], Posted.LATER, now)
        assert await desk.claim(now + timedelta(seconds=29)) == []
        run_at = await desk.database.transact(lambda c: c.execute(select(delivery.c.run_at)).scalar())
        waits.append((run_at - now).total_seconds())
        now = run_at
    assert waits[:6] == [30, 60, 120, 300, 900, 900]
    assert await desk.states() == [("03-02", "SKIPPED")]


async def test_who_never_came_back_is_unknown_and_its_late_word_counts_nothing(desk):
    """The lease is over: unknown, not sent again; the sleeper that wakes changes nothing."""
    await desk.set()
    await desk.fell_due(MONDAY)
    (claim,) = await desk.claim(MONDAY)
    assert await desk.reap(MONDAY + LEASE - timedelta(seconds=1)) == 0
    assert await desk.reap(MONDAY + LEASE) == 1
    assert not await desk.standing(claim)
    assert not await desk.settle(claim, Posted.LATER, MONDAY + LEASE)
    assert await desk.claim(MONDAY + LEASE) == []
    assert await desk.states() == [("03-02", "UNKNOWN")]


async def test_a_token_fences_off_the_one_before(desk):
    """Claimed, put back, claimed again: the first claim cannot settle the second."""
    await desk.set()
    await desk.fell_due(MONDAY)
    (first,) = await desk.claim(MONDAY)
    await desk.settle(first, Posted.LATER)
    (second,) = await desk.claim(MONDAY + timedelta(minutes=1))
    assert (second.token, second.attempt) == (2, 2)
    assert not await desk.settle(first, Posted.SENT)
    assert not await desk.standing(replace(second, token=9))
    assert await desk.settle(second, Posted.SENT)


async def test_history_is_kept_for_a_season(desk):
    """After ninety days a settled delivery is dropped; one on its way never is."""
    await desk.set()
    for day in (0, 1):
        await desk.fell_due(MONDAY + timedelta(days=day))
        await desk.claim(MONDAY + timedelta(days=day))
        if day == 0:
            await desk.reap(MONDAY + LEASE)
    later = MONDAY + timedelta(days=120)
    assert await desk.database.transact(lambda c: ledger.tidy(c, later)) == 1
    assert await desk.states() == [("03-03", "SENDING")]


# --------------------------------------------------------------------------- what people see


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


async def test_a_team_tip_does_not_rest_with_its_setter(desk):
    """Whoever set it may be on leave; the channel gets its tip. Everybody there sees its history."""
    await desk.set(to=CHANNEL)
    await desk.keep(PreferencesSet(Preferences(away_until=date(2027, 1, 1))))
    assert await desk.next(SUNDAY, where=CHANNEL) == MONDAY
    await desk.fell_due(MONDAY)
    other = Person("web", "local", "U9")
    assert await desk.lately(who=other, where=CHANNEL) == [("03-02", Outcome.WAITING)]
    assert await desk.lately(who=other) == []


async def test_two_reminders_to_one_person_are_two(desk):
    """At nine and at ten: each comes once."""
    await desk.set()
    await desk.set(Slot(BERLIN, time(10), WORKDAYS))
    await desk.fell_due(MONDAY + timedelta(hours=1))
    assert len(await desk.claim(MONDAY + timedelta(hours=1))) == 2
    count = select(subscription.c.id)
    assert len(await desk.database.transact(lambda c: c.execute(count).all())) == 2
