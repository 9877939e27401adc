"""The repair: it deletes, softens, turns orders into requests, adds no word of its own, and leaves slots."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching.playbook.rules import REPAIRS
from coaching.review.engine import review
from coaching.review.fusion import BLAMING, judge
from coaching.review.look import Abstained, look
from coaching.review.repair import EDITS, edited, has_verb, without
from coaching.review.verdicts import Outcome
from coaching.text import Span
from tests.players.books import PLAYBOOK

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def slots_out(text):
    for key in ("acknowledge", "kinder", "next", "instead", "thanks", "more"):
        start = PLAYBOOK.wording.lines[f"review.slot.{key}"][0].partition("{")[0]
        while start in text:
            at = text.index(start)
            end = text.index('"]', at) + 2 if key in ("acknowledge", "kinder") else at + len(start)
            text = text[:at] + text[end:]
    return " ".join(text.split())


def repaired(draft, customer=""):
    """With all edits, whether or not they are judged to make it better."""
    found = look(draft, customer, PLAYBOOK)
    if isinstance(found, Abstained):
        return draft
    verdicts, _ = judge(found, PLAYBOOK.heads)
    return " ".join(edited(found.evidence, verdicts, PLAYBOOK.judging).text.split())


def test_every_edit_has_a_name_data_may_use():
    """The names a check may give under `repair` are exactly the edits there are."""
    assert {*EDITS, "drop-sentence"} == set(REPAIRS)


@pytest.mark.parametrize(
    ("draft", "after"),
    [
        ("As I said, delivery takes ten days per our policy. You need to wait.", "Delivery takes ten days."),
        (
            "You must have typed a wrong name. Clear your cache and retry.",
            "One possible cause is that you typed a wrong name. Could you please clear your cache and retry?",
        ),
        ("You need to send it. It is not possible.", "Could you please send it? It is not possible."),
        ("I checked and you must have lost it.", "I checked and one possible cause is that you lost it."),
        ("Unfortunately, the shop does not ship there.", "I am sorry, the shop does not ship there."),
        ("Unfortunately I can't do it.", "I am sorry, I can't do it."),
        ("We unfortunately cannot do it.", "We cannot do it."),
        ("The fee stays as per our policy.", "The fee stays."),
        ("As I already told you, ten days.", "As I already told you, ten days."),
        ("No.", ""),
        ("Calm down. It arrives on Monday.", "It arrives on Monday."),
        ("URL check failed. Calm down. Is it on?", "URL check failed. Is it on?"),
        ("Check it? That is not our fault.", "Check it?"),
        ("Check it. Send a photo please.", "Could you please check it? Send a photo please."),
        ("It is late. You must have been tired.", "It is late. You must have been tired."),
    ],
)  # fmt: skip
def test_an_edit(draft, after):
    """Each edit leaves a whole sentence; an edit that would leave no verb is undone."""
    assert repaired(draft) == after


def test_greeting_signature_and_lines_stay_in_place():
    """The first line still greets, the last still signs, and paragraphs stay apart."""
    draft = "Hi Ana,\n\nCalm down.\nIt arrives on Monday.\n\nKind regards,\nTom"
    lines = review(draft, "It's late.", PLAYBOOK).repaired.split("\n")
    assert lines[0] == "Hi Ana,"
    assert lines[-2:] == ["Kind regards,", "Tom"]
    assert any(line.endswith("It arrives on Monday.") or "It arrives on Monday." in line for line in lines)


def test_a_slot_stands_before_the_signature_on_a_line_of_its_own():
    """Also where the signature shared its line with the last sentence."""
    draft = "Unfortunately we can not refund that. Kind regards, Tom"
    instead = PLAYBOOK.wording.label("review.slot.instead")
    assert review(draft, "", PLAYBOOK).repaired.endswith(f"\n{instead}\nKind regards, Tom")


@pytest.mark.parametrize(
    ("customer", "stake"),
    [
        ("It is blue. The wedding is on Friday. It broke.", "The wedding is on Friday."),
        ("It is blue. I need it tomorrow.", "I need it tomorrow."),
        ("It is blue. It broke again.", "It broke again."),
        ("It is blue. You charged me.", "You charged me."),
        ('It is "cold" here.', "It is 'cold' here."),
        ("To whom it may concern. It is cold here.", "It is cold here."),
        ("Anyone from LensLine reading? It is cold here.", "It is cold here."),
        ("The lamp " + "hums very loud " * 20 + "here.", "The lamp hums"),
    ],
)
def test_the_slot_quotes_what_is_at_stake(customer, stake):
    """The acknowledgement slot holds the customer's own sentence with most at stake, shortened if long."""
    text = review("Calm down.", customer + " It's late.", PLAYBOOK).repaired
    assert f'[acknowledge in your own words: "{stake}' in text
    assert len(text.partition('"')[2].partition('"')[0]) < 150


@pytest.mark.parametrize(
    ("customer", "draft", "slot"),
    [
        ("The menu is useless.", "Most people like it.", "thanks"),
        ("Can I swap it?", "That's not possible.", "instead"),
        ("Where is it?", "Calm down.", "next"),
    ],
)
def test_a_slot_for_what_is_missing(customer, draft, slot):
    """What only the person can say is a slot, never an invented sentence."""
    assert PLAYBOOK.wording.label(f"review.slot.{slot}") in review(draft, customer, PLAYBOOK).repaired


