"""What a model is given of a draft, and what of its answer gets through."""

import pytest

from coaching.ports import Sentence, Why
from coaching.review.engine import review
from coaching.review.written.rewriting import Written, _covered, asked, better, settled

DRAFT = "Hi Maria,\nAs I already said, delivery takes 10 working days. You need to wait.\nBest, Tom"
CUSTOMER = "Where is my parcel? The party is tomorrow. My order is 48211, maria@mail.example.com"
KEEP = Sentence("keep", "Delivery takes 10 working days.", "delivery takes 10 working days")
SORRY = Sentence(
    "acknowledge", "I am sorry the parcel is not there yet, with the party tomorrow.", "The party is tomorrow"
)


def ask(playbook, draft=DRAFT, customer=CUSTOMER, *, redacts=True):
    found = review(draft, customer, playbook)
    return found, asked(found, customer, playbook, redacts=redacts)


def come_of(playbook, *sentences, draft=DRAFT, customer=CUSTOMER):
    found, case = ask(playbook, draft, customer)
    return settled(case, sentences, found, playbook)


def test_only_what_is_needed_leaves(playbook):
    """No greeting, no signature, no names, numbers or addresses; what has to change is said in our words."""
    found, case = ask(playbook)
    shown = f"{case.case.draft}\n{case.case.customer}"
    assert not [word for word in ("Maria", "maria", "Tom", "48211", "Hi", "Best") if word in shown]
    assert "⟦EMAIL_1⟧" in shown
    assert found.one_thing.say in case.case.change
    assert (case.before, case.after) == ("Hi Maria,\n", "\nBest, Tom")
    assert "Maria" not in repr(case)
    assert "10 working" not in repr(case)


def test_on_this_machine_it_may_see_everything(playbook):
    """Where nothing leaves, nothing is taken out, but what cannot be seen."""
    _, case = ask(playbook, customer=CUSTOMER + "\u200b", redacts=False)
    assert case.case.customer == CUSTOMER


@pytest.mark.parametrize(
    "draft", ["", "ok", "Thank you for asking, Maria. It is blue, and I can send you two."]
)
def test_where_nothing_is_to_change_nothing_is_asked(draft, playbook):
    """No draft to judge, or a good one."""
    found = review(draft, "is it blue?", playbook)
    if found.one_thing is None:
        assert asked(found, "", playbook, redacts=True) is None


def test_what_the_draft_carries_is_shown(playbook):
    """With greeting and signature as they were, and what stood behind the marks."""
    written = come_of(playbook, SORRY, KEEP)
    assert isinstance(written, Written)
    assert written.text == f"Hi Maria,\n{SORRY.text} {KEEP.text}\nBest, Tom"
    assert not written.open


def test_what_goes_beyond_the_draft_is_to_be_checked(playbook):
    """Mostly the draft's words: a slot. An invention with little of the draft: the draft's own sentence."""
    more = Sentence("keep", "Delivery takes 10 working days by bike.", "delivery takes 10 working days")
    written = come_of(playbook, SORRY, more)
    assert "[check before you send: Delivery takes 10 working days by bike.]" in written.text
    assert written.open
    strange = Sentence("keep", "The dog ate the parcel of our neighbour.", "delivery takes 10 working days")
    own = come_of(playbook, SORRY, strange)
    assert (
        own.text == f"Hi Maria,\n{SORRY.text} As I already said, delivery takes 10 working days.\nBest, Tom"
    )


@pytest.mark.parametrize(
    "bad",
    [
        Sentence("acknowledge", "We will refund you.", "The party is tomorrow"),
        Sentence("acknowledge", SORRY.text, "nobody ever wrote this"),
        Sentence("question", "Would you like a voucher?"),
        Sentence("close", "See www.evil.example."),
        Sentence("close", "⟦EMAIL_7⟧ will help."),
        Sentence("acknowledge", "My parcel is late, I understand.", "The party is tomorrow"),
        Sentence("close", "x" * 500),
        Sentence("close", "\u200b"),
    ],
)
def test_what_nobody_may_say_is_left_out(bad, playbook):
    """The rest stands."""
    written = come_of(playbook, SORRY, bad, KEEP)
    assert written.text == f"Hi Maria,\n{SORRY.text} {KEEP.text}\nBest, Tom"


@pytest.mark.parametrize(
    ("sentences", "why"),
    [
        ((), Why.SHAPE),
        ((KEEP,) * 13, Why.SHAPE),
        ((Sentence("close", "We will refund you."),), Why.SHAPE),
        ((SORRY,), Why.LOST),  # the ten days
        ((SORRY, Sentence("keep", "Delivery takes a while.", "delivery takes")), None),
        ((KEEP,), None),
    ],
)
def test_a_whole_that_does_not_hold(sentences, why, playbook):
    """Too much, nothing, or something lost."""
    found = come_of(playbook, *sentences)
    assert found is why if why else isinstance(found, Written | Why)


def test_what_is_said_twice_is_said_once(playbook):
    """A model that repeats itself does not repeat itself on the card."""
    assert come_of(playbook, SORRY, SORRY, KEEP, KEEP).text.count("10 working") == 1


def test_what_must_stay(playbook):
    """A link, a refusal and what a sentence is about are not lost; courtesy may be."""
    draft = (
        "Calm down. We cannot refund opened items. Read https://acme.example/terms first, it is all there."
    )
    refused = Sentence("keep", "We cannot refund opened items.", "We cannot refund opened items")
    link = Sentence("keep", "Read https://acme.example/terms first.", "Read")
    customer = "I want my money back for the opened blender!"
    found, case = ask(playbook, draft, customer, redacts=False)
    assert settled(case, (refused,), found, playbook) is Why.LOST
    assert settled(case, (link,), found, playbook) is Why.LOST


def test_a_refusal_is_not_lost(playbook):
    """What a sentence denies has to be denied, whatever else is kept of it."""
    assert not _covered("We cannot do it with this box.", frozenset({"box"}), playbook)
    assert _covered("We cannot do it with this box.", frozenset({"box", "not"}), playbook)


def test_nothing_gets_worse(playbook):
    """An insult more is no improvement, whatever else is better."""
    before = review("Delivery takes 10 working days.", CUSTOMER, playbook)
    assert before.one_thing is not None
    worse = "You must be stupid. I am sorry the parcel is late. Delivery takes 10 working days."
    assert not better(worse, before, CUSTOMER, playbook)


def test_better_is_what_our_own_review_calls_better(playbook):
    """Nothing may get worse; something has to get better; a good reply is not touched."""
    found = review(DRAFT, CUSTOMER, playbook)
    assert not better(DRAFT, found, CUSTOMER, playbook)
    assert not better(
        "Calm down, you must have typed it wrong. That is not our fault.", found, CUSTOMER, playbook
    )
    assert not better("", found, CUSTOMER, playbook)
    good = "I am sorry the parcel is not there, with the party tomorrow. Delivery takes 10 working days."
    assert better(good, found, CUSTOMER, playbook)
