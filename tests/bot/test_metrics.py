"""What operators see: /metrics and /readyz in figures and plain words, and never anything about anybody."""

import asyncio
import contextlib
import os
import re
import resource
import shutil
import sqlite3
from datetime import UTC, datetime, time, timedelta
from time import monotonic as time_now

import aiohttp
import pytest
from sqlalchemy import text, update

from bot import ailing, assembly, web
from bot.ailing import LATELY
from bot.clock import Tick
from bot.metrics import OUTCOMES, Tally
from bot.settings import read_settings
from coaching.people import Day, For, Person, Place, Slot, Zone
from coaching.ports import Later, Posted
from coaching.sealed import Words
from coaching.turn import ScheduleSet
from coaching.values import Command, Message
from storage.db import Fault, StorageError, open_database
from storage.engine import Pump
from storage.tables import delivery
from tests.players.serving import served

NOW = datetime.now(UTC)
ANN, DM = Person("web", "local", "U1"), Place("web", "local", "D1")


class Outbox:
    """A post that answers as told."""

    answer = Posted.SENT

    async def post(self, letter):
        return self.answer


@contextlib.asynccontextmanager
async def house(url):
    made = assembly.build_house(read_settings({"DATABASE_URL": url}), open_database(url))
    made.posts["web"] = Outbox()
    app = web.application([], made.ready, contextlib.nullcontext, made.metrics)
    try:
        async with served(app) as address, aiohttp.ClientSession(address) as client:
            yield made, client
    finally:
        await made.stop()


async def due(made, ago=timedelta(minutes=1)):
    """One reminder that fell due a while ago and was not sent."""
    slot = Slot(Zone("UTC"), time(0), frozenset(Day))
    await made.coach.memory.keep(ANN, DM, (ScheduleSet(For.ME, slot, DM),), NOW - timedelta(days=2))
    entered = (
        "INSERT INTO delivery (subscription_id, local_date, state, due_at, run_at, token, attempt)"
        " SELECT max(id), :day, 0, :at, :at, 0, 0 FROM subscription"
    )
    at = (NOW - ago).timestamp()
    await made.database.transact(lambda c: c.execute(text(entered), {"day": NOW.date(), "at": at}))


async def page(client):
    async with client.get("/metrics") as answer:
        return await answer.text()


def read(told):
    return {name: float(value) for name, value in re.findall(r"^([a-z]\S*) (\S+)$", told, re.MULTILINE)}


async def test_metrics_tell_how_it_stands(url):
    """Depth and age of the queue, what is under way, and what became of the letters of this process."""
    async with house(url) as (made, client):
        await due(made)
        async with client.get("/metrics") as answer:
            assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
            told = read(await answer.text())
        assert (told["breather_ready"], told["breather_letters_due"]) == (1, 1)
        assert 60 <= told["breather_oldest_due_seconds"] < 3600
        delivering = asyncio.create_task(made.courier.deliver())
        async with asyncio.timeout(20):
            while told["breather_letters_due"] or told["breather_letters_sending"]:
                told = read(await page(client))
        await made.courier.landed()
        await delivering
        told = read(await page(client))
        assert told["breather_letters_due"] == told["breather_oldest_due_seconds"] == 0
        assert told['breather_letters_total{outcome="sent"}'] >= 1
        assert told["breather_letters_sending"] == 0


async def test_who_never_came_back_is_counted(url):
    """What a dead sender left behind is under way, then unknown."""
    async with house(url) as (made, client):
        await due(made)
        gone = {"state": 1, "lease_until": NOW - timedelta(hours=3), "started_at": NOW - timedelta(hours=4)}
        await made.database.transact(lambda c: c.execute(update(delivery).values(**gone)))
        assert read(await page(client))["breather_letters_sending"] == 1
        await made.courier.reap()
        told = read(await page(client))
        assert told['breather_letters_total{outcome="unknown"}'] == 1
        assert told["breather_letters_sending"] == 0


