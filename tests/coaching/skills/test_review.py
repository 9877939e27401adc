"""The review skill: what opens the form, what is answered, and how little is said."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from coaching.kept import Earlier
from coaching.people import Person, Place
from coaching.sealed import Words
from coaching.skills.review import LIMIT, _meant, cut, review
from coaching.text import Span
from coaching.turn import Known, Preferences
from coaching.values import (
    Command,
    Draft,
    Form,
    Handed,
    Heading,
    Message,
    Note,
    Para,
    Quote,
    Reply,
    Said,
    Submitted,
    Tapped,
)

WHO = Person("web", "local", "U1")
WEAK = "That is not our fault. Calm down. You should have read the terms. As I said, it stays."


def answer(content, playbook, known=None):
    message = Message("m1", WHO, Place("web", "local", "D1"), datetime(2026, 3, 2, tzinfo=UTC), content)
    turn = review(message, known or Known(), playbook)
    assert turn.facts == ()
    assert len(turn.replies) == 1
    return turn.replies[0]


def shown(reply):
    return ["".join(p.reveal() if isinstance(p, Words) else p for p in block.text) for block in reply.blocks]


@pytest.mark.parametrize(
    "content",
    [
        Tapped("review.open"),
        Tapped("review.open", "x"),
        Command("review", Words("")),
        Said(Words("review my reply")),
        Submitted("review.draft", {}),
    ],
)
def test_the_form_opens(content, playbook):
    """With no draft there is a form, never an error."""
    reply = answer(content, playbook)
    assert isinstance(reply, Form)
    assert [f.name for f in reply.fields] == ["customer", "draft"]
    assert reply.fields[0].optional
    assert [f.limit for f in reply.fields] == [3000, 3000]


def test_an_empty_draft_keeps_the_customers_words(playbook):
    """The form comes back with what to mend, and what they pasted is still there."""
    fields = {"customer": Words("It broke."), "draft": Words("  ")}
    reply = answer(Submitted("review.draft", fields), playbook)
    assert reply.fields[0].text == Words("It broke.")
    assert reply.fields[1].problem


def test_somebody_elses_message_is_the_customers(playbook):
    """A message another person wrote is never reviewed: it fills the customer field, cut to its limit."""
    reply = answer(Handed(Words("Calm down. " * 400), own=False), playbook)
    assert isinstance(reply, Form)
    assert len(reply.fields[0].text.reveal()) == 3000
    assert reply.fields[1].text is None


def test_a_typed_customer_message_fills_the_form(playbook):
    """A customer's message alone opens the form with it."""
    reply = answer(Said(Words("Customer: It broke.")), playbook)
    assert reply.fields[0].text == Words("It broke.")


@pytest.mark.parametrize(
    "content",
    [
        Handed(Words(WEAK), own=True),
        Said(Words(f"review: {WEAK}")),
        Command("review", Words(WEAK)),
        Submitted("review.draft", {"draft": Words(WEAK)}),
    ],
)
def test_a_weak_reply(content, playbook):
    """Quotes, one thing with its if-then, a repaired draft, and three buttons; the words stay masked."""
    reply = answer(content, playbook)
    assert isinstance(reply, Reply)
    assert reply.only_you
    assert sum(isinstance(b, Draft) for b in reply.blocks) == 1
    assert any(isinstance(b, Quote) for b in reply.blocks)
    assert sum(line.startswith("Next time: If ") for line in shown(reply)) == 1
    assert [c.action for c in reply.choices] == ["review.open", "tips.rule", "mine.learn"]
    assert reply.choices[1].value in playbook.rules
    assert "fault" not in repr(reply.blocks[1])


def marked(draft, *words):
    """The quotation in which these words of a draft are meant, with what is marked in brackets."""
    spans = [Span(draft.index(some), draft.index(some) + len(some)) for some in words]
    (quote,) = _meant(draft, spans)
    pieces = [piece if isinstance(piece, str) else piece.reveal() for piece in quote.text]
    return "".join(f"[{piece}]" if n in quote.meant else piece for n, piece in enumerate(pieces))


LONG = "One fine day. " * 20


@pytest.mark.parametrize(
    ("draft", "words", "seen"),
    [
        ("Calm down. It is late.", ["Calm down"], "[Calm down]. It is late."),
        ("It is late. Calm down!", ["late", "Calm down"], "It is [late]. [Calm down]!"),
        ("Calm down, calm.", ["Calm down", "down, calm"], "[Calm down], calm."),
        (f"{LONG}Then calm down now. {LONG}", ["calm down"], "… Then [calm down] now."),
        (f"{LONG}Be calm. {LONG}Be nice. {LONG}", ["calm", "nice"], "… Be [calm]. … Be [nice]."),
        (f"Be calm. {LONG}", ["calm"], "Be [calm]."),
        (f"{LONG}Be calm", ["calm"], "… Be [calm]"),
        ("word " * 80 + "calm" + " word" * 80, ["calm"], "… " + "word " * 23 + "[calm]" + " word" * 23),
    ],
)
def test_the_words_that_are_meant_are_marked_in_the_draft(draft, words, seen):
    """A short draft is quoted whole, of a long one the sentences; what overlaps is marked once."""
    assert marked(draft, *words) == seen


