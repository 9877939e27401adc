"""Holds a reply against the customer's message: what it takes up, and a step they tried suggested again."""

import re
from dataclasses import dataclass

from coaching.playbook.judging import Judging
from coaching.review.checks import Finding
from coaching.review.voice import Voice
from coaching.text import Span

_WORD = re.compile(r"[^\W_]{1,40}(?:'[a-z]{1,2})?")
_ENDINGS = ("ation", "ingly", "ment", "ing", "ied", "ed", "ie", "e", "y")


@dataclass(frozen=True, slots=True)
class Touch:
    """What the reply took up of the customer's words."""

    words: frozenset[str]  # stems both use
    by_sentence: tuple[frozenset[str], ...]  # the same, for each of the reply's sentences
    theirs: int  # how many content words the customer's message has
    repeated: Span | None  # folded stretch of the reply that suggests a step they already tried


def compare(customer: Voice, tried: tuple[Finding, ...], reply: Voice, judging: Judging) -> Touch:
    """Hold the reply against the customer's message. `tried` are the customer's "I already did that"."""
    theirs = {s for sentence in customer.sentences for s in stems(customer.piece(sentence), judging)}
    by_sentence = tuple(
        frozenset(stems(reply.piece(sentence), judging) & theirs) for sentence in reply.sentences
    )
    return Touch(
        frozenset().union(*by_sentence), by_sentence, len(theirs), _repeated(customer, tried, reply, judging)
    )


def stems(text: str, judging: Judging) -> set[str]:
    """The content words of folded text, without their endings; numbers count whole."""
    words = (word.removesuffix("'s") for word in _WORD.findall(text))
    return {
        stem(word)
        for word in words
        if (len(word) > 2 or word.isdigit()) and word not in judging.words["common"]
    }


def stem(word: str) -> str:
    """A crude stem: "restarted", "restarting" and "restarts" are one."""
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word.removesuffix("s")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def _repeated(customer: Voice, tried: tuple[Finding, ...], reply: Voice, judging: Judging) -> Span | None:
    """The first sentence that suggests a step from a sentence in which the customer said they tried it."""
    if not tried:
        return None
    steps = {stem(step) for step in judging.words["steps"]}
    done = {
        s
        for index in {finding.sentence for finding in tried}
        for s in stems(customer.piece(customer.sentences[index]), judging)
        if s in steps
    }
    if not done:
        return None
    for sentence in reply.sentences:
        piece = reply.piece(sentence)
        if stems(piece, judging) & done and not any(p.search(piece) for p in judging.patterns["referring"]):
            return sentence
    return None
