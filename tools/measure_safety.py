"""Measures the safety check on labelled lines: python -m tools.measure_safety --help.

--sets FOLDER holds safety.jsonl (text, safety, crisis, level) and angry.jsonl (whole customer messages).
Each other file holds one JSON object a line. crisis: text, label (0/1), level. abuse: text (the customer's
words), label (0/1). harmless: text (an agent's reply) and context (the customer's message), unlabelled.
Tells no text unless --show is given. Ends with 1 when a target is missed.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from coaching import safety
from coaching.playbook.care import Care, Danger, Voice
from coaching.playbook.reader import read

SELF = frozenset({Danger.SELF, Danger.SELF_EMERGENCY})
CERTAIN = frozenset({"ideation", "imminent"})  # what must never be missed
OUTRIGHT = frozenset({"explicit", "imminent"})
TWINS = frozenset({"idiom", "quoted", "negated"})


def rows(path: Path) -> list[dict[str, object]]:
    """The objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def crisis(found: Iterable[dict[str, object]], care: Care) -> tuple[str, bool]:
    """Recall by level, and false alarms on idioms."""
    hits, total, alarms, harmless = Counter[str](), Counter[str](), 0, 0
    for row in found:
        told = safety.listen(str(row["text"]), care) in safety.CRISIS
        if row["label"]:
            total[str(row["level"])] += 1
            hits[str(row["level"])] += told
        else:
            harmless += 1
            alarms += told
    lines = [f"  {level}: {hits[level]}/{total[level]}" for level in sorted(total)]
    all_of = hits.total() >= 0.95 * total.total()
    certain = all(hits[level] == total[level] for level in CERTAIN & total.keys())
    summary = f"crisis: {hits.total()}/{total.total()} heard, {alarms}/{harmless} false alarms"
    return "\n".join([summary, *lines]), all_of and certain and alarms == 0


def abuse(found: Iterable[dict[str, object]], care: Care) -> tuple[str, bool]:
    """Recall and false alarms on the customer's words, as theirs and as a line of unknown voice."""
    told, good = [], True
    listed = list(found)
    for voice in (Voice.THEIRS, Voice.ANY):
        heard = [(bool(row["label"]), safety.listen(str(row["text"]), care, voice)) for row in listed]
        abusive = [danger for label, danger in heard if label]
        angry = [danger for label, danger in heard if not label]
        hits = sum(danger is not Danger.NONE for danger in abusive)
        alarms = sum(danger is not Danger.NONE for danger in angry)
        told.append(f"abuse ({voice.value}): {hits}/{len(abusive)} heard, {alarms}/{len(angry)} false alarms")
        good = good and hits >= 0.95 * len(abusive) and alarms <= 0.05 * len(angry)
    return "\n".join(told), good


def harmless(found: Iterable[dict[str, object]], care: Care) -> tuple[str, bool]:
    """Alarms for a crisis, for self-harm, and of any kind, on real traffic."""
    texts = [str(row[key]) for row in found for key in ("text", "context") if row.get(key)]
    heard = Counter(safety.listen(text, care) for text in texts)
    crises, alarms = (sum(heard[danger] for danger in which) for which in (safety.CRISIS, SELF))
    any_kind = sum(count for danger, count in heard.items() if danger is not Danger.NONE)
    summary = f"harmless: {crises} crisis alarms, {alarms} self-harm alarms, {any_kind} of any kind"
    return f"{summary}, in {len(texts)} lines", crises <= 0.0005 * len(texts)


# --------------------------------------------------------------------------- the table of whole sets


