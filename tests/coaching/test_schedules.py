"""Reminders, team tips and settings: what is set, shown, changed and stopped, and what is kindly declined."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from coaching.intent import meaning
from coaching.kept import Outcome, Past
from coaching.people import LAST, WORKDAYS, Dates, Day, For, Person, Place, Room, Schedule, Slot, Weeks, Zone
from coaching.ports import Later, Posted
from coaching.sealed import Sealed, Words
from coaching.skills.schedules import rest, schedules
from coaching.skills.schedules.fields import Asked, carried, narrowed, picked_up, widened
from coaching.turn import (
    Known,
    Preferences,
    PreferencesSet,
    ScheduleDeleted,
    ScheduleMoved,
    SchedulePaused,
    ScheduleSet,
    Setup,
    TeamTips,
)
from coaching.values import Choice, Command, Form, Item, Message, Opened, Own, Points, Said, Submitted, Tapped
from coaching.when import Act, When, Wish

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday, 09:00 in Berlin
BERLIN, LISBON = Zone("Europe/Berlin"), Zone("Europe/Lisbon")
WHO = Person("web", "t", "U1")
CHAT, HOME = Place("web", "t", "D1"), Place("web", "t", "U1", Room.HOME)
CHANNEL = Place("web", "t", "C1", Room.CHANNEL, thread="17.4")
SLOT = Slot(BERLIN, time(9, 30), WORKDAYS)
MINE = Schedule(1, For.ME, SLOT, CHAT, "U1")
TEAM = Schedule(2, For.TEAM, SLOT, Place("web", "t", "C1", Room.CHANNEL), "U2")
THEIRS = Schedule(3, For.ME, SLOT, Place("web", "t", "D9"), "U9")
GOOD = {"days": ("1", "2", "3", "4", "5"), "time": ("09:30",), "zone": ("Europe/Berlin",)}
SETTINGS = ("zone", "less_words", "quiet_from", "quiet_until", "days_off", "away_until")


def turn(playbook, content, known=None, where=CHAT, hint=None):
    heard = Message("m", WHO, where, NOW, content, hint)
    return schedules(heard, replace(known or Known(), understood=meaning(heard, playbook)), playbook)


def only(turn):
    (reply,) = turn.replies
    return reply


def shown(reply):
    lines = [x for b in reply.blocks for x in (b.items if isinstance(b, Points) else (b.text,))]
    return "\n".join("".join(line) for line in lines)


def field(form, name):
    (found,) = (f for f in form.fields if f.name == name)
    return found


def problems(form):
    return {f.name for f in form.fields if f.problem}


def buttons(reply):
    inside = [c for b in reply.blocks if isinstance(b, Item) for c in b.choices]
    return [(c.action, c.value) for c in (*inside, *reply.choices)]


# ---------------------------------------------------------------- a person's own


@pytest.mark.parametrize("content", [Command("remind", Words("")), Tapped("schedules.open")], ids=repr)
@pytest.mark.parametrize(
    ("preferences", "hint", "zone"),
    [
        (Preferences(), None, ()),
        (Preferences(), BERLIN, ("Europe/Berlin",)),
        (Preferences(LISBON), BERLIN, ("Europe/Lisbon",)),
    ],
    ids=["unknown", "hinted", "set"],
)
def test_the_form_knows_the_zone(playbook, content, preferences, hint, zone):
    """Days, a morning and the zone are filled in as far as known: one tap is enough, all of it can change."""
    form = only(turn(playbook, content, Known(preferences=preferences), hint=hint))
    assert isinstance(form, Form)
    assert field(form, "days").picked == ("1", "2", "3", "4", "5")
    assert field(form, "time").picked == ("09:00",)
    assert field(form, "zone").picked == zone
    assert problems(form) == set()


@pytest.mark.parametrize(
    ("where", "to"), [(CHAT, CHAT), (HOME, replace(CHAT, id="U1")), (CHANNEL, replace(CHAT, id="U1"))]
)
def test_a_reminder_is_set(playbook, where, to):
    """It comes to the private chat, wherever it was set; the zone is remembered if it was not known."""
    done = turn(playbook, Submitted("schedules.mine", GOOD), where=where)
    assert done.facts == (ScheduleSet(For.ME, SLOT, to), PreferencesSet(Preferences(BERLIN)))
    told = shown(only(done))
    assert "every weekday at 09:30, Berlin time" in told
    for line in ("Monday 09:30", "Tuesday 09:30", "Wednesday 09:30", "Europe/Berlin as your time zone"):
        assert line in told


def test_a_known_zone_stays(playbook):
    """A reminder in another zone does not change the settings."""
    done = turn(playbook, Submitted("schedules.mine", GOOD), Known(preferences=Preferences(LISBON)))
    assert done.facts == (ScheduleSet(For.ME, SLOT, CHAT),)


def test_a_reminder_that_would_never_come_says_so(playbook):
    """Days off and quiet hours that cover it are named at once."""
    known = Known(preferences=Preferences(BERLIN, days_off=WORKDAYS))
    assert "none would arrive" in shown(only(turn(playbook, Submitted("schedules.mine", GOOD), known)))


@pytest.mark.parametrize(
    ("fields", "bad"),
    [
        ({}, {"days", "time", "zone"}),
        (GOOD | {"time": ("25:00",)}, {"time"}),
        (GOOD | {"time": ("09:00", "10:00")}, {"time"}),
        (GOOD | {"days": ("8", "x")}, {"days"}),
        (GOOD | {"zone": ("Mars/Base",)}, {"zone"}),
        (GOOD | {"days": Words("1"), "zone": Sealed("Europe/Berlin")}, {"days", "zone"}),
    ],
    ids=["empty", "hour", "two", "days", "zone", "kinds"],
)
def test_what_is_wrong_is_shown_at_its_field(playbook, fields, bad):
    """The same form comes back; what was right stays filled in."""
    done = turn(playbook, Submitted("schedules.mine", fields))
    form = only(done)
    assert (form.id, problems(form), done.facts) == ("schedules.mine", bad, ())
    assert all(bool(field(form, name).picked) for name in {"days", "time", "zone"} - bad)


def test_the_same_again_and_a_fourth_are_declined(playbook):
    """One of a kind is enough, and three a day."""
    three = tuple(replace(MINE, id=n, slot=replace(SLOT, at=time(9 + n))) for n in (1, 2, 3))
    same = turn(playbook, Submitted("schedules.mine", GOOD), Known(schedules=(MINE,)))
    fourth = turn(playbook, Submitted("schedules.mine", GOOD), Known(schedules=three))
    assert (same.facts, fourth.facts) == ((), ())
    assert "already have that one" in shown(only(same))
    assert "three a day on Monday" in shown(only(fourth))
    assert ("schedules.delete", "2") in buttons(only(fourth))
    weekend = turn(playbook, Submitted("schedules.mine", GOOD | {"days": ("6",)}), Known(schedules=three))
    assert [type(fact) for fact in weekend.facts] == [ScheduleSet, PreferencesSet]
    others = turn(playbook, Submitted("schedules.mine", GOOD), Known(schedules=(TEAM, THEIRS)))
    assert [type(fact) for fact in others.facts] == [ScheduleSet, PreferencesSet]


@pytest.mark.parametrize("kind", [Said, lambda words: Command("remind", words)], ids=["said", "command"])
def test_clear_words_set_it(playbook, kind):
    """Every word understood and a zone known: nothing is left to ask."""
    words = Words("remind me mondays at 4pm Lisbon time")
    done = turn(playbook, kind(words), hint=BERLIN)
    assert done.facts[0] == ScheduleSet(For.ME, Slot(LISBON, time(16), frozenset({Day.MON})), CHAT)


def test_unclear_words_open_the_form_with_what_was_understood(playbook):
    """A command opens it; a typed message cannot, so its button does."""
    words = Words("remind me mondays maybe")
    assert only(turn(playbook, Command("remind", words))).id == "schedules.mine"
    partly = Words("remind me tomorrow and each monday at 10:30")
    form = only(turn(playbook, Command("remind", partly), hint=BERLIN))
    reply = only(turn(playbook, Said(partly), hint=BERLIN))
    (choice,) = reply.choices
    assert form.id == "schedules.mine"
    assert form == only(turn(playbook, Tapped(choice.action, choice.value), hint=LISBON))
    assert [field(form, name).picked for name in ("days", "time", "zone")] == [
        ("1",),
        ("10:30",),
        (BERLIN.name,),
    ]
    nothing = only(turn(playbook, Said(Words("set a reminder"))))
    assert "the days and the time" in shown(nothing)
    assert nothing.choices[0].value == "12345|09:00|"


def test_clear_words_without_a_zone_ask_for_it(playbook):
    """Nobody is woken in another country."""
    form = only(turn(playbook, Command("remind", Words("weekdays at 9"))))
    assert field(form, "time").picked == ("09:00",)
    assert field(form, "zone").picked == ()
    asked = only(turn(playbook, Said(Words("remind me weekdays at 9"))))
    assert "Only your time zone is missing" in shown(asked)
    assert asked.choices[0].value == "12345|09:00|"


@pytest.mark.parametrize("value", ["", "||", "x|y|z", "12345|99:99|Mars/Base", "|" * 50, "12345|09:00"])
def test_a_button_may_carry_anything(playbook, value):
    """What cannot be read is as if it were not there."""
    assert isinstance(only(turn(playbook, Tapped("schedules.open", value))), Form)


def test_what_a_button_carries_comes_back():
    """Days, time and zone survive the way through the platform."""
    whole = Asked(frozenset({Day.MON, Day.SUN}), time(7, 5), LISBON)
    assert picked_up(carried(whole), Asked()) == whole
    assert carried(whole) == "17|07:05|Europe/Lisbon"
    assert picked_up(carried(Asked()), whole) == whole


# ---------------------------------------------------------------- the list

ALL = Known(schedules=(MINE, TEAM, THEIRS))


@pytest.mark.parametrize(
    "content",
    [
        Command("reminders", Words("")),
        Said(Words("show my reminders")),
        Tapped("schedules.list"),
        Tapped("schedules.x"),
        Submitted("schedules.x", {}),
        Opened("chat"),
    ],
    ids=repr,
)
def test_the_list(playbook, content):
    """Their own and the channel's, each with its buttons, and never another person's."""
    reply = only(turn(playbook, content, ALL))
    assert "Just for you: every weekday at 09:30, Berlin time" in shown(reply)
    assert "Team tip in #C1, set by @U2" in shown(reply)
    assert "Next one: Monday 09:30, Berlin time" in shown(reply)
    verbs = ("pause", "change", "delete")
    lines = [(f"schedules.{verb}", value) for value in ("1", "2") for verb in verbs]
    lines.insert(3, ("schedules.preview", "2"))
    assert buttons(reply) == [*lines, ("schedules.open", ""), ("schedules.history", "")]


def test_a_paused_one_can_be_resumed(playbook):
    """It says so, and counts for nothing that comes next."""
    reply = only(turn(playbook, Tapped("schedules.list"), Known(schedules=(replace(MINE, paused=True),))))
    assert "(paused)" in shown(reply)
    assert "Next one" not in shown(reply)
    assert ("schedules.resume", "1") in buttons(reply)


@pytest.mark.parametrize(
    ("verb", "fact"),
    [
        ("pause", SchedulePaused(1, True)),
        ("resume", SchedulePaused(1, False)),
        ("delete", ScheduleDeleted(1)),
    ],
)
def test_one_button_one_change(playbook, verb, fact):
    """Each does what it says and confirms it in words."""
    done = turn(playbook, Tapped(f"schedules.{verb}", "1"), ALL)
    assert done.facts == (fact,)
    assert "every weekday at 09:30" in shown(only(done))


@pytest.mark.parametrize("verb", ["pause", "resume", "delete", "change", "stop"])
@pytest.mark.parametrize("value", ["3", "99", "x", "1; drop"])
def test_what_is_gone_or_not_theirs(playbook, verb, value):
    """A kind line, what there is, and no change."""
    done = turn(playbook, Tapped(f"schedules.{verb}", value), ALL)
    assert done.facts == ()
    assert "not there any more" in shown(only(done))
    assert "Just for you" in shown(only(done))
    assert "No reminders yet" in shown(only(turn(playbook, Tapped(f"schedules.{verb}", value))))


def test_change(playbook):
    """The form has what is set now; sent, it moves the reminder."""
    form = only(turn(playbook, Tapped("schedules.change", "1"), ALL))
    assert (form.state, field(form, "time").picked) == ("1", ("09:30",))
    fields = GOOD | {"time": ("10:00",)}
    done = turn(playbook, Submitted("schedules.mine", fields, "1"), ALL)
    assert done.facts == (ScheduleMoved(1, replace(SLOT, at=time(10))),)
    again = only(turn(playbook, Submitted("schedules.mine", fields | {"time": ()}, "1"), ALL))
    assert (again.state, problems(again)) == ("1", {"time"})
    team = turn(playbook, Submitted("schedules.mine", fields, "2"), ALL)
    assert team.facts == (ScheduleMoved(2, replace(SLOT, at=time(10))),)
    unchanged = turn(playbook, Submitted("schedules.mine", GOOD, "1"), ALL)
    assert unchanged.facts == (ScheduleMoved(1, SLOT),)


def test_change_of_what_is_gone_or_would_be_too_much(playbook):
    """The same refusals as for a new one."""
    assert "not there any more" in shown(only(turn(playbook, Submitted("schedules.mine", GOOD, "7"), ALL)))
    other = replace(MINE, id=5, slot=replace(SLOT, at=time(14)))
    both = Known(schedules=(MINE, other))
    twice = turn(playbook, Submitted("schedules.mine", GOOD, "5"), both)
    assert (twice.facts, "already have that one" in shown(only(twice))) == ((), True)


# ---------------------------------------------------------------- the team


@pytest.mark.parametrize(
    ("where", "channel"), [(CHANNEL, ("C1",)), (replace(CHANNEL, everyone=True), ()), (CHAT, ()), (HOME, ())]
)
def test_the_channel_is_preselected_only_where_it_is_small(playbook, where, channel):
    """A whole company's channel is never proposed."""
    form = only(turn(playbook, Command("team", Words("")), where=where))
    assert (form.id, field(form, "channel").picked) == ("schedules.team", channel)


