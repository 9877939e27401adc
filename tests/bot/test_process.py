"""The running program as a newcomer meets it: it starts, answers, ends cleanly, and says what is wrong."""

import asyncio
import contextlib
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage.db import open_database
from storage.migrate import pending
from storage.tables import delivery
from tests.players.fleet import letters
from tests.players.slack_api import SECRET, SlackApi, post

ROOT = Path(__file__).parent.parent.parent


def environment(**more):
    names = ("PATH", "HOME", "LANG", "COVERAGE_PROCESS_CONFIG")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def breather(*words, cwd, **more):
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=cwd,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextlib.contextmanager
def running(*words, cwd, says="stdout", **more):
    """A process of ours and the first line it says; it is ended by Ctrl-C, as a person would."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *words],
        cwd=cwd,
        env=environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, getattr(process, says).readline()
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        process.stdout.close()
        process.stderr.close()


def address(line):
    return re.search(r"http://127\.0\.0\.1:\d+", line)[0]


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def test_demo_starts_answers_and_ends_with_ctrl_c(tmp_path):
    """No question asked: an address, a page, health, and a clean end that keeps the data."""
    with running("demo", "--port", "0", cwd=tmp_path) as (process, line):
        assert "Breather" in get(address(line))
        assert get(address(line) + "/healthz") == "ok\n"
        assert get(address(line) + "/readyz") == "ready\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "stopped" in out
    assert err == ""
    assert (tmp_path / ".breather" / "breather.sqlite3").exists()


def test_demo_ends_at_once_while_a_page_waits_for_letters(tmp_path):
    """An open page does not hold the program up."""
    with running("demo", "--port", "0", cwd=tmp_path) as (process, line):
        page = get(address(line))
        token = re.search(r'token" content="([^"]+)"', page)[1]
        host, port = address(line).removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as waiting:
            head = (
                f"GET /letters?after=0 HTTP/1.1\r\nHost: {host}:{port}\r\nX-Breather-Token: {token}\r\n\r\n"
            )
            waiting.sendall(head.encode())
            get(address(line) + "/healthz")  # the server has taken the first request by now
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=4) == 0


def test_a_second_start_finds_the_database(tmp_path):
    """The same folder, the same data: nothing is made anew."""
    for _ in range(2):
        with running("demo", "--port", "0", cwd=tmp_path) as (_, line):
            assert get(address(line) + "/readyz") == "ready\n"
    assert len(list((tmp_path / ".breather").glob("*.sqlite3"))) == 1


def test_a_busy_port_is_explained(tmp_path):
    """One line: which port, and how to take another. $PORT is read."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = breather("demo", cwd=tmp_path, PORT=str(port))
    assert done.returncode == 1
    assert str(port) in done.stderr
    assert "--port" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@contextlib.contextmanager
def planted(folder, *names):
    """Packages of these names that leave a note when they are imported: the environment, and who was."""
    for name in names:
        package = folder / "planted" / name
        package.mkdir(parents=True)
        told = folder / f"{name}.imported"
        (package / "__init__.py").write_text(f"open({str(told)!r}, 'w').close()\n")
    more = {"PYTHONPATH": f"{folder / 'planted'}{os.pathsep}{ROOT}"}
    yield more, lambda: [path.stem for path in folder.glob("*.imported")]
    subprocess.run([sys.executable, "-c", f"import {names[0]}"], env=environment(**more), check=True)
    assert (folder / f"{names[0]}.imported").exists()  # the trap itself works


def test_the_demo_loads_no_platform_it_does_not_use(tmp_path):
    """Neither a platform's packages nor a model's client."""
    names = ("openai", "botbuilder", "botframework", "jwt", "msrest", "slack_bolt", "pgqueuer")
    with planted(tmp_path, *names) as (more, imported):
        with running("demo", "--port", "0", cwd=tmp_path, **more) as (_, line):
            get(address(line))
        assert imported() == []


def test_slack_alone_loads_nothing_of_teams(tmp_path):
    """Whoever serves Slack pays nothing for Teams, in memory, in time, or in packages."""
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "a-secret"}
    with planted(tmp_path, "botbuilder", "botframework", "jwt", "msrest") as (more, imported):
        with running("serve", "--port", "0", cwd=tmp_path, says="stderr", **more, **slack) as (_, line):
            get(f"http://127.0.0.1:{json.loads(line)['port']}/healthz")
        assert imported() == []


