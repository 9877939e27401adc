"""What each mention stands among: the words around it, its part of the sentence, others of its kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from coaching.when.signs import Piece, Sentence

# What links mentions, and says nothing by itself.
_LINKS = frozenset(
    {
        "word", "stop", "comma", "the", "at", "on", "in", "and", "every", "to", "dash", "from", "for",
        "start", "next", "after", "before", "including", "there",
    }
)  # fmt: skip
_PARTS = frozenset({"stop", "comma"})  # pieces between parts of a sentence
_SIGNS = frozenset({":", "-", "–", "—", "(", ")"})
_LEADS = frozenset(
    {
        "so", "because", "cause", "cuz", "cos", "coz", "but", "as", "since", "when", "before", "after",
        "otherwise", "which", "that",
    }
)  # fmt: skip
_NEAR = 8  # words between two mentions that may say what one is to the other
_LONGEST = 30  # letters of a mention that is remembered as it is written
_BETWEEN = -1  # the part of what stands between two parts


@dataclass(frozen=True, slots=True, repr=False)  # a person's words belong in no log line
class Around:
    """A sentence as its mentions see it: its words, the part each is in, and the mentions."""

    words: Sequence[str]
    parts: Sequence[int]
    pieces: Sequence[Piece]
    found: Sequence[int]  # the numbers of the pieces that are mentions

    @property
    def mentions(self) -> list[Piece]:
        """The pieces that mean something by themselves."""
        return [self.pieces[number] for number in self.found]


def around(s: Sentence) -> Around:
    """The sentence, seen so."""
    words = [
        "#" if atom.kind in ("number", "numbers") or _figures(atom.text) else atom.text for atom in s.atoms
    ]
    found = [number for number, piece in enumerate(s.pieces) if piece.kind not in _LINKS]
    return Around(words, _parts(s), s.pieces, found)


def _figures(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _parts(s: Sentence) -> list[int]:
    """For each atom the number of its part."""
    between = {n for p in s.pieces if p.kind in _PARTS for n in range(p.first, p.last + 1)}
    parts: list[int] = []
    part = 0
    for number, atom in enumerate(s.atoms):
        ends = number in between or atom.text in _SIGNS
        part += ends or atom.text in _LEADS
        parts.append(_BETWEEN if ends else part)
    return parts


def told(sees: Around) -> list[list[str]]:
    """By names, what tells of each mention whether it is meant."""
    mentions = sees.mentions
    return [
        [*_itself(sees, one), *_near(sees, one), *_place(sees, one), *_others(sees, mentions, number)]
        for number, one in enumerate(mentions)
    ]


def links(sees: Around) -> list[tuple[str, str, str]]:
    """What stands between each mention and the next: whether a part ends, how far apart, of which kinds."""
    return [
        (
            "parted" if sees.parts[one.first] != sees.parts[other.first] else "together",
            str(min(other.first - one.last - 1, 3)),
            f"{one.kind} {other.kind}",
        )
        for one, other in pairwise(sees.mentions)
    ]


def _itself(sees: Around, one: Piece) -> Iterator[str]:
    written = " ".join(sees.words[one.first : one.last + 1])
    yield "is"
    yield f"kind {one.kind}"
    yield f"kind {one.kind} {one.value}" if one.kind == "act" else f"kind of {one.kind}"
    if len(written) < _LONGEST:
        yield f"text {written}"


def _near(sees: Around, one: Piece) -> Iterator[str]:
    """The three words on each side, and all of its part."""
    third, second, first = (_word(sees, one.first - n) for n in (3, 2, 1))
    after, then = _word(sees, one.last + 1), _word(sees, one.last + 2)
    yield from (f"-1 {first}", f"-2 {second}", f"-3 {third}", f"-12 {second} {first}")
    yield from (f"-123 {third} {second} {first}", f"+1 {after}", f"+2 {then}", f"+12 {after} {then}")
    yield from (f"-1 {one.kind} {first}", f"+1 {one.kind} {after}")
    part = sees.parts[one.first]
    near = [n for n, there in enumerate(sees.parts) if there == part and not one.first <= n <= one.last]
    ahead = {sees.words[n] for n in near if n < one.first}
    behind = {sees.words[n] for n in near if n > one.last}
    yield from (f"ahead {word}" for word in sorted(ahead))
    for word in sorted(ahead | behind):
        yield f"beside {word}"
        yield f"beside {one.kind} {word}"


def _word(sees: Around, number: int) -> str:
    return sees.words[number] if 0 <= number < len(sees.words) else "^" if number < 0 else "$"


def _place(sees: Around, one: Piece) -> Iterator[str]:
    """Where in the sentence, and where something is asked for."""
    part = sees.parts[one.first]
    asking = [piece for piece in sees.pieces if piece.kind == "act" and piece.value == "create"]
    asked = any(sees.parts[piece.first] == part for piece in asking)
    named = any(sees.parts[piece.first] == part for piece in sees.pieces if piece.kind == "what")
    before = any(piece.last < one.first for piece in asking)
    behind = any(piece.first > one.last for piece in asking)
    yield f"part {min(part, 3)}"
    yield "last part" if part == max(sees.parts) else "not the last part"
    yield f"asked {asked} {named} {one.kind}"
    yield f"asked {asked}"
    yield f"named {named}"
    yield f"asked before {before} behind {behind} {one.kind}"


def _others(sees: Around, mentions: Sequence[Piece], number: int) -> Iterator[str]:
    """The next and the last one of its kind, and what is next to it."""
    one = mentions[number]
    kinds = ["^", *(piece.kind for piece in mentions), "$"]
    later = next((p for p in mentions[number + 1 :] if p.kind == one.kind), None)
    earlier = next((p for p in reversed(mentions[:number]) if p.kind == one.kind), None)
    yield f"behind {kinds[number]} {one.kind}"
    yield f"ahead of {kinds[number + 2]} {one.kind}"
    yield f"again {one.kind} {later is not None} {earlier is not None}"
    if later is not None:
        yield from (f"later {name}" for name in _apart(sees, one, later))
    if earlier is not None:
        yield from (f"earlier {name}" for name in _apart(sees, earlier, one))


def _apart(sees: Around, one: Piece, other: Piece) -> Iterator[str]:
    """What stands between two of a kind, as in "at 4, no, 5"."""
    between = sees.words[one.last + 1 : other.first]
    parted = sees.parts[one.first] != sees.parts[other.first]
    yield f"{one.kind} the same {one.value == other.value}"
    yield f"{one.kind} apart {min(len(between) // 2, 5)} {parted}"
    if len(between) <= _NEAR:
        yield from (f"with {word}" for word in sorted({*between}))
        yield f"with all {' '.join(between[:3])}"