def test_a_team_tip_asked_for_in_words(playbook):
    """A typed wish gets the button; a command's words fill in the form, but the channel is always chosen."""
    reply = only(turn(playbook, Said(Words("a daily tip for my team"))))
    assert buttons(reply) == [("schedules.team", "")]
    form = only(turn(playbook, Command("team", Words("mondays at 9 in Lisbon"))))
    picked = [field(form, name).picked for name in ("channel", "days", "time", "zone")]
    assert picked == [(), ("1",), ("09:00",), ("Europe/Lisbon",)]


def test_a_team_tip_is_said_there_before_it_is_kept(playbook):
    """Set by whom, when, and with a button for anyone to stop it."""
    done = turn(playbook, Submitted("schedules.team", GOOD | {"channel": ("C7",)}), where=CHANNEL)
    to = Place("web", "t", "C7", Room.CHANNEL)
    assert done.facts == (ScheduleSet(For.TEAM, SLOT, to),)
    letter = done.announce.letter
    assert (letter.to, letter.rule, letter.occurrence) == (to, "A1", date(2026, 3, 2))
    assert letter.reply.only_you is False
    assert "every weekday at 09:30, Berlin time. Set by @U1" in shown(letter.reply)
    assert buttons(letter.reply) == [("schedules.stop", "")]
    assert letter.reply.own == Own("U1", (Choice("Change", "schedules.change"),))
    assert "#C7" in shown(only(done))
    assert only(done).only_you


