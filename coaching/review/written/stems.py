"""A sentence as words with their stems: folded, contractions written out, punctuation kept as breaks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from coaching.playbook.guarding import Guarding
from coaching.review.written.clean import level

_TOKEN = re.compile(
    r"[a-zà-öø-ÿ]+(?:'[a-z]+)?|\d[\d.,:/-]*\d(?:st|nd|rd|th)?\b|\d[\d.,:/-]*\d|\d(?:st|nd|rd|th)\b|\d|[€$£%]|[.!?](?=[\s.!?\"')\]]|$)|[;:,()\[\]\"-]"
)
_SHORT = (
    ("won't", "will not"), ("can't", "cannot"), ("shan't", "shall not"), ("let's", "let us"),
    ("ain't", "is not"),
)  # fmt: skip
_ENDINGS = (
    ("n't", " not"), ("'ll", " will"), ("'ve", " have"), ("'re", " are"), ("'m", " am"), ("'d", " would"),
)  # fmt: skip
_IS = re.compile(r"\b(it|that|there|here|what|who|he|she|where|how|this)'s\b")
_OWNS = re.compile(r"([a-zà-öø-ÿ])'s?(?![a-z])")
BREAKS = frozenset('.!?;:,()[]"-')


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a break, and what it has in common with its other forms."""

    text: str
    stem: str

    @property
    def word(self) -> bool:
        """Whether it is made of letters."""
        return self.text[0].isalpha()


def plain(text: str) -> str:
    """Small, straight quotes, contractions written out."""
    text = level(text)
    for short, long in _SHORT:
        text = re.sub(rf"\b{short}\b", long, text)
    for ending, long in _ENDINGS:
        text = re.sub(rf"{ending}\b", long, text)
    return _OWNS.sub(r"\1", _IS.sub(r"\1 is", text))


def tokens(text: str, guarding: Guarding) -> tuple[Token, ...]:
    """The words and breaks of a plain text."""
    return tuple(_tokens(text, guarding))


def _tokens(text: str, guarding: Guarding) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        word = match[0]
        yield Token(word, guarding.stem(word) if word[0].isalpha() else word)


def like(stem: str, others: frozenset[str], guarding: Guarding) -> bool:
    """Whether a stem, or a word that may stand for it, is among others."""
    if stem in others:
        return True
    mine = guarding.groups.get(stem, frozenset())
    return bool(mine) and any(
        not mine.isdisjoint(guarding.groups.get(other, frozenset())) for other in others
    )