def table(folder: Path, care: Care, *, show: bool) -> tuple[str, bool]:
    """The measures of the safety check on a folder of sets, with recall by category."""
    lines, spent = list[tuple[dict[str, object], Danger]](), list[float]()
    for row in rows(folder / "safety.jsonl"):
        start = time.process_time()
        lines.append((row, safety.listen(str(row["text"]), care)))
        spent.append(time.process_time() - start)
    angry = [(row, safety.listen(str(row["text"]), care)) for row in rows(folder / "angry.jsonl")]
    told = [
        _row("crisis, explicit and imminent", *_crises(lines, OUTRIGHT), at_least=1.0),
        _row("crisis, all", *_crises(lines, frozenset()), at_least=0.95),
        _row("crisis alarms on idioms and hard negatives", *_alarms(lines, TWINS), at_most=0.02),
        _row("abuse of the agent found", *_abuse(lines), at_least=0.95),
        _row("mere anger flagged", *_flagged(lines, "anger"), at_most=0.04),
        _row("angry customer messages flagged", *_flagged(angry, "angry_customer"), at_most=0.006),
    ]
    parts = sorted({(str(row["safety"]), str(row["level"])) for row, _ in lines if row["safety"] != "none"})
    by_part = [f"  {a} {b}: {_exact(lines, (a, b))}" for a, b in parts]
    slow = f"cpu per message, p95: {sorted(spent)[int(len(spent) * 0.95)] * 1000:.2f} ms"
    wrong = [
        f"{row['safety']} {row['level']} -> {d.value}: {row['text']}"
        for row, d in (*lines, *angry)
        if _wrong(row, d)
    ]
    return "\n".join([*(line for line, _ in told), *by_part, slow, *(wrong if show else [])]), all(
        g for _, g in told
    )


Heard = Sequence[tuple[dict[str, object], Danger]]


def _row(
    name: str, hits: int, total: int, *, at_least: float = 0.0, at_most: float = 1.0
) -> tuple[str, bool]:
    share = hits / total if total else at_least
    good = at_least <= share <= at_most
    return f"{name}: {hits}/{total} ({share:.1%}){'' if good else '  TARGET MISSED'}", good


def _crises(lines: Heard, levels: frozenset[str]) -> tuple[int, int]:
    found = [
        danger in safety.CRISIS
        for row, danger in lines
        if row["crisis"] and (not levels or row["level"] in levels)
    ]
    return sum(found), len(found)


def _alarms(lines: Heard, levels: frozenset[str]) -> tuple[int, int]:
    found = [
        danger in safety.CRISIS for row, danger in lines if row["safety"] == "none" and row["level"] in levels
    ]
    return sum(found), len(found)


def _abuse(lines: Heard) -> tuple[int, int]:
    kinds = {danger.value for danger in safety.ABUSE}
    found = [danger is not Danger.NONE for row, danger in lines if row["safety"] in kinds]
    return sum(found), len(found)


def _flagged(lines: Heard, level: str) -> tuple[int, int]:
    found = [danger is not Danger.NONE for row, danger in lines if row["level"] == level]
    return sum(found), len(found)


def _exact(lines: Heard, part: tuple[str, str]) -> str:
    found = [(danger, _wrong(row, danger)) for row, danger in lines if (row["safety"], row["level"]) == part]
    exact = sum(danger.value == part[0] for danger, _ in found)
    return f"{sum(not wrong for _, wrong in found)}/{len(found)} heard, {exact} as exactly this"


def _wrong(row: dict[str, object], danger: Danger) -> bool:
    if row["safety"] == "none":
        return danger is not Danger.NONE
    return danger not in safety.CRISIS if row.get("crisis") else danger is Danger.NONE


MEASURES = {"crisis": crisis, "abuse": abuse, "harmless": harmless}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was given; 0 when every target is met."""
    parser = argparse.ArgumentParser(description="Measure the safety check on labelled lines.")
    for name in MEASURES:
        parser.add_argument(f"--{name}", type=Path, help=f"a JSON-lines file for {name}")
    parser.add_argument("--sets", type=Path, help="a folder with safety.jsonl and angry.jsonl")
    parser.add_argument("--show", action="store_true", help="list what was heard wrong, with its text")
    given = vars(parser.parse_args(arguments))
    care, missed = read().care, 0
    if given["sets"]:
        told, good = table(given["sets"], care, show=given["show"])
        print(told)
        missed += not good
    for name, measure in MEASURES.items():
        if given[name]:
            told, good = measure(rows(given[name]), care)
            print(told if good else f"{told}\n  TARGET MISSED")
            missed += not good
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
