"""Pasted text is taken apart exactly as it was written, however both sides are marked."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching.pasted import Parts, split
from coaching.playbook.pasting import read_pasting
from coaching.playbook.reader import read

PASTING = read().pasting
SET = Path(__file__).parent.parent / "sets/splits.jsonl"
ROWS = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_the_set(row):
    """Every way of pasting in the project's own set."""
    found, want = split(row["text"], PASTING), row["review"]
    if want.get("unsure"):
        assert found.unsure
    else:
        assert found == Parts(want["customer"] or "", want["draft"])


def test_enough_of_them():
    """At least eighty."""
    assert len(ROWS) >= 80


@pytest.mark.parametrize(
    ("text", "customer", "draft"),
    [
        ("Customer: It broke. Me: Calm down.", "It broke.", "Calm down."),
        ("customer said: It broke\nmy reply: Calm down", "It broke", "Calm down"),
        ('Customer: "It broke." Me: "Calm down."', "It broke.", "Calm down."),
        ("Customer: It broke.", "It broke.", ""),
        ("review my reply: Calm down.", "", "Calm down."),
        ("Please check this answer\nCalm down.", "", "Calm down."),
        ('"Calm down."', "", "Calm down."),
        ("“Calm down.”", "", "Calm down."),
        ("My draft: Calm down.", "", "Calm down."),
        ("Calm down: it's late.", "", "Calm down: it's late."),
        ('"Calm" and "down"', "", '"Calm" and "down"'),
        ("review my reply", "", ""),
        ("", "", ""),
        ("Calm down.\r\nThanks", "", "Calm down.\nThanks"),
        ("x" * 20_001, "", "x" * 20_001),
    ],
)
def test_short_ones(text, customer, draft):
    """Labels tell whose words they are; without them all of it is the draft."""
    assert split(text, PASTING) == Parts(customer, draft)


@settings(max_examples=200)
@given(st.text(alphabet="Customer:Me>\n-\"' fromTo@12:30.?!", max_size=300))
def test_nothing_is_made_up(text):
    """Whatever is pasted, every line of both parts is the person's own, and nothing fails."""
    found = split(text, PASTING)
    for part in (found.customer, found.draft):
        assert all(line.strip("\"'` ") in text.replace("\r\n", "\n") for line in part.split("\n"))


def test_faults_are_named():
    """A broken table says which key is wrong."""
    faults = []
    read_pasting({"x": 1, "own": ["a+"]}, faults)
    told = "\n".join(faults)
    assert "key 'x' is unknown" in told
    assert "key 'asks' is missing" in told
    assert "a+" in told
