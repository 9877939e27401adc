"""The tips skill: which tip comes next, what is shown with it, the rules to read, and a reminder's words."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.learned import Aired
from coaching.people import WORKDAYS, For, Person, Place, Room, Schedule, Slot, Zone
from coaching.playbook.order import order
from coaching.playbook.reader import read
from coaching.sealed import Words
from coaching.skills.tips import letter, tips
from coaching.turn import Known, Preferences, TipShown
from coaching.values import (
    Choice,
    Command,
    Due,
    Handed,
    Heading,
    Item,
    Message,
    Note,
    Opened,
    Own,
    Para,
    Reply,
    Said,
    Submitted,
    Tapped,
)
from tests.players.books import PLAYBOOK
from tests.players.straight import lines

ME = Person("web", "local", "U1")
DM = Place("web", "local", "D1")
CHANNEL = Place("web", "local", "C1", Room.CHANNEL)
AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
STRANGER = Known()


def turn(content, known=STRANGER, who=ME):
    return tips(Message("m1", who, DM, AT, content), known, PLAYBOOK)


def reply(content, known=STRANGER, who=ME):
    (only,) = turn(content, known, who).replies
    assert isinstance(only, Reply)
    return only


def text(answer):
    return "\n".join(lines(answer.blocks))


def command(name, rest=""):
    return Command(name, Words(rest))


def said(words):
    return Said(Words(words))


def shown(content, known=STRANGER, who=ME):
    """The id of the tip that a turn shows and remembers."""
    (fact,) = turn(content, known, who).facts
    assert isinstance(fact, TipShown)
    tip = next(tip for tip in PLAYBOOK.tips if tip.id == fact.tip)
    answer = text(reply(content, known, who))
    assert tip.say in answer
    assert tip.plan in answer
    return fact.tip


def is_list(answer):
    return sum(isinstance(block, Item) for block in answer.blocks) == 10


# --------------------------------------------------------------------------- a tip


def test_a_tip_comes_with_its_plan_rule_and_source():
    """One thing to try, the plan, where it comes from, and three ways on."""
    answer = reply(command("tip"))
    rule = PLAYBOOK.rules[shown(command("tip")).partition(".")[0]]
    heading, say, plan, source = answer.blocks
    assert heading == Heading((rule.title,))
    assert isinstance(say, Para)
    assert "".join(plan.text).startswith("A plan for today: If ")
    assert isinstance(source, Note)
    assert "".join(source.text) == f"Rule {rule.id}. Source: {rule.source}."
    assert [(c.label, c.action, c.value) for c in answer.choices] == [
        ("Got it", "mine.got", rule.id),
        ("Show me again", "mine.again", rule.id),
        ("Another tip", "tips.next", ""),
        ("About this rule", "tips.rule", rule.id),
        ("All ten rules", "tips.rules", ""),
    ]
    assert answer.only_you


@pytest.mark.parametrize(
    "content",
    [
        command("tip"),
        command("tip", "of the day"),
        command("tip", "  Please "),
        command("tip", "another one"),
        command("tip", "🙂"),
        said("give me a tip"),
        said("What's the tip of the day?"),
        said("TIPS, please"),
        said("any advice for today"),
        said("a tip about the rules"),
        said("hello"),
        Tapped("tips.next"),
    ],
)
def test_however_it_is_asked_for_the_same_next_tip_comes(content):
    """Command, free text and button: the next tip is the same one."""
    assert shown(content) == shown(command("tip"))


def test_less_words_leaves_the_tip_and_its_plan():
    """Who asked for fewer words gets two lines, and the same buttons."""
    less = Known(preferences=Preferences(less_words=True))
    answer = reply(command("tip"), less)
    tip = next(tip for tip in PLAYBOOK.tips if tip.id == shown(command("tip"), less))
    assert answer.blocks == (Para((tip.say,)), Para((tip.plan,)))
    assert answer.choices == reply(command("tip")).choices


@pytest.mark.parametrize("user", ["U1", "U2", "someone else"])
def test_no_tip_comes_twice_until_all_were_shown(user):
    """Every tip is seen once before any is seen again; then it starts over, not with the last one."""
    who, known = Person("slack", "T1", user), Known()
    for _ in PLAYBOOK.tips:
        (fact,) = turn(Tapped("tips.next"), known, who).facts
        assert fact.tip not in known.shown_tips
        assert not fact.start_over
        known = Known(shown_tips=(*known.shown_tips, fact.tip))
    assert sorted(known.shown_tips) == sorted(tip.id for tip in PLAYBOOK.tips)
    (again,) = turn(Tapped("tips.next"), known, who).facts
    assert again.start_over
    assert again.tip != known.shown_tips[-1]
    (after,) = turn(Tapped("tips.next"), Known(shown_tips=(again.tip,)), who).facts
    assert after.tip != again.tip
    assert not after.start_over


def test_starting_over_never_repeats_the_tip_shown_last():
    """When the first tip of the order happens to be the last one seen, the second one comes."""
    first, second, *rest = (tip.id for tip in order("web\0local\0U1", PLAYBOOK))
    (fact,) = turn(Tapped("tips.next"), Known(shown_tips=(second, *rest, first))).facts
    assert fact == TipShown(second, start_over=True)


def test_ids_of_tips_that_are_gone_do_no_harm():
    """A tip that has left the playbook is no longer counted."""
    assert shown(command("tip"), Known(shown_tips=("A1.999", "Z9.1"))) == shown(command("tip"))


# --------------------------------------------------------------------------- a tip of one rule


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (command("tip", "A1"), "A1"),
        (command("tip", "b4"), "B4"),
        (command("tip", "rule A3, please"), "A3"),
        (command("tip", "smile"), "A4"),
        (command("tip", "Be flexible"), "B5"),
        (said("a tip about listening"), "B4"),
        (said("any tips for the golden rule?"), "A1"),
        (said("give me advice on empathy"), "B2"),
        (Tapped("tips.next", "A5"), "A5"),
    ],
)
def test_a_tip_of_the_rule_that_was_named(content, rule):
    """By letter and number, by title, or by what people call it; the next button stays with that rule."""
    assert shown(content).startswith(f"{rule}.")
    *_, first, about, _ = reply(content).choices
    assert (first.label, first.action, first.value) == ("Another for this rule", "tips.next", rule)
    assert about.value == rule


def test_a_rule_shows_all_its_tips_and_then_the_one_seen_longest_ago():
    """Within one rule nothing comes twice either, and nothing is forgotten when it starts again."""
    known = Known(shown_tips=("A1.1",))
    seen = []
    for _ in PLAYBOOK.rules["B2"].tips:
        (fact,) = turn(Tapped("tips.next", "B2"), known).facts
        assert not fact.start_over
        seen.append(fact.tip)
        known = Known(shown_tips=(*known.shown_tips, fact.tip))
    assert len(set(seen)) == len(PLAYBOOK.rules["B2"].tips)
    (again,) = turn(Tapped("tips.next", "B2"), known).facts
    assert again == TipShown(seen[0])
    (then,) = turn(Tapped("tips.next", "B2"), Known(shown_tips=(*known.shown_tips, seen[0]))).facts
    assert then == TipShown(seen[1])


# --------------------------------------------------------------------------- the rules


@pytest.mark.parametrize(
    "content",
    [
        command("rules"),
        said("what are the rules?"),
        said("Show me the principles"),
        Tapped("tips.rules"),
    ],
)
def test_all_ten_rules_under_their_two_articles(content):
    """Ten lines under two headings, each with a button to read it; a list is no tip shown."""
    made = turn(content)
    answer = reply(content)
    assert made.facts == ()
    headings = ["".join(block.text) for block in answer.blocks if isinstance(block, Heading)]
    assert headings == [
        "5 Rules to Improve Customer Service AND Your Personal Life",
        "The 5 Rules of Customer Service (EXIT Realty, Sharron Richardson)",
    ]
    items = [block for block in answer.blocks if isinstance(block, Item)]
    assert ["".join(item.text) for item in items] == [
        f"{rule.id}: {rule.title}" for rule in PLAYBOOK.rules.values()
    ]
    buttons = [(c.label, c.action, c.value) for item in items for c in item.choices]
    assert buttons == [(f"Read {name}", "tips.rule", name) for name in PLAYBOOK.rules]
    assert [c.action for c in answer.choices] == ["tips.next", "mine.show"]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (command("rules", "A3"), "A3"),
        (command("rules", "b5"), "B5"),
        (command("rules", "put yourself in their shoes"), "B2"),
        (said("what is rule B1?"), "B1"),
        (said("the golden rule"), "A1"),
        (Tapped("tips.rule", "A2"), "A2"),
    ],
)
def test_a_rule_is_shown_whole_with_one_tip(content, rule):
    """Title, idea, why, source and one tip to try, which counts as shown."""
    found = PLAYBOOK.rules[rule]
    answer = reply(content)
    assert shown(content).startswith(f"{rule}.")
    for words in (f"{rule}: {found.title}", found.idea, found.why, found.source, "One to try: "):
        assert words in text(answer)
    assert [(c.action, c.value) for c in answer.choices] == [
        ("tips.next", rule),
        ("mine.pin", rule),
        ("mine.mute", rule),
        ("tips.rules", ""),
    ]


@pytest.mark.parametrize(
    "content",
    [
        command("tip", "C7"),
        command("tip", "<!channel> give me gold"),
        command("rules", "A9"),
        command("rules", "nonsense"),
        Tapped("tips.rule", "A9"),
        Tapped("tips.rule"),
        Tapped("tips.next", "Z1"),
        Tapped("tips.gone"),
        Submitted("tips.gone", {}),
        Handed(Words("some draft"), True),
        Opened("home"),
    ],
)
def test_what_is_not_known_gets_a_kind_answer_that_lists_what_exists(content):
    """No dead end: an unknown rule or an old button shows all ten, and echoes nothing."""
    answer = reply(content)
    assert text(answer).startswith("I don’t know that one.")
    assert is_list(answer)
    assert turn(content).facts == ()
    assert "channel" not in text(answer)


@given(st.text(max_size=400))
def test_any_text_gets_a_private_answer(words):
    """Whatever is typed, an answer comes, and it is for this person only."""
    for content in (said(words), command("tip", words), command("rules", words), Tapped("tips.next", words)):
        assert reply(content).only_you


def test_only_the_first_characters_of_a_long_text_are_read():
    """Forty thousand characters do no harm, and a rule named at their end is not found."""
    assert is_list(reply(command("rules", "x" * 40_000 + " A3")))
    assert not is_list(reply(command("rules", "A3 " + "x" * 40_000)))


# --------------------------------------------------------------------------- the order


def test_people_differ_and_a_person_stays_the_same():
    """Two people get their tips in different orders; one person's order never changes."""
    orders = {tuple(tip.id for tip in order(f"web\0local\0U{n}", PLAYBOOK)) for n in range(20)}
    assert len(orders) == 20
    assert order("a", PLAYBOOK) == order("a", read())


