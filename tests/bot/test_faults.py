"""The promise under fire, in short: about a hundred faults on real processes, counted by the receiving end.

`make bench-faults` is the long form.
"""

import pytest

from tests.players import faults
from tests.players.fleet import SEVERAL, Fleet

EMBEDDED = ("serve", "--port", "0")


def held(outcome):
    """Nothing twice and nothing lost, since Slack can be asked."""
    print(outcome)
    assert outcome.doubled == 0
    assert outcome.lost == 0
    assert outcome.letters >= SEVERAL


async def test_workers_killed(postgres, tmp_path):
    """kill -9 of two workers, half at the four points, half at any time; then recovery within lease + 5 s."""
    async with Fleet(tmp_path, postgres.url(postgres.emptied())) as fleet:
        await faults.kills(fleet, 40)
        outcome = await fleet.count("SIGKILL, workers on PostgreSQL")
    held(outcome)
    assert outcome.seconds <= fleet.lease + 5


async def test_workers_killed_where_nothing_can_be_looked_up(postgres, tmp_path):
    """As on Teams: what was on its way is open, told as such, and not sent again."""
    async with Fleet(tmp_path, postgres.url(postgres.emptied()), sealed=True) as fleet:
        await faults.kills(fleet, 16)
        outcome = await fleet.count("SIGKILL, nothing can be looked up")
    print(outcome)
    assert outcome.doubled == 0
    assert outcome.hidden == 0
    assert 0 < outcome.unknown <= fleet.width * outcome.faults


async def test_workers_frozen(postgres, tmp_path):
    """SIGSTOP for longer than the lease, two of three at a time: who wakes up late sends nothing any more."""
    async with Fleet(tmp_path, postgres.url(postgres.emptied()), size=3, lease=1.5, width=1) as fleet:
        await faults.freezes_while_waiting(fleet, 6)
        held(await fleet.count("SIGSTOP for 1.8 leases"))


async def test_workers_frozen_at_any_time(postgres, tmp_path):
    """The same at moments nobody chose, with four letters on their way each: what is late does not leave."""
    async with Fleet(tmp_path, postgres.url(postgres.emptied()), size=3, lease=1.5) as fleet:
        await faults.freezes(fleet, 6)
        held(await fleet.count("SIGSTOP for 1.8 leases, at any time"))


async def test_connections_cut(postgres, tmp_path):
    """Connections between workers and server are cut; none of the workers has to be started again for it."""
    name = postgres.emptied()
    async with (
        faults.wired(postgres, name) as (wire, url),
        Fleet(tmp_path, url, direct=postgres.url(name)) as fleet,
    ):
        await faults.cuts(fleet, 20, wire)
        held(await fleet.count("TCP connections cut"))


async def test_the_server_crashes(postgres, tmp_path):
    """PostgreSQL goes down without a word, twice; when it is back, so are the workers."""
    async with Fleet(tmp_path, postgres.url(postgres.emptied())) as fleet:
        await faults.crashes(fleet, 2, postgres)
        held(await fleet.count("PostgreSQL crashes"))


async def test_embedded_killed(sqlite_url, tmp_path):
    """One process on SQLite, killed again and again."""
    async with Fleet(tmp_path, sqlite_url, words=EMBEDDED, size=1) as fleet:
        await faults.kills(fleet, 30)
        held(await fleet.count("SIGKILL, one process on SQLite"))


async def test_a_disk_that_fails(sqlite_url, tmp_path):
    """fsync says EIO now and then: what was answered is kept, and the file stays whole."""
    library = faults.failing_disk_library(tmp_path)
    if library is None:
        pytest.skip("no C compiler here: a disk that fails is not tried")
    log = tmp_path / "failed"
    failing = {"LD_PRELOAD": str(library), "FAILSYNC_P": "0.05", "FAILSYNC_LOG": str(log)}
    async with Fleet(tmp_path, sqlite_url, words=EMBEDDED, size=1, environment=failing) as fleet:
        await faults.failing_disk(fleet, 8, log)
        held(await fleet.count("fsync fails, one process on SQLite"))
        assert await fleet.whole()
