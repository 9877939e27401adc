"""The vent's way: table, screens, limits, branches, and that nothing a person typed comes back out of it."""

import ast
import json
import logging
import pickle
import traceback
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching import safety
from coaching.coach import Coach
from coaching.people import Person, Place, Room, Zone
from coaching.playbook.care import Danger
from coaching.rounds import Rounds
from coaching.sealed import Sealed, SealedError, Words
from coaching.skills import vent as vent_package
from coaching.skills.vent import vent
from coaching.skills.vent.screens import CHIPS, LOOKS, Stage, show
from coaching.skills.vent.steps import ENDS, TABLE, Event, Screen, Step, outgoing, step
from coaching.turn import Known, Preferences, Setup, Turn
from coaching.values import Command, Draft, Form, Message, Reply, Said, Submitted, Tapped
from tests.conftest import Outbox
from tests.players.books import PLAYBOOK
from tests.players.dialog import DIALOGS, play
from tests.players.dialog import read as read_dialog
from tests.players.memory import PlainMemory
from tests.players.straight import StraightPlayer, lines, plain
from tools.draw_vent import PAGE, page

BOOK = PLAYBOOK
DEMO = Setup(demo=True)
NAMED = Setup(contacts=("Robin (team lead)", "the staff helpline"), country="GB")
SCREENS = tuple(LOOKS)


def message(content, *, platform="web", room=Room.DIRECT, zone=None):
    who = Person(platform, "local", "U1")
    at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    return Message("m1", who, Place(platform, "local", "D1", room), at, content, zone)


def turn(content, playbook, known=None, **more):
    return vent(message(content, **more), known or Known(setup=DEMO, rounds=1), playbook)


def screen_of(answer):
    (form,) = answer.replies
    assert isinstance(form, Form)
    return step(form.state).screen


def text_of(form):
    fields = (f"{f.label} {f.hint}".strip() for f in form.fields)
    return "\n".join([*lines(form.blocks), *fields])


def box(text, playbook, known=None):
    return turn(Submitted("vent.out", {"box": Sealed(text)}, "out"), playbook, known)


# --------------------------------------------------------------------------- the table


def test_every_screen_but_the_help_itself_offers_help():
    """One tap to people and lines, from everywhere."""
    assert all(TABLE[screen, Event.HELP] is Screen.HELP for screen in SCREENS if screen is not Screen.HELP)


def test_every_screen_can_be_skipped():
    """Nobody is held."""
    assert all((screen, Event.SKIP) in TABLE for screen in SCREENS)


def test_every_screen_is_reached_and_ends():
    """No dead ends and no orphans."""
    assert set(TABLE.values()) == set(Screen) - {Screen.START}
    for screen in SCREENS:
        seen, todo = set(), [screen]
        while todo:
            here = todo.pop()
            seen.add(here)
            todo += [then for (at, _), then in TABLE.items() if at is here and then not in seen]
        assert Screen.DONE in seen


def test_after_a_crossed_line_no_way_leads_to_empathy_or_a_smile():
    """The second look and the ordinary return cannot be reached from there."""
    seen, todo = set(), [Screen.CROSSED, Screen.COLLEAGUE]
    while todo:
        here = todo.pop()
        seen.add(here)
        todo += [then for (at, _), then in TABLE.items() if at is here and then not in seen]
    assert not seen & {Screen.LOOK, Screen.RETURN, Screen.SETTLED, Screen.EXPRESS, Screen.REVIEW}


def test_after_help_the_protocol_has_stopped():
    """No breathing, no question, no smile: only people, and the way out."""
    seen, todo = set(), [Screen.HELP]
    while todo:
        here = todo.pop()
        seen.add(here)
        todo += [then for (at, _), then in TABLE.items() if at is here and then not in seen]
    assert seen == {Screen.HELP, Screen.HELD, Screen.PEOPLE, Screen.DONE}


