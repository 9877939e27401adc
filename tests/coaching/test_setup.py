"""Setting Breather up for a workspace: administrators only, settings only, and what is set holds at once."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from coaching import safety
from coaching.coach import Coach
from coaching.intent import meaning
from coaching.people import WORKDAYS, For, Person, Place, Room, Schedule, Slot, Zone
from coaching.playbook.care import Danger, Helpline
from coaching.rounds import Rounds
from coaching.sealed import Words
from coaching.skills.schedules import schedules
from coaching.skills.setup import setup
from coaching.turn import Known, ScheduleMoved, Setup, SetupKept, TeamTips
from coaching.values import Command, Due, Form, Item, Message, Opened, Points, Reply, Said, Submitted, Tapped
from tests.conftest import Outbox
from tests.players.memory import PlainMemory

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
WHO = Person("slack", "T1", "U1")
CHAT, CHANNEL = Place("slack", "T1", "D1"), Place("slack", "T1", "C1", Room.CHANNEL)
ADMIN = Known(admin=True)
OURS = Helpline("US", "988 Suicide & Crisis Lifeline", "988", "day and night", "https://988lifeline.org", "")
OWN = Helpline("US", "Own line", "555 0100", "9 to 5", "https://example.org/a", "2026-03-01")
SLOT = Slot(Zone("Europe/Berlin"), time(9), WORKDAYS)
TEAM = Schedule(2, For.TEAM, SLOT, Place("slack", "T1", "C1", Room.CHANNEL), "U2")
GOOD_LINE = {
    "name": Words("A line"),
    "number": Words("+49 800 111 0 111"),
    "hours": Words("day and night"),
    "source": Words("https://example.org"),
    "country": Words("de"),
    "checked": ("yes",),
}


def turn(playbook, content, known=ADMIN):
    return setup(Message("m", WHO, CHAT, NOW, content), known, playbook)


def only(made):
    (reply,) = made.replies
    return reply


def shown(reply):
    lines = [x for b in reply.blocks for x in (b.items if isinstance(b, Points) else (b.text,))]
    return "\n".join("".join(p.reveal() if isinstance(p, Words) else p for p in line) for line in lines)


def kept(made):
    (fact,) = made.facts
    assert isinstance(fact, SetupKept)
    return fact.setup


CONTENTS = (
    Command("setup", Words("")),
    Said(Words("open the setup")),
    Tapped("setup.open"),
    Tapped("setup.lines"),
    Tapped("setup.add"),
    Tapped("setup.checked", "US|988"),
    Tapped("setup.remove", "US|555 0100"),
    Submitted("setup.sheet", {"contacts": Words("me"), "country": Words("US")}),
    Submitted("setup.line", GOOD_LINE),
)


@pytest.mark.parametrize(
    "content", CONTENTS, ids=lambda c: getattr(c, "action", getattr(c, "form", type(c).__name__))
)
def test_nobody_else_sees_or_changes_it(playbook, content):
    """Whoever is no administrator gets whom to ask, with their own id, and nothing is kept."""
    made = turn(playbook, content, Known(setup=Setup(("Secret lead",), "US", lines=(OWN,))))
    assert made.facts == ()
    assert "U1" in shown(only(made))
    assert "Secret lead" not in shown(only(made))
    assert "555" not in shown(only(made))


def test_the_form_shows_what_is_set(playbook):
    """People one a line, and every choice as it is."""
    known = replace(ADMIN, setup=Setup(("Kim", "HR"), "GB", team_tips=TeamTips.ADMINISTRATORS, model=False))
    form = only(turn(playbook, Command("setup", Words("")), known))
    assert [f.name for f in form.fields] == ["contacts", "country", "team_tips", "model"]
    assert [f.text.reveal() for f in form.fields[:2]] == ["Kim\nHR", "GB"]
    assert [f.picked for f in form.fields[2:]] == [("administrators",), ("no",)]


def test_where_no_playbook_was_chosen_the_first_is_in_use(playbook):
    """The form shows the one that speaks, so that saving it changes nothing."""
    known = replace(ADMIN, playbooks=("hotel", ""))
    assert only(turn(playbook, Tapped("setup.open"), known)).fields[-1].picked == ("hotel",)
    made = turn(playbook, Submitted("setup.sheet", {}), known)
    assert kept(made).playbook == "hotel"


def test_a_playbook_is_chosen_where_there_is_more_than_one(playbook):
    """Ours has a name of its own in the form; what was never offered changes nothing."""
    known = replace(ADMIN, playbooks=("", "hotel"))
    form = only(turn(playbook, Tapped("setup.open"), known))
    assert [(o.id, o.label) for o in form.fields[-1].options] == [("-", "Breather’s own"), ("hotel", "hotel")]
    made = turn(playbook, Submitted("setup.sheet", {"playbook": ("hotel",)}), known)
    assert kept(made).playbook == "hotel"
    assert "Playbook: hotel" in shown(only(made))
    made = turn(playbook, Submitted("setup.sheet", {"playbook": ("bank",), "model": ("perhaps",)}), known)
    assert (kept(made).playbook, kept(made).model) == ("", True)
    assert "Playbook: Breather’s own" in shown(only(made))


@pytest.mark.parametrize(
    ("contacts", "country", "wrong"),
    [
        ("a\nb\nc\nd\ne\nf", "", {"contacts"}),
        ("x" * 81, "", {"contacts"}),
        ("Kim \u202e", "", {"contacts"}),
        ("Kim", "USA", {"country"}),
        ("Kim", "ÄÖ", {"country"}),
        ("Kim", "U1", {"country"}),
        ("a\nb\nc\nd\ne\nf", "1", {"contacts", "country"}),
        ("  Kim   Doe ; \n\n HR ", "uk", set()),
    ],
)
def test_bad_input_is_shown_again_with_what_to_mend(playbook, contacts, country, wrong):
    """What was typed is still there; nothing is kept until all of it can be."""
    fields = {"contacts": Words(contacts), "country": Words(country)}
    made = turn(playbook, Submitted("setup.sheet", fields))
    reply = only(made)
    if wrong:
        assert isinstance(reply, Form)
        assert {f.name for f in reply.fields if f.problem} == wrong
        assert reply.fields[0].text.reveal() == contacts.strip()
        assert made.facts == ()
    else:
        assert (kept(made).contacts, kept(made).country) == (("Kim Doe", "HR"), "GB")


def test_what_a_workspace_leaves_open_is_as_the_installation_has_it():
    """Each of the two texts by itself; the choices are the workspace's own."""
    installation = Setup(("Front desk",), "US")
    assert Setup().over(installation) == installation
    own = Setup(("Kim",), "", lines=(OWN,), team_tips=TeamTips.ADMINISTRATORS, model=False, playbook="hotel")
    assert own.over(installation) == replace(own, country="US")
    assert Setup().over(Setup(demo=True)).vent_on


