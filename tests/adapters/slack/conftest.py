"""A running Slack adapter on real ports, and everything it can be shown."""

import pytest

from adapters.slack.app import build_slack
from adapters.slack.settings import SlackSettings
from tests.players.everything import Told
from tests.players.serving import served
from tests.players.slack_api import NOW, SECRET, SlackApi


def now():
    return NOW


@pytest.fixture
async def api():
    other_end = await SlackApi().start()
    yield other_end
    await other_end.stop()


@pytest.fixture
def settings(api):
    return SlackSettings("xoxb-test", (SECRET,), api_url=f"{api.url}/api/")


@pytest.fixture
async def slack(coach, settings):
    adapter = build_slack(coach, settings, now)
    await adapter.start()
    yield adapter
    await adapter.stop()


@pytest.fixture
async def gate(slack):
    async with served(slack.asgi) as url:
        yield url


@pytest.fixture
def told(playbook):
    """A coach that says what the test tells it to."""
    return Told(playbook)


@pytest.fixture
async def adapter(told, settings):
    """The adapter with that coach behind it."""
    made = build_slack(told, settings, now)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def door(adapter):
    """Its address."""
    async with served(adapter.asgi) as url:
        yield url
