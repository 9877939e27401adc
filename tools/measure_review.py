"""Prints how well the offline review judges labelled pairs, beside a keyword list.

python -m tools.measure_review --pairs examples.jsonl --authored authored.jsonl --raw replies.jsonl
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from coaching.playbook.reader import Playbook, read
from coaching.playbook.rules import CRITERIA, CheckKind
from coaching.review.engine import review

Row = Mapping[str, object]
Verdicts = Mapping[str, str]

KEYWORDS = {
    "R1": ("stupid", "idiot", "calm down", "shut up", "ridiculous", "your fault"),
    "R2": ("help", "please", "?"),
    "R4": ("happy", "glad", "thank", "!", "please"),
    "R5": ("anything else", "let us know", "let me know"),
    "R6": ("sorry", "understand", "apologi", "frustrat"),
    "R7": ("feedback", "thank"),
    "R8": ("however", "instead", "alternative"),
}
UPSET = ("angry", "terrible", "worst", "bad service", "ridiculous", "!")
TROUBLE = ("problem", "issue", "broken", "not working", "error")
OPINION = ("feedback", "suggest", "should", "love", "hate")
LIMIT = ("policy", "unable", "cannot", "can't", "unfortunately", "not possible")


def by_keywords(customer: str, reply: str) -> Verdicts:
    """What a list of words says: the words are there, or they are not."""
    theirs, ours = customer.lower(), reply.lower()
    has = {name: any(w in ours for w in words) for name, words in KEYWORDS.items()}
    called = {"R3": UPSET, "R6": TROUBLE, "R7": OPINION}
    calls = {name: any(w in theirs for w in words) for name, words in called.items()}
    calls["R8"] = any(w in ours for w in LIMIT)
    met = {**has, "R1": not has["R1"], "R3": not has["R1"]}
    return {
        name: "not_applicable" if not calls.get(name, True) else "met" if met[name] else "missed"
        for name in CRITERIA
    }


def by_engine(playbook: Playbook) -> Callable[[str, str], Verdicts]:
    """What the review says."""

    def judge(customer: str, reply: str) -> Verdicts:
        found = review(reply, customer, playbook)
        return {
            name: found.verdicts[name].outcome.value if name in found.verdicts else "not_applicable"
            for name in CRITERIA
        }

    return judge


def balanced(pairs: list[tuple[str, str]]) -> float:
    """Mean over the verdicts that occur of the share found."""
    totals, right = Counter(gold for gold, _ in pairs), Counter(gold for gold, said in pairs if gold == said)
    return sum(right[gold] / totals[gold] for gold in totals) / len(totals)


def scores(rows: list[Row], judge: Callable[[str, str], Verdicts]) -> dict[str, tuple[float, float]]:
    """For each criterion: balanced accuracy and plain accuracy."""
    pairs: dict[str, list[tuple[str, str]]] = {name: [] for name in CRITERIA}
    for row in rows:
        said = judge(str(row["customer"]), str(row["reply"]))
        for name in CRITERIA:
            pairs[name].append((row["criteria"][name]["verdict"], said[name]))  # type: ignore[index]
    return {n: (balanced(p), sum(g == s for g, s in p) / len(p)) for n, p in pairs.items()}


def show_pairs(rows: list[Row], playbook: Playbook) -> None:
    mine, words = scores(rows, by_engine(playbook)), scores(rows, by_keywords)
    print(f"{len(rows)} labelled pairs     balanced accuracy (plain)")
    print(f"{'':4}{'keywords':>16}{'review':>16}")
    for name in CRITERIA:
        (wb, wa), (mb, ma) = words[name], mine[name]
        print(f"{name:4}{wb:9.2f} ({wa:.2f}){mb:9.2f} ({ma:.2f})")
    mean = [sum(s[0] for s in t.values()) / len(t) for t in (words, mine)]
    print(f"mean{mean[0]:9.2f}{mean[1]:16.2f}")


def show_errors(rows: list[Row], playbook: Playbook) -> None:
    judge = by_engine(playbook)
    for row in rows:
        said = judge(str(row["customer"]), str(row["reply"]))
        wrong = [
            f"{n}: {row['criteria'][n]['verdict']} said {said[n]}"  # type: ignore[index]
            for n in CRITERIA
            if row["criteria"][n]["verdict"] != said[n]  # type: ignore[index]
        ]
        print(row["id"], "; ".join(wrong) or "all right")


def show_authored(rows: list[Row], playbook: Playbook) -> None:
    right = Counter()
    for row in rows:
        found = review(str(row["text"]), str(row["context"]), playbook)
        said = "good" if found.good else "needs_work"
        right[said == row["verdict"]] += 1
        if said != row["verdict"]:
            print(f"  {row['id']}: {row['verdict']}, said {said}")
    print(f"authored: {right[True]} of {len(rows)} verdicts right")


def show_raw(rows: list[Row], playbook: Playbook, names: bool) -> None:
    alarms, counts, checks = 0, Counter(), Counter()
    for row in rows:
        found = review(str(row["text"]), str(row["context"]), playbook)
        blamed = [n for n in ("R1", "R3") if n in found.verdicts and found.verdicts[n].spans]
        blamed = [n for n in blamed if found.verdicts[n].outcome.value == "missed"]
        alarms += bool(blamed)
        counts.update(f"{n} {v.outcome.value}" for n, v in found.verdicts.items())
        counts["abstained"] += found.abstained is not None
        counts["good to send"] += found.good
        for n in blamed:
            check = found.verdicts[n].check
            checks[check.id if check else "?"] += 1
        fired = {f.check.id for f in found.findings if f.check.kind is CheckKind.AVOID}
        checks.update(f"fired {name}" for name in fired if names)
    print(f"real replies: {len(rows)}, alarms with a quote on R1 or R3: {alarms} ({alarms / len(rows):.1%})")
    print("  " + ", ".join(f"{k} {v}" for k, v in sorted(counts.items())))
    print("  " + ", ".join(f"{k} {v}" for k, v in checks.most_common()))


def load(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, help="rows with customer, reply and criteria")
    parser.add_argument("--authored", type=Path, help="rows with context, text and verdict")
    parser.add_argument("--raw", type=Path, help="rows with context and text")
    parser.add_argument("--errors", action="store_true", help="name every row that is judged otherwise")
    args = parser.parse_args()
    playbook = read()
    if args.pairs:
        show_pairs(load(args.pairs), playbook)
        if args.errors:
            show_errors(load(args.pairs), playbook)
    if args.authored:
        show_authored(load(args.authored), playbook)
    if args.raw:
        show_raw(load(args.raw), playbook, args.errors)


if __name__ == "__main__":
    main()
