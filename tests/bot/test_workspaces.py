"""Slack in many workspaces, as the program puts it together, on a real database and a loopback Slack."""

import asyncio
import functools
import io
import json
import logging
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select, update

from bot import assembly, doctor, workspaces
from bot.settings import SettingsError, read_settings
from coaching.people import Person, Place
from coaching.turn import Met
from storage.db import open_database
from storage.memory import StoredMemory
from storage.tables import slack_installation
from storage.vault import open_vault
from storage.workspaces import StoredInstallations
from tests.adapters.slack.payloads import COMMAND, message
from tests.bot.test_process import breather
from tests.players.canary import watching
from tests.players.installing import Browser
from tests.players.slack_api import CLIENT, NOW, Issued, SlackApi, post
from tests.players.workspaces import KEYS, Clock, environment, process

HALF_A_DAY = 12 * 3600


@pytest.fixture
async def api():
    made = await SlackApi().start()
    yield made
    await made.stop()


@pytest.fixture
def clock(monkeypatch):
    """The program's own clock, which stands still until it is moved."""
    made = Clock()
    monkeypatch.setattr(assembly, "now", made)
    return made


@pytest.fixture
def opened(api, clock, playbook, monkeypatch):
    """Starts a process on a database."""
    monkeypatch.setattr(assembly, "read", lambda: playbook)
    return functools.partial(process, api=api, clock=clock)


@pytest.fixture
async def running(url, opened):
    async with opened(url) as made:
        yield made


async def installed(running, api, *issued):
    """Each of these has installed the coach."""
    for number, one in enumerate(issued):
        api.codes[f"code-{number}"] = one
        assert (await Browser(running.address).install(f"code-{number}")).status == 200


def said(team, number=0, **more):
    return {**message(text="help"), "team_id": team, "event_id": f"Ev-{team}-{number}", **more}


def uninstalled(team, at=NOW, **event):
    told = {"type": "app_uninstalled", **event}
    payload = {"type": "event_callback", "team_id": team, "event_id": f"Ev-{team}-{told['type']}-{at}"}
    return {**payload, "event_time": int(at.timestamp()), "event": told}


# --------------------------------------------------------------------------- three at once


async def test_three_workspaces_never_mix(running, api):
    """Each is greeted, answered and remembered with its own token, under its own name."""
    teams = ("T1", "T2", "T3")
    await installed(running, api, *(Issued(team) for team in teams))
    for team in teams:
        hello = api.of(team)
        assert [method for method, _ in hello] == ["conversations.open", "chat.postMessage"]
    await asyncio.gather(*(running.say(said(team, n)) for n in range(5) for team in teams))
    for team in teams:
        assert len(api.of(team)) == 2 + 5
    assert len(api.live) == 3
    assert await running.people() == ["T1", "T2", "T3"]


async def test_a_stranger_is_not_heard(running, api):
    """A signed payload of a workspace that never installed the coach."""
    await installed(running, api, Issued("T1"))
    before = len(api.calls)
    assert (await running.say(said("T9"))).status == 500
    assert len(api.calls) == before
    assert await running.people() == ["T1"]


async def test_no_database_and_no_network_to_know_who_asks(running, api, monkeypatch):
    """A hundred commands: the shelf is asked once, and Slack not at all."""
    await installed(running, api, Issued("T1"))
    asked, real = [], StoredInstallations.find

    async def counted(self, tenant):
        asked.append(tenant)
        return await real(self, tenant)

    monkeypatch.setattr(StoredInstallations, "find", counted)
    api.calls.clear()
    for number in range(100):
        body = urlencode({**COMMAND, "team_id": "T1", "trigger_id": str(number)}).encode()
        assert (await post(running.address, body)).status == 200
    assert (asked, api.calls) == ([], [])


# --------------------------------------------------------------------------- a whole organisation


@pytest.mark.parametrize("flagged", [True, False])
async def test_an_organisation(running, api, flagged):
    """A workspace of the organisation is served by its token; its data stand under the organisation."""
    await installed(running, api, Issued("", "E1"), Issued("T2"))
    api.calls.clear()
    whole = {"enterprise_id": "E1", **({"is_enterprise_install": True} if flagged else {})}
    assert (await running.say(said("T1", **whole, authorizations=[]))).status == 200
    assert len(api.of("E1")) == 1
    assert await running.people() == ["E1", "T2"]


