"""Trains the models that hear in which sentence a reply insults, or defends itself."""

from collections.abc import Sequence

import numpy as np

from coaching.review.fusion import BLAMING
from coaching.review.windows import by_sentence
from tools.train_matrix import hashed, sharpened
from tools.train_quotes import Seen, spoken

Models = dict[str, tuple[np.ndarray, float]]
YES = {0: 1.0, 1: 4.0}  # few sentences sting


def stinging(
    rows_: Sequence[Seen], parted: Sequence[tuple[np.ndarray, np.ndarray]]
) -> tuple[Models, dict[str, np.ndarray]]:
    """The models of all rows, and what others that did not see a row say of it."""
    every = [by_sentence(one.look.reply, one.look.evidence.reply.sentences) for one in rows_]
    owner = np.repeat(np.arange(len(rows_)), [len(sentences) for sentences in every])
    x = hashed([sorted(one) for sentences in every for one in sentences])
    models: Models = {}
    held: dict[str, np.ndarray] = {}
    for name in BLAMING:
        yes = np.array([said for one in rows_ for said in _stings(one, f"{name}-")])
        models[f"sentence {name}"] = sharpened(x, yes, YES, 1.0)
        held[name] = np.full(len(rows_), -np.inf)
        for teach, test in parted:
            learnt, asked = np.isin(owner, teach), np.isin(owner, test)
            weights, bias = sharpened(x[learnt], yes[learnt], YES, 1.0)
            np.maximum.at(held[name], owner[asked], x[asked] @ weights + bias)
    return models, held


def _stings(seen: Seen, kind: str) -> list[bool]:
    """For each sentence whether the reader quoted of it."""
    quoted = [at for at, said in zip(seen.look.reply.at, spoken(seen, kind), strict=True) if said]
    return [
        any(one.start <= at.start < one.end for at in quoted) for one in seen.look.evidence.reply.sentences
    ]
