"""Trains the small models of the review on the project's own corpus, the same bytes each time.

python -m tools.train_heads [--corpus tools/corpus] [--out coaching/playbook/en/heads]
python -m tools.train_heads --check    (a minute: one model is made again, and has to be the one that ships)

Needs the packages of lock/train.txt, and the public data in the folder BREATHER_DATA names. Whatever is seen
of a text is made by the review's own code, so that what was trained and what runs cannot part. Windows that
feed other models, and all that is tuned, come from models that did not see the row: four folds, by industry.
"""

import argparse
import json
import os
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import hstack

from coaching.playbook.heads import Head
from coaching.playbook.reader import Playbook, read
from coaching.review.bits import bits
from coaching.review.fusion import FED, QUOTED
from coaching.review.look import Abstained, look
from tools.bench_quality_real import labelled, learnt
from tools.corpus_rows import CORPUS, fingerprint, rows
from tools.train_matrix import SPACE, extended, flags, folds, hashed, whole
from tools.train_quotes import Seen, agreement, quoting, widened, windows_of
from tools.train_tuning import tune
from tools.train_verdicts import Judged, judged, judging, labels

if TYPE_CHECKING:
    from coaching.review.windows import Window

REAL = 3  # how often a real reply is learnt from
HEADS = Path(__file__).parents[1] / "coaching/playbook/en/heads"


def seen(corpus: Path, data: Path, playbook: Playbook) -> list[Seen]:
    """Every row that the review does not decline to judge; real ones count several times."""
    own = [row for part in ("train", "tune") for row in rows(part, corpus)]
    real = [replace(row, industry=f"real {n % 8}") for n, row in enumerate(labelled(data)) if learnt(row)]
    found = [(row, look(row.reply, row.customer, playbook)) for row in (*own, *real * REAL)]
    return [Seen(row, one) for row, one in found if not isinstance(one, Abstained)]


def train(corpus: Path, data: Path, playbook: Playbook, out: Path) -> None:
    """Write weights.bin and manifest.json."""
    rows_ = seen(corpus, data, playbook)
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


def same(corpus: Path, data: Path, playbook: Playbook) -> bool:
    """Whether one model, made again, has the very weights that ship."""
    rows_ = seen(corpus, data, playbook)
    made = quoting(rows_, QUOTED[0], range(len(rows_)))
    shipped = playbook.heads.heads[f"quote {QUOTED[0]}"]
    return made.scale == shipped.scale and shipped.weights == extended(made.weights, len(playbook.heads.bits))


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
    parser.add_argument("--check", action="store_true", help="make one model again and compare")
    args = parser.parse_args()
    data = os.environ.get("BREATHER_DATA", "")
    if not data:
        sys.exit("set BREATHER_DATA to the folder with the public data: real replies are learnt from, too")
    if not args.check:
        train(args.corpus, Path(data), read(), args.out)
    elif not same(args.corpus, Path(data), read()):
        sys.exit(
            "made again, a model has other weights than those that ship: run python -m tools.train_heads"
        )


if __name__ == "__main__":
    main()
