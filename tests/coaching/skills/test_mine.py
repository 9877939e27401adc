"""The page of one's own rules: what is noted of them and seen by nobody else, pinned, muted, erased."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from coaching.learned import Grade, Graded, Learned, RuleStands, Standing, Unlearned, Week
from coaching.people import WORKDAYS, For, Person, Place, Schedule, Slot, Zone
from coaching.picture import Bar, Picture
from coaching.playbook.rules import RULES
from coaching.practice.acts import Act
from coaching.practice.game import begin, reply
from coaching.sealed import Words
from coaching.skills.mine import mine
from coaching.skills.practice import practice
from coaching.skills.review import review
from coaching.skills.tips import letter
from coaching.turn import Known, Preferences, PreferencesSet
from coaching.values import Due, Item, Message, Note, Submitted, Tapped
from tests.players.straight import lines

ME, DM = Person("web", "local", "U1"), Place("web", "local", "D1")
AT = datetime(2026, 3, 4, 8, tzinfo=UTC)
FOLLOWS = Known(preferences=Preferences(learns=True))
WEAK = "That is not our fault. Calm down. You should have read the terms. As I said, it stays."


def turn(action, playbook, known=FOLLOWS, value=""):
    return mine(Message("m1", ME, DM, AT, Tapped(action, value)), known, playbook)


def page(playbook, known=FOLLOWS):
    (only,) = turn("mine.show", playbook, known).replies
    return only


def text(answer):
    return "\n".join(lines(answer.blocks))


def test_nothing_is_noted_unless_they_say_yes(playbook):
    """Explained first; only the yes is kept, and it can be taken back."""
    asked = turn("mine.learn", playbook, Known())
    assert asked.facts == ()
    assert [c.action for c in asked.replies[0].choices] == ["mine.yes", "mine.show"]
    assert "not a word of any text" in text(asked.replies[0])
    yes = turn("mine.yes", playbook, Known(preferences=Preferences(less_words=True)))
    assert yes.facts == (PreferencesSet(Preferences(less_words=True, learns=True)),)
    stop = turn("mine.stop", playbook)
    assert stop.facts == (PreferencesSet(Preferences()),)


def test_it_is_deleted_with_the_yes(playbook):
    """All of it, at once; where no yes was said, none is taken back."""
    assert turn("mine.forget", playbook).facts == (Unlearned(), PreferencesSet(Preferences()))
    assert turn("mine.forget", playbook, Known()).facts == (Unlearned(),)


def test_the_page_before_anything_is_noted(playbook):
    """The way to all ten rules; none in a line, no picture, nothing to delete."""
    empty = page(playbook, Known())
    assert [c.action for c in empty.choices] == ["mine.learn", "tips.next", "tips.rules"]
    assert not [b for b in empty.blocks if isinstance(b, Item)]
    assert not [b for b in empty.blocks if isinstance(b, Picture)]
    assert "Nothing is noted yet" not in text(empty)
    assert "Nothing is noted yet" in text(page(playbook))


def test_the_picture_is_of_the_last_quarter(playbook):
    """A row for each rule of which there is something, the newest week on the right; in signs as well."""
    weeks = (
        Week("A2", date(2025, 12, 8), 1, 1),
        Week("A2", date(2026, 3, 2), 2, 0),
        Week("B1", date(2026, 2, 23), 0, 3),
    )
    shown = page(playbook, replace(FOLLOWS, weeks=(*weeks, Week("B5", date(2025, 12, 1), 9, 9))))
    (picture,) = [b for b in shown.blocks if isinstance(b, Picture)]
    assert [strip.label for strip in picture.strips] == ["A2", "B1"]
    assert {len(strip.bars) for strip in picture.strips} == {13}
    assert picture.strips[0].bars[0] == Bar(1, 1)
    assert picture.strips[0].bars[-1] == Bar(0, 2)
    assert picture.text == ("A2 ◐···········○\nB1 ···········●·",)
    assert [bar.share for bar in (Bar(), Bar(1, 1), Bar(3), Bar(0, 2))] == [0, 0.5, 1, 0]
    assert [c.action for c in shown.choices] == ["tips.next", "tips.rules", "mine.stop", "mine.forget"]
    listed = [b.choices[0].value for b in shown.blocks if isinstance(b, Item)]
    assert listed == ["A2", "B1", "B5"]


@pytest.mark.parametrize(
    ("action", "standing"),
    [("mine.pin", Standing.PINNED), ("mine.mute", Standing.MUTED), ("mine.plain", Standing.PLAIN)],
)
def test_pinned_muted_or_as_before(action, standing, playbook):
    """The page says it and offers the way back."""
    assert turn(action, playbook, value="A2").facts == (RuleStands("A2", standing),)
    shown = page(playbook, Known(learned=(Learned("A2", standing),)))
    (item,) = [b for b in shown.blocks if isinstance(b, Item) and b.choices[0].value == "A2"]
    back = ["mine.pin", "mine.mute"] if standing is Standing.PLAIN else ["mine.plain"]
    assert [c.action for c in item.choices] == back
    assert [c.action for c in shown.choices] == ["mine.learn", "tips.next", "tips.rules", "mine.forget"]


def test_the_last_rule_is_not_muted(playbook):
    """A daily tip without any rule would be none."""
    muted = tuple(Learned(rule, Standing.MUTED) for rule in RULES[1:])
    refused = turn("mine.mute", playbook, Known(learned=muted), "A1")
    assert refused.facts == ()
    assert "the last rule" in text(refused.replies[0])


@pytest.mark.parametrize(("action", "grade"), [("mine.got", Grade.GOT_IT), ("mine.again", Grade.AGAIN)])
def test_what_is_said_of_a_tip_is_noted(action, grade, playbook):
    """For whoever taps it, with or without a yes to verdicts: they say it themselves."""
    said = turn(action, playbook, Known(), "B4")
    assert said.facts == (Graded("B4", grade),)
    assert "for you alone" in text(said.replies[0])


@pytest.mark.parametrize("action", ["mine.got", "mine.pin", "mine.nonsense"])
def test_an_old_or_made_up_button_shows_the_page(action, playbook):
    """No rule of that name: nothing is kept."""
    odd = turn(action, playbook, value="Z9")
    assert odd.facts == ()
    assert odd.replies == (page(playbook),)


# --------------------------------------------------------------------------- where verdicts come from


def reviewed(draft, playbook, known):
    fields = {"draft": Words(draft), "customer": Words("My parcel is three weeks late.")}
    return review(Message("m1", ME, DM, AT, Submitted("review.draft", fields)), known, playbook)


def test_a_review_notes_verdicts_for_who_said_yes(playbook):
    """Rules and grades, said in the answer; nothing for anybody else."""
    assert reviewed(WEAK, playbook, Known()).facts == ()
    noted = reviewed(WEAK, playbook, FOLLOWS)
    assert Graded("A1", Grade.MISSED) in noted.facts
    assert {type(fact) for fact in noted.facts} == {Graded}
    assert "Noted for your own tips" in text(noted.replies[0])
    assert "mine.learn" not in [c.action for c in noted.replies[0].choices]


def test_in_a_reply_that_is_good_to_send_nothing_is_missing(playbook):
    """What is not worth saying is not worth noting."""
    good = (
        "Three weeks is far too long, and I'm sorry. I've asked the carrier, and I'll write to you by four."
    )
    noted = reviewed(good, playbook, FOLLOWS)
    assert {fact.grade for fact in noted.facts} == {Grade.MET}
    assert "missing: 0" in text(noted.replies[0])


@pytest.mark.parametrize(
    ("first", "acts", "facts"),
    [
        ({Act.NAMED}, {Act.WALL}, (Graded("B2", Grade.MET), Graded("B5", Grade.MISSED))),
        (set(), {Act.COLD}, (Graded("A4", Grade.MISSED),)),
        (set(), {Act.END}, ()),
    ],
)
def test_a_game_notes_what_worked_and_what_to_try(first, acts, facts, playbook, monkeypatch):
    """At its end, for who said yes; to look at an old line again notes nothing."""
    before = begin(playbook.scenarios.customers["parcel"], 3, 0)
    before = reply(before, frozenset(first)) if first else before
    while (after := reply(before, frozenset(acts))).outcome is None:
        before = after
    monkeypatch.setattr("coaching.skills.practice.judge", lambda *_: frozenset(acts))
    sent = Submitted("practice.turn", {"reply1": Words("Anything at all, really.")}, before.state())
    for known in (FOLLOWS, Known()):
        ended = practice(Message("m1", ME, DM, AT, sent), known, playbook)
        learns = known is FOLLOWS
        assert ("mine.show" in [c.action for c in ended.replies[0].choices]) is learns
        assert ended.facts == (facts if learns else ())
        assert ("mine.learn" in [c.action for c in ended.replies[0].choices]) is not learns
    back = practice(Message("m1", ME, DM, AT, Tapped("practice.back", before.state())), FOLLOWS, playbook)
    assert back.facts == ()


# --------------------------------------------------------------------------- the daily tip


def daily(playbook, known):
    schedule = Schedule(7, For.ME, Slot(Zone("Europe/Berlin"), time(9), WORKDAYS), DM, "U1")
    words, facts = letter(Due(1, schedule, ME, AT.date()), known, playbook)
    return words, facts, text(words.reply)


def sore(grade, **more):
    return Learned("A2", last=grade, on=date(2026, 3, 3), due=date(2026, 3, 4), stability=1.0, **more)


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        (sore(Grade.MISSED), "it was missing from what you wrote on Tuesday 3 March"),
        (sore(Grade.AGAIN), "you asked to see it again"),
        (sore(Grade.MET), "you had it on Tuesday 3 March 2026, and such things fade"),
        (Learned("A2", Standing.PINNED), "you pinned rule A2"),
    ],
)
def test_the_daily_tip_is_about_it_and_says_why(kept, why, playbook):
    """In one line, few words or many."""
    for less in (False, True):
        known = Known(preferences=Preferences(less_words=less), learned=(kept,))
        words, facts, said = daily(playbook, known)
        assert words.rule == "A2"
        assert facts[0].tip.startswith("A2.")
        assert f"Why this one: {why}" in said


def test_no_tip_of_a_muted_rule(playbook):
    """Not in turn either, for as long as they want; and all others once before any comes again."""
    muted = tuple(Learned(rule, Standing.MUTED) for rule in RULES if rule != "B4")
    shown = ()
    for _ in playbook.rules["B4"].tips:
        known = Known(learned=muted, shown_tips=shown)
        words, facts, _ = daily(playbook, known)
        assert words.rule == "B4"
        assert facts[0].tip not in shown
        shown = (*shown, facts[0].tip)
    assert daily(playbook, Known(learned=muted, shown_tips=shown))[1][0].start_over


def test_a_rule_a_companys_playbook_does_not_have_is_passed_over(playbook):
    """It was kept under another playbook."""
    words, _, _ = daily(playbook, Known(learned=(replace(sore(Grade.MISSED), rule="Z9"),)))
    assert words.rule in RULES


def test_its_turn_is_no_news_to_who_wants_few_words(playbook):
    """Two short blocks, as ever."""
    words, _, _ = daily(playbook, Known(preferences=Preferences(less_words=True)))
    assert len(words.reply.blocks) == 2
    assert isinstance(daily(playbook, Known())[0].reply.blocks[-1], Note)
