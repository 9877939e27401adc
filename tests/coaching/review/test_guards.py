"""A model's sentence is said only where the draft, or what the customer wrote, carries it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.review.written import facts
from coaching.review.written.clean import clean, level, stands_in
from coaching.review.written.facts import Flaw
from coaching.review.written.parts import parts
from coaching.review.written.stems import plain, tokens
from coaching.review.written.support import flaw, sources
from coaching.review.written.turns import contrary

OWN = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "sets/guards/own.jsonl").read_text(encoding="utf-8").splitlines()
]
DRAFT = "Delivery takes 10 working days. We can replace it if you send a photo to help@acme.example."
CUSTOMER = "My name is Nora. The party is tomorrow, and you charged me $50 twice!"


def wrong(sentence, playbook, draft=DRAFT, customer=CUSTOMER):
    return flaw(sentence, sources(draft, customer, playbook.guarding), playbook.guarding)


@pytest.mark.parametrize("row", [r for r in OWN if r["kind"] == "invented"], ids=lambda r: r["id"])
def test_nothing_invented_passes(row, playbook):
    """Not one of the sentences that say more than their draft."""
    assert wrong(row["sentence"], playbook, row["draft"], row["customer"]) is not None


def test_most_of_what_is_faithful_passes(playbook):
    """What says the same in other words is mostly let through; doubt is never for the model."""
    rows = [r for r in OWN if r["kind"] == "faithful"]
    kept = [r for r in rows if wrong(r["sentence"], playbook, r["draft"], r["customer"]) is None]
    assert len(kept) >= 0.7 * len(rows)


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("See https://acme.example/track for more.", Flaw.LINK),
        ("See acme.example for more.", Flaw.LINK),
        ("See acme dot com for more.", Flaw.LINK),
        ("Write to other@acme.example.", Flaw.CONTACT),
        ("Call 0800 123 45 67.", Flaw.CONTACT),
        ("Ask @helpdesk.", Flaw.CONTACT),
        ("Delivery takes 10 working days and costs 5 euros.", Flaw.AMOUNT),
        ("Delivery takes 3 working days.", Flaw.TIME),
        ("Delivery takes a week.", Flaw.TIME),
        ("You will have it within a day.", Flaw.TIME),
        ("Delivery comes tomorrow.", Flaw.TIME),
        ("We will refund you.", Flaw.OFFER),
        ("We have replaced it.", Flaw.PROMISE),
        ("We will replace it.", Flaw.PROMISE),
        ("I will do it.", Flaw.PROMISE),
        ("Yes, delivery takes 10 working days.", Flaw.PROMISE),
        ("It is on its way.", Flaw.PROMISE),
        ("You get a voucher.", Flaw.OFFER),
        ("Would you like a refund?", Flaw.OFFER),
        ("Can I cancel it for you?", Flaw.OFFER),
        ("What is your password?", Flaw.SECRET),
        ("Let me send it.", Flaw.PROMISE),
        ("As an AI language model I would say so.", Flaw.SHAPE),
        ("Delivery takes 10 working days, says Miller.", Flaw.FACT),
        ("The courier lost it.", Flaw.FACT),
        ("The courier tried it?", Flaw.FACT),
        ("Delivery takes 7.", Flaw.FACT),
        ("Delivery takes 10 working days by bike.", Flaw.FACT),
    ],
)
def test_what_is_wrong_is_named(sentence, found, playbook):
    """By class, which decides whether it may be shown to be checked."""
    assert wrong(sentence, playbook) is found


@pytest.mark.parametrize(
    "sentence",
    [
        "Delivery takes 10 working days.",
        "delivery takes ten working days",
        "I'm sorry you were charged $50 twice.",
        "The party is tomorrow, I understand.",
        "I understand the party is tomorrow, Nora.",
        "Thank you!",
        "If you send a photo to help@acme.example, we can replace it.",
        "Could you send the photo?",
        "Delivery takes 10 working days, could you send a photo?",
        "What an awful timing.",
        "Let me know if you have any questions.",
    ],
)
def test_what_says_no_more_passes(sentence, playbook):
    """In other words, in figures or letters, taken up or asked."""
    if sentence == "The party is tomorrow, I understand.":
        assert wrong(sentence, playbook) is Flaw.TIME  # said as ours, it may be a promise
    else:
        assert wrong(sentence, playbook) is None


def test_only_a_fact_may_be_shown_to_be_checked():
    """A promise, a link or an amount that nobody gave is never on the card."""
    assert [each for each in Flaw if not each.grave] == [Flaw.FACT]


def test_a_range_is_no_end_of_it(playbook):
    """Three to five days are not three; a bound stays a bound."""
    draft = "It takes 3 to 5 days, at least 2 for the first step. Come between 8 and 12, or after 14:00."
    for said in ("It takes 3 days.", "It takes 5 days.", "It takes 2 days.", "Come at 12.", "Come by 14:00."):
        assert wrong(said, playbook, draft, "") is not None
    assert wrong("It takes 3-5 days.", playbook, draft, "") is None


def test_numbers_of_all_kinds(playbook):
    """Money before or after it, ordinals, words, single ones."""
    words = tokens(plain("$50, 20 euros, the 3rd, two, a few, within a week, 3pm, 12%"), playbook.guarding)
    found = [(n.value, n.unit) for n in facts.numbers(words, playbook.guarding)]
    assert ("50", "$") in found
    assert ("20", "euro") in found
    assert ("3", "") in found or ("3", "week") in found
    assert ("1", "week") in found
    assert ("12", "%") in found


def test_parts_of_a_sentence(playbook):
    """Courtesy is left out, what takes something up ends where something is said."""
    said = plain("I'm sorry the party is tomorrow, but we will replace it. Thank you for your patience.")
    theirs = frozenset({"party", "tomorrow"})
    found = parts(said, theirs, playbook.guarding)
    assert [(p.text, p.kind.value) for p in found] == [
        ("the party is tomorrow", "takes_up"),
        ("we will replace it.", "says"),
    ]


@given(st.text(max_size=200))
def test_cleaned_text_is_clean(text):
    """Once is enough, and nothing hidden is left."""
    once = clean(text)
    assert clean(once) == once
    assert not set(once) & set("\u200b\u200d\u2060\u202e\ufeff\u00ad")
    assert not any("\U000e0000" <= sign <= "\U000e007f" or "\ufe00" <= sign <= "\ufe0f" for sign in once)


def test_hidden_letters_do_not_hide_words():
    """Invisible signs, other forms of letters and other quotes are the same text."""
    assert clean("pa\u200bss\u2060word\U000e0041") == "password"
    assert level("“Ｈｅｌｌｏ”  you\u2019re") == '"hello" you\'re'
    assert stands_in("Hello\u200b  you", "well, “hello you” he said")
    assert not stands_in("", "anything")
    assert not stands_in("hello me", "hello you")


@given(st.text(max_size=300), st.text(max_size=100))
def test_no_text_breaks_the_guards(playbook, draft, sentence):
    """Whatever a model or a person writes, there is an answer."""
    wrong(sentence, playbook, draft, draft[::-1])


@given(st.sampled_from([r["draft"] for r in OWN]), st.randoms(use_true_random=False))
def test_a_drafts_own_sentence_always_passes(playbook, draft, random):
    """Word for word, whatever it promises: it is the person's own."""
    own = [s for s in draft.replace("? ", "?|").replace(". ", ".|").split("|") if s]
    assert wrong(random.choice(own), playbook, draft, "") is None