ASKED_FOR = {
    Screen.BOUNDARY,
    Screen.ENDING,
    Screen.HANDOVER,
    Screen.PREVIEW,
    Screen.REPORT,
    Screen.PEOPLE,
    Screen.HELP,
    Screen.HELD,
}


def paths(screen, so_far=()):
    """Every way from a screen to an end that asks for nothing extra."""
    if screen in ENDS:
        yield so_far
        return
    for (at, _), then in TABLE.items():
        if at is screen and then not in ASKED_FOR:
            yield from paths(then, (*so_far, then))


def test_at_most_three_turns_after_the_box():
    """Whatever is tapped, unless something more is asked for by name."""
    turns = [len([s for s in path if s not in ENDS]) for path in paths(Screen.OUT)]
    assert max(turns) == 3


def test_the_diagram_is_current():
    """docs/vent.md is drawn from the table."""
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("state", ["", "nonsense", "done", "start", "out+else", "+help", "review+help"])
def test_an_unknown_state_starts_from_the_top(state, playbook):
    """An old or foreign form is no dead end; the help flag is kept where there is one."""
    answer = turn(Tapped("vent.look", "", state), playbook)
    assert screen_of(answer) is Screen.OUT
    assert step(answer.replies[0].state).held is state.endswith("+help")


def test_a_step_survives_its_travel():
    """State out, state in: the same step, within 60 characters."""
    for screen, held in product(SCREENS, (False, True)):
        state = Step(screen, held).state()
        assert step(state) == Step(screen, held)
        assert len(state) <= 60


# --------------------------------------------------------------------------- limits, over every variant


def variants(playbook):
    """Every screen in every wording, platform, setup, chip, with and without less words."""
    for seed, setup, platform, less in product(
        range(4), (DEMO, Setup(demo=True, country="GB"), NAMED), ("slack", "web", "teams", "x"), (False, True)
    ):
        known = Known(setup=setup, seed=seed, preferences=Preferences(less_words=less))
        for screen in SCREENS:
            chips = (*CHIPS, "") if screen is Screen.LOOK else ("",)
            after_box = {Screen.SHREDDED, Screen.SETTLED, Screen.CROSSED, Screen.COLLEAGUE}
            for chip in chips:
                stage = Stage(
                    message(Said(Words("x")), platform=platform),
                    known,
                    playbook,
                    shredded=screen in after_box,
                    chip=chip,
                )
                yield seed, less, chip, screen, show(Step(screen), stage)


def test_no_screen_has_more_than_35_words(playbook):
    """Help cards have their own limit; held screens carry the footer within it."""
    for *where, screen, form in variants(playbook):
        if screen not in {Screen.HELP, Screen.ADVICE}:
            assert len(text_of(form).split()) <= 35, (where, screen, text_of(form))
    for seed, setup in product(range(4), (DEMO, Setup(demo=True, country="US"), NAMED)):
        for screen in (Screen.HELD, Screen.PEOPLE):
            stage = Stage(message(Said(Words("x"))), Known(setup=setup, seed=seed), playbook)
            form = show(Step(screen, held=True), stage)
            assert len(text_of(form).split()) <= 35, text_of(form)


def test_the_standard_way_has_at_most_120_words(playbook):
    """Out, shredded, look, return: in every wording and for every chip."""
    words = {}
    for seed, less, chip, screen, form in variants(playbook):
        words[seed, less, chip, screen] = max(
            len(text_of(form).split()), words.get((seed, less, chip, screen), 0)
        )
    for seed, less, chip in product(range(4), (False, True), (*CHIPS, "")):
        way = ((Screen.OUT, ""), (Screen.SHREDDED, ""), (Screen.LOOK, chip), (Screen.RETURN, ""))
        assert sum(words[seed, less, of, screen] for screen, of in way) <= 120


