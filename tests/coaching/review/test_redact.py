"""What tells who somebody is does not leave, and comes back exactly as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.review.written.redact import (
    Marks,
    leaves_at,
    luhn,
    marks_in,
    mod97,
    named_again,
    redact,
    restore,
)

PRIVATE = {
    "maria.lopez+shop@mail.example.com": "EMAIL",
    "https://shop.example.com/t?token=abc": "URL",
    "www.shop.example.com": "URL",
    "DE89 3704 0044 0532 0130 00": "IBAN",
    "4111 1111 1111 1111": "CARD",
    "192.168.10.7": "IP",
    "2001:db8:0:1:1:1:1:1": "IP",
    "+49 170 1234567": "PHONE",
    "(030) 901820-44": "PHONE",
    "ZX81-4477": "ID",
    "8675309": "NUMBER",
    "@maria_l": "HANDLE",
}


@pytest.mark.parametrize(("text", "kind"), PRIVATE.items())
def test_each_kind_is_marked(text, kind):
    """In the middle of a sentence, and back."""
    marks = Marks()
    whole = f"Please look at {text} for me."
    shown = redact(whole, marks)
    assert text not in shown
    assert f"⟦{kind}_1⟧" in shown or kind in ("PHONE", "NUMBER")
    assert restore(shown, marks.behind) == whole


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("My order 4711 is late", "My order ⟦ID_1⟧ is late"),
        ("order no. A-77/b, please", "order no. ⟦ID_1⟧, please"),
        ("ticket #99 and #ab12", "ticket #⟦ID_1⟧ and #⟦ID_2⟧"),
        ("Hi Maria Lopez,\nwhat now, Maria?", "Hi ⟦NAME_1⟧,\nwhat now, ⟦NAME_2⟧?"),
        ("Wait.\nKind regards,\nTom", "Wait.\nKind regards,\n⟦NAME_1⟧"),
        ("my name is Nora Berg.", "my name is ⟦NAME_1⟧."),
        ("It costs 29.99 and takes 10 days from 3 May", "It costs 29.99 and takes 10 days from 3 May"),
        ("999.999.1.1 and 4111 1111 1111 1112", "⟦NUMBER_1⟧ and ⟦PHONE_1⟧"),
        ("DE89370400440532013000 BIC", "⟦IBAN_1⟧ BIC"),
        ("gb82west12345698765432", "⟦IBAN_1⟧"),
        ("a@b.co twice: a@b.co", "⟦EMAIL_1⟧ twice: ⟦EMAIL_1⟧"),
        ("⟦EMAIL_1⟧ is none of ours", "EMAIL_1 is none of ours"),
        ("hello Dr. Who", "hello Dr. ⟦NAME_1⟧"),
    ],
)
def test_what_is_marked_and_what_stays(text, shown):
    """Amounts and dates stay; the same is always the same mark; nobody makes a mark of ours."""
    marks = Marks()
    assert named_again(redact(text, marks), marks) == shown


@given(
    st.lists(st.sampled_from([*PRIVATE, "Hi Maria,", "\n", "order 12345", "and", "⟦NAME_1⟧"]), max_size=12)
)
def test_there_and_back(pieces):
    """Whatever stands beside each other: restored, it is what it was, but for signs of ours."""
    text = " ".join(pieces)
    marks = Marks()
    shown = named_again(redact(text, marks), marks)
    assert restore(shown, marks.behind) == text.replace("⟦", "").replace("⟧", "")
    assert not [private for private in pieces if private in PRIVATE and private in shown]


@given(st.text(max_size=300))
def test_any_text_comes_back(text):
    """Identical, but for signs of ours."""
    marks = Marks()
    shown = named_again(redact(text, marks), marks)
    assert restore(shown, marks.behind) == text.replace("⟦", "").replace("⟧", "")
    assert "⟦" not in repr(marks)


def test_check_digits():
    """A card adds up by Luhn, an IBAN by mod 97."""
    assert luhn("4111 1111 1111 1111")
    assert not luhn("4111 1111 1111 1112")
    assert mod97("GB82 WEST 1234 5698 7654 32")
    assert not mod97("GB82 WEST 1234 5698 7654 33")
    assert not mod97("GB82")


def test_marks_are_found_and_strange_ones_stay():
    """A mark nobody gave is left as it is, to be noticed."""
    assert marks_in("⟦ID_1⟧ and ⟦NAME_22⟧") == ["⟦ID_1⟧", "⟦NAME_22⟧"]
    assert restore("⟦ID_9⟧", {"⟦ID_1⟧": "x"}) == "⟦ID_9⟧"


@pytest.mark.parametrize(
    ("text", "left"),
    [("We wait.\nBest, Tom", "\nBest, Tom"), ("We wait.\n\nTom", "\n\nTom"), ("We wait for Tom.", "")],
)
def test_a_signature_is_left_where_it_is(text, left):
    """It is no part of what a model words."""
    assert text[leaves_at(text) :] == left