def test_a_denial_where_the_draft_has_none_weighs(playbook):
    """Nobody said so."""
    assert wrong("The depot does not answer letters.", playbook, "The depot opens soon.", "") is Flaw.FACT
    assert wrong("There it is not.", playbook, "The depot opens soon.", "") is Flaw.FACT


def test_a_thing_is_named_no_more_surely_than_it_was(playbook):
    """The draft's refund may be yours; the one that you may ask for is not there yet."""
    assert wrong("Your refund takes 5 days.", playbook, "The refund takes 5 days.", "") is None
    assert wrong("Here is your refund.", playbook, "You may ask for the refund.", "") is Flaw.OFFER


def test_of_a_large_set_hardly_an_invention_passes_and_most_that_is_faithful_does(playbook):
    """Every eighth of the sets it was learnt from; what nobody may promise, not once."""
    folder = Path(__file__).parents[2] / "sets/guards"
    rows = [
        json.loads(line)
        for name in ("blind_invented", "blind_faithful", "pairs")
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[::8]
    ]
    passed = [r for r in rows if wrong(r["sentence"], playbook, r["draft"], r["customer"]) is None]
    invented = [r for r in passed if r["kind"] == "invented"]
    assert len(invented) <= 0.02 * sum(r["kind"] == "invented" for r in rows)
    assert not [r for r in invented if r["class"] in ("link", "contact", "amount", "promise", "offer")]
    assert len(passed) - len(invented) >= 0.55 * sum(r["kind"] == "faithful" for r in rows)


def test_what_they_ask_for_may_be_taken_up(playbook):
    """A refund that they speak of is theirs to speak of, and ours only where the draft gives it."""
    asked = "I want a refund."
    assert wrong("I understand you want a refund.", playbook, customer=asked) is None
    assert wrong("I understand, so you get a refund.", playbook, customer=asked) is Flaw.OFFER


SURGERY = (
    "It's likely nothing serious. Dried paint can often be lifted by a cleaner. Please don't use solvent. "
    "The fine was issued in zone C on 3 May. Your claim will be assessed."
)


@pytest.mark.parametrize(
    ("sentence", "wrongly"),
    [
        ("It's nothing serious.", True),
        ("It seems it's nothing serious.", False),
        ("Dried paint can be lifted by a cleaner.", True),
        ("A cleaner can often lift dried paint.", False),
        ("Please use solvent.", True),
        ("The fine was issued in zone B on 3 May.", True),
        ("The fine was issued in zone C on 4 May.", True),
        ("The fine was issued on 3 May in zone C.", False),
        ("Your claim has been assessed.", True),
        ("We will assess your claim.", False),
    ],
)
def test_a_clause_is_as_sure_as_its_like_in_the_draft(sentence, wrongly, playbook):
    """What is likely does not become certain, what is denied not advised, what is to come not done."""
    known = sources(SURGERY, "", playbook.guarding)
    made = parts(plain(sentence), frozenset(), playbook.guarding)
    assert any(contrary(part.text, known.draft, playbook.guarding) for part in made) is wrongly


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("Come Mon-Wed, 5min before.", "come monday to wednesday, 5 minute before."),
        ("Page p. 4, no. 7, 3 Jan.", "page page 4, number 7, 3 january."),
        ("It looks like rain tonight.", "it seems rain this evening."),
        ("We can offer you Thu or Fri at no cost.", "we have thursday or friday free."),
        ("No: a min.", "no: a minute."),
    ],
)
def test_what_is_said_shortly_is_the_same_in_full(short, long):
    """Times, days and prices, however they are written."""
    assert plain(short) == long


def test_words_that_begin_alike_are_close(playbook):
    """Even where nobody has listed them."""
    assert sources("Blorpify it.", "", playbook.guarding).draft.grade("blorpized", playbook.guarding) == 2
