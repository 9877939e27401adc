"""How many invented sentences pass the guards, and how many faithful ones do not: tests/sets/guards/*.jsonl.

One object a line: {"id", "draft", "customer", "sentence", "kind": "faithful|invented", "class", "source"}.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from coaching.playbook.reader import read
from coaching.review.written.support import flaw, sources

SETS = Path(__file__).parent.parent / "tests" / "sets" / "guards"
STRICT = ("link", "contact", "amount", "promise", "offer")


def rows(paths: list[Path]) -> Iterator[dict[str, str]]:
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield {"set": path.stem, **json.loads(line)}


def chosen(args: argparse.Namespace) -> Iterator[dict[str, str]]:
    """The rows asked for; a set given as invented or faithful need not say so in each row."""
    given = [
        (path, kind) for path, kind in ((args.invented, "invented"), (args.faithful, "faithful")) if path
    ]
    if args.files or not given:
        yield from rows(args.files or sorted(SETS.glob("*.jsonl")))
    for path, kind in given:
        yield from ({"class": "other", "source": "", **row, "kind": kind} for row in rows([path]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="sets to read; all by default")
    parser.add_argument("--invented", type=Path, help="a set in which every sentence is invented")
    parser.add_argument("--faithful", type=Path, help="a set in which every sentence is faithful")
    parser.add_argument("--show", action="store_true", help="print every sentence that is judged wrongly")
    args = parser.parse_args()
    guarding, total, wrong = read().guarding, Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
    for row in chosen(args):
        found = flaw(row["sentence"], sources(row["draft"], row["customer"], guarding), guarding)
        key = (row["set"], row["kind"], row.get("class", "other"))
        total[key] += 1
        if (found is None) is (row["kind"] == "invented"):
            wrong[key] += 1
            if args.show:
                print(f"{row['kind']} {row['id']} {found.value if found else 'kept'}: {row['sentence']}")
    for name in sorted({key[0] for key in total}):
        _print(name, total, wrong)
    return 0


def _print(name: str, total: Counter[tuple[str, str, str]], wrong: Counter[tuple[str, str, str]]) -> None:
    for kind, says in (("invented", "escaped"), ("faithful", "slotted")):
        keys = [key for key in total if key[:2] == (name, kind)]
        some, bad = sum(total[key] for key in keys), sum(wrong[key] for key in keys)
        if not some:
            continue
        strict = sum(wrong[key] for key in keys if key[2] in STRICT)
        classes = ", ".join(f"{key[2]} {wrong[key]}/{total[key]}" for key in sorted(keys))
        print(f"{name}: {kind} {some}, {says} {bad} ({100 * bad / some:.1f} %), strict classes {strict}")
        print(f"  by class: {classes}")


if __name__ == "__main__":
    raise SystemExit(main())
