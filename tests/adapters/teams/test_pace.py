"""Teams' limits: never more calls in any span of time than allowed, in order, no wait longer than needed."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.pace import CONVERSATION, MEMBERS, Pace, TooManyError


class Hand:
    """A clock moved by hand; each wait is a note of when it would be over."""

    def __init__(self):
        self.at = 0.0
        self.went = []

    def clock(self):
        return self.at

    async def sleep(self, seconds):
        self.went[-1] += seconds


def asked(limits, gaps):
    """When each of so many calls goes out, asked for with these gaps between."""
    hand = Hand()
    pace = Pace(limits, hand.clock, hand.sleep)

    async def ask():
        for gap in gaps:
            hand.at += gap
            hand.went.append(hand.at)
            await pace.turn("a", 1e9)

    asyncio.run(ask())
    return hand.went


@pytest.mark.parametrize("limits", [CONVERSATION, MEMBERS], ids=["messages", "members"])
@given(gaps=st.lists(st.sampled_from([0, 0, 0, 0.1, 0.3, 1, 5, 31]), max_size=150))
def test_no_span_of_time_ever_holds_too_many(limits, gaps):
    """Whatever the rhythm of asking; and everyone goes in the order of asking."""
    went = asked(limits, gaps)
    assert went == sorted(went)
    for most, span in limits:
        for number in range(most, len(went)):
            assert went[number] - went[number - most] >= span - 1e-9


def test_the_limits_are_used_to_the_full():
    """7 at once, the 8th after a second, the 9th after two; 60 in half a minute."""
    went = asked(CONVERSATION, [0] * 61)
    assert went[:9] == [0] * 7 + [1, 2]
    assert went[60] == 30


def test_at_most_1800_an_hour():
    """The longest of the spans counts too."""
    went = asked(CONVERSATION, [0.5] * 1900)
    for number in range(1800, len(went)):
        assert went[number] - went[number - 1800] >= 3600


async def test_who_would_wait_too_long_is_told_and_takes_no_turn(clock):
    """The next in line is not later for it."""
    pace = Pace(((1, 10),), clock.clock, clock.sleep)
    await pace.turn("a", 0)
    for _ in range(3):
        with pytest.raises(TooManyError) as told:
            await pace.turn("a", 5)
        assert told.value.seconds == 10
    await pace.turn("b", 0)
    await pace.turn("a", 10)
    assert clock.slept == [10]


async def test_a_pause_that_was_asked_for_holds_for_everyone_in_the_conversation(clock):
    """And a shorter one does not end it."""
    pace = Pace(CONVERSATION, clock.clock, clock.sleep)
    pace.hold("a", 4)
    pace.hold("a", 1)
    await pace.turn("b", 10)
    await pace.turn("a", 10)
    assert clock.slept == [4]


async def test_what_is_remembered_is_bounded(clock):
    """The conversation that was quiet for longest is forgotten."""
    pace = Pace(((1, 10),), clock.clock, clock.sleep, most_known=2)
    for key in "abac":
        pace.hold(key, 0)
    assert list(pace._buckets) == ["a", "c"]
