"""The promises of the rules' texts and tips; each one reads the files."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from coaching.playbook.rules import RULES

STOP = frozenset((Path(__file__).parent / "stop_words.txt").read_text(encoding="utf-8").split())
BANNED = re.compile(
    r"\b(therap\w*|diagnos\w*|mood scores?|leverag\w*|utili[sz]\w*|stakeholders?|synerg\w*|kpis?|touchpoints?"
    r"|proactiv\w*|reach out|going forward|best practices?|obviously|simply|of course|clearly you|remember to"
    r"|make sure|be sure to|always remember|don't forget|csat|nps|sla)\b"
)


def content(tip):
    """The words of a tip that carry its meaning."""
    text = f"{tip.say} {tip.plan}".lower().replace("’", "'")
    return frozenset(re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text)) - STOP


def share(one, other):
    return len(one & other) / min(len(one), len(other))


def texts(rule):
    yield from (rule.title, rule.source, rule.idea, rule.why)
    for tip in rule.tips:
        yield from (tip.say, tip.plan)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_its_own_words_and_at_least_twelve_tips(playbook, name):
    """A rule is worth reading: an idea, a reason of its own, and tips for two working weeks and more."""
    rule = playbook.rules[name]
    assert len(rule.tips) >= 12
    assert rule.idea != rule.why
    assert rule.title not in rule.idea
    assert 60 <= len(rule.idea) <= 300
    assert 100 <= len(rule.why) <= 400


@pytest.mark.parametrize("name", RULES)
def test_tips_are_numbered_without_a_gap(playbook, name):
    """A tip's id stays what it is: numbers run from 1 in the order of the file."""
    tips = playbook.rules[name].tips
    assert [tip.id for tip in tips] == [f"{name}.{n}" for n in range(1, len(tips) + 1)]


def test_every_source_names_its_article_and_rule(playbook):
    """Where a rule comes from can be looked up: two articles, five rules each, in their order."""
    first = "5 Rules to Improve Customer Service AND Your Personal Life"
    second = "The 5 Rules of Customer Service (EXIT Realty, Sharron Richardson)"
    expected = [f"{article}, rule {n}" for article in (first, second) for n in range(1, 6)]
    assert [playbook.rules[name].source for name in RULES] == expected


@pytest.mark.parametrize("name", RULES)
def test_every_tip_ends_in_an_if_then_plan(playbook, name):
    """A plan is one line in the agent's own voice that can be carried out."""
    for tip in playbook.rules[name].tips:
        assert tip.plan.startswith("If "), tip.id
        assert tip.plan.count(", then I ") == 1, tip.id
        assert "\n" not in tip.plan, tip.id
        assert re.search(r"[.?]”?$", tip.plan), tip.id


@pytest.mark.parametrize("name", RULES)
def test_every_tip_is_short(playbook, name):
    """A tip is read between two customers: two sentences and a plan, 240 characters in all."""
    for tip in playbook.rules[name].tips:
        assert len(f"{tip.say} {tip.plan}") <= 240, tip.id
        assert re.search(r"[.?]”?$", tip.say), tip.id
        outside_quotes = re.sub(r"“[^”]*”", "", tip.say)
        assert len(re.findall(r"[.?](?:\s|$)", outside_quotes)) <= 3, tip.id


@pytest.mark.parametrize("name", RULES)
def test_the_words_are_plain_and_calm(playbook, name):
    """No exclamation mark, no jargon, nothing clinical, nothing that talks down, no straight quotes."""
    for text in texts(playbook.rules[name]):
        assert not set("!\"'`—") & set(text), text
        assert not BANNED.search(text.lower().replace("’", "'")), text
        assert text == text.strip(), text
        assert "  " not in text, text
        assert text.count("“") == text.count("”"), text


def test_no_two_tips_say_the_same(playbook):
    """Any two tips share less than half of the content words of the shorter one."""
    words = {tip.id: content(tip) for tip in playbook.tips}
    assert all(len(found) >= 4 for found in words.values())
    alike = [(one, other) for one, other in combinations(words, 2) if share(words[one], words[other]) >= 0.5]
    assert not alike


def test_every_name_of_a_rule_belongs_to_one_rule(playbook):
    """Names people use for rules are plain words, and none points at two rules."""
    names = playbook.tables["tips"]["names"]
    assert set(names) == set(RULES)
    every = [name for found in names.values() for name in found]
    assert len(every) == len(set(every))
    lists = [*(playbook.tables["tips"][key] for key in ("tip", "rules", "any")), every]
    assert all(re.fullmatch(r"[a-z]+( [a-z]+)*", phrase) for found in lists for phrase in found)
