"""The adapter as a whole: no leak into logs, no call per request, settings that say what is missing."""

import json
import logging
from urllib.parse import urlencode

import pytest

from adapters.slack.app import build_slack
from adapters.slack.quiet import quiet
from adapters.slack.settings import SlackSettings, SlackSettingsError
from coaching.values import Handed
from tests.adapters.slack.payloads import (
    ALICE,
    BOB,
    COMMAND,
    acted,
    button,
    event,
    message,
    shortcut,
    submit,
    tap,
    typed,
    view,
)
from tests.players.everything import reply
from tests.players.slack_api import NOW, SECRET, interactive, post, signed

CANARY = "kestrel-umbrella-4711"


@pytest.fixture
def loud(adapter, caplog):
    """Every logger there is at DEBUG, Slack's own too, whatever the adapter had set them to."""
    for name in ("", *logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)


async def test_no_log_holds_what_people_wrote(loud, door, told, api, caplog):
    """At DEBUG, with everything failing: the words, the secret and the token are in no log."""
    told.answers = (reply(CANARY),)
    api.refuse = dict.fromkeys(("chat.postMessage", "views.open", "views.update"), "invalid_blocks")
    api.headers, api.status = {"Retry-After": "30"}, {"chat.postEphemeral": 429, "views.publish": 503}
    kept = '{"form": "vent.out", "state": "out"}'
    state = {"sealed|vent.out|text": typed(CANARY)}
    bodies = [
        (json.dumps(message(text=CANARY)).encode(), False),
        (json.dumps({**event(type="app_home_opened", tab="home"), "event_id": "E2"}).encode(), False),
        (interactive({**tap(), "trigger_id": "tapped", "response_url": f"{api.url}/gone"}), True),
        (interactive(submit(state, kept=kept)), True),
        (interactive(shortcut(ALICE, CANARY)), True),
        (interactive(acted("block_actions", view=view(state, kept=kept), actions=[button()])), True),
        (json.dumps({"type": "unheard of", "text": CANARY}).encode(), False),
        (b'{"broken": "' + CANARY.encode(), False),
    ]
    for body, as_form in bodies:
        await post(door, body, form=as_form)
        await post(door, body, {"X-Slack-Signature": "v0=wrong"}, form=as_form)
        await post(door, body, signed(body, "not the secret"), form=as_form)
    assert "invalid_blocks" in caplog.text
    assert "slack.ratelimited" in caplog.text
    assert not any(secret in caplog.text for secret in (CANARY, SECRET, "xoxb-test"))


async def test_a_fault_of_ours_is_a_500_without_a_word(door, told, caplog):
    """Whatever happens inside, Slack gets a 500 and may try again; the log gets no text."""
    told.error = RuntimeError(CANARY)
    answer = await post(door, json.dumps(message()).encode(), form=False)
    assert (answer.status, answer.text) == (500, "")
    assert CANARY not in caplog.text
    told.error = None
    assert (await post(door, json.dumps(message()).encode(), form=False)).status == 200
    assert len(told.heard) == 2


@pytest.mark.parametrize("part", [{"team": 5}, {"enterprise": 7}, {"authorizations": 1}])
async def test_signed_nonsense_is_refused_quietly(part, door, caplog):
    """Parts no Slack would send, on which Bolt stumbles: 400, and no trace."""
    body = json.dumps({**message(), **part}).encode()
    assert (await post(door, body, form=False)).status in (200, 400)
    assert "Traceback" not in caplog.text


async def test_no_call_to_slack_before_the_answer(door, told, api):
    """Fifty commands: no auth.test, no call at all, and every command heard."""
    told.answers = (reply(),)
    for number in range(50):
        body = interactive({**shortcut(ALICE), "trigger_id": str(number), "callback_id": "unknown"})
        await post(door, body)
        await post(door, urlencode({**COMMAND, "trigger_id": f"c{number}"}).encode())
    assert api.calls == []
    assert len(told.heard) == 50


async def test_all_calls_share_one_connection(door, told, api):
    """One after the other, over one connection."""
    told.answers = (reply(),)
    for number in range(5):
        await post(door, json.dumps({**message(), "event_id": f"E{number}"}).encode(), form=False)
    assert (len(api.calls), len(api.connections)) == (5, 1)


async def test_a_lead_on_an_agents_message(door, told):
    """Bob's reply, handed over by Alice: never reviewed as hers."""
    await post(door, interactive(shortcut(BOB, "Calm down.")))
    await post(door, interactive({**shortcut(ALICE, "Calm down."), "trigger_id": "another"}))
    handed = [heard.content for heard in told.heard]
    assert [(type(one), one.own) for one in handed] == [(Handed, False), (Handed, True)]


async def test_bolts_own_environment_changes_nothing(told, settings, monkeypatch, api):
    """Variables that Bolt reads by itself do not take the coach's place."""
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.setenv(name, "from the environment")
    made = build_slack(told, settings, lambda: NOW)
    await made.start()
    assert (await made.desk.take(message(), NOW)).status == 200
    await made.stop()
    assert len(told.heard) == 1


def test_the_start_is_quiet(told, settings, monkeypatch, caplog):
    """Bolt finds our own SLACK_BOT_TOKEN in the environment: that is no news."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-test")
    build_slack(told, settings, lambda: NOW)
    assert caplog.records == []


async def test_bolt_has_no_listeners_to_ask(adapter):
    """One middleware takes everything: no listener is matched, and no answer waits for a poll."""
    assert adapter.desk.bolt._async_listeners == []
    assert adapter.desk.bolt.process_before_response


async def test_nobody_installed(told, settings):
    """A payload from a workspace without the coach is not heard."""

    class Nowhere:
        async def find(self, tenant):
            return None

    made = build_slack(told, settings, lambda: NOW, Nowhere())
    answer = await made.desk.take(message(), NOW)
    assert answer.status == 500
    assert told.heard == []
    await made.stop()


# --------------------------------------------------------------------------- settings


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (SlackSettings("", ("s",)), "bot token"),
        (SlackSettings("x"), "signing secret"),
        (SlackSettings("x", ("",)), "signing secret"),
        (SlackSettings("x", ("a", " ")), "none may be empty"),
        (SlackSettings("x", ("a", "b", "c")), "two while you replace it"),
    ],
)
def test_settings_say_what_is_missing(wrong, says, told):
    """What is missing and where to find it."""
    with pytest.raises(SlackSettingsError, match=says):
        build_slack(told, wrong, lambda: None)


def test_settings_do_not_show_secrets():
    """Not in a repr."""
    shown = repr(SlackSettings("xoxb-1", ("s3cret",), "xapp-1"))
    assert not any(secret in shown for secret in ("xoxb-1", "s3cret", "xapp-1"))


def test_socket_mode_needs_no_signing_secret(told):
    """Without a public address there is nothing to sign."""
    assert SlackSettings("x", app_token="xapp").checked().signing_secrets == ()


# --------------------------------------------------------------------------- logger


def test_the_libraries_logger_keeps_the_kind_only(caplog):
    """Name, place and kind of error stay; the text goes."""
    logger = quiet()
    assert quiet() is logger
    assert len(logger.filters) == 1
    logger.info("body %s", CANARY)
    logger.error("body %s", CANARY)
    logger.error("body %s", CANARY, exc_info=ValueError(CANARY))
    assert CANARY not in caplog.text
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    assert "ValueError" in caplog.text
