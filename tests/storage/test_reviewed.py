"""Fingerprints of replies: kept where somebody asked, for 30 days, and gone with them."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from coaching.kept import Reviewed
from coaching.people import Person, Place
from coaching.turn import Forget, Preferences, PreferencesSet
from storage import reviewed
from storage.memory import StoredMemory
from storage.tables import reviewed as table

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
ANNA, TOM = Person("slack", "T1", "U1"), Person("slack", "T1", "U2")
HERE = Place("slack", "T1", "D1")
ONE = Reviewed((1, 2, (1 << 63) - 1), 7)
WANTED = PreferencesSet(Preferences(repeats=True))


async def count(database):
    return await database.transact(lambda c: c.execute(select(func.count()).select_from(table)).scalar())


async def test_what_is_kept_comes_back_to_its_person_alone(database):
    """With a key of their own, the same each time."""
    memory = StoredMemory(database)
    await memory.keep(ANNA, HERE, (WANTED, ONE), AT)
    assert (await memory.recall(ANNA, HERE)).preferences.repeats
    found = await memory.earlier(ANNA, AT)
    assert found.replies == ((ONE, AT),)
    assert "reviewed.prints" in {row.what for row in await memory.rows(ANNA)}
    other = await memory.earlier(TOM, AT)
    assert other.replies == ()
    assert other.key != found.key == (await memory.earlier(ANNA, AT)).key


async def test_it_ends_after_thirty_days_with_the_tick_and_with_the_person(database):
    """By the clock, at once, and with everything else."""
    memory = StoredMemory(database)
    await memory.keep(ANNA, HERE, (WANTED, ONE), AT)
    late = AT + timedelta(days=30)
    assert (await memory.earlier(ANNA, late)).replies == ()
    assert await database.transact(lambda c: reviewed.tidy(c, late - timedelta(seconds=1))) == 0
    assert await database.transact(lambda c: reviewed.tidy(c, late)) == 1
    await memory.keep(ANNA, HERE, (ONE, PreferencesSet(Preferences())), AT)
    assert await count(database) == 0
    await memory.keep(ANNA, HERE, (WANTED, ONE, Forget()), AT)
    assert await count(database) == 0


async def test_what_comes_after_the_tick_was_taken_away_is_not_kept(database):
    """They unticked it while their reply was looked at; of somebody unknown nothing is begun either."""
    memory = StoredMemory(database)
    await memory.keep(ANNA, HERE, (WANTED, PreferencesSet(Preferences())), AT)
    for who in (ANNA, TOM):
        await memory.keep(who, HERE, (ONE,), AT)
    assert await count(database) == 0
    assert await memory.rows(TOM) == ()


async def test_the_oldest_go(database, monkeypatch):
    """No more than so many of one person."""
    monkeypatch.setattr(reviewed, "MOST", 3)
    memory = StoredMemory(database)
    for who in (ANNA, TOM):
        await memory.keep(who, HERE, (WANTED,), AT)
    for number in range(5):
        await memory.keep(ANNA, HERE, (Reviewed((number,), 0),), AT)
    await memory.keep(TOM, HERE, (ONE,), AT)
    assert [one.prints for one, _ in (await memory.earlier(ANNA, AT)).replies] == [(4,), (3,), (2,)]
    assert await count(database) == 4
