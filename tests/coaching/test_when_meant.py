"""What is wished for and what is only told: topics, days left out, one that is moved, words left over."""

from datetime import datetime

import pytest

from coaching.people import Zone
from coaching.when import Act, Why, understood
from coaching.when.line import as_json

NOON = datetime.fromisoformat("2026-05-06T12:00")  # a Wednesday
LONDON = Zone("Europe/London")


def said(text):
    """What is wished for, without what was not said."""
    lines = [as_json(wish) for wish in understood(text, NOON, LONDON)]
    return [{k: v for k, v in line.items() if v and k not in ("timezone", "target")} for line in lines]


def asks(text):
    (wish,) = understood(text, NOON, LONDON)
    return wish.why if wish.act is Act.CLARIFY else None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("remind me to cancel the trial tomorrow at 10am", "2026-05-07T10:00"),
        ("remind me tomorrow at 10am to pause the ads", "2026-05-07T10:00"),
        ("remind me please to change my out of office tomorrow at 10am", "2026-05-07T10:00"),
        ("set a reminder for 4pm to show Dana the list", "2026-05-06T16:00"),
        ("remind me that I'm on leave, tomorrow at 4pm", "2026-05-07T16:00"),
        ("remind me at 5pm today not to skip my walk", "2026-05-06T17:00"),
        ("remind me to look into #support tomorrow at 4pm", "2026-05-07T16:00"),
        ("remind me about all the lists tomorrow at 4pm", "2026-05-07T16:00"),
        ("in 1h30 remind me", "2026-05-06T13:30"),
        ("remind me in 2h", "2026-05-06T14:00"),
        ("remind me in 1 hour 15", "2026-05-06T13:15"),
        ("remind me in 1.5 hours", "2026-05-06T13:30"),
        ("after 2 hours please", "2026-05-06T14:00"),
        ("don't let me forget the team call at 1pm today", "2026-05-06T13:00"),
        ("remind me in an hour and twenty minutes", "2026-05-06T13:20"),
        ("remind me a week today at 9am", "2026-05-13T09:00"),
        ("remind me monday coming at 9am", "2026-05-11T09:00"),
        ("just the one tip, friday noon", "2026-05-08T12:00"),
        ("1 june 9am one reminder", "2026-06-01T09:00"),
    ],
)
def test_what_a_reminder_is_about_wishes_for_nothing(text, at):
    """Only when it is to come is read of it."""
    assert said(text) == [{"action": "create", "run_at": at}]


