"""Promises: found in a draft, offered with a time, kept as sent, and said on two days at most."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.kept import Promise
from coaching.offers import _MOST, Offers
from coaching.people import Day, For, Person, Place, Room, Schedule, Slot, Zone
from coaching.playbook.promising import NONE, read_promising
from coaching.sealed import Words
from coaching.skills.promises import EVENING, MOST, offered, promises
from coaching.skills.promises.find import promised
from coaching.skills.promises.moments import moments
from coaching.skills.promises.screens import line
from coaching.turn import Known, Preferences, PromiseEnded, PromiseKept, PromiseMoved, Turn
from coaching.values import Command, Due, Form, Handed, Message, Opened, Reply, Said, Submitted, Tapped

BERLIN = Zone("Europe/Berlin")
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)  # a Monday, 9:00 in Berlin
NOW = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - on the wall clock there
DM = Place("web", "local", "D1")
KNOWN = Known(preferences=Preferences(zone=BERLIN))
THURSDAY = Slot(BERLIN, time(15), frozenset({Day.THU}), date(2026, 3, 5))
ONE = Promise(7, Words("call Ana"), THURSDAY, (7, 8))
SETS = Path(__file__).parents[2] / "sets/promises.jsonl"


def message(content, at=AT, where=DM):
    return Message("m1", Person("web", "local", "U1"), where, at, content)


def sent(known=KNOWN, at=AT, where=DM, **fields):
    given = {"what": Words("call Ana")} | fields
    return lambda playbook: promises(message(Submitted("promises.keep", given), at, where), known, playbook)


def test_found_in_replies_written_for_it(playbook):
    """At least nine of ten that are found are promises, and three of five are found, with their time."""
    rows = [json.loads(told) for told in SETS.read_text(encoding="utf-8").splitlines()]
    found = [(row, promised(row["text"], playbook.promising)) for row in rows]
    right = [(row, one) for row, one in found if one and row["promise"]]
    assert len(rows) == 240
    assert len(right) / sum(1 for _, one in found if one) >= 0.9
    assert len(right) / sum(1 for row in rows if row["promise"]) >= 0.6
    timed = [any(word in row["promise"]["when"].lower() for word in one.when.split()) for row, one in right]
    assert sum(timed) / len(timed) >= 0.9


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("tomorrow at 3 pm", ["03-03T15:00"]),
        ("by 5 pm", ["03-02T17:00"]),
        ("within two hours", ["03-02T11:00"]),
        ("tomorrow", ["03-03T09:00", "03-03T15:00"]),
        ("by friday afternoon", ["03-06T15:00"]),
        ("tomorrow morning", ["03-03T10:00"]),
        ("by the end of this week", ["03-06T17:00"]),
        ("today", ["03-02T17:00"]),
        ("at quarter past seven", ["03-02T19:15", "03-03T07:15"]),
        ("soonish", ["03-02T09:00", "03-02T15:00"]),
        ("", []),
    ],
)
def test_when_it_would_come(when, expected, playbook):
    """One time where it is clear, several to choose from where it is not, and none that is over."""
    found = moments(when, NOW, BERLIN, playbook.promising)
    assert all(one > NOW for one in found)
    if expected and when != "soonish":
        assert sorted(f"{one:%m-%dT%H:%M}" for one in found) == sorted(expected)
    assert 1 <= len(found) <= 3


@pytest.mark.parametrize(
    ("content", "is_offered"),
    [
        (Submitted("review.draft", {"draft": Words("I'll call you tomorrow.")}), True),
        (Submitted("review.draft", {}), False),
        (Handed(Words("I'll call you tomorrow."), own=True), True),
        (Handed(Words("I'll call you tomorrow."), own=False), False),
        (Said(Words("review: I'll call you tomorrow.")), True),
        (Command("review", Words("I will call you by Friday.")), True),
        (Command("review", Words("Thank you, that is kind.")), False),
        (Opened("home"), False),
    ],
)
def test_offered_for_ones_own_reply(content, is_offered, playbook):
    """The line is held for the tap and stands in no button; nothing becomes a fact."""
    turn = offered(Turn((Reply(()),)), message(content), KNOWN, playbook)
    assert bool(turn.offers) == is_offered
    assert turn.facts == ()
    for choice in turn.replies[0].choices:
        assert "call" not in choice.value
        opened = promises(message(Tapped("promises.open", choice.value)), KNOWN, playbook).replies[0]
        assert isinstance(opened, Form)
    form = Turn((Form("a", "b"),))
    assert offered(form, message(content), KNOWN, playbook) == form


def test_held_for_half_an_hour_for_one_person():
    """Nobody else is given it, and nobody later; the oldest make room."""
    offers, who = Offers(), Person("web", "local", "U1")
    offers.hold(who, "k", Words("x"), AT)
    assert offers.held(who, "k", AT) == Words("x")
    assert offers.held(Person("web", "local", "U2"), "k", AT) is None
    assert offers.held(who, "k", AT.replace(minute=30)) is None
    for number in range(_MOST):
        offers.hold(who, str(number), Words("y"), AT)
    assert offers.held(who, "k", AT) is None
    assert "x" not in repr(offers)


def test_kept_as_sent(playbook):
    """In the person's own chat, on one line, with the evening before where that is still to come."""
    (fact,) = sent(what=Words(" call\n Ana "), when=("2026-03-05T15:00",))(playbook).facts
    eve = Slot(BERLIN, EVENING, frozenset({Day.WED}), date(2026, 3, 4))
    assert fact == PromiseKept(Words("call Ana"), THURSDAY, eve, DM)
    (today,) = sent(day=("2026-03-02",), time=("17:00",))(playbook).facts
    assert today.eve is None
    channel = Place("web", "local", "C1", Room.CHANNEL)
    (there,) = sent(where=channel, when=("2026-03-05T15:00",), zone=("Europe/London",))(playbook).facts
    assert there.to == Place("web", "local", "U1")
    assert there.slot.zone == Zone("Europe/London")


