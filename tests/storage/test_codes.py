"""One-time codes: good once, soon, for one person; what is kept of them is a keyed hash."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from coaching.people import Person, Place
from coaching.turn import Forget
from storage import codes, tenants
from storage.memory import StoredMemory
from storage.scratch import contents
from storage.tables import code as table

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
ANN, BEN = Person("slack", "T1", "U1"), Person("slack", "T2", "U1")


@pytest.fixture
def spend(database):
    return lambda told, at=AT: database.transact(lambda c: codes.spend(c, told, at))


async def test_a_code_is_good_once(database, spend):
    """However it is typed; a second time it is nobody's."""
    told = await StoredMemory(database).code(ANN, AT)
    assert len(told) == codes.LENGTH + 2
    assert await spend(f" {told.lower().replace('-', ' ')}\n") == ANN
    assert await spend(told) is None


async def test_a_code_is_good_soon(database, spend):
    """A moment too late is too late, and it is gone then."""
    stored = StoredMemory(database)
    told = await stored.code(ANN, AT)
    assert await spend(told, AT + codes.LASTS) is None
    assert await spend(told) is None
    told = await stored.code(ANN, AT)
    assert await spend(told, AT + codes.LASTS - timedelta(seconds=1)) == ANN


async def test_the_newest_code_is_the_only_one(database, spend):
    """Whoever asks again has one, not two; others keep theirs."""
    stored = StoredMemory(database)
    first, others = await stored.code(ANN, AT), await stored.code(BEN, AT)
    second = await stored.code(ANN, AT)
    assert first != second
    assert await spend(first) is None
    assert await spend(others) == BEN
    assert await spend(second) == ANN


async def test_nothing_opens_without_a_code(spend):
    """Where none was ever given, and for what is none."""
    for told in ("", "2345-6789-ABCD", "é" * 12):
        assert await spend(told) is None


async def test_what_is_kept_is_no_code(database):
    """Nobody who reads the database can use what stands there."""
    told = await StoredMemory(database).code(ANN, AT)
    held = b"".join(b"".join(rows) for rows in (await contents(database)).values())
    assert told.encode() not in held
    assert told.replace("-", "").encode() not in held


async def test_the_clock_erases_what_is_over(database):
    """And leaves what is not."""
    stored = StoredMemory(database)
    await stored.code(ANN, AT)
    await stored.code(BEN, AT + timedelta(minutes=10))
    assert await database.transact(lambda c: codes.tidy(c, AT + codes.LASTS)) == 1
    left = await database.transact(lambda c: c.execute(select(table.c.tenant)).scalars().all())
    assert left == [BEN.tenant]


async def test_a_code_goes_with_its_person(database, spend):
    """Whoever is erased leaves none behind, by themselves or with their workspace."""
    stored = StoredMemory(database)
    anns, bens = await stored.code(ANN, AT), await stored.code(BEN, AT)
    await stored.keep(ANN, Place("slack", "T1", "D1"), (Forget(),), AT)
    assert await spend(anns) is None
    await database.transact(lambda c: tenants.erase(c, "slack", "T2"))
    assert await spend(bens) is None
