"""What somebody is called changes nothing in a review."""

import re

import pytest

from coaching.review.engine import review
from coaching.review.look import look
from coaching.review.named import names
from coaching.review.voice import hear
from tests.players.books import PLAYBOOK


def named(draft):
    """The words that are taken for names."""
    voice = hear(draft, PLAYBOOK.judging)
    return [re.split(r"[\s,.']", voice.text[at:])[0] for at in sorted(names(voice, PLAYBOOK.judging))]


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        ("Hi Grace, it is on its way.", ["grace"]),
        ("hi grace, it is on its way.", ["grace"]),
        ("Dear valued customer, it is on its way.", []),
        ("Mehwish, it is on its way.", ["mehwish"]),
        ("Unfortunately, it is late. It leaves on Monday.", []),
        ("It is late. Lamps leave first.", []),
        ("I've asked Grace's team (Ravi leads it).", ["grace", "ravi"]),
        ('It says "Grace, call me".', ["grace"]),
        ("Your PDF is ready. 'Grace' has it.", []),
    ],
)
def test_names_are_told_from_words(draft, found):
    """Any word of a greeting that is none of ours, and a capital where no sentence begins."""
    assert named(draft) == found


@pytest.mark.parametrize("name", ["Emily", "DeShawn", "Ngozi", "José", "Xiuying", "O'Neill"])
def test_whatever_somebody_is_called(name):
    """Verdicts, grade and quotes are those of everybody else."""
    draft = "Hi {0},\n\nI can see it is late. {0}, I'll look into it and write by four.\n\nKind regards,\n{0}"
    one, other = (review(draft.format(who), "Where is it?", PLAYBOOK) for who in ("Anna", name))
    assert {n: v.outcome for n, v in one.verdicts.items()} == {
        n: v.outcome for n, v in other.verdicts.items()
    }
    assert one.overall == other.overall


def test_a_customers_name_is_one_too():
    """What they call themselves, or us, is nothing to go by."""
    one, other = (
        look("It is on its way.", f"Hi {who}, where is it?", PLAYBOOK) for who in ("Anna", "Babajide")
    )
    assert one.theirs.all == other.theirs.all
