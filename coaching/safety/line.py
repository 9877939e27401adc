"""Finds phrases in a line of words, everywhere in it at once: a set of places is one number, bit by bit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from coaching.playbook.phrases import Gap, Never, Part, Phrase, Some

STOP = "."  # the word that stands where a sentence ends


@dataclass(slots=True)
class Line:
    """Words to look into. Bit i of a number stands for the place before word i."""

    words: Sequence[str]
    every: int = 0
    _places: dict[str, int] = field(default_factory=dict)
    _distinct: frozenset[str] = frozenset()
    _open: int = 0  # where a word stands that is no stop
    _known: dict[int, int] = field(default_factory=dict)  # by the identity of a part: parts outlive a line
    _begun: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Note where each word stands."""
        for index, word in enumerate(self.words):
            self._places[word] = self._places.get(word, 0) | 1 << index
        self._distinct = frozenset(self.words)
        self.every = (1 << len(self.words)) - 1
        self._open = self.every & ~self._places.get(STOP, 0)

    @property
    def known(self) -> frozenset[str]:
        """Every word, once."""
        return self._distinct

    def after(self, phrase: Phrase, at: int) -> int:
        """The places one can be at behind the phrase, having begun at one of `at`."""
        for part in phrase:
            at = self._step(part, at)
            if not at:
                return 0
        return at

    def has(self, phrase: Phrase) -> bool:
        """Whether the phrase stands anywhere."""
        return bool(self.after(phrase, self.every))

    def spans(self, phrase: Phrase) -> Iterator[tuple[int, int]]:
        """Every place where it begins, with the furthest place where it ends."""
        if self.has(phrase):
            for start in range(len(self.words)):
                if ends := self.after(phrase, 1 << start):
                    yield start, ends.bit_length() - 1

    def _step(self, part: Part, at: int) -> int:
        if isinstance(part, Some):
            if at == self.every:  # many phrases begin with the same part
                known = self._begun.get(id(part))
                if known is None:
                    known = self._begun[id(part)] = self._some(part, at)
                return known
            return self._some(part, at)
        if isinstance(part, Never):
            return at & ~self._where(part.of)
        for _ in range(part.least):
            at = (at & self._open) << 1
        return self._gone(part, at)

    def _gone(self, gap: Gap, at: int) -> int:
        if gap.most < 0:
            return at | self.every & -(at & -at)
        for _ in range(gap.most - gap.least):
            at |= (at & self._open) << 1
        return at

    def _some(self, part: Some, at: int) -> int:
        found = (at & self._where(part)) << 1
        if part.phrases and (part.firsts is None or at & self._where(part.firsts)):
            for way in part.phrases:
                found |= self.after(way, at)
        return found | at if part.optional else found

    def _where(self, part: Some) -> int:
        """Where one of its words stands."""
        known = self._known.get(id(part))
        if known is None:
            known = 0
            for word in self._distinct & part.words:
                known |= self._places[word]
            if part.starts:
                for word, places in self._places.items():
                    if word.startswith(part.starts):
                        known |= places
            self._known[id(part)] = known
        return known
