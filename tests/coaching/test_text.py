"""Folding: what is matched is plain, and every position leads back to the very characters typed."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coaching.text import Span, fold


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Calm DOWN", "calm down"),
        ("I\u2019m  here\tnow", "i'm here now"),
        ("\u201cWait\u201d\u2026", '"wait"...'),
        ("in\u200bvis\u00adible", "invisible"),
        ("caf\u00e9 cafe\u0301", "caf\u00e9 cafe\u0301"),
        ("one \n  two", "one \ntwo"),
        ("\ufb01ne \uff21", "fine a"),
        ("a\x00b\x7f", "ab"),
        ("calm\x1fdown", "calm down"),
    ],
)
def test_what_looks_the_same_is_the_same(typed, plain):
    """Case, curly quotes, blanks and invisible characters make no difference; line ends stay."""
    assert fold(typed).text == plain


@given(st.text())
def test_every_stretch_leads_back(typed):
    """Any stretch of the folded text is one of the original, within it and in the same order."""
    folded = fold(typed)
    assert len(folded.offsets) == len(folded.text) + 1
    assert list(folded.offsets) == sorted(folded.offsets)
    for at in range(len(folded.text)):
        span = folded.span(at, at + 1)
        assert fold(folded.quote(span)).text.strip(" ") in folded.text
    assert folded.quote(folded.span(0, len(folded.text))) in typed if folded.text else True


@given(st.text(st.characters(max_codepoint=127)))
@example("\n ")
def test_plain_text_takes_the_short_way_to_the_same_end(typed):
    """ASCII is folded at once where nothing has to go; a letter beyond it makes no difference to the rest."""
    assert fold(typed + "\u00e9").text == fold(typed).text + "\u00e9"


def test_nothing_is_nothing():
    """An empty stretch is empty, wherever it lies."""
    folded = fold("so  sorry")
    assert folded.span(3, 3) == Span(4, 4)
    assert folded.quote(folded.span(3, 3)) == ""
