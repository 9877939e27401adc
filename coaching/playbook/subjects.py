"""What customers' remarks are about: subjects with their signs, and words that stand for one another."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_WORD = re.compile(r"\d{1,2}[:.]\d\d|\d+ ?[ap]\.?m\b|\d+|[^\W\d_]+(?:[-'][^\W\d_]+)*")
_NOT = frozenset({"no", "never", "none", "nothing", "nobody", "without", "cannot", "cant", "dont", "wont"})
_MARK = re.compile(r"⟦[^⟧]*⟧|\[[^\]]*\]")  # what was taken out says nothing
_SHORTEST = 3  # letters of a stem
_DOUBLED = frozenset("bdgmnprt")
_KEYS = {"empty", "words", "topic"}
_NEEDS = {"id", "title", "signs"}


@dataclass(frozen=True, slots=True)
class Sign:
    """Words that must all be there, the subject they tell of, and how heavy they are."""

    words: frozenset[str]
    subject: str
    weight: int


@dataclass(frozen=True, slots=True, repr=False)
class Subjects:
    """The data of remarks.toml, ready to be looked up by a word."""

    empty: frozenset[str]
    groups: Mapping[str, tuple[str, ...]]  # a stem and the groups it is in
    titles: Mapping[str, str]
    signs: Mapping[str, tuple[Sign, ...]]  # by the rarest of their words

    def heard(self, text: str) -> frozenset[str]:
        """The stems of a text, with the groups they stand in."""
        found = stems(text)
        return frozenset((*found, *(group for stem in found for group in self.groups.get(stem, ()))))

    def subject(self, heard: frozenset[str]) -> str:
        """The subject with the heaviest signs; of equals the first; "" where there is none."""
        score: Counter[str] = Counter()
        best: dict[str, int] = {}
        seen: dict[str, set[str]] = {}
        for word in heard:
            for sign in self.signs.get(word, ()):
                if sign.words <= heard:
                    seen.setdefault(sign.subject, set()).update(sign.words)
                    best[sign.subject] = max(best.get(sign.subject, 0), sign.weight)
        for name, words in seen.items():
            score[name] = 2 * best[name] + len(words - self.empty)
        most = max(score.values(), default=0)
        return next((name for name in self.titles if score[name] == most), "") if most else ""


NONE = Subjects(frozenset(), MappingProxyType({}), MappingProxyType({}), MappingProxyType({}))


def stems(text: str) -> frozenset[str]:
    """The words of a text without their endings; a number is "num", a time of day is "clock"."""
    plain = _MARK.sub(" ", text.lower().replace("’", "'"))
    return frozenset(stem for word in _WORD.findall(plain) for stem in _stems(word))


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


def read_subjects(table: Mapping[str, object], faults: list[str]) -> Subjects:
    """remarks.toml as values; every fault is added with its key."""
    faults.extend(f"remarks.toml: key '{name}' is unknown" for name in sorted(table.keys() - _KEYS))
    empty, words, topics = table.get("empty"), table.get("words"), table.get("topic")
    if not (isinstance(empty, str) and isinstance(words, dict) and isinstance(topics, list)):
        faults.append("remarks.toml: 'empty' is a text, [words] a table of texts, and [[topic]] there")
        return NONE
    groups: dict[str, list[str]] = {}
    for name, told in words.items():
        for stem in stems(str(told)):
            groups.setdefault(stem, []).append(name)
    nothing = stems(empty)
    titles, signs = dict[str, str](), list[Sign]()
    for row in topics:
        if not isinstance(row, dict) or not row.keys() >= _NEEDS or str(row.get("id")) in titles:
            faults.append(f"remarks.toml: a [[topic]] has {sorted(_NEEDS)}, and an id of its own")
            continue
        titles[str(row["id"])] = str(row["title"])
        signs += _signs(str(row["id"]), row["signs"], frozenset(words), nothing, faults)
    return Subjects(
        nothing, {stem: tuple(names) for stem, names in groups.items()}, titles, _by_rarest(signs)
    )


def _signs(
    name: str, told: object, groups: frozenset[str], empty: frozenset[str], faults: list[str]
) -> Iterable[Sign]:
    if not (isinstance(told, list) and told and all(isinstance(one, str) and one.strip() for one in told)):
        faults.append(f"remarks.toml: 'signs' of '{name}' must be a list of texts")
        return
    for one in told:
        named = frozenset(word for word in one.split() if word.startswith("@"))
        faults.extend(f"remarks.toml: '{word}' in '{name}' is no group" for word in sorted(named - groups))
        words = named | stems(" ".join(word for word in one.split() if not word.startswith("@")))
        yield Sign(words, name, max(1, len(words - empty)))


def _by_rarest(signs: list[Sign]) -> Mapping[str, tuple[Sign, ...]]:
    often = Counter(word for sign in signs for word in sign.words)
    found: dict[str, list[Sign]] = {}
    for sign in signs:
        rarest = min(sign.words, key=lambda word: (word.startswith("@"), often[word], word))
        found.setdefault(rarest, []).append(sign)
    return {word: tuple(these) for word, these in found.items()}
