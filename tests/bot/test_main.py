"""The command line, word by word: each command does its work, or says in one line why it cannot."""

import io
import json
import re
import resource
import sqlite3
import sys
import time
from contextlib import closing

import pytest

from bot import assembly, doctor, review_command
from coaching.playbook.tables import PlaybookError
from tests.players.books import PLAYBOOK


@pytest.mark.parametrize(
    ("words", "environment", "says"),
    [
        (["demo", "--port", "many"], {}, "--port"),
        (["demo"], {"PORT": "many"}, "PORT"),
        (["demo"], {"DATABASE_URL": "mysql://x/y"}, "sqlite:///"),
        (["demo"], {"DATABASE_URL": "sqlite:////proc/nowhere/x.sqlite3"}, "DATABASE_URL"),
        (["demo"], {"DATABASE_URL": "sqlite:///:memory:"}, "sqlite:///"),
        (["migrate"], {"DATABASE_URL": "mysql://x/y"}, "sqlite:///"),
        (["demo", "--port", "9" * 5000], {}, "--port"),
        (["demo"], {"DATABASE_URL": "sqlite:///x.db?timeout=abc"}, "sqlite:///"),
        (["demo"], {"DATABASE_URL": "postgresql://a@127.0.0.1:99999999/x"}, "postgresql://"),
        (
            ["serve", "--port", "0", "--host", "ü" * 100],
            {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "x"},
            "--port",
        ),
        (["serve"], {}, "breather demo"),
        (["serve"], {"SLACK_BOT_TOKEN": "xoxb-1", "PORT": "0"}, "signing secret"),
        (["serve", "--port", "x"], {"SLACK_BOT_TOKEN": "xoxb-1"}, "--port"),
        (["serve", "--no-reminders"], {"SLACK_BOT_TOKEN": "xoxb-1"}, "breather work"),
        (["work"], {}, "PostgreSQL"),
        (["work"], {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/x"}, "docs/slack.md"),
        (
            ["serve"],
            {"SLACK_BOT_TOKEN": "xoxb-1", "DATABASE_URL": "postgres://nobody@127.0.0.1:9/x"},
            "cannot be reached",
        ),
        (["review", "nowhere.txt"], {}, "nowhere.txt"),
        (["playbook", "show", "C9"], {}, "A1, A2"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_done_is_said_in_one_line(breather, words, environment, says):
    """No stack trace: one line with the remedy, and a code that scripts can read."""
    code, out, err = breather(*words, **environment)
    assert code in (1, 2)
    assert out == ""
    assert says in err
    assert len(err.splitlines()) == 1


def test_help_has_an_example_for_every_command(breather):
    """`--help` works everywhere and shows a line to copy."""
    _, top, _ = breather("--help")
    names = re.findall(r"^    (\w+)", top, re.MULTILINE)
    assert {"demo", "serve", "work", "migrate", "doctor", "review", "playbook", "slack", "teams"} <= set(
        names
    )
    for name in names:
        code, shown, _ = breather(name, "--help")
        assert code == 0
        assert "xample:" in shown
        assert "breather " + name in shown


def test_review_playbook_and_manifest(breather, tmp_path):
    """The commands that answer and end."""
    (tmp_path / "reply.txt").write_text("Calm down.", encoding="utf-8")
    code, out, _ = breather("review", "reply.txt")
    assert code == 0
    assert "> Calm down" in out
    code, out, _ = breather("playbook", "show", "a1")
    assert (code, out.split()[0]) == (0, "A1")
    code, out, _ = breather("slack", "manifest", "--url", "https://coach.example")
    assert code == 0
    assert "coach.example" in json.dumps(json.loads(out))


def test_ctrl_c_ends_any_command(breather, monkeypatch):
    """Without a stack trace, with the code shells expect."""

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(doctor, "run", interrupted)
    assert breather("doctor") == (130, "", "")
    monkeypatch.setattr(review_command, "_run", interrupted)
    assert breather("review")[0] == 130


# --------------------------------------------------------------------------- the doctor


def test_a_new_place_is_in_order(breather):
    """Nothing has to be mended for the demo, before its first start and after it."""
    code, out, _ = breather("doctor")
    assert code == 0
    assert "none yet" in out
    assert "BAD" not in out
    assert "at this version" in breather("migrate")[1]
    code, out, _ = breather("doctor")
    assert code == 0
    assert "reachable, at this version" in out
    assert "engine: the pump inside" in out


@pytest.mark.parametrize(("told", "kind"), [("", "agent"), ("0", "agent"), ("1", "sealed")])
def test_the_doctor_says_which_kind_of_slack_app_it_expects(breather, told, kind):
    """With the manifest that goes with it, so that a wrong one is noticed."""
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "SLACK_SEALED": told}
    assert f"Slack: on, {kind}" in breather("doctor", **slack)[1]


def test_the_doctor_warns_of_what_nobody_has_checked(breather):
    """Every helpline without a date is named with its source; an unnamed contact keeps the vent closed."""
    _, out, _ = breather("doctor")
    for line in PLAYBOOK.care.helplines:
        assert (f"open {line.source}, check it" in out) == (not line.verified_on)
    assert "BREATHER_CONTACTS" in out
    assert "people to turn to: 2 named" in breather("doctor", BREATHER_CONTACTS="Your lead; Kim")[1]
    assert "administrators: 2 named" in breather("doctor", BREATHER_ADMINS="U1,U2")[1]


def test_the_doctor_names_what_to_mend_in_slack(breather):
    """A wrong or missing token is a fault with its remedy; no secret is repeated."""
    code, out, _ = breather("doctor", SLACK_BOT_TOKEN="nonsense", SLACK_APP_TOKEN="nonsense")
    assert code == 1
    assert "xoxb-" in out
    assert "xapp-" in out
    assert "nonsense" not in out
    code, out, _ = breather("doctor", SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="")
    assert code == 1
    assert "SLACK_SIGNING_SECRET" in out
    code, out, _ = breather("doctor", SLACK_SIGNING_SECRET="s")
    assert code == 0
    assert "Slack: on" in out


def test_the_doctor_looks_at_the_database(breather, tmp_path):
    """One that is not at this version, not a database, or not there."""
    (tmp_path / "old.db").touch()
    code, out, _ = breather("doctor", DATABASE_URL=f"sqlite:///{tmp_path}/old.db")
    assert code == 0
    assert "Run: breather migrate" in out
    (tmp_path / "old.db").write_bytes(b"this is not a database" * 500)
    code, out, _ = breather("doctor")
    assert code == 1
    assert "BAD   database: The file is not a database" in out
    code, out, _ = breather("doctor", DATABASE_URL="postgres://nobody@127.0.0.1:9/x")
    assert code == 1
    assert "cannot be reached" in out


def test_the_doctor_says_which_engine_a_server_has(breather, postgres_url, monkeypatch):
    """PgQueuer comes with the extra; without it the pump does its work, and the remedy is said."""
    code, out, _ = breather("doctor", DATABASE_URL=postgres_url)
    assert (code, "ok    engine: PgQueuer" in out) == (0, True)
    monkeypatch.setattr("bot.doctor.installed", lambda: False)
    code, out, _ = breather("doctor", DATABASE_URL=postgres_url)
    assert (code, "warn  engine: the pump" in out) == (0, True)
    assert "breather[postgres]" in out


def test_the_doctor_looks_at_what_is_to_be_sent(breather, tmp_path):
    """What waits too long, may not have arrived or reached nobody is told with numbers alone."""
    url = f"sqlite:///{tmp_path}/b.db"
    assert breather("migrate", DATABASE_URL=url)[0] == 0
    assert "ok    reminders: 0 due now, 0 on their way" in breather("doctor")[1]
    ago = time.time() - 3600
    with closing(sqlite3.connect(tmp_path / "b.db")) as raw, raw:
        for state in (0, 3, 5, 5):
            raw.execute(
                "INSERT INTO delivery (subscription_id, local_date, state, due_at, run_at)"
                f" VALUES (1, '2026-03-0' || (SELECT count(*) FROM delivery), {state}, {ago}, {ago})"
            )
    code, out, _ = breather("doctor")
    assert code == 0
    assert "warn  reminders: 1 due, the oldest for 60 minutes. Check that `breather serve`" in out
    assert "may not have arrived: 1; none is sent twice" in out
    assert "could not be delivered: 2; they rest" in out
    with closing(sqlite3.connect(tmp_path / "b.db")) as raw, raw:
        raw.execute("ALTER TABLE tip_shown RENAME TO x")
    code, out, _ = breather("doctor")
    assert code == 1
    assert "BAD   database: Tables are missing" in out


def test_the_doctor_lists_every_fault_of_the_playbook(breather, monkeypatch):
    """A playbook that cannot be used is told fault by fault."""

    def broken():
        raise PlaybookError(["A1.toml: key 'why' is missing", "B2.toml: the file is missing"])

    monkeypatch.setattr(assembly, "read", broken)
    code, out, _ = breather("doctor")
    assert code == 1
    assert out.count("BAD   playbook: ") == 2


def test_the_doctor_proves_a_companys_playbook(breather, tmp_path):
    """A fault of its files must be mended; a promise it breaks is a warning with its rule and check."""
    (tmp_path / "acme" / "rules").mkdir(parents=True)
    rule = tmp_path / "acme" / "rules" / "A1.toml"
    rule.write_text('[[check]]\nid = "threat"\nwords = ["final notice"]\n', encoding="utf-8")
    code, out, _ = breather("doctor", BREATHER_PLAYBOOK="acme")
    assert code == 0
    assert "ok    playbook acme: 10 rules" in out
    assert "warn  playbook acme: A1.toml: check 'threat': does not notice: " in out
    rule.write_text('tittle = "Guests"', encoding="utf-8")
    code, out, _ = breather("doctor")
    assert code == 1
    assert "BAD   playbook: acme: A1.toml: key 'tittle' is unknown" in out


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_playbook_with_faults_stops_the_start(breather, tmp_path, command):
    """Each fault is said, and nothing runs."""
    (tmp_path / "acme" / "wording").mkdir(parents=True)
    (tmp_path / "acme" / "wording" / "help.toml").write_text(
        '[hello]\nsee = "Your lead reads along."\ntittle = "Hello"\n', encoding="utf-8"
    )
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
    code, out, err = breather(command, "--port", "0", BREATHER_PLAYBOOK="acme", **slack)
    assert (code, out) == (1, "")
    assert "acme: wording/help.toml: key 'help.hello.see' stays as it is: it promises people" in err
    assert "acme: wording/help.toml: key 'help.hello.tittle' is unknown" in err


@pytest.mark.parametrize(
    ("soft", "says"), [(0, "core dumps: off"), (resource.RLIM_INFINITY, "switches them off for itself")]
)
def test_the_doctor_asks_whether_a_crash_writes_memory_to_disk(breather, monkeypatch, soft, says):
    """A core dump could hold what somebody wrote."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, resource.RLIM_INFINITY))
    assert says in breather("doctor")[1]
    monkeypatch.setitem(sys.modules, "resource", None)  # as on Windows
    assert "core dumps: not on this system" in breather("doctor")[1]


def test_the_doctor_shows_every_switch_of_privacy(breather):
    """Levels, reporters, cores, SQL, and what becomes of what is deleted: for each database its own words."""
    told = breather("doctor")[1]
    for says in ("log levels: ", "error reporters: none", "core dumps: ", "SQL: not echoed", "secure_delete"):
        assert says in told
    told = breather("doctor", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")[1]
    assert "VACUUM" in told


def test_standard_input_is_reviewed(breather, monkeypatch):
    """Without a file."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Calm down.")))
    assert "> Calm down" in breather("review")[1]