@pytest.mark.parametrize(
    "fields",
    [
        {"what": ("x",), "when": ("2026-03-05T15:00",)},
        {"when": ("2026-03-01T15:00",)},
        {"when": ("tomorrow",)},
        {"known": Known(), "when": ("2026-03-05T15:00",), "zone": ("Nowhere/Gone",)},
    ],
)
def test_not_kept(fields, playbook):
    """Without a line, a time to come or a zone it is asked again."""
    turn = sent(**fields)(playbook)
    assert turn.facts == ()
    assert isinstance(turn.replies[0], Form)


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"day": ("2026-03-06",)}, "2026-03-06 15:00"),
        ({"time": ("16:30",)}, "2026-03-05 16:30"),
        ({"day": ("2026-03-06",), "time": ("16:30",)}, "2026-03-06 16:30"),
    ],
)
def test_a_day_or_a_time_of_ones_own_goes_before(fields, at, playbook):
    """Of the time that was filled in, only what was chosen anew changes."""
    (fact,) = sent(when=("2026-03-05T15:00",), **fields)(playbook).facts
    assert f"{fact.slot.only} {fact.slot.at:%H:%M}" == at


def test_shown_again_with_what_was_chosen(playbook):
    """The times it may mean are still there, and the day; without such times the day says what to mend."""
    fields = {"what": Words("call Ana"), "day": ("2020-01-01",)}
    offered = Submitted("promises.keep", fields, "2026-03-03T09:00|2026-03-03T15:00")
    form = promises(message(offered), KNOWN, playbook).replies[0]
    when = next(field for field in form.fields if field.name == "when")
    assert [one.id for one in when.options] == offered.state.split("|")
    assert when.problem
    form = promises(message(Submitted("promises.keep", fields)), KNOWN, playbook).replies[0]
    day = next(field for field in form.fields if field.name == "day")
    assert (day.picked, bool(day.problem), day.optional) == (("2020-01-01",), True, False)


