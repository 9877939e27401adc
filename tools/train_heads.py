"""Trains the small models of the review on the project's own corpus, the same bytes each time.

python -m tools.train_heads [--corpus tools/corpus] [--out coaching/playbook/en/heads]

Needs the packages of lock/train.txt. Whatever is seen of a text is made by the review's own code, so that what
was trained and what runs cannot part. Windows that feed other models come from models that did not see the row
(four folds by industry); what is tuned is tuned on those and on the part `tune`.
"""

import argparse
import json
import math
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold

from coaching.playbook.heads import BIT, BITS, Head
from coaching.playbook.reader import Playbook, read
from coaching.playbook.rules import CRITERIA
from coaching.review.bits import bits
from coaching.review.fusion import ALWAYS, FED, QUOTED, Scores, grade, parts, sure
from coaching.review.look import Abstained, Look, look
from coaching.review.weigh import DECIDING
from coaching.review.windows import Window, window
from tools.corpus_rows import CORPUS, Row, rows

FOLDS = 4
SPACE = 1 << BITS
HEADS = Path(__file__).parents[1] / "coaching/playbook/en/heads"
WEAK_SENT = 0.035  # weak replies that may be called good
BLAMING = ("R1", "R3")
NOT_IN_PLAY = 0.9  # what it weighs to find that a criterion is not in play
STRENGTH = 3.0  # the inverse of how strongly weights are held down


@dataclass(frozen=True)
class Seen:
    """A row and what the review saw of it."""

    row: Row
    look: Look


# --------------------------------------------------------------------------- matrices


def hashed(texts: Sequence[Sequence[int]], *, evenly: bool = True) -> csr_matrix:
    """A line for each text; its features weigh less the more they are."""
    values, places, ends = list[float](), list[int](), [0]
    for found in texts:
        share = 1 / math.sqrt(max(1, len(found))) if evenly else 1.0
        places += sorted(found)
        values += [share] * len(found)
        ends.append(len(places))
    return csr_matrix((values, places, ends), shape=(len(texts), SPACE))


def flags(sets: Sequence[frozenset[str]], names: Sequence[str]) -> csr_matrix:
    """A line for each set of names."""
    place = {name: index for index, name in enumerate(names)}
    found = [sorted(place[name] for name in one if name in place) for one in sets]
    ends = np.cumsum([0, *map(len, found)])
    values = [BIT] * int(ends[-1])
    return csr_matrix((values, [p for one in found for p in one], ends), shape=(len(sets), len(names)))


