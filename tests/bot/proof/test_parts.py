"""The parts of the proof by themselves: other ends, players that are lost, a coach that does not start."""

import json

import aiohttp
import pytest

from bot.proof import ladder, trace
from bot.proof import servers as servers_module
from bot.proof.callers import Caller
from bot.proof.canary import search_for
from bot.proof.peers import Peer, model_answer
from bot.proof.plays import LostError
from bot.proof.process import Process, ProcessError
from bot.proof.rungs import Outcome
from bot.proof.servers import Server, servers
from bot.proof.slack import SlackPlayer
from bot.proof.teams import TeamsPlayer, microsoft
from bot.proof.web import WebPlayer


@pytest.fixture
async def peer():
    made = Peer(model_answer)
    await made.start()
    yield made
    await made.stop()


async def test_a_peer_keeps_every_byte(peer):
    """Whole and in chunks, one after the other on one line; a refusal is kept as well."""

    async def pieces():
        yield b'{"messages": '
        yield b'["Kestrel"]}'

    async with aiohttp.ClientSession() as session:
        for body in (b'{"messages": ["Kestrel"]}', pieces()):
            async with session.post(f"{peer.url}/v1/chat/completions?q=1", data=body) as answer:
                assert (await answer.json())["choices"][0]["message"]["content"] == "{}"
        peer.broken = True
        async with session.get(f"{peer.url}/v1/models") as answer:
            assert answer.status == 403
    assert [asked.fields() for asked in peer.asked[:2]] == [{"messages": ["Kestrel"]}] * 2
    assert all(b"Kestrel" in asked.raw and b"?q=1" in asked.raw for asked in peer.asked[:2])
    assert peer.asked[2].path == "/v1/models"


async def test_nobody_there_is_no_answer():
    """The line breaks: status 0, and nothing is raised."""
    caller = Caller("http://127.0.0.1:1")
    assert (await caller.call("/")).status == 0
    assert [got.body for got in caller.got] == [b""]


async def test_a_player_that_lost_its_way_says_so(peer):
    """A text that would go nowhere proves nothing: no form open, no such field, no such button."""

    async def settled():
        pass

    caller = Caller(peer.url)
    for player in (
        WebPlayer(caller),
        SlackPlayer(caller, peer),
        TeamsPlayer(caller, peer, microsoft(), settled),
    ):
        for act in (player.fill(box="x"), player.tap("vent.breathe")):
            with pytest.raises(LostError):
                await act
    assert caller.got == []


async def test_a_coach_that_does_not_start_is_told(tmp_path):
    """With the file to look into; what was never started is ended in peace."""
    process = Process(tmp_path, {}, module="bot.no_such_module")
    for act in (process.tell("x"), process._line("x")):
        with pytest.raises(ProcessError, match="does not run"):
            await act
    await process.kill()
    await process.stop()
    with pytest.raises(ProcessError, match=r"stderr\.txt"):
        await process.start()
    await process.stop()
    assert b"no_such_module" in (tmp_path / "stderr.txt").read_bytes()


async def test_a_database_that_cannot_be_used_breaks_the_rung(tmp_path):
    """One line, and the proof is not held."""
    nowhere = Server("SQLite", "sqlite", lambda folder: f"sqlite:///{folder}/no/such/folder.db")
    (rung,) = [rung async for rung in ladder.on(nowhere, tmp_path / "run")]
    assert rung.outcome is Outcome.BROKEN
    assert "could not go on" in rung.says


async def test_strace_that_may_not_look_is_said(tmp_path, monkeypatch):
    """As in a container without the right for it."""

    def refuse(*_args, **_more):
        raise PermissionError

    monkeypatch.setattr(trace, "present", lambda: True)
    monkeypatch.setattr(trace, "allowed", lambda: False)
    monkeypatch.setattr(ladder, "_run", refuse)
    rung = await ladder.under_strace(tmp_path)
    assert rung.outcome is Outcome.LEFT_OUT
    assert "may not look" in rung.says


async def test_what_went_wrong_under_strace_is_no_missing_right(tmp_path, monkeypatch):
    """Where strace may look, and something else fails: that is a broken rung, in a line."""
    for error, says in (
        (LostError("Slack: no button"), "Slack: no button"),
        (ProcessError("see stderr.txt"), "see stderr"),
        (TimeoutError(), "TimeoutError"),
    ):

        def fail(*_args, _error=error, **_more):
            raise _error

        monkeypatch.setattr(trace, "present", lambda: True)
        monkeypatch.setattr(trace, "allowed", lambda: True)
        monkeypatch.setattr(ladder, "_run", fail)
        rung = await ladder.under_strace(tmp_path)
        assert rung.outcome is Outcome.BROKEN
        assert says in rung.says


def not_allowed(tmp_path, monkeypatch):
    """A strace that is there and may not look, as in a container."""
    fake = tmp_path / "strace"
    fake.write_text(
        "#!/bin/sh\necho 'strace: test_ptrace_get_syscall_info: PTRACE_TRACEME: denied' >&2\nexit 1\n"
    )
    fake.chmod(0o755)
    monkeypatch.setattr(trace.shutil, "which", lambda name: str(fake))
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")


async def test_a_strace_that_may_not_look_is_said(tmp_path, monkeypatch):
    """One line with what to do, and no traceback: the coach under it ended before it was ready."""
    not_allowed(tmp_path, monkeypatch)
    rung = await ladder.under_strace(tmp_path / "traced")
    assert rung.outcome is Outcome.LEFT_OUT
    assert "SYS_PTRACE" in rung.says
    monkeypatch.setattr(trace.shutil, "which", lambda name: None)
    assert not trace.allowed()


async def test_a_role_that_may_make_no_database_is_said(postgres, tmp_path):
    """With the right that is missing, and no traceback."""
    postgres.run("DROP ROLE IF EXISTS reader", "CREATE ROLE reader LOGIN")
    address = postgres.url("postgres").replace("postgres:@", "reader:@")
    assert "reader" in address
    async with servers(tmp_path, address) as found:
        assert [server.name for server in found.there] == ["SQLite"]
        assert "CREATEDB" in found.missing[0]


async def test_a_server_of_our_own_that_does_not_start_is_said(tmp_path, monkeypatch):
    """As where a program may not run as root."""

    def fail(_folder):
        raise RuntimeError("initdb: ...")

    monkeypatch.setattr(servers_module, "_own", fail)
    async with servers(tmp_path, "") as found:
        assert "--postgres URL" in found.missing[0]


async def test_a_file_that_is_gone_while_it_is_searched_holds_nothing(tmp_path):
    """A server takes its own away."""
    assert not servers_module._within(tmp_path / "gone", search_for("Kestrel-Kestrel"))


async def test_a_server_of_our_own_is_made_and_its_files_are_searched(tmp_path, monkeypatch):
    """Where the package is there and no server was named; it is gone afterwards."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    async with servers(tmp_path / "run", "") as found:
        _, postgres = found.there
        assert postgres.files is not None
        (postgres.files / "planted").write_text(json.dumps({"k": "KESTREL"}))
        search = search_for("Kestrel-Kestrel")
        assert postgres.found(search) == []
        (postgres.files / "planted").write_text("KESTREL-KESTREL")
        assert postgres.found(search) == ["file planted"]
    assert not list((tmp_path / "run" / "server").glob("postmaster.pid"))
