"""`breather privacy show` and `forget`: one person's data, for them alone; and the proof in the app."""

import io
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import __main__ as command
from bot import privacy_command
from bot.assembly import now
from bot.proof import live
from bot.proof.canary import search_for
from bot.settings import read_settings
from coaching.people import WORKDAYS, For, Person, Place, Slot, Zone
from coaching.turn import Met, Preferences, PreferencesSet, ScheduleSet, TipShown
from storage import installations
from storage.conversations import Conversation, StoredConversations
from storage.db import open_database
from storage.memory import StoredMemory
from storage.migrate import migrate
from storage.scratch import contents
from storage.tables import slack_installation
from tests.players.databases import in_thread

USER = "UKESTREL4711"
ANN = Person("slack", "T1", USER)
YOU = Person("web", "local", "you")


def on(url, work):
    """Something async on the database, opened for the moment."""
    import asyncio

    async def run():
        database = open_database(url)
        try:
            return await work(database)
        finally:
            await database.close()

    return in_thread(asyncio.run, run())


async def _filled(database, who):
    """Something about them in every table there is for it."""
    from datetime import time

    where, stored = Place(who.platform, who.tenant, f"D{who.user}"), StoredMemory(database)
    slot = Slot(Zone("Africa/Nairobi"), time(9), WORKDAYS)
    facts = (
        Met(),
        PreferencesSet(Preferences(slot.zone)),
        TipShown("A1.1"),
        ScheduleSet(For.ME, slot, where),
    )
    await stored.keep(who, where, facts, now())
    if who.platform == "teams":
        chat = Conversation(
            who.tenant, f"a:{who.user}", "personal", "https://t/", "28:b", f"29:{who.user}", who.user
        )
        await StoredConversations(database, now).remember(chat)
    return await stored.code(who, now())