def test_no_sentence_twice_in_one_flow(playbook):
    """Each way to an end says everything once."""
    said = {(seed, screen, chip): form for seed, less, chip, screen, form in variants(playbook) if not less}
    ways = [(Screen.OUT, *path) for path in paths(Screen.OUT)]
    for seed, way, chip in product(range(4), ways, (*CHIPS, "")):
        told = []
        for screen in way:
            if screen not in ENDS:
                form = said[seed, screen, chip if screen is Screen.LOOK else ""]
                told += [plain(block.text) for block in form.blocks if hasattr(block, "text")]
        assert len(told) == len(set(told)), way


def test_neighbouring_rounds_never_say_the_same(playbook):
    """Every line of the protocol turns with the seed; the notice, labels and cards stay as they are."""
    fixed = {
        "vent.out.notice",
        "vent.boundary.lead",
        "vent.report.line",
        "vent.off.line",
        "vent.handover.lead",
    }
    lined = {key for look in LOOKS.values() for key in (*look.lines, *look.more)} - fixed
    lined -= {"vent.preview.lead"}
    lined |= {key for key in playbook.wording.lines if key.startswith(("vent.look.", "vent.shredded."))}
    for key in lined | {"vent.boundary.words", "vent.ending.words"}:
        assert len(set(playbook.wording.lines[key])) == 4, key


def test_less_words_says_less(playbook):
    """The setting shortens the screens of the protocol, and the promise on the first one stays."""
    for screen in (Screen.OUT, Screen.SHREDDED, Screen.LOOK, Screen.RETURN):
        length = {
            less: len(text_of(form).split())
            for seed, less, chip, at, form in variants(playbook)
            if at is screen and seed == 0 and chip == ""
        }
        assert length[True] < length[False]
    known = Known(setup=DEMO, preferences=Preferences(less_words=True))
    assert "Not therapy" in text_of(turn(Command("vent", Words("")), playbook, known).replies[0])


def test_labels_fit_every_platform(playbook):
    """Titles, submits 24 characters, buttons 40; the box is sealed, optional and at most 600 long."""
    for *_, screen, form in variants(playbook):
        assert len(form.title) <= 24
        assert len(form.submit) <= 24
        assert all(len(choice.label) <= 40 for choice in form.choices)
        labels = [choice.label for choice in form.choices]
        assert len(labels) == len(set(labels))
        if screen is Screen.OUT:
            (field,) = form.fields
            assert (field.sealed, field.optional, field.limit) == (True, True, 600)
        if screen is not Screen.HELP:
            assert "Get help now" in labels
        assert "Skip" in labels


# --------------------------------------------------------------------------- ways in


def test_the_command_opens_the_box_and_ignores_what_follows(playbook):
    """What is typed behind the command is not read."""
    answer = turn(Command("vent", Words("he called me a liar")), playbook, platform="slack")
    assert screen_of(answer) is Screen.OUT
    assert "Slack carries the text to me." in text_of(answer.replies[0])
    assert answer == Turn(answer.replies)


@pytest.mark.parametrize(
    ("platform", "words"),
    [("slack", "Slack keeps"), ("teams", "Teams keeps"), ("irc", "Your chat app keeps")],
)
def test_a_vent_typed_into_the_chat_gets_the_honest_notice(platform, words, playbook):
    """It says who keeps it and that we cannot delete it, offers the private space, and reads nothing."""
    (reply,) = turn(Said(Words("argh this man")), playbook, platform=platform).replies
    assert isinstance(reply, Reply)
    assert reply.only_you
    assert words in "\n".join(lines(reply.blocks))
    assert [choice.action for choice in reply.choices] == ["vent.open", "vent.help"]


def test_typed_behind_a_command(playbook):
    """Posted nowhere and read by nobody, in a channel as little as elsewhere: only the box remembers it."""
    for room in (Room.CHANNEL, Room.DIRECT):
        said = replace(message(Said(Words("argh")), platform="slack", room=room), posted=False)
        (reply,) = vent(said, Known(setup=DEMO), playbook).replies
        told = "\n".join(lines(reply.blocks))
        assert ("is not posted" in told, "Others read along" in told, "keeps" in told) == (True, False, False)
        assert reply.only_you


