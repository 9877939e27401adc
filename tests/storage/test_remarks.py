"""Customers' remarks as a channel keeps them: once, for a year, without who noted them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from coaching.kept import Fate, Remark
from coaching.people import Person, Place, Room
from coaching.sealed import Words
from coaching.turn import Forget, Met, RemarkDropped, RemarkKept, RemarksFated
from storage import remarks
from storage.memory import StoredMemory
from storage.tables import metadata

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
ANN, BEN = Person("slack", "T1", "UANN77"), Person("slack", "T1", "U2")
HERE = Place("slack", "T1", "C1", Room.CHANNEL)
THERE = replace(HERE, id="C2")
DEAR = RemarkKept("k1", Words("too dear"), HERE, Words("Ticket 0042"))


@pytest.fixture
def stored(database):
    return StoredMemory(database)


async def test_kept_once_for_the_channel(stored):
    """The same remark sent twice is one; another channel and another workspace see nothing of it."""
    for _ in range(2):
        await stored.keep(ANN, HERE, (DEAR,), AT)
    (found,) = await stored.remarks(BEN, HERE)
    assert found == Remark("k1", Words("too dear"), AT.date(), found.customer)
    assert await stored.remarks(ANN, THERE) == ()
    assert await stored.remarks(ANN, replace(HERE, tenant="T2")) == ()


async def test_a_customer_is_told_from_others_and_no_more(stored, database):
    """However the number is written it is one; in another channel another; the number itself is nowhere."""
    same = replace(DEAR, key="k2", reference=Words("ticket-0042"))
    other = replace(DEAR, key="k3", reference=Words("ticket-0043"))
    unknown = replace(DEAR, key="k4", reference=None)
    away = replace(DEAR, to=THERE)
    await stored.keep(ANN, HERE, (DEAR, same, other, unknown, away), AT)
    one, two, three, four = [found.customer for found in await stored.remarks(ANN, HERE)]
    assert one == two
    assert len({one, three, four, (await stored.remarks(ANN, THERE))[0].customer}) == 4
    assert four == ""
    assert b"0042" not in await _everything(database)


async def test_nothing_tells_who_noted_it(stored, database):
    """Neither a person's row nor an id of theirs; forgetting them leaves it."""
    await stored.keep(ANN, HERE, (DEAR,), AT)
    assert await stored.rows(ANN) == ()
    assert b"UANN77" not in await _everything(database)
    await stored.keep(ANN, HERE, (Met(), Forget()), AT)
    assert len(await stored.remarks(ANN, HERE)) == 1


async def test_taken_back_and_settled(stored):
    """In its own channel only."""
    await stored.keep(ANN, HERE, (DEAR, replace(DEAR, key="k2")), AT)
    await stored.keep(ANN, THERE, (RemarkDropped("k1", THERE), RemarksFated(("k1",), THERE, Fate.TOLD)), AT)
    assert [one.fate for one in await stored.remarks(ANN, HERE)] == [None, None]
    later = AT + timedelta(days=3)
    await stored.keep(BEN, HERE, (RemarksFated(("k1", "k2"), HERE, Fate.WONT, Words("the law")),), later)
    await stored.keep(BEN, HERE, (RemarkDropped("k1", HERE),), later)
    (left,) = await stored.remarks(ANN, HERE)
    assert (left.key, left.fate, left.because, left.fate_on) == (
        "k2",
        Fate.WONT,
        Words("the law"),
        later.date(),
    )
    await stored.keep(BEN, HERE, (RemarksFated(("k2",), HERE, Fate.FIXED),), later)
    assert (await stored.remarks(ANN, HERE))[0].because is None


async def test_gone_after_a_year_and_when_there_are_too_many(stored, database, monkeypatch):
    """By the clock, and the oldest for a new one."""
    monkeypatch.setattr(remarks, "MOST", 3)
    for number in range(5):
        await stored.keep(ANN, HERE, (replace(DEAR, key=f"k{number}"),), AT + timedelta(days=number))
    assert [one.key for one in await stored.remarks(ANN, HERE)] == ["k2", "k3", "k4"]
    year = AT + remarks.KEPT + timedelta(days=3)
    assert await database.transact(lambda c: remarks.tidy(c, year - timedelta(days=2))) == 0
    assert await database.transact(lambda c: remarks.tidy(c, year)) == 2
    assert [one.key for one in await stored.remarks(ANN, HERE)] == ["k4"]


async def _everything(database):
    def work(connection):
        rows = [connection.execute(table.select()).all() for table in metadata.sorted_tables]
        return repr(rows).encode()

    return await database.transact(work)
