"""Text as numbered features: words, pairs of neighbours, runs of letters. Numbers are bits of a checksum."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

from coaching.playbook.heads import BITS
from coaching.text import Span

_MASK = (1 << BITS) - 1
_TOKEN = re.compile(r"[\w']{1,40}|[?!.,;:]{1,8}|[^\w\s]")
_NAME = "[name]"  # no word looks like this
_RUN = 4  # letters of a word, its edges marked, that stand together


@dataclass(frozen=True, slots=True)
class Features:
    """The tokens of a text, where each stands and its own features, and the features of the whole."""

    at: tuple[Span, ...]
    near: tuple[int, ...]  # of all tokens, in a row
    ends: tuple[int, ...]  # where those of each token end
    all: frozenset[int]


def features(
    text: str, spans: Sequence[Span], space: str = "", names: Container[int] = frozenset()
) -> Features:
    """The features of stretches of folded text. Those of another `space` ("c": a customer's) differ.

    What begins at a place of `names` is somebody's name: that it is one counts, and not which.
    """
    found = [match for span in spans for match in _TOKEN.finditer(text, span.start, span.end)]
    words = [_NAME if match.start() in names else match.group() for match in found]
    plain = {word: word.encode() for word in set(words)}
    begins = crc32(f"{space}w".encode()), crc32(f"{space}x".encode())
    runs = {word: _runs(word, letters, *begins) for word, letters in plain.items()}
    near, ends = in_a_row(_near(words, runs, _pairs(words, plain, space)))
    return Features(tuple(Span(*match.span()) for match in found), near, ends, frozenset(near))


def in_a_row(near: Iterable[Sequence[int]]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The features of all tokens, and where those of each end."""
    row, ends = list[int](), list[int]()
    for own in near:
        row += own
        ends.append(len(row))
    return tuple(row), tuple(ends)


def _near(
    words: Sequence[str], runs: Mapping[str, Sequence[int]], pairs: Sequence[int]
) -> Iterator[list[int]]:
    """For each token: the word, its runs of letters, and it with the token before and the one after."""
    for index, word in enumerate(words):
        yield [*runs[word], *pairs[max(0, index - 1) : index + 1]]


# A checksum goes on from that of the letters before, so what many features begin with is summed once.


def _pairs(words: Sequence[str], plain: Mapping[str, bytes], space: str) -> list[int]:
    begins = crc32(f"{space}b".encode())
    first = {word: crc32(letters + b" ", begins) for word, letters in plain.items()}
    return [crc32(plain[b], first[a]) & _MASK for a, b in pairwise(words)]


def _runs(word: str, letters: bytes, whole: int, begins: int) -> list[int]:
    own = crc32(letters, whole) & _MASK
    if word == _NAME:
        return [own]
    if len(letters) == len(word):
        edged = b"<" + letters + b">"
        pieces = [edged[start : start + _RUN] for start in range(len(edged) - _RUN + 1)]
    else:
        shown = f"<{word}>"
        pieces = [shown[start : start + _RUN].encode() for start in range(len(shown) - _RUN + 1)]
    return [own, *[crc32(piece, begins) & _MASK for piece in pieces]]


def number(name: str) -> int:
    """The number of a feature."""
    return crc32(name.encode()) & _MASK
