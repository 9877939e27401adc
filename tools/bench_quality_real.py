"""Replies that real people sent: texts stay in the data folder, the reader's labels are in the corpus."""

import json
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

from tools.corpus_rows import CORPUS, Row

RAW = "agent_reply_raw.jsonl"
LABELS = CORPUS / "real.jsonl"


def raw(data: Path) -> list[Row]:
    """All of them, without labels."""
    return [_row(told, {}) for told in _lines(data / RAW)]


def learnt(row: Row) -> bool:
    """Whether the models learn from it: from every second one, so that the others can be measured on."""
    return crc32(row.id.encode()) % 2 == 0


def labelled(data: Path, labels: Path = LABELS) -> list[Row]:
    """Those that the reader has labelled, by the ids of the rows."""
    texts = {told["id"]: told for told in _lines(data / RAW)}
    return [_row(texts[label["k"]], label) for label in _lines(labels) if label["k"] in texts]


def _row(told: dict[str, str], label: dict[str, object]) -> Row:
    spans = label.get("spans", {})
    assert isinstance(spans, dict)
    return Row(
        told["id"],
        "real",
        told["id"],  # nobody else answered the same customer
        told["context"],
        told["text"],
        str(label.get("verdicts", "00000000")),
        {name: _words(told["text"], span) for name, span in spans.items()},
        int(str(label.get("overall", 3))),
        str(label.get("fix", "")),
    )


def _words(text: str, span: str | Sequence[int]) -> str:
    """What a label quotes: by offsets where the texts themselves may not be passed on."""
    return span if isinstance(span, str) else text[span[0] : span[1]]


def _lines(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
