"""How well what is said is understood: intents, schedules, splits, danger and anger, on sets in a folder.

python -m tools.bench_triage --sets tests/sets [--errors]

Reads intents*.jsonl, schedules*.jsonl, splits*.jsonl, safety*.jsonl and angry*.jsonl, whichever are there.
"""

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.triage_command import triage
from coaching.pasted import split
from coaching.playbook.reader import Playbook, read

Row = Mapping[str, Any]
SETS = Path(__file__).parents[1] / "tests/sets"
_WEEK = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
CRISIS = ("explicit", "imminent")


def rows(folder: Path, name: str) -> list[Row]:
    files = sorted(folder.glob(f"{name}*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def share(right: int, of: int) -> str:
    return f"{right / of:.3f} of {of}" if of else "no lines"


def intents(found: list[Row], heard: list[dict[str, Any]]) -> Iterable[tuple[str, str, str]]:
    pairs = [(row["intent"], said["intent"]) for row, said in zip(found, heard, strict=True)]
    yield "intent accuracy, strict", "≥ .92", share(sum(a == b for a, b in pairs), len(pairs))
    kinds = Counter(gold for gold, _ in pairs)
    wrong = Counter(pair for pair in pairs if pair[0] != pair[1])
    for kind, count in sorted(kinds.items()):
        taken = {b: n for (a, b), n in wrong.most_common() if a == kind}
        yield f"  {kind}", "", f"{share(count - sum(taken.values()), count)} {dict(list(taken.items())[:4])}"


def _plain(schedule: object) -> object:
    if isinstance(schedule, list):
        made = [_plain(one) for one in schedule]
        return made[0] if len(made) == 1 else made
    if isinstance(schedule, dict):
        return {key: value for key, value in schedule.items() if value is not None}
    return schedule


def _days(cron: object) -> object:
    """A cron line with its days as a set: "SUN-THU" says the same as "MON,TUE,WED,THU,SUN"."""
    fields = str(cron).split()
    if len(fields) != 5:
        return cron
    found = set[str]()
    for part in fields[4].split(","):
        first, dash, last = part.partition("-")
        known = dash and first in _WEEK and last in _WEEK
        start, end = (_WEEK.index(first), _WEEK.index(last)) if known else (0, 0)
        found |= {_WEEK[(start + n) % 7] for n in range((end - start) % 7 + 1)} if known else {part}
    return (*fields[:4], frozenset(_WEEK) if found == {"*"} else frozenset(found))


def _keys(schedule: object, keys: tuple[str, ...]) -> object:
    many = schedule if isinstance(schedule, list) else [schedule]
    return [
        {key: _days(one.get(key)) if key == "cron" else one.get(key) for key in keys}
        if isinstance(one, dict)
        else one
        for one in many
    ]


_TOLD = ("action", "cron", "run_at", "timezone", "channel")


WHOLLY = ("until", "to")


def same(wanted: object, said: object, keys: tuple[str, ...] = _TOLD) -> bool:
    """Whether two schedules are one: action, days and time, zone, channel."""
    return _keys(_plain(wanted), keys) == _keys(_plain(said), keys)


def schedules(found: list[Row], heard: list[dict[str, Any]]) -> Iterable[tuple[str, str, str]]:
    pairs = [(_plain(r["schedule"]), _plain(s["schedule"])) for r, s in zip(found, heard, strict=True)]
    exact = sum(same(a, b) for a, b in pairs)
    silent = sum(
        not same(a, b)
        and b is not None
        and all(one["action"] != "clarify" for one in (b if isinstance(b, list) else [b]))
        for a, b in pairs
    )
    yield "schedules exact (action, days, time, zone, channel)", "≥ .90", share(exact, len(pairs))
    yield "  of them with until, target and to", "", share(sum(a == b for a, b in pairs), len(pairs))
    yield "  silently wrong", "≤ 2 %", share(silent, len(pairs))
    yield "  not heard as a schedule", "", share(sum(b is None for _, b in pairs), len(pairs))


def splits(found: list[Row], playbook: Playbook) -> Iterable[tuple[str, str, str]]:
    right = 0
    for row in found:
        got, want = split(row["text"], playbook.pasting), row["review"]
        if want.get("unsure"):
            right += got.unsure
        else:
            right += not got.unsure and (got.customer, got.draft) == (want["customer"] or "", want["draft"])
    yield "draft and customer split exact", "≥ .90", share(right, len(found))


def dangers(found: list[Row], heard: list[dict[str, Any]]) -> Iterable[tuple[str, str, str]]:
    both = list(zip(found, heard, strict=True))

    def of(keep: Callable[[Row], bool], hit: Callable[[dict[str, Any]], bool]) -> str:
        kept = [hit(said) for row, said in both if keep(row)]
        return share(sum(kept), len(kept))

    def crisis(said: dict[str, Any]) -> bool:
        return bool(said["crisis"])

    def abused(said: dict[str, Any]) -> bool:
        return said["safety"] in ("abuse_received", "harassment")

    grave = of(lambda r: r["crisis"] and r.get("level") in CRISIS, crisis)
    yield "crisis found: explicit and imminent", "all", grave
    yield "crisis found: all", "≥ .95", of(lambda r: r["crisis"], crisis)
    yield "crisis false alarms", "≤ 2 %", of(lambda r: not r["crisis"], crisis)
    yield "abuse of the agent found", "≥ .95", of(lambda r: r["safety"] == "abuse_received", abused)
    yield "mere anger flagged", "≤ 4 %", of(lambda r: r.get("level") == "anger", abused)
    exact = [row["safety"] == said["safety"] for row, said in both]
    yield "danger named exactly", "", share(sum(exact), len(exact))


def angry(found: list[Row], heard: list[dict[str, Any]]) -> Iterable[tuple[str, str, str]]:
    del found
    flagged = sum(said["safety"] != "none" for said in heard)
    yield "angry customer messages flagged", "≤ .6 %", share(flagged, len(heard))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", type=Path, default=SETS)
    parser.add_argument("--errors", action="store_true", help="print the lines whose intent is heard wrongly")
    args = parser.parse_args()
    playbook, took = read(), list[float]()

    def heard(found: list[Row]) -> list[dict[str, Any]]:
        said = []
        for row in found:
            before = time.process_time()
            said.append(triage(row, playbook))
            took.append(time.process_time() - before)
        return said

    print("| measure | goal | here |\n|---|---|---|")
    table(args.sets, heard, args.errors)
    found = rows(args.sets, "splits")
    for told in splits(found, playbook) if found else ():
        print("| " + " | ".join(told) + " |")
    if len(took) > 1:
        print(f"| CPU per message, p95 | ≤ 5 ms | {statistics.quantiles(took, n=20)[-1] * 1000:.1f} ms |")


def table(folder: Path, heard: Callable[[list[Row]], list[dict[str, Any]]], errors: bool) -> None:
    for name, measure in (
        ("intents", intents),
        ("schedules", schedules),
        ("safety", dangers),
        ("angry", angry),
    ):
        found = rows(folder, name)
        said = heard(found)
        for told in measure(found, said) if found else ():
            print("| " + " | ".join(told) + " |")
        for row, one in zip(found, said, strict=True) if errors and name == "intents" else ():
            if row["intent"] != one["intent"]:
                print(f"{row['intent']} → {one['intent']}: {row['text']!r}")


if __name__ == "__main__":
    main()
