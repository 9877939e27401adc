"""Trains the models of all verdicts and of the grade, and asks them about other rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import Ridge

from coaching.playbook.rules import CRITERIA
from coaching.review.fusion import ALWAYS
from tools.train_matrix import line
from tools.train_quotes import Seen


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
