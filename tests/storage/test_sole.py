"""Whether one process alone uses a database."""

import asyncio
import sys

from storage.db import open_database
from storage.sole import Sole

HOLD = "import sys; from pathlib import Path; from storage.sole import Sole; "
HOLD += "print(Sole(Path(sys.argv[1])).take(), flush=True); sys.stdin.read()"


async def test_one_at_a_time(sqlite_url):
    """The second is not alone, until the first has closed; the first is, however often it asks."""
    first, second = open_database(sqlite_url), open_database(sqlite_url)
    assert [await first.alone(), await second.alone(), await first.alone()] == [True, False, True]
    await first.close()
    assert await second.alone()
    await second.close()


async def test_nobody_is_alone_on_a_server(postgres_url):
    """Others may send from there at any time."""
    opened = open_database(postgres_url)
    assert not await opened.alone()
    await opened.close()


async def test_who_is_killed_lets_go(tmp_path):
    """The lock ends with its process, however that ends."""
    mine = Sole(tmp_path / "breather.db")
    other = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HOLD, str(mine.beside)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert await other.stdout.readline() == b"True\n"
    assert not mine.take()
    other.kill()
    await other.communicate()
    assert mine.take()
    mine.release()


def test_a_folder_that_cannot_be_written_is_nobodys(tmp_path):
    """No lock, so nobody is taken to be alone."""
    assert not Sole(tmp_path / "none" / "breather.db").take()
