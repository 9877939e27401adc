"""What another reader says of the same replies, without sight of the first labels: the most to hope for."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from coaching.playbook.rules import CRITERIA
from tools.bench_quality_figures import Said, good
from tools.corpus_rows import Row

LABELS = "second_reading.jsonl"


def by_second_reader(rows: Sequence[Row], corpus: Path) -> list[Said] | None:
    """Their labels; None where they did not read every row."""
    file = corpus / LABELS
    told = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    labels = {label["reply"]: label for label in map(json.loads, told)}
    if not all(row.id in labels for row in rows):
        return None
    return [_said(replace(row, **_of(labels[row.id]))) for row in rows]


def _of(label: dict[str, object]) -> dict[str, object]:
    return {name: label[name] for name in ("verdicts", "spans", "overall")}


def _said(row: Row) -> Said:
    verdicts = dict(zip(CRITERIA, row.verdicts, strict=True))
    starts = {name: row.reply.find(words) for name, words in row.spans.items()}
    spans = {name: [(at, at + len(row.spans[name]))] for name, at in starts.items() if at >= 0}
    return Said(verdicts, spans, float(row.overall), good(row))