def test_a_database_that_goes_away_makes_the_process_not_ready(tmp_path):
    """/readyz says no while the database cannot be used; /healthz still says the process lives."""
    with running("demo", "--port", "0", cwd=tmp_path) as (_, line):
        (tmp_path / ".breather" / "breather.sqlite3").write_bytes(b"this is not a database" * 500)
        for name in ("breather.sqlite3-wal", "breather.sqlite3-shm"):
            (tmp_path / ".breather" / name).unlink(missing_ok=True)
        with pytest.raises(urllib.error.HTTPError) as error:
            get(address(line) + "/readyz")
        assert error.value.code == 503
        error.value.close()
        assert get(address(line) + "/healthz") == "ok\n"


def test_another_package_in_our_place_is_found(tmp_path):
    """A stranger called `adapters` on the path would be imported instead of ours: the doctor says so."""
    (tmp_path / "planted" / "adapters").mkdir(parents=True)
    (tmp_path / "planted" / "adapters" / "__init__.py").touch()
    done = breather("doctor", cwd=tmp_path, PYTHONPATH=f"{tmp_path / 'planted'}{os.pathsep}{ROOT}")
    assert done.returncode == 1
    assert "an environment of its own" in done.stdout


def test_whoever_reads_the_verdicts_may_stop_early(tmp_path):
    """`breather review --jsonl | head -1` ends quietly."""
    line = json.dumps({"id": "1", "reply": "Calm down."}) + "\n"
    (tmp_path / "drafts.jsonl").write_text(line * 2000, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "review", "--jsonl", "drafts.jsonl"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert b'"id": "1"' in process.stdout.readline()
    process.stdout.close()
    assert (process.stderr.read(), process.wait(timeout=30)) == (b"", 0)
    process.stderr.close()


# --------------------------------------------------------------------------- for a workspace


@pytest.fixture
async def api():
    started = await SlackApi().start()
    yield started
    await started.stop()


@contextlib.asynccontextmanager
async def at_work(*words, cwd, api, url="", out=asyncio.subprocess.PIPE, **more):
    """`serve` or `work` with a Slack of our own; it is ended by SIGTERM, as a server ends it."""
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": f"{api.url}/api/"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        cwd=cwd,
        env=environment(**tokens, **({"DATABASE_URL": url} if url else {}), **more),
        stdout=out,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        line = b"{}"
        while line.startswith(b"{") and b'"event"' not in line:  # libraries may have something to say first
            line = await asyncio.wait_for(process.stderr.readline(), 30)
        yield process, line
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.communicate(), 20)


async def test_serve_answers_slack_on_either_database(tmp_path, api, url):
    """It says where it listens, refuses what Slack did not sign, and ends at once when it is told to."""
    async with at_work("serve", "--port", "0", cwd=tmp_path, api=api, url=url) as (process, line):
        told = json.loads(line)
        assert (told["event"], told["slack"], told["socket_mode"]) == ("serving", True, False)
        base = f"http://127.0.0.1:{told['port']}"
        assert await asyncio.to_thread(get, base + "/readyz") == "ready\n"
        assert (await post(base, b"{}", {})).status == 401
        process.terminate()
        out, err = await asyncio.wait_for(process.communicate(), 20)
    assert (out, err, process.returncode) == (b"", b"", -signal.SIGTERM)


async def test_serve_says_what_is_wrong_with_a_refused_token(tmp_path, api):
    """Slack's refusal ends the process with the remedy in one line, and the token is not in it."""
    api.refuse["apps.connections.open"] = "invalid_auth"
    words = ("serve", "--socket", "--port", "0")
    async with at_work(*words, cwd=tmp_path, api=api, SLACK_APP_TOKEN="xapp-secret") as (process, line):
        assert b"connections:write" in line
        out, err = await asyncio.wait_for(process.communicate(), 20)
    assert (out, err, process.returncode) == (b"", b"", 2)
    assert b"xapp-secret" not in line


