"""Measures the safety check on labelled lines: python -m tools.measure_safety --help.

Each file holds one JSON object a line. crisis: text, label (0/1), level. abuse: text (the customer's words),
label (0/1). harmless: text (an agent's reply) and context (the customer's message), real and unlabelled.
Ends with 1 when a target is missed.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from coaching import safety
from coaching.playbook.care import Care, Danger, Voice
from coaching.playbook.reader import read

SELF = frozenset({Danger.SELF, Danger.SELF_EMERGENCY})
CERTAIN = frozenset({"ideation", "imminent"})  # what must never be missed


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
    """Alarms for self-harm, and of any kind, on real service traffic."""
    texts = [str(row[key]) for row in found for key in ("text", "context") if row.get(key)]
    heard = Counter(safety.listen(text, care) for text in texts)
    alarms = sum(heard[danger] for danger in SELF)
    any_kind = sum(count for danger, count in heard.items() if danger is not Danger.NONE)
    summary = f"harmless: {alarms} self-harm alarms, {any_kind} of any kind, in {len(texts)} lines"
    return summary, alarms <= 0.0005 * len(texts)


MEASURES = {"crisis": crisis, "abuse": abuse, "harmless": harmless}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was given; 0 when every target is met."""
    parser = argparse.ArgumentParser(description="Measure the safety check on labelled lines.")
    for name in MEASURES:
        parser.add_argument(f"--{name}", type=Path, help=f"a JSON-lines file for {name}")
    given = vars(parser.parse_args(arguments))
    care, missed = read().care, 0
    for name, measure in MEASURES.items():
        if given[name]:
            told, good = measure(rows(given[name]), care)
            print(told if good else f"{told}\n  TARGET MISSED")
            missed += not good
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