@given(st.text())
def test_neighbours_come_from_different_rules(seed):
    """Every tip once, no rule twice running, and ten tips in a row speak of eight rules or more."""
    found = order(seed, PLAYBOOK)
    assert sorted(tip.id for tip in found) == sorted(tip.id for tip in PLAYBOOK.tips)
    rules = [tip.id.partition(".")[0] for tip in found]
    assert all(one != other for one, other in pairwise(rules))
    assert all(len(set(rules[start : start + 10])) >= 8 for start in range(len(rules) - 9))


def test_people_differ_within_a_rule_too():
    """The tips of one rule come in another order for another person."""
    mine, yours = (
        [tip.id for tip in order(seed, PLAYBOOK) if tip.id.startswith("B2.")] for seed in ("a", "b")
    )
    assert sorted(mine) == sorted(yours)
    assert mine != yours


def test_a_rule_with_few_tips_is_heard_all_the_way_through():
    """Three tips of one rule among many of the others: one in each third of the order."""
    short = replace(PLAYBOOK.rules["A1"], tips=PLAYBOOK.rules["A1"].tips[:3])
    found = order("a", replace(PLAYBOOK, rules={**PLAYBOOK.rules, "A1": short}))
    places = [place for place, tip in enumerate(found) if tip in short.tips]
    assert [place * 3 // len(found) for place in places] == [0, 1, 2]


# --------------------------------------------------------------------------- reminders


def due(audience, to, days=WORKDAYS, occurrence=date(2026, 3, 2), number=7):
    schedule = Schedule(number, audience, Slot(Zone("Europe/Berlin"), time(9), days), to, "U9")
    return Due(1, schedule, ME, occurrence)


def test_a_persons_reminder_is_the_next_tip_and_can_be_paused_or_changed():
    """The same order as when asked for, private, remembered, with its buttons."""
    known = Known(shown_tips=(shown(command("tip")),))
    words, facts = letter(due(For.ME, DM), known, PLAYBOOK)
    assert facts == turn(command("tip"), known).facts
    assert words.to == DM
    assert words.occurrence == date(2026, 3, 2)
    assert words.rule == facts[0].tip.partition(".")[0]
    assert words.reply.only_you
    *tip, why = words.reply.blocks
    assert tuple(tip) == reply(command("tip"), known).blocks
    assert why == Note(("Why this one: it is its turn.",))
    assert [(c.label, c.action, c.value) for c in words.reply.choices] == [
        ("Got it", "mine.got", words.rule),
        ("Show me again", "mine.again", words.rule),
        ("Another tip", "tips.next", ""),
        ("Pause", "schedules.pause", "7"),
        ("Change", "schedules.change", "7"),
    ]


def test_a_persons_reminder_respects_less_words():
    """The short form holds for reminders too."""
    less = Known(preferences=Preferences(less_words=True))
    words, _ = letter(due(For.ME, DM), less, PLAYBOOK)
    assert words.reply.blocks == reply(command("tip"), less).blocks
    assert len(words.reply.blocks) == 2


def test_a_team_tip_is_public_notifies_nobody_and_can_be_stopped():
    """Everyone sees it, and by whom where that disturbs nobody; nobody's own tips are used up."""
    words, facts = letter(due(For.TEAM, CHANNEL), Known(shown_tips=("A1.1",)), PLAYBOOK)
    (told,) = facts
    assert (told.to, told.on, told.reminder) == (CHANNEL, date(2026, 3, 2), 7)
    assert not words.reply.only_you
    assert words.to == CHANNEL
    assert words.rule == told.tip.partition(".")[0]
    title, ask, open_, note = words.reply.blocks
    assert title == Heading((PLAYBOOK.rules[words.rule].title,))
    assert ask.text[0].endswith("?")
    assert "nothing is counted." in open_.text[0]
    assert isinstance(note, Note)
    assert "".join(note.text) == "Set by @U9. Anyone here may stop it."
    there = replace(CHANNEL, platform="slack")
    slack, _ = letter(due(For.TEAM, there), Known(), PLAYBOOK)
    assert "".join(slack.reply.blocks[-1].text) == "Set by somebody here. Anyone here may stop it."
    assert [(c.label, c.action, c.value) for c in words.reply.choices] == [
        ("Stop these tips", "schedules.stop", "7")
    ]
    assert words.reply.own == Own("U9", (Choice("Change", "schedules.change", "7"),))


def test_a_team_tip_never_depends_on_who_set_it():
    """What one person has seen or prefers changes nothing for the team."""
    less = Known(preferences=Preferences(less_words=True), shown_tips=("A1.1", "B2.3"))
    assert letter(due(For.TEAM, CHANNEL), less, PLAYBOOK) == letter(due(For.TEAM, CHANNEL), Known(), PLAYBOOK)


async def test_a_reminder_reaches_memory(coach):
    """A person's reminder counts as shown: asking afterwards gives another tip."""
    words = await coach.remind(due(For.ME, DM), AT)
    assert words is not None
    (answer, *_) = await coach.hear(Message("m1", ME, DM, AT, command("tip")))
    assert answer.blocks != words.reply.blocks
    known = await coach.memory.recall(ME, DM)
    assert len(known.shown_tips) == 2


async def test_a_team_tip_leaves_memory_alone(coach):
    """A team's tip is remembered for nobody; which it was, for the channel."""
    owner = replace(due(For.TEAM, CHANNEL), who=ME)
    assert await coach.remind(owner, AT) is not None
    assert (await coach.memory.recall(ME, DM)).shown_tips == ()
    assert [one.reminder for one in coach.memory.aired] == [7]


def test_a_channel_that_had_todays_by_hand_gets_no_second_one():
    """There is no letter then, and nothing to remember."""
    by_hand = Known(aired=(Aired("C1", "A1.mirror", date(2026, 3, 2)),))
    assert letter(due(For.TEAM, CHANNEL), by_hand, PLAYBOOK) == (None, ())