@pytest.mark.parametrize(
    ("platform", "how"),
    [("slack", "/invite"), ("teams", "Apps tab"), ("web", "Pick another"), ("irc", "add me")],
)
async def test_not_in_the_channel(coach, outbox, platform, how):
    """It says how to invite the coach, keeps nothing, and offers to try again."""
    outbox.answer = Posted.NOT_IN_CHANNEL
    who, where = Person(platform, "t", "U1"), Place(platform, "t", "C1", Room.CHANNEL)
    content = Submitted("schedules.team", GOOD | {"channel": ("C1",)})
    (reply,) = await coach.hear(Message("m", who, where, NOW, content))
    assert how in shown(reply)
    assert buttons(reply) == [("schedules.team", "")]
    assert (await coach.memory.recall(who, where)).schedules == ()


@pytest.mark.parametrize(
    ("posted", "says"),
    [
        (Posted.LATER, "could not post there just now"),
        (Posted.GONE, "could not post there just now"),
        (Later(3), "could not post there just now"),
        (Posted.UNKNOWN, "cannot tell whether my announcement arrived"),
    ],
)
async def test_an_announcement_that_did_not_arrive(coach, outbox, posted, says):
    """It says what is known of it, keeps nothing, and offers to try again."""
    outbox.answer = posted
    content = Submitted("schedules.team", GOOD | {"channel": ("C1",)})
    (reply,) = await coach.hear(Message("m", WHO, CHANNEL, NOW, content))
    assert says in shown(reply)
    assert buttons(reply) == [("schedules.team", "")]
    assert (await coach.memory.recall(WHO, CHANNEL)).schedules == ()


