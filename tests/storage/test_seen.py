"""Events that were taken on: one claim wins, one that was left is found by one, and nothing stays long."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from storage.db import open_database
from storage.seen import KEPT, Claimed, StoredEvents
from storage.tables import slack_seen

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
LEASE = timedelta(seconds=40)
KEY, OTHER = "0f" * 16, "ee" * 16


@pytest.fixture
def events(database):
    return StoredEvents(database)


async def count(events):
    wanted = select(func.count()).select_from(slack_seen)
    return await events.database.transact(lambda c: c.execute(wanted).scalar())


async def test_the_first_claim_wins(events):
    """Two processes at once, and two tasks of each: one is new, the others find it busy."""
    found = await asyncio.gather(*(events.claim(KEY, AT, LEASE) for _ in range(6)))
    assert sorted(one.name for one in found) == ["BUSY"] * 5 + ["NEW"]
    assert await events.claim(OTHER, AT, LEASE) is Claimed.NEW


async def test_what_is_done_stays_done(events):
    """However late it is asked for again."""
    await events.claim(KEY, AT, LEASE)
    await events.done(KEY)
    for later in (timedelta(0), timedelta(minutes=5)):
        assert await events.claim(KEY, AT + later, LEASE) is Claimed.DONE


async def test_a_claim_that_was_left_is_found_by_one(events):
    """Its lease is over: one of those who come gets it, for a lease of its own."""
    await events.claim(KEY, AT, LEASE)
    just, over = AT + LEASE - timedelta(seconds=1), AT + LEASE
    assert await events.claim(KEY, just, LEASE) is Claimed.BUSY
    found = await asyncio.gather(*(events.claim(KEY, over, LEASE) for _ in range(4)))
    assert sorted(one.name for one in found) == ["BUSY"] * 3 + ["LEFT"]
    assert await events.claim(KEY, over + LEASE, LEASE) is Claimed.LEFT


async def test_what_was_surely_not_answered_is_new_again(events):
    """But what is done is not dropped by whoever comes late."""
    await events.claim(KEY, AT, LEASE)
    await events.drop(KEY)
    assert await events.claim(KEY, AT, LEASE) is Claimed.NEW
    await events.done(KEY)
    await events.drop(KEY)
    assert await events.claim(KEY, AT, LEASE) is Claimed.DONE


async def test_it_outlives_the_process(url):
    """Another process finds what the first one noted."""
    first, second = open_database(url), open_database(url)
    await StoredEvents(first).claim(KEY, AT, LEASE)
    await first.close()
    assert await StoredEvents(second).claim(KEY, AT, LEASE) is Claimed.BUSY
    await second.close()


async def test_nothing_is_kept_longer_than_an_hour(events):
    """Slack does not come back with it by then."""
    await events.claim(KEY, AT, LEASE)
    await events.claim(OTHER, AT + timedelta(minutes=30), LEASE)
    await events.sweep(AT + KEPT)
    assert await count(events) == 2
    await events.sweep(AT + KEPT + timedelta(seconds=1))
    assert await count(events) == 1


async def test_a_row_is_a_digest_a_flag_and_a_time(events):
    """Sixteen bytes that stand for an id, and no column for anything else."""
    await events.claim(KEY, AT, LEASE)
    row = await events.database.transact(lambda c: c.execute(select(slack_seen)).one())
    assert row._asdict() == {"key": bytes.fromhex(KEY), "done": False, "at": AT}


async def test_what_is_answered_at_once_is_noted_together(events):
    """One transaction for all of them; whoever is noted by another need not wait."""
    keys = [f"{number:032x}" for number in range(20)]
    await asyncio.gather(*(events.claim(key, AT, LEASE) for key in keys))
    transact, taken = events.database.transact, []

    async def counted(work):
        taken.append(work)
        return await transact(work)

    events.database = SimpleNamespace(transact=counted)
    await asyncio.gather(*(events.done(key) for key in keys))
    assert len(taken) == 1
    assert {await events.claim(key, AT, LEASE) for key in keys} == {Claimed.DONE}


async def test_one_who_is_stopped_over_it_stops_nobody_else(events):
    """What he had gathered is lost, to be found by looking; the next is noted as ever."""
    await events.claim(KEY, AT, LEASE)
    noting = asyncio.create_task(events.done(OTHER))
    await asyncio.sleep(0)
    noting.cancel()
    await asyncio.gather(noting, return_exceptions=True)
    await events.done(KEY)
    assert await events.claim(KEY, AT, LEASE) is Claimed.DONE
