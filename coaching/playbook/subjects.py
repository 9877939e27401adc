"""What customers' remarks are about: words that stand for one another, and the subjects words lean to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from types import MappingProxyType

from coaching.playbook.leanings import Leanings, read_leanings

_WORD = re.compile(r"\d{1,2}[:.]\d\d|\d+ ?[ap]\.?m\b|\d+|[^\W\d_]+(?:[-'][^\W\d_]+)*")
_NOT = frozenset({"no", "never", "none", "nothing", "nobody", "without", "cannot", "cant", "dont", "wont"})
_MARK = re.compile(r"⟦[^⟧]*⟧|\[[^\]]*\]")  # what was taken out says nothing
_SHORTEST = 3  # letters of a stem
_DOUBLED = frozenset("bdgmnprt")
_KEYS = {"empty", "words"}


@dataclass(frozen=True, slots=True, repr=False)
class Subjects:
    """The data of remarks.toml, and what was learnt of its words."""

    empty: frozenset[str]
    groups: Mapping[str, tuple[str, ...]]  # a stem and the groups it is in
    leanings: Leanings

    def heard(self, text: str, seen: dict[str, tuple[str, ...]] | None = None) -> frozenset[str]:
        """The stems of a text, with the groups they stand in; `seen` spares looking a word up twice."""
        known = {} if seen is None else seen
        found = set[str]()
        for word in _words(text):
            if word not in known:
                known[word] = self._of(word)
            found.update(known[word])
        return frozenset(found)

    def _of(self, word: str) -> tuple[str, ...]:
        found = _stems(word)
        return (*found, *(group for stem in found for group in self.groups.get(stem, ())))

    def subject(self, heard: frozenset[str]) -> str:
        """The subject the words lean to; "" where there is none."""
        return self.leanings.subject(heard)


NONE = Subjects(frozenset(), MappingProxyType({}), Leanings({}, 1))


def stems(text: str) -> frozenset[str]:
    """The words of a text without their endings; a number is "num", a time of day is "clock"."""
    return frozenset(stem for word in _words(text) for stem in _stems(word))


def _words(text: str) -> list[str]:
    return _WORD.findall(_MARK.sub(" ", text.lower().replace("’", "'")))


def _stems(word: str) -> tuple[str, ...]:
    if word[0].isdigit():
        return ("num",) if word.isdigit() else ("clock",)
    if word.endswith("n't"):
        return "not", _stem(word[:-3])
    word = word.partition("'")[0]
    if word in _NOT:
        return word, "not"
    if "-" in word:
        return (word, *(_stem(part) for part in word.split("-")))
    return (_stem(word),)


def _stem(word: str) -> str:
    """Without plural, "-ed", "-ing", "-ly" and a last "e"; short words stay as they are."""
    if len(word) <= _SHORTEST:
        return word
    if word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word[: -len(ending)]
            if word[-1] == word[-2] and word[-1] in _DOUBLED:
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > _SHORTEST else word


def read_subjects(table: Mapping[str, object], folder: Traversable, faults: list[str]) -> Subjects:
    """remarks.toml as values, and how words lean; every fault is added with its key."""
    faults.extend(f"remarks.toml: key '{name}' is unknown" for name in sorted(table.keys() - _KEYS))
    empty, words = table.get("empty"), table.get("words")
    if not (isinstance(empty, str) and isinstance(words, dict)):
        faults.append("remarks.toml: 'empty' is a text, and [words] a table of texts")
        return NONE
    groups: dict[str, list[str]] = {}
    for name, told in words.items():
        for stem in stems(str(told)):
            groups.setdefault(stem, []).append(name)
    found = {stem: tuple(names) for stem, names in groups.items()}
    return Subjects(stems(empty), found, read_leanings(folder, faults))