@pytest.mark.parametrize(
    ("fields", "bad"),
    [
        ({}, {"channel", "days", "time", "zone"}),
        (GOOD | {"channel": ("a b",)}, {"channel"}),
        (GOOD | {"channel": ("<!channel>",)}, {"channel"}),
        (GOOD | {"channel": ("C1",), "time": ("nine",)}, {"time"}),
    ],
    ids=["empty", "space", "ping", "time"],
)
def test_what_is_wrong_with_a_team_tip(playbook, fields, bad):
    """The form comes back and nothing is said in any channel."""
    done = turn(playbook, Submitted("schedules.team", fields))
    assert (problems(only(done)), done.facts, done.announce) == (bad, (), None)


def test_the_same_team_tip_again(playbook):
    """One of a kind is enough there, too."""
    done = turn(playbook, Submitted("schedules.team", GOOD | {"channel": ("C1",)}), ALL, CHANNEL)
    assert (done.facts, done.announce) == ((), None)
    assert "already have that one" in shown(only(done))


async def test_a_stranger_stops_the_tip_with_the_button_of_its_announcement(coach, outbox):
    """From the form to the click, through the coach: set by one person, stopped by another."""
    sent = Submitted("schedules.team", GOOD | {"channel": ("C1",)})
    await coach.hear(Message("m1", WHO, CHAT, NOW, sent))
    (letter,) = outbox.letters
    (stop,) = letter.reply.choices
    stranger = Person("web", "t", "U5")
    (reply,) = await coach.hear(Message("m2", stranger, letter.to, NOW, Tapped(stop.action, stop.value)))
    assert "stopped" in shown(reply)
    assert (await coach.memory.recall(WHO, letter.to)).schedules == ()


@pytest.mark.parametrize("value", ["", "2"])
def test_anyone_in_the_channel_stops_it(playbook, value):
    """With the tip's own button, or with that of the announcement, which knows no number yet."""
    done = turn(playbook, Tapped("schedules.stop", value), ALL, CHANNEL)
    assert done.facts == (ScheduleDeleted(2),)
    assert "stopped" in shown(only(done))


