"""First contact, the home page, small talk and what exists."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from coaching.intent import meaning
from coaching.people import WORKDAYS, For, Person, Place, Room, Schedule, Slot, Zone
from coaching.sealed import Words
from coaching.skills.help import hello
from coaching.skills.help import help as help_
from coaching.turn import Known, Met, Preferences
from coaching.values import Command, Item, Message, Opened, Points, Reply, Said, Submitted, Tapped

EITHER = (
    "abuse_report", "ask", "delete_data", "feedback_log", "practice", "privacy_question", "review_request",
    "schedule", "tip_request", "vent",
)  # fmt: skip
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
BERLIN = Zone("Europe/Berlin")
THREE = ["review.open", "vent.open", "schedules.open"]
GROWING = ["practice.open", "mine.show", "remarks.open", "promises.list"]
MET = Known(met=True)


def message(content, platform="web", at=NOW, hint=None, **how):
    return Message("m", Person(platform, "t", "U1"), Place(platform, "t", "D1"), at, content, hint, **how)


def answer(playbook, content, known=MET, **about):
    heard = message(content, **about)
    turn = help_(heard, replace(known, understood=meaning(heard, playbook)), playbook)
    (reply,) = turn.replies
    assert isinstance(reply, Reply)
    assert reply.only_you
    return reply, turn.facts


def shown(reply):
    lines = [x for b in reply.blocks for x in (b.items if isinstance(b, Points) else (b.text,))]
    return "\n".join("".join(line) for line in lines)


def actions(reply):
    return [choice.action for choice in reply.choices]


@pytest.mark.parametrize(
    ("platform", "keeps"),
    [
        ("slack", "What Slack keeps"),
        ("teams", "What Teams keeps"),
        ("web", "this page"),
        ("irc", "chat program"),
    ],
)
def test_hello(playbook, platform, keeps):
    """What it does, who sees what, its limits, what the platform keeps, and three buttons."""
    reply = hello(message(Opened("chat"), platform), Known(), playbook)
    told = shown(reply)
    for words in (
        keeps,
        "Who sees what",
        "not therapy",
        "do not monitor",
        "alert nobody",
        "time zone",
        "the days",
    ):
        assert words in told
    assert "not part of the message history" in told
    assert actions(reply) == THREE


@pytest.mark.parametrize("content", [Opened("chat"), Opened("install"), Said(Words("hi"))], ids=repr)
def test_the_first_greeting_is_the_introduction(playbook, content):
    """Whoever is new is introduced once; whoever is known gets a short line."""
    first, facts = answer(playbook, content, Known())
    assert facts == (Met(),)
    assert "Hello, I am Breather" in shown(first)
    again, facts = answer(playbook, content)
    assert facts == ()
    assert "Hello, I am Breather" not in shown(again)
    assert actions(again) == THREE


async def test_the_coach_introduces_itself_once(coach):
    """Whatever comes first, there is one introduction, and none after being forgotten on request."""
    first = await coach.hear(message(Opened("chat")))
    assert [shown(r).count("Hello, I am Breather") for r in first] == [1]
    assert "Hello, I am Breather" not in shown((await coach.hear(message(Said(Words("hi")))))[0])
    for _ in range(2):
        gone = await coach.hear(message(Tapped("privacy.erase")))
        assert len(gone) == 1
    assert await coach.memory.rows(message(Opened("chat")).who) == ()


def test_home_is_the_rule_of_the_day_settings_and_what_comes_next(playbook):
    """All of it in the person's own zone, with every way on."""
    slot = Slot(BERLIN, time(9, 30), WORKDAYS)
    to = Place("web", "t", "D1")
    mine = Schedule(1, For.ME, slot, to, "U1")
    team = Schedule(
        2, For.TEAM, Slot(BERLIN, time(9, 15), WORKDAYS), Place("web", "t", "C1", Room.CHANNEL), "U1"
    )
    known = Known(True, Preferences(zone=BERLIN, quiet_from=time(20), quiet_until=time(7)), (team, mine))
    reply, facts = answer(playbook, Opened("home"), known)
    told = shown(reply)
    assert facts == ()
    assert "Rule of the day" in told
    assert "Next reminder Monday 09:30, Berlin time" in told
    assert "Quiet hours: 20:00 to 07:00" in told
    assert actions(reply) == ["schedules.settings", "schedules.list", "privacy.show", "privacy.delete"]
    (does,) = [block for block in reply.blocks if isinstance(block, Item)]
    assert [choice.action for choice in does.choices] == [*THREE, *GROWING]