async def test_a_workspace_with_an_install_of_its_own(running, api):
    """The team's own token comes before the organisation's."""
    await installed(running, api, Issued("", "E1"), Issued("T1", "E1"))
    api.calls.clear()
    assert (await running.say(said("T1", enterprise_id="E1"))).status == 200
    assert len(api.of("T1")) == 1


# --------------------------------------------------------------------------- taken away


@pytest.mark.parametrize("event", [{}, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}}])
async def test_an_uninstall(running, api, event):
    """The token is gone at once, the data after the grace; the neighbour notices nothing."""
    await installed(running, api, Issued("T1"), Issued("T2"))
    running.clock.time += timedelta(minutes=1)
    api.live = {token: one for token, one in api.live.items() if one.team == "T2"}
    for _ in range(2):
        assert (await running.say(uninstalled("T1", running.clock(), **event))).status == 200
    assert (await running.say(said("T1"))).status == 500
    assert (await running.say(said("T2"))).status == 200
    assert await running.people() == ["T1", "T2"]
    running.clock.time += timedelta(days=2, hours=23)
    await running.tick("tidy")
    assert await running.people() == ["T1", "T2"]
    running.clock.time += timedelta(hours=1)
    await running.tick("tidy")
    assert await running.people() == ["T2"]


async def test_a_persons_own_token_is_none_of_ours(running, api):
    """tokens_revoked for user tokens takes nothing away."""
    await installed(running, api, Issued("T1"))
    gone = uninstalled("T1", type="tokens_revoked", tokens={"oauth": ["UANN"], "bot": []})
    assert (await running.say(gone)).status == 200
    assert (await running.say(said("T1"))).status == 200


async def test_a_re_install_starts_anew(running, api):
    """Within the grace: nobody is remembered but who installed it, who was just greeted."""
    await installed(running, api, Issued("T1"))
    other = Person("slack", "T1", "UBEN")
    memory = StoredMemory(running.house.database)
    await memory.keep(other, Place("slack", "T1", "UBEN"), (Met(),), running.clock())
    running.clock.time += timedelta(minutes=1)
    await running.say(uninstalled("T1", running.clock()))
    running.clock.time += timedelta(minutes=1)
    await installed(running, api, Issued("T1"))
    assert not (await memory.recall(other, Place("slack", "T1", "UBEN"))).met
    assert await running.people() == ["T1"]
    assert (await running.say(said("T1"))).status == 200


# --------------------------------------------------------------------------- refreshing


async def test_two_processes_and_twenty_at_once(running, opened, url, api, monkeypatch):
    """On a token that ends soon: exactly one refresh, everybody answered, before, during and after it."""
    async with opened(url) as other:
        await installed(running, api, Issued("T1", expires_in=HALF_A_DAY))
        running.clock.time += timedelta(hours=11, minutes=1)
        monkeypatch.setattr("tests.players.slack_api.NOW", running.clock())
        api.slow, refreshed = 0.2, len(api.named("oauth.v2.access"))
        turns = [one.tick("tokens") for one in (running, other) * 3]
        asked = [(running, other)[n % 2].say(said("T1", n)) for n in range(20)]
        answers = await asyncio.gather(*turns, *asked)
        assert [answer.status for answer in answers[len(turns) :]] == [200] * 20
        assert len(api.named("oauth.v2.access")) == refreshed + 1
        posted = [token for method, _, token in api.calls if method == "chat.postMessage"]
        assert len(posted) == 21
        assert {token.removeprefix("Bearer ") for token in posted} <= set(api.live)
        for number, one in enumerate((running, other), 98):
            await one.say(said("T1", number))
    assert "Bearer xoxb-canary-T1-2" in {token for _, _, token in api.calls}


