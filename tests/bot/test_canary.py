"""What is let out in the vent space is nowhere afterwards: in no log, table, file, call or error."""

import asyncio
import base64
import contextlib
import logging
import re
import sqlite3
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
import pytest

from bot import assembly, web
from bot.house import House
from bot.proof.canary import canary, shapes
from bot.proof.loud import loud
from bot.settings import read_settings
from coaching import coach as door
from coaching import safety
from coaching.sealed import Sealed
from storage.db import open_database
from tests.players import slack_api
from tests.players.canary import Watch, watching
from tests.players.serving import served
from tests.players.slack import SlackPlayer
from tests.players.slack_api import SECRET, SlackApi
from tests.players.web import WebPlayer

_LISTEN = safety.listen


@dataclass
class Running:
    """The house on a real port with a real file, everything about it watched."""

    house: House
    watch: Watch
    url: str
    token: str
    api: SlackApi
    http: aiohttp.ClientSession
    text: str

    def player(self, platform):
        if platform == "slack":
            return SlackPlayer(self.url, self.api)
        return WebPlayer(self.url, self.http, self.token)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where everything that is written must land, temporary files too."""
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@contextlib.asynccontextmanager
async def living(house, watch):
    """The platforms run; the clock does not, so that every log line is an answer's."""

    async def ready():
        return ""

    app = web.application([r for p in house.platforms for r in p.routes], ready, contextlib.nullcontext)
    for platform in house.platforms:
        await platform.start()
    asyncio.get_running_loop().set_exception_handler(
        lambda _, told: watch.unseen.append(f"{told!r} {told.get('exception')!r}")
    )
    loud()  # again: what was built meanwhile has asked for silence
    try:
        async with served(app) as url:
            yield url
            house.leave()
    finally:
        await house.stop()


@pytest.fixture
async def running(sqlite_url, folder, playbook, monkeypatch, capfd):
    """Playground and Slack in one process, as `breather` puts them together."""
    with watching(folder) as watch:
        monkeypatch.setattr(slack_api, "NOW", datetime.now(UTC))  # the house runs by the real clock
        monkeypatch.setattr(assembly, "read", lambda: playbook)
        api = await SlackApi().start()
        environment = {
            "DATABASE_URL": sqlite_url,
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_SIGNING_SECRET": SECRET,
        }
        settings = read_settings(environment | {"SLACK_API_URL": f"{api.url}/api/"})
        house = assembly.build_house(settings, open_database(sqlite_url), demo=True)
        house.coach.trouble = watch.trouble(house.coach.trouble)
        house.add(assembly.slack(house, settings, socket_mode=False))
        house.add(assembly.playground(house.coach))
        async with living(house, watch) as url, aiohttp.ClientSession() as http:
            async with http.get(url) as page:
                token = re.search(r'token" content="([^"]+)"', await page.text())[1]
            yield Running(house, watch, url, token, api, http, canary())
        await api.stop()
        after_the_end(watch, capfd)


def after_the_end(watch, capfd):
    """Whatever was written late counts too; the journal is folded into the file by now."""
    watch.printed += capfd.readouterr()


def looked(running, capfd, but=()):
    """Where the text was found by now."""
    running.watch.sent[:] = [*running.api.calls, *running.api.responses]
    running.watch.printed += capfd.readouterr()
    return running.watch.found(running.text, but)


async def standard(player, text):
    """The whole way, with the text in the box."""
    await player.command("vent")
    shown = [await player.fill({"box": text}), await player.tap("Angry"), await player.fill({})]
    return "\n".join(screen.text for screen in shown)


async def express(player, text):
    """Text is in the box, and "Just breathe" is tapped: what was typed travels along and must be dropped."""
    await player.command("vent")
    if isinstance(player, SlackPlayer):
        typed = {"type": "plain_text_input", "value": text}
        values = {"sealed|vent.out|box": {"text": typed}}
        player._with_state = lambda _: {**player.modal, "state": {"values": values}}
        return (await player.tap("Just breathe")).text
    handle = next(player.dialog.all("form")).attributes["data-form"]
    tap = {"do": "tap", "action": "vent.breathe", "form": handle, "fields": {"box": text}, "text": text}
    return (await player.do(tap)).text


async def typed(player, text):
    """Into the chat, and behind the command: said to be no private place, and not kept there either."""
    said = [await player.say(f"I am so angry, {text}"), await player.say(text)]
    said.append(await player.command(f"vent {text}"))
    return "\n".join(screen.text for screen in said)


async def danger(player, text):
    """The safety check hears something: the card quotes nothing."""
    await player.command("vent")
    return (await player.fill({"box": f"I want to kill myself. {text}"})).text


WAYS = [standard, express, typed, danger]
PLATFORMS = ["web", "slack"]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("way", WAYS)
async def test_nothing_of_a_vent_stays(way, platform, running, capfd):
    """No log record, table, journal, temporary file, call, printed line or error holds it, in any shape."""
    shown = await way(running.player(platform), running.text)
    assert not [shape for shape in shapes(running.text) if shape in shown.encode()]
    assert running.watch.records.seen
    assert running.watch.errors == []
    assert looked(running, capfd) == []
    await running.house.database.scrub()
    assert looked(running, capfd) == []


# --------------------------------------------------------------------------- something fails


def boom(*told, **more):
    """The worst kind of fault: its text quotes everything it was given."""
    raise RuntimeError(f"{told} {more} " + " ".join(str(one) for one in told))


async def boom_later(*told, **more):
    boom(*told, **more)


class Failing:
    """A memory of which one step fails."""

    def __init__(self, memory, step):
        self.memory = memory
        setattr(self, step, boom_later)

    def __getattr__(self, name):
        return getattr(self.memory, name)


