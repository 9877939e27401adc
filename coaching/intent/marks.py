"""A message as numbered marks: words, pairs, runs of letters, groups of words that mean alike, its shape."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from zlib import crc32

from coaching.playbook.heads import BITS
from coaching.playbook.hearing import Alike, tokens

_MASK = (1 << BITS) - 1
_FIRST, _LAST = 110, 50  # tokens looked at: what somebody wants stands at the beginning or at the end
_RUN = 4  # letters of a word, its edges marked, that stand together
_BEGIN = 4  # letters that tell what a word is about, whatever its ending
_EDGE = 4  # tokens at each end that count by their place
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(source))
    for name, source in (
        ("asks", r"\?"),
        ("asks last", r"\?\s{0,3}\Z"),
        ("calls out", "!"),
        ("calls loudly", "!!"),
        ("quotes", '"'),
        ("quotes much", r'"[^"]{25,}'),
        ("quotes a lot", r'"[^"]{60,}'),
        ("says", ":"),
        ("says something", r":\s{1,3}\S"),
        ("number", r"\d"),
        ("clock", r"\d{1,2}[:.]\d\d"),
        ("half day", r"\b\d{1,2} ?(?:am|pm)\b"),
        ("channel", r"#\w"),
        ("markup", r"[<>\[\]{}#|]"),
    )
)
_SINGLY = re.compile(r"(?<!\w)'([^'\n]{2,300}(?:'\w[^'\n]{0,200}){0,6})'(?!\w)")  # 'so quoted'
_STOP = re.compile(r"[.?!\n]")


@dataclass(frozen=True, slots=True)
class Marks:
    """The numbers of what was found: of the words themselves, of their groups, and of the shape."""

    words: frozenset[int]
    alike: frozenset[int]
    shape: frozenset[int]


def marks(folded: str, original: str, alike: Alike) -> Marks:
    """The marks of a folded text."""
    found = tokens(_SINGLY.sub(r'"\1"', folded))
    if len(found) > _FIRST + _LAST:
        found = [*found[:_FIRST], *found[-_LAST:]]
    groups = _groups(found, alike)
    return Marks(
        frozenset(map(_number, {*_words(found)})),
        frozenset(map(_number, {*_meant(found, groups)})),
        frozenset(map(_number, {*_shape(folded, original, groups)})),
    )


def _number(name: str) -> int:
    return crc32(name.encode("utf-8", "replace")) & _MASK


def _words(found: Sequence[str]) -> Iterator[str]:
    edged = ["^", *found, "$"]
    yield from (f"b{a} {b}" for a, b in pairwise(edged))
    yield from (f"t{a} {b} {c}" for a, b, c in zip(edged, edged[1:], edged[2:], strict=False))
    for word in set(found):
        yield f"w{word}"
        if len(word) > _BEGIN:
            yield f"s{word[:_BEGIN]}"
        marked = f"<{word}>"
        yield from (f"x{marked[n : n + _RUN]}" for n in range(len(marked) - _RUN + 1))


def _groups(found: Sequence[str], alike: Alike) -> list[frozenset[str]]:
    """The groups each token belongs to, by itself or as part of a phrase; "+" marks where a phrase begins."""
    own = [set(alike.of(word)) for word in found]
    for start, word in enumerate(found):
        phrase, end = word, start
        while phrase in alike.starts and end + 1 < len(found):
            end += 1
            phrase = f"{phrase} {found[end]}"
            meant = alike.of(phrase)
            for place in range(start, end + 1):
                own[place] |= meant
            own[start] |= {f"+{name}" for name in meant}
    return [frozenset(one) for one in own]


def _meant(found: Sequence[str], groups: Sequence[frozenset[str]]) -> Iterator[str]:
    there = frozenset[str]().union(*groups)
    yield from (f"c{name}" for name in there)
    yield from (f"k{a}&{b}" for a, b in combinations(sorted(_plain(there)), 2))
    edged = [(["^"], "^"), *((_plain(g), w) for g, w in zip(groups, found, strict=True)), (["$"], "$")]
    for (before, a), (after, b) in pairwise(edged):
        yield from (f"p{name}>{b}" for name in before)
        yield from (f"q{a}>{name}" for name in after)
        yield from (f"r{one}>{other}" for one in before for other in after)
    yield from _quoted(found, groups)
    yield from (f"1{name}" for own in groups[:_EDGE] for name in own)
    yield from (f"9{name}" for own in groups[-_EDGE:] for name in own)


def _quoted(found: Sequence[str], groups: Sequence[frozenset[str]]) -> Iterator[str]:
    """What is said in quotes, and what around them."""
    inside, ever = False, '"' in found
    for word, own in zip(found, groups, strict=True):
        if word == '"':
            inside = not inside
        elif ever:
            yield from (f"{'i' if inside else 'o'}{name}" for name in _plain(own))


def _plain(groups: frozenset[str]) -> list[str]:
    return [name for name in groups if not name.startswith("+")]


def _shape(folded: str, original: str, groups: Sequence[frozenset[str]]) -> Iterator[str]:
    yield from (name for name, pattern in _SHAPES if pattern.search(folded))
    yield f"long {min(9, len(groups).bit_length())}"
    yield f"length {min(12, len(groups) // 3)}"
    lines = original.strip().count("\n")
    yield f"lines {min(4, lines)}"
    if lines:
        yield "lines"
    sentences = [piece for piece in _STOP.split(folded) if piece.strip()]
    yield f"sentences {min(5, len(sentences))}"
    letters = [char for char in original if char.isalpha()]
    if len(letters) > 8 and sum(map(str.isupper, letters)) > 0.6 * len(letters):
        yield "capitals"
    if not original.isascii():
        yield "not ascii"
    there = frozenset[str]().union(*groups)
    yield f"groups {min(8, len(_plain(there)))}"
    yield f"covered {5 * sum(map(bool, groups)) // max(1, len(groups))}"