async def test_a_refresh_that_fails(running, api, capfd, monkeypatch):
    """The old token stays in use, the next try waits, and doctor says how many."""
    await installed(running, api, Issued("T1", expires_in=HALF_A_DAY))
    running.clock.time += timedelta(hours=11)
    monkeypatch.setattr("tests.players.slack_api.NOW", running.clock())
    held, api.refreshes = api.refreshes, {}
    for _ in range(3):
        await running.tick("tokens")
    assert len(api.named("oauth.v2.access")) == 2
    assert (await running.say(said("T1"))).status == 200
    settings = read_settings(
        environment(running.house.database.engine.url.render_as_string(hide_password=False))
    )
    if settings.sqlite_path is not None:
        out = io.StringIO()
        await asyncio.to_thread(doctor.run, settings, out)
        assert "Slack tokens that could not be refreshed: 1" in out.getvalue()
    api.refreshes = held
    running.clock.time += timedelta(minutes=1)
    await running.tick("tokens")
    assert len(api.named("oauth.v2.access")) == 3
    stored = StoredInstallations(running.house.database, open_vault(KEYS[:1]), running.clock)
    assert (await stored.counts()).failing == 0


async def test_the_jobs_say_numbers(running, api, caplog):
    """What the ticks did stands in the log as numbers; when there is nothing to do they are silent."""
    caplog.set_level(logging.INFO, logger="breather.events")
    await running.tick("tokens")
    await running.tick("tidy")
    await installed(running, api, Issued("T1", expires_in=HALF_A_DAY))
    running.clock.time += timedelta(hours=11)
    await running.tick("tokens")
    await running.say(uninstalled("T1", running.clock()))
    running.clock.time += timedelta(days=3)
    await running.tick("tidy")
    told = [(record.msg, getattr(record, "fields", {})) for record in caplog.records]
    ours = [one for one in told if str(one[0]).startswith("slack.")]
    assert ours[:2] == [
        ("slack.installed", {}),
        ("slack.tokens", {"refreshed": 1, "failed": 0, "failing": 0}),
    ]


# --------------------------------------------------------------------------- nothing leaks


async def test_tokens_are_nowhere(sqlite_url, tmp_path, api, opened, capfd):
    """Installed, used, refreshed, refused and taken away, loggers at DEBUG: no token, no client secret."""
    with watching(tmp_path) as watch:
        async with opened(sqlite_url) as running:
            await installed(running, api, Issued("T1", expires_in=HALF_A_DAY))
            await running.say(said("T1", 1))
            running.clock.time += timedelta(hours=11)
            await running.tick("tokens")
            held, api.refreshes = api.refreshes, {}
            running.clock.time += timedelta(hours=11)
            await running.tick("tokens")
            api.refuse["chat.postMessage"] = "token_revoked"
            await running.say(said("T1", 2))
            api.refreshes = held
            await Browser(running.address).install("no-such-code")

            def damage(connection):
                connection.execute(update(slack_installation).values(bot_token=b"xoxb-canary-in-clear"))
                return connection.execute(select(func.count()).select_from(slack_installation)).scalar()

            assert await running.house.database.transact(damage) == 1
            for platform in running.house.platforms:
                assert "canary" not in repr(platform)
            assert "canary" not in repr(running.house)
            running.clock.time += timedelta(minutes=5)
            await running.say(uninstalled("T1", running.clock()))
        watch.printed += capfd.readouterr()
        for secret in ("xoxb-canary-T1-1", "xoxb-canary-T1-2", "xoxe-1-canary-T1-1", CLIENT[1], KEYS[0]):
            assert watch.found(secret) == []


# --------------------------------------------------------------------------- settings and commands


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "not both"),
        ({"SLACK_CLIENT_SECRET": ""}, "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET"),
        ({"SLACK_CLIENT_ID": ""}, "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET"),
        ({"SLACK_SIGNING_SECRET": ""}, "signing secret"),
        ({"BREATHER_VAULT_KEYS": ""}, "breather vault key"),
        ({"BREATHER_VAULT_KEYS": "xoxb-canary"}, "44 characters"),
        ({"BREATHER_VAULT_KEYS": ",".join((*KEYS, KEYS[0]))}, "takes one key, or two"),
    ],
)
async def test_what_is_missing_is_said(sqlite_url, more, says):
    """At the start and by the doctor, in the same words, and no secret is repeated."""
    settings = read_settings(environment(sqlite_url, **more))
    database = open_database(sqlite_url)
    with pytest.raises(SettingsError, match=says) as told:
        assembly.slack(assembly.build_house(settings, database), settings, socket_mode=False)
    await database.close()
    out = io.StringIO()
    await asyncio.to_thread(doctor.run, settings, out)
    assert str(told.value) in out.getvalue()
    assert "canary" not in out.getvalue()


