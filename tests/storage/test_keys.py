"""A key for each person: what it sealed opens for them alone, and for nobody once they are forgotten."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text, update

from coaching.people import Person, Place, Room
from coaching.turn import Forget, Met
from storage import keys, leaving, people
from storage import vault as vaults
from storage.db import StorageError, open_database, read_url
from storage.keys import Keys
from storage.memory import StoredMemory
from storage.tables import person_key
from storage.vault import VaultError, new_key, open_vault

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
ANN, BEN = Person("slack", "T1", "U1"), Person("slack", "T1", "U2")
DM = Place("slack", "T1", "D1", Room.DIRECT)
CANARY = "Kestrel asked for the blue one"
HERE = "promise|words|1"
ONE, TWO = new_key(), new_key()
SAFES = {"under a key": Keys(open_vault([ONE])), "under none": Keys()}


@pytest.fixture(params=SAFES)
def safe(request):
    return SAFES[request.param]


async def owner(database, who=ANN):
    return await database.transact(lambda c: people.note(c, who, AT, met=True))


async def sealed(database, safe, number, belongs=HERE):
    return await database.transact(lambda c: safe.seal(c, number, CANARY, belongs))


async def opened(database, safe, number, kept, belongs=HERE):
    return await database.transact(lambda c: safe.open(c, number, kept, belongs))


async def stored(database, number):
    wanted = person_key.select().where(person_key.c.person_id == number)
    row = await database.transact(lambda c: c.execute(wanted).first())
    return row and bytes(row.key)


async def test_sealed_and_opened(database, safe):
    """By one key a person, drawn once; never twice the same bytes, and never the text."""
    number = await owner(database)
    first = await sealed(database, safe, number)
    key = await stored(database, number)
    second = await sealed(database, safe, number)
    assert await stored(database, number) == key
    assert first != second
    assert CANARY.encode() not in first + second + key
    for kept in (first, second):
        assert await opened(database, safe, number, kept) == CANARY


async def test_it_belongs_to_a_person_and_a_place(database, safe):
    """Moved to another row, or into somebody else's, it is not opened; nothing quotes it."""
    ann, ben = await owner(database), await owner(database, BEN)
    kept = await sealed(database, safe, ann)
    await sealed(database, safe, ben)
    for number, belongs in ((ann, "promise|words|2"), (ben, HERE), (99, HERE)):
        with pytest.raises(VaultError, match="does not belong") as told:
            await opened(database, safe, number, kept, belongs)
        assert CANARY not in str(told.value)


async def test_a_key_moved_to_another_person(database):
    """A vault binds each key to its row."""
    safe = SAFES["under a key"]
    ann, ben = await owner(database), await owner(database, BEN)
    await sealed(database, safe, ann)
    await sealed(database, safe, ben)
    moved = update(person_key).where(person_key.c.person_id == ben).values(key=await stored(database, ann))
    await database.transact(lambda c: c.execute(moved) and None)
    with pytest.raises(VaultError, match="does not belong"):
        await sealed(database, safe, ben)


async def test_forgetting_destroys_the_key(database, safe):
    """A copy of what was sealed, put back from anywhere, stays closed: also for a new key of theirs."""
    number = await owner(database)
    kept = await sealed(database, safe, number)
    await database.transact(lambda c: leaving.forget(c, ANN))
    assert await stored(database, number) is None
    again = await owner(database)
    await sealed(database, safe, again)
    for one in (number, again):
        with pytest.raises(VaultError, match="does not belong"):
            await opened(database, safe, one, kept)


async def test_nobody_is_given_a_key_who_is_not_there(database, safe):
    """Somebody who was forgotten a moment ago is not begun anew."""
    with pytest.raises(StorageError):
        await sealed(database, safe, 99)


async def test_two_who_draw_at_once_share_one_key(url):
    """What either sealed, both open."""
    safe, doors = SAFES["under none"], [open_database(url) for _ in range(4)]
    number = await owner(doors[0])
    kept = await asyncio.gather(*(sealed(door, safe, number) for door in doors))
    assert [await opened(doors[0], safe, number, one) for one in kept] == [CANARY] * 4
    for door in doors:
        await door.close()


# --------------------------------------------------------------------------- changes of the vault's keys


async def test_a_vault_that_comes_later_and_changes(database):
    """Keys are sealed anew, a batch at a time; a second run finds nothing to do."""
    number = await owner(database)
    kept = await sealed(database, Keys(), number)
    bare = await stored(database, number)
    for vault, done in ((open_vault([ONE]), 1), (open_vault([TWO, ONE]), 1), (open_vault([TWO]), 0)):
        assert await opened(database, Keys(vault), number, kept) == CANARY
        assert await database.transact(lambda c, v=vault: keys.rewrap(c, v, 0)) == (number, done)
        assert await database.transact(lambda c, v=vault: keys.rewrap(c, v, number)) == (0, 0)
        assert await opened(database, Keys(vault), number, kept) == CANARY
    assert bare[1:] not in await stored(database, number)
    for lost in (Keys(), Keys(open_vault([ONE]))):
        with pytest.raises(VaultError, match="Add that key"):
            await opened(database, lost, number, kept)


