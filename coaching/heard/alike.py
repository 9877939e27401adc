"""Groups texts that say the same: by their subject; those without one by the words they share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from coaching.playbook.subjects import Subjects

_SHARED = 2  # words two texts without a subject must have in common ...
_PART = 0.5  # ... and how much of the shorter one that must be
_COMMON = 50  # a word in so many texts without a subject tells nothing


@dataclass(slots=True)
class Groups:
    """Texts by number, and which of them belong together. No order of them changes it."""

    subjects: Subjects
    _of_subject: dict[str, list[int]] = field(default_factory=dict)
    _words: dict[int, frozenset[str]] = field(default_factory=dict)  # of texts without a subject
    _with: dict[str, list[int]] = field(default_factory=dict)  # which of those have a word
    _seen: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)  # words looked up before

    def add(self, number: int, text: str) -> str:
        """Take one more text; its subject, or ""."""
        heard = self.subjects.heard(text, self._seen)
        subject = self.subjects.subject(heard)
        if subject:
            self._of_subject.setdefault(subject, []).append(number)
            return subject
        words = frozenset(w for w in heard - self.subjects.empty if not w.startswith("@") and w != "not")
        self._words[number] = words
        for word in words:
            self._with.setdefault(word, []).append(number)
        return ""

    def all(self) -> list[tuple[str, tuple[int, ...]]]:
        """Every group: its subject or "", and its texts."""
        named = [(name, tuple(sorted(these))) for name, these in self._of_subject.items()]
        return sorted((*named, *(("", these) for these in self._linked())), key=lambda one: one[1])

    def _linked(self) -> Iterable[tuple[int, ...]]:
        """The texts without a subject that are alike, directly or through others."""
        left = set(self._words)
        while left:
            found, ahead = set[int](), [left.pop()]
            while ahead:
                number = ahead.pop()
                found.add(number)
                near = {other for other in self._near(number) if other in left}
                left -= near
                ahead += near
            yield tuple(sorted(found))

    def _near(self, number: int) -> Iterable[int]:
        shared: dict[int, int] = {}
        words = self._words[number]
        for word in words:
            these = self._with[word]
            if len(these) <= _COMMON:
                for other in these:
                    shared[other] = shared.get(other, 0) + 1
        for other, many in shared.items():
            theirs = self._words[other]
            enough = many >= _SHARED and many >= _PART * min(len(words), len(theirs))
            if enough or words == theirs:
                yield other


def grouped(texts: Sequence[str], subjects: Subjects) -> list[tuple[str, tuple[int, ...]]]:
    """The groups of these texts, by their places in the sequence."""
    groups = Groups(subjects)
    for number, text in enumerate(texts):
        groups.add(number, text)
    return groups.all()
