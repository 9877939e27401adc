"""What is said of reminders, understood: set, cancelled, rested, moved, listed or asked; never guessed."""

import json
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching.people import LAST, WORKDAYS, Dates, Day, Slot, Weeks, Zone
from coaching.sealed import Words
from coaching.when import Act, When, Why, heard, occurrences, understood, zones
from coaching.when.line import as_json, cron, weekdays

SET = Path(__file__).parent.parent / "sets/schedules.jsonl"
BERLIN = Zone("Europe/Berlin")
MONDAY = datetime.fromisoformat("2026-03-02T10:00")
WEEK = [day.name for day in Day]


def lines():
    return [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]


def say(text, now=MONDAY, where=BERLIN):
    return understood(text, now, where)


def one(text, now=MONDAY, where=BERLIN):
    (wish,) = say(text, now, where)
    return wish


def asks(text, now=MONDAY, where=BERLIN):
    """Why it is asked back; None if it is not."""
    found = say(text, now, where)
    return found[0].why if found and found[0].act is Act.CLARIFY else None


# ---------------------------------------------------------------- the project's own sentences


def spread(field):
    """The days a field of a cron line names: "SUN-THU" and "MON,TUE" as sets."""
    days = set()
    for part in WEEK if field == "*" else field.split(","):
        first, dash, last = part.partition("-")
        start = WEEK.index(first) if dash else 0
        many = (WEEK.index(last) - start) % 7 + 1 if dash else 0
        days |= {WEEK[(start + n) % 7] for n in range(many)} if dash else {part}
    return frozenset(days)


def plain(line):
    """What of a line has to be the same: the words for a target may be more or fewer."""
    line = {key: value for key, value in line.items() if value is not None and key != "target"}
    to = line.pop("to", {})
    line |= {f"to.{key}": value for key, value in to.items()}
    if "to.cron" in line or line["action"] != "create":
        line.pop("timezone", None)
    for key in line:
        if key.endswith("cron"):
            minute, hours, dates, month, days = line[key].split()
            line[key] = (minute, frozenset(hours.split(",")), dates, month, spread(days))
        elif key.endswith("days"):
            line[key] = spread(line[key])
    return sorted(line.items())


def test_every_line_of_the_set_is_understood():
    """As the person meant it: what is done, at which times and days, where; or asked where they would ask."""
    missed = []
    for line in lines():
        wished = line["schedule"] if isinstance(line["schedule"], list) else [line["schedule"]]
        found = understood(line["text"], datetime.fromisoformat(line["now"]), Zone(line["user_tz"]))
        got = [plain(as_json(wish)) for wish in found] or [
            plain({"action": "clarify"})
        ]  # asked what is meant
        if sorted(got, key=repr) != sorted((plain(one) for one in wished), key=repr):
            missed.append((line["text"], got))
    assert missed == []


def test_the_set_is_large_and_says_each_thing_often():
    """At least 150 lines, by hand, none twice, none of them held back."""
    texts = [line["text"] for line in lines()]
    assert len(set(texts)) == len(texts) >= 150
    actions = [one["action"] for line in lines() for one in [line["schedule"]] if isinstance(one, dict)]
    assert {"create", "cancel", "pause", "update", "list", "clarify"} == set(actions)
    assert min(actions.count(action) for action in set(actions)) >= 10
    assert not any(line["held"] for line in lines())