def test_no_way_out_is_asked_for_where_nothing_is_refused():
    """The models may miss one; if that is not the one thing, a slot for it would only puzzle."""
    heads = PLAYBOOK.heads
    tuned = {**heads.tuned, "R8 missed": -99.0, "R8 applies": -99.0}
    found = review(
        "Calm down. It ships today.", "Where is it?", replace(PLAYBOOK, heads=replace(heads, tuned=tuned))
    )
    assert found.verdicts["R8"].outcome is Outcome.MISSED
    assert found.one_thing.criterion == "R1"
    assert PLAYBOOK.wording.label("review.slot.instead") not in found.repaired


def test_a_slot_for_more_where_that_is_the_one_thing():
    """Nothing else is missing: something beyond the bare answer has its place."""
    heads = PLAYBOOK.heads
    tuned = {**heads.tuned, "good": 101.0, "R5 missed": -99.0, "R4 missed": 99.0, "R2 missed": 99.0}
    stern = replace(PLAYBOOK, heads=replace(heads, tuned=tuned))
    found = review("It's in the old shed behind the house.", "Where is it?", stern)
    assert found.one_thing.criterion == "R5"
    assert PLAYBOOK.wording.label("review.slot.more") in found.repaired


def test_no_question_slot_where_a_step_is_left():
    """A promise or a question that is left makes the question slot needless."""
    found = review("Calm down. I'll look into it. This will never happen again.", "Where is it?", PLAYBOOK)
    assert PLAYBOOK.wording.label("review.slot.next") not in found.repaired


@pytest.mark.parametrize(
    ("sentence", "verb"),
    [("It's late", True), ("He walked", True), ("Ten days", False), ("Check it", True), ("You’ll", True)],
)
def test_has_verb(sentence, verb):
    """Enough to see whether a sentence still stands after an edit."""
    assert has_verb(sentence, PLAYBOOK.judging) is verb


@pytest.mark.parametrize(
    ("customer", "draft", "shown"),
    [
        ("Where is it?", "Calm down. I'll look into it now and write to you by four.", True),
        ("I ordered blue and got red.", "Return it in the box and order again.", False),
        ("Any news?", "You are a liar.", True),
    ],
)
def test_a_draft_is_repaired_only_where_that_makes_it_better(customer, draft, shown):
    """The review judges what it made of it; what is no better stays as it was written."""
    assert (draft not in review(draft, customer, PLAYBOOK).repaired) is shown


FLAGS = [text for rule in PLAYBOOK.rules.values() for check in rule.checks for text in check.flags]


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(FLAGS), min_size=1, max_size=4).map(" ".join),
    st.sampled_from(["", "It broke!!"]),
)
def test_no_word_is_added(draft, customer):
    """Whatever is mended, every word outside the slots is in the draft or in the fixed list of phrases."""
    allowed = set(WORD.findall(draft.lower()))
    allowed |= {w for phrase in PLAYBOOK.judging.phrases.values() for w in WORD.findall(phrase.lower())}
    allowed.add("you")  # "you must have" becomes "... is that you"
    assert set(WORD.findall(repaired(draft, customer).lower())) <= allowed


@settings(max_examples=150)
@given(st.lists(st.sampled_from(FLAGS), min_size=1, max_size=3).map(" ".join))
def test_a_sentence_keeps_its_verb(draft):
    """No sentence that had a verb comes out without one."""
    judging = PLAYBOOK.judging
    before = [s for s in re.split(r"(?<=[.!?])\s+", draft) if not has_verb(s, judging)]
    after = [s for s in re.split(r"(?<=[.!?])\s+", repaired(draft)) if s and not has_verb(s, judging)]
    assert len(after) <= len(before)


def test_a_dropped_sentence_is_gone():
    """The edit that drops a sentence leaves nothing of it, and the rest as it was."""
    assert repaired("Calm down, it is only a parcel. I have sent a new one.") == "I have sent a new one."


@settings(max_examples=150)
@given(st.lists(st.sampled_from(FLAGS), min_size=1, max_size=4).map(" ".join))
def test_what_stings_stands_nowhere_but_in_its_slot(draft):
    """The repaired draft is the draft itself, or holds nothing of what was quoted outside of brackets."""
    found = review(draft, "It broke!!", PLAYBOOK)
    thing = found.one_thing
    if thing is None or thing.criterion not in BLAMING or found.repaired == draft:
        return
    left = re.sub(r"\[[^\]]*\]", "", found.repaired)
    said = [draft[span.start : span.end] for span in thing.spans]
    assert not [words for words in said if words in left and draft.count(words) == 1]


def test_a_long_sentence_is_quoted_shortly():
    """In the slot it stands in, and with other quotation marks."""
    found = look(f'It is with "us". You should have read {"it and " * 40}that.', "It broke!!", PLAYBOOK)
    first, last = found.evidence.reply.sentences
    after = without(found.evidence, [Span(last.start + 4, last.end)], PLAYBOOK).body
    assert after.startswith('It is with "us". [in kinder words')
    assert after.endswith(' …"]')
    assert "'us'" in without(found.evidence, [Span(first.start, first.end)], PLAYBOOK).body
