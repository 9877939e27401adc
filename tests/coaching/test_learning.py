"""Which rule the next tip is about: what a person misses, spaced, and never for ever."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching import learning
from coaching.learned import Grade, Graded, Learned, Standing
from coaching.learning import Because, Next
from coaching.playbook.reader import read
from coaching.playbook.rules import RULES
from coaching.turn import Known, Preferences

TODAY = date(2026, 3, 2)
YESTERDAY = TODAY - timedelta(days=1)
PLAYBOOK = read()
FOLLOWS = Known(preferences=Preferences(learns=True))


def missed(rule, **more):
    kept = {"last": Grade.MISSED, "on": YESTERDAY, "due": TODAY, "stability": 1.0, **more}
    return Learned(rule, **kept)


def following(*learned, shown=(), today=TODAY):
    return learning.following(Known(learned=learned, shown_tips=shown), today)


def test_without_verdicts_it_is_plain_rotation():
    """Nothing is known, or nothing is due: no rule is preferred."""
    assert following() == Next()
    assert following(missed("A2", due=TODAY + timedelta(days=1))) == Next()
    assert following(Learned("A2")) == Next()


def test_the_rule_that_is_missed_comes_first():
    """A miss before what only fades; of two misses the one more likely forgotten."""
    faded = missed("B1", last=Grade.MET, on=TODAY - timedelta(days=60))
    assert following(faded) == Next("B1", Because.FADED, TODAY - timedelta(days=60))
    assert following(faded, missed("A2")) == Next("A2", Because.MISSED, YESTERDAY)
    assert following(missed("A1"), missed("A2", stability=0.2)).rule == "A2"
    assert following(missed("A2", last=Grade.AGAIN)).why is Because.AGAIN
    assert following(missed("A2", last=Grade.GOT_IT)).why is Because.FADED


def test_not_the_same_rule_twice_in_a_row():
    """The day after, another one, or whoever's turn it is."""
    assert following(missed("A2"), missed("B1", stability=9.0), shown=("A2.1",)).rule == "B1"
    assert following(missed("A2"), shown=("A2.1",)) == Next()
    assert following(missed("A2"), shown=("A2.1", "B1.1")).rule == "A2"


def test_not_for_ever():
    """After three tips about one finding others have their turn, until something new is found."""
    assert following(missed("A2", tips=2)).rule == "A2"
    assert following(missed("A2", tips=3)) == Next()


def test_a_pinned_rule_stays_and_a_muted_one_never_comes():
    """Whatever was found, and whatever was shown last."""
    pinned = Learned("B4", Standing.PINNED)
    assert following(pinned, missed("A2"), shown=("B4.1",)) == Next("B4", Because.PINNED)
    muted = missed("A2", standing=Standing.MUTED)
    assert following(muted) == Next()
    assert learning.muted(Known(learned=(muted, missed("B1")))) == {"A2"}


GRADES = st.sampled_from(Grade)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
KEPT = st.builds(
    Learned,
    st.sampled_from(RULES),
    st.sampled_from(Standing),
    st.none() | GRADES,
    st.none() | DAYS,
    st.none() | DAYS,
    st.floats(0, 200),
    st.floats(1, 10),
    st.integers(0, 9),
)


@given(st.lists(KEPT, unique_by=lambda one: one.rule), st.lists(st.sampled_from(RULES)), DAYS)
def test_whatever_is_kept(kept, shown, today):
    """The same for the same; never a muted rule; never the last one again unless it is pinned."""
    known = Known(learned=tuple(kept), shown_tips=tuple(f"{rule}.1" for rule in shown))
    found = learning.following(known, today)
    assert found == learning.following(known, today)
    assert found.rule not in learning.muted(known)
    if found.why not in (Because.PINNED, Because.TURN):
        assert found.rule != (shown[-1] if shown else "")
        one = next(one for one in kept if one.rule == found.rule)
        assert one.due <= today
        assert one.tips < 3


@pytest.mark.parametrize(
    ("before", "grade", "moves"),
    [
        (None, Grade.MET, True),
        (Grade.MET, Grade.MET, False),
        (Grade.MET, Grade.MISSED, True),
        (Grade.GOT_IT, Grade.AGAIN, True),
        (Grade.MISSED, Grade.MISSED, False),
        (Grade.MISSED, Grade.MET, False),
        (Grade.AGAIN, Grade.MISSED, False),
    ],
)
def test_once_a_day(before, grade, moves):
    """And a miss after a hit; on another day always."""
    kept = Learned("A2", last=before, on=TODAY)
    assert learning.counts(kept, grade, TODAY) is moves
    assert learning.counts(replace(kept, on=YESTERDAY), grade, TODAY)


def test_a_rule_of_which_anything_was_missing_was_missed():
    """R2 speaks for A2, R3 for A3 and B3, and R1 for A1 and B1; nothing is noted of who has not agreed."""
    outcomes = {"R2": Grade.MET, "R3": Grade.MISSED}
    met, sore = Grade.MET, Grade.MISSED
    found = (Graded("A2", met), Graded("A3", sore), Graded("B3", sore))
    assert learning.noted(outcomes, FOLLOWS, PLAYBOOK) == found
    assert learning.noted(outcomes, Known(), PLAYBOOK) == ()
    both = {"R2": Grade.MISSED, "R5": Grade.MET}
    criteria = dict(PLAYBOOK.judging.criteria)
    criteria["R5"] = replace(criteria["R5"], rules=("A2",))
    shared = replace(PLAYBOOK, judging=replace(PLAYBOOK.judging, criteria=criteria))
    assert learning.noted(both, FOLLOWS, shared) == (Graded("A2", sore),)
    assert learning.noted(dict(reversed(both.items())), FOLLOWS, shared) == (Graded("A2", sore),)


def test_what_is_noted_is_said():
    """How many of both kinds, in one line; nothing where nothing was."""
    (note,) = learning.told((Graded("A2", Grade.MISSED), Graded("B1", Grade.MISSED)), PLAYBOOK)
    assert "there: 0, missing: 2" in "".join(note.text)
    assert learning.told((), PLAYBOOK) == ()


def test_who_has_agreed_is_not_asked_again():
    """They are shown the way to what is noted."""
    assert [c.action for c in learning.offered(Known(), PLAYBOOK)] == ["mine.learn"]
    assert [c.action for c in learning.offered(FOLLOWS, PLAYBOOK)] == ["mine.show"]


def test_a_week_begins_on_monday():
    """Every day of it."""
    assert {learning.monday(TODAY + timedelta(days=n)) for n in range(7)} == {TODAY}