def test_typed_where_others_read_along(playbook):
    """In a channel the notice says so, and stays private itself."""
    (reply,) = turn(Said(Words("argh")), playbook, room=Room.CHANNEL).replies
    assert reply.only_you
    assert "Others read along" in "\n".join(lines(reply.blocks))


@pytest.mark.parametrize("rounds", [0, 1, 2])
def test_rounds_below_the_limit_open_the_box(rounds, playbook):
    """The first two rounds of an hour are rounds."""
    assert screen_of(turn(Tapped("vent.open"), playbook, Known(setup=DEMO, rounds=rounds))) is Screen.OUT


@pytest.mark.parametrize("rounds", [3, 4, 50])
def test_the_third_round_within_an_hour_offers_something_better(rounds, playbook):
    """A break or a person, and no box."""
    answer = turn(Tapped("vent.open"), playbook, Known(setup=DEMO, rounds=rounds))
    assert screen_of(answer) is Screen.BREAK
    assert not answer.replies[0].fields
    assert {"vent.rest", "vent.more", "vent.help"} <= {c.action for c in answer.replies[0].choices}


OFF = Known(setup=Setup(), rounds=1)


@pytest.mark.parametrize(
    "content",
    [
        Command("vent", Words("")),
        Tapped("vent.open"),
        Tapped("vent.chip", "angry", "shredded"),
        Submitted("vent.out", {"box": Sealed("argh")}, "out"),
    ],
    ids=["command", "button", "old form", "old box"],
)
def test_where_nobody_is_named_the_vent_is_off(content, playbook):
    """It says kindly what the administrator must set; help is there all the same."""
    answer = turn(content, playbook, OFF)
    assert screen_of(answer) is Screen.OFF
    assert "administrator" in text_of(answer.replies[0])
    assert "vent.help" in {choice.action for choice in answer.replies[0].choices}
    assert not answer.replies[0].fields


def test_help_works_where_the_vent_is_off(playbook):
    """From the chat notice and from the closed door."""
    (reply,) = turn(Said(Words("argh")), playbook, OFF).replies
    assert [choice.action for choice in reply.choices] == ["vent.help"]
    assert "administrator" in "\n".join(lines(reply.blocks))
    for state in ("", "off"):
        assert screen_of(turn(Tapped("vent.help", "", state), playbook, OFF)) is Screen.HELP
    crisis = turn(Submitted("vent.out", {"box": Sealed("I want to die")}, "out"), playbook, OFF)
    assert screen_of(crisis) is Screen.HELP


# --------------------------------------------------------------------------- the box


@pytest.mark.parametrize(
    ("text", "screen"),
    [
        ("HE YELLED AT ME", Screen.SHREDDED),
        ("", Screen.SHREDDED),
        ("this queue is killing me", Screen.SHREDDED),
        ("all good now", Screen.SETTLED),
        ("she called me a slur", Screen.CROSSED),
        ("my manager harasses me", Screen.COLLEAGUE),
        ("my boss told me to lie to the customer", Screen.ADVICE),
        ("I want to die", Screen.HELP),
        ("I'm going to hurt him", Screen.HELP),
        ("my colleague collapsed", Screen.HELP),
    ],
)
def test_each_verdict_has_its_screen(text, screen, playbook):
    """Danger first, then "it is over", else the standard way; and the text is gone each time."""
    sealed = Sealed(text)
    answer = turn(Submitted("vent.out", {"box": sealed}, "out"), playbook)
    assert screen_of(answer) is screen
    assert sealed.ask(lambda inside: not inside)
    assert not answer.facts
    assert answer.wish is None


