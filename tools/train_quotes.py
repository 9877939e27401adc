"""Trains the models that find the words on which a verdict rests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coaching.playbook.heads import Head, Heads
from coaching.review.look import Look
from coaching.review.windows import Window, windows
from tools.corpus_rows import Row
from tools.train_matrix import f1, hashed, line, whole


@dataclass(frozen=True)
class Seen:
    """A row and what the review saw of it."""

    row: Row
    look: Look


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
    near = [
        found.near[start:end]
        for found in (rows_[index].look.reply for index in teach)
        for start, end in zip((0, *found.ends), found.ends, strict=False)
    ]
    said = np.array([one for index in teach for one in spoken(rows_[index], kind)])
    weights, bias = line(hashed(near, evenly=False), said, {0: 1.0, 1: 4.0}, 0.3)
    return whole(weights, bias)


def windows_of(
    rows_: Sequence[Seen], these: Sequence[int], heads: dict[str, Head]
) -> dict[int, Mapping[str, Window | None]]:
    """The best stretch of each kind in each of these rows."""
    every = Heads(heads, {}, {})

    def best(seen: Seen) -> Mapping[str, Window | None]:
        reply, text = seen.look.reply, seen.look.evidence.reply.text
        said = every.tokens(heads, reply.near, reply.ends)
        return windows({kind: said[kind] for kind in heads}, reply, text)

    return {index: best(rows_[index]) for index in these}


def widened(rows_: Sequence[Seen], kind: str, head: Head, found: Sequence[int]) -> float:
    """What to add to the bias so that quotes are as long as a reader's: the best of a few, by token F1."""
    gold = {index: spoken(rows_[index], kind) for index in found}
    quoted = [index for index, said in gold.items() if any(said)]

    def agrees(more: float) -> float:
        wider = {kind: Head(head.weights, head.scale, head.bias + more)}
        total = 0.0
        for index, quotes in windows_of(rows_, quoted, wider).items():
            seen, best = rows_[index], quotes[kind]
            if best is not None:
                inside = [best.span.start <= at.start < best.span.end for at in seen.look.reply.at]
                both = sum(a and b for a, b in zip(inside, gold[index], strict=True))
                total += 2 * both / (sum(inside) + sum(gold[index]))
        return total / max(1, len(quoted))

    return max((0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0), key=agrees)


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
