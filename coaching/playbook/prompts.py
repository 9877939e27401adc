"""What a model is told to do: texts with a version and a hash, which name what a result was made with."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

PROMPTS = ("judge", "rewrite")
_HEAD = re.compile(r"<!-- version: (\d{1,4})\. [^\n]{1,200} -->\n")


@dataclass(frozen=True, slots=True)
class Prompt:
    """Instructions for a model."""

    name: str
    version: int
    sha256: str
    text: str

    @property
    def id(self) -> str:
        """Its name for logs and result files."""
        return f"{self.name}-{self.version}-{self.sha256[:8]}"


def read_prompts(folder: Traversable, faults: list[str]) -> Mapping[str, Prompt]:
    """All prompts; each begins with its version and what it is for. Faults are added by file."""
    found: dict[str, Prompt] = {}
    for name in PROMPTS:
        file = folder / f"{name}.md"
        try:
            whole = file.read_text(encoding="utf-8").replace("\r\n", "\n")
        except (OSError, ValueError):
            faults.append(f"prompts/{name}.md: cannot be read")
            continue
        head = _HEAD.match(whole)
        if head is None:
            faults.append(f"prompts/{name}.md: the first line must be <!-- version: N. What it is for. -->")
            continue
        text = whole[head.end() :].strip()
        found[name] = Prompt(name, int(head[1]), hashlib.sha256(whole.encode()).hexdigest(), text)
    return found
