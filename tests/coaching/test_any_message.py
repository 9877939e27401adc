"""Whatever people type, tap or send, the coach answers: no failure, nothing private in public."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coaching.coach import Coach
from coaching.people import Person, Place, Room, Zone
from coaching.ports import Posted
from coaching.rounds import Rounds
from coaching.sealed import Sealed, Words
from coaching.turn import Setup
from coaching.values import (
    Command,
    Form,
    Handed,
    Item,
    Kind,
    Message,
    Opened,
    Points,
    Reply,
    Said,
    Submitted,
    Tapped,
)
from tests.conftest import Outbox
from tests.players.memory import PlainMemory

NASTY = [
    "",
    " ",
    "\x00",
    "\ud800 lone",
    "\u202egnirts",
    "مرحبا كيف الحال",
    "😀" * 40,
    "<!channel> <@U1> <b>x</b>",
    "&amp;",
    "\x1b[31mred\x1b[0m",
    "x" * 40_000,
    "a\n" * 500,
    "remind me every weekday at 9",
    "weekdays at 4",
    "Customer: hi\nMe: no.",
    "I'm so angry",
    "delete my data",
    "review: you must wait.",
    "{key} {0} %s",
    "../../etc",
    "'; drop table person; --",
]
TEXT = st.one_of(st.sampled_from(NASTY), st.text(max_size=80))
VERBS = ["open", "show", "list", "pause", "resume", "change", "delete", "erase", "stop", "team", "settings"]
VERBS += ["travel", "mine", "new", "out", "again", "send", "more", ""]
NAMES = [
    f"{skill}.{verb}"
    for skill in ("help", "privacy", "review", "schedules", "tips", "vent", "x")
    for verb in VERBS
]
VALUES = st.one_of(
    st.sampled_from(["", "1", "2", "3", "-1", "12345|09:00|Europe/Berlin", "|", "A1", "9" * 40]), TEXT
)
NAME = st.one_of(st.sampled_from(NAMES), TEXT)
IDS = ["1", "7", "09:00", "23:59", "Europe/Berlin", "C1", "2026-05-01", "9999-12-31", "less"]
PICKED = st.lists(
    st.one_of(st.sampled_from(IDS), TEXT),
    max_size=8,
).map(tuple)
FIELD = st.one_of(TEXT.map(Words), TEXT.map(Sealed), PICKED)
FIELD_NAMES = ["days", "time", "zone", "channel", "quiet_from", "quiet_until", "days_off", "away_until"]
FIELD_NAMES += ["less_words", "draft", "customer", "reply", "text", "what"]
FIELDS = st.dictionaries(
    st.one_of(st.sampled_from(FIELD_NAMES), TEXT),
    FIELD,
    max_size=8,
)
COMMANDS = [
    "",
    "help",
    "review",
    "vent",
    "tip",
    "rules",
    "remind",
    "team",
    "settings",
    "privacy",
    "delete",
    "data",
]
CONTENT = st.one_of(
    st.builds(Said, TEXT.map(Words)),
    st.builds(Command, st.one_of(st.sampled_from(COMMANDS), TEXT), TEXT.map(Words)),
    st.builds(Tapped, NAME, VALUES, VALUES),
    st.builds(Submitted, NAME, FIELDS, VALUES),
    st.builds(Opened, st.sampled_from(["home", "chat", "install"])),
    st.builds(Handed, TEXT.map(Words), st.booleans()),
)
PLACES = [
    Place("web", "local", "D1"),
    Place("slack", "T1", "C1", Room.CHANNEL),
    Place("slack", "T1", "C2", Room.CHANNEL, thread="1.2", everyone=True),
    Place("web", "local", "U1", Room.HOME),
]
HINTS = [None, Zone("Europe/Berlin"), Zone("Pacific/Chatham"), Zone("Mars/Base")]


def texts(blocks):
    for block in blocks:
        yield from block.items if isinstance(block, Points) else (block.text,)


def check_choices(choices):
    for choice in choices:
        assert 0 < len(choice.label) <= 75, choice
        assert "." in choice.action, choice
        assert len(choice.value) <= 2000, choice


def check_form(form):
    assert 0 < len(form.title) <= 24, form
    assert len(form.submit) <= 24, form
    assert len(form.close) <= 24, form
    assert len(form.state) <= 60, form
    assert bool(form.submit) or not form.fields, form
    names = [field.name for field in form.fields]
    assert len(set(names)) == len(names), form
    for field in form.fields:
        assert 0 < len(field.label) <= 75, field
        assert all(0 < len(option.label) <= 75 for option in field.options), field
        ids = {option.id for option in field.options}
        assert field.kind not in (Kind.ONE, Kind.MANY) or (ids and set(field.picked) <= ids), field
        assert not (field.sealed and (field.text or field.picked)), field


def check(replies, where):
    """Each reply within the limits of every platform, private where the person is in private."""
    for reply in replies:
        assert isinstance(reply, Reply | Form)
        inside = [c for block in reply.blocks if isinstance(block, Item) for c in block.choices]
        check_choices((*inside, *reply.choices))
        for text in texts(reply.blocks):
            assert all(isinstance(piece, str | Words) for piece in text), text
        if isinstance(reply, Form):
            check_form(reply)
        else:
            assert reply.blocks
            assert reply.only_you or not where.private


def check_letters(outbox):
    """Only an announcement goes out unasked: to a channel, in the coach's own words."""
    for letter in outbox.letters:
        assert letter.to.room is Room.CHANNEL
        assert all(isinstance(piece, str) for text in texts(letter.reply.blocks) for piece in text)


