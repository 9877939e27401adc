"""Words that stand near one another, and what the signs of an unsupported sentence weigh."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

SAME, CLOSE, NEAR, FAR = 3, 2, 1, 0
_SHARED = 5  # letters at the beginning that make two long words kin


@dataclass(frozen=True, slots=True, repr=False)  # a log line that names one would be a hundred pages long
class Nearness:
    """A line a word, read as they lie.

    How common it is; the words that mean the same; those that are close; those near;
    those that say the opposite.
    """

    lines: bytes

    def of(self, stem: str) -> Mapping[str, int]:
        """The words near a word, and how near."""
        graded = zip((SAME, CLOSE, NEAR), self._line(stem)[1:].split(";"), strict=False)
        return {word: grade for grade, some in graded for word in some.split(",") if word}

    def against(self, stem: str) -> frozenset[str]:
        """The words that say the opposite."""
        return frozenset(word for word in "".join(self._line(stem)[1:].split(";")[3:]).split(",") if word)

    def common(self, stem: str) -> int:
        """How common a word is in replies: 0, never heard, to 9, in every second one."""
        return int(self._line(stem)[:1] or "0")

    def _line(self, stem: str) -> str:
        """Found by halves: the lines are in order, and each begins with a break."""
        key, low, high = stem.encode(), 0, len(self.lines)
        while low < high:
            start = self.lines.rfind(b"\n", 0, (low + high) // 2 + 1)
            end = self.lines.find(b"\n", start + 1)
            word, _, rest = self.lines[start + 1 : end if end >= 0 else None].partition(b" ")
            if word == key:
                return rest.decode()
            low, high = (end, high) if word < key else (low, start)
            if end < 0:
                break
        return ""


@dataclass(frozen=True, slots=True)
class Fork:
    """Asks whether a sign is above a number; where it goes on, in the same tree, if not and if so."""

    sign: str
    above: float
    no: "Fork | float"
    yes: "Fork | float"


@dataclass(frozen=True, slots=True, repr=False)
class Weighing:
    """A few small trees over named signs. At its limit and above, a sentence is not supported."""

    trees: tuple[Fork | float, ...]
    bias: float
    limit: float

    def of(self, signs: Mapping[str, float]) -> float:
        """What all the trees say."""
        return self.bias + sum(_leaf(tree, signs) for tree in self.trees)


def _leaf(tree: Fork | float, signs: Mapping[str, float]) -> float:
    while isinstance(tree, Fork):
        tree = tree.yes if signs.get(tree.sign, 0.0) > tree.above else tree.no
    return tree


def _tree(node: object, names: list[str]) -> Fork | float:
    if isinstance(node, list):
        sign, above, no, yes = node
        return Fork(names[sign], above, _tree(no, names), _tree(yes, names))
    return float(str(node))


def kin(one: str, other: str) -> bool:
    """Whether two long words begin alike."""
    return len(one) > _SHARED and len(other) > _SHARED and one[:_SHARED] == other[:_SHARED]


def read_nearness(folder: Traversable, faults: list[str]) -> tuple[Nearness, Weighing]:
    """near.txt and support.json in a folder; every fault is added."""
    try:
        near = Nearness((folder / "near.txt").read_bytes())
        table = json.loads((folder / "support.json").read_text(encoding="utf-8"))
        trees = tuple(_tree(tree, table["signs"]) for tree in table["trees"])
        return near, Weighing(trees, table["bias"], table["limit"])
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        faults.append(f"{folder.name}/: near.txt and support.json cannot be read ({error})")
        return Nearness(b""), Weighing((), 0.0, 0.0)
