"""Chooses thresholds, on rows that the models did not learn from."""

import sys
from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import Ridge

from coaching.playbook.rules import CRITERIA
from coaching.review.fusion import ALWAYS, BLAMING, Scores, grade, parts, sure
from coaching.review.weigh import DECIDING
from coaching.review.windows import Window
from tools.corpus_rows import CORPUS
from tools.train_matrix import f1
from tools.train_quotes import Seen
from tools.train_verdicts import Judged

WEAK_SENT = 0.035  # weak replies that may be called good
OUTVOTED = -3.5  # words that hurt pass only where a model is far from doubt
NOT_IN_PLAY = 1.2  # what it weighs to find that a criterion is not in play


def thresholds(said: Judged, gold: np.ndarray) -> dict[str, float]:
    """Above which score a model says yes: by accuracy where a criterion is in play, and F1 of where not."""
    tuned: dict[str, float] = {}
    for column, name in enumerate(CRITERIA):
        own = gold[:, column]
        applies, missed = said.applies[:, column], said.missed[:, column]
        grid = [
            (a, m)
            for a in (np.arange(-2, 1.01, 0.1) if name not in ALWAYS else (-99.0,))
            for m in np.arange(-3, 1.51, 0.1)
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
    written = daily & np.array([not one.row.industry.startswith("real") for one in rows_])
    tuned = thresholds(usual, gold[daily])
    tuned |= grading(
        Judged(said.applies[written], said.missed[written], said.overall[written]), grades[written]
    )
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
        grid = [(m, q) for m in np.arange(-3, 2.01, 0.1) for q in (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)]
        best = max(grid, key=lambda p: just(own, plays & (said.missed[:, column] > p[0]) & (quote >= p[1])))
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


def just(gold: np.ndarray, found: np.ndarray) -> float:
    """F of precision and recall, precision weighing twice: to blame wrongly is worse than to be silent."""
    right = (gold & found).sum()
    return float(1.5 * right / max(1, 0.5 * gold.sum() + found.sum()))


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
        found[f"{name} doubt"] = OUTVOTED if name in BLAMING else round(float(best), 3)
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