# ---------------------------------------------------------------- said so, or asked for that reason


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("every day at 25 pm", Why.NO_SUCH_TIME),
        ("every day at 99", Why.NO_SUCH_TIME),
        ("every day at nine five", Why.NO_SUCH_TIME),
        ("every day at nine 40 5", Why.NO_SUCH_TIME),
        ("half 45 every day", Why.NO_SUCH_TIME),
        ("every day at seventy", Why.NO_TIME),
        ("20:00 in the afternoon daily", Why.NO_SUCH_TIME),
        ("13:00 am every day", Why.NO_SUCH_TIME),
        ("remind me on the 40th of every month at 9am", Why.NO_SUCH_TIME),
        ("every 2 hours from 5pm to 9am", Why.NO_SUCH_TIME),
        ("every 2 hours from 5 to 7", Why.HALF),
        ("every 2 hours", Why.NO_TIME),
        ("every 2 hours at 9", Why.RHYTHM),
        ("remind me daily at quarter past 9:30", Why.RHYTHM),
        ("remind me on the 6th friday of march at 9", Why.RHYTHM),
        ("remind me in january 2027 at 9", Why.NO_SUCH_TIME),
        ("pause my reminders until january 2099", Why.NO_SUCH_TIME),
        ("mondays at 9, 10 and mondays at 11 and 12", Why.MANY),
        ("5 tips every day at 9", Why.MANY),
        ("three times on mondays: 9 and 5", Why.NO_TIME),
        ("2 and 5 daily", Why.HALF),
        ("8 and 10pm daily", Why.HALF),
        ("1 and 12 daily", Why.HALF),
        ("every day at 9 until 5pm", Why.NO_TIME),
        ("every day 9am until monday", Why.RHYTHM),
        ("every day 9am until 1 may", Why.RHYTHM),
        ("every day at 9 until the end of the month", Why.RHYTHM),
        ("every day at 9 for two weeks", Why.RHYTHM),
        ("weekdays at 9 except tomorrow", Why.RHYTHM),
        ("weekdays at 9 starting friday", Why.RHYTHM),
        ("weekdays at 9 starting in january", Why.RHYTHM),
        ("every weekday at 9 starting next friday", Why.WHICH_DAY),
        ("every weekday at 9 starting in two weeks", Why.UNCLEAR),
        ("mondays monthly at 9am", Why.RHYTHM),
        ("every 3rd monday at 9", Why.RHYTHM),
        ("every sixth monday of the month at 9", Why.RHYTHM),
        ("no earlier than 9 every day", Why.RHYTHM),
        ("earlier than 9 on mondays please", Why.RHYTHM),
        ("remind me before 5pm tomorrow", Why.RHYTHM),
        ("mondays except mondays at 9", Why.UNCLEAR),
        ("every first monday and every friday at 9", Why.UNCLEAR),
        ("remind me on the 15th of the month on mondays at 9", Why.UNCLEAR),
        ("9 or 10 on weekdays", Why.UNCLEAR),
        ("9am in March 3 and mondays", Why.UNCLEAR),
        ("remind me on the 17th and 19th at 9am", Why.ONCE),
        ("tips on friday at 9", Why.ONCE),
        ("remind me on monday at 11", Why.WHICH_DAY),
        ("remind me next friday at 9", Why.WHICH_DAY),
        ("9am Nicosia time daily", Why.ZONE),
        ("every day at 9 London time or Paris time", Why.ZONE),
        ("every day at 9am Mars time", Why.ZONE),
        ("every day at 9 in Atlantis time", Why.ZONE),
        ("9am utc+2 daily", Why.ZONE),
        ("a tip on mondays at 9 in #a and #b", Why.CHANNEL),
        ("mon 9am in #a, tue 10am", Why.CHANNEL),
        ("remind me at 4 today or so", None),
        ("this weekend at 10", Why.NO_DAYS),
        ("twice at 9 and 4", Why.NO_DAYS),
        ("remind me monday next month at 9", Why.UNCLEAR),
        ("remind me on 2126-03-01 at 9am", Why.NO_SUCH_TIME),
        ("remind me in 9000 minutes", Why.NO_SUCH_TIME),
        ("remind me at the top of the week", Why.NEITHER),
        ("remind me this year at 9", Why.NO_DAYS),
        ("weekdays until 5pm at 9", Why.RHYTHM),
        ("remind me every day at 12345", Why.NO_SUCH_TIME),
        ("ten past thirty every day", Why.RHYTHM),
        ("quarter to thirty every day", Why.NO_SUCH_TIME),
        ("remind me in half a week", Why.NEITHER),
        ("remind me on the first monday of next week at 9", Why.RHYTHM),
        ("every 7th weekday at 9", Why.RHYTHM),
        ("every two mondays at 9", Why.RHYTHM),
        ("at 5 and 8:75 every day", Why.NO_SUCH_TIME),
        ("monthly at 9", Why.NO_DAYS),
        ("remind me an hour from friday at 9am", Why.NO_DAYS),
        ("pause my reminders until 8am", Why.PAST),
        ("pause until next friday", Why.WHICH_DAY),
        ("pause until 30 february", Why.NO_SUCH_TIME),
        ("pause until 25:00", Why.NO_SUCH_TIME),
        ("pause until tomorrow at 3", Why.HALF),
        ("move my tip to 25:00", Why.NO_SUCH_TIME),
        ("move my tip to 9 and 10", Why.CHANGE),
        ("move my 9am tip to 30 february", Why.NO_TIME),
        ("move my 9am tip to next friday", Why.NO_TIME),
        ("move my tip to tomorrow", Why.NO_TIME),
        ("move my tip to every other friday at 9", Why.RHYTHM),
        ("move my tip to friday at 9 and monday at 4", Why.CHANGE),
        ("push my 11pm one back by 2 hours later", Why.CHANGE),
        ("change my time zone to 9am atlantis time", Why.ZONE),
        ("post my tip in the team channel instead", Why.CHANGE),
    ],
)
def test_it_is_asked_for_a_reason(text, why):
    """Each reason has its own question; what is plain is not asked."""
    assert asks(text) is why


