"""A running Teams adapter on real ports, and everything it talks to."""

from datetime import UTC, datetime

import pytest

from adapters.teams.app import build_teams
from adapters.teams.references import InMemory
from adapters.teams.session import Session
from tests.players.bot_framework import Clock
from tests.players.everything import Told
from tests.players.serving import served
from tests.players.teams_api import running


def now():
    return datetime.now(UTC)


@pytest.fixture
async def api():
    async with running() as other_end:
        yield other_end


@pytest.fixture
async def teams(coach, api):
    """The adapter with a real coach, behind a real server; the proxy knows its address."""
    adapter = build_teams(coach, api.settings(), now)
    await adapter.start()
    async with served(adapter.asgi) as url:
        api.proxy.bot = url
        yield adapter
    await adapter.stop()


@pytest.fixture
def told(playbook):
    """A coach that says what the test tells it to."""
    return Told(playbook)


@pytest.fixture
def references():
    return InMemory()


@pytest.fixture
async def adapter(told, api, references):
    """The adapter with that coach behind it."""
    made = build_teams(told, api.settings(), now, references)
    await made.start()
    async with served(made.asgi) as url:
        api.proxy.bot = url
        yield made
    await made.stop()


@pytest.fixture
def clock():
    """A clock that is moved by hand."""
    return Clock()


@pytest.fixture
async def session():
    """The pooled session, open."""
    made = Session()
    await made.open()
    yield made
    await made.close()
