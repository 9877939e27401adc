"""Whether a reply was sent before, or is a template: by fingerprints of its runs of three words."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2b

from coaching.kept import Earlier, Reviewed
from coaching.text import fold

_RUN = 3  # words that stand together
_LEAST = 10  # runs a reply has at least: a thank-you is the same each time, and should be
_MOST = 64  # of a long reply the fingerprints with the smallest numbers: as good a sample as any
ALIKE = 0.6  # of both replies' runs, those that are in both
_OF_IT = 0.7  # of a reply's runs, those that are a template's
_SAME_DRAFT = timedelta(hours=1)  # until then it is the same reply, looked at once more
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d[\d.,:/-]{0,40}")


def reviewed(draft: str, customer: str, key: bytes) -> Reviewed:
    """What is kept of a reply that was looked at: numbers made with a secret key, and no words."""
    runs = sorted(_runs(draft, key))
    return Reviewed(tuple(runs[:_MOST]), _number(fold(customer).text.strip(), key) if customer.strip() else 0)


def repeats(now: Reviewed, kept: Earlier, at: datetime) -> bool:
    """Whether nearly the same was sent before: an hour ago at least, and to another customer's message."""
    return any(
        alike(now.prints, earlier.prints) >= ALIKE
        for earlier, when in kept.replies
        if at - when >= _SAME_DRAFT and not (now.about and now.about == earlier.about)
    )


def alike(one: Iterable[int], other: Iterable[int]) -> float:
    """Runs in both of all runs in either, 0 to 1; for samples, by the smallest numbers of both together."""
    first, second = frozenset(one), frozenset(other)
    if min(len(first), len(second)) < _LEAST:
        return 0.0
    both = sorted(first | second)
    if max(len(first), len(second)) >= _MOST:
        both = both[:_MOST]
    return len(first & second & frozenset(both)) / len(both)


def is_template(draft: str, templates: Iterable[str]) -> bool:
    """Whether most of a reply stands in one of these."""
    runs = _runs(draft, b"")
    return len(runs) >= _LEAST and any(len(runs & _runs(one, b"")) >= _OF_IT * len(runs) for one in templates)


def _runs(text: str, key: bytes) -> set[int]:
    """Runs of words, as numbers; what differs in every use of a template (numbers, names) is one word."""
    folded = fold(text)
    words = [
        _plain(match, folded.original[folded.offsets[match.start()]]) for match in _WORD.finditer(folded.text)
    ]
    return {_number(" ".join(words[at : at + _RUN]), key) for at in range(len(words) - _RUN + 1)}


def _plain(match: re.Match[str], first: str) -> str:
    word = match.group()
    before = match.string[: match.start()].rstrip(" \"'(")
    begins = not before or before[-1] in ".!?:\n-"
    named = first.isupper() and not begins and word != "i" and not word.startswith("i'")
    return "#" if word[0].isdigit() or named else word


def _number(text: str, key: bytes) -> int:
    """63 bits: what a whole number of any database holds."""
    return (
        int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()) >> 1
    )