def lines_of(text, now=MONDAY, where=BERLIN):
    return [{k: v for k, v in as_json(w).items() if v and k != "timezone"} for w in say(text, now, where)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("every day at 930 pm", {"cron": "30 21 * * *"}),
        ("every day at nine twenty five am", {"cron": "25 9 * * *"}),
        ("weekdays at 1630 hrs", {"cron": "30 16 * * MON-FRI"}),
        ("weekdays at 930", {"cron": "30 9 * * MON-FRI"}),
        ("weekdays at nine hundred hours", {"cron": "0 9 * * MON-FRI"}),
        ("weekdays at 14 hours", {"cron": "0 14 * * MON-FRI"}),
        ("remind me for 9 every weekday", {"cron": "0 9 * * MON-FRI"}),
        ("every weekday at 9 from tomorrow", {"cron": "0 9 * * MON-FRI"}),
        ("quarter to midnight every day", {"cron": "45 23 * * *"}),
        ("every day at quarter to one pm", {"cron": "45 12 * * *"}),
        ("every day at 11 at night", {"cron": "0 23 * * *"}),
        ("every day at 2 at night", {"cron": "0 2 * * *"}),
        ("2 and 4pm daily", {"cron": "0 14,16 * * *"}),
        ("7 and 9am daily", {"cron": "0 7,9 * * *"}),
        ("weekdays at 0930 sharp", {"cron": "30 9 * * MON-FRI"}),
        ("weekdays at 2030", {"cron": "30 20 * * MON-FRI"}),
        ("every day at 9 since 2025", {"cron": "0 9 * * *"}),
        ("weekdays at 9am not 10am", {"cron": "0 9 * * MON-FRI"}),
        ("every two hours from nine to five on mondays", {"cron": "0 9,11,13,15,17 * * MON"}),
        ("every hour from 9 to 12", {"cron": "0 9,10,11,12 * * *"}),
        ("I work 9 to 5, tip every 2 hours", {"cron": "0 9,11,13,15,17 * * *"}),
        ("ET daily at 9am", {"cron": "0 9 * * *"}),
        ("remind me on 1 february at 9am", {"run_at": "2027-02-01T09:00"}),
        ("mondays from monday at 9", {"cron": "0 9 * * MON"}),
        ("at 9, 10, 11 in <#C12|support> mondays", {"cron": "0 9,10,11 * * MON", "channel": "#support"}),
        ("post mondays at 9 in <#C0ABC>", {"cron": "0 9 * * MON", "channel": "#c0abc"}),
        ("in #a mondays 9am", {"cron": "0 9 * * MON", "channel": "#a"}),
        ("remind me a week from friday at 9am", {"run_at": "2026-03-13T09:00"}),
        ("remind me two weeks from tomorrow at 9am", {"run_at": "2026-03-17T09:00"}),
        ("remind me at 4 today", {"run_at": "2026-03-02T16:00"}),
        ("remind me at quarter past 4 this afternoon", {"run_at": "2026-03-02T16:15"}),
        ("remind me on the second monday of march at 9", {"run_at": "2026-03-09T09:00"}),
        ("remind me on the first monday of january at 9", {"run_at": "2027-01-04T09:00"}),
        ("remind me on the last friday of next month at 9", {"run_at": "2026-04-24T09:00"}),
        ("remind me on the last friday of this month at 9", {"run_at": "2026-03-27T09:00"}),
        ("remind me once at 9", {"run_at": "2026-03-03T09:00"}),
        ("remind me in March 3 at 9pm", {"run_at": "2026-03-03T21:00"}),
        ("every day at 9:00 am am", {"cron": "0 9 * * *"}),
        ("remind me daily at quarter past 9:00", {"cron": "15 9 * * *"}),
        ("remind me daily at quarter to 09:00", {"cron": "45 8 * * *"}),
        ("remind me on the 5th friday of may at 9", {"run_at": "2026-05-29T09:00"}),
    ],
)
def test_it_is_set_as_it_is_said(text, line):
    """The rarer ways to say it."""
    assert lines_of(text) == [{"action": "create", **line}]


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("pause until 2 hours from now", "2026-03-02T12:00"),
        ("pause until tomorrow at 3pm", "2026-03-03T15:00"),
        ("pause until 4", "2026-03-02T16:00"),
        ("taking the week off, silence please", "2026-03-09"),
        ("pause my tips until the weekend", "2026-03-07"),
        ("pause my tips until after the weekend", "2026-03-09"),
        ("no tips next weekend", "2026-03-16"),
        ("hold my reminders next month", "2026-05-01"),
        ("pause until next month", "2026-04-01"),
        ("pause from monday to friday", "2026-03-07"),
        ("pause until friday inclusive", "2026-03-07"),
        ("pause from 3 march until 6 march", "2026-03-06"),
        ("pause until 2026-03-20", "2026-03-20"),
        ("pause until the 20th", "2026-03-20"),
        ("hold off this month", "2026-04-01"),
        ("pause my reminders until January 2027", "2027-01-01"),
        ("pause my reminders until January 2028", "2028-01-01"),
    ],
)
def test_until_when_it_rests(text, until):
    """The first day, or the moment, at which reminders come again."""
    assert lines_of(text)[0]["until"] == until


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("push my 9am tip back 30 minutes", {"time": "09:30"}),
        ("change 9am at 10am", {"time": "10:00"}),
        ("move my 9am tip to tomorrow", {"run_at": "2026-03-03T09:00"}),
        ("my 6pm tip to 8 instead", {"time": "20:00"}),
        ("move my 4pm tip to 5", {"time": "17:00"}),
        ("move my tip at 9am for fridays", {"cron": "0 9 * * FRI"}),
        ("move my tip to 9am London time", {"time": "09:00", "timezone": "Europe/London"}),
        ("make it the 15th of every month at 9", {"cron": "0 9 15 * *"}),
        ("move my tip to #b", {"channel": "#b"}),
    ],
)
def test_what_it_is_moved_to(text, to):
    """Only what is new; a bare hour is of the same half of the day as the old one."""
    assert lines_of(text)[0]["to"] == to


