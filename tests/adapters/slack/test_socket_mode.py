"""Socket Mode's own part: what is acknowledged, and what Slack shall send again."""

import logging
from types import SimpleNamespace

import pytest

from adapters.slack.app import build_slack
from adapters.slack.once import Answer, Once
from adapters.slack.settings import SlackSettings, SlackSettingsError
from adapters.slack.socket_mode import Line
from tests.adapters.slack.payloads import message
from tests.players.slack_api import NOW


class Wire:
    """Keeps what is sent back."""

    def __init__(self):
        self.sent = []

    async def send_socket_mode_response(self, response):
        self.sent.append(response.to_dict())


@pytest.fixture
def line():
    async def take(payload, at):
        assert at is NOW
        heard.append(payload)
        return answers.get(payload.get("event_id"), Answer(200, {"text": "hello"}))

    heard, answers = [], {"broken": Answer(500)}
    made = Line("xapp-secret", None, take, Once(), lambda: NOW, logging.getLogger("quiet"))
    return SimpleNamespace(hear=made._hear, made=made, heard=heard)


def envelope(payload, number="e1"):
    return SimpleNamespace(payload=payload, envelope_id=number)


async def test_the_answer_rides_on_the_acknowledgement(line):
    """A command's answer goes back in the envelope, after it was handled; a repeat is only acknowledged."""
    wire = Wire()
    await line.hear(wire, envelope(message()))
    await line.hear(wire, envelope(message(), "e2"))
    assert wire.sent == [{"envelope_id": "e1", "payload": {"text": "hello"}}, {"envelope_id": "e2"}]
    assert len(line.heard) == 1


async def test_what_failed_is_not_acknowledged(line):
    """So that Slack sends it again."""
    wire = Wire()
    await line.hear(wire, envelope({"event_id": "broken"}))
    await line.hear(wire, envelope("not a payload"))
    assert wire.sent == []


async def test_a_line_that_never_started_can_be_stopped(line):
    """Stopping twice, or before starting, is fine; the token is in no repr."""
    await line.made.stop()
    assert "xapp-secret" not in repr(line.made)


async def test_a_refused_token_says_what_to_do(told, api):
    """At the start, once, in words; not by trying for ever."""
    api.refuse["apps.connections.open"] = "invalid_auth"
    settings = SlackSettings("xoxb", app_token="xapp-secret", api_url=f"{api.url}/api/")
    made = build_slack(told, settings, lambda: NOW)
    with pytest.raises(SlackSettingsError, match="connections:write") as caught:
        await made.start()
    assert "xapp-secret" not in str(caught.value)
    assert len(api.calls) == 1


async def test_an_unreachable_slack_does_not_hold_up_the_start(told):
    """It is tried again in the background, and stopping ends that."""
    settings = SlackSettings("xoxb", app_token="xapp", api_url="http://127.0.0.1:9/api/")
    made = build_slack(told, settings, lambda: NOW)
    await made.start()
    await made.stop()
