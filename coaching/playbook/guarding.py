"""What a sentence that a model wrote is held to: word lists, words that stand for one another, patterns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable

from coaching.playbook.nearness import Nearness, Weighing, read_nearness
from coaching.playbook.patterns import Pattern, patterns

WORDS = frozenset(
    {
        "function", "light", "promising", "feeling", "asking", "secret", "action", "offer", "time",
        "evaluating", "faint", "lasting", "numbers", "units", "negators", "hedges", "conditions", "ours",
        "theirs", "others", "determiners", "turning",
    }
)  # fmt: skip
PATTERNS = frozenset({"courtesy", "acknowledges", "meta", "vows", "feels", "retells"})
_PLAIN = frozenset(
    {"ours", "theirs", "others", "determiners", "conditions", "function", "turning", "time"}
)  # not as stems
_SUFFIXES = (
    ("ies", "y"), ("ied", "y"), ("ying", "y"), ("ingly", ""), ("edly", ""), ("fully", "ful"),
    ("ments", "ment"), ("ations", "at"), ("ation", "at"), ("ings", ""), ("ing", ""), ("ers", "er"),
    ("sses", "ss"), ("es", ""), ("ed", ""), ("ly", ""), ("s", ""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guarding:
    """The lists, most of them as stems."""

    words: Mapping[str, frozenset[str]]
    groups: Mapping[str, frozenset[int]]  # by stem: which groups of like words it is in
    against: Mapping[str, frozenset[int]]  # by stem: which pairs of opposites it is in
    irregular: Mapping[str, str]
    present: frozenset[str]
    patterns: Mapping[str, tuple[Pattern, ...]]
    near: Nearness = field(repr=False)
    weighing: Weighing = field(repr=False)

    def stem(self, word: str) -> str:
        """What a word has in common with its other forms."""
        return stem(self.irregular.get(word, word))


def stem(word: str) -> str:
    """A word without the endings that change from sentence to sentence; crude, and the same for all."""
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith(("ss", "us", "is")):
        return word
    for ending, instead in _SUFFIXES:
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= 3:
            word = word[: len(word) - len(ending)] + instead
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word.rstrip("e") if len(word) > 3 else word


def read_guarding(table: Mapping[str, object], heads: Traversable, faults: list[str]) -> Guarding:
    """guards.toml as values, with what is near and what weighs; every fault is added."""
    words, sources = _lists("words", WORDS, table, faults), _lists("patterns", PATTERNS, table, faults)
    stems = _section("stems", table)
    pairs = [pair for pair in _rows(stems.get("irregular")) if len(pair) == 2]
    irregular = {pair[0]: pair[1] for pair in pairs}
    read = Guarding(
        {},
        {},
        {},
        irregular,
        frozenset(_texts(stems.get("present"))),
        {
            name: patterns("guards.toml", "", name, {name: list(line)}, faults)
            for name, line in sources.items()
        },
        *read_nearness(heads, faults),
    )
    return Guarding(
        {
            name: frozenset(line if name in _PLAIN else map(read.stem, line)) | frozenset(line)
            for name, line in words.items()
        },
        _groups(_rows(_section("groups", table).get("same")), read),
        _groups(_rows(_section("groups", table).get("against")), read),
        irregular,
        read.present,
        read.patterns,
        read.near,
        read.weighing,
    )


def _groups(rows: list[tuple[str, ...]], read: Guarding) -> Mapping[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for number, row in enumerate(rows):
        for word in row:
            found[read.stem(word)] = found.get(read.stem(word), frozenset()) | {number}
    return found


def _lists(
    name: str, names: frozenset[str], table: Mapping[str, object], faults: list[str]
) -> dict[str, tuple[str, ...]]:
    section = _section(name, table)
    faults.extend(f"guards.toml: {name}: key '{key}' is unknown" for key in sorted(section.keys() - names))
    found = {key: _texts(section.get(key)) for key in sorted(names)}
    faults.extend(
        f"guards.toml: {name}: key '{key}' must be a list of texts" for key, line in found.items() if not line
    )
    return found


def _section(name: str, table: Mapping[str, object]) -> Mapping[str, object]:
    section = table.get(name)
    return section if isinstance(section, dict) else {}


def _rows(value: object) -> list[tuple[str, ...]]:
    return [_texts(row) for row in value] if isinstance(value, list) else []


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(text, str) and text for text in value):
        return tuple(value)
    return ()