def fail(step, running, monkeypatch):
    """Let one step fail from now on."""
    match step:
        case "listen":
            monkeypatch.setattr(safety, "listen", boom)
        case "skill":
            monkeypatch.setattr(door, "SKILLS", {**door.SKILLS, "vent": boom})
        case "recall" | "keep" | "rows":
            running.house.coach.memory = Failing(running.house.coach.memory, step)
        case _:
            monkeypatch.setattr("adapters.web.app.form_html", boom)
            monkeypatch.setattr("adapters.web.app.reply_html", boom)
            monkeypatch.setattr("adapters.slack.answers.modal", boom)
            monkeypatch.setattr("adapters.slack.answers.rendered", boom)


async def failing(way, step, running, platform, monkeypatch):
    """The way up to the box works; from there on the step fails. Whatever is refused is refused politely."""
    player = running.player(platform)
    if way is not typed:
        await player.command("vent")
        player.command = _already
    fail(step, running, monkeypatch)
    with contextlib.suppress(AssertionError, StopIteration, TypeError, KeyError):
        await way(player, running.text)  # what the player cannot go on with is not looked at here


async def _already(_line):
    """The form is open."""


STEPS = ["listen", "skill", "recall", "keep", "render"]


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("step", STEPS)
async def test_a_fault_tells_nothing_of_a_vent(step, platform, running, monkeypatch, capfd):
    """Whichever step fails, even with an error that quotes what it was given: nothing of it is told."""
    await failing(standard, step, running, platform, monkeypatch)
    if step != "keep":  # a vent keeps nothing, so that nothing can fail there
        assert running.watch.errors or running.watch.records.seen
    assert looked(running, capfd) == []


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("step", STEPS)
async def test_a_fault_tells_nothing_of_what_was_typed(step, platform, running, monkeypatch, capfd):
    """In the chat a failing step sees plain words, and its error may quote them: nobody hands that on."""
    await failing(typed, step, running, platform, monkeypatch)
    assert looked(running, capfd, but=("exception",)) == []


# --------------------------------------------------------------------------- reviews, and other forms


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_draft_is_answered_and_not_kept(platform, running, capfd):
    """The person sees their own words again; no table, log, file or error does."""
    player = running.player(platform)
    await player.command("review")
    shown = await player.fill({"customer": running.text, "draft": f"Calm down. {running.text}"})
    assert "Calm down" in shown.text
    await player.say(f"review: As per our policy you have to wait. {running.text}")
    await player.command(f"review Calm down. {running.text}")
    await player.hand(f"Calm down. {running.text}", own=False)
    assert looked(running, capfd, but=("sent",)) == []
    assert running.watch.errors == []


def tables(url):
    """Every row of every table."""
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in sorted(names)}


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_vent_leaves_the_trace_of_any_form(platform, running, sqlite_url):
    """The same tables, the same log lines from the same places as a review: nobody can tell them apart."""
    traces = []
    draft = ("review", {"draft": "Calm down. It is late."})
    for command, filled in (draft, ("vent", {"box": running.text}), draft):  # the first warms what is cached
        player, told = running.player(platform), running.watch.records.kinds
        await player.command("help")
        told.clear()
        before = tables(sqlite_url)
        await player.command(command)
        await player.fill(filled)
        traces.append((Counter(_stable(told)), tables(sqlite_url) == before))
    _, (vented, same), (reviewed, _) = traces
    assert vented - reviewed == reviewed - vented == Counter()
    assert vented
    assert same


def _stable(kinds):
    """How often each of our own lines came; of foreign libraries, whose timing varies, that it came at all.

    Without the loop's own words, and those of the other end that plays Slack.
    """
    told = [kind for kind in kinds if kind[0].partition(".")[0] not in ("asyncio", "aiohttp")]
    ours = [kind for kind in told if kind[0].partition(".")[0] in ("breather", "adapters", "bot", "storage")]
    return [*ours, *(set(told) - set(ours))]


# --------------------------------------------------------------------------- the proof can fail


def logged(text, running):
    logging.getLogger("planted").debug("heard %s", {"text": text})


def logged_in_base64(text, running):
    logging.getLogger("planted").info(base64.b64encode(b"x" + text.encode()).decode())


def stored(text, running):
    path = re.sub("^sqlite:///", "", str(running.house.database.engine.url))
    with contextlib.closing(sqlite3.connect(path, timeout=5)) as connection:
        connection.execute("CREATE TABLE planted (text TEXT)")
        connection.execute("INSERT INTO planted VALUES (?)", (text.upper(),))
        connection.commit()


def printed(text, running):
    print("heard", text)


def left_in_a_file(text, running):
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(f"{text.encode().hex()}\n")


def thrown(text, running):
    raise ValueError(f"cannot read {text}")


def sent(text, running):
    running.api.calls.append(("chat.postMessage", {"text": text}, None))


LEAKS = {
    logged: "log",
    logged_in_base64: "log",
    stored: "file",
    printed: "printed",
    left_in_a_file: "file",
    thrown: "exception",
    sent: "sent",
}


@pytest.mark.parametrize("leak", LEAKS)
async def test_a_planted_leak_is_found(leak, running, monkeypatch, capfd):
    """Each kind of leak, planted where the text is in the open, makes the proof fail."""

    def leaking(text, *more):
        if text:  # the command itself has none
            leak(text, running)
        return _LISTEN(text, *more)

    monkeypatch.setattr(safety, "listen", leaking)
    monkeypatch.setattr(Sealed, "ask", lambda self, question: question(self._bytes.decode()))
    player = running.player("web")
    await player.command("vent")
    await player.fill({"box": running.text})
    assert looked(running, capfd) == [LEAKS[leak]]