def test_it_says_what_became_of_the_text(playbook):
    """After the box each screen says that it is shredded: below the card in a crisis, not in an emergency."""
    for text in ("argh", "all good now", "she called me a slur", "I want to die"):
        assert "hredded" in text_of(box(text, playbook).replies[0])
    assert "hredded" not in text_of(box("I have chest pains", playbook).replies[0])
    assert text_of(box("  ", playbook).replies[0]).startswith("Nothing in the box")
    for fields in ({}, {"box": Words("not sealed")}, {"box": ("picked",)}):
        answer = turn(Submitted("vent.out", fields, "out"), playbook)
        assert text_of(answer.replies[0]).startswith("Nothing in the box")


def test_a_form_without_state_is_known_by_its_id(playbook):
    """An adapter that lost the state still gets the next screen."""
    assert screen_of(turn(Submitted("vent.out", {"box": Sealed("argh")}), playbook)) is Screen.SHREDDED


@pytest.mark.parametrize(
    ("chip", "question"),
    [
        ("blamed", "vent.look.situation"),
        ("unheard", "vent.look.before"),
        ("angry", "vent.look.before"),
        ("insulted", "vent.look.fair"),
        ("worried", "vent.look.fair"),
        ("worn", "vent.look.helped"),
        ("else", "vent.look.fair"),
        ("", "vent.look.fair"),
        ("no such chip", "vent.look.fair"),
    ],
)
def test_the_chip_picks_the_question_and_is_gone(chip, question, playbook):
    """It is in no state, and none or another takes any of the four."""
    known = Known(setup=DEMO, seed=2)
    form = turn(Tapped("vent.chip", chip, "shredded"), playbook, known).replies[0]
    assert text_of(form).startswith(playbook.wording.lines[question][2])
    assert form.state == "look"


def test_the_ends_close_or_hand_over(playbook):
    """Back to work closes; the review buttons belong to the review."""
    assert turn(Submitted("vent.return", {}, "return"), playbook) == Turn()
    assert turn(Tapped("vent.skip", "", "express"), playbook) == Turn()
    forms = {screen: form for *_, screen, form in variants(playbook)}
    for screen in (Screen.LOOK, Screen.RETURN, Screen.EXPRESS, Screen.SETTLED):
        assert "review.open" in {choice.action for choice in forms[screen].choices}


def test_the_help_footer_stays_after_im_fine(playbook):
    """Denial keeps the footer, on every later screen."""
    card = turn(Tapped("vent.help", "", "out"), playbook).replies[0]
    held = turn(Submitted("vent.help", {}, card.state), playbook).replies[0]
    people = turn(Tapped("vent.more", "", held.state), playbook).replies[0]
    for form in (held, people):
        assert "findahelpline.com" in text_of(form)
        assert form.state.endswith("+help")


# --------------------------------------------------------------------------- the hand-over note


def test_the_note_starts_empty_but_for_the_time(playbook):
    """In the person's zone, the platform's if there is such a place, or UTC, said so."""
    asked = Tapped("vent.hand", "", "crossed")
    berlin = Known(setup=DEMO, preferences=Preferences(zone=Zone("Europe/Berlin")))
    for known, zone, shown in (
        (berlin, Zone("Asia/Tokyo"), "2026-03-02 09:00"),
        (None, Zone("Asia/Tokyo"), "2026-03-02 17:00"),
        (None, None, "2026-03-02 08:00 UTC"),
        (None, Zone("Mars/Base"), "2026-03-02 08:00 UTC"),
    ):
        ticket, time, note = turn(asked, playbook, known, zone=zone).replies[0].fields
        assert (ticket.text, time.text.reveal(), note.text) == (None, shown, None)


