"""How people mark whose words they paste, as compiled patterns by name."""

from collections.abc import Mapping
from dataclasses import dataclass

from coaching.playbook.patterns import Pattern, patterns

NAMES = (
    "answering",
    "asks",
    "asks_alone",
    "contact",
    "customer",
    "draft_first",
    "footer",
    "greeting",
    "head",
    "nobody",
    "not_asks",
    "ours",
    "own",
    "parted",
    "signoff",
    "thanked",
    "theirs",
    "ticket",
    "told_of",
    "upset",
    "whole_asides",
)


@dataclass(frozen=True, slots=True, repr=False)
class Pasting:
    """The patterns of pasted.toml."""

    of: Mapping[str, tuple[Pattern, ...]]

    def is_(self, name: str, plain: str) -> bool:
        """Whether the whole of a lower-case text is one of these."""
        return any(pattern.fullmatch(plain) for pattern in self.of[name])

    def has(self, name: str, plain: str) -> bool:
        """Whether one of these is in a lower-case text."""
        return any(pattern.search(plain) for pattern in self.of[name])

    def begins(self, name: str, plain: str) -> bool:
        """Whether a lower-case text begins with one of these."""
        return any(pattern.match(plain) for pattern in self.of[name])

    def count(self, name: str, plain: str) -> int:
        """How many of these are in a lower-case text."""
        return sum(1 for pattern in self.of[name] for _ in pattern.finditer(plain))


NONE = Pasting({})  # for a playbook with faults


def read_pasting(table: Mapping[str, object], faults: list[str]) -> Pasting:
    """pasted.toml as patterns; every fault is added with its key."""
    faults.extend(f"pasted.toml: key '{name}' is unknown" for name in sorted(table.keys() - set(NAMES)))
    faults.extend(f"pasted.toml: key '{name}' is missing" for name in sorted(set(NAMES) - table.keys()))
    return Pasting({name: patterns("pasted.toml", "", name, table, faults) for name in NAMES})
