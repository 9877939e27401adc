"""What a model's sentences are held against: the draft and the customer's message, word by word."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from coaching.playbook.guarding import Guarding
from coaching.playbook.nearness import CLOSE, SAME, kin
from coaching.review.written import facts
from coaching.review.written.claims import Claim, Who, claims
from coaching.review.written.clean import level
from coaching.review.written.parts import SENTENCE
from coaching.review.written.stems import Token, plain, tokens
from coaching.review.written.turns import Clause, clauses

ITSELF = 4  # beyond the grades of nearness: the very word
_MUCH = 0.6  # of a clause's words, for another to be like it
_FLIPPED = {Who.US: Who.YOU, Who.YOU: Who.US}


@dataclass(frozen=True, slots=True)
class Source:
    """One text that a sentence may rest on."""

    plain: str = field(repr=False)
    sentences: tuple[str, ...] = field(repr=False)
    stems: frozenset[str] = field(repr=False)  # of all words
    heavy: tuple[frozenset[str], ...] = field(repr=False)  # of words of weight, sentence by sentence
    numbers: tuple[facts.Number, ...] = field(repr=False)
    claims: Mapping[str, tuple[Claim, ...]] = field(repr=False)
    places: Mapping[str, frozenset[int]] = field(repr=False)  # by stem or number: in which sentences
    clauses: tuple[Clause, ...] = field(repr=False)
    _grades: dict[str, dict[str, int]] = field(default_factory=dict, compare=False, repr=False)

    def near(self, stem: str, guarding: Guarding) -> Mapping[str, int]:
        """Its words of weight that a word may stand for, and how near they are."""
        if stem not in self._grades:
            self._grades[stem] = dict(_near(stem, frozenset().union(*self.heavy), guarding))
        return self._grades[stem]

    def grade(self, stem: str, guarding: Guarding) -> int:
        """How near the nearest of its words is."""
        return max(self.near(stem, guarding).values(), default=0)

    def like(self, clause: Clause, guarding: Guarding) -> Clause | None:
        """Its clause that has most of the words of another, if it has enough of them."""
        near = [
            {other for other, grade in self.near(stem, guarding).items() if grade >= CLOSE}
            for stem in clause.heavy
        ]
        counts = [sum(not mine.isdisjoint(each.heavy) for mine in near) for each in self.clauses]
        most = max(counts, default=0)
        if not most or most < len(near) * _MUCH:
            return None
        return self.clauses[counts.index(most)]

    def of(self, stem: str, least: int, guarding: Guarding) -> tuple[Claim, ...]:
        """What it claims with this word, or with one that may stand for it."""
        return tuple(
            claim
            for other, grade in self.near(stem, guarding).items()
            if grade >= least
            for claim in self.claims.get(other, ())
        )


@dataclass(frozen=True, slots=True)
class Sources:
    """The draft, the customer's message, and the draft's sentences as they are."""

    draft: Source
    customer: Source
    verbatim: frozenset[str] = field(repr=False)
    written: str = field(repr=False)


def sources(draft: str, customer: str, guarding: Guarding) -> Sources:
    """Everything a model's sentences are held against."""
    verbatim = frozenset(bare(part[0]) for part in SENTENCE.finditer(draft))
    return Sources(_source(draft, guarding), _flipped(_source(customer, guarding)), verbatim, draft)


def bare(text: str) -> str:
    """A sentence without what stands at its ends."""
    return level(text).strip(" .!?")


def weighty(words: Iterable[Token], guarding: Guarding) -> list[str]:
    """The stems of words that say something."""
    function, time = guarding.words["function"], guarding.words["time"]
    return [t.stem for t in words if t.word and t.text not in function and t.text not in time]


def _source(text: str, guarding: Guarding) -> Source:
    said = plain(text)
    words = tokens(said, guarding)
    by_stem: dict[str, tuple[Claim, ...]] = {}
    for claim in claims(words, guarding):
        by_stem[claim.stem] = (*by_stem.get(claim.stem, ()), claim)
    places: dict[str, frozenset[int]] = {}
    number = 0
    for token in words:
        number += token.text in ".!?"
        places[token.stem] = places.get(token.stem, frozenset()) | {number}
    stems = frozenset(token.stem for token in words) | frozenset(token.text for token in words)
    each = tuple(SENTENCE.findall(said))
    heavy = tuple(frozenset(weighty(tokens(part, guarding), guarding)) for part in each)
    parts = tuple(clause for part in each for clause in clauses(part, guarding))
    return Source(said, each, stems, heavy, facts.numbers(words, guarding), by_stem, places, parts)


def _flipped(theirs: Source) -> Source:
    """A customer's text as what is said of it: their "I" is our "you"."""
    flipped = {
        stem: tuple(replace(claim, who=_FLIPPED.get(claim.who, claim.who)) for claim in some)
        for stem, some in theirs.claims.items()
    }
    return replace(theirs, claims=flipped)


def _near(stem: str, others: Iterable[str], guarding: Guarding) -> Iterable[tuple[str, int]]:
    graded = guarding.near.of(stem)
    mine = guarding.groups.get(stem, frozenset())
    for other in others:
        grade = ITSELF if other == stem else graded.get(other, 0)
        if grade < SAME and mine and not mine.isdisjoint(guarding.groups.get(other, frozenset())):
            grade = SAME
        if grade < CLOSE and kin(stem, other):
            grade = CLOSE
        if grade:
            yield other, grade
