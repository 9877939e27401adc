"""Trains the models of tone on public data, the same bytes each time, or measures them by cross-validation.

python -m tools.train_public --data FOLDER                       writes public.bin and public.json
python -m tools.train_public --data FOLDER --measure [PEERS]     prints the politeness table

Needs the packages of lock/train.txt. The texts stay in the data folder; only weights leave it. PEERS is an
environment with lock/review_peers.txt, whose judges are measured beside ours.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from coaching.playbook.reader import Playbook, read
from coaching.review.tone import TONES, Heard, listen
from tools.bench_quality_judges import PEERS, MissingError, Peer, asked
from tools.bench_quality_table import header, line
from tools.train_heads import HEADS
from tools.train_matrix import SPACE, flags, hashed, whole

Told = dict[str, object]

WARM = (
    *("admiration", "gratitude", "caring", "love", "optimism"),
    *("joy", "approval", "excitement", "relief", "pride"),
)
COLD = ("anger", "annoyance", "disapproval", "disgust", "disappointment")
LICENCES = {
    "politeness.jsonl": "CC BY 4.0",
    "emotion.jsonl": "CC BY 4.0",
    "abuse.jsonl": "CC BY 4.0 (ConvAbuse), MIT (Davidson)",
    "unsafe_reply.jsonl": "Apache-2.0",
}
FEW = 5  # of Davidson's tweets one in so many: they are another register
STRENGTH = 10.0  # the inverse of how strongly weights are held down
GENTLER = 5.0  # the same for politeness
COMMUNITIES = ("stanford-wikipedia", "stanford-stack-exchange")
FOLDS = 5
THIRD = 3  # of the texts one in so many for other tools: ConvoKit takes its time


@dataclass(frozen=True)
class Taught:
    """What a model learns: the rows, which of them are so, and how much each counts."""

    told: Sequence[Told]
    yes: np.ndarray
    weight: np.ndarray | None = None


def lines(file: Path) -> list[Told]:
    return [json.loads(one) for one in file.read_text(encoding="utf-8").splitlines()]


def lessons(data: Path) -> dict[str, Taught]:
    """For each tone what it is learnt from."""
    rated = lines(data / "politeness.jsonl")
    felt = [told for told in lines(data / "emotion.jsonl") if told["sub"] == "train"]
    abuse = lines(data / "abuse.jsonl")
    davidson = [told for told in abuse if told["source"] == "davidson"][::FEW]
    abused = [told for told in abuse if told["source"] == "convabuse"] + davidson
    replies = lines(data / "unsafe_reply.jsonl")
    feelings = {"warmth": WARM, "coldness": COLD} | {
        name: (name,) for name in ("remorse", "gratitude", "curiosity")
    }
    found = {"politeness": polite(rated)}
    found |= {name: Taught(felt, so(felt, feels(names))) for name, names in feelings.items()}
    found["abuse"] = Taught(abused, so(abused, lambda told: told["label"] == 1))
    found["unsafe"] = Taught(replies, so(replies, lambda told: told["label"] == 1))
    return {name: found[name] for name in TONES}


def polite(rated: Sequence[Told]) -> Taught:
    """All rows teach, the clear ones more: better than the best and the worst quarter alone."""
    score = np.array([float(str(told["score"])) for told in rated])
    return Taught(rated, score > 0, np.abs(score) / np.abs(score).mean())


def feels(names: Sequence[str]) -> Callable[[Told], bool]:
    return lambda told: not set(names).isdisjoint(told["label"])  # type: ignore[arg-type]


def so(told: Sequence[Told], is_so: Callable[[Told], bool]) -> np.ndarray:
    return np.array([is_so(one) for one in told])


class Ears:
    """Listens to every text once, for all models."""

    def __init__(self, playbook: Playbook) -> None:
        self.playbook = playbook
        self.heard: dict[str, Heard] = {}

    def all(self, told: Sequence[Told]) -> list[Heard]:
        for one in told:
            text = str(one["text"])
            if text not in self.heard:
                self.heard[text] = listen(text, self.playbook)
        return [self.heard[str(one["text"])] for one in told]


def matrix(heard: Sequence[Heard], names: Sequence[str]) -> csr_matrix:
    """A line for each text, as it is scored later."""
    return hstack([hashed([one.words for one in heard]), flags([one.bits for one in heard], names)]).tocsr()


def fit(x: csr_matrix, taught: Taught, strength: float) -> LogisticRegression:
    model = LogisticRegression(C=strength, solver="liblinear", class_weight="balanced", random_state=0)
    return model.fit(x, taught.yes, sample_weight=taught.weight)


def train(data: Path, out: Path) -> None:
    """Write both files."""
    taught, ears = lessons(data), Ears(read())
    names = sorted(frozenset[str]().union(*(one.bits for t in taught.values() for one in ears.all(t.told))))
    heads = {}
    for name, lesson in taught.items():
        strength = GENTLER if name == "politeness" else STRENGTH
        model = fit(matrix(ears.all(lesson.told), names), lesson, strength)
        heads[name] = whole(model.coef_[0], float(model.intercept_[0]), SPACE + len(names))
        print(f"{name}: {len(lesson.yes):,} texts, {lesson.yes.mean():.0%} so", file=sys.stderr)
    weights = b"".join(head.weights.tobytes() for head in heads.values())
    digest = {file: sha256((data / file).read_bytes()).hexdigest() for file in LICENCES}
    manifest = {
        "sha256": sha256(weights).hexdigest(),
        "trained on": {file: {"sha256": digest[file], "licence": of} for file, of in LICENCES.items()},
        "heads": {name: {"scale": head.scale, "bias": head.bias} for name, head in heads.items()},
        "bits": names,
        "tuned": {},
    }
    (out / "public.bin").write_bytes(weights)
    (out / "public.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def measure(data: Path, peers: Path) -> None:
    """Accuracy on the politest and the rudest quarter, in a community and from one to the other."""
    ears, rated = Ears(read()), lines(data / "politeness.jsonl")
    heard = ears.all(rated)
    x = matrix(heard, sorted(frozenset[str]().union(*(one.bits for one in heard))))
    label = np.array([int(str(told["label"])) for told in rated])
    wiki, stack = (np.flatnonzero([told["source"] == name for told in rated]) for name in COMMUNITIES)
    lesson = polite(rated)

    def right(teach: np.ndarray, asked_: np.ndarray) -> np.ndarray:
        asked_ = asked_[label[asked_] != 0]
        assert lesson.weight is not None
        own = Taught([], lesson.yes[teach], lesson.weight[teach])
        return fit(x[teach], own, GENTLER).predict(x[asked_]) == (label[asked_] > 0)

    def crossed(rows: np.ndarray, more: np.ndarray) -> float:
        parts = StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(rows, label[rows])
        return float(np.mean(np.concatenate([right(np.r_[rows[a], more], rows[b]) for a, b in parts])))

    none = np.array([], dtype=int)
    figures = {
        "Wikipedia (goal ≥ 84)": crossed(wiki, none),
        "Stack Exchange (≥ 76)": crossed(stack, none),
        "Wikipedia → Stack Exchange (≥ 67)": float(np.mean(right(wiki, stack))),
    }
    print("politeness, accuracy in % on the politest against the rudest quarter (ours: 5 folds)\n")
    print("\n".join(header(["", *figures, "trained on both: Wikipedia", "Stack Exchange"])))
    both = (crossed(wiki, stack), crossed(stack, wiki))
    print(line(["Breather", *(f"{100 * value:.1f}" for value in (*figures.values(), *both))]))
    for peer in PEERS:
        said = []
        for rows in (wiki, stack):
            clear = rows[label[rows] != 0][::THIRD]
            said.append(ranked([str(rated[i]["text"]) for i in clear], label[clear] > 0, peer, peers))
        print(line([peer.name, *said, "-", "-", "-"]))
    print("\nother tools: every third text; theirs is polite above the median of what they say")


def ranked(texts: Sequence[str], polite_: np.ndarray, peer: Peer, peers: Path) -> str:
    """How often a peer is right when half of the texts are called polite."""
    try:
        with asked(peer, peers / "bin/python") as judge:
            said = np.array([judge.ask(text, "")["said"] for text in texts])
    except MissingError:
        return "-"
    return f"{100 * np.mean((said > np.median(said)) == polite_):.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=HEADS)
    parser.add_argument("--measure", nargs="?", type=Path, const=Path("nowhere"))
    args = parser.parse_args()
    if args.measure is None:
        train(args.data, args.out)
    else:
        measure(args.data, args.measure)


if __name__ == "__main__":
    main()