@pytest.mark.parametrize(
    ("text", "cron"),
    [
        ("daily at 8 but skip sundays", "0 8 * * MON-SAT"),
        ("dont send on fridays, the other weekdays 9am is good", "0 9 * * MON-THU"),
        ("I'm off on mondays and fridays, weekdays at 9 please", "0 9 * * TUE-THU"),
        ("weekdays at 9, nothing on fridays", "0 9 * * MON-THU"),
        ("a tip every day at 9 except sundays", "0 9 * * MON-SAT"),
        ("any day but tuesday at 9", "0 9 * * MON,WED,THU,FRI,SAT,SUN"),
        ("every 2h from 8am to 4pm on weekdays", "0 8,10,12,14,16 * * MON-FRI"),
        ("hourly from 9 to 12 on mondays", "0 9,10,11,12 * * MON"),
        ("one tip a week, wednesday at 11 am", "0 11 * * WED"),
        ("a 5 minute tip every day at 9", "0 9 * * *"),
        ("can we do 9am every day", "0 9 * * *"),
        ("i'm on holiday soonish but tips weekdays at 9", "0 9 * * MON-FRI"),
        ("weekdays at 9 not at 10", "0 9 * * MON-FRI"),
        ("I'm in Madrid this month, weekdays at 9", "0 9 * * MON-FRI"),
        ("sundays to thursdays at 8", "0 8 * * SUN-THU"),
        ("my new hours are tue-sat. tips at 9am", "0 9 * * TUE-SAT"),
        ("may i have a tip weekdays at 9", "0 9 * * MON-FRI"),
        ("tip me 8:30 each morning incl weekends", "30 8 * * *"),
        ("weekdays, 0900, 1 tip", "0 9 * * MON-FRI"),
    ],
)
def test_days_that_are_left_out_and_rhythms(text, cron):
    """Said in the same breath as the rest, they are no pause and no cancelling."""
    assert said(text) == [{"action": "create", "cron": cron}]


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("the tuesday one on wednesday please", {"days": "WED"}),
        ("put the friday tip back to 3pm", {"time": "15:00"}),
        ("the friday reminder: 14:00 not 15:00", {"time": "14:00"}),
        ("instead of tuesday make it thursday", {"days": "THU"}),
        ("same days, just at 11", {"time": "11:00"}),
        ("put the tips to Lisbon time", {"timezone": "Europe/Lisbon"}),
        ("can the weekday one be at 11", {"time": "11:00"}),
        ("I'm in New York this month, change my time zone", {"timezone": "America/New_York"}),
        ("only the time zone changes: Lisbon from now on", {"timezone": "Europe/Lisbon"}),
        ("i'm in Warsaw now, use that time", {"timezone": "Europe/Warsaw"}),
        ("it should go to #team-a not #team-b", {"channel": "#team-a"}),
        ("change my reminder to #team-a", {"channel": "#team-a"}),
        ("put the tips in #night instead of here", {"channel": "#night"}),
        ("change my reminder to #team-a about refunds", {"channel": "#team-a"}),
    ],
)
def test_one_that_is_there_is_moved(text, to):
    """By its name and what is new; nothing else is touched."""
    assert said(text) == [{"action": "update", "to": to}]


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("remove the one in #support. also tips daily 10am for me", ["cancel", "create"]),
        ("cancel the friday one, weekdays at 9 please", ["cancel", "create"]),
        ("cancel the friday one, mondays 9am ones too", ["cancel"]),
        ("what do i have? also one at 9am daily", ["list", "create"]),
        ("remind me in 30 min and again at 11:45pm", ["create", "create"]),
        ("remind me in 30 min, in 60 min", ["create", "create"]),
        ("tomorrow 8am and sunday 8am", ["create", "create"]),
        ("remind me to stretch daily at 9, and cancel the friday one", ["create", "cancel"]),
        ("just cancel whatever i have", ["cancel"]),
        ("pls hold reminders until i come back", ["pause"]),
        ("mute for the day", ["pause"]),
        ("weekdays at 9 a tip and one more at 5pm", ["create", "create"]),
        ("stop for two weeks pls. not delete, only pause", ["pause"]),
        ("weekdays at 9 please, our client is there", ["create"]),
        ("start them up again please", ["update"]),
    ],
)
def test_several_things_in_one_message(text, actions):
    """Each is heard, in order."""
    assert [line["action"] for line in said(text)] == actions


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("every morning at 9 this week", Why.RHYTHM),
        ("cancel the 4pm thing and the lunch thing", Why.UNCLEAR),
        ("I'm off fridays", Why.UNTIL),
        ("ten of nine every morning", Why.RHYTHM),
        ("remind me yesterday at 5pm", Why.RHYTHM),
        ("mon-fri 8:30 pm for the EST accounts", Why.ZONE),
        ("cancel it all, I'm back on 7 January", Why.UNTIL),
        ("weekdays 9am until the end of june", Why.RHYTHM),
        ("every second week on mondays at 9", Why.RHYTHM),
        ("every 15th at 9am starting monday", Why.RHYTHM),
        ("the first monday of the month at 9am from tomorrow", Why.RHYTHM),
        ("every day at 9 in june", Why.RHYTHM),
        ("every day at 9 one week", Why.RHYTHM),
        ("every day at 9 except when it rains", Why.RHYTHM),
        ("any day at 9", Why.RHYTHM),
        ("last friday at 9", Why.RHYTHM),
        ("every 1.5 hours from 9 to 5", Why.RHYTHM),
        ("every customer, weekdays at 9", Why.RHYTHM),
        ("the other weekdays at 9am", Why.RHYTHM),
        ("the queue at 5pm every monday is a nightmare", Why.UNCLEAR),
        ("what about fridays?", Why.NO_TIME),
        ("remind me in 1:30", Why.HALF),
        ("tips twice a week monday and friday at 9", Why.NO_TIME),
        ("pause until christmas", Why.UNTIL),
        ("pause for christmas", Why.UNTIL),
        ("mondays unless i'm on holiday", Why.RHYTHM),
        ("pause until payday or so", Why.UNTIL),
        ("hold until the dust settles", Why.UNTIL),
    ],
)
def test_what_is_left_over_is_asked(text, why):
    """Nothing that speaks of time is passed over in silence."""
    assert asks(text) is why


def test_what_was_understood_is_proposed():
    """Where something was left over, the rest is one tap away."""
    (wish,) = understood("every morning at 9 this week", NOON, LONDON)
    assert [as_json(one)["cron"] for one in wish.proposals] == ["0 9 * * *"]