def test_every_outcome_is_counted_under_a_name_of_ours():
    """No outcome is lost, and no name is made up."""
    tally = Tally()
    for outcome in (*Posted, Later(3), None):
        tally.settled(outcome)
    assert sum(tally.counts.values()) == len(Posted) + 2
    assert set(tally.counts) <= set(OUTCOMES)


async def test_a_vent_changes_no_figure(sqlite_url):
    """Before and after somebody let off steam the page is the same, byte for byte; it names nobody."""
    async with house(sqlite_url) as (made, client):
        before = await page(client)
        words = Words("they shouted at me all day")
        await made.coach.hear(Message("m1", ANN, DM, NOW, Command("vent", words)))
        assert await page(client) == before
        assert "U1" not in before
        assert set(re.findall(r"(\w+)=", before)) == {"outcome"}


# --------------------------------------------------------------------------- ready, or why not


async def ready(client):
    async with client.get("/readyz") as answer:
        return answer.status, (await answer.text()).strip()


async def test_ready_again_by_itself_when_the_file_is_free(sqlite_url):
    """Locked by another program: no, with the remedy; let go: yes."""
    async with house(sqlite_url) as (made, client):
        assert await ready(client) == (200, "ready")
        await made.database.transact(lambda c: c.exec_driver_sql("PRAGMA busy_timeout=20"))
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        code, told = await ready(client)
        assert (code, told.partition(".")[0]) == (503, "The database is locked by another program")
        other.execute("ROLLBACK")
        other.close()
        assert await ready(client) == (200, "ready")


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("UPDATE alembic_version SET version_num='0001'", "", "breather migrate"),
        ("UPDATE alembic_version SET version_num='9999'", "", "Install the newer version"),
        ("ALTER TABLE tip_shown RENAME TO x", "ALTER TABLE x RENAME TO tip_shown", "Tables are missing"),
        ("PRAGMA query_only=ON", "PRAGMA query_only=OFF", "read-only"),
    ],
)
async def test_not_ready_says_why_and_what_to_do(sqlite_url, wrong, right, says):
    """Older, newer, with a table gone, not to be written; mended it is ready at once."""
    async with house(sqlite_url) as (made, client):
        version = (await _rows(made, "SELECT version_num FROM alembic_version"))[0][0]
        await made.database.transact(lambda c: c.exec_driver_sql(wrong) and None)
        code, told = await ready(client)
        assert code == 503
        assert says in told
        mend = right or f"UPDATE alembic_version SET version_num='{version}'"
        await made.database.transact(lambda c: c.exec_driver_sql(mend) and None)
        assert await ready(client) == (200, "ready")


async def test_a_disk_that_takes_no_more(sqlite_url):
    """What cannot be written is not ready and loses nothing; with room again it is ready."""
    async with house(sqlite_url) as (made, client):
        await due(made)
        size = os.stat(f"{sqlite_url.removeprefix('sqlite:///')}-wal").st_size  # noqa: PTH116
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            code, told = await ready(client)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert code == 503
        assert told.startswith("The disk of the database")
        assert await ready(client) == (200, "ready")
        assert read(await page(client))["breather_letters_due"] == 1


async def test_a_server_with_room_for_a_small_row_only(postgres_url):
    """What letters need is refused, a look is not: not ready until nothing was refused for ten seconds."""
    body = "BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END"
    refuse = (
        f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        "CREATE TRIGGER refuse BEFORE UPDATE ON delivery EXECUTE FUNCTION refuse()",
    )
    async with house(postgres_url) as (made, client):
        await due(made)
        made.courier.engine = Pump()
        try:
            for statement in refuse:
                await made.database.transact(lambda c, s=statement: c.exec_driver_sql(s) and None)
            assert await ready(client) == (200, "ready")
            await made.clock._run(Tick("deliver", timedelta(seconds=1), made.courier.deliver))
            code, told = await ready(client)
            assert (code, told.startswith("The disk of the database is full. Make room")) == (503, True)
            assert read(await page(client))["breather_ready"] == 0
        finally:
            gone = "DROP FUNCTION refuse() CASCADE"
            await made.database.transact(lambda c: c.exec_driver_sql(gone) and None)
        await made.courier.deliver()
        await made.courier.landed()
        assert (await ready(client))[0] == 503
        made.ailing.clock = lambda: time_now() + LATELY
        assert await ready(client) == (200, "ready")
        told = read(await page(client))
        assert (told["breather_ready"], told['breather_letters_total{outcome="sent"}']) == (1, 1)


