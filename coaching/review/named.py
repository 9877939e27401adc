"""Finds what may be somebody's name, so that no verdict hangs on what a person is called."""

import re
from collections.abc import Iterator

from coaching.playbook.judging import Judging
from coaching.review.voice import Voice

_WORD = re.compile(r"[^\W\d_][\w'-]{0,40}")
_ENDS = frozenset(".!?:\n")


def names(voice: Voice, judging: Judging) -> frozenset[int]:
    """Where each begins, in the folded text: any word of a greeting that is none of ours, and capitals."""
    plain = judging.words["common"] | judging.words["unnamed"]
    return frozenset(at for at, word in _capitals(voice) if word not in plain)


def _capitals(voice: Voice) -> Iterator[tuple[int, str]]:
    text, folded = voice.text, voice.folded
    for match in _WORD.finditer(text):
        at, end = match.span()
        first = _begins(text, at)
        greets = voice.greeting is not None and voice.greeting.start < at < voice.greeting.end
        original = folded.original[folded.offsets[at] : folded.offsets[end - 1] + 1]
        capital = original[:1].isupper() and not (len(original) > 1 and original.isupper())
        if greets or (capital and (not first or text[end : end + 1] == ",")):
            yield at, match.group().removesuffix("'s")


def _begins(text: str, at: int) -> bool:
    """Whether a sentence or a line begins there."""
    at -= 1
    while at >= 0 and text[at] in " \"'(*":
        at -= 1
    return at < 0 or text[at] in _ENDS
