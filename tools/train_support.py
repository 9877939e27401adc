"""Learns what speaks against a sentence a model wrote: tests/sets/guards/*.jsonl → heads/support.json.

Only sentences that claim something, and that no rule refuses, are learnt from. The limit is chosen so that
one in a hundred of all invented sentences would pass, each judged by what was learnt from other hands.
"""

import argparse
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

from coaching.playbook.guarding import Guarding
from coaching.playbook.nearness import Weighing
from coaching.playbook.reader import read
from coaching.review.written.parts import parts
from coaching.review.written.signs import signs
from coaching.review.written.stems import plain
from coaching.review.written.support import flaw, sources

ROOT = Path(__file__).parent.parent
SETS = ("own", "pairs", "blind_faithful", "blind_invented", "second_faithful", "second_invented")
OUT = ROOT / "coaching" / "playbook" / "en" / "heads" / "support.json"
LEAST = 3  # sentences a sign must be seen in
UP = (
    " new", " near", " theirs", " akin", "unheard", "opposed", "denied", "surer", " who ", " free ", " when",
    "alone", "thin", "tail", "cause ", "nothing drafted", "loose", "share new",
)  # fmt: skip
DOWN = ("share drafted", "all drafted", "covered", "one place", "pinned", "clause whole", "nothing loose")


def learner(names: list[str]) -> HistGradientBoostingClassifier:
    """Small trees in which one more strange word never makes a sentence better supported."""
    return HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.07,
        max_leaf_nodes=6,
        min_samples_leaf=8,
        l2_regularization=1,
        max_features=0.3,
        monotonic_cst=[_way(name) for name in names],
        early_stopping=False,
        random_state=1,
    )


def _way(name: str) -> int:
    if name.endswith(DOWN):
        return -1
    return int("light" not in name and any(word in name for word in UP))


def prepared(guarding: Guarding) -> list[dict]:
    """All rows, with what the rules say (`wrong`) and the signs of those that are left to weigh."""
    blank = replace(guarding, weighing=Weighing((), 0.0, 1.0))
    refusing = replace(guarding, weighing=Weighing((), 2.0, 1.0))
    rows = [
        {"hand": name.partition("_")[0], **json.loads(line)}
        for name in SETS
        for line in (ROOT / "tests/sets/guards" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    for row in rows:
        known = sources(row["draft"], row["customer"], guarding)
        said = plain(row["sentence"])
        made = parts(said, known.customer.stems, guarding)
        row["invented"] = row["kind"] == "invented"
        row["wrong"] = flaw(row["sentence"], known, blank) is not None
        weighed = flaw(row["sentence"], known, refusing) is not None and not row["wrong"]
        row["signs"] = dict(signs(made, said, known, guarding)) if weighed else None
    return rows


def tree(nodes: np.ndarray, at: int = 0) -> object:
    """A fitted tree as lists: [sign, above, no, yes], or a number."""
    node = nodes[at]
    if node["is_leaf"]:
        return round(float(node["value"]), 4)
    ask = [int(node["feature_idx"]), round(float(node["num_threshold"]), 4)]
    return [*ask, tree(nodes, int(node["left"])), tree(nodes, int(node["right"]))]


def weighed_rows(rows: list[dict]) -> tuple[list[str], np.ndarray, np.ndarray, list[str]]:
    """Names of signs, the signs of each sentence, whether it is invented, and who wrote it."""
    weighed = [row for row in rows if row["signs"] is not None]
    seen = Counter(name for row in weighed for name in row["signs"])
    table = DictVectorizer(sparse=False)
    signed = [{n: v for n, v in row["signs"].items() if seen[n] >= LEAST} for row in weighed]
    features = table.fit_transform(signed)
    wrong = np.array([row["invented"] for row in weighed])
    return list(table.get_feature_names_out()), features, wrong, [row["hand"] for row in weighed]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--escaping", type=float, default=0.01, help="share of invented sentences that may pass"
    )
    args = parser.parse_args()
    rows = prepared(read().guarding)
    names, features, wrong, hands = weighed_rows(rows)
    apart = LeaveOneGroupOut()
    held = cross_val_predict(
        learner(names), features, wrong, groups=hands, cv=apart, method="decision_function"
    )
    invented = sum(row["invented"] for row in rows)
    unweighed = sum(row["invented"] and not row["wrong"] and row["signs"] is None for row in rows)
    may = max(0, round(args.escaping * invented) - unweighed)
    limit = float(np.sort(held[wrong])[may])
    faithful = [row["wrong"] for row in rows if not row["invented"]]
    slotted = sum(faithful) + int(np.sum(held[~wrong] >= limit))
    print(f"{len(rows)} rows, {len(wrong)} weighed, {len(names)} signs; by hands not learnt from:")
    print(f"  escaping {may + unweighed} of {invented}, slotted {slotted} of {len(faithful)}")
    fitted = learner(names).fit(features, wrong)
    made = {
        "signs": names,
        "trees": [tree(one[0].nodes) for one in fitted._predictors],  # noqa: SLF001 - it has no other way out
        "bias": round(float(fitted._baseline_prediction[0][0]), 4),  # noqa: SLF001
        "limit": round(limit, 4),
    }
    OUT.write_text(json.dumps(made, separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
