"""Finds what may be somebody's name, so that no verdict hangs on what a person is called."""

import re
from collections.abc import Iterator

from coaching.playbook.judging import Judging
from coaching.review.voice import Voice
from coaching.text import Span

_WORD = re.compile(r"[^\W\d_][\w'-]{0,40}")
_ENDS = frozenset(".!?:\n")


def names(voice: Voice, judging: Judging) -> frozenset[int]:
    """Where each begins, in the folded text: any word of a greeting that is none of ours, and capitals."""
    common, unnamed = judging.words["common"], judging.words["unnamed"]
    found = _capitals(voice)
    return frozenset(at for at, word in found if word not in common and word not in unnamed)


def _capitals(voice: Voice) -> Iterator[tuple[int, str]]:
    text, original, offsets = voice.text, voice.folded.original, voice.folded.offsets
    greeting = voice.greeting or Span(0, 0)
    for match in _WORD.finditer(text):
        at, end = match.span()
        greets = greeting.start < at < greeting.end
        if not (greets or original[offsets[at]].isupper()):
            continue
        word = original[offsets[at] : offsets[end - 1] + 1]
        shouts = len(word) > 1 and word.isupper()
        if greets or (not shouts and (text[end : end + 1] == "," or not _begins(text, at))):
            yield at, match.group().removesuffix("'s")


def _begins(text: str, at: int) -> bool:
    """Whether a sentence or a line begins there."""
    at -= 1
    while at >= 0 and text[at] in " \"'(*":
        at -= 1
    return at < 0 or text[at] in _ENDS
