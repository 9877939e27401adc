"""The pace: within Slack's limits, people before tips, pauses kept, and only where they were asked for."""

import asyncio

import pytest

from adapters.slack.pace import Pace, TooManyError
from adapters.slack.tiers import read_tiers
from tests.players.fast_forward import fast_forward

TABLE = """
[tiers]
T2 = { burst = 2, minute = 6, reserve = 1 }
T3 = { burst = 4, minute = 60, reserve = 2 }
channel = { burst = 1, minute = 60 }
[methods]
post = { tier = "T3", channel = true }
read = { tier = "T3", again = true }
"""
POST, READ = ("T1", "post", ""), ("T1", "read", "")


def pace(clock, **more):
    return Pace(read_tiers(TABLE), clock, asyncio.sleep, **more)


def timed(many, where=POST, patience=1000.0, before=None):
    """When each of so many turns, asked for at once, came."""

    async def main(clock):
        made = pace(clock)
        if before is not None:
            await before(made)
        since = clock()

        async def one():
            await made.turn(where, patience)
            return round(clock() - since, 2)

        return await asyncio.gather(*(one() for _ in range(many)))

    return fast_forward(main)


def test_a_burst_then_the_rate():
    """Four at once, then one a second."""
    assert timed(7) == [0, 0, 0, 0, 1, 2, 3]


def test_tips_leave_a_reserve():
    """Two at once, with two places kept for people; the others are given a moment each, one a second."""

    async def main(clock):
        made = pace(clock)
        tips = [made.tip(POST) for _ in range(5)]
        asked = clock()
        for _ in range(2):
            await made.turn(POST, 1)
        return tips, clock() - asked

    assert fast_forward(main) == ([0, 0, 1, 2, 3], 0)


def test_a_tip_takes_its_turn_in_all_places_or_in_none():
    """It needs two methods: while one is not free, nothing is taken of the other."""

    async def main(clock):
        made = pace(clock)
        for _ in range(2):
            made.tip(READ)
        for _ in range(10):
            assert made.tip(POST, READ) >= 1
        return [made.tip(POST), made.tip(POST)]

    assert fast_forward(main) == [0, 0]


def test_each_channel_has_its_own_rate():
    """One a second into one channel, however much the workspace may."""
    assert timed(3, ("T1", "post", "C1")) == [0, 1, 2]


def test_an_unknown_method_is_treated_with_care():
    """As the slowest tier that is common: two at once, then one in ten seconds."""
    assert timed(4, ("T1", "brand.new", "")) == [0, 0, 10, 20]


async def keep_asking(made, seconds=0.0):
    """A tip that comes back when it is told to."""
    while True:
        await asyncio.sleep(seconds)
        seconds = made.tip(POST)
        if not seconds:
            return


def test_people_go_first():
    """Fifty tips wait; a person's call goes out at once, and so do those after it, at the full rate."""

    async def main(clock):
        made = pace(clock)
        tips = [asyncio.create_task(keep_asking(made)) for _ in range(50)]
        await asyncio.sleep(5)
        waits = []
        for _ in range(10):
            asked = clock()
            await made.turn(POST, 10)
            waits.append(round(clock() - asked, 2))
            await asyncio.sleep(1)
        sent = sum(task.done() for task in tips)
        await asyncio.gather(*tips)
        return waits, sent

    waits, sent = fast_forward(main)
    assert waits == [0] * 10
    assert sent < 20  # the tips stood back meanwhile


def test_a_pause_stands_still_here_and_nowhere_else():
    """One method of one workspace waits as long as Slack asks; others and other workspaces do not."""

    async def pause(made):
        made.park("T1", "post", 30)

    assert timed(1, before=pause) == [30]
    assert timed(1, READ, before=pause) == [0]
    assert timed(1, ("T2", "post", ""), before=pause) == [0]


def test_who_already_waits_keeps_the_pause_too():
    """A turn that was given before Slack asked for a pause does not go out in it."""

    async def main(clock):
        made = pace(clock)
        tasks = [asyncio.create_task(made.turn(POST, 60)) for _ in range(5)]
        asyncio.get_running_loop().call_later(0.5, made.park, "T1", "post", 20)
        await asyncio.gather(*tasks)
        return clock()

    assert fast_forward(main) >= 20.5


def test_after_a_429_it_is_slower_for_a_while():
    """Slack found us too fast: four fifths of the rate, and back to all of it within ten minutes."""

    async def main(clock):
        made = pace(clock)
        made.park("T1", "post", 1)
        for _ in range(60):
            await made.turn(POST, 10)
        slow = clock()
        await asyncio.sleep(700)
        since = clock()
        for _ in range(64):
            await made.turn(POST, 10)
        return slow, clock() - since

    slow, fast = fast_forward(main)
    assert slow > 70
    assert 59 < fast < 61


def test_whoever_would_wait_too_long_is_told_so():
    """Refused at once, with the time, and without having taken a turn from anybody."""

    async def main(clock):
        made = pace(clock)
        made.park("T1", "post", 30)
        with pytest.raises(TooManyError) as caught:
            await made.turn(POST, 5)
        assert clock() == 0
        await made.turn(POST, 31)
        return caught.value.seconds, clock()

    assert fast_forward(main) == (30, 30)


def test_tips_in_a_pause_are_sent_away():
    """Those who come for a turn, and those who had one already: each is given another moment after it."""

    async def main(clock):
        made = pace(clock)
        made.park("T1", "post", 30)
        told = [made.tip(POST), made.paused("T1", "post"), made.paused("T1", "post")]
        return [round(seconds, 2) for seconds in told], made.paused("T2", "post")

    assert fast_forward(main) == ([32.5, 33.75, 35.0], 0)


def test_tips_that_are_sent_away_come_back_one_by_one():
    """Each is given a moment of its own at the pace of the place, so that none is sent away twice."""

    async def main(clock):
        made = pace(clock)
        told = [seconds for seconds in (made.tip(POST) for _ in range(100)) if seconds]

        async def back(seconds):
            await asyncio.sleep(seconds)
            return made.tip(POST)

        again = await asyncio.gather(*(back(seconds) for seconds in told))
        return len(told), max(again), clock()

    assert fast_forward(main) == (98, 0, 98)


def test_what_is_known_is_bounded():
    """The oldest places are forgotten."""

    async def main(clock):
        made = pace(clock, most_known=3)
        for number in range(10):
            await made.turn((f"T{number}", "read", ""), 1)
        return len(made._buckets)

    assert fast_forward(main) == 3


def test_the_table_keeps_below_slacks_limits():
    """Of every method, a burst and a minute's worth stay below what Slack allows in a minute."""
    tiers = read_tiers()
    allowed = {"T1": 1, "T2": 20, "T3": 50, "T4": 100, "chat.postMessage": 525}
    of = {"chat.postEphemeral": "T4", "chat.update": "T3", "views.open": "T4", "views.publish": "T4"}
    for name, method in tiers.methods.items():
        most = allowed.get(name) or allowed[of.get(name, "T4")]
        assert method.limit.burst + method.limit.minute < most
        assert method.limit.reserve < method.limit.burst
    assert tiers.of("brand.new").limit.minute <= 20
    unsafe = {name for name, method in tiers.methods.items() if not method.again}
    assert unsafe == {"chat.postMessage", "chat.postEphemeral", "views.open"}
    channel = tiers.of("chat.postMessage").channel
    assert channel is not None
    assert channel.minute <= 60