def test_to_go_on_is_an_update_to_nothing_else():
    """The line has no word of its own for it."""
    assert one("resume my reminders").act is Act.RESUME
    assert lines_of("resume my reminders") == [{"action": "update"}]


def test_how_an_existing_one_is_named():
    """By its time, where a bare hour may be either, its days, its channel; an impossible time names none."""
    six = one("cancel my 6 o'clock").which
    assert six == When((time(6), time(18)))
    assert one("cancel the 25:00 one").which == When()
    assert one("cancel the 8am London one").which == When((time(8),), zone=Zone("Europe/London"))
    assert one("cancel the one in #support").channel == Words("#support")
    assert one("delete all of them").every


def test_a_line_of_days():
    """In the order of the week, a run of three or more as a range."""
    assert weekdays(frozenset({Day.SUN, Day.SAT})) == "SAT,SUN"
    assert weekdays(frozenset({Day.SUN, Day.SAT, Day.FRI})) == "FRI-SUN"
    assert cron(When((time(9), time(15)), frozenset({Day.MON, Day.FRI}))) == "0 9,15 * * MON,FRI"


@pytest.mark.parametrize(
    ("place", "said", "where"),
    [
        ("Asia/Manila", "9am pst daily", None),
        ("Europe/Berlin", "9am pst daily", "America/Los_Angeles"),
        ("Europe/Paris", "9am cet daily", "Europe/Paris"),
        ("Europe/Dublin", "9am ist daily", "Europe/Dublin"),
        ("Asia/Shanghai", "9am cst daily", "Asia/Shanghai"),
        ("America/Toronto", "9am est daily", "America/Toronto"),
        ("Asia/Nicosia", "9am Nicosia time daily", "Asia/Nicosia"),
        ("Europe/Berlin", "9 la daily", "America/Los_Angeles"),
        ("Europe/Berlin", "send la tip at 9 daily", "Europe/Berlin"),
        ("Europe/Berlin", "daily at 9 in the London office", "Europe/Berlin"),
        ("Europe/Berlin", "9am prime time daily", None),
        ("Europe/Berlin", "8am Chicago time in Manila, daily", "America/Chicago"),
    ],
)
def test_an_abbreviation_is_read_by_where_somebody_is(place, said, where):
    """Theirs where their clock is called so; where it may be both, it is asked."""
    wish = one(said, where=Zone(place))
    assert (wish.why is Why.ZONE) if where is None else (wish.zone.name == where)


