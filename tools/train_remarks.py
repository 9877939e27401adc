"""Learns how words lean to subjects of remarks: tools/corpus/remarks.toml → heads/remarks.json.

    python -m tools.train_remarks MODEL.onnx TOKENIZER.json

Needs what tools/near_words.py needs. Examples are learnt as they are; what customers of the corpus write, and
single words, by how near all-MiniLM-L6-v2 has them to the examples. The model itself is nowhere used later.
"""

import json
import math
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix  # pyrefly: ignore

from coaching.playbook.leanings import FILE
from coaching.playbook.reader import read
from tools.near_words import stems, vectors

ROOT = Path(__file__).parent.parent
OUT = ROOT / "coaching" / "playbook" / "en" / "heads" / FILE
NEAREST = 3  # so many of a subject's examples tell how near a text is to it
SHARP = 0.03  # how sure the teacher is of the nearest subject
KEPT, LEAST, SCALE, LIMIT = (
    8,
    5,
    10,
    20,
)  # subjects a word keeps; what they must weigh; in which unit; the limit
EMPTY, GROUP, WORD, FEWEST = (
    0.35,
    0.7,
    1.0,
    1.5,
)  # what a word that says nothing counts, a group, any other; at least
ROUNDS, STEP, DECAY = 150, 0.15, 1e-5
WEIGHTS = (1.0, 0.3, 0.3)  # of an example, a customer's sentence, a word


def examples() -> tuple[list[str], list[str]]:
    """Texts and their subjects."""
    table = tomllib.loads((ROOT / "tools/corpus/remarks.toml").read_text(encoding="utf-8"))
    rows = [
        (text, row["id"])
        for row in table["subject"]
        for text in (row["title"], *row.get("signs", ()), *row.get("said", ()))
    ]
    return [text for text, _ in rows], [subject for _, subject in rows]


def sentences() -> list[str]:
    """What customers of the corpus write."""
    found = set()
    for path in (*ROOT.glob("tools/corpus/train/*.jsonl"), *ROOT.glob("tools/corpus/tune/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            written = json.loads(line).get("customer") or ""
            found |= {text.strip() for text in re.split(r"(?<=[.!?])\s+|\n+", written)}
    return sorted(text for text in found if 3 <= len(text.split()) <= 20)


def counts(word: str, empty: frozenset[str]) -> float:
    """How much a word counts."""
    return EMPTY if word in empty else GROUP if word.startswith("@") else WORD


def length(words: frozenset[str], empty: frozenset[str]) -> float:
    """How long a text of these words is."""
    return max(math.sqrt(sum(counts(word, empty) ** 2 for word in sorted(words))), FEWEST)


def soft(scores: np.ndarray, sharp: float = 1.0) -> np.ndarray:
    """Probabilities."""
    much = np.exp((scores - scores.max(1, keepdims=True)) / sharp)
    return much / much.sum(1, keepdims=True)


def taught(known: np.ndarray, other: np.ndarray, places: np.ndarray) -> np.ndarray:
    """What subject a text probably has: by the examples nearest to it."""
    near = other @ known.T
    each = [np.sort(near[:, places == n], 1)[:, -NEAREST:].mean(1) for n in range(places.max() + 1)]
    return soft(np.stack(each, 1), SHARP)


def learnt(rows: Any, target: np.ndarray, weight: np.ndarray) -> np.ndarray:  # noqa: ANN401
    """What a word says for each subject: a regression, by Adam."""
    across = rows.T.tocsr()
    found = np.zeros((rows.shape[1], target.shape[1]), np.float32)
    first, second = np.zeros_like(found), np.zeros_like(found)
    for turn in range(1, ROUNDS + 1):
        slope = across @ ((soft(rows @ found) - target) * weight) + DECAY * found
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope * slope
        found -= STEP * (first / (1 - 0.9**turn)) / (np.sqrt(second / (1 - 0.99**turn)) + 1e-9)
    return found


def main(model: str, tokenizer: str) -> int:
    playbook = read()
    empty = playbook.subjects.empty
    texts, subjects = examples()
    names = list(dict.fromkeys(subjects))
    places = np.array([names.index(subject) for subject in subjects])
    said = sentences()
    words = [word for some in stems(playbook.guarding).values() for word, _ in some.most_common(1)]
    heard = [
        playbook.subjects.heard(re.sub(r"@\w+", "", text)) | set(re.findall(r"@\w+", text))
        for text in (*texts, *said, *words)
    ]
    vocabulary = sorted(set[str]().union(*heard))
    column = {word: n for n, word in enumerate(vocabulary)}
    cells = [
        (n, column[word], counts(word, empty) / length(found, empty))
        for n, found in enumerate(heard)
        for word in sorted(found)
    ]
    row, at, much = zip(*cells, strict=True)
    rows = csr_matrix((np.array(much, np.float32), (row, at)), (len(heard), len(vocabulary)))
    known = vectors([text.replace("@", "") for text in texts], model, tokenizer)
    soft_ones = taught(known, vectors([*said, *words], model, tokenizer), places)
    target = np.vstack([np.eye(len(names))[places], soft_ones]).astype(np.float32)
    weight = np.repeat(np.array(WEIGHTS, np.float32), [len(texts), len(said), len(words)])[:, None]
    found = learnt(rows, target, weight / weight.sum())
    lines, many = [], np.array([[counts(word, empty)] for word in vocabulary])
    for word, line in zip(vocabulary, np.rint(found * many * SCALE).astype(int), strict=True):
        best = [int(n) for n in np.argsort(-line, kind="stable")[:KEPT] if line[n] >= LEAST]
        if best and word not in empty:  # those only took up what no subject is behind
            lines.append(f"{json.dumps(word)}:{json.dumps([int(v) for n in best for v in (n, line[n])])}")
    OUT.write_text(f'{{"limit":{LIMIT},"words":{{\n' + ",\n".join(lines) + "\n}}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
