"""What teams are asked is data that proves itself: questions, short, no two alike, none a sermon."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from coaching.playbook.questions import LONGEST, read_questions
from coaching.playbook.rules import RULES

STOP = frozenset((Path(__file__).parents[1] / "stop_words.txt").read_text(encoding="utf-8").split())
SERMON = re.compile(
    r"\b(should|must|have to remember|never forget|remember to|make sure|be sure to|always)\b|!",
    re.IGNORECASE,
)
WHO_DID = re.compile(r"\b(who (?:of|among|here)|the best|the worst|how many|score|rank)\b", re.IGNORECASE)


@pytest.mark.parametrize("rule", RULES)
def test_ten_for_each_rule(playbook, rule):
    """Two working weeks of one theme."""
    assert len([one for one in playbook.questions if one.rule == rule]) >= 10


def test_each_is_one_open_question(playbook):
    """It asks, and ends there; it preaches nothing, counts nothing and compares nobody."""
    for one in playbook.questions:
        assert one.ask.endswith("?"), one.id
        assert len(one.ask) <= 120, one.id
        assert not WHO_DID.search(one.ask), one.id
        unquoted = re.sub(r"“[^”]*”", "", one.ask)
        assert not (
            SERMON.search(unquoted) and not re.search(r"should (?:hear|have told)|always sounds", one.ask)
        ), one.id


def test_no_two_are_alike(playbook):
    """Any two share less than three of the words that carry them, or than two thirds of the shorter one's."""
    words = {one.id: frozenset(re.findall(r"[a-z]+", one.ask.lower())) - STOP for one in playbook.questions}
    alike = [
        pair
        for pair in combinations(words, 2)
        if len(words[pair[0]] & words[pair[1]]) >= max(3, 2 / 3 * min(len(words[p]) for p in pair))
    ]
    assert alike == []


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"Z9": {}}, "team.toml: 'Z9' is none of the rules"),
        ({"A1": 3}, "team.toml: 'A1' must be written as [A1]"),
        ({"A1": {"Big One": "Why?"}}, "team.toml: key 'A1.Big One' needs a name of small letters"),
        ({"A1": {"a" * 41: "Why?"}}, "40 at most"),
        ({"A1": {"why": "Be kind."}}, "team.toml: key 'A1.why' must be a question"),
        ({"A1": {"why": 3}}, "team.toml: key 'A1.why' must be a question"),
        ({"A1": {"why": "a" * LONGEST + "?"}}, f"team.toml: key 'A1.why' must be one line of {LONGEST}"),
        ({"A1": {"why": "a\nb?"}}, "must be one line"),
    ],
)
def test_each_fault_is_named(table, says):
    """By file and key."""
    faults = []
    assert read_questions(table, faults) == ()
    (fault,) = faults
    assert says in fault
