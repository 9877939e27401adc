"""What a message can want, as values: who answers, phrases and their proofs, in order of precedence."""

from collections.abc import Mapping
from dataclasses import dataclass

from coaching.playbook.patterns import Pattern, patterns

SKILLS = (
    "ask",
    "help",
    "meant",
    "mine",
    "practice",
    "privacy",
    "promises",
    "remarks",
    "review",
    "schedules",
    "setup",
    "tips",
    "vent",
)
# What a message can be said to want. A crisis is not among them: coaching/safety/ hears it first.
SAYS = (
    "abuse_report",
    "ask",
    "delete_data",
    "feedback_log",
    "help",
    "injection",
    "practice",
    "privacy_question",
    "review_request",
    "schedule",
    "small_talk",
    "tip_request",
    "unknown",
    "vent",
)
_NEEDS = {"name", "skill", "says", "flags", "allows"}
_MAY = {"alone", "words", "unless"}


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing a message can want, and the sentences that prove it."""

    name: str  # "remind.list"
    skill: str  # which skill answers
    says: str  # what it is to a reader, one of SAYS; several intents may be one
    alone: tuple[Pattern, ...]  # these decide by themselves
    words: tuple[Pattern, ...]  # these choose among intents that say the same
    unless: tuple[Pattern, ...]  # a match takes the finding back
    flags: tuple[str, ...]
    allows: tuple[str, ...]

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """Every pattern it has."""
        return (*self.alone, *self.words, *self.unless)

    def decides(self, folded: str) -> bool:
        """Whether a folded text (lower case, plain quotes) wants this beyond doubt."""
        return any(p.search(folded) for p in self.alone) and not any(p.search(folded) for p in self.unless)

    def hears(self, folded: str) -> bool:
        """Whether a folded text wants this rather than another intent that says the same."""
        words = (*self.alone, *self.words)
        return any(p.search(folded) for p in words) and not any(p.search(folded) for p in self.unless)


def read_intents(table: Mapping[str, object], faults: list[str]) -> tuple[Intent, ...]:
    """The [[intent]] rows as values, in order of precedence. Faults name the key."""
    rows = table.get("intent", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        faults.append("intents.toml: 'intent' must be written as [[intent]]")
        return ()
    found = tuple(_intent(row, faults) for row in rows)
    names = [intent.name for intent in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    faults.extend(f"intents.toml: intent '{name}' appears twice" for name in twice)
    return found


def _intent(row: Mapping[str, object], faults: list[str]) -> Intent:
    name, skill, says = (str(row.get(key, "?")) for key in ("name", "skill", "says"))
    where = f"intent '{name}': "
    faults.extend(f"intents.toml: {where}key '{key}' is missing" for key in sorted(_NEEDS - row.keys()))
    faults.extend(
        f"intents.toml: {where}key '{key}' is unknown" for key in sorted(row.keys() - _NEEDS - _MAY)
    )
    if "skill" in row and skill not in SKILLS:
        faults.append(f"intents.toml: {where}skill '{skill}' is not one of {list(SKILLS)}")
    if "says" in row and says not in SAYS:
        faults.append(f"intents.toml: {where}says '{says}' is not one of {list(SAYS)}")
    proofs = {key: _proofs(where, key, row, faults) for key in ("flags", "allows")}
    return Intent(
        name,
        skill,
        says,
        patterns("intents.toml", where, "alone", row, faults),
        patterns("intents.toml", where, "words", row, faults),
        patterns("intents.toml", where, "unless", row, faults),
        proofs["flags"],
        proofs["allows"],
    )


def _proofs(where: str, key: str, row: Mapping[str, object], faults: list[str]) -> tuple[str, ...]:
    value = row.get(key, [])
    if isinstance(value, list) and all(isinstance(line, str) and line for line in value):
        return tuple(value)
    faults.append(f"intents.toml: {where}key '{key}' must be a list of texts")
    return ()
