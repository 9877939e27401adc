"""The ledger: once per local date, never blindly again, on SQLite and PostgreSQL alike."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from coaching.kept import Outcome
from coaching.people import WORKDAYS, Day, Person, Place, Slot, Zone
from coaching.ports import Later, Posted
from coaching.turn import ScheduleDeleted, SchedulePaused
from coaching.values import Due
from storage import ledger, orphans
from storage.tables import delivery, subscription
from tests.players.desk import ANN, BERLIN, CHANNEL, DM, LEASE, MONDAY, Desk


@pytest.fixture
def desk(database):
    return Desk(database)


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


async def test_a_doubt_belongs_to_one_who_looks(desk):
    """Taken over once, for a lease of its own; the sender's late word and others' looks count nothing."""
    await desk.set()
    await desk.fell_due(MONDAY)
    (claim,) = await desk.claim(MONDAY)

    async def doubtful(now, *platforms, flying=()):
        among = orphans.Among(platforms, flying)
        return await desk.database.transact(lambda c: orphans.doubtful(c, now, 9, LEASE, among))

    over = MONDAY + LEASE
    assert await doubtful(over - timedelta(seconds=1), "web") == []
    assert await doubtful(over, "slack") == []
    assert await doubtful(over, "web", flying=(claim.due.delivery,)) == []
    (doubt,) = await doubtful(over, "web")
    assert doubt == replace(claim, token=2)
    assert await doubtful(over, "web") == []
    assert not await desk.settle(claim, Posted.SENT)
    (second,) = await doubtful(over + LEASE, "web")
    assert not await desk.settle(doubt, Posted.SENT)
    assert await desk.settle(second, Later(0), over + LEASE)
    (again,) = await desk.claim(over + LEASE)
    assert (again.token, again.attempt) == (4, 2)


async def test_what_nobody_looks_for_is_unknown_in_the_end(desk):
    """Its platform's own process may come back; after two hours it is not waited for."""
    await desk.set()
    await desk.fell_due(MONDAY)
    (claim,) = await desk.claim(MONDAY)
    theirs, mine = orphans.Among(("slack",)), orphans.Among(("web",), (claim.due.delivery,))

    async def reap(now, among):
        return await desk.database.transact(lambda c: orphans.reap(c, now, among))

    assert await reap(MONDAY + LEASE, theirs) == await reap(MONDAY + LEASE, mine) == 0
    assert await reap(MONDAY + LEASE + timedelta(hours=2), theirs) == 1


async def test_what_a_dead_process_had_is_over_when_we_say(desk):
    """It need not wait for its lease."""
    await desk.set()
    await desk.fell_due(MONDAY)
    await desk.claim(MONDAY)
    assert await desk.database.transact(lambda c: orphans.abandon(c, MONDAY)) == 1
    assert await desk.reap(MONDAY) == 1
    assert await desk.database.transact(lambda c: orphans.abandon(c, MONDAY)) == 0


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


async def test_two_reminders_to_one_person_are_two(desk):
    """At nine and at ten: each comes once."""
    await desk.set()
    await desk.set(Slot(BERLIN, time(10), WORKDAYS))
    await desk.fell_due(MONDAY + timedelta(hours=1))
    assert len(await desk.claim(MONDAY + timedelta(hours=1))) == 2
    count = select(subscription.c.id)
    assert len(await desk.database.transact(lambda c: c.execute(count).all())) == 2
