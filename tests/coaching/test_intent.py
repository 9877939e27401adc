"""What a message wants: every phrase is proven by its own examples, and buttons find their skill by name."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching import intent as intents
from coaching.coach import SKILLS
from coaching.intent import COMMANDS, meaning, understood, whole
from coaching.people import Person, Place
from coaching.playbook.intents import SKILLS as NAMED
from coaching.playbook.intents import read_intents
from coaching.sealed import Words
from coaching.text import fold
from coaching.turn import Understood
from coaching.values import Command, Handed, Message, Opened, Said, Submitted, Tapped
from tests.players.books import PLAYBOOK

FLAGS = [(intent, line) for intent in PLAYBOOK.intents for line in intent.flags]
ALLOWS = [(intent, line) for intent in PLAYBOOK.intents for line in intent.allows]


def message(content):
    return Message(
        "m1",
        Person("web", "local", "U1"),
        Place("web", "local", "D1"),
        datetime(2026, 3, 2, tzinfo=UTC),
        content,
    )


def found(heard):
    meant = meaning(heard, PLAYBOOK)
    return meant.skill, meant.name


def said(text):
    return found(message(Said(Words(text))))


def commanded(name, rest=""):
    return found(message(Command(name, Words(rest))))


@pytest.mark.parametrize(("intent", "line"), FLAGS, ids=[f"{i.name}: {t}" for i, t in FLAGS])
def test_flags(intent, line):
    """Each example is heard, and neither another intent nor the models take it away."""
    assert said(line) == (intent.skill, intent.name)


@pytest.mark.parametrize(("intent", "line"), ALLOWS, ids=[f"{i.name}: {t}" for i, t in ALLOWS])
def test_allows(intent, line):
    """No look-alike is taken for it beyond doubt."""
    assert not intent.decides(fold(line).text.strip())


@pytest.mark.parametrize("intent", PLAYBOOK.intents, ids=lambda i: i.name)
def test_every_phrase_is_proven(intent):
    """Each pattern is needed by an example: taken out, one of the intent's own flags would be lost to it."""
    folded = [fold(line).text.strip() for line in intent.flags]
    for pattern in (*intent.alone, *intent.words):
        assert any(pattern.search(line) for line in folded), pattern.source
    allowed = [fold(line).text.strip() for line in intent.allows]
    for pattern in intent.unless:
        assert any(pattern.search(line) for line in allowed), pattern.source


def test_every_skill_exists():
    """What the data and the commands name is what the coach can do."""
    assert set(NAMED) == set(SKILLS)
    assert {skill for skill, _ in COMMANDS.values()} <= set(SKILLS)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name])
def test_commands(name):
    """A sub-word finds its skill, in any case, and what follows it is left to the skill."""
    assert commanded(name) == COMMANDS[name]
    assert commanded(f" {name.upper()} ") == COMMANDS[name]
    if name != "help":
        assert commanded(name, "this queue is killing me") == COMMANDS[name]


def test_free_text_after_the_command():
    """Words after /coach are read like any message, wherever the platform cut them."""
    assert commanded("") == ("help", "help")
    assert commanded("", "I need to vent") == ("vent", "vent")
    assert commanded("this", "queue is killing me") == ("vent", "vent")
    assert commanded("help", "me with this caller") == ("ask", "ask")
    assert commanded("help", "qwerty") == ("help", "help")
    assert commanded("qwerty", "asdf") == ("help", "unknown")


def test_a_sentence_behind_the_command_stays_whole():
    """A sub-word is read in any case; any other first word belongs to the sentence and keeps its case."""
    heard = whole(message(Command(" RULE ", Words("A3"))))
    assert (heard.content.name, heard.content.rest.reveal()) == ("rule", "A3")
    heard = whole(message(Command("Hi", Words("Anna, it is on its way."))))
    assert (heard.content.name, heard.content.rest.reveal()) == ("", "Hi Anna, it is on its way.")
    assert found(heard) == ("review", "review")
    tapped = message(Tapped("vent.open"))
    assert whole(tapped) is tapped


@pytest.mark.parametrize("first", ["kill", "I"])
async def test_danger_is_heard_from_the_first_word_on(first, coach):
    """A crisis typed behind the command loses no word on its way to the safety check."""
    said = {"kill": "myself, I want to", "I": "want to end my life"}[first]
    (reply,) = await coach.hear(message(Command(first, Words(said))))
    assert "You deserve a person" in "".join(str(piece) for piece in reply.blocks[0].text)


def test_everything_else_finds_its_skill_by_name():
    """Buttons and forms carry it; a handed-over message is a review; an opened surface is greeted."""
    assert found(message(Tapped("schedules.pause", "3")))[0] == "schedules"
    assert found(message(Submitted("vent.out", {})))[0] == "vent"
    assert found(message(Handed(Words("x"), own=True)))[0] == "review"
    assert meaning(message(Opened("chat")), PLAYBOOK) == Understood()


@pytest.mark.parametrize(
    "typed",
    ["could you wipe everything you have on me", "every weekday around nine would be good", "hello there"],
)
async def test_the_models_run_once_a_message(typed, coach, monkeypatch):
    """What is wanted is found out once, whatever the skill that answers has to know of it."""
    read = []

    def counted(words, playbook):
        read.append(words)
        return understood(words, playbook)

    monkeypatch.setattr(intents, "understood", counted)
    await coach.hear(message(Said(Words(typed))))
    assert len(read) == 1


@pytest.mark.parametrize(
    "text", ["please remind me every day at nine", "i need to vent about this man, he shouted"]
)
def test_capitals_mean_the_same(text):
    """Somebody who shouts is still understood."""
    assert said(text.upper()) == said(text)


@settings(max_examples=300)
@given(st.text(max_size=200))
def test_any_text_finds_a_skill(text):
    """No text is too odd to be answered."""
    assert said(text)[0] in SKILLS


def test_faults_are_listed_all_at_once():
    """A broken intents file says what is wrong, by intent and key."""
    faults = []
    assert read_intents({"intent": 3}, faults) == ()
    read_intents(
        {"intent": [{"name": "a", "skill": "x", "says": "y", "words": ["a+"], "flags": [1], "more": 1}] * 2},
        faults,
    )
    told = "\n".join(faults)
    for piece in (
        "[[intent]]",
        "'allows' is missing",
        "'more' is unknown",
        "skill 'x'",
        "says 'y'",
        "a+",
        "'flags' must",
        "twice",
    ):
        assert piece in told


@pytest.mark.parametrize("name", [name for name in COMMANDS if name])
def test_a_sub_word_by_itself_is_that_command(name):
    """Typed without the command before it, with a capital or a sign at the end."""
    for typed in (name, f" {name.capitalize()}. "):
        assert whole(message(Said(Words(typed)))).content == Command(name, Words(""))
