"""Texts and flags as matrices, and a linear model of them in whole numbers."""

import math
from array import array
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from coaching.playbook.heads import BIT, BITS, Head

FOLDS = 4
SPACE = 1 << BITS
_LEAST = 0.3  # that a feature counts, however little it tells
STRENGTH = 3.0  # the inverse of how strongly weights are held down


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


def telling(x: csr_matrix, yes: np.ndarray) -> csr_matrix:
    """How much more often each feature stands in one kind of text than in the other, on the diagonal.

    A model of features that are multiplied by it holds those down that tell nothing (naive Bayes beside it).
    """
    there = x != 0
    among, others = (np.asarray(there[which].sum(axis=0)).ravel() + 1.0 for which in (yes, ~yes))
    return diags(_LEAST + np.abs(np.log((among / among.sum()) / (others / others.sum())))).tocsr()


def sharpened(
    x: csr_matrix, yes: np.ndarray, weight: object = "balanced", strength: float = STRENGTH
) -> tuple[np.ndarray, float]:
    """A model for which each feature counts by how much it tells."""
    much = telling(x, yes)
    weights, bias = line((x @ much).tocsr(), yes, weight, strength)
    return weights @ much, bias


def whole(weights: np.ndarray, bias: float, size: int = SPACE) -> Head:
    """As it will be shipped: in whole numbers, with one scale."""
    full = np.zeros(size)
    full[: len(weights)] = weights
    scale = float(np.abs(full).max()) / 127 or 1.0
    return Head(array("b", np.round(full / scale).astype(np.int8).tobytes()), scale, bias)


def extended(weights: "array[int]", more: int) -> "array[int]":
    """With no weight for any bit."""
    return weights + array("b", bytes(more))


def f1(gold: np.ndarray, found: np.ndarray) -> float:
    """Of precision and recall."""
    return float(2 * (gold & found).sum() / max(1, gold.sum() + found.sum()))
