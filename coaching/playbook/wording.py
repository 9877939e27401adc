"""Every sentence the coach says, by key; sentences may have variants and {slots}."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from coaching.sealed import Words
from coaching.values import Text

SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences by dotted key ("vent.out.notice"), each with one or more variants."""

    lines: Mapping[str, tuple[str, ...]]

    def say(self, key: str, seed: int = 0, **slots: str | Words | int) -> Text:
        """The sentence, with its slots filled; Words stay masked. Neighbouring seeds give different variants.

        A key may end in the name of a platform ("hello.keeps.slack"); one without a sentence of its own
        gets that of "other". Raises KeyError for an unknown key or a missing slot (a test calls every key).
        """
        other = f"{key.rpartition('.')[0]}.other"
        variants = self.lines[other if key not in self.lines and other in self.lines else key]
        pieces: list[str | Words] = []
        for index, piece in enumerate(SLOT.split(variants[seed % len(variants)])):
            value = slots[piece] if index % 2 else piece
            if isinstance(value, Words):
                pieces.append(value)
            elif value != "":
                pieces.append(str(value))
        return tuple(pieces)

    def label(self, key: str, seed: int = 0, **slots: str | int) -> str:
        """The sentence as a plain str: for buttons, titles and labels, which hold nobody's words."""
        return "".join(str(piece) for piece in self.say(key, seed, **slots))


def flatten(table: Mapping[str, object], prefix: str, faults: list[str]) -> dict[str, tuple[str, ...]]:
    """Nested TOML tables as dotted keys; anything but a sentence or a list of sentences is a fault."""
    flat: dict[str, tuple[str, ...]] = {}
    for name, value in table.items():
        key = f"{prefix}.{name}"
        if isinstance(value, dict):
            flat |= flatten(value, key, faults)
        elif isinstance(value, str) and value.strip():
            flat[key] = (value,)
        elif isinstance(value, list) and value and all(isinstance(v, str) and v.strip() for v in value):
            flat[key] = tuple(value)
        else:
            faults.append(f"wording: key '{key}' must be a sentence or a list of sentences")
    return flat