def folds(groups: Sequence[str]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Which lines teach and which are held out, by industry."""
    return list(GroupKFold(FOLDS).split(np.zeros(len(groups)), groups=np.array(groups)))


def line(
    x: csr_matrix, yes: np.ndarray, weight: object = "balanced", strength: float = STRENGTH
) -> tuple[np.ndarray, float]:
    """The weights and the bias of a model."""
    model = LogisticRegression(C=strength, solver="liblinear", class_weight=weight, random_state=0)
    model.fit(x, yes)
    return model.coef_[0], float(model.intercept_[0])


# --------------------------------------------------------------------------- the words a verdict rests on


def spoken(seen: Seen, kind: str) -> list[bool]:
    """For each token of the reply whether the reader quoted it for this verdict."""
    quote, sign = seen.row.spans.get(kind[:2], ""), seen.row.verdicts[int(kind[1]) - 1]
    if not quote or sign != kind[2]:
        return [False] * len(seen.look.reply.at)
    folded = seen.look.evidence.reply.folded
    start = seen.row.reply.find(quote)
    end = start + len(quote)
    spans = [folded.span(at.start, at.end) for at in seen.look.reply.at]
    return [span.start < end and span.end > start for span in spans]


def quoting(rows_: Sequence[Seen], kind: str, teach: Sequence[int]) -> Head:
    """A model of the words that a verdict rests on."""
    near = [token for index in teach for token in rows_[index].look.reply.near]
    said = np.array([one for index in teach for one in spoken(rows_[index], kind)])
    weights, bias = line(hashed(near, evenly=False), said, {0: 1.0, 1: 4.0}, 0.3)
    return whole(weights, bias)


def whole(weights: np.ndarray, bias: float, size: int = SPACE) -> Head:
    """As it will be shipped: in whole numbers, with one scale."""
    full = np.zeros(size)
    full[: len(weights)] = weights
    scale = float(np.abs(full).max()) / 127 or 1.0
    return Head(array("b", np.round(full / scale).astype(np.int8).tobytes()), scale, bias)


def windows_of(
    rows_: Sequence[Seen], these: Sequence[int], heads: dict[str, Head]
) -> dict[int, dict[str, Window | None]]:
    """The best stretch of each kind in each of these rows."""
    return {
        index: {
            kind: window(head, rows_[index].look.reply, rows_[index].look.evidence.reply.text)
            for kind, head in heads.items()
        }
        for index in these
    }


def widened(rows_: Sequence[Seen], kind: str, head: Head, found: Sequence[int]) -> float:
    """What to add to the bias so that quotes are as long as a reader's: the best of a few, by token F1."""
    gold = {index: spoken(rows_[index], kind) for index in found}
    quoted = [index for index, said in gold.items() if any(said)]

    def agrees(more: float) -> float:
        wider = Head(head.weights, head.scale, head.bias + more)
        total = 0.0
        for index in quoted:
            seen = rows_[index]
            best = window(wider, seen.look.reply, seen.look.evidence.reply.text)
            if best is not None:
                inside = [best.span.start <= at.start < best.span.end for at in seen.look.reply.at]
                both = sum(a and b for a, b in zip(inside, gold[index], strict=True))
                total += 2 * both / (sum(inside) + sum(gold[index]))
        return total / max(1, len(quoted))

    return max((0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0), key=agrees)


# --------------------------------------------------------------------------- verdicts


@dataclass(frozen=True)
class Judged:
    """What the models say of rows they did not learn from."""

    applies: np.ndarray  # a column for each criterion
    missed: np.ndarray
    overall: np.ndarray


def labels(rows_: Sequence[Seen]) -> np.ndarray:
    """The reader's verdicts as signs, a column for each criterion."""
    return np.array([list(seen.row.verdicts) for seen in rows_])


def judging(x: csr_matrix, gold: np.ndarray, grades: np.ndarray) -> dict[str, tuple[np.ndarray, float]]:
    """The models of all verdicts and of the grade."""
    models = {}
    for column, name in enumerate(CRITERIA):
        plays = gold[:, column] != "0"
        models[f"{name} missed"] = line(x[plays], gold[plays, column] == "-")
        if name not in ALWAYS:
            models[f"{name} applies"] = line(x, plays)
    overall = Ridge(alpha=0.7, solver="sparse_cg", tol=1e-8).fit(x, grades)
    models["overall"] = (overall.coef_, float(overall.intercept_))
    return models


def judged(models: dict[str, tuple[np.ndarray, float]], x: csr_matrix) -> Judged:
    """What they say of other rows."""

    def says(name: str) -> np.ndarray:
        if name not in models:
            return np.full(x.shape[0], 9.0)
        weights, bias = models[name]
        return x @ weights + bias

    columns = [(says(f"{name} applies"), says(f"{name} missed")) for name in CRITERIA]
    return Judged(
        np.column_stack([a for a, _ in columns]), np.column_stack([m for _, m in columns]), says("overall")
    )


# --------------------------------------------------------------------------- what is tuned


def thresholds(said: Judged, gold: np.ndarray) -> dict[str, float]:
    """Above which score a model says yes: by balanced accuracy where a criterion is in play, and F1 of where not."""
    tuned: dict[str, float] = {}
    for column, name in enumerate(CRITERIA):
        own = gold[:, column]
        applies, missed = said.applies[:, column], said.missed[:, column]
        grid = [
            (a, m)
            for a in (np.arange(-2, 1.01, 0.1) if name not in ALWAYS else (-99.0,))
            for m in np.arange(-1, 1.51, 0.1)
        ]
        best = max(grid, key=lambda pair: worth(name, own, applies > pair[0], missed > pair[1]))
        tuned |= {f"{name} applies": round(float(best[0]), 3), f"{name} missed": round(float(best[1]), 3)}
    return tuned


def tune(
    rows_: Sequence[Seen],
    said: Judged,
    gold: np.ndarray,
    grades: np.ndarray,
    held: dict[int, dict[str, Window | None]],
) -> dict[str, float]:
    """All that is tuned: on industries in which what is missed is as rare as in daily work."""
    rare = (CORPUS / "rare.txt").read_text(encoding="utf-8").split()
    daily = np.array([one.row.industry not in rare for one in rows_])
    usual = Judged(said.applies[daily], said.missed[daily], said.overall[daily])
    quotes = {
        f"{name} quote": np.array(
            [w.score if (w := held[i][f"{name}-"]) else -1.0 for i in np.where(daily)[0]]
        )
        for name in BLAMING
    }
    tuned = thresholds(usual, gold[daily]) | grading(said, grades)
    tuned |= blaming(usual, gold[daily], quotes, tuned)
    heavy = np.array([[sure(one.look.ruled[n]) for n in CRITERIA] for one in rows_])[daily]
    tuned |= doubting(usual, gold[daily], heavy, tuned)
    tuned |= sending(usual, gold[daily], grades[daily], tuned)
    report(usual, gold[daily], grades[daily], tuned)
    return tuned


def report(said: Judged, gold: np.ndarray, grades: np.ndarray, tuned: dict[str, float]) -> None:
    """How well it judges rows it did not learn from."""
    found = []
    for column, name in enumerate(CRITERIA):
        plays = said.applies[:, column] > tuned[f"{name} applies"]
        missed = said.missed[:, column] > tuned[f"{name} missed"]
        found.append(np.where(plays, np.where(missed, "-", "+"), "0"))
    right = np.column_stack(found)
    balanced = [
        np.mean([np.mean(right[gold[:, c] == s, c] == s) for s in "+-"]) for c in range(len(CRITERIA))
    ]
    idle = [f1(gold[:, c] == "0", right[:, c] == "0") for c, n in enumerate(CRITERIA) if n not in ALWAYS]
    told = np.array([grade(scores_of(said, index), tuned) for index in range(len(grades))])
    ranks = np.corrcoef(told.argsort().argsort(), grades.argsort().argsort())[0, 1]
    print(
        f"balanced {np.mean(balanced):.3f}, not in play {np.mean(idle):.3f}, ranks {ranks:.2f}",
        file=sys.stderr,
    )


def blaming(
    said: Judged, gold: np.ndarray, quotes: dict[str, np.ndarray], tuned: dict[str, float]
) -> dict[str, float]:
    """For what is held against somebody: how sure a model and its quote must be, by F1 of what is missed."""
    found: dict[str, float] = {}
    for name in BLAMING:
        column = CRITERIA.index(name)
        own = gold[:, column] == "-"
        quote = quotes[f"{name} quote"]
        plays = said.applies[:, column] > tuned[f"{name} applies"]
        grid = [(m, q) for m in np.arange(-1, 2.01, 0.1) for q in (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)]
        best = max(grid, key=lambda p: f1(own, plays & (said.missed[:, column] > p[0]) & (quote >= p[1])))
        found |= {f"{name} missed": round(float(best[0]), 3), f"{name} quote": best[1]}
        accused = plays & (said.missed[:, column] > best[0]) & (quote >= best[1])
        print(
            name,
            best,
            f"recall {accused[own].mean():.2f} precision {own[accused].mean():.2f}",
            file=sys.stderr,
        )
    return found


def worth(name: str, gold: np.ndarray, applies: np.ndarray, missed: np.ndarray) -> float:
    """What a pair of thresholds is worth. An accusation has to be right as well as found."""
    found = np.where(applies, np.where(missed, "-", "+"), "0")
    balanced = np.mean([np.mean(found[gold == sign] == sign) for sign in "+-"])
    if name in ("R1", "R3"):
        balanced = (balanced + f1(gold == "-", found == "-")) / 2
    return float(balanced + (NOT_IN_PLAY * f1(gold == "0", found == "0") if name not in ALWAYS else 0.0))


def f1(gold: np.ndarray, found: np.ndarray) -> float:
    """Of precision and recall."""
    return float(2 * (gold & found).sum() / max(1, gold.sum() + found.sum()))


def grading(said: Judged, grades: np.ndarray) -> dict[str, float]:
    """How a grade is put together of what the models say."""
    lines = [dict(parts(scores_of(said, index))) for index in range(len(grades))]
    names = list(lines[0])
    model = Ridge(alpha=1.0).fit(np.array([[line_[name] for name in names] for line_ in lines]), grades)
    return {"grade": float(model.intercept_)} | {
        f"grade {n}": float(c) for n, c in zip(names, model.coef_, strict=True)
    }


def doubting(said: Judged, gold: np.ndarray, heavy: np.ndarray, tuned: dict[str, float]) -> dict[str, float]:
    """Below which score a model outvotes a rule that is sure, by F1 of what is missed."""
    found: dict[str, float] = {}
    for column, name in enumerate(CRITERIA):
        own, fired = gold[:, column] == "-", heavy[:, column]
        missed = said.missed[:, column]
        alone = (said.applies[:, column] > tuned[f"{name} applies"]) & (missed > tuned[f"{name} missed"])
        best = max(np.arange(-4, 1.01, 0.25), key=lambda d: f1(own, alone | (fired & (missed > d))))
        found[f"{name} doubt"] = round(float(best), 3)
    return found


def sending(said: Judged, gold: np.ndarray, grades: np.ndarray, tuned: dict[str, float]) -> dict[str, float]:
    """From which grade on a reply is good to send: as many good ones as can be, if hardly a weak one is."""
    columns = [CRITERIA.index(name) for name in DECIDING]
    limits = np.array([[tuned[f"{n} applies"], tuned[f"{n} missed"]] for n in DECIDING])
    missed = (said.applies[:, columns] > limits[:, 0]) & (said.missed[:, columns] > limits[:, 1])
    clean = ~missed.any(axis=1)
    good = (grades >= 4) & ~(gold[:, columns] == "-").any(axis=1)
    weak = grades <= 2
    told = np.array([grade(scores_of(said, index), tuned) for index in range(len(grades))])
    fine = [least for least in range(30, 90) if (clean & (told >= least))[weak].mean() <= WEAK_SENT]
    least = float(min(fine, default=90))
    sent = clean & (told >= least)
    print(
        f"good from {least}: sent {sent[good].mean():.2f}, weak sent {sent[weak].mean():.2f}", file=sys.stderr
    )
    return {"good": least}


def scores_of(said: Judged, index: int) -> Scores:
    """One row of it, as the review has it."""
    missed = {name: float(said.missed[index, column]) for column, name in enumerate(CRITERIA)}
    applies = {n: float(said.applies[index, c]) for c, n in enumerate(CRITERIA) if n not in ALWAYS}
    return Scores(missed, applies, float(said.overall[index]))


# --------------------------------------------------------------------------- all of it


def seen(corpus: Path, playbook: Playbook) -> list[Seen]:
    """Every row that the review does not decline to judge."""
    found = [
        (row, look(row.reply, row.customer, playbook))
        for part in ("train", "tune")
        for row in rows(part, corpus)
    ]
    return [Seen(row, one) for row, one in found if not isinstance(one, Abstained)]


def train(corpus: Path, playbook: Playbook, out: Path) -> None:
    """Write weights.bin and manifest.json."""
    rows_ = seen(corpus, playbook)
    everyone, parted = range(len(rows_)), folds([one.row.industry for one in rows_])
    gold, grades = labels(rows_), np.array([one.row.overall for one in rows_], float)
    print(f"{len(rows_)} replies", file=sys.stderr)
    quotes: dict[str, Head] = {}
    held: dict[int, dict[str, Window | None]] = {index: {} for index in everyone}
    for kind in QUOTED:
        more, quote = 0.0, None
        outs = [(quoting(rows_, kind, teach), test) for teach, test in parted]
        more = float(np.median([widened(rows_, kind, head, test) for head, test in outs]))
        for head, test in outs:
            wide = Head(head.weights, head.scale, head.bias + more)
            for index, found in windows_of(rows_, test, {kind: wide}).items():
                held[index] |= found
        quote = quoting(rows_, kind, everyone)
        quotes[kind] = Head(quote.weights, quote.scale, quote.bias + more)
        print(kind, more, f"token F1 {agreement(rows_, kind, held):.2f}", file=sys.stderr)
    sets = [
        bits(one.look.evidence, one.look.customer, one.look.ruled, {kind: held[index][kind] for kind in FED})
        for index, one in enumerate(rows_)
    ]
    names = sorted(frozenset[str]().union(*sets))
    x = hstack(
        [
            hashed([one.look.reply.all for one in rows_]) + hashed([one.look.theirs.all for one in rows_]),
            flags(sets, names),
        ]
    ).tocsr()
    said = Judged(np.zeros(gold.shape), np.zeros(gold.shape), np.zeros(len(rows_)))
    for teach, test in parted:
        other = judged(judging(x[teach], gold[teach], grades[teach]), x[test])
        said.applies[test], said.missed[test], said.overall[test] = other.applies, other.missed, other.overall
    tuned = tune(rows_, said, gold, grades, held)
    heads = {
        f"quote {kind}": Head(extended(head.weights, len(names)), head.scale, head.bias)
        for kind, head in quotes.items()
    }
    for name, (weights, bias) in judging(x, gold, grades).items():
        heads[name] = whole(weights, bias, SPACE + len(names))
    write(out, heads, names, tuned, {"replies": len(rows_), "sha256 of the corpus": fingerprint(corpus)})


def extended(weights: "array[int]", more: int) -> "array[int]":
    """With no weight for any bit."""
    return weights + array("b", bytes(more))


def agreement(rows_: Sequence[Seen], kind: str, held: dict[int, dict[str, Window | None]]) -> float:
    """Token F1 of the quotes against the reader's, where there is one."""
    found = []
    for index, one in enumerate(rows_):
        gold, best = spoken(one, kind), held[index][kind]
        if any(gold):
            inside = [
                best is not None and best.span.start <= at.start < best.span.end for at in one.look.reply.at
            ]
            found.append(f1(np.array(gold), np.array(inside)))
    return float(np.mean(found))


def fingerprint(corpus: Path) -> str:
    """Of all that was learnt from."""
    digest = sha256()
    for file in sorted([*(corpus / "train").glob("*.jsonl"), *(corpus / "tune").glob("*.jsonl")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def write(
    out: Path, heads: dict[str, Head], names: list[str], tuned: dict[str, float], of: dict[str, object]
) -> None:
    """Both files."""
    out.mkdir(parents=True, exist_ok=True)
    weights = b"".join(head.weights.tobytes() for head in heads.values())
    manifest = {
        "sha256": sha256(weights).hexdigest(),
        "trained on": of,
        "heads": {name: {"scale": head.scale, "bias": head.bias} for name, head in heads.items()},
        "bits": names,
        "tuned": tuned,
    }
    (out / "weights.bin").write_bytes(weights)
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    print(f"{len(heads)} models, {len(weights):,} bytes", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--out", type=Path, default=HEADS)
    args = parser.parse_args()
    train(args.corpus, read(), args.out)


if __name__ == "__main__":
    main()