# --------------------------------------------------------------------------- lines to call


def test_own_lines_stand_beside_ours_and_in_place_of_the_same_number(playbook):
    """The card of a danger shows them at once; another country's are not shown."""
    mine = replace(OURS, hours="any time", verified_on="2026-03-01")
    abroad = replace(OWN, country="DE")
    setup_ = Setup(("Kim",), "us", lines=(mine, OWN, abroad))
    assert safety.helplines(setup_, playbook) == [mine, OWN]
    said = shown(Reply(safety.card(Danger.SELF, setup_, playbook)))
    assert "any time" in said
    assert "555 0100" in said


@pytest.mark.parametrize("danger", [Danger.SELF, Danger.ABUSE_RECEIVED])
def test_whom_to_turn_to_is_shown_as_it_was_typed(playbook, danger):
    """What an administrator typed is a person's words: no platform may read an id or a mention into it."""
    setup_ = Setup(("@WELLBEING",), "US", lines=(replace(OURS, name="#CRISISTALK", hours="@U0NOBODY"),))
    spoken = [
        piece
        for block in safety.card(danger, setup_, playbook)
        for line in (block.items if isinstance(block, Points) else (block.text,))
        for piece in line
        if not isinstance(piece, Words)
    ]
    assert not [piece for piece in spoken if "@" in piece or "#" in piece]
    assert "@WELLBEING" in shown(Reply(safety.card(danger, setup_, playbook)))


def test_a_line_is_added_as_checked_today_on_the_persons_date(playbook):
    """Country in capitals, blanks single, the date that of the person's zone."""
    message = Message("m", WHO, CHAT, datetime(2026, 3, 2, 23, 30, tzinfo=UTC), Tapped("x"))
    sent = Submitted("setup.line", GOOD_LINE | {"name": Words(" A   line ")})
    made = setup(replace(message, content=sent, zone_hint=Zone("Europe/Berlin")), ADMIN, playbook)
    (line,) = kept(made).lines
    assert (line.country, line.name, line.verified_on) == ("DE", "A line", "2026-03-03")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", Words("")),
        ("name", Words("n" * 81)),
        ("number", Words("call us")),
        ("number", Words("1" * 40)),
        ("hours", Words(" ")),
        ("source", Words("http://example.org")),
        ("source", Words("javascript:alert(1)")),
        ("source", Words("https://example.org/" + "x" * 200)),
        ("source", Words("https://example.org/\u202egro")),
        ("country", Words("Germany")),
        ("checked", ()),
    ],
)
def test_a_line_is_kept_only_whole_and_checked(playbook, field, value):
    """The form comes back with everything typed and the problem at its field."""
    made = turn(playbook, Submitted("setup.line", GOOD_LINE | {field: value}))
    assert made.facts == ()
    assert [f.name for f in only(made).fields if f.problem] == [field]


