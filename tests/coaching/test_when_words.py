"""What is said of reminders, understood: set, cancelled, rested, moved, listed or asked; never guessed."""

import json
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from coaching.people import LAST, WORKDAYS, Dates, Day, Slot, Weeks, Zone
from coaching.sealed import Words
from coaching.when import Act, Why, heard, occurrences, understood, zones
from coaching.when.line import as_json

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
        got = [plain(as_json(wish)) for wish in found]
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
