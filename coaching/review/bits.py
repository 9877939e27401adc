"""What the rules found, as a set of names: with the words themselves it is all that the models see."""

import math
from collections.abc import Iterator, Mapping

from coaching.review.verdicts import Evidence, Verdict
from coaching.review.voice import Voice
from coaching.review.windows import Window

_STEPS = (0.5, 1.5, 3.0, 5.0, 8.0)  # of a window's score


def bits(
    evidence: Evidence,
    customer: Voice,
    verdicts: Mapping[str, Verdict],
    windows: Mapping[str, Window | None],
) -> frozenset[str]:
    """Names of everything that is so."""
    return frozenset(
        (
            *(f"heard {name}" for name in evidence.heard),
            *(f"check {finding.check.id}" for finding in evidence.findings),
            *(f"{name} {verdict.outcome.value}" for name, verdict in verdicts.items()),
            *_touch(evidence),
            *shape("reply", evidence.reply),
            *shape("customer", customer),
            *_windows(windows),
        )
    )


def _touch(evidence: Evidence) -> Iterator[str]:
    """What the reply takes up of the customer's words."""
    if evidence.touch is None:
        yield "no customer"
        return
    shared = len(evidence.touch.words)
    yield f"shares {min(4, shared)}"
    yield f"shares a tenth {min(4, 10 * shared // max(1, evidence.touch.theirs))}"
    if evidence.touch.repeated is not None:
        yield "repeats a step"


def shape(whose: str, voice: Voice) -> Iterator[str]:
    """How long it is, how it is punctuated, whether it is all in capitals or in none."""
    text = voice.folded.original
    yield f"{whose} words {min(7, int(math.log2(len(text.split()) + 1)))}"
    yield f"{whose} sentences {min(5, len(voice.sentences))}"
    for mark in "?!":
        yield f"{whose} {mark} {min(2, text.count(mark))}"
    if text.isupper():
        yield f"{whose} shouts"
    if text[:1].islower():
        yield f"{whose} begins small"
    if voice.greeting is not None:
        yield f"{whose} greets"
    if any(sign > "\u2190" for sign in text):
        yield f"{whose} emoji"


def _windows(windows: Mapping[str, Window | None]) -> Iterator[str]:
    for name, found in windows.items():
        for step, least in enumerate(_STEPS):
            if found is not None and found.score >= least:
                yield f"{name} {step}"
