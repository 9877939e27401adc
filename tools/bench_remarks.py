"""How well remarks are grouped, and what one more costs at ten thousand kept."""

import json
import random
import sys
import time
from itertools import combinations
from pathlib import Path

from coaching.heard.alike import Groups, grouped
from coaching.playbook.reader import read
from coaching.playbook.subjects import Subjects

KEPT, MORE = 10_000, 200
SETS = Path(__file__).parent.parent / "tests/sets/remarks"


def figures(path: Path, subjects: Subjects) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs of remarks."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    group = {}
    for number, (_, these) in enumerate(grouped([row["text"] for row in rows], subjects)):
        group |= dict.fromkeys(these, number)
    both = found = there = 0
    for one, other in combinations(range(len(rows)), 2):
        same = rows[one]["theme"] is not None and rows[one]["theme"] == rows[other]["theme"]
        together = group[one] == group[other]
        both, found, there = both + (same and together), found + together, there + same
    precision, recall = both / (found or 1), both / (there or 1)
    return precision, recall, 2 * precision * recall / ((precision + recall) or 1)


def cost(subjects: Subjects) -> tuple[float, float, float]:
    """Milliseconds for one more, for all groups by remark, and a floor: to split its text."""
    texts = [
        json.loads(line)["text"] for path in SETS.glob("*.jsonl") for line in path.open(encoding="utf-8")
    ]
    chance = random.Random(7)
    words = sorted({word for text in texts for word in text.split()})
    made = [" ".join(chance.sample(words, 9)) for _ in range(KEPT + MORE)]
    groups = Groups(subjects)
    for number, text in enumerate(made[:KEPT]):
        groups.add(number, text)
    start = time.perf_counter()
    for number, text in enumerate(made[KEPT:], KEPT):
        groups.add(number, text)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    groups.all()
    every = time.perf_counter() - start
    start = time.perf_counter()
    for text in made[KEPT:]:
        text.lower().split()
    floor = (time.perf_counter() - start) / MORE * 1000
    return ours / MORE * 1000, every / (KEPT + MORE) * 1000, floor


def main(paths: list[str]) -> None:
    """Print them."""
    subjects = read().subjects
    for path in map(Path, paths):
        precision, recall, both = figures(path, subjects)
        print(f"{path.stem}: precision {precision:.3f}, recall {recall:.3f}, F1 {both:.3f}")
    ours, every, floor = cost(subjects)
    print(f"one more at {KEPT} kept: {ours:.3f} ms ({ours / floor:.0f} times splitting its text)")
    print(f"all groups anew: {every:.3f} ms for each remark")


if __name__ == "__main__":
    main(sys.argv[1:] or [str(SETS / "tune.jsonl")])