async def test_without_the_package(database, monkeypatch):
    """It says what to install, and nothing is kept."""
    number = await owner(database)
    monkeypatch.setattr(vaults, "find_spec", lambda name: None)
    with pytest.raises(VaultError, match="pip install cryptography"):
        await sealed(database, Keys(), number)
    assert await stored(database, number) is None


# --------------------------------------------------------------------------- what is left on the disk


async def test_nothing_of_it_is_left_in_the_files_of_sqlite(sqlite_url, lite):
    """Neither the key, nor what it sealed."""
    safe, memory = SAFES["under none"], StoredMemory(lite)
    number = await owner(lite)
    kept = await sealed(lite, safe, number)
    key = await stored(lite, number)
    folder = Path(read_url(sqlite_url).database).parent

    def found():
        data = b"".join(path.read_bytes() for path in folder.iterdir())
        return {part for part in (key, kept, CANARY.encode()) if part in data}

    assert found() == {key}
    await memory.keep(ANN, DM, (Forget(),), AT)
    assert found() == set()


class Server:
    """What lies in the files of a server's database, and in its log."""

    def __init__(self, postgres, url):
        self.postgres, self.name = postgres, read_url(url).database
        self.folder = Path(postgres.server.pgdata)

    def holds(self, *parts, where="base"):
        """Which of these bytes are there, once all is written out."""
        self.postgres.run("CHECKPOINT", database=self.name)
        data = b"".join(
            path.read_bytes() for path in sorted((self.folder / where).rglob("*")) if path.is_file()
        )
        return {part for part in parts if part in data}


async def test_what_is_left_on_a_server(postgres, postgres_url):
    """No row, no key in the files of the database, nowhere a word in clear.

    What was sealed may lie there yet; the log holds the key as the vault sealed it, as docs/deploy.md says.
    """
    database, safe = open_database(postgres_url), SAFES["under a key"]
    postgres.run("CREATE TABLE note (sealed bytea)", database=read_url(postgres_url).database)
    for number in range(30):
        await sealed(database, safe, await owner(database, Person("slack", "T1", f"UX{number}")))
    number = await owner(database)
    kept = await sealed(database, safe, number)
    await database.transact(
        lambda c: c.execute(text("INSERT INTO note VALUES (:kept)"), {"kept": kept}) and None
    )
    key, server = await stored(database, number), Server(postgres, postgres_url)
    assert await asyncio.to_thread(server.holds, key, kept) == {key, kept}
    memory = StoredMemory(database)
    await memory.keep(ANN, DM, (Met(),), AT)
    await memory.keep(ANN, DM, (Forget(),), AT)
    assert await memory.rows(ANN) == ()
    await database.transact(lambda c: c.execute(text("DELETE FROM note")) and None)
    assert await asyncio.to_thread(server.holds, key, CANARY.encode()) == set()
    assert await asyncio.to_thread(server.holds, key, CANARY.encode(), where="pg_wal") == {key}
    others = await database.transact(lambda c: c.execute(person_key.select()).all())
    assert len(others) == 30
    await database.close()
    postgres.run("DROP TABLE note", database=read_url(postgres_url).database)


async def test_a_reader_delays_it_and_is_not_in_the_way_for_ever(postgres_url):
    """While somebody reads the table, such as a backup, it says so soon; the clock tries again."""
    database, other = open_database(postgres_url), open_database(postgres_url)
    reading, done = asyncio.Event(), asyncio.Event()

    async def read():
        async with other.engine.begin() as connection:
            await connection.execute(person_key.select())
            reading.set()
            await done.wait()

    reader = asyncio.create_task(read())
    await reading.wait()
    await database.transact(lambda c: c.exec_driver_sql("SET lock_timeout = '50ms'") and None)
    assert not await database.scrub()
    done.set()
    await reader
    assert await database.scrub()
    await database.close()
    await other.close()


async def test_a_server_that_is_gone_delays_it(tmp_path):
    """As it would anything else; what was forgotten stays so."""
    database = open_database(f"postgresql://postgres@/x?host={tmp_path}")
    assert not await database.scrub()
    await database.close()


async def test_a_mistake_of_ours_is_not_hidden(postgres_url, monkeypatch):
    """What is no fault of the database passes as it is."""
    database = open_database(postgres_url)
    with monkeypatch.context() as patch:
        patch.setattr(database, "engine", None)
        with pytest.raises(AttributeError):
            await database.scrub()
    await database.close()