def test_changing_without_a_number(playbook):
    """With the announcement's button: the channel's only tip; among several, the list; none: a kind line."""
    assert only(turn(playbook, Tapped("schedules.change"), ALL, CHANNEL)).state == "2"
    two = Known(schedules=(TEAM, replace(TEAM, id=4)))
    several = only(turn(playbook, Tapped("schedules.change"), two, CHANNEL))
    assert {("schedules.change", "2"), ("schedules.change", "4")} <= set(buttons(several))
    assert "not there any more" in shown(only(turn(playbook, Tapped("schedules.change"), two, CHAT)))


def test_stopping_elsewhere_or_among_several(playbook):
    """Two in the channel: which one? None: a kind line. One's own from anywhere: deleted."""
    two = Known(schedules=(TEAM, replace(TEAM, id=4)))
    several = turn(playbook, Tapped("schedules.stop"), two, CHANNEL)
    assert several.facts == ()
    assert ("schedules.delete", "4") in buttons(only(several))
    assert "not there any more" in shown(only(turn(playbook, Tapped("schedules.stop"), two, CHAT)))
    own = turn(playbook, Tapped("schedules.stop", "1"), ALL)
    assert (own.facts, "Deleted" in shown(only(own))) == ((ScheduleDeleted(1),), True)


# ---------------------------------------------------------------- settings


def sent(**fields):
    return Submitted("schedules.settings", fields)


def test_settings_are_shown_as_they_are(playbook):
    """Every field filled in; a leave that is over is not shown again."""
    now = Preferences(LISBON, True, time(20), time(7), frozenset({Day.SUN}), date(2026, 3, 9))
    form = only(turn(playbook, Command("settings", Words("")), Known(preferences=now)))
    picked = [field(form, name).picked for name in SETTINGS]
    assert picked == [("Europe/Lisbon",), ("less",), ("20:00",), ("07:00",), ("7",), ("2026-03-09",)]
    over = replace(now, away_until=date(2026, 3, 2))
    form = only(turn(playbook, Tapped("schedules.settings"), Known(preferences=over)))
    assert field(form, "away_until").picked == ()
    assert all(f.optional for f in form.fields)
    empty = only(turn(playbook, Tapped("schedules.settings")))
    assert [field(empty, name).picked for name in SETTINGS] == [()] * 6


def test_settings_in_a_typed_message(playbook):
    """What is set now, and the button to change it."""
    reply = only(turn(playbook, Said(Words("settings")), Known(preferences=Preferences(LISBON))))
    assert "Time zone: Europe/Lisbon" in shown(reply)
    assert buttons(reply) == [("schedules.settings", "")]


def test_settings_are_kept(playbook):
    """All of them, or none: what is left empty is cleared."""
    done = turn(
        playbook,
        sent(
            zone=("Europe/Lisbon",), less_words=("less",), quiet_from=("20:00",), quiet_until=("07:00",),
            days_off=("6", "7"), away_until=("2026-03-09",),
        ),
    )  # fmt: skip
    wished = Preferences(LISBON, True, time(20), time(7), frozenset({Day.SAT, Day.SUN}), date(2026, 3, 9))
    assert done.facts == (PreferencesSet(wished),)
    assert "back on 9 March 2026" in shown(only(done))
    cleared = turn(playbook, sent(zone=("",), quiet_from=("",)), Known(preferences=wished))
    assert cleared.facts == (PreferencesSet(Preferences()),)


@pytest.mark.parametrize(
    ("fields", "bad"),
    [
        ({"zone": ("Mars/Base",)}, {"zone"}),
        ({"quiet_from": ("20:00",)}, {"quiet_until"}),
        ({"quiet_until": ("20:00",)}, {"quiet_from"}),
        ({"quiet_from": ("8pm",), "quiet_until": ("07:00",)}, {"quiet_from"}),
        ({"away_until": ("soon",)}, {"away_until"}),
        ({"away_until": ("2026-03-02",)}, {"away_until"}),
        ({"away_until": ("9999-12-31",)}, {"away_until"}),
    ],
    ids=repr,
)
def test_what_is_wrong_with_settings(playbook, fields, bad):
    """Shown at its field, and nothing is kept."""
    done = turn(playbook, sent(**fields))
    assert (problems(only(done)), done.facts) == (bad, ())


def test_reminders_move_along(playbook):
    """Another zone offers to take the person's own reminders with it, and only those."""
    known = Known(schedules=(MINE, TEAM))
    done = turn(playbook, sent(zone=("Europe/Lisbon",)), known)
    assert ("schedules.travel", "") in buttons(only(done))
    moved = turn(playbook, Tapped("schedules.travel"), replace(known, preferences=Preferences(LISBON)))
    assert moved.facts == (ScheduleMoved(1, replace(SLOT, zone=LISBON)),)
    same = turn(playbook, sent(zone=("Europe/Berlin",)), known)
    assert ("schedules.travel", "") not in buttons(only(same))
    assert isinstance(only(turn(playbook, Tapped("schedules.travel"), known)), Form)


# ---------------------------------------------------------------- what came lately


def past(number, day, outcome):
    return Past(number, date(2026, 3, day), outcome)