@pytest.mark.parametrize("days", ["", "x", "-1", "91", "2.5"])
def test_the_grace_is_a_number_of_days(days):
    """Nothing set is three days."""
    if not days:
        assert read_settings({}).slack_grace == timedelta(days=3)
        return
    with pytest.raises(SettingsError, match="SLACK_GRACE_DAYS"):
        read_settings({"SLACK_GRACE_DAYS": days})


async def test_the_wrong_key_is_told_at_the_start(url, api, opened):
    """Not at the first message; with the old key behind the new one all is well."""
    async with opened(url) as running:
        await installed(running, api, Issued("T1"))
    with pytest.raises(SettingsError, match="Add that key"):
        async with opened(url, BREATHER_VAULT_KEYS=KEYS[1]):
            pass
    async with opened(url, BREATHER_VAULT_KEYS=",".join(KEYS[::-1])) as running:
        assert (await running.say(said("T1"))).status == 200


async def test_one_damaged_token_stops_nobody_else(running, api):
    """It is counted, and that workspace alone is not answered."""
    await installed(running, api, Issued("T1"), Issued("T2"))
    stored = StoredInstallations(running.house.database, open_vault(KEYS[:1]), lambda: NOW)
    broken = update(slack_installation).where(slack_installation.c.team_id == "T1").values(bot_token=b"")
    await stored.database.transact(lambda c: c.execute(broken) and None)
    shelf = workspaces.KeptInstallations(stored)
    assert await shelf.find("T1") is None
    assert (await shelf.find("T2")).bot_token == "xoxb-canary-T2-1"
    assert await stored.try_keys() == 1


def test_the_vault_command(sqlite_url, tmp_path):
    """A key that can be used; a change of key that says how many; a missing key that says how to get one."""
    key = breather("vault", "key", cwd=tmp_path).stdout.strip()
    assert open_vault([key])
    done = breather("vault", "rotate", cwd=tmp_path, DATABASE_URL=sqlite_url, BREATHER_VAULT_KEYS=key)
    assert (done.returncode, done.stdout.split(".")[0]) == (0, "Encrypted under the first key: 0 workspaces")
    none = breather("vault", "rotate", cwd=tmp_path, DATABASE_URL=sqlite_url)
    assert (none.returncode, "breather vault key" in none.stderr) == (2, True)
    nowhere = f"sqlite:///{tmp_path}/no/such.db"
    lost = breather("vault", "rotate", cwd=tmp_path, DATABASE_URL=nowhere, BREATHER_VAULT_KEYS=key)
    assert lost.returncode == 1
    assert "Traceback" not in none.stderr + lost.stderr


async def test_a_new_key_for_what_is_stored(sqlite_url, tmp_path, api, opened):
    """`breather vault rotate` with both keys; afterwards the new one is enough."""
    async with opened(sqlite_url) as running:
        await installed(running, api, Issued("T1"), Issued("T2"))
    both = ",".join(KEYS[::-1])

    def rotate(keys):
        return breather("vault", "rotate", cwd=tmp_path, DATABASE_URL=sqlite_url, BREATHER_VAULT_KEYS=keys)

    told = [(await asyncio.to_thread(rotate, both)).stdout for _ in range(2)]
    assert [": 2 work" in told[0], ": 0 work" in told[1]] == [True, True]
    refused = await asyncio.to_thread(rotate, KEYS[0])
    assert (refused.returncode, "Add that key" in refused.stderr) == (2, True)
    async with opened(sqlite_url, BREATHER_VAULT_KEYS=KEYS[1]) as running:
        assert (await running.say(said("T1"))).status == 200


def test_the_manifest_for_many(tmp_path):
    """It needs an address, and has the events, the redirect and the rotation."""
    refused = breather("slack", "manifest", "--oauth", cwd=tmp_path)
    assert (refused.returncode, "--url" in refused.stderr) == (2, True)
    made = json.loads(
        breather("slack", "manifest", "--oauth", "--url", "https://a.example", cwd=tmp_path).stdout
    )
    assert made["oauth_config"]["redirect_urls"] == ["https://a.example/slack/oauth_redirect"]