def test_the_preview_is_exactly_the_note_and_nothing_is_sent(playbook):
    """What was filled in, masked on its way, and no fact, no wish, no letter."""
    fields = {"ticket": Words("T-12"), "time": Words("09:00"), "note": Words("He swears at us. Next: Kim.")}
    answer = turn(Submitted("vent.handover", fields, "handover"), playbook)
    (draft,) = [block for block in answer.replies[0].blocks if isinstance(block, Draft)]
    assert plain(draft.text) == "Ticket T-12, 09:00. He swears at us. Next: Kim."
    assert "swears" not in repr(answer)
    assert answer == Turn(answer.replies)


def test_an_abuse_note_is_a_note_and_a_crisis_note_is_a_crisis(playbook):
    """Telling of the abuse is the point of the note; telling of a crisis stops everything."""
    abuse = {"note": Words("he threatened to kill me")}
    assert screen_of(turn(Submitted("vent.handover", abuse, "handover"), playbook)) is Screen.PREVIEW
    crisis = {"note": Words("I want to die")}
    assert screen_of(turn(Submitted("vent.handover", crisis, "handover"), playbook)) is Screen.HELP


# --------------------------------------------------------------------------- canary


class FaultError(Exception):
    """A fault of ours that quotes what it was given, as the worst library would."""


def told_by(thing):
    """Everything an ordinary channel could print of a value."""
    shown = [
        repr(thing),
        str(thing),
        f"{thing}",
        json.dumps(thing, default=str),
        json.dumps(thing, default=repr),
    ]
    try:
        shown.append(repr(pickle.dumps(thing)))
    except TypeError:
        shown.append("not picklable")
    return "\n".join(shown)


TEXTS = (
    "canary-{c} he yelled at me",
    "I want to die canary-{c}",
    "she called me a slur canary-{c}",
    "my boss told me to lie to the customer canary-{c}",
    "canary-{c}",
)


@pytest.mark.parametrize("text", TEXTS)
def test_the_words_of_a_vent_come_back_in_nothing(text, playbook, caplog, capfd):
    """Not in what the skill returns, its message, logs or output, in any form one could print."""
    caplog.set_level(logging.DEBUG)
    canary = text.format(c="9c41f0d2b7")
    given = message(Submitted("vent.out", {"box": Sealed(canary)}, "out"))
    answer = vent(given, Known(setup=DEMO), playbook)
    seen = told_by(answer) + told_by(answer.replies) + repr(given) + caplog.text + "".join(capfd.readouterr())
    assert "9c41f0d2b7" not in seen
    assert not any(word in seen for word in canary.split() if len(word) > 6 and word != "customer")


@pytest.mark.parametrize("where", ["listen", "settled"])
async def test_a_fault_inside_the_check_tells_only_its_kind(where, playbook, monkeypatch, caplog):
    """The text is shredded all the same, the exception quotes nothing, and the person gets a kind answer."""
    caplog.set_level(logging.DEBUG)

    def broken(inside, *_):
        raise FaultError(f"cannot parse {inside!r}")

    monkeypatch.setattr(safety, where, broken)
    sealed = Sealed("canary-9c41f0d2b7 he yelled")
    given = message(Submitted("vent.out", {"box": sealed}, "out"))
    with pytest.raises(SealedError) as caught:
        vent(given, Known(setup=DEMO), playbook)
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert "9c41f0d2b7" not in "".join(shown.format())
    assert "FaultError" in str(caught.value)
    assert sealed.ask(lambda inside: not inside)

    troubles = []
    coach = Coach(playbook, PlainMemory(), Outbox(), lambda *t: troubles.append(t), Rounds(b"s"), DEMO)
    again = message(Submitted("vent.out", {"box": Sealed("canary-9c41f0d2b7 he yelled")}, "out"))
    (reply,) = await coach.hear(again)
    assert "not yours" in plain(reply.blocks[0].text)
    ((_, error),) = troubles
    assert isinstance(error, SealedError)
    assert "9c41f0d2b7" not in repr(troubles) + caplog.text + told_by(reply)