def test_what_came_lately_is_said_in_words(playbook):
    """Each outcome has its sentence, what is under way none; a doubtful one says why it is not sent again."""
    known = replace(
        ALL,
        lately=(
            past(1, 6, Outcome.WAITING), past(1, 6, Outcome.UNDERWAY), past(1, 5, Outcome.UNKNOWN),
            past(2, 5, Outcome.SKIPPED), past(1, 4, Outcome.FAILED), past(1, 3, Outcome.SKIPPED),
            past(2, 2, Outcome.ARRIVED),
        ),
    )  # fmt: skip
    told = shown(only(turn(playbook, Tapped("schedules.history"), known, CHANNEL)))
    for line in (
        "Thursday 5 March 2026: may not have arrived",
        "Wednesday 4 March 2026: could not be delivered",
        "Tuesday 3 March 2026: skipped, because it was too late by then, or you were away",
        "Thursday 5 March 2026: skipped, because it was too late by then or the tip was paused",
        "Monday 2 March 2026: arrived",
        "I would rather leave a tip out than send it twice",
    ):
        assert line in told
    assert "6 March" not in told


def test_what_came_lately_is_short_and_nobody_elses(playbook):
    """Ten lines; a colleague's reminder has none; where nothing came, that is said."""
    days = tuple(past(1, day, Outcome.ARRIVED) for day in range(28, 1, -1))
    told = shown(only(turn(playbook, Tapped("schedules.history"), replace(ALL, lately=days))))
    assert told.count("arrived") == 10
    assert "28 March" in told
    theirs = Known(schedules=(replace(MINE, set_by="U9"),), lately=days)
    told = shown(only(turn(playbook, Tapped("schedules.history"), theirs)))
    assert "Nothing yet" in told
    assert "March" not in told


def test_a_moved_reminder_waits_for_a_date_it_has_not_had(playbook):
    """What came today does not come again at its new time; what still waits does."""
    late = Submitted("schedules.mine", {**GOOD, "time": ("23:00",)}, "1")
    for outcome, first in ((Outcome.ARRIVED, "Tuesday 23:00"), (Outcome.WAITING, "Monday 23:00")):
        known = Known(schedules=(MINE,), lately=(past(1, 2, outcome),))
        assert first in shown(only(turn(playbook, late, known)))


# ---------------------------------------------------------------- in words

MONDAYS = frozenset({Day.MON})
FIRST = Slot(BERLIN, time(10), MONDAYS, Weeks(frozenset({1})))
ONCE = Slot(BERLIN, time(14), frozenset({Day.FRI}), date(2026, 3, 6))


def said(playbook, text, known=None, where=CHAT, kind=Said):
    content = kind(Words(text)) if kind is Said else Command("remind", Words(text))
    return turn(playbook, content, known, where, hint=BERLIN)


@pytest.mark.parametrize(
    "only", [None, Weeks(frozenset({1, LAST})), Dates(frozenset({1, 31})), date(2026, 3, 6)], ids=repr
)
def test_what_a_button_carries_of_a_month_comes_back(only):
    """Whatever a slot is narrowed to survives the way through the platform."""
    whole = Asked(MONDAYS, time(7, 5), LISBON, only)
    assert picked_up(carried(whole), Asked()) == whole
    assert len(carried(whole)) < 60
    assert widened(narrowed(only)) == only


@pytest.mark.parametrize("text", ["w", "w9", "d32", "d0", "x1", "2026-13-01", "w1.", "w٣"])
def test_nothing_else_narrows(text):
    """An old or made-up value is as if it were not there."""
    assert widened(text) is None


def test_a_proposal_that_was_tapped_is_set(playbook):
    """All the slots it carries, and no more than three; what cannot be read opens the form."""
    two = ";".join(carried(Asked(MONDAYS, time(hour), BERLIN)) for hour in (9, 15))
    done = turn(playbook, Tapped("schedules.take", two))
    assert [fact.slot.at for fact in done.facts if isinstance(fact, ScheduleSet)] == [time(9), time(15)]
    many = ";".join(carried(Asked(MONDAYS, time(hour), BERLIN)) for hour in range(8, 14))
    done = turn(playbook, Tapped("schedules.take", many))
    assert len([fact for fact in done.facts if isinstance(fact, ScheduleSet)]) == 3
    assert isinstance(only(turn(playbook, Tapped("schedules.take", "x"))), Form)


def test_what_is_over_is_not_set(playbook):
    """A proposal of last week, a form sent too late, a tip for the team: a single one must still come."""
    past = Asked(frozenset({Day.FRI}), time(9), BERLIN, date(2026, 2, 27))
    known = Known(schedules=(replace(MINE, slot=ONCE), replace(TEAM, slot=ONCE)))
    for content in (
        Tapped("schedules.take", carried(past)),
        Submitted("schedules.mine", GOOD, "new:" + carried(past)),
        Submitted("schedules.team", GOOD | {"channel": ("C7",)}, carried(past)),
    ):
        done = turn(playbook, content, known)
        assert (done.facts, "over already" in shown(only(done))) == ((), True)


