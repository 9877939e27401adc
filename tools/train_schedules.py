"""Trains the small model that says which mentions of a time are meant, the same bytes each time.

python -m tools.train_schedules [--check] [--out coaching/playbook/en/heads]

Needs the packages of lock/train.txt. Nobody labels mentions: each line is read in all ways that leave some
of them out, and whatever comes to what the line's writer says is right. --check writes nothing: it says how
well each writer's lines are understood by a model that learnt from the others.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from coaching.people import Zone
from coaching.playbook.heads import BIT, BITS, Head
from coaching.when.line import as_json
from coaching.when.readings import HELD, NAMED, Learned
from coaching.when.understanding import weighed
from coaching.when.wishes import Act
from tools.bench_triage import Row, same
from tools.schedule_texts import Text, asides, more, scanned, text, writers
from tools.train_matrix import whole

HEADS = Path(__file__).parents[1] / "coaching/playbook/en/heads"
HELD_DOWN = 2.0  # how strongly weights are held down
STEPS = 60
SEEN = 3  # readings that something has to tell of, to be learnt
SURE = 0.9  # the share of a reading below which it is asked: few are wrong then of writers it had not seen
TRIED = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)
_NEVER = -1e9


def learnt(found: Sequence[Text]) -> Head:
    """By the likelihood of what the writers say, in whichever reading it is found."""
    found = [one for one in found if len({reading.right for reading in one.readings}) > 1]
    flat = [reading for one in found for reading in one.readings]
    of = np.array([number for number, one in enumerate(found) for _ in one.readings])
    right = np.array([reading.right for reading in flat])
    places = [np.asarray(reading.names, dtype=np.int32) for reading in flat]
    ends = np.cumsum([0, *map(len, places)])
    x = csr_matrix((np.full(ends[-1], BIT), np.concatenate(places), ends), shape=(len(flat), 1 << BITS))
    x.sum_duplicates()
    known = np.flatnonzero(np.bincount(x.indices, minlength=1 << BITS) >= SEEN)
    weights = np.zeros(1 << BITS)
    weights[known] = _fitted(x[:, known].tocsr(), of, right)
    return whole(weights, 0.0)


def _fitted(x: csr_matrix, of: np.ndarray, right: np.ndarray) -> np.ndarray:
    back, held = x.T.tocsr(), HELD_DOWN * BIT**2

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = x @ weights
        every, shares = _summed(scores, of)
        good, among = _summed(np.where(right, scores, _NEVER), of)
        slope = back @ (shares - among) + held * weights
        return float((every - good).sum() + held / 2 * weights @ weights), slope

    start = np.zeros(x.shape[1])
    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x


def _summed(scores: np.ndarray, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the readings of each line come to together, and the share of each."""
    highest, sums = np.full(of[-1] + 1, 2 * _NEVER), np.zeros(of[-1] + 1)
    np.maximum.at(highest, of, scores)
    each = np.exp(scores - highest[of])
    np.add.at(sums, of, each)
    return highest + np.log(sums), each / sums[of]


# --------------------------------------------------------------------------- how good it is


def rate(rows: Sequence[Row], model: Learned) -> tuple[float, float]:
    """The share that is right, and the share that is wrong and not asked."""
    right = silent = 0
    for row in rows:
        s = scanned(row)
        wishes = weighed(row["text"], s.now, Zone(row["user_tz"]), model)
        good = same(row["schedule"], [as_json(wish) for wish in wishes] or [{"action": "clarify"}])
        right += good
        silent += not good and bool(wishes) and all(wish.act is not Act.CLARIFY for wish in wishes)
    return right / len(rows), silent / len(rows)


def check(found: Sequence[Text], lines: dict[str, list[Row]]) -> None:
    """Each writer by the others."""
    for writer, rows in lines.items():
        head = learnt([one for one in found if one.writer != writer])
        told = {sure: rate(rows, Learned(head, sure)) for sure in TRIED}
        asked = "; ".join(f"{sure}: {right:.3f}, {wrong:.3f}" for sure, (right, wrong) in told.items())
        before = [one.readings[0].right for one in found if one.writer == writer and one.row in rows]
        print(f"{writer}: {len(before)} lines, {np.mean(before):.3f} right without; right, silently wrong if")
        print(f"  all less sure than this is asked: {asked}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=HEADS)
    parser.add_argument("--check", nargs="*", metavar="WRITER", help="say how good it is, write nothing")
    args = parser.parse_args()
    lines, talk = writers(), asides()
    found = [text(row, name) for name, rows in lines.items() for row in (*rows, *more(rows, talk))]
    if args.check is not None:
        check(found, {name: lines[name] for name in args.check or lines})
        return
    head = learnt(found)
    weights = head.weights.tobytes()
    digest = sha256("\n".join(sorted(row["text"] for rows in lines.values() for row in rows)).encode())
    manifest = {
        "trained on": {"lines": sum(map(len, lines.values())), "sha256 of the texts": digest.hexdigest()},
        "sha256": sha256(weights).hexdigest(),
        "bits": [],
        "tuned": {"sure": SURE},
        "heads": {"meant": {"scale": head.scale, "bias": head.bias}},
    }
    (args.out / HELD).write_bytes(weights)
    (args.out / NAMED).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    print(f"{np.count_nonzero(head.weights)} weights, learnt from {len(found)} lines", file=sys.stderr)


if __name__ == "__main__":
    main()
