"""Trains the small model that says whose each piece of pasted text is, the same bytes each time.

python -m tools.train_splits [--check] [--out coaching/playbook/en/heads]

Needs the packages of lock/train.txt. A chain of tags over the pieces (coaching/pasted), learnt as a whole,
and a voice: what customers and those who answer say, from the replies of tools/corpus. --check writes
nothing: it says how well each writer's texts are taken apart by a model that learnt from the others.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression

from coaching.pasted import by_patterns
from coaching.pasted.telling import turns, words
from coaching.pasted.weighed import Reading, allowed, read
from coaching.playbook.pasting import FILE, TAGS, Pasting, Weights
from coaching.playbook.reader import read as read_playbook
from tools.split_texts import TUNED, Text, alone, reworded, spoken, texts

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tools/corpus"
HEADS = ROOT / "coaching/playbook/en/heads"
HELD_DOWN = 1.5  # how strongly weights are held down
SEEN = 2  # pieces that something has to tell of, to be learnt
SAID = 8  # sentences a turn of phrase has to be in
TOLD = 5  # hundredths; a weight below it says nothing
SURE = 0.35  # the share of a reading below which it is asked: the best for writers it had not seen
TRIED = (0.0, 0.2, 0.3, 0.35, 0.4, 0.5)
_NEVER = -1e9


def voice() -> dict[str, int]:
    """In hundredths: above zero what people say who answer, below what customers say."""
    theirs, ours = spoken()
    said = [turns(words(one)) for text in (*theirs, *ours) for one in _sentences(text)]
    many = sum(len(_sentences(text)) for text in theirs)
    often = Counter(turn for one in said for turn in one)
    place = {turn: number for number, turn in enumerate(sorted(t for t, n in often.items() if n >= SAID))}
    found = [[place[turn] for turn in sorted(one) if turn in place] for one in said]
    ends = np.cumsum([0, *map(len, found)])
    flat = [number for one in found for number in one]
    x = csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(said), len(place)))
    model = LogisticRegression(C=0.3, solver="liblinear", class_weight="balanced", random_state=0)
    model.fit(x, np.arange(len(said)) >= many)
    weights = np.round(model.coef_[0] * 100).astype(int)
    return {turn: int(weights[number]) for turn, number in place.items() if abs(weights[number]) >= 4 * TOLD}


def _sentences(text: str) -> list[str]:
    return [
        one
        for line in text.splitlines()
        for one in line.replace("? ", "?\n").replace(". ", ".\n").split("\n")
        if len(one) > 3
    ]


# --------------------------------------------------------------------------- the chain


def learnt(found: Sequence[Text], said: dict[str, int]) -> Weights:
    """The weights of everything that tells, and of each move from tag to tag."""
    often = Counter(name for text in found for names in text.names for name in {*names})
    place = {name: n for n, name in enumerate(sorted(name for name, many in often.items() if many >= SEEN))}
    many, longest, tags = len(found), max(len(text.pieces) for text in found), len(TAGS)
    spots = [
        (row * longest + at, place[name])
        for row, text in enumerate(found)
        for at, names in enumerate(text.names)
        for name in {*names}
        if name in place
    ]
    rows, columns = np.array(sorted(spots)).T
    x = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(many * longest, len(place)))
    there, gold, moved = np.zeros((many, longest)), np.zeros((many, longest, tags)), np.zeros((tags, tags))
    for row, text in enumerate(found):
        numbers = [TAGS.index(tag) for tag in text.tags]
        there[row, : len(numbers)] = 1
        gold[row, np.arange(len(numbers)), numbers] = 1
        np.add.at(moved, (numbers[:-1], numbers[1:]), 1)
    weights, moves = _fitted(x, there, gold, moved)
    rounded = np.round(weights * 100).astype(int)
    kept = {name: rounded[n].tolist() for name, n in place.items() if np.abs(rounded[n]).max() >= TOLD}
    return Weights(said, kept, np.round(moves * 100).astype(int).tolist(), 0.0)


def _fitted(
    x: csr_matrix, there: np.ndarray, gold: np.ndarray, moved: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """By the likelihood of whole chains of tags."""
    many, longest, tags = gold.shape
    barred = np.array([[0.0 if allowed(a, b) else _NEVER for b in TAGS] for a in TAGS])
    begins = np.array([_NEVER if tag[0] == "I" else 0.0 for tag in TAGS])
    back = x.T.tocsr()
    size = x.shape[1] * tags

    def loss(p: np.ndarray) -> tuple[float, np.ndarray]:
        scores = (x @ p[:size].reshape(-1, tags)).reshape(many, longest, tags)
        moves = p[size:].reshape(tags, tags) + barred
        ahead, behind = np.zeros_like(scores), np.zeros_like(scores)
        ahead[:, 0] = scores[:, 0] + begins
        for at in range(1, longest):
            new = logsumexp(ahead[:, at - 1, :, None] + moves, axis=1) + scores[:, at]
            ahead[:, at] = np.where(there[:, at, None] > 0, new, ahead[:, at - 1])
        whole = logsumexp(ahead[:, -1], axis=1)
        expected = np.zeros((tags, tags))
        for at in range(longest - 2, -1, -1):
            after = scores[:, at + 1] + behind[:, at + 1]
            new = logsumexp(moves + after[:, None, :], axis=2)
            behind[:, at] = np.where(there[:, at + 1, None] > 0, new, 0)
            pairs = np.exp(ahead[:, at, :, None] + moves + after[:, None, :] - whole[:, None, None])
            expected += (pairs * there[:, at + 1, None, None]).sum(0)
        share = np.exp(ahead + behind - whole[:, None, None]) * there[:, :, None]
        right = (scores * gold).sum() + (moved * p[size:].reshape(tags, tags)).sum()
        slope = np.concatenate(
            [(back @ (share - gold).reshape(-1, tags)).ravel(), (expected - moved).ravel()]
        )
        return float(whole.sum() - right + HELD_DOWN / 2 * p @ p), slope + HELD_DOWN * p

    best = minimize(loss, np.zeros(size + tags * tags), jac=True, method="L-BFGS-B", options={"maxiter": 80})
    return best.x[:size].reshape(-1, tags), best.x[size:].reshape(tags, tags)


# --------------------------------------------------------------------------- how good it is


def rate(found: Sequence[Text], pasting: Pasting) -> list[tuple[float, bool, bool]]:
    """Of each text: how sure its reading is, whether it is right, and whether it should be asked."""
    out = []
    for text in {str(one.row["id"]): one for one in found}.values():
        whole = str(text.row["text"]).replace("\r\n", "\n").strip()
        ruled = by_patterns(whole, pasting)
        reading = read(whole, ruled, pasting)
        if reading is None or reading.parts == ruled:
            reading = Reading(ruled, 1.0)
        sure = 0.0 if reading.parts.unsure else reading.share
        out.append((sure, reading.parts == text.parts, text.parts.unsure))
    return out


def right(rates: Sequence[tuple[float, bool, bool]], sure: float) -> float:
    """The share that comes out right if all less sure than this is asked."""
    return float(np.mean([asked if share < sure or share == 0 else good for share, good, asked in rates]))


def check(found: Sequence[Text], more: Sequence[Text], said: dict[str, int], pasting: Pasting) -> None:
    """Each writer by the others."""
    for writer in sorted({text.writer for text in found} - {*TUNED}):
        teach = learnt([text for text in (*found, *more) if text.writer != writer], said)
        rates = rate([text for text in found if text.writer == writer], replace(pasting, weights=teach))
        asked = {sure: f"{right(rates, sure):.3f}" for sure in TRIED}
        print(f"{writer}: {len(rates)} texts, right if all less sure than this is asked: {asked}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=HEADS)
    parser.add_argument("--check", action="store_true", help="say how good it is, write nothing")
    args = parser.parse_args()
    pasting, said = read_playbook().pasting, voice()
    pasting = replace(pasting, weights=replace(pasting.weights, voice=said))
    found = texts(pasting)
    more = [*reworded(found, pasting), *alone(found, pasting)]
    if args.check:
        check(found, more, said, pasting)
        return
    weights = learnt([*found, *more], said)
    digest = sha256("\n".join(sorted(f"{t.row['text']}" for t in found)).encode()).hexdigest()
    whole = {
        "trained on": {"texts": len({str(t.row["id"]) for t in found}), "sha256 of the texts": digest},
        "sure": SURE, "moves": weights.moves, "voice": said, "pieces": weights.pieces,
    }  # fmt: skip
    (args.out / FILE).write_text(
        json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )
    print(f"{len(weights.pieces)} weights, learnt from {len(found)} texts", file=sys.stderr)


if __name__ == "__main__":
    main()
