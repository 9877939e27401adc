"""Who left or fell silent: left alone at once, erased after a month, unless they come back."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from coaching.people import Person, Place, Room, Slot
from coaching.ports import Posted
from coaching.turn import Heard, Met
from storage import leaving
from storage.leaving import GRACE, Silent
from storage.tables import person, slot, subscription
from tests.players.desk import ANN, BERLIN, CHANNEL, DM, MONDAY, NINE, Desk

BOB, BOBS = Person("web", "local", "U2"), Place("web", "local", "D2")
DAY = timedelta(days=1)
LONG_AGO = datetime(2025, 1, 20, tzinfo=UTC)
WEB = ("web",)


@pytest.fixture
def desk(database):
    return Desk(database)


async def refused(desk, outcome):
    """What a platform said of a letter at nine."""
    await desk.fell_due(MONDAY)
    claims = await desk.claim(MONDAY)
    for claim in claims:
        await desk.settle(claim, outcome)


async def people(desk, *columns):
    wanted = select(person.c.user, *columns).order_by(person.c.id)
    return [tuple(row) for row in await desk.database.transact(lambda c: c.execute(wanted).all())]


async def tidy(desk, now):
    return await desk.database.transact(lambda c: leaving.tidy(c, now))


async def silent(desk, now, platforms=WEB):
    return await desk.database.transact(lambda c: leaving.silent(c, now, platforms))


async def ask(desk, who, now):
    return await desk.database.transact(lambda c: leaving.ask(c, who, now))


async def test_who_left_is_left_alone_and_erased_after_a_month(desk):
    """All their own reminders rest at once; thirty days later nothing is left of them, and all of others."""
    await desk.set()
    await desk.set(Slot(BERLIN, time(17), NINE.days))
    await desk.set(who=BOB, to=BOBS, slot_=Slot(BERLIN, time(18), NINE.days))
    await refused(desk, Posted.GONE)
    assert await people(desk, person.c.gone_on) == [("U1", MONDAY.date()), ("U2", None)]
    await desk.fell_due(MONDAY + timedelta(hours=9))
    assert [c.due.who for c in await desk.claim(MONDAY + timedelta(hours=9))] == [BOB]
    assert await tidy(desk, MONDAY + GRACE - DAY) == 0
    assert await tidy(desk, MONDAY + GRACE) == 1
    assert await tidy(desk, MONDAY + GRACE) == 0
    assert await people(desk) == [("U2",)]
    for table in (subscription, slot):
        left = select(table.c.id)
        assert len(await desk.database.transact(lambda c, left=left: c.execute(left).all())) == 1


async def test_any_message_takes_it_back(desk):
    """Who comes back within the month finds everything; their reminders rest until they resume them."""
    await desk.set()
    await refused(desk, Posted.GONE)
    known = await desk.memory.recall(ANN, DM)
    assert known.heard_on == date.min
    await desk.keep(Heard(), at=MONDAY + DAY)
    assert (await desk.memory.recall(ANN, DM)).heard_on == date(2026, 3, 1)
    assert await tidy(desk, MONDAY + 2 * GRACE) == 0
    assert [s.paused for s in (await desk.memory.recall(ANN, DM)).schedules] == [True]


@pytest.mark.parametrize("outcome", [Posted.SENT, Posted.UNKNOWN, Posted.LATER, Posted.NOT_IN_CHANNEL, None])
async def test_nobody_else_has_left(desk, outcome):
    """Only a platform that says so, of a private chat, means that somebody is gone."""
    await desk.set()
    await refused(desk, outcome)
    assert await people(desk, person.c.gone_on) == [("U1", None)]


async def test_a_channel_that_is_gone_is_nobody(desk):
    """Who set its tip is still there, and so are their own reminders."""
    await desk.set(to=CHANNEL)
    await desk.set(Slot(BERLIN, time(17), NINE.days))
    await refused(desk, Posted.GONE)
    assert await people(desk, person.c.gone_on) == [("U1", None)]
    assert [s.paused for s in (await desk.memory.recall(ANN, DM)).schedules] == [True, False]


async def test_the_first_day_they_were_gone_counts(desk):
    """Found gone again later, their month does not begin anew."""
    await desk.set()
    for day in (0, 10):
        at = MONDAY + day * DAY
        await desk.database.transact(lambda c, at=at: leaving.left(c, ANN, at))
    assert await people(desk, person.c.gone_on) == [("U1", MONDAY.date())]
    await desk.database.transact(lambda c: leaving.left(c, BOB, MONDAY))  # of whom nothing is kept


async def test_nothing_is_noted_of_whom_nothing_is_kept(desk):
    """Being heard makes no entry."""
    await desk.keep(Heard())
    assert await people(desk) == []
    assert (await desk.memory.recall(ANN, DM)).heard_on is None


async def test_a_year_of_silence(desk):
    """Thirteen months after the month they were there last, once; in their chat, or by their id."""
    await desk.set(at=LONG_AGO)
    await desk.keep(Met(), at=LONG_AGO, who=BOB)
    await desk.database.transact(
        lambda c: c.execute(update(subscription).values(since=LONG_AGO, target="D1"))
    )
    assert await people(desk, person.c.seen_on) == [("U1", date(2025, 1, 1)), ("U2", date(2025, 1, 1))]
    due = datetime(2026, 2, 1, 12, tzinfo=UTC)
    assert await silent(desk, due - DAY) == []
    assert await silent(desk, due, ("slack",)) == []
    by_id = Silent(BOB, Place("web", "local", "U2", Room.DIRECT))
    assert await silent(desk, due) == [Silent(ANN, Place("web", "local", "D1", Room.DIRECT)), by_id]
    assert await ask(desk, ANN, due)
    assert not await ask(desk, ANN, due)
    assert await silent(desk, due) == [by_id]
    await desk.keep(Heard(), who=BOB, at=due)
    assert not await ask(desk, BOB, due)
    assert await tidy(desk, due + GRACE - DAY) == 0
    assert await tidy(desk, due + GRACE) == 1
    assert await people(desk) == [("U2",)]


async def test_a_question_that_did_not_arrive(desk):
    """It may be asked again, and no month runs."""
    await desk.keep(Met(), at=LONG_AGO)
    assert await ask(desk, ANN, MONDAY)
    await desk.database.transact(lambda c: leaving.not_asked(c, ANN))
    assert await tidy(desk, MONDAY + GRACE) == 0
    assert await ask(desk, ANN, MONDAY)


async def test_a_tip_that_is_sent_is_not_heard_from_them(desk):
    """What is kept when a reminder goes out says nothing of the person being there."""
    await desk.keep(Met(), at=LONG_AGO)
    await desk.keep(Met(), at=MONDAY)
    assert await people(desk, person.c.seen_on) == [("U1", date(2025, 1, 1))]
