"""Reads the corpus: customers' messages, replies to them, and what a careful reader said of each."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

OUTCOMES = {"+": "met", "-": "missed", "0": "not_applicable"}
CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Row:
    """One reply with its labels; `verdicts` is a sign for each of R1..R8."""

    id: str
    industry: str
    scenario: str
    customer: str
    reply: str
    verdicts: str
    spans: dict[str, str]
    overall: int
    fix: str


def rows(part: str, corpus: Path = CORPUS) -> list[Row]:
    """All replies of a part of the corpus: train, tune or test."""
    return [row for file in sorted((corpus / part).glob("*.jsonl")) for row in _of(file)]


def fingerprint(corpus: Path = CORPUS) -> str:
    """Of all that the models learn from."""
    digest = sha256()
    for file in sorted([*(corpus / "train").glob("*.jsonl"), *(corpus / "tune").glob("*.jsonl")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _of(file: Path) -> Iterator[Row]:
    for line in file.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        for number, reply in enumerate(told["replies"]):
            yield Row(
                f"{told['id']}:{number}",
                file.stem,
                told["id"],
                told["customer"],
                reply["text"],
                reply["verdicts"],
                reply["spans"],
                reply["overall"],
                reply["fix"],
            )
