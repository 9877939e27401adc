"""Pasted text is taken apart exactly as it was written, however both sides are marked."""

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching.pasted import Parts, asides, by_patterns, split
from coaching.pasted.pieces import pieces
from coaching.pasted.telling import sides, told
from coaching.pasted.weighed import read
from coaching.playbook.pasting import read_pasting
from tests.players.books import PLAYBOOK

PASTING = PLAYBOOK.pasting
SET = Path(__file__).parent.parent / "sets/splits.jsonl"
ROWS = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]


def wanted(row):
    """What a line of the set should come to."""
    review = row["review"]
    return (
        Parts("", "", unsure=True)
        if review.get("unsure")
        else Parts(review["customer"] or "", review["draft"])
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_the_set(row):
    """The patterns know every way of pasting in the project's own set."""
    found, want = by_patterns(row["text"], PASTING), wanted(row)
    assert found.unsure if want.unsure else found == want


def test_the_set_weighed():
    """Weighed with all else that tells, four of five still come out exactly."""
    right = [split(row["text"], PASTING) for row in ROWS]
    assert sum(found == wanted(row) for found, row in zip(right, ROWS, strict=True)) > 0.8 * len(ROWS)


def test_enough_of_them():
    """At least eighty."""
    assert len(ROWS) >= 80


@pytest.mark.parametrize(
    ("text", "customer", "draft"),
    [
        ("Customer: It broke. Me: Calm down.", "It broke.", "Calm down."),
        ("customer said: It broke\nmy reply: Calm down", "It broke", "Calm down"),
        ('Customer: "It broke." Me: "Calm down."', "It broke.", "Calm down."),
        ("Customer: It broke.", "It broke.", ""),
        ("review my reply: Calm down.", "", "Calm down."),
        ("Please check this answer\nCalm down.", "", "Calm down."),
        ('"Calm down."', "", "Calm down."),
        ("“Calm down.”", "", "Calm down."),
        ("My draft: Calm down.", "", "Calm down."),
        ('"We ship it on Monday."', "", "We ship it on Monday."),
        ("Calm down: it's late.", "", "Calm down: it's late."),
        ('"Calm" and "down"', "", '"Calm" and "down"'),
        ("review my reply", "", ""),
        ("", "", ""),
        ("Calm down.\r\nThanks", "", "Calm down.\nThanks"),
        ("x" * 10_001, "", "x" * 10_001),
    ],
)
def test_short_ones(text, customer, draft):
    """Labels tell whose words they are; without them all of it is the draft."""
    assert by_patterns(text.replace("\r\n", "\n"), PASTING) == Parts(customer, draft)


@settings(max_examples=200)
@given(st.text(alphabet="Customer:Me>\n-\"' fromTo@12:30.?!", max_size=300))
def test_nothing_is_made_up(text):
    """Whatever is pasted, every line of both parts is the person's own, and nothing fails."""
    found = split(text, PASTING)
    for part in (found.customer, found.draft):
        assert all(line.strip("\"'` ") in text.replace("\r\n", "\n") for line in part.split("\n"))


def test_faults_are_named(tmp_path):
    """A broken table says which key is wrong."""
    faults = []
    read_pasting({"x": 1, "own": ["a+"]}, tmp_path, faults)
    told = "\n".join(faults)
    assert "key 'x' is unknown" in told
    assert "key 'asks' is missing" in told
    assert "a+" in told
    assert "pasted.json cannot be read" in told


@pytest.mark.parametrize(
    ("text", "customer", "draft"),
    [
        # quoted lines above and below, between the lines, and with a label of ours
        (
            "> It broke.\nHi Ana, a new one leaves today.\n> And now?\nNow we wait for Friday.",
            "It broke.\nAnd now?",
            "Hi Ana, a new one leaves today.\nNow we wait for Friday.",
        ),
        ("> It broke.\nMy reply: A new one leaves today.", "It broke.", "A new one leaves today."),
        ("> It broke.", "It broke.", ""),
        # mails: ours below theirs, only ours, a reply below a signature, nothing but a mail
        (
            "From: Ana\nTo: Support\n\nIt broke.\n\nFrom: Support\nTo: Ana\n\nA new one leaves today.",
            "It broke.",
            "A new one leaves today.",
        ),
        ("From: Support Team\nTo: Ana\n\nA new one leaves today.", "", "A new one leaves today."),
        (
            "From: Ana\nSubject: Oven\n\nIt broke.\n\nThanks\nAna\n\nA new one leaves today.",
            "It broke.\n\nThanks\nAna",
            "A new one leaves today.",
        ),
        (
            "From: Ana\nSubject: Oven\n\nIt broke.\n\nThanks\nAna\n\nSent from my phone",
            "It broke.\n\nThanks\nAna",
            "",
        ),
        (
            "From: Ana\nSubject: Oven\n\nIt broke.\n\nRegards\nAna Bell\nTel: +44 20 7946 0000\n\nReply: A new one leaves today.",  # noqa: E501
            "It broke.",
            "A new one leaves today.",
        ),
        # labels: another one's words before ours, a customer's block and a reply without a label
        (
            "It broke on the second day.\n\nMy reply: A new one leaves today.",
            "It broke on the second day.",
            "A new one leaves today.",
        ),
        ("Order 12\n\nMy reply: A new one leaves today.", "", "A new one leaves today."),
        ("Customer: It broke.\n\nA new one leaves today.", "It broke.", "A new one leaves today."),
        (
            "Customer: It broke.\n\nWhere is the new one?\n\nok?",
            "It broke.\n\nWhere is the new one?\n\nok?",
            "",
        ),
        # chats: two of ours, notes of the system
        (
            "10:00 System: chat started\n10:01 Ana: It broke.\n10:02 Support: One moment.\n10:03 Support: A new one leaves today.",  # noqa: E501
            "It broke.",
            "One moment.\nA new one leaves today.",
        ),
        (
            "10:01 Client Ana: It broke.\n10:03 Jo: A new one leaves today.\nOn its way.",
            "It broke.",
            "A new one leaves today.\nOn its way.",
        ),
        (
            "10:01 Client: It broke.\n10:03 Guest: Mine too.",
            "",
            "10:01 Client: It broke.\n10:03 Guest: Mine too.",
        ),
        # blocks: one reply in two paragraphs, four of them, one that signs off
        (
            "I've checked it, sorry.\n\nYour refund leaves today.",
            "",
            "I've checked it, sorry.\n\nYour refund leaves today.",
        ),
        ("One.\n\nTwo.\n\nThree.\n\nFour.", "", "One.\n\nTwo.\n\nThree.\n\nFour."),
        ("One.\n\nTwo.\n\nThree.", "", "One.\n\nTwo.\n\nThree."),
        (
            "Is it done?\n\nSorry, we have it by noon, thank you.",
            "Is it done?",
            "Sorry, we have it by noon, thank you.",
        ),
        (
            "Hi Ana,\n\nit's done.\n\nHi there, nothing else.\n\nThank you for waiting.",
            "Hi Ana,\n\nit's done.\n\nHi there, nothing else.",
            "Thank you for waiting.",
        ),
        ('They said "it broke". So it goes.', "", 'They said "it broke". So it goes.'),
        ("-----Original Message-----\nIt broke on the second day.", "It broke on the second day.", ""),
        ("10:01 Me: hello\n10:02 Agent: hello?", "", "10:01 Me: hello\n10:02 Agent: hello?"),
        ("Customer:\n\nit broke", "it broke", ""),
        ("Customer:", "", "Customer:"),
        ("Calm down.\n---", "", "Calm down."),
        ("Calm down. -\nis this ok?", "", "Calm down."),
        (
            "Hi,\n\nMy parcel has not arrived for a week.\n\nHi,\n\nWe are sorry, a new one leaves today.",
            "Hi,\n\nMy parcel has not arrived for a week.",
            "Hi,\n\nWe are sorry, a new one leaves today.",
        ),
        ('They said "it broke". I told them "soon".', "", 'They said "it broke". I told them "soon".'),
    ],
)
def test_more_ways(text, customer, draft):
    """Every turn the grammar can take."""
    assert by_patterns(text, PASTING) == Parts(customer, draft)


MAIL = "From: Ana <ana@example.com>\nSent: Monday\nSubject: parcel\n"


class Counted:
    """The real patterns, how many characters they were given, and how many ends of sentences were found."""

    def __init__(self):
        self.read, self.ends, self.weights = 0, asides._END, PASTING.weights

    def finditer(self, text):
        for end in self.ends.finditer(text):
            self.read += 1
            yield end

    def __getattr__(self, name):
        def asked(pattern, plain):
            self.read += len(plain)
            return getattr(PASTING, name)(pattern, plain)

        return asked


def steps(text, monkeypatch):
    """How many functions are called to take it apart, and how much the patterns are given and find."""
    calls, counted = 0, Counted()

    def count(_frame, event, _arg):
        nonlocal calls
        calls += event in ("call", "c_call")

    with monkeypatch.context() as patched:
        patched.setattr(asides, "_END", counted)
        sys.setprofile(count)
        try:
            split(text, counted)
        finally:
            sys.setprofile(None)
    return calls + counted.read


@pytest.mark.parametrize(
    "made",
    [
        lambda many: "It broke on the second day, and nobody told me" + "\n?" * many,
        lambda many: "It broke" + " \n" * many + "again",
        lambda many: "It broke on the second day" + "\nok?" * many,
        lambda many: MAIL + "\n" * many + "It broke.",
        lambda many: "From: Ana\n" * (many // 4) + "It broke.",
        lambda many: "-----Original Message-----\n" * (many // 8) + "It broke.",
    ],
    ids=["questions", "blank ends", "asides behind", "blank lines", "headers", "partings"],
)
def test_twice_the_text_is_twice_the_work(made, monkeypatch):
    """However it is made up, the steps grow with the text and not with its square."""
    assert steps(made(3_000), monkeypatch) < 2.5 * steps(made(1_500), monkeypatch)


def test_what_was_cut_off_is_not_looked_at_again():
    """Dashes between the reply and a question about it belong to neither."""
    draft = "We are sorry the parcel is late and will send a new one today."
    assert split(f"{draft}\n-\n-\nok?", PASTING).draft == draft


@pytest.mark.parametrize(
    ("text", "customer", "draft"),
    [
        ("customer - it broke\nme - Calm down, I'll fix it.", "it broke", "Calm down, I'll fix it."),
        ("[Customer] it broke\n[Me] Calm down.", "it broke", "Calm down."),
        ("(customer) it broke (me) Calm down.", "it broke", "Calm down."),
        ("Customer = it broke\nMe = Calm down.", "it broke", "Calm down."),
        ("her message 👇\nit broke\nmy reply 👇\nCalm down.", "it broke", "Calm down."),
        ("1) customer: it broke\n2) me: Calm down.", "it broke", "Calm down."),
        ("@sue: it broke\n@me: Calm down.", "it broke", "Calm down."),
        ("Rider: it broke\nMe: Calm down.", "it broke", "Calm down."),
        ("Status: it broke\nMe: Calm down.", "Status: it broke", "Calm down."),
        ("Patient says nobody called\nI'd say Calm down.", "nobody called", "Calm down."),
        ("I wrote Hi Gus, it is mended.", "", "Hi Gus, it is mended."),
        ("I wrote to the depot.", "", "I wrote to the depot."),
        ("She said it broke.", "", "She said it broke."),
        ("We spoke to Gus said the driver.", "", "We spoke to Gus said the driver."),
        ("I said Calm down, it is mended.", "", "I said Calm down, it is mended."),
        ("He goes: it broke\nI go: Calm down.", "it broke", "Calm down."),
        ("is there parking\n-> yes, behind the house", "is there parking", "yes, behind the house"),
        ("Is there a lift?\nThere is, by the desk.", "Is there a lift?", "There is, by the desk."),
        ("Hi Leo, is it on?\nIt is by the desk.", "", "Hi Leo, is it on?\nIt is by the desk."),
        ("Hi Leo, it is ready.\nin answer to: is it done", "is it done", "Hi Leo, it is ready."),
        ("ok?\nCustomer: it broke", "it broke", ""),
        ("he asked «when do you open» → «At nine.»", "when do you open", "At nine."),
        ('I want to answer "Sure thing" to this: "is it on"', "is it on", "Sure thing"),
        ("To: Mr Holm\nSubject: delay\n\nIt is late.", "", "It is late."),
        (
            "From: Al <al@example.org>\nSubject: x\n\nIt broke.\n---\nCalm down.",
            "It broke.",
            "Calm down.",
        ),
        (
            "From: Al <al@example.org>\nSubject: x\n\nIt broke.\n-----\nSent from my phone\n\nHi Al, calm.",
            "It broke.\n-----",
            "Hi Al, calm.",
        ),
        ("Ticket 5531\nit broke in two\nMy reply: Calm down.", "it broke in two", "Calm down."),
        ("Weird or not? Hi Al, it is late.", "", "Hi Al, it is late."),
        ("thoughts on this? Dear Mr Pohl, it is late.", "", "Dear Mr Pohl, it is late."),
        ("What do you make of it? Hi Al, it is late.", "", "Hi Al, it is late."),
        ("The customer wants her money. Hi Tess, it is late.", "", "Hi Tess, it is late."),
        ("Hi! Is this ok?\n\nHi Al, it is late.", "", "Hi Al, it is late."),
        ("quick one - ok to send? Got it, Eve.", "", "Got it, Eve."),
        ("Could you send me a photo of it?", "", "Could you send me a photo of it?"),
        ("It is late. <- too cold?", "", "It is late."),
        (
            "my draft first, then hers\n\nHi Lou, it is free for all of you.\n\nhi, does it have nuts?",
            "hi, does it have nuts?",
            "Hi Lou, it is free for all of you.",
        ),
        (
            "I've checked and we can send it.\n\nwhere is my parcel, nobody answers and i'm still waiting",
            "where is my parcel, nobody answers and i'm still waiting",
            "I've checked and we can send it.",
        ),
        (
            "Dana: is it on\nClinic: Yes.\nDana: it broke\nClinic: Please come by.",
            "it broke",
            "Please come by.",
        ),
        ("Me: one\nMe: two\nMe: three", "", "three"),
        ("Hi Al, two.\nLet me know!\nThanks", "", "Hi Al, two.\nLet me know!\nThanks"),
        ("Is it on?\nIs it off?", "", "Is it on?\nIs it off?"),
    ],
)
def test_other_handwritings(text, customer, draft):
    """Other signs than a colon, names, tellers, the draft above, and what is said to the coach alone."""
    assert by_patterns(text, PASTING) == Parts(customer, draft)


def test_what_the_patterns_say_is_one_sign_of_many():
    """A model learns without it where the patterns know a text too well; lines out of order are not found."""
    plain = "One is late.\nTwo is here."
    found = pieces(plain, [0, 0], PASTING)
    assert sides(plain, found, Parts("", "Two is here.\nOne is late.")) == ["O", "D"]
    assert any(name == "RD" for names in told(plain, found, ["O", "D"], PASTING) for name in names)
    assert not any(name.startswith("R") for names in told(plain, found, [], PASTING) for name in names)


def test_long_exports_are_left_to_the_patterns():
    """More pieces than a conversation has are not weighed; nor is a text without a word."""
    assert read("It is late.\n" * 200, Parts("", "x"), PASTING) is None
    assert read("...", Parts("", "..."), PASTING) is None