def test_every_sealed_field_is_shredded_whatever_the_form(playbook):
    """Even one that arrives with a screen that has no box."""
    sealed = Sealed("argh")
    turn(Submitted("vent.return", {"box": sealed, "more": Words("x")}, "return"), playbook)
    assert sealed.ask(lambda inside: not inside)


def test_only_taps_of_the_screen_count(playbook):
    """A button of another screen starts over; none of the table's verdicts can be tapped."""
    assert screen_of(turn(Tapped("vent.nonsense", "", "look"), playbook)) is Screen.OUT
    assert screen_of(turn(Tapped("vent.words", "", "return"), playbook)) is Screen.OUT
    tappable = {f"vent.{event.value}" for event in (Event.FINE, Event.ABUSE, Event.CRISIS, Event.WRONG)}
    assert not tappable & {c.action for *_, form in variants(playbook) for c in form.choices}
    assert outgoing(Screen.DONE) == ()
    assert {Danger.NONE} == set(Danger) - safety.CRISIS - safety.ABUSE - {Danger.ILLEGAL_INSTRUCTION}


# --------------------------------------------------------------------------- what it may know

ROOM = sorted(Path(vent_package.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", ROOM, ids=lambda p: p.stem)
def test_the_vent_knows_only_pure_rooms_and_never_opens_words(path):
    """Only coaching and four modules that hold types; no reveal, no decode, no parameter called text."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    allowed = {"dataclasses", "enum", "types", "collections.abc"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert not node.names
        if isinstance(node, ast.ImportFrom):
            assert node.module in allowed or f"{node.module}.".startswith("coaching.")
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"reveal", "_bytes", "_text", "decode"}
        if isinstance(node, ast.arg):
            assert node.arg != "text"


def ids(kind):
    return st.sampled_from([f"vent.{member.value}" for member in kind] + ["vent.", "vent", "x", ""])


STATES = (
    st.sampled_from([Step(screen, held).state() for screen in SCREENS for held in (False, True)]) | st.text()
)
VALUES = st.text().map(Words) | st.lists(st.text()).map(tuple) | st.sampled_from(TEXTS).map(Sealed)
NAMES = st.sampled_from(["box", "ticket", "time", "note"])
CONTENTS = (
    st.builds(Tapped, ids(Event), st.text(), STATES)
    | st.builds(Submitted, ids(Screen), st.dictionaries(NAMES, VALUES), STATES)
    | st.builds(Command, st.just("vent"), st.text().map(Words))
    | st.builds(Said, st.text().map(Words))
)
KNOWNS = st.builds(
    Known,
    setup=st.sampled_from([DEMO, NAMED, Setup()]),
    rounds=st.integers(0, 9),
    seed=st.integers(0, 10**6),
    preferences=st.builds(Preferences, less_words=st.booleans()),
)


@given(content=CONTENTS, known=KNOWNS)
def test_whatever_comes_there_is_a_screen(content, known):
    """It never raises, remembers nothing, and every form carries a short state of ours."""
    answer = turn(content, BOOK, known)
    assert (answer.facts, answer.wish, answer.announce) == ((), None, None)
    for reply in answer.replies:
        if isinstance(reply, Form):
            assert step(reply.state).state() == reply.state
        else:
            assert reply.only_you


VENT_DIALOGS = [path for path in DIALOGS if path.stem.startswith("vent-")]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("path", VENT_DIALOGS, ids=lambda p: p.stem)
async def test_the_dialogs_hold_in_every_wording(path, seed, coach, monkeypatch):
    """Whichever of the four wordings a person gets."""
    monkeypatch.setattr(Rounds, "count", lambda rounds, *_, opened: (rounds.bound, seed))
    coach.rounds.bound = 0
    dialog = read_dialog(path)
    if path.stem.startswith("vent-third-in-an-hour"):
        coach.rounds.bound = 3
        dialog = replace(dialog, turns=dialog.turns[6:])
    await play(dialog, StraightPlayer(coach, channel=dialog.channel), coach)