def test_times_of_rest_are_told(playbook):
    """A reminder never comes then: it is said at once, and "again tomorrow" passes over such days."""
    resting = replace(KNOWN, preferences=Preferences(zone=BERLIN, days_off=frozenset({Day.TUE, Day.THU})))
    kept = sent(known=resting, when=("2026-03-05T15:00",))(playbook)
    assert len(kept.facts) == 1
    assert "a day off" in str(kept.replies[0].blocks[-1])
    assert "a day off" not in str(sent(when=("2026-03-05T15:00",))(playbook).replies[0].blocks[-1])
    again = promises(message(Tapped("promises.again", "7")), replace(resting, promises=(ONE,)), playbook)
    assert again.facts[0].slot.only == date(2026, 3, 4)
    never = replace(
        KNOWN, preferences=Preferences(quiet_from=time(14), quiet_until=time(16)), promises=(ONE,)
    )
    again = promises(message(Tapped("promises.again", "7")), never, playbook)
    assert again.facts[0].slot.only == date(2026, 3, 3)


def test_thirty_are_enough(playbook):
    """One more is refused kindly."""
    full = Known(preferences=KNOWN.preferences, promises=(ONE,) * MOST)
    turn = sent(known=full, when=("2026-03-05T15:00",))(playbook)
    assert turn.facts == ()
    label = playbook.wording.label("promises.problem.full")
    assert label in {field.problem for field in turn.replies[0].fields}


def test_done_again_deleted(playbook):
    """Of the person's own only; "again" is tomorrow at the same time."""
    known = Known(promises=(ONE,))
    for action in ("promises.done", "promises.delete"):
        assert promises(message(Tapped(action, "7")), known, playbook).facts == (PromiseEnded(7),)
        assert promises(message(Tapped(action, "9")), known, playbook).facts == ()
    (fact,) = promises(message(Tapped("promises.again", "7")), known, playbook).facts
    assert fact == PromiseMoved(7, Slot(BERLIN, time(15), frozenset({Day.TUE}), date(2026, 3, 3)))
    assert promises(message(Tapped("promises.again", "9")), known, playbook).facts == ()


def due(day, number):
    schedule = Schedule(number, For.PROMISE, THURSDAY, DM, "U1")
    return Due(1, schedule, Person("web", "local", "U1"), day)


@pytest.mark.parametrize(
    ("day", "number", "says"),
    [(5, 7, "It is due now."), (4, 8, "It is due Thursday 15:00, Berlin time.")],
)
def test_the_line_that_comes(day, number, says, playbook):
    """At the time and the evening before; none where the promise is gone."""
    letter = line(due(date(2026, 3, day), number), AT, (ONE,), playbook)
    text = "".join(p.reveal() if isinstance(p, Words) else p for p in letter.reply.blocks[0].text)
    assert text.startswith("You promised: “call Ana” ")
    assert says in text
    assert letter.reply.only_you
    assert line(due(date(2026, 3, day), 99), AT, (ONE,), playbook) is None


ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC"])


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001
    st.integers(0, 400 * 24 * 60),
    ZONES,
)
def test_never_two_on_one_day(playbook, now, ahead, where):
    """Whatever the zone, the season and the hour: the evening line comes the day before."""
    picked = datetime.fromtimestamp(now.timestamp() + ahead * 60, UTC)
    fields = {"when": (f"{picked:%Y-%m-%dT%H:%M}",), "zone": (where,)}
    for fact in sent(at=now, **fields)(playbook).facts:
        assert fact.eve is None or (fact.slot.only - fact.eve.only).days == 1
        assert {type(slot.only) for slot in (fact.slot, fact.eve) if slot} == {date}


def test_faults_of_the_data_are_named():
    """With the key, and without a crash."""
    faults = []
    read_promising({"parts": {"noon": "late"}, "more": 1}, faults)
    read_promising({}, faults)
    told = " ".join(faults)
    assert "'more' is unknown" in told
    assert "'parts.noon'" in told
    assert "[parts]" in told
    assert NONE.time("tomorrow") is None
