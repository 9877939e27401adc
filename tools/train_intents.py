"""Trains the small models that hear what a message wants, the same bytes each time.

python -m tools.train_intents [--check] [--out coaching/playbook/en/heads]

Needs the packages of lock/train.txt. --check writes nothing: it says how well each writer's lines are heard
by models that learnt from the others, what is taken for what, and (--errors) which lines.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix

from coaching.intent.marks import Marks, marks
from coaching.playbook.heads import BIT, BITS
from coaching.playbook.intents import SAYS
from coaching.playbook.reader import Playbook, read
from coaching.text import fold
from tools.train_matrix import hashed, line, whole

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tools/corpus/triage"
HEADS = ROOT / "coaching/playbook/en/heads"
STRENGTH = 40.0  # the inverse of how strongly weights are held down
SEEN = 2  # texts a mark has to be in, to be learnt
ASKED = 0.04  # the share of messages whose two nearest meanings are asked about, at most
FOLDS = 5
# Lines written for something else that say what they want all the same.
SETS = {
    "tests/sets/schedules.jsonl": "schedule",
    "tools/corpus/triage/schedules_a.jsonl": "schedule",
    "tools/corpus/triage/schedules_b.jsonl": "schedule",
    "tools/corpus/triage/schedules_e.jsonl": "schedule",
    "tools/corpus/triage/schedules_g.jsonl": "schedule",
    "tools/corpus/triage/schedules_h.jsonl": "schedule",
    "tools/corpus/triage/schedules_w.jsonl": "schedule",
    "tests/sets/splits.jsonl": "review_request",
    "tools/corpus/triage/splits_a.jsonl": "review_request",
    "tools/corpus/triage/splits_b.jsonl": "review_request",
    "tools/corpus/triage/splits_e.jsonl": "review_request",
    "tools/corpus/triage/splits_g.jsonl": "review_request",
    "tools/corpus/triage/splits_h.jsonl": "review_request",
    "tools/corpus/triage/splits_i.jsonl": "review_request",
    "tools/corpus/triage/splits_j.jsonl": "review_request",
    "tools/corpus/triage/splits_w.jsonl": "review_request",
}
TALK = ("vent", "feedback_log", "small_talk", "unknown")
LONG = 200  # characters of other talk beside a reminder, at most
FEW = 4  # one reminder in so many: with more of them other talk is taken for reminders
OWN = ("playbook", "sets")  # all of one kind: never measured on


@dataclass(frozen=True)
class Line:
    """One message, what it wants, and who wrote it."""

    text: str
    intent: str
    writer: str
    also: str = ""
    never: bool = False  # surely not this; what it is instead is not said


def lines(corpus: Path, playbook: Playbook) -> list[Line]:
    """The writers' lines but for crises, which coaching/safety/ hears, and the intents' own examples."""
    found = [Line(text, one.says, "playbook") for one in playbook.intents for text in one.flags]
    found += [Line(text, one.says, "playbook", never=True) for one in playbook.intents for text in one.allows]
    found += [Line(text, says, "sets") for name, says in SETS.items() for text in _texts(ROOT / name)]
    asked = [one for one in found if one.writer == "sets" and one.intent == "schedule"]
    for file in sorted(corpus.glob("intents*.jsonl")):
        rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
        found += [
            Line(row["text"], row["intent"], file.stem, row.get("also", ""))
            for row in rows
            if row["intent"] != "crisis"
        ]
    return [*found, *beside(asked, [one for one in found if one.intent in TALK and not one.never])]


def beside(asked: Sequence[Line], talk: Sequence[Line]) -> Iterator[Line]:
    """Reminders asked for in the midst of other talk: that somebody lets off steam first is no matter."""
    for number, one in enumerate(asked[::FEW]):
        other = talk[crc32(one.text.encode()) % len(talk)].text
        if len(other) < LONG:
            text = f"{other} {one.text}" if number % 3 else f"{one.text} {other}"
            yield Line(text, one.intent, one.writer)


def _texts(file: Path) -> list[str]:
    """Where a time is told and no reminder is wished for, nothing is said of what is."""
    rows = [json.loads(row) for row in file.read_text(encoding="utf-8").splitlines()]
    return [row["text"] for row in rows if row.get("schedule", True)]


def matrix(texts: Sequence[str], playbook: Playbook) -> csr_matrix:
    """A row for each text, as coaching/intent weighs it; marks that only one text has are left out."""
    found = [marks(fold(text).text.strip(), text, playbook.hearing.alike) for text in texts]
    alike = [sorted(one.alike) for one in found]
    rows = hashed([sorted(one.words) for one in found]) + hashed(alike)
    x = csr_matrix(rows + _bits(found))
    often = np.asarray((x > 0).sum(axis=0)).ravel() >= SEEN
    return csr_matrix(x.multiply(often))


def _bits(found: Sequence[Marks]) -> csr_matrix:
    return hashed([sorted(one.shape) for one in found], evenly=False) * BIT


def models(x: csr_matrix, rows: Sequence[Line], teach: np.ndarray) -> dict[str, tuple[np.ndarray, float]]:
    """One for each thing a message can want; a look-alike teaches only what it is not."""
    found = {}
    for says in SAYS:
        use = [n for n in teach if not rows[n].never or rows[n].intent == says]
        yes = np.array([rows[n].intent == says and not rows[n].never for n in use])
        found[says] = line(x[use], yes, strength=STRENGTH)
    return found


def scores(found: dict[str, tuple[np.ndarray, float]], x: csr_matrix) -> np.ndarray:
    """A column for each of SAYS."""
    return np.stack([np.asarray(x @ weights).ravel() + bias for weights, bias in found.values()], axis=1)


def held(rows: Sequence[Line], x: csr_matrix) -> np.ndarray:
    """Scores from models that saw no line of the same fold; folds mix writers, line by line."""
    said = np.zeros((len(rows), len(SAYS)))
    part = np.arange(len(rows)) % FOLDS
    for fold_ in range(FOLDS):
        said[part == fold_] = scores(models(x, rows, np.flatnonzero(part != fold_)), x[part == fold_])
    return said


def decided(row: Line, said: np.ndarray, playbook: Playbook) -> str:
    """What is heard, by a pattern that decides alone or by the models."""
    folded = fold(row.text).text.strip()
    alone = next((one.says for one in playbook.intents if one.decides(folded)), "")
    return alone or SAYS[int(said.argmax())]


def close(rows: Sequence[Line], said: np.ndarray) -> float:
    """How near the second meaning has to be, to be asked about."""
    said = said[[row.writer not in OWN for row in rows]]
    best = np.sort(said, axis=1)
    return round(float(np.quantile(best[:, -1] - best[:, -2], ASKED)), 3)


def told(name: str, rows: Sequence[Line], said: np.ndarray, playbook: Playbook, errors: bool) -> None:
    """How often what is heard is right, and what is taken for what."""
    mine = [index for index, row in enumerate(rows) if row.writer not in OWN]
    heard = {index: decided(rows[index], said[index], playbook) for index in mine}
    wrong = [index for index in mine if heard[index] != rows[index].intent]
    also = sum(heard[index] == rows[index].also for index in wrong)
    share = 1 - len(wrong) / max(1, len(mine))
    print(f"{name}: {share:.3f} of {len(mine)} ({also} of the others as their second meaning)")
    for says in SAYS:
        own = [index for index in mine if rows[index].intent == says]
        as_ = Counter(heard[index] for index in own if heard[index] != says)
        right = 1 - as_.total() / max(1, len(own))
        print(f"  {says:17} {right:.2f} of {len(own):4}  {dict(as_.most_common(4))}")
    for index in wrong if errors else ():
        print(f"{rows[index].intent} → {heard[index]}: {rows[index].text!r}")


def check(rows: Sequence[Line], x: csr_matrix, playbook: Playbook, errors: bool) -> None:
    """Each writer by the others, then all in folds."""
    writers = np.array([row.writer for row in rows])
    said = np.zeros((len(rows), len(SAYS)))
    for writer in sorted(set(writers) - set(OWN)):
        test = writers == writer
        said[test] = scores(models(x, rows, np.flatnonzero(~test)), x[test])
        right = [decided(rows[n], said[n], playbook) == rows[n].intent for n in np.flatnonzero(test)]
        print(f"{writer}: {np.mean(right):.3f} of {len(right)}")
    told("each writer by the others", rows, said, playbook, errors=False)
    told("all, in folds", rows, held(rows, x), playbook, errors)


def write(out: Path, rows: Sequence[Line], x: csr_matrix) -> None:
    """Both files."""
    found = models(x, rows, np.arange(len(rows)))
    heads = {says: whole(*model, 1 << BITS) for says, model in found.items()}
    weights = b"".join(head.weights.tobytes() for head in heads.values())
    digest = sha256("\n".join(f"{row.intent}\t{row.never}\t{row.text}" for row in rows).encode()).hexdigest()
    manifest = {
        "sha256": sha256(weights).hexdigest(),
        "trained on": {"lines": len(rows), "sha256 of the lines": digest},
        "heads": {says: {"scale": head.scale, "bias": head.bias} for says, head in heads.items()},
        "bits": [],
        "tuned": {"close": close(rows, held(rows, x))},
    }
    (out / "intents.bin").write_bytes(weights)
    (out / "intents.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    print(f"{len(heads)} models, {len(weights):,} bytes, learnt from {len(rows)} lines", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--out", type=Path, default=HEADS)
    parser.add_argument(
        "--check", action="store_true", help="say how well unseen lines are heard, write nothing"
    )
    parser.add_argument("--errors", action="store_true", help="with --check: print the lines heard wrongly")
    args = parser.parse_args()
    playbook = read()
    rows = lines(args.corpus, playbook)
    x = matrix([row.text for row in rows], playbook)
    if args.check:
        check(rows, x, playbook, args.errors)
    else:
        write(args.out, rows, x)


if __name__ == "__main__":
    main()
