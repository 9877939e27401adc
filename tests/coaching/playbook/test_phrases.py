"""Phrases are read as they are written, or refused with the reason; what they find is found everywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.playbook.phrases import PhraseError, Reading, Spelling, by_word
from coaching.safety.line import Line

SPELLING = Spelling({"can't": ("can", "not"), "gonna": ("going", "to", "the")}, frozenset({"the", "a", "of"}))
NONE = Spelling()


def classes():
    made = {"pet": Reading({}, NONE).some(["cat", "guinea pig", "dog* ~1 one"])}
    made["kin"] = Reading(made, NONE).some(["aunt", "<pet> sitter"])
    return made


def found(source, words):
    return list(Line(words.split()).spans(Reading(classes(), SPELLING).phrase(source)))


@pytest.mark.parametrize(
    ("source", "words", "spans"),
    [
        ("cat", "a cat and a cat", [(1, 2), (4, 5)]),
        ("big cat", "big bad cat", []),
        ("big ~1 cat", "big bad cat", [(0, 3)]),
        ("big ~1 cat", "big . cat", []),
        ("big .. cat", "cat . big . and a cat", [(2, 7)]),
        ("harm* me", "harming me harms me", [(0, 2), (2, 4)]),
        ("so? cat", "so cat", [(0, 2), (1, 2)]),
        ("(big|very bad)? cat", "very bad cat", [(0, 3), (2, 3)]),
        ("(big|very bad) cat", "bad cat", []),
        (". cat .", ". cat . a cat .", [(0, 3)]),
        ("my !(cat|dog) _", "my cat my fox", [(2, 4)]),
        ("my !cat", "my cat my fox", [(2, 3)]),
        ("<pet>", "guinea pig doggy of one", [(0, 2), (2, 5)]),
        ("<kin>", "cat sitter aunt", [(0, 2), (2, 3)]),
        ("<pet>? here", "cat here", [(0, 2), (1, 2)]),
        ("can't go", "can not go", [(0, 3)]),
        ("gonna? go", "going to go", [(0, 3), (2, 3)]),
        ("the tired of? it (a|the)", "tired it", [(0, 2)]),
        ("(of|with) it", "it", []),
    ],
)
def test_what_a_phrase_finds(source, words, spans):
    """Every sign does what the first page of the reader says; fillers and spellings are as in plain text."""
    assert found(source, words) == spans


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("(cat", "not closed"),
        ("cat)", "belongs to none"),
        ("cat | dog", "belongs to none"),
        ("the", "nothing to look for"),
        ("~31 cat", "more than 30"),
        ("<bird>", "is not there"),
        ("Cat", "no word"),
        ("c.t", "no word"),
        ("!<pet>", "single words"),
        ("!(guinea pig)", "single words"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(source, why):
    """Somebody who wrote it can mend it."""
    with pytest.raises(PhraseError, match=why.replace("(", r"\(")):
        Reading(classes(), SPELLING).phrase(source)


SOURCES = st.lists(
    st.sampled_from(
        ["i", "die", "want", ".", "~2", "..", "_", "(die|be dead)", "(i)?", "wa*", "!i", "<pet>"]
    ),
    min_size=1,
    max_size=6,
).map(" ".join)
LINES = st.lists(
    st.sampled_from(["i", "die", "want", ".", "be", "dead", "cat", "guinea", "pig", "doggy", "one"])
)


@given(SOURCES, LINES)
def test_the_index_never_hides_a_phrase(source, words):
    """A phrase that stands in a line is under one of its words, or under none at all."""
    line, way = Line(words), Reading(classes(), NONE).phrase(source)
    index = by_word([way])
    near = {*index.get("", ()), *(near for word in line.known for near in index.get(word, ()))}
    assert way in near or not line.has(way)


@given(SOURCES, LINES)
def test_all_places_at_once_are_the_places_one_by_one(source, words):
    """Looking from everywhere finds exactly what looking from each place finds."""
    line, way = Line(words), Reading(classes(), NONE).phrase(source)
    one_by_one = 0
    for start in range(len(words)):
        one_by_one |= line.after(way, 1 << start)
    assert bool(one_by_one) == line.has(way)
    assert line.after(way, line.every) & ~(line.every << 1 | line.every) == 0
