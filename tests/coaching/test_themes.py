"""What a team is asked: a theme a week, never the same within 90 days, nobody counted."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching import themes
from coaching.learned import Aired
from coaching.people import WORKDAYS, Day, For, Place, Room, Schedule, Slot, Zone
from coaching.playbook.reader import read
from coaching.playbook.rules import RULES

PLAYBOOK = read()
MONDAY = date(2026, 3, 2)
CHANNEL = Place("web", "local", "C1", Room.CHANNEL)


def reminder(number=7, theme="", to=CHANNEL, days=WORKDAYS):
    return Schedule(number, For.TEAM, Slot(Zone("Europe/Berlin"), time(9), days), to, "U9", theme=theme)


def test_the_playbook_has_enough_for_a_quarter():
    """A daily tip, weekends too, needs ninety and one before any may come again."""
    assert len(PLAYBOOK.questions) > themes.AGAIN.days
    assert {one.rule for one in PLAYBOOK.questions} == set(RULES)


def test_each_week_another_rule_and_all_in_turn():
    """The same from Monday to Sunday; ten weeks, ten rules; another channel in another order."""
    weeks = [
        {themes.theme(reminder(), MONDAY + timedelta(days=7 * week + day), PLAYBOOK) for day in range(7)}
        for week in range(10)
    ]
    assert {len(week) for week in weeks} == {1}
    assert set.union(*weeks) == set(RULES)
    orders = {
        tuple(
            themes.theme(
                reminder(to=Place("web", "local", f"C{n}", Room.CHANNEL)),
                MONDAY + timedelta(weeks=week),
                PLAYBOOK,
            )
            for week in range(10)
        )
        for n in range(9)
    }
    assert len(orders) == 9


@pytest.mark.parametrize(("chosen", "holds"), [("B2", True), ("Z9", False), ("", False)])
def test_a_chosen_theme_holds(chosen, holds):
    """Every week; one that no playbook has is none."""
    found = {themes.theme(reminder(theme=chosen), MONDAY + timedelta(weeks=n), PLAYBOOK) for n in range(10)}
    assert (found == {"B2"}) is holds


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 9),  # days that pass
        st.sampled_from([1, 2, 3, 0]),  # which reminder, or by hand
        st.sampled_from(["", "A1", "B5"]),  # and its theme then
    ),
    max_size=120,
)


@given(EVENTS)
@settings(max_examples=60, deadline=None)
def test_never_the_same_within_ninety_days(events):
    """Whatever the reminders of a channel, their themes, and what is sent by hand."""
    aired, day = {}, MONDAY
    for passed, number, theme in events:
        day += timedelta(days=passed)
        schedule, kept = reminder(number, theme), tuple(aired.values())
        if number:
            found = themes.question(schedule, day, kept, PLAYBOOK)
            again = [one for one in kept if one.on == day and one.reminder == number]
            if again:
                assert found.id == again[0].tip
                continue
        else:
            found = themes.fresh(schedule, day, kept, PLAYBOOK)
        if found is not None:
            before = aired.get(found.id)
            assert before is None or day - before.on >= themes.AGAIN
            aired[found.id] = Aired("C1", found.id, day, number)


def test_a_daily_tip_goes_on_for_a_year():
    """Every day of it has a question; the theme's own come first, and then those of the weeks to come."""
    for theme in ("", "B3"):
        kept, schedule = [], reminder(theme=theme, days=frozenset(Day))
        for n in range(365):
            day = MONDAY + timedelta(days=n)
            found = themes.question(schedule, day, kept, PLAYBOOK)
            kept.append(Aired("C1", found.id, day, 7))
        first = {one.tip.partition(".")[0] for one in kept[:7]}
        assert first == {themes.theme(schedule, MONDAY, PLAYBOOK)}
        for one in kept:
            same = [other.on for other in kept if other.tip == one.tip and other.on != one.on]
            assert all(abs(other - one.on) >= themes.AGAIN for other in same)


def test_the_same_letter_is_the_same_question():
    """A second try of a day's letter is no second question; another reminder asks another."""
    first = themes.question(reminder(), MONDAY, (), PLAYBOOK)
    kept = (Aired("C1", first.id, MONDAY, 7),)
    assert themes.question(reminder(), MONDAY, kept, PLAYBOOK) == first
    assert themes.question(reminder(8), MONDAY, kept, PLAYBOOK) != first
    gone = (Aired("C1", "A1.no-more", MONDAY, 7),)
    assert themes.question(reminder(), MONDAY, gone, PLAYBOOK) == first


def test_what_another_channel_was_asked_does_not_matter():
    """Each has its own ninety days."""
    first = themes.question(reminder(), MONDAY, (), PLAYBOOK)
    assert themes.question(reminder(), MONDAY, (Aired("C2", first.id, MONDAY),), PLAYBOOK) == first


def test_where_all_was_asked_of_late_it_is_quiet():
    """Rather nothing than the same again."""
    kept = tuple(Aired("C1", one.id, MONDAY - timedelta(days=1), 7) for one in PLAYBOOK.questions)
    assert themes.question(reminder(), MONDAY, kept, PLAYBOOK) is None
    assert themes.question(reminder(), MONDAY + timedelta(days=89), kept, PLAYBOOK) is not None
