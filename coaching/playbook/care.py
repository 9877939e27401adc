"""Safety data as values: danger rules, fixed texts and helplines, shared by all languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources.abc import Traversable

from coaching.playbook.danger import (
    Danger,
    DangerRule,
    Grammar,
    Settled,
    Voice,
    check_keys,
    read_grammar,
    read_rules,
    read_settled,
    rows,
)
from coaching.playbook.heads import NONE, Heads, HeadsError, read_heads
from coaching.playbook.phrases import Phrase, Spelling
from coaching.playbook.wording import Wording, flatten

__all__ = [
    "Care",
    "Danger",
    "DangerRule",
    "Helpline",
    "Settled",
    "Spelling",
    "Voice",
    "read_care",
    "read_models",
]


@dataclass(frozen=True, slots=True)
class Helpline:
    """A line to call. `verified_on` is set by an administrator who opened the source, else empty."""

    country: str  # ISO 3166
    name: str
    number: str
    hours: str
    source: str
    verified_on: str


@dataclass(frozen=True, slots=True, repr=False)  # as the playbook has none
class Care:
    """Everything the safety check knows and says."""

    rules: tuple[DangerRule, ...]
    texts: Wording
    helplines: tuple[Helpline, ...]
    settled: Settled = field(default_factory=Settled)
    misheard: Settled = field(default_factory=Settled)
    spelling: Spelling = field(default_factory=Spelling)
    reported: tuple[Phrase, ...] = ()  # behind these, "I" is somebody else
    models: Heads = NONE  # what hears danger that no phrase has


_LINE = {"country", "name", "number", "hours", "source", "verified_on"}
_FILES = ("words", "rules", "texts", "helplines")


def read_care(tables: Mapping[str, Mapping[str, object]], faults: list[str]) -> Care:
    """The safety folder's tables as Care; faults are added with file and key.

    words: classes and spellings · rules, rules_…: what tells of danger · texts: what is said · helplines.
    """
    more = sorted(name for name in tables if name.startswith("rules_"))
    faults.extend(f"{name}.toml: the file is missing" for name in _FILES if name not in tables)
    strangers = sorted(tables.keys() - {*_FILES, *more})
    faults.extend(f"{name}.toml: this file is unknown here" for name in strangers)
    grammar = read_grammar(tables["words"], faults) if "words" in tables else Grammar()
    rules = [
        rule
        for name in ("rules", *more)
        for rule in read_rules(f"{name}.toml", tables.get(name, {}), grammar, faults)
    ]
    table = tables.get("helplines", {})
    check_keys("helplines.toml: ", table, {"line"}, set(), faults)
    return Care(
        tuple(rules),
        Wording(flatten(tables.get("texts", {}), "safety", faults)),
        tuple(_line(number, row, faults) for number, row in rows("helplines.toml", "line", table, faults)),
        *(
            read_settled(name, tables.get("rules", {}).get(name, {}), faults)
            for name in ("settled", "misheard")
        ),
        spelling=grammar.spelling,
        reported=grammar.reported,
    )


def read_models(folder: Traversable, faults: list[str]) -> Heads:
    """The models in the safety folder; a fault is added where they cannot be read."""
    try:
        return read_heads(folder, "danger.json", "danger.bin")
    except (HeadsError, OSError, ValueError, KeyError) as error:
        faults.append(f"safety/: the models of danger cannot be read ({error})")
        return NONE


def _line(number: int, row: Mapping[str, object], faults: list[str]) -> Helpline:
    where = f"helplines.toml: line {number}: "
    check_keys(where, row, _LINE, _LINE, faults)
    texts = dict.fromkeys(_LINE, "")
    for key in sorted(_LINE & row.keys()):
        value = row[key]
        if isinstance(value, str) and (value.strip() or key == "verified_on"):
            texts[key] = value
        else:
            faults.append(f"{where}key '{key}' must be a quoted text")
    if texts["verified_on"] and not _is_date(texts["verified_on"]):
        faults.append(f"{where}key 'verified_on' must be empty or a date like 2026-01-31")
    return Helpline(**texts)


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
