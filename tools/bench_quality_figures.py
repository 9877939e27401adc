"""How well a judge agrees with the reader of the corpus: every figure of the table."""

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, combinations

from coaching.playbook.rules import CRITERIA
from tools.corpus_rows import Row

Figures = dict[str, float | None]
Stretch = tuple[int, int]

SOMETIMES = ("R2", "R3", "R6", "R7", "R8")  # criteria that can be out of play
DECIDING = ("R1", "R2", "R3", "R8")  # with one of these missed a reply is not good to send
BLAMING = ("R1", "R3")
_WORD = re.compile(r"[\w'’]+")


@dataclass(frozen=True)
class Said:
    """What a judge says of one reply; nothing where it cannot say."""

    verdicts: Mapping[str, str] = field(default_factory=dict)  # of each criterion: + - 0
    spans: Mapping[str, Sequence[Stretch]] | None = None  # None: a judge that quotes nothing
    grade: float | None = None
    good: bool | None = None  # "send it"
    one_thing: bool | None = None
    abstained: bool = False


def figures(rows: Sequence[Row], said: Sequence[Said]) -> Figures:
    """All of them, by name; None where the judge or the rows say nothing of it."""
    found: Figures = {"replies": float(len(rows)), "abstained": float(sum(one.abstained for one in said))}
    for name in CRITERIA:
        found[f"{name} balanced"] = balanced(signs(rows, said, name))
    found["balanced"] = mean([found[f"{name} balanced"] for name in CRITERIA])
    for name in SOMETIMES:
        found[f"{name} not applicable"] = f1([(g == "0", s == "0") for g, s in signs(rows, said, name)])
    found["not applicable"] = mean([found[f"{name} not applicable"] for name in SOMETIMES])
    pooled = [(g == "0", s == "0") for name in SOMETIMES for g, s in signs(rows, said, name)]
    found["not applicable, pooled"] = f1(pooled) if found["not applicable"] is not None else None
    for name in BLAMING:
        blamed = [(g == "-", s == "-") for g, s in signs(rows, said, name)]
        found[f"{name} recall"] = share([s for g, s in blamed if g])
        found[f"{name} precision"] = share([g for g, s in blamed if s])
    return found | advice(rows, said) | ranking(rows, said) | quoting(rows, said)


def signs(rows: Sequence[Row], said: Sequence[Said], name: str) -> list[tuple[str, str]]:
    """The reader's verdict and the judge's, for the rows that it has a verdict on."""
    column = CRITERIA.index(name)
    return [
        (row.verdicts[column], one.verdicts[name])
        for row, one in zip(rows, said, strict=True)
        if name in one.verdicts
    ]


def balanced(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Of the met and of the missed the share found, and of these the mean; out of play is wrong there."""
    return mean([share([said == sign for gold, said in pairs if gold == sign]) for sign in "+-"])


def advice(rows: Sequence[Row], said: Sequence[Said]) -> Figures:
    """How many good replies are told to be sent, and how many weak ones are given one thing."""
    both = list(zip(rows, said, strict=True))
    return {
        "good sent": share([one.good for row, one in both if good(row)]),
        "weak told": share([one.one_thing for row, one in both if row.overall <= 2]),
    }


def good(row: Row) -> bool:
    """Whether the reader would send it."""
    return row.overall >= 4 and all(row.verdicts[CRITERIA.index(name)] != "-" for name in DECIDING)


def ranking(rows: Sequence[Row], said: Sequence[Said]) -> Figures:
    """How well the grades rank all replies, and the replies to the same customer; a tie is wrong."""
    known = [one.grade for one in said if one.grade is not None]
    if not known:
        return {"spearman": None, "pairs": None}
    middle = statistics.median(known)  # of what it declined to judge nothing is known
    grades = [middle if one.grade is None else one.grade for one in said]
    to: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        to.setdefault(row.scenario, []).append(index)
    right = [
        (rows[a].overall - rows[b].overall) * (grades[a] - grades[b]) > 0
        for group in to.values()
        for a, b in combinations(group, 2)
        if rows[a].overall != rows[b].overall
    ]
    return {"spearman": spearman([row.overall for row in rows], grades), "pairs": share(right)}


def quoting(rows: Sequence[Row], said: Sequence[Said]) -> Figures:
    """The judge's quotes beside the reader's, where both come to the same verdict."""
    names = ("token F1", "token F1, pooled", "quote words", "quotes not in the reply")
    if all(one.spans is None for one in said):
        return dict.fromkeys(names)
    both = list(zip(rows, said, strict=True))
    compared = [pair for row, one in both for pair in quoted(row, one)]
    pooled = [(at in theirs, at in ours) for theirs, ours in compared for at in theirs | ours]
    spans = [(row.reply, *span) for row, one in both for each in (one.spans or {}).values() for span in each]
    words = [len(reply[start:end].split()) for reply, start, end in spans]
    return {
        "token F1": mean([overlap(theirs, ours) for theirs, ours in compared if theirs]),
        "token F1, pooled": f1(pooled),
        "quote words": float(statistics.median(words)) if words else None,
        "quotes not in the reply": float(sum(not 0 <= s < e <= len(reply) for reply, s, e in spans)),
    }


def quoted(row: Row, one: Said) -> Iterator[tuple[set[int], set[int]]]:
    """For each verdict they agree on: where the words stand that the reader quotes, and the judge's."""
    for name, sign in zip(CRITERIA, row.verdicts, strict=True):
        if sign == "0" or one.verdicts.get(name) != sign:
            continue
        words = row.spans.get(name, "")
        start = row.reply.find(words) if words else -1
        theirs = tokens(row.reply, [(start, start + len(words))] if start >= 0 else [])
        yield theirs, tokens(row.reply, (one.spans or {}).get(name, ()))


def tokens(reply: str, spans: Sequence[Stretch]) -> set[int]:
    """Where the words of these stretches begin."""
    at = [(m.start(), m.end()) for m in _WORD.finditer(reply)]
    return {start for start, end in at if any(start < e and end > s for s, e in spans)}


def overlap(theirs: set[int], ours: set[int]) -> float:
    """F1 of two sets."""
    return 2 * len(theirs & ours) / (len(theirs) + len(ours))


def f1(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Of what should be found and what was; None where there is nothing of it."""
    total = sum(gold + found for gold, found in pairs)
    return 2 * sum(gold and found for gold, found in pairs) / total if any(g for g, _ in pairs) else None


def share(found: Sequence[bool | None]) -> float | None:
    """Of those that say something, how many say yes."""
    known = [one for one in found if one is not None]
    return sum(known) / len(known) if known else None


def mean(values: Sequence[float | None]) -> float | None:
    """None where one is missing."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None


def spearman(a: Sequence[float], b: Sequence[float]) -> float | None:
    """Correlation of the ranks; those who tie share theirs."""
    x, y = ranks(a), ranks(b)
    if len(set(x)) < 2 or len(set(y)) < 2:
        return None
    return statistics.correlation(x, y)


def ranks(values: Sequence[float]) -> list[float]:
    """The place of each."""
    many = Counter(values)
    before = dict(zip(sorted(many), accumulate([0, *(many[v] for v in sorted(many))]), strict=False))
    return [before[value] + (many[value] + 1) / 2 for value in values]
