"""The running program as a newcomer meets it: it starts, answers, ends cleanly, and says what is wrong."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

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
def running(*words, cwd, **more):
    """A process of ours and its first line; it is ended by Ctrl-C, as a person would."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *words],
        cwd=cwd,
        env=environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, process.stdout.readline()
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


@pytest.mark.parametrize(
    ("words", "more", "says"),
    [
        (["demo", "--port", "many"], {}, "--port"),
        (["demo"], {"PORT": "many"}, "PORT"),
        (["demo", "--port", "9" * 5000], {}, "--port"),
        (["demo"], {"DATABASE_URL": "sqlite:///x.db?timeout=abc"}, "sqlite:///"),
        (["demo"], {"DATABASE_URL": "postgresql://a@127.0.0.1:99999999/x"}, "postgresql://"),
        (
            ["serve", "--port", "0", "--host", "ü" * 100],
            {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "x"},
            "--port",
        ),
        (["demo"], {"DATABASE_URL": "mysql://x/y"}, "sqlite:///"),
        (["demo"], {"DATABASE_URL": "sqlite:////proc/nowhere/x.sqlite3"}, "DATABASE_URL"),
        (["serve"], {}, "breather demo"),
        (["work"], {}, "PostgreSQL"),
        (["serve"], {"SLACK_BOT_TOKEN": "xoxb-1"}, "signing secret"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_start_says_why_in_one_line(tmp_path, words, more, says):
    """No stack trace: one line with the remedy, and a code that scripts can read."""
    done = breather(*words, cwd=tmp_path, **more)
    assert done.returncode in (1, 2)
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_help_has_an_example_for_every_command(tmp_path):
    """`--help` works everywhere and shows a line to copy."""
    top = breather("--help", cwd=tmp_path)
    names = re.findall(r"^    (\w+)", top.stdout, re.MULTILINE)
    assert {"demo", "serve", "work", "migrate", "doctor", "review", "playbook", "slack"} <= set(names)
    for name in names:
        shown = breather(name, "--help", cwd=tmp_path)
        assert shown.returncode == 0
        assert "xample:" in shown.stdout
        assert "breather " + name in shown.stdout


def test_migrate_then_doctor(tmp_path):
    """A migrated database is found in order; nothing has to be mended for the demo."""
    assert "at this version" in breather("migrate", cwd=tmp_path).stdout
    done = breather("doctor", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "reachable, at this version" in done.stdout


def test_doctor_names_what_to_mend(tmp_path):
    """A wrong token is a fault with its remedy, and exit code 1."""
    done = breather("doctor", cwd=tmp_path, SLACK_BOT_TOKEN="nonsense", SLACK_APP_TOKEN="nonsense")
    assert done.returncode == 1
    assert "xoxb-" in done.stdout
    assert "xapp-" in done.stdout
    assert "nonsense" not in done.stdout


def test_the_demo_loads_no_platform_it_does_not_use(tmp_path):
    """Neither Teams nor a model's client is imported: planted packages of those names would tell."""
    for name in ("botbuilder", "openai", "slack_bolt", "pgqueuer"):
        package = tmp_path / "planted" / name
        package.mkdir(parents=True)
        told = tmp_path / f"{name}.imported"
        (package / "__init__.py").write_text(f"open({str(told)!r}, 'w').close()\n")
    more = {"PYTHONPATH": f"{tmp_path / 'planted'}{os.pathsep}{ROOT}"}
    with running("demo", "--port", "0", cwd=tmp_path, **more) as (_, line):
        get(address(line))
    assert [path.name for path in tmp_path.glob("*.imported")] == []
    planted = subprocess.run(
        [sys.executable, "-c", "import openai"], env=environment(**more), cwd=tmp_path, check=True
    )
    assert planted.returncode == 0
    assert (tmp_path / "openai.imported").exists()  # the trap itself works


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


def test_whoever_has_read_enough_verdicts_ends_the_review_quietly(tmp_path):
    """`breather review --jsonl | head -1`: no complaint about the pipe, and nothing has failed."""
    rows = tmp_path / "many.jsonl"
    rows.write_text('{"id": "1", "reply": "Calm down."}\n' * 400)
    line = f"{sys.executable} -m bot review --jsonl {rows} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", line], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[1:] == ["0"]
    assert done.stderr == ""


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
