"""What of a message is meant where times are told of other things, put right, or left out."""

from array import array
from datetime import datetime

import pytest

from coaching.people import Zone
from coaching.playbook.heads import BITS, Head
from coaching.when import Act, Why, understood
from coaching.when.clauses import taken, taken_for
from coaching.when.lexicon import lexicon
from coaching.when.line import as_json
from coaching.when.readings import Learned, numbered
from coaching.when.scanning import scan
from coaching.when.understanding import weighed

NOON = datetime.fromisoformat("2026-05-06T12:00")  # a Wednesday
LONDON = Zone("Europe/London")


def model(**weights):
    """One that knows these names alone; "_" stands for a space."""
    held = array("b", bytes(1 << BITS))
    for name, weight in weights.items():
        held[numbered([name.replace("_", " ")])[0]] = weight
    return Learned(Head(held, 1.0, 0.0), 0.7)


def said(wishes):
    lines = [as_json(wish) for wish in wishes]
    return [{k: v for k, v in line.items() if v and k not in ("timezone", "target")} for line in lines]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("The meeting is at 2pm on Friday. Remind me at 1:45pm", {"run_at": "2026-05-08T13:45"}),
        ("every day at five past four pm, no sorry, quarter past four pm", {"cron": "15 16 * * *"}),
        ("Mondays and Wednesdays, 11am, a tip. Not Fridays, I'm off Fridays", {"cron": "0 11 * * MON,WED"}),
        ("we open at 7, so please a tip at 6:50am on weekdays", {"cron": "50 6 * * MON-FRI"}),
        ("my shift ends at 6pm, remind me daily at 5:45pm", {"cron": "45 17 * * *"}),
        ("weekdays at 2:55 pm, the three o'clock rush is brutal", {"cron": "55 14 * * MON-FRI"}),
        ("weekdays at 7.50am a one-liner; weekends leave me alone", {"cron": "50 7 * * MON-FRI"}),
    ],
)
def test_what_is_told_of_something_else_is_left_out(text, meant):
    """A reason, an event, a slip that is put right: one reminder comes of it."""
    assert said(understood(text, NOON, LONDON)) == [{"action": "create", **meant}]


@pytest.mark.parametrize(
    "text",
    [
        "remind me at 3:45pm that day",
        "8am that morning remind me",
    ],
)
def test_that_day_is_no_day_by_itself(text):
    """Which day it was said before; if nobody did, it is asked."""
    (asked,) = understood(text, NOON, LONDON)
    assert asked.act is Act.CLARIFY


def test_that_day_is_the_one_named_before():
    """With the part of the day it says."""
    (wish,) = understood("remind me on 9 May, at 6:30 that evening", NOON, LONDON)
    assert as_json(wish)["run_at"] == "2026-05-09T18:30"


def test_one_that_is_unsure_is_asked_and_offered():
    """Where the model has another reading, and is not sure of it, what was said is a proposal."""
    text = "tips on Mondays at 9, Tuesdays at 10"
    found = weighed(text, NOON, LONDON, model(kind_time=40, one_create=1))
    assert [wish.act for wish in found] == [Act.CLARIFY]
    assert found[0].why is Why.UNCLEAR
    assert said(found[0].proposals) == said(understood(text, NOON, LONDON))


def test_the_whole_is_kept_unless_another_reading_is_sure():
    """An untaught model changes nothing."""
    for text in ("tips on Mondays at 9, Tuesdays at 10", "remind me at five", "lovely weather"):
        kept = weighed(text, NOON, LONDON, model(leaves=1))
        assert kept == weighed(text, NOON, LONDON, model())


@pytest.mark.parametrize("act", ["create", "update", "cancel", "pause", "list"])
def test_nothing_is_made_of_nothing(act):
    """No words, no wish."""
    assert taken_for(act, scan("", NOON, lexicon(), LONDON), LONDON) == ()


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("remind me tomorrow, oh-six-forty-five", "2026-05-07T06:45"),
        ("remind me today at two-fifty in the afternoon", "2026-05-06T14:50"),
        ("remind me today 1700 hours", "2026-05-06T17:00"),
        ("30 min later poke me", "2026-05-06T12:30"),
        ("within two hours remind me", "2026-05-06T14:00"),
        ("fifteen minutes from right now remind me", "2026-05-06T12:15"),
        ("on the 9 at 10h of the morning remind me", "2026-05-09T10:00"),
        ("christmas eve at noon remind me", "2026-12-24T12:00"),
        ("remind me today at 4 and a half in the afternoon", "2026-05-06T16:30"),
    ],
)
def test_moments_as_some_say_them(text, when):
    """In words with hyphens, as soldiers and learners of English say them."""
    assert said(understood(text, NOON, LONDON)) == [{"action": "create", "run_at": when}]


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("quiet until 4.8.", "2026-08-04"),
        ("pause everything 14/06 to 25/06", "2026-06-26"),
        ("pause until after the 4th of July", "2026-07-05"),
    ],
)
def test_rests_as_some_say_them(text, until):
    """The first day that is no rest any more."""
    assert said(understood(text, NOON, LONDON)) == [{"action": "pause", "until": until}]


def test_numbers_that_are_no_time():
    """A length and a row of figures are not taken for one."""
    (asked,) = understood("remind me at one two three four", NOON, LONDON)
    assert asked.act is Act.CLARIFY


def test_which_goes_and_which_is_moved_is_asked():
    """A bare cancelling beside one that is moved may mean either."""
    (asked,) = taken(scan("cancel. move the friday one to 10am", NOON, lexicon(), LONDON), LONDON)
    assert (asked.act, asked.why) == (Act.CLARIFY, Why.UNCLEAR)
