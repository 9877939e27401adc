"""The questions a team is asked, by rule: short, open, and no sermon; read from one TOML file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from coaching.playbook.rules import RULES

LONGEST = 240  # characters: read between two customers
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEY_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Question:
    """One question to a team. `id` is "A1.mirror"."""

    id: str
    ask: str

    @property
    def rule(self) -> str:
        """The id of the rule it is about."""
        return self.id.partition(".")[0]


def read_questions(table: Mapping[str, object], faults: list[str]) -> tuple[Question, ...]:
    """team.toml as values, in the order of the rules; every fault is added with its key."""
    faults.extend(f"team.toml: '{name}' is none of the rules" for name in sorted(table.keys() - set(RULES)))
    return tuple(question for rule in RULES for question in _of(rule, table.get(rule, {}), faults))


def laid_over(ours: Mapping[str, object], theirs: Mapping[str, object]) -> Mapping[str, object]:
    """Rule by rule and name by name, theirs before ours."""
    laid = dict(ours)
    for rule, rows in theirs.items():
        old = ours.get(rule)
        laid[rule] = {**old, **rows} if isinstance(old, dict) and isinstance(rows, dict) else rows
    return laid


def _of(rule: str, rows: object, faults: list[str]) -> Iterator[Question]:
    if not isinstance(rows, Mapping):
        faults.append(f"team.toml: '{rule}' must be written as [{rule}]")
        return
    for key, ask in rows.items():
        where = f"team.toml: key '{rule}.{key}'"
        if not _KEY.fullmatch(str(key)) or len(str(key)) > _KEY_LENGTH:
            faults.append(f"{where} needs a name of small letters, digits and dashes, {_KEY_LENGTH} at most")
        elif not isinstance(ask, str) or not ask.strip().endswith("?"):
            faults.append(f"{where} must be a question, and end with a question mark")
        elif len(ask) > LONGEST or "\n" in ask:
            faults.append(f"{where} must be one line of {LONGEST} characters at most")
        else:
            yield Question(f"{rule}.{key}", ask.strip())