def test_an_hour_that_comes_twice_is_asked():
    """In half an hour it is a quarter past two again, and only the first of the two can be set."""
    night = datetime.fromisoformat("2026-10-25T02:45")
    assert asks("remind me in 30 minutes", night) is Why.NO_SUCH_TIME
    assert asks("remind me in 30 minutes", night.replace(hour=3)) is None


def test_nothing_about_reminders_is_nothing():
    """Talk, a bare place, a bare number."""
    for text in ("", "how are you", "London", "42", "he said it 3 times to me", "the customer was rude"):
        assert say(text) == ()


# ---------------------------------------------------------------- it comes when it says

SPOKEN = ["twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"]
MINUTES = {0: "", 15: " fifteen", 30: " thirty", 45: " forty five", 5: " oh five", 50: " fifty"}


def written(at, how):
    """A time of day as people write or say it, so that only one time can be meant."""
    half = "am" if at.hour < 12 else "pm"
    hour = at.hour % 12 or 12
    spoken = SPOKEN[at.hour % 12]
    following = SPOKEN[(at.hour + 1) % 12]
    part = "in the morning" if at.hour < 12 else "in the afternoon" if at.hour < 18 else "in the evening"
    said = {
        "24": f"{at:%H:%M}",
        "12": f"{hour}:{at.minute:02}{half}",
        "dot": f"{hour}.{at.minute:02} {half}",
        "words": f"{spoken}{MINUTES.get(at.minute, '')} {half}",
        "past": {0: f"{hour} {half}", 15: f"quarter past {spoken} {half}", 30: f"half past {spoken} {half}"},
        "to": {45: f"quarter to {following} {'am' if (at.hour + 1) % 24 < 12 else 'pm'}"},
        "part": f"{spoken}{MINUTES.get(at.minute, '')} {part}",
    }[how]
    if how == "24" and not (at.hour > 12 or at.hour == 0 or said.startswith("0")):
        return written(at, "12")  # "11:15" alone is meant as it stands, but so is "11:15 pm"
    if how == "to" and at.hour % 12 == 11:  # "quarter to twelve pm" may be either
        return f"{hour}:{at.minute:02}{half}"
    if isinstance(said, dict):
        said = said.get(at.minute, f"{hour}:{at.minute:02} {half}")
    if how in ("words", "part") and (at.minute not in MINUTES or at.hour in (0, 12)):
        return f"{hour}:{at.minute:02} {half}"
    return said


ATS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 5, 15, 30, 45, 50]))
HOWS = st.sampled_from(["24", "12", "dot", "words", "past", "to", "part"])
PLACES = st.sampled_from([name for name in zones() if name.startswith(("Europe/", "America/", "Australia/"))])
NOWS = st.integers(0, 1095 * 24 * 60).map(
    lambda n: datetime.fromisoformat("2025-01-01") + timedelta(minutes=n)
)
RHYTHMS = st.sampled_from(
    [
        ("every day", frozenset(Day), None),
        ("weekdays", WORKDAYS, None),
        ("mon-thu", frozenset(list(Day)[:4]), None),
        ("Tuesdays and Fridays", frozenset({Day.TUE, Day.FRI}), None),
        ("every Sunday", frozenset({Day.SUN}), None),
        ("every day except Wednesday", frozenset(Day) - {Day.WED}, None),
        ("on the first Monday of the month", frozenset({Day.MON}), Weeks(frozenset({1}))),
        ("on the last Sunday of each month", frozenset({Day.SUN}), Weeks(frozenset({LAST}))),
        ("on the 31st of every month", frozenset(Day), Dates(frozenset({31}))),
    ]
)


