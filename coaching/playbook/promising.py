"""How a promise with a time is heard, as compiled patterns, and which time of day a word means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType

from coaching.playbook.patterns import Pattern, patterns

_PATTERNS = ("says", "times", "not", "dropped", "week")


@dataclass(frozen=True, slots=True, repr=False)
class Promising:
    """The data of promises.toml."""

    of: Mapping[str, tuple[Pattern, ...]]
    parts: Mapping[str, time]  # "afternoon" → 15:00

    def has(self, name: str, plain: str) -> bool:
        """Whether one of these is in a folded sentence."""
        return any(pattern.search(plain) for pattern in self.of[name])

    def swap(self, name: str, for_: str, plain: str) -> str:
        """The text with something else in the place of these."""
        for pattern in self.of[name]:
            plain = pattern.sub(for_, plain)
        return plain

    def time(self, plain: str) -> tuple[int, int] | None:
        """Where the longest time in a folded sentence stands; of equals the first."""
        found = [match.span() for pattern in self.of["times"] for match in pattern.finditer(plain)]
        return max(found, key=lambda span: (span[1] - span[0], -span[0]), default=None)


NONE = Promising(MappingProxyType(dict.fromkeys(_PATTERNS, ())), MappingProxyType({}))


def read_promising(table: Mapping[str, object], faults: list[str]) -> Promising:
    """promises.toml as patterns; every fault is added with its key."""
    faults.extend(
        f"promises.toml: key '{name}' is unknown" for name in sorted(table.keys() - {*_PATTERNS, "parts"})
    )
    parts, found = table.get("parts"), dict[str, time]()
    for word, at in parts.items() if isinstance(parts, dict) else ():
        try:
            found[word] = time.fromisoformat(str(at))
        except ValueError:
            faults.append(f"promises.toml: 'parts.{word}' must be a time of day")
    if not found:
        faults.append("promises.toml: [parts] has times of day")
    return Promising({name: patterns("promises.toml", "", name, table, faults) for name in _PATTERNS}, found)
