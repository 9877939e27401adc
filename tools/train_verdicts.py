"""Trains the models of all verdicts and of the grade, and asks them about other rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import Ridge

from coaching.playbook.rules import CRITERIA
from coaching.review.fusion import ALWAYS
from tools.train_matrix import sharpened, telling
from tools.train_quotes import Seen

GOOD = 4  # of five


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
        models[f"{name} missed"] = sharpened(x[plays], gold[plays, column] == "-")
        if name not in ALWAYS:
            models[f"{name} applies"] = sharpened(x, plays)
    much = telling(x, grades >= GOOD)
    overall = Ridge(alpha=1.0, solver="sparse_cg", tol=1e-8).fit(x @ much, grades)
    models["overall"] = (overall.coef_ @ much, float(overall.intercept_))
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


def unseen(
    x: csr_matrix, gold: np.ndarray, grades: np.ndarray, parted: Sequence[tuple[np.ndarray, np.ndarray]]
) -> Judged:
    """What models say of rows they did not learn from."""
    said = Judged(np.zeros(gold.shape), np.zeros(gold.shape), np.zeros(len(grades)))
    for teach, test in parted:
        other = judged(judging(x[teach], gold[teach], grades[teach]), x[test])
        said.applies[test], said.missed[test], said.overall[test] = other.applies, other.missed, other.overall
    return said