def test_nothing_is_quoted_where_nothing_is_meant():
    """What is missing has no words."""
    assert _meant("It is late.", []) == ()


def test_noticed_is_short_and_says_nothing_twice(playbook):
    """At most three things are noticed beside the one thing, each with other words."""
    lines = shown(answer(Command("review", Words(WEAK + " You're lying. Get a life. Hurry up.")), playbook))
    noticed = lines[lines.index(playbook.wording.label("review.result.noticed")) + 1 :]
    assert 2 <= len(noticed) <= 6
    assert len(set(noticed)) == len(noticed)


def test_less_words(playbook):
    """Who wants less words gets one thing and the draft."""
    known = Known(preferences=Preferences(less_words=True))
    reply = answer(Command("review", Words(WEAK)), playbook, known)
    assert sum(isinstance(b, Heading) for b in reply.blocks) == 2


def test_a_good_reply_is_sent(playbook):
    """One sentence, another for the next seed, and silence."""
    good = Command(
        "review", Words("Happy to help. It's on its way, let me know if it isn't there by Monday.")
    )
    first = answer(good, playbook, Known(seed=0))
    assert [type(b) for b in first.blocks] == [Para]
    assert first.blocks != answer(good, playbook, Known(seed=1)).blocks
    assert [c.action for c in first.choices] == ["review.open"]


def test_no_draft_block_without_a_change(playbook):
    """Where nothing can be mended for them, there is advice and no draft."""
    customer = Words("I restarted the router twice.")
    draft = Words("That's annoying. Please restart the router. Is the lamp on? Let me know.")
    reply = answer(Submitted("review.draft", {"customer": customer, "draft": draft}), playbook)
    assert any(isinstance(b, Para) for b in reply.blocks)
    assert not any(isinstance(b, Draft) for b in reply.blocks)


def test_a_long_draft_says_what_is_read(playbook):
    """Ten thousand characters are read, to the end of a sentence; the person is told."""
    reply = answer(Command("review", Words("You must have lost it there. " * 500)), playbook)
    assert isinstance(reply.blocks[0], Note)
    assert cut("a" * (LIMIT + 5)) == "a" * LIMIT
    assert cut("One two. " * 2000).endswith("two.")
    assert cut("short") == "short"


def test_declining_is_honest(playbook):
    """What is not judged is said, with a way to try again."""
    reply = answer(Command("review", Words("Merci beaucoup, nous regardons cela demain.")), playbook)
    assert shown(reply) == [playbook.wording.label("review.abstained.language")]
    assert [c.action for c in reply.choices] == ["review.open"]


@pytest.mark.parametrize(
    ("written", "slots"),
    [
        (WEAK, True),
        ("Calm down. I will refund you 20 euros today and write to you on Tuesday by noon.", False),
    ],
)
def test_a_draft_says_whether_it_has_slots(written, slots, playbook):
    """Open where only the person can fill something in, and then the note says so; else ready to be sent."""
    reply = answer(Handed(Words(written), own=True), playbook)
    (draft,) = [block for block in reply.blocks if isinstance(block, Draft)]
    assert draft.open is slots
    assert ("[" in draft.text[0].reveal()) is slots
    assert any("[brackets]" in text for text in shown(reply)) is slots


LONG = (
    "Hello Anna, thank you for writing to us about order 48213. The parcel left our house on Monday and"
    " should reach you within three working days. If it has not come by then, please write to me again."
)


def reviewed_with(playbook, known, text=LONG):
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    message = Message("m1", WHO, Place("web", "local", "D1"), at, Handed(Words(text), own=True))
    turn = review(message, known, playbook)
    (reply,) = turn.replies
    told = "".join(str(part) for block in reply.blocks for part in getattr(block, "text", ()))
    return told, turn.facts


def test_a_reply_that_was_sent_before_is_told(playbook):
    """Where the person asked for it; fingerprints of this one are to be kept then, and no words."""
    _, (kept,) = reviewed_with(playbook, Known(earlier=Earlier(b"k")))
    earlier = Earlier(b"k", ((kept, datetime(2026, 2, 27, tzinfo=UTC)),))
    told, facts = reviewed_with(playbook, Known(earlier=earlier), LONG.replace("Anna", "Tom"))
    assert "sent nearly this reply before" in told
    assert len(facts) == 1
    assert all(isinstance(number, int) for number in facts[0].prints)
    assert "sent nearly this reply before" not in reviewed_with(playbook, Known(earlier=Earlier(b"k")))[0]
    assert reviewed_with(playbook, Known()) == (reviewed_with(playbook, Known(earlier=Earlier(b"k")))[0], ())
    assert reviewed_with(playbook, Known(earlier=earlier), "Hi")[1] == ()


@pytest.mark.parametrize("text", [LONG, "Calm down. As per our policy you have to wait. " + LONG])
def test_a_template_of_the_team_is_told(playbook, text):
    """Good or not, it is said once."""
    told, facts = reviewed_with(replace(playbook, templates=(LONG,)), Known(), text)
    assert told.count("one of your team’s templates") == 1
    assert facts == ()
