"""Answers through a response_url go to Slack and nowhere else, whatever a payload names."""

import logging

import aiohttp
import pytest
from aiohttp import web

from adapters.slack.calls import UNREACHABLE, Calls
from adapters.slack.settings import OneWorkspace
from tests.players.slack_api import SlackApi


class Wire:
    """Stands in for the session: notes what would be sent, and fails as an unreachable network does."""

    def __init__(self):
        self.asked = []

    def post(self, url, **how):
        self.asked.append((url, how))
        raise aiohttp.ClientConnectionError


def calls_to(api_url):
    made = Calls(OneWorkspace("xoxb-1"), api_url, logging.getLogger("quiet"))
    made._session = Wire()
    return made


SLACK = "https://slack.com/api/"


@pytest.mark.parametrize(
    "url",
    ["https://hooks.slack.com/commands/1", "https://hooks.slack.com/app/1", "https://hooks.slack-gov.com/a"],
)
async def test_slacks_own_are_called(url):
    """Over https, to a host of Slack's."""
    calls = calls_to(SLACK)
    await calls.respond(url, {"text": "x"})
    ((asked, how),) = calls._session.asked
    assert (asked, how["allow_redirects"]) == (url, False)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://hooks.slack.com/commands/1",
        "https://hooks.slack.com.example.org/1",
        "https://hooks.slack.com:8443/1",
        "https://hooks.slack.com@example.org/1",
        "https://me@hooks.slack.com/1",
        "https://example.org/hooks.slack.com",
        "https://127.0.0.1/1",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/1",
        "https://[broken/1",
        "file:///etc/passwd",
        "hooks.slack.com",
    ],
)
async def test_no_other_is_called(url):
    """Not by a name that looks alike, not on this machine, not in a cloud's inside."""
    calls = calls_to(SLACK)
    assert (await calls.respond(url, {"text": "x"})).error == UNREACHABLE
    assert calls._session.asked == []


async def test_a_slack_on_this_machine_stays_on_it():
    """As in tests and in the proof: no address elsewhere is called from there."""
    calls = calls_to("http://127.0.0.1:5000/api/")
    assert (await calls.respond("https://hooks.slack.com/1", {})).error == UNREACHABLE
    assert calls._session.asked == []


async def test_no_redirect_is_followed():
    """Whoever answers at Slack's address cannot send an answer on."""
    api, reached = await SlackApi().start(), []

    async def elsewhere(request):
        reached.append(await request.text())
        return web.Response()

    async def away(_request):
        raise web.HTTPTemporaryRedirect(f"{url}/elsewhere")

    app = web.Application()
    app.router.add_post("/away", away)
    app.router.add_post("/elsewhere", elsewhere)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"
    calls = Calls(OneWorkspace("xoxb-1"), f"{api.url}/api/", logging.getLogger("quiet"))
    await calls.open()
    assert not (await calls.respond(f"{url}/away", {"text": "x"})).ok
    await calls.close()
    await runner.cleanup()
    await api.stop()
    assert reached == []
