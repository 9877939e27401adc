"""Prints how well and how quickly replies are judged: Breather beside other makers' tools.

make bench-review    (python -m tools.bench_quality --peers FOLDER --train FOLDER)

The corpus part `test` is for the last word only: each run on it is noted in tools/corpus/test_runs.jsonl.
While working, use --part tune. Rows on public data need the folder that BREATHER_DATA names, and else say so.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from coaching.playbook.reader import Playbook, read
from tools import bench_quality_table as table
from tools.bench_quality_cost import costs, texts
from tools.bench_quality_figures import Figures, figures
from tools.bench_quality_judges import OURS, PEERS, MissingError, alarms, asked, by_peer, by_review, by_words
from tools.bench_quality_real import LABELS, RAW, labelled, learnt, raw
from tools.bench_quality_second import by_second_reader
from tools.corpus_rows import CORPUS, Row, rows
from tools.ratios import ROOT

NO_DATA = "not run: BREATHER_DATA does not name the folder with the public data"
RUNS = "test_runs.jsonl"
HEADS = ROOT / "coaching/playbook/en/heads"


def judged(rows_: Sequence[Row], playbook: Playbook, python: Path) -> dict[str, Figures]:
    """Everybody's figures on these rows, ours first; who is not installed is left out."""
    found = {
        OURS.name: figures(rows_, [by_review(row, playbook) for row in rows_]),
        "keywords": figures(rows_, [by_words(row) for row in rows_]),
    }
    for peer in PEERS:
        try:
            with asked(peer, python) as judge:
                found[peer.name] = figures(rows_, by_peer(judge, rows_))
        except MissingError:  # the table of costs says why
            continue
    return found


def show_costs(rows_: Sequence[Row], python: Path, many: int, starts: int) -> None:
    """Milliseconds and megabytes, all in the same run."""
    everybody = [(OURS, Path(sys.executable)), *((peer, python) for peer in PEERS)]
    found, left_out = costs(everybody, texts(rows_, many), starts)
    print(f"\n## Cost\n\n{many} replies of 600 characters, everybody in turn; {starts} starts\n")
    print("\n".join(table.cost(found)))
    for name, why in left_out.items():
        print(f"\n{name} is left out: {why}")


def show_quality(title: str, found: dict[str, Figures]) -> None:
    """One set of rows."""
    ours = found[OURS.name]
    print(f"\n## Quality: {title}, {ours['replies']:.0f} replies, {ours['abstained']:.0f} not judged\n")
    print("\n".join(table.quality(found)))
    blamed = " and ".join(f"{name} missed in {ours[f'{name} missed']:.0f}" for name in ("R1", "R3"))
    print(f"\nThe reader finds {blamed} of these.\n")
    print("\n".join(table.criteria({name: found[name] for name in (OURS.name, "keywords")})))


def show_alarms(data: Path, playbook: Playbook, name_them: bool) -> Figures:
    """How often real everyday replies are blamed, and how often the reader blames them too."""
    everyday = [row for row in raw(data) if not learnt(row)]
    gold = {row.id: row for row in labelled(data)} if LABELS.exists() else {}
    count, right, known = 0, 0, 0
    which = Counter[str]()
    for row in everyday:
        blamed = alarms(by_review(row, playbook))
        count += bool(blamed)
        which.update(blamed)
        if blamed and row.id in gold:
            known += 1
            right += any(gold[row.id].verdicts[int(name[1]) - 1] == "-" for name in blamed)
        if blamed and name_them:
            print(f"  {row.id} {' '.join(blamed)}: {row.reply}")
    share = count / len(everyday)
    print(
        f"\nalarms (R1 or R3 missed, with a quote) on {len(everyday)} real replies: {count}, {share:.1%}",
        end="",
    )
    print(f" (goal ≤ 3 %); {', '.join(f'{name} {n}' for name, n in sorted(which.items())) or 'none'}")
    if known:
        print(f"of the {known} that the reader has labelled too, {right} are blamed by the reader as well")
    return {"alarms": share, "alarms right": right / known if known else None}


def show_real(data: Path | None, playbook: Playbook, python: Path, name_them: bool) -> dict[str, Figures]:
    """What is measured on real replies, where their texts are."""
    if data is None or not (data / RAW).exists():
        print(f"\n## Quality: real replies\n\n{NO_DATA}")
        return {}
    found: dict[str, Figures] = {}
    if LABELS.exists():
        held = [row for row in labelled(data) if not learnt(row)]
        found = judged(held, playbook, python)
        show_quality("real everyday replies that no model learnt from", found)
    else:
        print(f"\n## Quality: real replies\n\nno labels: there is no {LABELS.relative_to(ROOT)}")
    found["alarms"] = show_alarms(data, playbook, name_them)
    return found


def show_public(data: Path | None, train: Path, peers: Path) -> None:
    """The models of public data, by cross-validation."""
    print("\n## Public data\n")
    python = train / "bin/python"
    if data is None:
        print(NO_DATA)
    elif not python.exists():
        print(f"not run: there is no {python} with the packages of lock/train.txt")
    else:
        command = [str(python), "-m", "tools.train_public", "--data", str(data), "--measure", str(peers)]
        subprocess.run(command, cwd=ROOT, check=True)


def note(corpus: Path, found: dict[str, Figures]) -> None:
    """Each run on the test part is written down, with what was run."""
    tested = sha256(b"".join(file.read_bytes() for file in sorted((corpus / "test").glob("*.jsonl"))))
    run = {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "weights": sha256((HEADS / "weights.bin").read_bytes()).hexdigest(),
        "test": tested.hexdigest(),
        "figures": {
            name: {key: None if value is None else round(value, 4) for key, value in one.items()}
            for name, one in found.items()
        },
    }
    with (corpus / RUNS).open("a", encoding="utf-8") as file:
        file.write(json.dumps(run) + "\n")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", default="test", choices=("train", "tune", "test"))
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--peers", type=Path, default=Path("nowhere"), help="with lock/review_peers.txt")
    parser.add_argument("--train", type=Path, default=Path("nowhere"), help="with lock/train.txt")
    parser.add_argument("--texts", type=int, default=200, help="that time is measured on")
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--alarms", action="store_true", help="show the real replies that are blamed")
    return parser.parse_args()


def main() -> int:
    """Print every table."""
    args = arguments()
    rows_ = rows(args.part, args.corpus)
    if not rows_:
        print(f"There are no replies in {args.corpus / args.part}.", file=sys.stderr)
        return 1
    data = Path(os.environ["BREATHER_DATA"]) if os.environ.get("BREATHER_DATA") else None
    playbook, python = read(), args.peers.absolute() / "bin/python"
    print(f"# A review beside other makers' tools, on the part {args.part} of the corpus")
    if args.part != "test":
        print("\nThe models may have learnt from this part: then its figures flatter ours.")
    show_costs(rows_, python, args.texts, args.starts)
    found = judged(rows_, playbook, python)
    second = by_second_reader(rows_, args.corpus)
    if second is not None:
        found["another reader"] = figures(rows_, second)
    show_quality(f"written replies, part {args.part}", found)
    real = show_real(data, playbook, python, args.alarms)
    show_public(data, args.train.absolute(), args.peers.absolute())
    if args.part == "test":
        note(args.corpus, {"written": found[OURS.name], "real": real.get(OURS.name, {})} | _alarms(real))
    return 0


def _alarms(real: dict[str, Figures]) -> dict[str, Figures]:
    return {"alarms": real["alarms"]} if "alarms" in real else {}


if __name__ == "__main__":
    sys.exit(main())