async def test_a_server_that_another_program_holds(postgres_url, monkeypatch):
    """Whoever asks is answered soon, and it is ready again when that program lets go."""
    monkeypatch.setattr(ailing, "PATIENCE", 0.3)
    holder = open_database(postgres_url)
    async with house(postgres_url) as (made, client), holder.engine.connect() as other:
        await other.exec_driver_sql("LOCK TABLE alembic_version")
        code, told = await ready(client)
        assert (code, told.startswith("The database does not answer")) == (503, True)
        await other.rollback()
        assert await ready(client) == (200, "ready")
        await other.exec_driver_sql("LOCK TABLE delivery")
        await made.database.transact(lambda c: c.exec_driver_sql("SET lock_timeout = '50ms'") and None)
        await made.clock._run(Tick("reap", timedelta(seconds=1), made.courier.reap))
        await other.rollback()
        code, told = await ready(client)
        assert (code, told.startswith("The database is locked by another program")) == (503, True)
    await holder.close()


async def test_what_passes_by_itself_is_not_remembered(sqlite_url):
    """A fault that a look would see, and one of ours that is no fault of the database."""
    async with house(sqlite_url) as (made, client):
        made.ailing("clock.deliver", StorageError(Fault.UNREACHABLE))
        made.ailing("clock.deliver", LookupError("ours"))
        assert await ready(client) == (200, "ready")


async def _rows(made, statement):
    return await made.database.transact(lambda c: c.execute(text(statement)).all())


async def test_a_file_that_is_gone_and_back(tmp_path, sqlite_url):
    """Moved away: not ready, and no empty one is begun in its place; back: ready, with all that was in it."""
    path = tmp_path / "breather.db"
    async with house(sqlite_url) as (made, client):
        assert await ready(client) == (200, "ready")
        await due(made)
        await made.database.scrub()
        path.rename(tmp_path / "away.db")
        code, told = await ready(client)
        assert (code, "is not there any more" in told) == (503, True)
        assert not path.exists()
        (tmp_path / "away.db").rename(path)
        assert await ready(client) == (200, "ready")
        assert read(await page(client))["breather_letters_due"] == 1


async def test_a_backup_in_its_place(tmp_path, sqlite_url):
    """Another file under the same name is taken up at once; nothing goes into the one that was moved away."""
    path = tmp_path / "breather.db"
    async with house(sqlite_url) as (made, client):
        await made.database.scrub()
        shutil.copy(path, tmp_path / "backup.db")
        await due(made)
        await made.database.scrub()
        for name in ("", "-wal", "-shm"):
            path.with_name(path.name + name).unlink(missing_ok=True)
        (tmp_path / "backup.db").rename(path)
        assert await ready(client) == (200, "ready")
        assert read(await page(client))["breather_letters_due"] == 0


async def test_a_server_that_stops_and_starts(postgres, postgres_url):
    """While PostgreSQL is down: not ready, nothing raised; when it runs again: ready, by itself."""
    async with house(postgres_url) as (made, client):
        assert await ready(client) == (200, "ready")
        await due(made)
        await asyncio.to_thread(postgres.server.stop)
        try:
            code, told = await ready(client)
            assert (code, "cannot be reached" in told) == (503, True)
            assert read(await page(client))["breather_ready"] == 0
        finally:
            await asyncio.to_thread(postgres.server.ensure_postgres_running)
        assert await ready(client) == (200, "ready")
        assert read(await page(client))["breather_letters_due"] == 1
