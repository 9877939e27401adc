"""What most tests of the Teams adapter stand on: a clock that is moved by hand and one open session."""

import pytest

from adapters.teams.session import Session
from tests.players.bot_framework import Clock


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def session():
    made = Session()
    await made.open()
    yield made
    await made.close()