def test_lines_are_bounded(playbook):
    """Twenty of a workspace's own; the same number again takes the place of the old one."""
    lines = tuple(replace(OWN, country="DE", number=f"555 01{n:02}") for n in range(20))
    known = replace(ADMIN, setup=Setup(lines=lines))
    made = turn(playbook, Submitted("setup.line", GOOD_LINE), known)
    assert made.facts == ()
    assert "20 lines" in shown(only(made))
    again = Submitted("setup.line", GOOD_LINE | {"number": Words("555 0107"), "name": Words("New")})
    assert len(kept(turn(playbook, again, known)).lines) == 20


def test_an_old_check_asks_for_a_new_one(playbook):
    """More than 180 days ago; a tap makes it today's."""
    known = replace(ADMIN, setup=Setup(country="US", lines=(replace(OWN, verified_on="2025-08-01"),)))
    assert "time to look again" in shown(only(turn(playbook, Tapped("setup.lines"), known)))
    made = turn(playbook, Tapped("setup.checked", "US|555 0100"), known)
    assert kept(made).lines == (replace(OWN, verified_on="2026-03-02"),)
    assert "look again" not in shown(only(made)).partition("Numbers change")[0]


def test_buttons_of_lines_that_are_gone_show_what_there_is(playbook):
    """An old button changes nothing."""
    known = replace(ADMIN, setup=Setup(country="US"))
    for action in ("setup.checked", "setup.remove"):
        made = turn(playbook, Tapped(action, "US|1"), known)
        assert made.facts == ()
        assert "988" in shown(only(made))


def test_only_own_lines_can_be_removed(playbook):
    """Ours are there for everybody; one that was checked here goes back to how it ships."""
    known = replace(ADMIN, setup=Setup(country="US", lines=(replace(OURS, verified_on="2026-03-01"), OWN)))
    items = [b for b in only(turn(playbook, Tapped("setup.lines"), known)).blocks if isinstance(b, Item)]
    assert [[c.action for c in item.choices] for item in items] == [
        ["setup.checked"],
        ["setup.checked", "setup.remove"],
    ]
    assert kept(turn(playbook, Tapped("setup.remove", "US|555 0100"), known)).lines == (
        replace(OURS, verified_on="2026-03-01"),
    )


# --------------------------------------------------------------------------- it holds at once


def _trouble(where, error):
    raise AssertionError(f"{where}: {error!r}")


def coach(playbook, **more):
    return Coach(playbook, PlainMemory(), Outbox(), _trouble, Rounds(b"salt"), **more)


def message(content, who=WHO):
    return Message("m", who, CHAT, NOW, content)


async def test_an_administrator_by_id_sets_it_for_everybody_in_the_workspace(playbook):
    """The card of a danger names the people at once, for a colleague too; another workspace has its own."""
    ours = coach(playbook, admins=frozenset({"U1"}))
    await ours.hear(message(Submitted("setup.sheet", {"contacts": Words("Kim"), "country": Words("US")})))
    for who, there in ((Person("slack", "T1", "U2"), True), (Person("slack", "T2", "U2"), False)):
        card, *_ = await ours.hear(message(Said(Words("I want to end my life")), who))
        assert ("Kim" in shown(card)) is there
        assert ("988" in shown(card)) is there


@pytest.mark.parametrize(
    ("admins", "who", "may"),
    [
        ({"T1/U1"}, WHO, True),
        ({"T2/U1", "T1/U9"}, WHO, False),
        ({"U1"}, WHO, True),
        (set(), WHO, True),  # nobody is named here, and U1 installed it
        ({"T2/U9"}, WHO, True),
        ({"T1/U9"}, WHO, False),  # who is named goes before who installed it
        ({"U9"}, WHO, False),
    ],
)
async def test_who_may(playbook, admins, who, may):
    """Those named for this workspace, or who installed it where nobody is; an id counts in its own tenant."""
    ours = coach(playbook, admins=frozenset(admins))
    ours.memory.known[WHO] = Known(admin=True)
    (reply, *_) = await ours.hear(message(Command("setup", Words("")), who))
    assert isinstance(reply, Form) is may


