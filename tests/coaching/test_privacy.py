"""My data: every stored value is shown, and all of it goes after one question."""

from datetime import UTC, datetime

import pytest

from coaching.people import Person, Place
from coaching.sealed import Words
from coaching.skills.privacy import privacy
from coaching.turn import Forget, Known, Row
from coaching.values import Command, Message, Points, Reply, Said, Submitted, Tapped

SHOWS = [
    Command("privacy", Words("")),
    Tapped("privacy.show"),
    Tapped("privacy.whatever"),
    Submitted("privacy.x", {}),
]
ASKS = [
    Tapped("privacy.delete"),
    Said(Words("please delete my data")),
    Command("delete", Words("everything")),
]


def answer(playbook, content, rows=(), platform="web", **how):
    who = Person(platform, "t", "U1")
    turn = privacy(
        Message("m", who, Place(platform, "t", "D1"), datetime(2026, 3, 2, tzinfo=UTC), content, **how),
        Known(rows=rows),
        playbook,
    )
    (reply,) = turn.replies
    assert isinstance(reply, Reply)
    assert reply.only_you
    return reply, turn.facts


def shown(reply):
    lines = [x for b in reply.blocks for x in (b.items if isinstance(b, Points) else (b.text,))]
    return "\n".join("".join(line) for line in lines)


@pytest.mark.parametrize("content", SHOWS, ids=repr)
def test_everything_stored_is_shown(playbook, content):
    """Each row stands there as it is stored, and nothing is forgotten by looking."""
    rows = (Row("person.zone", "Europe/Berlin"), Row("tip_shown.tip", "A1.3"))
    reply, facts = answer(playbook, content, rows)
    assert "person.zone: Europe/Berlin" in shown(reply)
    assert "tip_shown.tip: A1.3" in shown(reply)
    assert facts == ()


def test_an_entry_stands_on_a_line_of_its_own(playbook):
    """Whoever has seen fifty tips scrolls past fifty lines, not two hundred; no value is left out."""
    rows = (
        Row("person.id", "1"),
        Row("person.met", "yes"),
        Row("tip_shown.id", "7"),
        Row("tip_shown.tip", "A1.3"),
    )
    lines = shown(answer(playbook, Tapped("privacy.show"), rows)[0]).splitlines()
    assert "person.id: 1; person.met: yes" in lines
    assert "tip_shown.id: 7; tip_shown.tip: A1.3" in lines


def test_nothing_stored_is_said(playbook):
    """An empty list is not left to guess."""
    assert "There is no entry about you" in shown(answer(playbook, Tapped("privacy.show"))[0])


@pytest.mark.parametrize("content", ASKS, ids=repr)
def test_deleting_asks_first(playbook, content):
    """Nothing goes before the person has said so."""
    reply, facts = answer(playbook, content)
    assert [c.action for c in reply.choices] == ["privacy.erase", "privacy.show"]
    assert facts == ()


def test_deleting(playbook):
    """Then all of it goes."""
    reply, facts = answer(playbook, Tapped("privacy.erase"))
    assert facts == (Forget(),)
    assert "gone" in shown(reply)


@pytest.mark.parametrize(
    ("platform", "says"),
    [
        ("slack", "Slack itself"),
        ("teams", "Teams itself"),
        ("web", "This page"),
        ("irc", "chat program"),
    ],
)
def test_what_the_platform_keeps_is_said(playbook, platform, says):
    """Each platform by its name, and never that a vent could not be traced."""
    for content in (*SHOWS, *ASKS, Tapped("privacy.erase")):
        told = shown(answer(playbook, content, platform=platform)[0])
        assert says in told
        assert "not part of the message history" in told
        assert "untraceable" not in told.lower()


def test_a_sealed_slack_keeps_less(playbook):
    """There is no chat that could be kept, only what the coach sends unasked."""
    told = shown(answer(playbook, SHOWS[0], platform="slack", handed_only=True)[0])
    assert ("the reminders I send you" in told, "our chat" in told) == (True, False)
    assert "not part of the message history" in told