async def test_work_sends_beside_serve(tmp_path, api, postgres_url):
    """Clock and courier alone, on a server's database; SIGTERM lets what is on its way land."""
    async with at_work("work", cwd=tmp_path, api=api, url=postgres_url) as (process, line):
        assert json.loads(line)["event"] == "working"
        process.terminate()
        out, err = await asyncio.wait_for(process.communicate(), 20)
    assert (out, err, process.returncode) == (b"", b"", 0)


async def test_serve_leaves_reminders_to_work(tmp_path, api, postgres_url):
    """With --no-reminders it answers, and what is due stays where it is until a `work` comes."""
    database = open_database(postgres_url)
    await database.transact(lambda c: list(letters(c, range(3), datetime.now(UTC))))

    async def waiting():
        return await database.transact(
            lambda c: c.execute(select(func.count()).where(delivery.c.state == 0)).scalar()
        )

    words = ("serve", "--port", "0", "--no-reminders")
    async with at_work(*words, cwd=tmp_path, api=api, url=postgres_url) as (_, line):
        told = json.loads(line)
        assert (told["event"], told["reminders"]) == ("serving", False)
        assert await asyncio.to_thread(get, f"http://127.0.0.1:{told['port']}/readyz") == "ready\n"
        await asyncio.sleep(2.5)
        assert await waiting() == 3
        async with at_work("work", cwd=tmp_path, api=api, url=postgres_url):
            async with asyncio.timeout(20):
                while await waiting():  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
    await database.close()


async def test_two_of_us_on_one_sqlite_file_are_refused(tmp_path, api):
    """The second says what to do, whatever it is; where the first has ended, the next may start."""
    async with at_work("serve", "--port", "0", cwd=tmp_path, api=api) as (first, line):
        assert json.loads(line)["event"] == "serving"
        for words in (("serve", "--port", "0"), ("work",)):
            async with at_work(*words, cwd=tmp_path, api=api) as (second, told):
                await asyncio.wait_for(second.wait(), 20)
            assert second.returncode == 1
            assert b"docs/deploy.md" in told
        first.kill()  # even so it lets go of the file
        await asyncio.wait_for(first.wait(), 20)
    async with at_work("serve", "--port", "0", cwd=tmp_path, api=api) as (_, line):
        base = f"http://127.0.0.1:{json.loads(line)['port']}"
        assert "breather_letters_due 0\n" in await asyncio.to_thread(get, base + "/metrics")


async def test_work_shows_a_calm_line_on_a_terminal(tmp_path, api, postgres_url):
    """One line in its place, second after second; the logs stay on standard error."""
    ours, theirs = pty.openpty()
    try:
        async with at_work("work", cwd=tmp_path, api=api, url=postgres_url, out=theirs) as (_, line):
            assert json.loads(line)["event"] == "working"
            shown = await asyncio.wait_for(asyncio.to_thread(os.read, ours, 1000), 20)
        assert shown.startswith(b"\r\x1b[Kdue 0 \xc2\xb7 sent 0")
    finally:
        os.close(ours)
        os.close(theirs)


async def test_work_and_serve_want_a_database_of_this_version(tmp_path, api, empty_url):
    """An empty database is explained; migrate makes it, and says how far it went."""
    if empty_url.startswith("postgres"):
        async with at_work("serve", "--port", "0", cwd=tmp_path, api=api, url=empty_url) as (_, line):
            assert b"breather migrate" in line
    steps = await asyncio.to_thread(pending, empty_url)
    done = await asyncio.to_thread(breather, "migrate", cwd=tmp_path, DATABASE_URL=empty_url)
    assert f"({len(steps)} steps taken)" in done.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_an_old_console_gets_the_answer_too(tmp_path, encoding):
    """Signs that it cannot show become question marks; there is no stack trace with the draft in it."""
    (tmp_path / "draft.txt").write_text("Calm down \U0001f600. “No” is our final answer.", encoding="utf-8")
    done = breather("review", "draft.txt", cwd=tmp_path, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Calm down" in done.stdout


def test_a_closed_input_is_an_empty_draft(tmp_path):
    """Started by something that closes standard input: answered like an empty draft."""
    line = f"{sys.executable} -m bot review <&-"
    done = subprocess.run(
        ["bash", "-c", line], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