def test_a_single_one_that_came_is_not_shown_any_more(playbook):
    """It is neither listed nor counted, but what came of it still is."""
    gone_by = replace(MINE, slot=replace(ONCE, only=date(2026, 2, 27)))
    past = Past(1, date(2026, 2, 27), Outcome.ARRIVED)
    known = Known(schedules=(gone_by,), lately=(past,))
    assert "No reminders yet" in shown(only(turn(playbook, Tapped("schedules.list"), known)))
    assert "Friday 27 February 2026: arrived" in shown(
        only(turn(playbook, Tapped("schedules.history"), known))
    )
    assert "not there any more" in shown(only(turn(playbook, Tapped("schedules.change", "1"), known)))


def test_a_narrowed_one_keeps_its_days_in_the_form(playbook):
    """The form asks for the time alone, and says which days stay."""
    known = Known(schedules=(replace(MINE, slot=FIRST),))
    form = only(turn(playbook, Tapped("schedules.change", "1"), known))
    assert {f.name for f in form.fields} == {"time", "zone"}
    assert "on the first Monday of each month" in shown(form)
    done = turn(
        playbook, Submitted("schedules.mine", {"time": ("11:00",), "zone": ("Europe/Berlin",)}, "1"), known
    )
    assert done.facts == (ScheduleMoved(1, replace(FIRST, at=time(11))),)
    again = only(turn(playbook, Submitted("schedules.mine", {"zone": ("Europe/Berlin",)}, "1"), known))
    assert problems(again) == {"time"}


def test_three_a_day_counts_what_falls_on_the_same_date(playbook):
    """The first Monday is a Monday; a single date is that date alone."""
    three = tuple(replace(MINE, id=n, slot=Slot(BERLIN, time(9 + n), MONDAYS)) for n in (1, 2, 3))
    known = Known(schedules=three)
    assert said(playbook, "remind me on the first monday of each month at 10:15", known).facts == ()
    assert said(playbook, "remind me on 9 march at 4pm", known).facts == ()
    assert said(playbook, "remind me on 10 march at 4pm", known).facts != ()
    month = Known(schedules=(*three[:2], replace(MINE, id=3, slot=FIRST)))
    assert said(playbook, "remind me every monday at 4pm", month).facts == ()


def test_two_wishes_in_one_message(playbook):
    """Each is carried out after what the other leaves; the answer is one."""
    known = Known(schedules=(MINE,))
    done = said(playbook, "cancel my reminder and set one for weekdays at 9:30", known)
    assert done.facts[:2] == (ScheduleDeleted(1), ScheduleSet(For.ME, SLOT, CHAT))
    assert "Deleted: every weekday at 09:30" in shown(only(done))
    both = said(playbook, "resume my reminders and remind me every sunday at 9", known)
    assert any(isinstance(fact, ScheduleSet) for fact in both.facts)


def test_which_one_is_meant(playbook):
    """By its days, its time, its channel; with several that fit it is asked, and never guessed."""
    friday = replace(MINE, id=5, slot=Slot(BERLIN, time(16), frozenset({Day.FRI})))
    known = Known(schedules=(MINE, friday, TEAM))
    assert said(playbook, "cancel my reminder for fridays", known).facts == (ScheduleDeleted(5),)
    assert said(playbook, "cancel my reminder at 4pm", known).facts == (ScheduleDeleted(5),)
    assert said(playbook, "cancel my reminder in #support", known).facts == (ScheduleDeleted(2),)
    assert said(playbook, "cancel all my reminders", known).facts == (ScheduleDeleted(1), ScheduleDeleted(5))
    for text in ("cancel my reminder", "pause my reminder for mondays or so", "change my reminder to 10"):
        done = said(playbook, text, known)
        assert (done.facts, "Which one" in shown(only(done))) == ((), True), text
    none = said(playbook, "pause my reminder for saturdays", known)
    assert "find that one" in shown(only(none))
    paused = said(playbook, "pause my reminders", Known(schedules=(MINE, friday)))
    assert paused.facts == (SchedulePaused(1, True), SchedulePaused(5, True))


def test_a_single_one_is_moved_in_words(playbook):
    """A bare day stays a single one; days with a time are each week."""
    known = Known(schedules=(replace(MINE, slot=ONCE),))
    moved = said(playbook, "change my reminder to 15:00", known)
    assert moved.facts == (ScheduleMoved(1, replace(ONCE, at=time(15))),)
    whole = said(playbook, "change my reminder to mondays at 9", known)
    assert whole.facts == (ScheduleMoved(1, Slot(BERLIN, time(9), MONDAYS)),)
    days = said(playbook, "change my reminder to mondays", known)
    assert days.facts == (ScheduleMoved(1, Slot(BERLIN, time(14), MONDAYS, date(2026, 3, 2))),)


def test_another_channel_is_chosen_in_the_form(playbook):
    """What was typed never decides where others read."""
    done = said(playbook, "change my reminder to #support", Known(schedules=(TEAM,)))
    assert buttons(only(done)) == [("schedules.team", "")]


