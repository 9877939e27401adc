"""Fixtures every room shares. Tests may reach this machine only."""

import os
import socket

import pytest
from hypothesis import settings

from coaching.coach import Coach
from coaching.ports import Posted
from coaching.rounds import Rounds
from coaching.turn import Setup
from tests.players.books import PLAYBOOK
from tests.players.memory import PlainMemory

pytest_plugins = ["tests.players.databases"]

settings.register_profile("breather", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("breather")

LOOPBACK = ("127.", "localhost", "::1")


SLOW = ("tests/browser/", "tests/teams_peer/", "test_product.py", "test_looks.py", "test_local_slack.py")
LONG = ("tests/bot/", "tests/adapters/llm/", "test_many_tips.py")  # whole processes, and much waiting


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The real clients first, short files last: at the end one core would wait long for the other."""
    items.sort(key=_turn)


def _turn(item):
    return next((n for n, parts in enumerate((SLOW, LONG)) if any(part in item.nodeid for part in parts)), 2)


def pytest_sessionfinish(session, exitstatus):
    """Where everything is installed (CI), a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("BREATHER_SKIP_NOTHING") == "1" and skipped and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch):
    """Every connection that would leave this machine fails at once, naming the address."""
    connect = socket.socket.connect

    def guarded(self, address):
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


class Outbox:
    """A Post that keeps what it was given and answers as told."""

    def __init__(self):
        self.letters, self.answer = [], Posted.SENT

    async def post(self, letter):
        self.letters.append(letter)
        return self.answer


@pytest.fixture(scope="session")
def playbook():
    return PLAYBOOK


@pytest.fixture
def outbox():
    return Outbox()


@pytest.fixture
def troubles():
    """(where, kind of error) of everything that failed on our side; a test ends red if it is not empty."""
    heard = []
    yield heard
    assert not heard


@pytest.fixture
def coach(playbook, outbox, troubles):
    """A coach with a plain memory, as the demo has it."""

    def trouble(where, error):
        troubles.append((where, repr(error)))

    return Coach(playbook, PlainMemory(), outbox, trouble, Rounds(b"test salt"), Setup(demo=True))