@pytest.fixture
def breather(url, monkeypatch, capsys):
    """The command on a fresh database of each kind: (exit code, out, err)."""
    monkeypatch.setenv("DATABASE_URL", url)

    def run(*words):
        code = in_thread(command.main, ["privacy", *words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def test_a_code_shows_its_persons_data_once(breather, url):
    """All of it, in the words of the database; the second time it is refused in one sentence."""
    code = on(url, lambda d: _filled(d, ANN))
    ended, out, err = breather("show", code)
    assert (ended, err) == (0, "")
    assert f"person.user: {USER}" in out
    assert "person.zone: Africa/Nairobi" in out
    assert breather("show", code) == (1, "", f"breather: {privacy_command._NO_CODE}\n")


def test_without_a_code_only_the_playgrounds_person_is_shown(breather, url):
    """Nobody else, whoever there is."""
    on(url, lambda d: _filled(d, ANN))
    assert breather("show") == (0, "Nothing is kept about this person.\n", "")
    on(url, lambda d: _filled(d, YOU))
    ended, out, _ = breather("show")
    assert ended == 0
    assert "person.user: you" in out
    assert USER not in out


@pytest.mark.parametrize("who", [ANN, Person("teams", "T1", USER), YOU], ids=lambda who: who.platform)
def test_forgetting_leaves_nothing(breather, url, who):
    """No row in any table, in the files of SQLite not a byte; whoever asks is told the same either way."""
    other = Person("slack", "T2", "USOMEBODY")
    on(url, lambda d: _filled(d, who))
    on(url, lambda d: _filled(d, other))
    name = f"{who.platform}/{who.tenant}/{who.user}"
    for _ in range(2):
        assert breather("forget", "--person", name) == (0, "Done.\n", "")
    held = on(url, contents)
    sought = search_for(f"D{who.user}") if who == YOU else search_for(USER)
    assert not [table for table, rows in held.items() if sought.within(b"\n".join(rows))]
    assert len(held["person"]) == len(held["tip_shown"]) == 1
    path = read_settings({"DATABASE_URL": url}).sqlite_path
    files = sorted(path.parent.glob(f"{path.name}*")) if path else []
    assert bool(files) == bool(path)
    assert not [file for file in files if sought.within_file(file)]


def test_the_owner_of_a_code_may_have_it_erased(breather, url):
    """The same code is good for that instead."""
    code = on(url, lambda d: _filled(d, ANN))
    assert breather("forget", code) == (0, "Done.\n", "")
    assert on(url, contents)["person"] == []
    assert breather("forget", code)[0] == 1


@pytest.mark.parametrize("name", ["slack/T1", "T1", "a/b/c/d", "//"])
def test_a_name_that_is_none_is_refused(breather, name):
    """As wrong use, with an example; nothing is erased."""
    ended, out, err = breather("forget", "--person", name)
    assert (ended, out) == (2, "")
    assert "slack/T012/U345" in err


def test_no_database_is_said(monkeypatch, tmp_path, capsys):
    """And none is made."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    assert in_thread(command.main, ["privacy", "show"]) == 1
    assert "no database yet" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_database_of_another_version_is_said(breather, url, monkeypatch, tmp_path):
    """With the remedy, on standard error."""
    (tmp_path / "empty.db").touch()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    ended, out, err = breather("show")
    assert (ended, out) == (1, "")
    assert "breather migrate" in err


def test_who_installed_it_is_nobody_afterwards(url):
    """The installation stays, its installer does not."""
    assert {"installed_by"} <= set(slack_installation.c.keys())
    on(url, lambda d: d.transact(lambda c: installations.forget(c, ANN)))
    assert on(url, lambda d: d.transact(lambda c: c.execute(select(slack_installation)).all())) == []


# --------------------------------------------------------------------------- the proof in the app


class Somebody:
    """Reads the sentence, lets it out (or lets it leak), and presses Enter."""

    def __init__(self, does, key="\n"):
        self.does, self.out, self.key = does, io.StringIO(), key

    def readline(self):
        sentence = next(line.strip() for line in self.out.getvalue().splitlines() if "Kestrel" in line)
        self.does(sentence)
        return self.key


def look(url, does, logs=(), key="\n"):
    person, err = Somebody(does, key), io.StringIO()
    settings = read_settings({"DATABASE_URL": url})
    code = in_thread(live.run, settings, list(logs), person, person.out, err)
    return code, person.out.getvalue(), err.getvalue()


@pytest.fixture
def aside(tmp_path, monkeypatch):
    """A folder of its own for temporary files."""
    folder = tmp_path / "aside"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_live_it_holds_where_nothing_leaks(url, aside):
    """Database, files, logs: each is named with its size, and what was not looked at is said."""
    log = aside / "breather.log"
    log.write_text('{"event": "serving"}\n')
    code, out, _ = look(url, lambda _: None, [log])
    assert code == 0
    for says in ("database: ", "rows", f"file {log}", "Not looked at", "Held"):
        assert says in out


@pytest.mark.parametrize("where", ["table", "log", "temporary"])
def test_live_a_leak_is_found(url, aside, where):
    """In a row, in a log that was named, in a file that came meanwhile: the place is named."""
    log = aside.parent / "breather.log"
    log.touch()

    async def leak(database, text):
        person = Person("slack", "T1", text.split()[0])
        await StoredMemory(database).keep(person, Place("slack", "T1", "D1"), (Met(),), now())

    does = {
        "table": lambda text: on(url, lambda d: leak(d, text)),
        "log": lambda text: log.write_text(text.upper()),
        "temporary": lambda text: (aside / "left").write_bytes(text.encode().hex().encode()),
    }[where]
    code, out, _ = look(url, does, [log])
    bad = [line for line in out.splitlines() if line.startswith("BAD")]
    assert code == 1
    named = {"table": "table person", "log": str(log), "temporary": "temporary file"}[where]
    assert any(named in line for line in bad)


def test_live_nobody_there(url):
    """The end of the input is no Enter: nothing was let out, so nothing is claimed."""
    code, out, err = look(url, lambda _: None, key="")
    assert code == 1
    assert "Held" not in out
    assert "nothing was searched" in err


def test_live_what_cannot_be_read_is_said(tmp_path, aside):
    """A log that is not there, a database that is not: one sentence, and no proof."""
    url = f"sqlite:///{tmp_path / 'b.db'}"
    migrate(url)
    code, out, err = look(url, lambda _: None, [Path("/nowhere/breather.log")])
    assert code == 1
    assert "could not go on" in err
    assert "Held" not in out