def test_a_rest_in_words(playbook):
    """Begun now and for all of one's own; it ends the leave too, and an old button is checked."""
    away = Known(
        preferences=Preferences(zone=BERLIN, away_until=date(2026, 3, 9)),
        schedules=(replace(MINE, paused=True),),
    )
    over = said(playbook, "resume my reminders", away)
    assert over.facts == (SchedulePaused(1, False), PreferencesSet(Preferences(zone=BERLIN)))
    for value in ("", "x", "2026-03-02", "2031-01-01"):
        late = turn(playbook, Tapped("schedules.rest", value), away)
        assert (late.facts, "within two years" in shown(only(late))) == ((), True)
    rested = turn(playbook, Tapped("schedules.rest", "2026-03-20"), away)
    assert rested.facts == (PreferencesSet(Preferences(zone=BERLIN, away_until=date(2026, 3, 20))),)


def test_a_rest_that_begins_later(playbook):
    """A day to skip, or a leave: kept with both its days, within a leave as it is, and over as a whole."""
    theirs = Preferences(zone=BERLIN)
    leave = replace(theirs, away_from=date(2026, 3, 16), away_until=date(2026, 3, 21))
    for text, before, after in (
        ("skip the tip on Thursday", theirs, (date(2026, 3, 5), date(2026, 3, 6))),
        ("skip tomorrow's tip", theirs, (date(2026, 3, 3), date(2026, 3, 4))),
        ("I'm on leave from 16 to 20 march", theirs, (date(2026, 3, 16), date(2026, 3, 21))),
        ("skip my tip on 17 march", leave, (date(2026, 3, 16), date(2026, 3, 21))),
        ("pause my reminders until Wednesday", leave, (None, date(2026, 3, 4))),
        ("resume my reminders", leave, (None, None)),
    ):
        told = said(playbook, text, Known(preferences=before, schedules=(MINE,)))
        (fact,) = (one for one in told.facts if isinstance(one, PreferencesSet))
        assert (fact.preferences.away_from, fact.preferences.away_until) == after
        replaced = before == leave and after[0] is None and after[1] is not None
        assert ("takes the place of the rest" in shown(only(told))) is replaced
    heard, tomorrow = Message("m", WHO, CHAT, NOW, Said(Words("")), BERLIN), date(2026, 3, 3)
    once = replace(MINE, slot=replace(MINE.slot, only=tomorrow))
    wish = Wish(Act.PAUSE, BERLIN, which=When(only=tomorrow))
    assert rest.skipped(wish, heard, Known(schedules=(once,))) == wish
    timed = replace(wish, which=When((time(9),), only=tomorrow))
    assert rest.skipped(timed, heard, Known()) == timed


def test_the_settings_keep_a_leave_that_begins_later(playbook):
    """Until its end is changed."""
    leave = Preferences(BERLIN, away_from=date(2026, 3, 16), away_until=date(2026, 3, 21))
    for until, since in (("2026-03-21", leave.away_from), ("2026-03-23", None), ("", None)):
        fields = {"zone": ("Europe/Berlin",), "away_until": (until,)}
        sent = turn(playbook, Submitted("schedules.settings", fields), Known(preferences=leave))
        assert sent.facts[0].preferences.away_from == since


def test_who_may_not_set_a_team_tip_is_told_so(playbook):
    """In words as in the form."""
    closed = Known(setup=Setup(team_tips=TeamTips.ADMINISTRATORS))
    done = said(playbook, "remind us every friday at 9 in #support", closed)
    assert "whoever looks after Breather" in shown(only(done))


@pytest.mark.parametrize(
    "text",
    [
        "tip in #support at 9, 10, 11, 12 and 13 every day",
        "tip in #support at 9am, 10am, 11am and 12pm every day",
        "tip in #support at 9",
        "tip in #support every monday",
        "tip in #support on 3/4 at 9am",
        "tip in #support next thursday at 9",
    ],
)
@pytest.mark.parametrize("kind", [Said, Command])
def test_what_is_meant_for_a_channel_never_becomes_ones_own(playbook, text, kind):
    """However it is asked back, the one button leads to the form of the team."""
    (found,) = buttons(only(said(playbook, text, kind=kind)))
    assert found[0] == "schedules.team"


def test_words_behind_the_team_command(playbook):
    """What was understood fills in the form; nothing understood leaves it as it was."""
    for text, days in (("fridays at 9", ("5",)), ("whatever you like", ("1", "2", "3", "4", "5"))):
        form = only(turn(playbook, Command("team", Words(text))))
        assert field(form, "days").picked == days


def test_a_command_opens_the_form_unless_there_is_something_to_choose(playbook):
    """A question with proposals is asked; one without is the form."""
    asked = said(playbook, "weekdays at 4", kind=Command)
    assert ("schedules.take", "12345|16:00|Europe/Berlin") in buttons(only(asked))
    assert isinstance(only(said(playbook, "weekdays", kind=Command)), Form)
