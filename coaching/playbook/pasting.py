"""How people mark whose words they paste: patterns by name, and the weights of a small model beside them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

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


FILE = "pasted.json"
# What a piece can be: nobody's, where the customer's words or ours begin and go on, and "it cannot be known".
TAGS = ("O", "BC", "IC", "BD", "ID", "U")


@dataclass(frozen=True, slots=True, repr=False)  # a log line that names it would be a hundred pages long
class Weights:
    """In hundredths: whose voice each word is, what each thing told says for each tag, and each move."""

    voice: Mapping[str, int]
    pieces: Mapping[str, Sequence[int]]
    moves: Sequence[Sequence[int]]
    sure: float  # the share below which it is asked


@dataclass(frozen=True, slots=True, repr=False)
class Pasting:
    """The patterns of pasted.toml, and the model."""

    of: Mapping[str, tuple[Pattern, ...]]
    weights: Weights

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


UNTAUGHT = Weights({}, {}, (), 0.0)
NONE = Pasting({}, UNTAUGHT)  # for a playbook with faults


def read_pasting(table: Mapping[str, object], folder: Traversable, faults: list[str]) -> Pasting:
    """pasted.toml as patterns, and pasted.json in a folder; every fault is added with its key."""
    faults.extend(f"pasted.toml: key '{name}' is unknown" for name in sorted(table.keys() - set(NAMES)))
    faults.extend(f"pasted.toml: key '{name}' is missing" for name in sorted(set(NAMES) - table.keys()))
    of = {name: patterns("pasted.toml", "", name, table, faults) for name in NAMES}
    return Pasting(of, _weights(folder, faults))


def _weights(folder: Traversable, faults: list[str]) -> Weights:
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Weights(found["voice"], found["pieces"], found["moves"], found["sure"])
    except (OSError, ValueError, KeyError) as error:
        faults.append(f"{folder.name}/: {FILE} cannot be read ({error})")
        return UNTAUGHT
