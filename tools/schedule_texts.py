"""What a reader of reminders learns from: writers' lines, the same among other talk, read in all ways."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any
from zlib import crc32

from coaching.people import Zone
from coaching.when.clauses import taken, taken_for
from coaching.when.lexicon import lexicon
from coaching.when.line import as_json
from coaching.when.mentions import around, links, told
from coaching.when.readings import ACTS, WHOLE, Way, bends, comes_to, numbered, without
from coaching.when.scanning import scan
from coaching.when.signs import Piece, Sentence
from coaching.when.wishes import Wish
from tools.bench_triage import WHOLLY, Row, same

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tools/corpus"
SETS = {"sets": (ROOT / "tests/sets/schedules.jsonl",)}  # by writer
SHORT = 140  # letters of a line that other talk is put beside
_FEW, _SOME, _MANY = 6, 9, 16  # mentions of which all, two runs of any length, and short runs are left out
_TOGETHER = 4  # of them that are left out then
_TIMES = frozenset({"time", "days", "date", "dom", "length", "period", "instant"})
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_WORDS = (3, 16)  # of a sentence that is put beside a reminder
_CORRECTED = (
    ", no sorry, ", " sorry ", " no wait, ", ", i mean ", " wait no ", ", make that ", ", actually ",
    " scratch that, ", " oops, ", ". Correction: ", ", or rather ", " no, ",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What tells of a reading, by number, and whether what it comes to is right."""

    names: Sequence[int]
    right: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A line with all its readings; the first leaves nothing out."""

    row: Row
    writer: str
    readings: Sequence[Reading]


def writers() -> dict[str, list[Row]]:
    """The lines of each writer that are about reminders."""
    files = SETS | {file.stem: (file,) for file in sorted((CORPUS / "triage").glob("schedules_*.jsonl"))}
    return {
        name: [row for file in some for row in _rows(file) if row["schedule"]] for name, some in files.items()
    }


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def scanned(row: Row) -> Sentence:
    return scan(row["text"], datetime.fromisoformat(row["now"]), lexicon(), Zone(row["user_tz"]))


# --------------------------------------------------------------------------- readings


def text(row: Row, writer: str) -> Text:
    """All readings of a line."""
    s = scanned(row)
    sees = around(s)
    names, between = told(sees), links(sees)
    where = Zone(row["user_tz"])
    made = list[tuple[list[str], Sequence[Wish]]]()
    for way in sorted(_ways(len(names)), key=lambda way: (len(way), sorted(way))):
        says = [name for number in sorted(way) for name in names[number]]
        for number, link in enumerate(between):
            says += bends(link, before=number in way, out=number + 1 in way)
        made.append((says, taken(without(s, sees, way), where)))
        if len(way) <= 1:
            made += [([*says, f"for {act}"], taken_for(act, without(s, sees, way), where)) for act in ACTS]
    ranks = [_rank(row["schedule"], wishes) for _, wishes in made]
    return Text(
        row,
        writer,
        [
            Reading(numbered([*says, *comes_to(wishes, sees.words)]), right=rank == max(*ranks, 1))
            for (says, wishes), rank in zip(made, ranks, strict=True)
        ],
    )


def _rank(wanted: object, wishes: Sequence[Wish]) -> int:
    """0 for what is wrong, 2 for what is right to the last thing."""
    lines = [as_json(wish) for wish in wishes] or [{"action": "clarify"}]
    return same(wanted, lines) + (same(wanted, lines) and same(wanted, lines, WHOLLY))


def _ways(many: int) -> set[Way]:
    """All that can be left out of a few mentions, two runs of some, a short run of many."""
    if many <= _FEW:
        return {frozenset(one) for some in range(many + 1) for one in combinations(range(many), some)}
    runs = {frozenset(range(a, b)) for a in range(many) for b in range(a + 1, many + 1)}
    if many <= _MANY:
        most = many if many <= _SOME else _TOGETHER
        return {WHOLE, *runs, *(a | b for a, b in combinations(runs, 2) if len(a) + len(b) <= most)}
    return {WHOLE, *(run for run in runs if len(run) <= _TOGETHER)}


# --------------------------------------------------------------------------- more lines


def asides() -> list[str]:
    """Sentences with a time in them that ask for no reminder: of what people tell, and of their customers."""
    talk = [
        row["text"]
        for file in sorted((CORPUS / "triage").glob("intents*.jsonl"))
        for row in _rows(file)
        if row["intent"] not in ("schedule", "tip_request", "crisis")
    ]
    talk += [row["customer"] for file in sorted((CORPUS / "train").glob("*.jsonl")) for row in _rows(file)]
    least, most = _WORDS
    said = dict.fromkeys(one.strip() for told in talk for one in _SENTENCE.split(told or ""))
    kept = [one for one in said if least <= len(one.split()) <= most]
    somewhen = {"now": "2026-03-02T10:00", "user_tz": "Europe/London"}
    return [one for one in kept if any(p.kind in _TIMES for p in scanned(somewhen | {"text": one}).pieces)]


def more(rows: Sequence[Row], talk: Sequence[str]) -> Iterator[Row]:
    """The same lines beside other talk with times in it, and with a slip that is put right."""
    for row in rows:
        chance = crc32(row["text"].encode())
        if len(row["text"]) <= SHORT:
            aside = talk[chance % len(talk)]
            yield {**row, "text": _beside(aside, row["text"], chance // 7)}
            other = scanned(rows[chance // 11 % len(rows)])
            yield from (
                {**row, "text": slip}
                for kind in ("time", "days")
                for slip in _slipped(row, other, kind, _CORRECTED[chance // 13 % len(_CORRECTED)])
            )


def _beside(aside: str, asked: str, chance: int) -> str:
    told, bare = aside.rstrip(" .!?,"), asked.rstrip(" .!?")
    small, asks = told[:1].lower() + told[1:], asked[:1].lower() + asked[1:]
    ways = (
        f"{told}. {asked}", f"{bare}. {aside}", f"{told}, so {asks}", f"{bare}, {small}",
        f"{small} {asks}", f"{bare} because {small}", f"{told} - {asks}", f"{bare} cos {small}",
    )  # fmt: skip
    return ways[chance % len(ways)]


def _slipped(row: Row, other: Sentence, kind: str, corrected: str) -> Iterator[str]:
    """Such as "every day at 4, no sorry, 5" of "every day at 5"."""
    s = scanned(row)
    own, slips = _of(s, kind), _of(other, kind)
    if len(own) == 1 and slips and s.text(own[0]) != other.text(slips[0]):
        start, _ = s.folded.span(s.atoms[own[0].first].start, s.atoms[own[0].last].end)
        yield row["text"][:start] + other.quote(slips[0], slips[0]) + corrected + row["text"][start:]


def _of(s: Sentence, kind: str) -> list[Piece]:
    return [piece for piece in s.pieces if piece.kind == kind]
