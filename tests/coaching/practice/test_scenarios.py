"""The customers and the checks of the practice: enough of them, each line its own, every pattern proved."""

import re

import pytest

from coaching.playbook.linear import runaway
from coaching.playbook.scenarios import LEVELS, Reaction, read_scenarios
from coaching.review.checks import find
from coaching.review.voice import hear
from tests.players.books import PLAYBOOK

SCENARIOS = PLAYBOOK.scenarios
CUSTOMERS = list(SCENARIOS.customers.values())
# No slur, no threat of violence, and nothing that says something of the reader's sex, looks or origin.
UNKIND = re.compile(
    r"\b(?:bitch|cunt|fuck\w*|shit\w*|whore|slut|retard\w*|fag\w*|kill you|hit you|hurt you|find you|"
    r"girl|boy|ugly|fat|foreign(?:er|ers)|immigrant\w*|accent)\b",
    re.IGNORECASE,
)


def test_enough_customers():
    """At least twelve who are upset and one who abuses, in at least ten industries, at three levels each."""
    assert len(SCENARIOS.plain()) >= 12
    assert any(one.abusive for one in CUSTOMERS)
    assert len({one.industry for one in CUSTOMERS}) >= 10
    assert len({one.who for one in CUSTOMERS}) == len(CUSTOMERS)
    assert all(len(one.openings) == len(LEVELS) for one in CUSTOMERS)


def test_every_line_is_said_by_one_customer_only():
    """No line is written twice, and none is longer than a customer would write."""
    lines = [line for one in CUSTOMERS for line in one.every]
    assert len(lines) >= 500
    assert len(set(lines)) == len(lines)
    assert max(map(len, lines)) <= 320


@pytest.mark.parametrize("customer", CUSTOMERS, ids=lambda one: one.id)
def test_even_the_worst_are_bearable(customer):
    """What is said to somebody who practises is upset, and never a slur or a threat to hurt."""
    assert [line for line in customer.every if UNKIND.search(line)] == []


@pytest.mark.parametrize("customer", CUSTOMERS, ids=lambda one: one.id)
def test_how_it_stands_in_a_list(customer):
    """Whole, in the menus of every platform."""
    assert len(f"{customer.who}: {customer.title} ({customer.industry})") <= 75
    assert len(customer.id) <= 12


@pytest.mark.parametrize("check", SCENARIOS.checks, ids=lambda check: check.id)
def test_every_check_is_proved(check):
    """It finds its `flags` and leaves its `allows`; every pattern finds one of them, in linear time."""
    for line in check.flags:
        assert find(hear(line, PLAYBOOK.judging), [check]), line
    for line in check.allows:
        assert not find(hear(line, PLAYBOOK.judging), [check]), line
    folded = [hear(line, PLAYBOOK.judging).text for line in check.flags]
    for pattern in check.words:
        assert any(pattern.search(line) for line in folded), pattern.source
    for pattern in (*check.words, *check.unless):
        assert not runaway(pattern.source), pattern.source


CHECKS = {"check": [{"id": "x", "criterion": "R3", "kind": "shows", "words": ["no"], "flags": ["No."], "allows": ["Yes."]}]}  # fmt: skip # noqa: E501
GOOD = {
    "who": "Ann",
    "industry": "shops",
    "title": "a hat",
    "case": "A hat.",
    "can": "send a hat.",
    "openings": ["a", "b", "c"],
} | {
    r.value: [f"{r.value} 1", f"{r.value} 2"] for r in Reaction if r.value not in {"abuse", "backed", "again"}
}


def faults(**tables):
    found = []
    read_scenarios(tables, found)
    return found


def test_a_good_folder_has_no_faults():
    """One customer is enough."""
    assert faults(checks=CHECKS, hat=GOOD) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"who": ""}, "practice/hat.toml: key 'who' must be a sentence"),
        ({"openings": ["a", "b"]}, "key 'openings' must hold 3 lines, one for each level"),
        ({"flat": "a"}, "key 'flat' must be a list of lines"),
        ({"flat": ["1", "2", "3"]}, "key 'flat' must hold an even number of lines"),
        ({"flat": ["a", "z"]}, "practice/hat.toml: said twice: a"),
        ({"mood": 3}, "key 'mood' is unknown"),
        ({"abusive": True}, "key 'abuse' must be a list of lines"),
        ({"abusive": True}, "key 'limited' is unknown"),
        ({"abusive": True}, "there is no customer to practise with"),
    ],
)
def test_a_fault_is_named(change, says):
    """By file and key."""
    assert any(says in fault for fault in faults(checks=CHECKS, hat=GOOD | change))


def test_names_and_files():
    """A name has to fit into a state, and the checks have to be there."""
    assert faults(hat=GOOD)[0] == "practice/checks.toml: the file is missing"
    assert "practice/a.b.toml: the name must be" in faults(checks=CHECKS, **{"a.b": GOOD})[0]
    assert "practice/there is no" not in faults(checks={"x": 1}, hat=GOOD)[0]
    assert "practice/checks.toml: key 'x' is unknown" in faults(checks={"x": 1}, hat=GOOD)