async def test_what_the_installation_says_is_not_copied(playbook):
    """Whatever an administrator saves or taps, what they left open follows the installation's settings."""
    ours = coach(playbook, admins=frozenset({"U1"}), setup=Setup(("Front desk",), "US"))
    for content in (
        Tapped("setup.checked", "US|988"),
        Submitted("setup.sheet", {"contacts": Words("Front desk"), "country": Words("US"), "model": ("no",)}),
    ):
        await ours.hear(message(content))
        kept_ = ours.memory.setups["slack", "T1"]
        assert (kept_.contacts, kept_.country) == ((), "")
    assert (len(kept_.lines), kept_.model) == (1, False)


async def test_somebody_elses_form_is_not_kept(playbook):
    """A form that was sent by hand, without the right to."""
    ours = coach(playbook, admins=frozenset({"U9"}))
    await ours.hear(message(Submitted("setup.sheet", {"contacts": Words("Me")})))
    assert ours.memory.setups == {}


async def test_the_workspaces_playbook_speaks(playbook):
    """Answers and letters come from the one that was chosen; one that is gone is as if none was."""
    say = {**playbook.wording.lines, "help.overview.title": ("What the hotel can do",)}
    rules = {
        name: replace(rule, tips=tuple(replace(tip, say="Smile") for tip in rule.tips))
        for name, rule in playbook.rules.items()
    }
    hotel = replace(playbook, wording=replace(playbook.wording, lines=say), rules=rules)
    ours = coach(playbook, playbooks={"": playbook, "hotel": hotel})
    due = Due(1, replace(TEAM, audience=For.ME, to=CHAT, set_by="U1"), WHO, date(2026, 3, 2))
    for chosen, there in ((None, False), ("", False), ("hotel", True), ("gone", False)):
        ours.memory.setups["slack", "T1"] = Setup(playbook=chosen)
        reply, *_ = await ours.hear(message(Command("help", Words(""))))
        assert ("the hotel" in shown(reply)) is there
        letter = await ours.remind(due, NOW)
        assert ("Smile" in shown(letter.reply)) is there


async def test_home_offers_the_setup_to_administrators(playbook):
    """In the demo everybody is one."""
    for more, there in (
        ({}, False),
        ({"admins": frozenset({"U1"})}, True),
        ({"setup": Setup(demo=True)}, True),
    ):
        ours = coach(playbook, **more)
        home, *_ = await ours.hear(message(Opened("home")))
        assert ("setup.open" in [c.action for c in home.choices]) is there


CLOSED = Setup(team_tips=TeamTips.ADMINISTRATORS)
ASKS = (
    Command("team", Words("")),
    Said(Words("set a daily tip for my team")),
    Tapped("schedules.team"),
    Submitted(
        "schedules.team",
        {"channel": ("C1",), "days": ("1",), "time": ("09:00",), "zone": ("Europe/Berlin",)},
    ),
    Tapped("schedules.change", "2"),
    Submitted("schedules.mine", {"days": ("2",), "time": ("10:00",), "zone": ("Europe/Berlin",)}, state="2"),
)


@pytest.mark.parametrize("content", ASKS, ids=range(len(ASKS)))
def test_team_tips_for_administrators_only(playbook, content):
    """Set and moved by them alone, if they want it so; nothing is announced and nothing kept."""
    where = Message("m", WHO, CHANNEL, NOW, content)
    known = Known(setup=CLOSED, schedules=(TEAM,), understood=meaning(where, playbook))
    made = schedules(where, known, playbook)
    assert (made.facts, made.announce) == ((), None)
    assert "whoever looks after Breather sets the tips" in shown(only(made))
    may = schedules(where, replace(known, admin=True), playbook)
    assert "whoever looks after" not in shown(only(may))


def test_anyone_may_stop_a_tip_and_set_their_own(playbook):
    """The mercy of the stop button is nobody's to take away."""
    known = Known(setup=CLOSED, schedules=(TEAM, replace(TEAM, id=3, audience=For.ME, to=CHAT, set_by="U1")))
    stop = schedules(Message("m", WHO, CHANNEL, NOW, Tapped("schedules.stop", "2")), known, playbook)
    assert stop.facts
    move = Submitted("schedules.mine", ASKS[-1].fields, state="3")
    moved = schedules(Message("m", WHO, CHAT, NOW, move), known, playbook)
    assert isinstance(moved.facts[0], ScheduleMoved)
