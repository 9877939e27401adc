"""No pattern of a company's playbook can run away: what each may cost is bounded before it is ever used."""

import re
from itertools import count
from re import _parser as parser

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coaching.playbook.linear import LIMIT, RunawayError, runaway, steps

EVIL = [
    "a*",
    "a+b",
    "a{2,}",
    "a{,}",
    r"\[a+\]",
    "a++b",
    "a*?b",
    "(?:a+)+b",
    r"(?:\w+ ?)*!",
    r"(a|b)\1",
    "(?P<x>a)(?P=x)",
    "(a)?(?(1)b|c)",
    "(?i:a)",
    "(?>a|ab)c",
    "(?:a{0,30}){0,30}b",
    "(?:a?){0,30}b",
    "(?:a|a){0,40}b",
    "(?:a|ab|b){0,30}c",
    r"(?:\w|[a-z]b?){0,40}!",
    r"(?:\w{1,20} ?){1,10}!",
    r"(?:\W{0,3}\w{0,9}){0,9}!",
    "a?" * 30 + "a" * 30,
    ".{0,60}.{0,60}.{0,60}x",
    r"(?:[^x]{0,9}){4}x",
    r"(?:é{0,9}\w{0,9}){4}x",
    r"(?:(?=.{0,300}b)a{0,9}){0,9}c",
    "(?:a{0,9}(?=b)?){0,9}c",
    "a{0,4000000000}",
    "(" * 3000 + "a" + ")" * 3000,
    "(a",
]
GOOD = [
    "calm down",
    "(?:just |please )?calm down",
    "(?:calm|relax|chill(?: out)?) now",
    r"order \d{4,12}",
    ".{0,300}!",
    r"(?:\w{1,14} ){0,5}please",
    "(?:pass|passed|passing|share|shared) (?:on|along|to)",
    "if (?:it|that) .{2,80},? (?:call|write|tell)",
    "(?:ha){2,9}",
    "so (sorry|sad) now",
    r"dear (?!customer|sir)[\w.'-]{1,30}(?: again)?",
    "(?:a|b){0,300}c",
    r"^thanks\b[^.]{0,40}$",
    r"naïve [à-é]{1,5}[^a][^\d.]\S",
]


@pytest.mark.parametrize("source", EVIL, ids=lambda source: source[:30])
def test_a_pattern_that_could_run_away_is_refused(source):
    """Repeats without a bound, one in another, overlapping ways and references back: each with its reason."""
    assert runaway(source)


@pytest.mark.parametrize("source", GOOD)
def test_an_honest_pattern_is_accepted(source):
    """What a rule needs is allowed, and its cost at one place does not grow with the text."""
    assert runaway(source) == ""
    hostile = source.replace("\\", "")[:12] * 60
    at_one_place = {tried(source, text) for text in (hostile, hostile * 2, hostile * 3)}
    assert len(at_one_place) == 1
    assert at_one_place.pop() <= size(parser.parse(source)) * LIMIT


def test_our_own_rules_are_far_from_the_limit(playbook):
    """Every pattern of ours passes the check that a company's patterns must pass."""
    checks = [check for rule in playbook.rules.values() for check in rule.checks]
    assert [p for c in checks for p in c.patterns if runaway(p.source)] == []


PARTS = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\w", r"\W", " ", "^", r"\b"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda ways: f"(?:{'|'.join(ways)})"),
        st.tuples(inner, st.sampled_from(["?", "??", "{0,3}", "{2}", "{1,2}?"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
        inner.map(lambda ahead: f"(?={ahead})"),
    ),
    max_leaves=8,
)


@given(source=PARTS, text=st.text("ab ", max_size=9))
def test_no_text_costs_more_than_was_said(source, text):
    """Counted step by step: trying every way through a pattern takes no more than the bound."""
    bound = steps(source)
    assume(bound < 20_000)
    assert tried(source, text) <= (1 + size(parser.parse(source))) * (1 + bound)


def test_the_counter_sees_a_runaway():
    """The measure itself can tell: a nested repeat costs far more on a text that is a little longer."""
    source = "(?:a|a){0,40}b"
    assert tried(source, "a" * 12) > 50 * tried(source, "a" * 6)
    with pytest.raises(RunawayError, match="without a bound"):
        steps("a*")
    with pytest.raises(re.error):
        steps("(")


# --------------------------------------------------------------------------- the simplest matcher, counting


def tried(source, text):
    """How many steps it takes to go every way through a pattern at the text's first place."""
    counter = count()
    for _ in _ends(list(parser.parse(source)), text, 0, counter):
        pass
    return next(counter)


def size(items):
    return sum(1 + sum(size(part) for part in _inner(str(name), value)) for name, value in items)


def _inner(name, value):
    if name == "BRANCH":
        return value[1]
    if name.endswith("_REPEAT"):
        return [value[2]]
    return (
        {"SUBPATTERN": value[3:], "ASSERT": value[1:], "ASSERT_NOT": value[1:]}.get(name, [])
        if isinstance(value, tuple)
        else []
    )


def _ends(items, text, at, counter):
    if not items:
        yield at
        return
    for end in _one(str(items[0][0]), items[0][1], text, at, counter):
        yield from _ends(items[1:], text, end, counter)


def _one(name, value, text, at, counter):
    next(counter)
    if name in ("BRANCH", "SUBPATTERN"):
        for way in _inner(name, value):
            yield from _ends(list(way), text, at, counter)
    elif name.endswith("_REPEAT"):
        yield from _rounds(value, 0, text, at, counter)
    elif name in ("ASSERT", "ASSERT_NOT"):
        if any(True for _ in _ends(list(value[1]), text, at, counter)) == (name == "ASSERT"):
            yield at
    elif name == "AT":
        yield from [at] if _stands(str(value), text, at) else []
    elif at < len(text) and _is(name, value, text[at]):
        yield at + 1


def _rounds(value, done, text, at, counter):
    least, most, body = value
    if done < most:
        next(counter)
        for end in _ends(list(body), text, at, counter):
            if end > at or done < least:
                yield from _rounds(value, done + 1, text, end, counter)
    if done >= least:
        yield at


def _stands(name, text, at):
    if name == "AT_BOUNDARY":
        return (at > 0 and text[at - 1].isalnum()) != (at < len(text) and text[at].isalnum())
    return at == (0 if name == "AT_BEGINNING" else len(text))


def _is(name, value, char):
    if name == "IN":
        negated = str(value[0][0]) == "NEGATE"
        return any(_is(str(kind), what, char) for kind, what in value if str(kind) != "NEGATE") != negated
    word = char.isalnum() or char == "_"
    return {
        "ANY": char != "\n",
        "LITERAL": ord(char) == value,
        "NOT_LITERAL": ord(char) != value,
        "RANGE": isinstance(value, tuple) and value[0] <= ord(char) <= value[1],
        "CATEGORY": {"CATEGORY_WORD": word, "CATEGORY_NOT_WORD": not word}.get(str(value), char.isdigit()),
    }[name]
