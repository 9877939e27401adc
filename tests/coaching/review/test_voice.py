"""Whose voice it is: greeting, signature, quoted mail, sentences; and typed text taken apart."""

import pytest

from coaching.review.pairs import stem
from coaching.review.voice import hear


def said(text, playbook):
    voice = hear(text, playbook.judging)
    return [voice.folded.quote(voice.folded.span(s.start, s.end)) for s in voice.sentences]


@pytest.mark.parametrize(
    ("draft", "sentences"),
    [
        ("", []),
        ("Hi Ana, it's on its way.", ["it's on its way."]),
        ("Dear Ms. Miller,\nIt's done.", ["It's done."]),
        (" Hello!  It's   done.", ["It's   done."]),
        ("Hi there How are you today", ["Hi there How are you today"]),
        ("Dear valued customer, it's done.", ["Dear valued customer, it's done."]),
        ("Hi Ana,", []),
        ("It costs 3.50 at example.com. Is that ok?", ["It costs 3.50 at example.com.", "Is that ok?"]),
        ("Bring it, e.g. on Monday. Thanks.", ["Bring it, e.g. on Monday.", "Thanks."]),
        ("Wait... what?! Yes", ["Wait...", "what?!", "Yes"]),
        ("It's done.\nKind regards,\nAna\nShop", ["It's done."]),
        ("It's done. Kind regards, Ana", ["It's done."]),
        ("It's done. ^AB", ["It's done."]),
        ("It's done *SR", ["It's done"]),
        ("It's done.\n-- \nAna", ["It's done."]),
        ("> broken\nIt's done.\n > twice", ["It's done."]),
        ("It's done.\nOn Mon, 3 Mar Ana wrote:\nIt's broken.", ["It's done."]),
        ("It's done.\n-----Original Message-----\nIt's broken.", ["It's done."]),
        ("Cheers mate.", ["Cheers mate."]),
        ("!!!", ["!!!"]),
    ],
)
def test_the_agents_sentences(draft, sentences, playbook):
    """Only what the agent says themselves is left, in whole sentences."""
    assert said(draft, playbook) == sentences


@pytest.mark.parametrize(
    "words",
    [
        ("restart", "restarted", "restarting", "restarts"),
        ("charge", "charged", "charges"),
        ("stop", "stopped"),
    ],
)
def test_stems(words):
    """Forms of one word have one stem."""
    assert len({stem(word) for word in words}) == 1
