"""The door to the database: all or nothing, no failure hurts a neighbour, trouble tells its remedy."""

import asyncio
import sqlite3
import stat
import sys
import threading
from datetime import time
from pathlib import Path

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import ArgumentError

from storage import sqlite
from storage.db import Fault, StorageError, check, open_database, read_url
from storage.faults import fault_of
from storage.tables import slot

ROOT = Path(__file__).parents[2]
CANARY = "Canary/Value"


def put(name):
    return lambda c: c.execute(insert(slot).values(zone=name, local_time=time(9), weekdays=frozenset()))


def names(connection):
    return set(connection.execute(select(slot.c.zone)).scalars())


async def fault(database, work):
    with pytest.raises(StorageError) as caught:
        await database.transact(work)
    return caught.value


async def test_what_a_transaction_returns_and_keeps(database):
    """The result comes back, and another transaction sees what was kept."""
    assert await database.transact(lambda c: (put("A")(c), 42)[1]) == 42
    assert await database.transact(names) == {"A"}


async def test_a_failure_keeps_nothing_and_passes_on_its_own_error(database):
    """Half a transaction is none; the error of the work is not dressed up."""

    def work(connection):
        put("A")(connection)
        raise LookupError("ours")

    with pytest.raises(LookupError, match="ours"):
        await database.transact(work)
    assert await database.transact(names) == set()


async def test_many_at_once_and_a_failing_one_hurts_no_neighbour(database):
    """Of sixty at once every fifth fails: exactly the others are kept."""

    def work(number):
        def inner(connection):
            put(f"Z{number}")(connection)
            if number % 5 == 0:
                raise LookupError(str(number))

        return inner

    results = await asyncio.gather(*(database.transact(work(n)) for n in range(60)), return_exceptions=True)
    assert [n for n, r in enumerate(results) if isinstance(r, LookupError)] == list(range(0, 60, 5))
    assert await database.transact(names) == {f"Z{n}" for n in range(60) if n % 5}


async def test_a_database_error_carries_no_value(database):
    """A broken constraint becomes our sentence: no value in it, nor in what hangs on it."""
    await database.transact(put(CANARY))
    error = await fault(database, put(CANARY))
    assert error.fault is Fault.REFUSED
    assert CANARY not in repr(error)
    assert error.__cause__ is None
    assert error.__context__ is None


async def test_a_mistake_in_our_own_statement_is_not_called_the_databases(database):
    """A bug of ours stays recognisable."""
    with pytest.raises(ArgumentError):
        await database.transact(lambda c: c.execute(object() and select("no such thing", 5)))


async def test_closed_is_closed(database):
    """After the end nothing is taken any more, and closing twice does no harm."""
    await database.transact(names)
    await database.close()
    assert (await fault(database, names)).fault is Fault.CLOSED


async def test_what_waits_is_finished_before_the_end(database):
    """Closing while work waits loses none of it."""
    jobs = [asyncio.ensure_future(database.transact(put(f"Z{n}"))) for n in range(20)]
    await asyncio.sleep(0)
    if hasattr(database, "_thread"):
        await database.close()
    await asyncio.gather(*jobs)


async def test_an_impatient_caller_stops_nobody(database):
    """Who stops waiting changes nothing for the others."""
    job = asyncio.ensure_future(database.transact(put("A")))
    await asyncio.sleep(0)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    await database.transact(put("B"))
    assert "B" in await database.transact(names)


async def test_scrubbing_says_whether_it_was_done(database):
    """Nobody reads along: done."""
    await database.transact(put("A"))
    assert await database.scrub()


# --------------------------------------------------------------------------- SQLite


async def test_settings_of_every_connection(lite):
    """Write-ahead log, full sync, foreign keys, overwriting deletes."""

    def work(connection):
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert await lite.transact(work) == ["wal", 2, 1, 1, 5000]


async def test_those_who_wait_share_one_commit(lite):
    """A hundred that wait behind a slow one cost one more commit, not a hundred."""
    commits = []
    event.listen(lite.engine, "commit", lambda _connection: commits.append(1))
    entered, go = threading.Event(), threading.Event()
    slow = asyncio.ensure_future(lite.transact(lambda _c: (entered.set(), go.wait(5))))
    await asyncio.to_thread(entered.wait)
    jobs = [asyncio.ensure_future(lite.transact(put(f"Z{n}"))) for n in range(100)]
    scrub = asyncio.ensure_future(lite.scrub())
    late = asyncio.ensure_future(lite.transact(put("late")))
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(slow, *jobs, late)
    assert await scrub
    assert len(commits) == 3
    assert len(await lite.transact(names)) == 101


