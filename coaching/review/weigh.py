"""Chooses the one thing that would change most for this customer, and a grade for ranking and measuring."""

from collections.abc import Mapping
from dataclasses import dataclass

from coaching.playbook.judging import Judging
from coaching.playbook.rules import CheckKind
from coaching.review.verdicts import Outcome, Verdict
from coaching.text import Span

DECIDING = ("R1", "R2", "R3", "R8")  # with one of these missed no reply is good to send


@dataclass(frozen=True, slots=True)
class OneThing:
    """What to change, for this customer, and the words it is about."""

    criterion: str
    rule: str
    say: str
    plan: str
    spans: tuple[Span, ...] = ()


def one_thing(
    verdicts: Mapping[str, Verdict], grade: float, good: float, judging: Judging
) -> OneThing | None:
    """The heaviest miss; None when the reply is good to send, which a grade of `good` is."""
    missed = {name: _weight(name, v, judging) for name, v in verdicts.items() if v.outcome is Outcome.MISSED}
    if not missed or (grade >= good and not missed.keys() & set(DECIDING)):
        return None
    name = max(missed, key=lambda m: missed[m])
    verdict, criterion = verdicts[name], judging.criteria[name]
    check = verdict.check
    if check is not None and check.kind is CheckKind.AVOID:
        return OneThing(name, check.rule, check.say, check.plan, verdict.own)
    return OneThing(name, criterion.rules[0], criterion.say, criterion.plan, verdict.spans)


def _weight(name: str, verdict: Verdict, judging: Judging) -> int:
    found = verdict.check.weight if verdict.check and verdict.check.kind is CheckKind.AVOID else 0
    return judging.criteria[name].weight + found
