"""Finds the sentence that promises something by a time."""

import re
from dataclasses import dataclass, field

from coaching.playbook.promising import Promising
from coaching.text import fold

LONGEST = 160  # characters of a promise
_SENTENCE = re.compile(r"[^.!?\n]{1,600}(?:\.(?=\w)[^.!?\n]{0,300})*[.!?]{0,3}")


@dataclass(frozen=True, slots=True)
class Promised:
    """The sentence, and the words in it that say when."""

    phrase: str = field(repr=False)
    when: str = field(repr=False)


def promised(draft: str, promising: Promising) -> Promised | None:
    """The first promise in a draft, if there is one."""
    for match in _SENTENCE.finditer(draft[:10_000]):
        sentence = match[0].strip()
        plain = fold(sentence).text.strip()
        if promising.has("not", plain) or not promising.has("says", plain):
            continue
        span = promising.time(plain)
        if span is not None:
            return Promised(sentence[:LONGEST], plain[span[0] : span[1]])
    return None
