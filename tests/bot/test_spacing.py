"""When a rule has faded, by the real library: the same for the same, by days, asked for on first use only."""

import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.spacing import Fsrs
from coaching.learned import Grade, Learned

DAY = date(2026, 3, 2)
GRADES = st.lists(st.tuples(st.sampled_from(Grade), st.integers(0, 200)), max_size=12)


def lived(story, spacing=None):
    """What is kept after each of these grades, so many days apart."""
    spacing, kept, on = spacing or Fsrs(), [Learned("A2")], DAY
    for grade, days in story:
        on += timedelta(days=days)
        kept.append(spacing.after(kept[-1], grade, on))
    return kept[1:]


def test_what_is_missed_comes_tomorrow_and_what_is_there_fades_ever_later():
    """Each time it goes well on the day it is due, it lasts longer; a miss brings it back."""
    spacing = Fsrs()
    one = spacing.after(Learned("A2"), Grade.MISSED, DAY)
    assert one.due == DAY + timedelta(days=1)
    spans = []
    for _ in range(6):
        before, one = one, spacing.after(one, Grade.MET, one.due)
        spans.append(one.due - before.due)
    assert all(shorter < longer for shorter, longer in pairwise(spans))
    again = spacing.after(one, Grade.MISSED, one.due)
    assert again.due - one.due < spans[-1] / 5


def test_got_it_rests_longer_than_met_and_show_me_again_is_a_miss():
    """What a person says of a tip, by the library's own four grades."""
    first = {grade: Fsrs().after(Learned("A2"), grade, DAY) for grade in Grade}
    assert first[Grade.GOT_IT].due > first[Grade.MET].due > first[Grade.MISSED].due
    assert first[Grade.AGAIN].due == first[Grade.MISSED].due


@given(GRADES)
def test_whatever_is_found(story):
    """The same twice; later than the day, within a season; figures that a table can keep."""
    kept = lived(story)
    assert kept == lived(story)
    for one in kept:
        assert timedelta(days=1) <= one.due - one.on <= timedelta(days=120)
        assert one.stability > 0
        assert 1 <= one.difficulty <= 10


def test_a_clock_that_went_back_harms_nothing():
    """What was found "tomorrow" counts as of today."""
    spacing = Fsrs()
    later = spacing.after(Learned("A2"), Grade.MET, DAY + timedelta(days=3))
    assert spacing.after(later, Grade.MET, DAY).due > DAY


def test_the_library_is_not_imported_before_it_is_needed():
    """A start pays nothing for it."""
    code = "import sys, bot.assembly; sys.exit('fsrs' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
