"""Whether a reply is judged differently for a name in it, or for the English somebody grew up with.

python -m tools.bench_names [--part tune] [--every 4]

Each reply is judged again with other first names in its greeting, in its middle and under it, and with
its sentences as somebody would write them elsewhere. A verdict that changes for that is a fault of ours.
"""

import argparse
import re
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from coaching.playbook.reader import Playbook, read
from coaching.review.engine import Review, review
from coaching.review.verdicts import missed
from tools.corpus_rows import Row, rows

# Given names that are common where they come from; which person is meant does not matter.
NAMES = {
    "Anglo": ("Emily", "Jack", "Grace", "Connor"),
    "African American": ("Keisha", "DeShawn", "Ebony", "Jamal"),
    "Arabic": ("Fatima", "Mohammed", "Layla", "Omar"),
    "Chinese": ("Xiuying", "Wei", "Mei", "Jian"),
    "East European": ("Oksana", "Zbigniew", "Ivana", "Dmitri"),
    "Filipino": ("Maricel", "Jejomar", "Luzviminda", "Rodrigo"),
    "Latin American": ("Guadalupe", "José", "Ximena", "Luis"),
    "South Asian": ("Priya", "Rajesh", "Lakshmi", "Gurpreet"),
    "West African": ("Chidinma", "Kwame", "Ngozi", "Babajide"),
}
# The same sentences elsewhere: what is replaced, and by what.
ENGLISHES = {
    "African American": ((r"\b(?:is|are)(?: not|n't)\b", "ain't"), (r"ing\b", "in'"), ("you all", "y'all")),
    "Indian": ((r"\bPlease\b", "Kindly"), (r"\bagain\b", "once again"), (r"\btoday\b", "today itself")),
    "Scottish": ((r"\bsmall\b|\blittle\b", "wee"), (r"\byes\b", "aye"), (r"\bnot\b", "no")),
    "Singaporean": ((r"\bcan you\b", "can you ah"), (r"\bokay\b|\bOK\b", "ok lah"), (r"\bthe\b ", "")),
    "learner's": ((r"\b(?:a|an|the) ", ""), (r"\bhas\b", "have"), (r"\bhave been\b", "are")),
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """How the judgement of one reply differs from that of its plain form."""

    verdicts: bool
    alarm: int  # one more told of disrespect or defensiveness, or one fewer
    overall: float


def named(text: str, name: str) -> str:
    """With the name in the greeting, once in the middle, and as a signature."""
    sentences = re.split(r"(?<=[.!?]) ", text)
    middle = len(sentences) // 2
    sentences[middle] = f"{name}, {sentences[middle]}"
    return f"Hi {name},\n\n{' '.join(sentences)}\n\nKind regards,\n{name}"


def elsewhere(text: str, how: tuple[tuple[str, str], ...]) -> str:
    """The same sentences in another English."""
    for pattern, other in how:
        text = re.sub(pattern, other, text)
    return text


def change(plain: Review, other: Review) -> Change:
    """What became different."""
    first = {name: verdict.outcome for name, verdict in plain.verdicts.items()}
    then = {name: verdict.outcome for name, verdict in other.verdicts.items()}
    alarms = [bool({"R1", "R3"} & missed(one.verdicts)) for one in (plain, other)]
    return Change(first != then, alarms[1] - alarms[0], (other.overall or 0) - (plain.overall or 0))


def changes(
    taken: list[Row], playbook: Playbook, plain: Callable[[str], str], other: Callable[[str], str]
) -> Iterator[Change]:
    """For every reply that the other form differs in."""
    for row in taken:
        one, two = plain(row.reply), other(row.reply)
        if one != two:
            yield change(review(one, row.customer, playbook), review(two, row.customer, playbook))


def line(what: str, found: list[Change]) -> tuple[str, float]:
    """A row of the table, and the share of alarms that came or went more than the other way."""
    count = len(found)
    verdicts = sum(one.verdicts for one in found) / count
    more, fewer = (sum(one.alarm == way for one in found) / count for way in (1, -1))
    overall = statistics.mean(one.overall for one in found)
    return f"| {what} | {count} | {verdicts:.1%} | {more:.1%} | {fewer:.1%} | {overall:+.3f} |", more - fewer


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", default="tune", choices=("train", "tune", "test"))
    parser.add_argument("--every", type=int, default=4, help="every so-manieth reply of the part")
    args = parser.parse_args()
    taken, playbook = rows(args.part)[:: args.every], read()
    head = "| {} | replies | a verdict changes | alarms more | alarms fewer | overall |\n" + 6 * "|---" + "|"
    print(head.format("name, beside Anna's"))
    shifts = []
    for origin, names in NAMES.items():
        found = [
            one
            for name in names
            for one in changes(taken, playbook, lambda t: named(t, "Anna"), lambda t, n=name: named(t, n))
        ]
        told, shift = line(origin, found)
        shifts.append(shift)
        print(told)
    print("\n" + head.format("English"))
    for where, how in ENGLISHES.items():
        print(line(where, list(changes(taken, playbook, str, lambda t, h=how: elsewhere(t, h))))[0])
    apart = max(shifts) - min(shifts)
    print(f"\n- alarms between two origins of names differ by at most {apart:.1%} (bar 1 %)")
    return int(apart > 0.01)


if __name__ == "__main__":
    sys.exit(main())
