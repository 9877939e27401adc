"""The playbook's four promises: it reads, examples hold, every word earns its place, good replies pass."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from coaching.playbook.reader import read
from coaching.playbook.rules import RULES, CheckKind, read_rule
from coaching.review.checks import find, of_kind
from coaching.review.earned import fires, groups, unearned, variants
from coaching.review.engine import review
from coaching.review.proof import good_replies
from coaching.review.voice import hear

RULE_FILES = Path(read.__code__.co_filename).parent / "en" / "rules"


@pytest.mark.parametrize("name", RULES)
def test_it_reads(name):
    """Promise 1: the file reads, and every key is known."""
    faults = []
    table = tomllib.loads((RULE_FILES / f"{name}.toml").read_text(encoding="utf-8"))
    rule = read_rule(name, table, faults)
    assert faults == []
    assert rule.checks


@pytest.mark.parametrize("name", RULES)
def test_every_example_holds(name, playbook):
    """Promise 2: every `flags` is flagged, every `allows` is not, and there are some of both."""
    for check in playbook.rules[name].checks:
        assert check.flags, check.id
        assert check.allows, check.id
        for text in check.flags:
            assert fires(check, hear(text, playbook.judging)), f"{check.id} does not flag {text!r}"
        for text in check.allows:
            assert not fires(check, hear(text, playbook.judging)), f"{check.id} flags {text!r}"


@pytest.mark.parametrize("name", RULES)
def test_every_example_is_something_a_person_could_send(name, playbook):
    """A whole sentence, not a snippet: it begins like one and ends like one."""
    for check in playbook.rules[name].checks:
        for text in (*check.flags, *check.allows):
            assert re.match(r"[\"\u201c'(>]?[A-Z0-9]", text), (check.id, text)
            assert re.search(r"(?:[.!?\u2026][\"\u201d')]?|[\U0001f300-\U0001faff])$", text), (check.id, text)


@pytest.mark.parametrize("name", RULES)
def test_every_word_earns_its_place(name, playbook):
    """Promise 3: take one pattern, alternative or optional group out, and an example notices."""
    left = [line for check in playbook.rules[name].checks for line in unearned(check, playbook.judging)]
    assert left == []


def test_a_word_too_many_is_noticed(playbook):
    """Promise 3 can fail: a pattern, an alternative or an exception that no example needs is named."""
    check = next(c for c in playbook.rules["A1"].checks if c.id == "threat")
    assert list(unearned(replace(check, flags=check.flags[:-1]), playbook.judging))
    hushing = next(c for c in playbook.rules["A1"].checks if c.id == "hushing")
    assert list(unearned(replace(hushing, allows=("Enjoy the sun.",)), playbook.judging))


@pytest.mark.parametrize(
    ("pattern", "without"),
    [
        ("a|b", ["b", "a"]),
        ("x (?:a|b)", ["x (?:b)", "x (?:a)"]),
        ("x(?: y)? z", ["x z"]),
        (r"\((?:a|[|)]b)", [r"\((?:[|)]b)", r"\((?:a)"]),
        ("a(?! b| c)", ["a(?! c)", "a(?! b)"]),
        ("plain", []),
    ],
)
def test_what_can_be_taken_out_of_a_pattern(pattern, without):
    """The gardener of promise 3 sees every alternative and every optional group, and nothing else."""
    assert [text for _, text in variants(pattern)] == without
    assert list(groups(pattern))


def test_no_good_reply_is_flagged(playbook):
    """Promise 4: on a shelf of at least 25 good replies, no avoid check finds anything."""
    rows, found = good_replies(), []
    assert len(rows) >= 25
    for row in rows:
        cues = find(hear(row["customer"], playbook.judging), of_kind(playbook, CheckKind.HEARS))
        heard = frozenset(cue.check.id for cue in cues)
        findings = find(hear(row["reply"], playbook.judging), of_kind(playbook, CheckKind.AVOID), heard)
        found += [(f.check.id, row["reply"][f.span.start : f.span.end]) for f in findings]
    assert found == []


def test_good_replies_are_sent(playbook):
    """Nine in ten at least are good to send, and come back unchanged."""
    found = [review(row["reply"], row["customer"], playbook) for row in good_replies()]
    sent = [one for one in found if one.good]
    assert len(sent) >= 0.9 * len(found)
    assert all(one.repaired == one.draft for one in sent)