def comes_as_it_says(slot, after):
    """Its next occurrences are on its days, at its wall clock, or just after the clocks leapt over it."""
    there = ZoneInfo(slot.zone.name)
    for day, instant in islice(occurrences(slot, after), 4):
        wall = instant.astimezone(there).replace(tzinfo=None)
        said = datetime.combine(day, slot.at)
        assert Day(day.isoweekday()) in slot.days
        if wall != said:
            just_before = (instant - timedelta(seconds=1)).astimezone(there).replace(tzinfo=None)
            assert just_before < said < wall


@settings(max_examples=150)
@given(RHYTHMS, st.tuples(ATS, HOWS), PLACES, NOWS, st.booleans())
def test_what_is_said_is_when_it_comes(rhythm, clock, place, now, first):
    """Over zones, dates and ways to say it: the time that was said is the time it is set to, and comes at."""
    (days, which, only), (at, how) = rhythm, clock
    said = written(at, how)
    text = f"remind me at {said} {days}" if first else f"remind me {days} at {said}"
    wish = one(text, now, Zone(place))
    assert wish.act is Act.CREATE, text
    assert wish.slots == (Slot(Zone(place), at, which, only),), text
    comes_as_it_says(wish.slots[0], now.replace(tzinfo=ZoneInfo(place)).astimezone(UTC))


@settings(max_examples=150)
@given(
    NOWS, PLACES, st.integers(1, 300), st.tuples(ATS, HOWS), st.sampled_from(["date", "tomorrow", "minutes"])
)
def test_a_single_one_comes_at_the_very_time(now, place, ahead, clock, kind):
    """Once, on that date, at that time on the wall; where the clocks leap over it, it is asked instead."""
    where, there, (at, how) = Zone(place), ZoneInfo(place), clock
    day = now.date() + timedelta(days=ahead if kind == "date" else 1)
    text = {
        "date": f"remind me on {day.isoformat()} at {written(at, how)}",
        "tomorrow": f"remind me tomorrow at {written(at, how)}",
        "minutes": f"remind me in {ahead} minutes",
    }[kind]
    wish = one(text, now, where)
    if wish.act is Act.CLARIFY:
        assert wish.why is Why.NO_SUCH_TIME, text
        return
    (slot,) = wish.slots
    begin = now.replace(tzinfo=there).astimezone(UTC)
    ((found, instant),) = occurrences(slot, begin - timedelta(days=2))
    wall = instant.astimezone(there).replace(tzinfo=None)
    assert (wall.date(), wall.time()) == (slot.only, slot.at) == (found, slot.at)
    if kind == "minutes":
        assert timedelta(0) <= begin + timedelta(minutes=ahead) - instant < timedelta(minutes=1)
    else:
        assert (slot.only, slot.at) == (day, at), text


JUMBLE = """every day weekdays monday mondays friday the first last of month 9 9am 17:30 half past to
quarter five noon at on in and , or from until for except tomorrow next week two hours 20 minutes berlin
new york time est #team channel cancel move pause my reminder all tips send remind me list instead 3rd
15th march not then . 25:00 every other morning evening tonight don't back before after twice an hour
later only 2026-05-01 31/2"""


@settings(max_examples=200)
@given(st.lists(st.sampled_from(JUMBLE.split()), max_size=14).map(" ".join), PLACES, NOWS)
def test_whatever_is_said(text, place, now):
    """Any jumble is understood or asked, never an error; what is set comes at the time it is set to."""
    for wish in understood(text, now, Zone(place)):
        json.dumps(as_json(wish))
        assert (wish.act is Act.CREATE) <= bool(wish.slots), text
        for slot in wish.slots if wish.act is Act.CREATE else ():
            comes_as_it_says(slot, now.replace(tzinfo=ZoneInfo(slot.zone.name)).astimezone(UTC))


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_any_text(text):
    """No text is an error, however strange."""
    for wish in heard(Words(text), MONDAY, BERLIN):
        json.dumps(as_json(wish))


def test_what_stands_behind_at_is_where_it_goes():
    """“My 9am at 10am”: the first names it, the second is what it moves to."""
    (wish,) = understood("change my 9am at 10am", MONDAY, BERLIN)
    assert as_json(wish)["to"] == {"time": "10:00"}


def test_half_a_day_alone_names_no_time():
    """“pm” without an hour is asked about."""
    (wish,) = understood("remind me every weekday pm", MONDAY, BERLIN)
    assert wish.act is Act.CLARIFY