@st.composite
def a_sent_form(draw, form):
    """A form that is open, sent with any values of the right kind, or of none."""
    fields = {}
    for field in form.fields:
        if draw(st.integers(0, 4)):
            typed = field.kind in (Kind.LINE, Kind.TEXT)
            ids = st.lists(st.sampled_from([o.id for o in field.options] or [""]), max_size=3).map(tuple)
            fields[field.name] = draw(
                TEXT.map(Sealed if field.sealed else Words) if typed else st.one_of(ids, PICKED)
            )
    return Submitted(form.id, fields, form.state)


@settings(max_examples=250, suppress_health_check=list(HealthCheck))
@given(st.data())
async def test_any_message(playbook, data):
    """A random talk: typed, tapped, sent, opened, in any order and place."""
    troubles, outbox = [], Outbox()
    demo = data.draw(st.booleans())
    coach = Coach(
        playbook,
        PlainMemory(),
        outbox,
        lambda where, error: troubles.append((where, repr(error))),
        Rounds(b"test salt"),
        Setup(demo=demo),
    )
    at, form, choices = datetime(2026, 3, 27, 8, 0, tzinfo=UTC), None, []
    for number in range(data.draw(st.integers(1, 10))):
        step = data.draw(st.integers(0, 2))
        if step == 0 and form is not None:
            content = data.draw(a_sent_form(form))
        elif step == 1 and choices:
            choice = data.draw(st.sampled_from(choices))
            content = Tapped(
                choice.action, choice.value, data.draw(st.sampled_from(["", form.state if form else ""]))
            )
        else:
            content = data.draw(CONTENT)
        where = data.draw(st.sampled_from(PLACES))
        who = Person(where.platform, where.tenant, "U1")
        outbox.answer = data.draw(st.sampled_from(Posted))
        at += timedelta(hours=data.draw(st.integers(0, 40)))
        replies = await coach.hear(
            Message(f"m{number}", who, where, at, content, data.draw(st.sampled_from(HINTS)))
        )
        assert troubles == []
        check(replies, where)
        check_letters(outbox)
        form = next((r for r in replies if isinstance(r, Form)), None)
        choices = [c for r in replies for b in r.blocks if isinstance(b, Item) for c in b.choices]
        choices += [c for r in replies for c in r.choices]
