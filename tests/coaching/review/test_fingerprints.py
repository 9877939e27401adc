"""A reply that was sent before, or is a template, is known by fingerprints; nothing else is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.kept import Earlier
from coaching.review.fingerprints import alike, is_template, repeats, reviewed

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY = b"k" * 32
PARCEL = (
    "Hello Anna, thank you for writing to us about order 48213. The parcel left our house on Monday and"
    " should reach you within three working days. If it has not come by then, please write to me again."
)
OTHER = (
    "Hi Tom, I have looked at both invoices now. The second one was a mistake of ours: I have cancelled it"
    " and the 40 euros are on their way back to your card. I am sorry about the scare this morning."
)
AGAIN = PARCEL.replace("Anna", "Miguel").replace("48213", "51177").replace("Monday", "Friday")
LONG = " ".join(
    f"{PARCEL} Step {n} of many: open the menu, choose setting {n * 'x'}, and wait." for n in range(9)
)


def before(text, customer="", ago=timedelta(days=3)):
    return Earlier(KEY, ((reviewed(text, customer, KEY), NOW - ago),))


@pytest.mark.parametrize(("one", "other"), [(PARCEL, AGAIN), (LONG, LONG.replace("Anna", "Miguel"))])
def test_the_same_with_other_names_and_numbers_repeats(one, other):
    """What differs in every use of a template counts for nothing."""
    assert repeats(reviewed(other, "", KEY), before(one), NOW)


@pytest.mark.parametrize("other", [OTHER, "Thank you, that is kind of you.", "", PARCEL[:120] + OTHER])
def test_another_reply_does_not(other):
    """Nor one that shares its beginning, nor one too short to tell."""
    assert not repeats(reviewed(other, "", KEY), before(PARCEL), NOW)


def test_a_reply_looked_at_once_more_is_no_repeat():
    """Not within the hour, and not for the same customer's message, whenever that was."""
    assert not repeats(reviewed(AGAIN, "", KEY), before(PARCEL, ago=timedelta(minutes=20)), NOW)
    assert not repeats(reviewed(AGAIN, "Where is it?", KEY), before(PARCEL, "Where is it?  "), NOW)
    assert repeats(reviewed(AGAIN, "Where is it?", KEY), before(PARCEL, "Is it lost?"), NOW)


def test_another_key_makes_other_numbers():
    """Whoever has the numbers alone cannot tell whose words they are."""
    assert not set(reviewed(PARCEL, "x", KEY).prints) & set(reviewed(PARCEL, "x", b"o" * 32).prints)
    assert reviewed(PARCEL, "x", KEY).about != reviewed(PARCEL, "x", b"o" * 32).about


@given(st.text(max_size=400), st.text(max_size=40))
def test_any_text_becomes_numbers(draft, customer):
    """At most 64, each such as a database keeps; the same text is alike itself or too short to tell."""
    made = reviewed(draft, customer, KEY)
    assert len(made.prints) <= 64
    assert all(0 <= n < 1 << 63 for n in (*made.prints, made.about))
    assert alike(made.prints, made.prints) in (0, 1)


def test_a_sample_is_as_good_as_the_whole():
    """Of long replies 64 fingerprints are compared: about as alike as the replies are."""
    words = [f"{chr(97 + n % 26)}{chr(97 + n // 26)}a" for n in range(500)]
    whole = reviewed(" ".join(words), "", KEY).prints
    for part in (0.2, 0.5, 0.9):
        some = reviewed(" ".join(words[: int(500 * part)]), "", KEY).prints
        assert alike(whole, some) == pytest.approx(part, abs=0.15)


def test_templates():
    """Most of a reply has to stand in one; a template that is a small part of a reply is none."""
    assert is_template(AGAIN, [OTHER, PARCEL])
    assert is_template(AGAIN + " All the best for the party!", [PARCEL])
    assert not is_template(OTHER + OTHER.upper() + PARCEL[:60], [PARCEL])
    assert not is_template("Thank you for writing", ["Thank you for writing"])
    assert not is_template(AGAIN, [])
