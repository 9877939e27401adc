"""The logs cannot contain what people wrote, whoever logs."""

import io
import json
import logging

import pytest

from bot.logs import event, start_logging, trouble
from coaching.people import Room
from storage.db import Fault, StorageError

CANARY = "zq-canary-7f3a"


@pytest.fixture
def lines():
    """Start logging into a buffer; gives a function that reads the lines so far. Put back afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    buffer = io.StringIO()
    start_logging(buffer)
    yield lambda: [json.loads(line) for line in buffer.getvalue().splitlines()]
    root.handlers[:], root.level = before, level


def test_our_events_carry_numbers_and_names(lines):
    """An event has its name, numbers, flags and enum members."""
    event("turn", replies=2, private=True, room=Room.DIRECT)
    (line,) = lines()
    assert line["event"] == "turn"
    assert (line["replies"], line["private"], line["room"]) == (2, True, "DIRECT")


def test_foreign_messages_lose_their_text(lines):
    """A library that logs a body, formatted or not, with an exception or not, leaves no text behind."""
    log = logging.getLogger("slack_bolt.AsyncApp")
    log.warning("body %s", CANARY)
    log.error(CANARY)
    log.info(CANARY)
    try:
        int(CANARY)
    except ValueError:
        log.exception("failed %r", CANARY)
    assert len(lines()) == 3
    assert lines()[-1]["error"] == "ValueError"
    assert CANARY not in json.dumps(lines())


def test_trouble_names_the_kind_and_the_line_only(lines):
    """A fault of ours is found again by type and line; its text stays out."""
    try:
        {}[CANARY]
    except KeyError as error:
        trouble("hear", error)
    (line,) = lines()
    assert (line["where"], line["error"]) == ("hear", "KeyError")
    assert line["line"].startswith("test_logs.py:")
    assert CANARY not in json.dumps(line)


def test_trouble_with_the_database_tells_the_remedy(lines):
    """Whoever reads the logs of a `work` reads what to do."""
    trouble("clock.deliver", StorageError(Fault.FULL))
    assert (
        lines()[0]["fault"] == "The disk of the database is full. Make room; nothing that was stored is lost."
    )


def test_trouble_without_a_traceback(lines):
    """An error that was never raised is told all the same."""
    trouble("send", RuntimeError(CANARY))
    assert lines()[0]["line"] == ""
