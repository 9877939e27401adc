"""What the review needs besides checks: the eight criteria, word lists, patterns and fixed phrases."""

from collections.abc import Mapping
from dataclasses import dataclass

from coaching.playbook.patterns import Pattern, patterns
from coaching.playbook.rules import CRITERIA, RULES

# The lists and patterns the review asks for by name; one that is missing, or not used, is a fault.
WORDS = frozenset({"common", "verbs", "steps", "abbreviations", "shared", "orders", "unnamed"})
PATTERNS = frozenset({"greeting", "signoff", "history", "stake", "opening", "referring", "order"})
PHRASES = frozenset({"sorry", "cause", "please"})


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of R1..R8: what it asks, the rules it comes from, and what to say about a verdict."""

    id: str
    title: str
    short: str  # the same, to stand in a list
    rules: tuple[str, ...]
    weight: int  # how much it matters that it is missing
    met: str
    missed: str
    not_applicable: str
    say: str  # the one thing, when it is missing
    plan: str  # its if-then line


@dataclass(frozen=True, slots=True)
class Judging:
    """The criteria, and the language's own lists."""

    criteria: Mapping[str, Criterion]
    words: Mapping[str, frozenset[str]]
    patterns: Mapping[str, tuple[Pattern, ...]]
    phrases: Mapping[str, str]


_TEXTS = ("title", "short", "met", "missed", "not_applicable", "say", "plan")


def read_judging(criteria: Mapping[str, object], lists: Mapping[str, object], faults: list[str]) -> Judging:
    """criteria.toml and review.toml as values; every fault is added with file and key."""
    faults.extend(f"criteria.toml: '{name}' is unknown" for name in sorted(criteria.keys() - set(CRITERIA)))
    found = {
        name: _criterion(name, _section(name, criteria, "criteria.toml", faults), faults) for name in CRITERIA
    }
    words = _lists("words", WORDS, lists, faults)
    sources = _lists("patterns", PATTERNS, lists, faults)
    phrases = _section("phrases", lists, "review.toml", faults)
    _same("phrases", PHRASES, phrases, faults)
    return Judging(
        found,
        {name: frozenset(line) for name, line in words.items()},
        {
            name: patterns("review.toml", "", name, {name: list(line)}, faults)
            for name, line in sources.items()
        },
        {name: str(text) for name, text in phrases.items()},
    )


def _criterion(name: str, row: Mapping[str, object], faults: list[str]) -> Criterion:
    texts = {key: row.get(key) for key in _TEXTS}
    faults.extend(
        f"criteria.toml: {name}: key '{key}' must be a sentence"
        for key, text in texts.items()
        if not (isinstance(text, str) and text.strip())
    )
    rules = _texts(row.get("rules"))
    if not rules or not set(rules) <= set(RULES):
        faults.append(f"criteria.toml: {name}: key 'rules' must list rules such as A1")
    weight = row.get("weight")
    if not isinstance(weight, int) or isinstance(weight, bool):
        faults.append(f"criteria.toml: {name}: key 'weight' must be a whole number")
        weight = 0
    faults.extend(
        f"criteria.toml: {name}: key '{key}' is unknown"
        for key in sorted(row.keys() - {*_TEXTS, "rules", "weight"})
    )
    return Criterion(id=name, rules=rules, weight=weight, **{key: str(text) for key, text in texts.items()})


def _lists(
    name: str, names: frozenset[str], table: Mapping[str, object], faults: list[str]
) -> dict[str, tuple[str, ...]]:
    section = _section(name, table, "review.toml", faults)
    _same(name, names, section, faults)
    found = {key: _texts(value) for key, value in section.items()}
    faults.extend(
        f"review.toml: {name}: key '{key}' must be a list of texts"
        for key, texts in found.items()
        if not texts
    )
    return found


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(text, str) and text for text in value):
        return tuple(value)
    return ()


def _section(name: str, table: Mapping[str, object], file: str, faults: list[str]) -> Mapping[str, object]:
    section = table.get(name)
    if isinstance(section, dict):
        return section
    faults.append(f"{file}: [{name}] is missing")
    return {}


def _same(name: str, names: frozenset[str], section: Mapping[str, object], faults: list[str]) -> None:
    faults.extend(f"review.toml: {name}: key '{key}' is unknown" for key in sorted(section.keys() - names))
    faults.extend(f"review.toml: {name}: key '{key}' is missing" for key in sorted(names - section.keys()))