def test_home_the_first_time(playbook):
    """The introduction stands above the page, in one piece."""
    reply, facts = answer(playbook, Opened("home"), Known())
    assert facts == (Met(),)
    assert shown(reply).startswith("Hello, I am Breather")
    assert "No reminder is set" in shown(reply)


def test_the_rule_of_the_day_changes_at_local_midnight(playbook):
    """The same all day, the next one tomorrow, and all of them in turn."""

    def rule(at, zone=None, hint=None):
        known = Known(True, Preferences(zone=zone))
        return shown(answer(playbook, Opened("home"), known, at=at, hint=hint)[0]).splitlines()[:3]

    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert rule(NOW) == rule(late)
    assert rule(NOW) != rule(late, BERLIN)
    assert rule(late, BERLIN) == rule(late, None, BERLIN)
    every = {tuple(rule(NOW + timedelta(days=n))) for n in range(len(playbook.tips))}
    assert len({lines[0] for lines in every}) == len({rule.title for rule in playbook.rules.values()})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (Command("help", Words("")), "What I can do"),
        (Command("secretword", Words("and more")), "I don’t know that one"),
        (Tapped("nowhere.at", "secretword"), "leads nowhere any more"),
        (Submitted("nowhere.form", {"secretword": Words("secretword")}), "leads nowhere any more"),
        (Said(Words("secretword and more")), "not sure"),
    ],
    ids=repr,
)
def test_what_nobody_knows(playbook, content, says):
    """A kind line that shows what exists, and never repeats what may be private."""
    reply, _ = answer(playbook, content)
    assert says in shown(reply)
    assert "secretword" not in repr(reply)
    assert actions(reply)[:3] == THREE


def test_the_way_to_type_a_command_is_the_platforms(playbook):
    """In Slack it is /coach; elsewhere the bare word."""
    assert "/coach review" in shown(answer(playbook, Command("help", Words("")), platform="slack")[0])
    assert "/coach" not in shown(answer(playbook, Command("help", Words("")))[0])


def test_where_no_message_can_be_written_nobody_is_asked_to_write_one(playbook):
    """In a sealed Slack everything goes behind /coach, and what Slack keeps is less."""
    sealed = {"platform": "slack", "handed_only": True}
    assert "in front of anything" in shown(answer(playbook, Command("help", Words("")), **sealed)[0])
    unsure = shown(answer(playbook, Said(Words("zxcvb qwerty")), **sealed)[0])
    assert ("/coach review" in unsure, "“review:”" in unsure) == (True, False)
    first = shown(hello(message(Opened("install"), **sealed), Known(), playbook))
    assert ("I can read nothing" in first, "this chat, like any other" in first) == (True, False)


@pytest.mark.parametrize("text", ["thanks", "good night", "tell me a joke"])
def test_small_talk(playbook, text):
    """Short, and never two the same in a row."""
    first, second = (shown(answer(playbook, Said(Words(text)), Known(True, seed=n))[0]) for n in (0, 1))
    assert "not sure" not in first
    assert first != second


def test_two_meanings_are_asked_about(playbook):
    """Where two meanings are close, each gets a button that leads to what can be done about it."""
    heads = replace(playbook.hearing.heads, tuned={"close": 99.0})
    doubting = replace(playbook, hearing=replace(playbook.hearing, heads=heads))
    went = set()
    for intent in playbook.intents:
        for text in intent.flags:
            reply, _ = answer(doubting, Said(Words(text)))
            if shown(reply) == "I can read that in two ways. Which did you mean?":
                assert len(actions(reply)) == 2
                went |= {choice.label for choice in reply.choices}
                assert all(choice.value in playbook.rules for choice in reply.choices if choice.value)
    assert went == {playbook.wording.label(f"help.either.{says}") for says in EITHER}


def test_a_tab_that_keeps_its_history_is_quiet(playbook):
    """Opening Slack's Messages tab again and again brings no message; the first time brings the hello."""
    turn = help_(message(Opened("tab"), "slack"), MET, playbook)
    assert turn.replies == ()
    reply, facts = answer(playbook, Opened("tab"), Known())
    assert (actions(reply), facts) == (THREE, (Met(),))
