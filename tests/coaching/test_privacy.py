"""My data: every stored value is shown, and all of it goes after one question."""

from datetime import UTC, date, datetime, time

import pytest

from coaching.intent import meaning
from coaching.kept import Row
from coaching.people import WORKDAYS, For, Person, Place, Slot, Zone
from coaching.sealed import Words
from coaching.skills.privacy import privacy
from coaching.turn import Forget, Known, Preferences, ScheduleSet
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
    at = datetime(2026, 3, 2, tzinfo=UTC)
    heard = Message("m", who, Place(platform, "t", "D1"), at, content, **how)
    turn = privacy(heard, Known(rows=rows, understood=meaning(heard, playbook)), playbook)
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


# ---------------------------------------------------------------- after a year of silence

ANN, DM = Person("web", "local", "U1"), Place("web", "local", "D1")
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)  # a Monday; 12:00 in Berlin, 06:00 in New York


async def test_asked_whether_to_stay(coach):
    """In private: why, what goes and when, and a button for either answer."""
    letter = await coach.ask_to_stay(ANN, DM, NOON)
    assert (letter.to, letter.occurrence, letter.reply.only_you) == (DM, NOON.date(), True)
    text = repr(letter.reply.blocks)
    assert "Shall I stay?" in text
    assert "not heard from you for a year" in text
    assert "In 30 days" in text
    assert [choice.label for choice in letter.reply.choices] == ["Please stay", "Delete my data"]


@pytest.mark.parametrize(
    ("preferences", "reminder", "asked"),
    [
        (Preferences(), None, True),
        (Preferences(Zone("America/New_York")), None, False),
        (Preferences(), "America/New_York", False),
        (Preferences(Zone("Europe/Berlin")), "America/New_York", True),
        (Preferences(Zone("Europe/Berlin"), quiet_from=time(11), quiet_until=time(13)), None, False),
        (Preferences(away_until=date(2026, 3, 9)), None, False),
    ],
)
async def test_asked_by_day_and_not_while_they_rest(coach, preferences, reminder, asked):
    """By their own clock, else that of their reminder, else UTC."""
    coach.memory.known[ANN] = Known(preferences=preferences)
    if reminder:
        slot = Slot(Zone(reminder), time(9), WORKDAYS)
        await coach.memory.keep(ANN, DM, (ScheduleSet(For.ME, slot, DM),), NOON)
    assert (await coach.ask_to_stay(ANN, DM, NOON) is not None) is asked


async def test_who_answers_stays(coach):
    """The button says what it did; memory hears of it first."""
    coach.memory.known[ANN] = Known(met=True, heard_on=date.min)
    (reply,) = await coach.hear(Message("m", ANN, DM, NOON, Tapped("privacy.stay")))
    assert "Nothing is erased" in repr(reply.blocks)
    assert coach.memory.heard == [ANN]


@pytest.mark.parametrize(
    ("heard_on", "noted"),
    [(None, 0), (date(2026, 3, 1), 0), (date(2026, 2, 1), 1), (date(2025, 3, 1), 1), (date.min, 1)],
)
async def test_noted_once_a_month_and_only_of_whom_something_is_kept(coach, heard_on, noted):
    """That somebody was there is all memory is told, whatever they wanted: a card of help as well."""
    for words in ("what are the rules?", "I want to die."):
        coach.memory.known[ANN] = Known(met=True, heard_on=heard_on)
        coach.memory.heard.clear()
        await coach.hear(Message("m", ANN, DM, NOON, Said(Words(words))))
        assert coach.memory.heard == [ANN] * noted


async def test_whatever_there_is_to_keep_is_kept_at_once(coach, monkeypatch):
    """That they were there, and the tip they saw: one write, as somebody waits; and known, if they were."""
    kept, keep = [], coach.memory.keep

    async def noted(who, where, facts, at, *, known=False):
        kept.append(([type(fact).__name__ for fact in facts], known))
        await keep(who, where, facts, at)

    monkeypatch.setattr(coach.memory, "keep", noted)
    for known in (Known(), Known(met=True, heard_on=date(2026, 2, 1))):
        coach.memory.known[ANN] = known
        await coach.hear(Message("m", ANN, DM, NOON, Said(Words("give me a tip"))))
    assert kept == [(["TipShown", "Met"], False), (["Heard", "TipShown"], True)]
