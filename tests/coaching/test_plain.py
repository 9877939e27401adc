"""What people type is made plain before danger is looked for in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.playbook.phrases import Spelling
from coaching.safety.plain import plain
from tests.players.books import PLAYBOOK

SPELLING = PLAYBOOK.care.spelling
OURS = Spelling(
    {"k*ll": ("kill",), "can't": ("can", "not"), "wanna": ("want", "to")}, frozenset({"just", "a"})
)


def words(text, spelling=OURS):
    return " ".join(plain(text, spelling))


@pytest.mark.parametrize(
    ("text", "plainly"),
    [
        ("I'm just DONE.", ". i am done . ."),
        ("I can’t. don't! isn't?", ". i can not . do not . is not . ."),
        ("she's he'll they've you're I'd", ". she is he will they have you are i would ."),
        ("the manager's desk, o'clock", ". the manager desk oclock ."),
        ("wanna d1e, k*ll m3e *now* **", ". want to die kill mee now ."),
        ("nooo it's sooo longgg, killl", ". no it is so longg kill ."),
        ("wait... what.. no. go", ". wait what no . go ."),
        ("no quiero morir más, straße", ". no quiero morir mas strasse ."),
        ("one\ntwo\n\nthree", ". one two . three ."),
        ("d i e now, k-m-s", ". die now kms ."),
        ("I'm dead 😂🍩 ❤️", ". i am dead lol lol ."),
        ("", ". ."),
    ],
)
def test_what_is_typed_in_plain_words(text, plainly):
    """Capitals, short forms, signs for letters, long letters, accents, pauses and laughing signs."""
    assert words(text) == plainly


def test_the_shipped_spellings_know_how_people_type():
    """The plainest of them, so that rules need one spelling only."""
    said = words("im gonna kms, wanna unalive myself 2nite, cant go on anymore", SPELLING)
    assert said == ". i am going to kill myself want to kill myself tonight can not go on any more ."


@given(st.text(max_size=200))
def test_it_never_raises_and_never_makes_more_of_it(text):
    """Whatever is typed becomes words; stops stand at both ends."""
    said = plain(text, SPELLING)
    assert said[0] == said[-1] == "."
    assert all(word and word not in SPELLING.fillers for word in said)
