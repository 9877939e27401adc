"""A team tip's theme, its preview, and sending by hand: nothing twice, nothing by whoever may not."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from coaching.learned import Aired, ChannelTold, ThemeSet
from coaching.people import WORKDAYS, For, Person, Place, Room, Schedule, Slot, Zone
from coaching.skills.schedules import schedules
from coaching.turn import Known, Setup, TeamTips
from coaching.values import Form, Message, Submitted, Tapped
from tests.players.straight import lines

ME, DM = Person("web", "local", "U1"), Place("web", "local", "D1")
AT = datetime(2026, 3, 4, 8, tzinfo=UTC)
TODAY = date(2026, 3, 4)
CHANNEL = Place("web", "local", "C1", Room.CHANNEL)
TEAM = Schedule(7, For.TEAM, Slot(Zone("Europe/Berlin"), time(9), WORKDAYS), CHANNEL, "U1", theme="B2")
MINE = replace(TEAM, id=8, audience=For.ME, to=DM)
KNOWN = Known(schedules=(TEAM, MINE))
SHUT = Known(schedules=(TEAM,), setup=Setup(team_tips=TeamTips.ADMINISTRATORS))


def turn(content, playbook, known=KNOWN):
    return schedules(Message("m1", ME, DM, AT, content), known, playbook)


def tap(action, value, playbook, known=KNOWN):
    return turn(Tapped(action, value), playbook, known)


def text(answer):
    return "\n".join(lines(answer.blocks))


def test_a_preview_is_for_one_person_and_sends_what_it_shows(playbook):
    """The question that was seen is the one the channel is asked."""
    shown = tap("schedules.preview", "7", playbook)
    assert (shown.facts, shown.announce) == ((), None)
    (reply,) = shown.replies
    assert reply.only_you
    send = reply.choices[0]
    sent = tap(send.action, send.value, playbook)
    (told,) = sent.facts
    assert (told.to, told.on, told.reminder) == (CHANNEL, TODAY, 0)
    assert told.tip.startswith("B2.")
    letter = sent.announce.letter
    assert not letter.reply.only_you
    assert letter.reply.blocks[:3] == reply.blocks[1:]
    assert sent.announce.unsure.facts == (told,)
    assert sent.announce.failed.facts == sent.announce.uninvited.facts == ()
    assert "nothing was sent" in text(sent.announce.failed.replies[0])
    assert "Invite" in text(sent.announce.uninvited.replies[0]) or "add me" in text(
        sent.announce.uninvited.replies[0]
    )
    assert "will not send it a second time" in text(sent.announce.unsure.replies[0])


def test_one_a_day(playbook):
    """Today's came already, by hand or by the clock."""
    for number in (0, 7):
        had = replace(KNOWN, aired=(Aired("C1", "B2.stakes", TODAY, number),))
        refused = tap("schedules.send", "7|B2.before", playbook, had)
        assert (refused.facts, refused.announce) == ((), None)
        assert "One a day is enough" in text(refused.replies[0])


@pytest.mark.parametrize("tip", ["B2.stakes", "Z9.gone", ""])
def test_an_old_preview_sends_a_fresh_one(tip, playbook):
    """What was seen was asked meanwhile, or is not in the playbook any more."""
    had = replace(KNOWN, aired=(Aired("C1", "B2.stakes", date(2026, 3, 2), 7),))
    (told,) = tap("schedules.send", f"7|{tip}", playbook, had).facts
    assert isinstance(told, ChannelTold)
    assert told.tip not in ("B2.stakes", tip)


def test_where_all_was_asked_it_says_so(playbook):
    """Neither seen nor sent."""
    had = tuple(Aired("C1", one.id, date(2026, 3, 2), 7) for one in playbook.questions)
    for action in ("schedules.preview", "schedules.send"):
        quiet = tap(action, "7", playbook, replace(KNOWN, aired=had))
        assert (quiet.facts, quiet.announce) == ((), None)
        assert "has heard all my questions" in text(quiet.replies[0])


def test_the_theme_is_chosen_and_taken_back(playbook):
    """The form shows what holds; what is no rule is another one each week."""
    (form,) = tap("schedules.theme", "7", playbook).replies
    assert isinstance(form, Form)
    assert form.fields[0].picked == ("B2",)
    for picked, rule in ((("A5",), "A5"), (("week",), ""), ((), ""), (("Z9",), "")):
        done = turn(Submitted("schedules.theme", {"theme": picked}, "7"), playbook)
        assert done.facts == (ThemeSet(7, rule),)


def test_only_who_may_set_a_team_tip_changes_or_sends_it(playbook):
    """To look is free."""
    for content in (
        Tapped("schedules.theme", "7"),
        Tapped("schedules.send", "7|B2.stakes"),
        Submitted("schedules.theme", {"theme": ("A5",)}, "7"),
    ):
        refused = turn(content, playbook, SHUT)
        assert (refused.facts, refused.announce) == ((), None)
        assert "whoever looks after Breather" in text(refused.replies[0])
    assert "Send it now" in [
        c.label for c in tap("schedules.preview", "7", playbook, SHUT).replies[0].choices
    ]


@pytest.mark.parametrize("number", ["8", "9", ""])
def test_a_reminder_of_ones_own_has_no_theme(number, playbook):
    """Nor has one that is gone, or somebody else's."""
    for content in (
        Tapped("schedules.theme", number),
        Tapped("schedules.preview", number),
        Tapped("schedules.send", number),
        Submitted("schedules.theme", {"theme": ("A5",)}, number or "x"),
    ):
        assert "not there any more" in text(turn(content, playbook).replies[0])


def test_a_single_one_that_comes_no_more(playbook):
    """It is over by today's date: nothing of it is left to see."""
    over = replace(TEAM, slot=replace(TEAM.slot, only=date(2026, 3, 3)))
    assert "not there any more" in text(
        tap("schedules.preview", "7", playbook, Known(schedules=(over,))).replies[0]
    )
