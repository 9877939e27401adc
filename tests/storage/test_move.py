"""Everything moves from a file to a server: who is known, what is set, what was sent."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select, text

from coaching.people import WORKDAYS, For, Person, Place, Slot, Zone
from coaching.turn import Met, ScheduleSet
from storage import falling_due
from storage.db import open_database
from storage.memory import StoredMemory
from storage.move import NotEmptyError, move
from storage.tables import metadata

SUNDAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANN, DM = Person("web", "local", "U1"), Place("web", "local", "D1")
BOB, HIS = Person("web", "local", "U2"), Place("web", "local", "D2")
NINE = Slot(Zone("Europe/Berlin"), time(9), WORKDAYS)


def everything(connection):
    return {
        table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
        for table in metadata.sorted_tables
    }


@pytest.fixture
async def both(sqlite_url, postgres_url):
    file, server = open_database(sqlite_url), open_database(postgres_url)
    await StoredMemory(file).keep(ANN, DM, (Met(), ScheduleSet(For.ME, NINE, DM)), SUNDAY)
    await file.transact(lambda c: falling_due.materialise(c, SUNDAY + timedelta(days=1)))
    yield file, server
    await file.close()
    await server.close()


async def test_everything_moves_and_life_goes_on(both):
    """Row for row the same; what comes next gets numbers of its own."""
    file, server = both
    there = await file.transact(everything)
    assert await move(file, server) == sum(map(len, there.values())) > 3
    assert await server.transact(everything) == there
    await StoredMemory(server).keep(BOB, HIS, (Met(), ScheduleSet(For.ME, NINE, HIS)), SUNDAY)
    assert (await StoredMemory(server).recall(BOB, HIS)).met


async def test_back_into_a_file(both, empty_sqlite):
    """The other way round as well."""
    file, server = both
    await move(file, server)
    await move(server, empty_sqlite)
    assert await empty_sqlite.transact(everything) == await file.transact(everything)


async def test_only_into_an_empty_database(both):
    """What is there already is not mixed with it, and stays."""
    file, server = both
    await StoredMemory(server).keep(BOB, HIS, (Met(),), SUNDAY)
    before = await server.transact(everything)
    with pytest.raises(NotEmptyError):
        await move(file, server)
    assert await server.transact(everything) == before


@pytest.fixture
async def empty_sqlite(sqlite_template, tmp_path):
    path = tmp_path / "other.db"
    path.write_bytes(sqlite_template.read_bytes())
    opened = open_database(f"sqlite:///{path}")
    yield opened
    await opened.close()


async def test_a_server_plans_for_what_came_along(both):
    """Its rows are counted at once, not when it happens to look."""
    file, server = both
    await move(file, server)
    counted = text("SELECT reltuples FROM pg_class WHERE relname = 'delivery'")
    assert await server.transact(lambda c: c.execute(counted).scalar_one()) > 0
