"""How polite, warm, sorry or abusive a text sounds, by small models of public data: for measuring only.

They are read when they are first asked for, so that a review does not pay for them. No verdict rests on them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from coaching.playbook.heads import Heads, read_heads, share
from coaching.playbook.reviewing import Reviewing
from coaching.playbook.rules import CheckKind
from coaching.review.bits import shape
from coaching.review.checks import find, of_kind
from coaching.review.features import features
from coaching.review.voice import Voice, hear
from coaching.text import Span

TONES = ("politeness", "warmth", "coldness", "remorse", "gratitude", "curiosity", "abuse", "unsafe")
_OPENING = re.compile(r"[\w']{1,40}")


@dataclass(frozen=True, slots=True)
class Heard:
    """All that the models see of a text: its words, again those that open a sentence, and what rules say."""

    words: frozenset[int]
    bits: frozenset[str]


def listen(text: str, playbook: Reviewing) -> Heard:
    """What is in a text. The models were trained with this very function."""
    voice = hear(text, playbook.judging)
    words = features(voice.text, [Span(0, len(voice.text))]).all
    openings = features(voice.text, list(_openings(voice)), "^").all
    return Heard(words | openings, frozenset(_bits(voice, playbook)))


def tones(text: str, playbook: Reviewing) -> Mapping[str, float]:
    """From 0 to 1 for each of TONES."""
    heads, heard = public(), listen(text, playbook)
    says = heads.says(heard.words, (), heads.places(heard.bits))
    return {name: round(share(says[name]), 4) for name in TONES}


@cache
def public() -> Heads:
    """The models, read once."""
    return read_heads(files("coaching.playbook") / "en/heads", "public.json", "public.bin")


def _openings(voice: Voice) -> Iterator[Span]:
    for sentence in voice.sentences:
        word = _OPENING.search(voice.text, sentence.start, sentence.end)
        if word is not None:
            yield Span(*word.span())


def _bits(voice: Voice, playbook: Reviewing) -> Iterator[str]:
    for finding in find(voice, of_kind(playbook, *CheckKind)):
        yield f"check {finding.check.id}"
    yield from shape("text", voice)