async def test_a_neighbour_that_tears_down_the_whole_transaction(lite):
    """Even then each of the others is kept, once."""
    entered, go = threading.Event(), threading.Event()
    slow = asyncio.ensure_future(lite.transact(lambda _c: (entered.set(), go.wait(5))))
    await asyncio.to_thread(entered.wait)
    jobs = [
        asyncio.ensure_future(lite.transact(work))
        for work in (put("A"), lambda c: c.exec_driver_sql("ROLLBACK"), put("B"))
    ]
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(slow, *jobs, return_exceptions=True)
    assert await lite.transact(names) == {"A", "B"}


async def test_a_reader_outside_holds_the_log(lite, sqlite_url):
    """While somebody reads an old state the log cannot be emptied, and that is said."""
    await lite.transact(put("A"))
    reader = sqlite3.connect(read_url(sqlite_url).database, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM slot").fetchall()
    await lite.transact(lambda c: (c.exec_driver_sql("PRAGMA busy_timeout=10"), put("B")(c)))
    assert not await lite.scrub()
    reader.close()
    assert await lite.scrub()


async def test_a_new_file_is_its_owners_alone(tmp_path):
    """Nobody else on the machine can read it."""
    path = tmp_path / "new.db"
    opened = open_database(f"sqlite:///{path}")
    await opened.transact(lambda c: c.exec_driver_sql("CREATE TABLE t (x)"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    await opened.close()


async def test_a_missing_folder_and_then_it_is_there(tmp_path):
    """The remedy is told, and once it is followed the same open database works."""
    opened = open_database(f"sqlite:///{tmp_path / 'no' / 'x.db'}")
    assert (await fault(opened, lambda c: None)).fault is Fault.MISSING
    (tmp_path / "no").mkdir()
    assert await opened.transact(lambda c: c.exec_driver_sql("SELECT 1").scalar()) == 1
    await opened.close()


async def test_a_file_that_is_no_database(tmp_path):
    """It is left as it is, and the remedy is told."""
    junk = tmp_path / "junk.db"
    junk.write_bytes(b"no database at all " * 500)
    opened = open_database(f"sqlite:///{junk}")
    assert (await fault(opened, put("A"))).fault is Fault.NOT_A_DATABASE
    await opened.close()


async def test_a_database_that_cannot_be_written(lite):
    """Reading goes on, and the remedy is told."""
    await lite.transact(lambda c: c.exec_driver_sql("PRAGMA query_only=ON"))
    assert (await fault(lite, put("A"))).fault is Fault.READ_ONLY
    assert await lite.transact(names) == set()


async def test_locked_and_then_free(lite, sqlite_url):
    """Another program holds the file; when it lets go, work goes on."""
    await lite.transact(lambda c: c.exec_driver_sql("PRAGMA busy_timeout=20"))
    other = sqlite3.connect(read_url(sqlite_url).database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="locked"):
        await lite.transact(put("Z"))
    other.execute("ROLLBACK")
    other.close()
    await lite.transact(put("A"))


async def test_locked_out_is_told_to_all_who_wait_at_once(lite, sqlite_url, monkeypatch):
    """Not one after the other, each after its own wait: two begin, the first and all behind it."""
    await lite.transact(put("A"))
    soon = tuple(p for p in sqlite._PRAGMAS if "busy" not in p)
    monkeypatch.setattr(sqlite, "_PRAGMAS", ("PRAGMA busy_timeout=20", *soon))
    await lite.transact(lambda c: c.exec_driver_sql("PRAGMA busy_timeout=20"))
    begun = []
    event.listen(lite.engine, "begin", lambda _: begun.append(1), insert=True)
    other = sqlite3.connect(read_url(sqlite_url).database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    told = await asyncio.gather(*(lite.transact(put(f"Z{n}")) for n in range(20)), return_exceptions=True)
    assert {getattr(one, "fault", None) for one in told} == {Fault.LOCKED}
    assert len(begun) <= 2
    other.execute("ROLLBACK")
    other.close()
    assert await lite.transact(names) == {"A"}


async def test_a_full_disk(lite):
    """What does not fit is refused with its remedy; what was stored stays."""
    await lite.transact(put("A"))

    def fill(connection):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        for number in range(5000):
            put(f"Z{number}")(connection)

    assert (await fault(lite, fill)).fault is Fault.FULL
    assert await lite.transact(names) == {"A"}


async def test_not_set_up_older_or_newer(lite, tmp_path):
    """The tables must be those of this code."""
    await lite.transact(check)
    for version, expected in (("9999", Fault.NEWER), ("0000", Fault.OLDER)):
        set_to = text("UPDATE alembic_version SET version_num = :v")
        await lite.transact(lambda c, v=version, s=set_to: c.execute(s, {"v": v}))
        assert (await fault(lite, check)).fault is expected
    await lite.transact(lambda c: c.execute(text("DELETE FROM alembic_version")))
    assert (await fault(lite, check)).fault is Fault.OLDER
    empty = open_database(f"sqlite:///{tmp_path / 'none.db'}")
    assert (await fault(empty, check)).fault is Fault.OLDER
    await empty.close()


# --------------------------------------------------------------------------- addresses and PostgreSQL


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://h/x", "sqlite://", "sqlite:///:memory:", "postgresql://h:x/"]
)
def test_an_address_that_cannot_be(url):
    """It is said how one is written."""
    with pytest.raises(StorageError, match=r"sqlite:///path/to/file\.db"):
        open_database(url)


def test_the_ways_to_write_a_server():
    """postgres:// as hosts hand it out, with libpq's words."""
    for start in ("postgres", "postgresql", "postgresql+asyncpg"):
        read = read_url(f"{start}://u:p@h/n?sslmode=require&channel_binding=require")
        assert read.drivername == "postgresql+asyncpg"
        assert dict(read.query) == {"ssl": "require"}


@pytest.mark.parametrize("options", ["foo=bar", "pgbouncer=true", "sslmode=banana", "command_timeout=5"])
def test_an_option_nobody_knows(options):
    """Said with the remedy, when the address is read; no call deep inside fails over it."""
    with pytest.raises(StorageError, match="keep sslmode"):
        open_database(f"postgresql://u:p@h/n?{options}")


def test_without_the_extra(monkeypatch):
    """One line says what to install."""
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(StorageError, match=r"pip install 'breather\[postgres\]'"):
        open_database("postgresql://h/n")


async def test_a_server_that_is_not_there(tmp_path):
    """No server, or a host nobody knows."""
    opened = open_database(f"postgresql://postgres@/x?host={tmp_path}")
    assert (await fault(opened, names)).fault is Fault.UNREACHABLE
    await opened.close()


async def test_trouble_with_a_server(postgres):
    """No such database; no tables yet; read-only."""
    missing = open_database(postgres.url("no_such_database"))
    assert (await fault(missing, names)).fault is Fault.UNREACHABLE
    await missing.close()
    empty = open_database(postgres.url(postgres.create()))
    assert (await fault(empty, check)).fault is Fault.OLDER
    await empty.close()
    name = postgres.migrated()
    postgres.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    frozen = open_database(postgres.url(name))
    assert (await fault(frozen, put("A"))).fault is Fault.READ_ONLY
    await frozen.close()


async def test_a_step_that_another_stood_in_the_way_of_is_tried_again(postgres_url):
    """A deadlock costs a second try, not an error; one that stays is told."""
    opened = open_database(postgres_url)
    tries = []

    def raise_deadlock(connection, times):
        tries.append(1)
        if len(tries) <= times:
            connection.execute(text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$"))
        put(f"Z{len(tries)}")(connection)

    await opened.transact(lambda c: raise_deadlock(c, 1))
    assert await opened.transact(names) == {"Z2"}
    assert (await fault(opened, lambda c: raise_deadlock(c, 99))).fault is Fault.LOCKED
    await opened.close()


def test_an_error_nobody_knows_is_a_refusal():
    """There is always a sentence."""
    assert fault_of(LookupError("x")) is Fault.REFUSED
    assert fault_of(ConnectionRefusedError()) is Fault.UNREACHABLE
    assert "CANARY" not in str(StorageError(Fault.REFUSED))


def test_no_text_leaves_by_echo():
    """No statement and no parameter is ever logged."""
    source = "".join(p.read_text() for p in (ROOT / "storage").glob("*.py"))
    assert "echo=" not in source
    engines = source.count(" create_engine(") + source.count(" create_async_engine(")
    assert source.count("hide_parameters=True") == engines >= 3
