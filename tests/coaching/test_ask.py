"""ask and remarks: each has a finished answer, whatever was asked."""

from datetime import UTC, datetime

import pytest

from coaching.intent import fitting
from coaching.people import Person, Place
from coaching.sealed import Words
from coaching.skills.ask import ask
from coaching.skills.remarks import remarks
from coaching.turn import Known, Preferences, TipShown
from coaching.values import Command, Message, Said, Tapped

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def message(content):
    return Message("m", Person("web", "t", "U1"), Place("web", "t", "D1"), NOW, content)


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("how do I say no to a refund after 60 days?", "B5"),
        ("he threatened to sue, is that abuse?", "B3"),
        ("how do I stay calm between calls?", "A3"),
        ("zxcvb", "B2"),
        ("", "B2"),
    ],
)
def test_the_rule_that_fits(playbook, question, rule):
    """The rule with most of the question's words; the one that always helps where there is none."""
    assert fitting(Words(question), playbook) == rule


def test_every_rule_can_fit(playbook):
    """Every rule of the playbook has words, and no others are named."""
    assert set(playbook.tables["asking"]["fits"]) == set(playbook.rules)


def test_a_tip_is_not_told_twice(playbook):
    """Another tip each time, until all of the rule were shown; fewer words for those who wish it."""
    shown = ()
    for _ in playbook.rules["B5"].tips:
        turn = ask(message(Tapped("ask.rule", "B5")), Known(shown_tips=shown), playbook)
        (fact,) = turn.facts
        assert isinstance(fact, TipShown)
        assert fact.tip not in shown
        shown = (*shown, fact.tip)
    long = ask(message(Command("", Words("how do I refund?"))), Known(), playbook).replies[0]
    less = Known(preferences=Preferences(less_words=True))
    brief = ask(message(Said(Words("how do I refund?"))), less, playbook).replies[0]
    assert len(brief.blocks) < len(long.blocks)
    assert ask(message(Tapped("ask.rule", "Z9")), Known(), playbook).replies


def test_remarks_keep_nothing_unasked(playbook):
    """A remark that was typed is shown in a form, and no fact follows from it."""
    turn = remarks(message(Said(Words("the menu is too small"))), Known(), playbook)
    assert turn.facts == ()
    assert turn.replies[0].id == "remarks.keep"
    assert "menu" not in repr(turn)
