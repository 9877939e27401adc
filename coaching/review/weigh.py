"""Chooses the one thing that would change most for this customer, and a grade for ranking and measuring."""

from collections.abc import Mapping
from dataclasses import dataclass

from coaching.playbook.judging import Judging
from coaching.playbook.rules import CheckKind
from coaching.review.verdicts import Outcome, Verdict
from coaching.text import Span

GOOD_ENOUGH = 5  # what is missing may weigh less than this in all, and the reply is still good to send

# What a verdict adds to or takes from the middle of the scale: met, missed.
_GRADES: Mapping[str, tuple[float, float]] = {
    "R1": (0.0, -45.0),
    "R2": (15.0, -18.0),
    "R3": (2.0, -12.0),
    "R4": (12.0, -6.0),
    "R5": (8.0, -3.0),
    "R6": (10.0, -8.0),
    "R7": (8.0, -8.0),
    "R8": (6.0, -12.0),
}


@dataclass(frozen=True, slots=True)
class OneThing:
    """What to change, for this customer, and the words it is about."""

    criterion: str
    rule: str
    say: str
    plan: str
    spans: tuple[Span, ...] = ()


def one_thing(verdicts: Mapping[str, Verdict], judging: Judging) -> OneThing | None:
    """The heaviest miss; None when the reply is good to send."""
    missed = {name: _weight(name, v, judging) for name, v in verdicts.items() if v.outcome is Outcome.MISSED}
    if sum(missed.values()) < GOOD_ENOUGH or _well_served(verdicts):
        return None
    name = max(missed, key=lambda m: missed[m])
    verdict, criterion = verdicts[name], judging.criteria[name]
    check = verdict.check
    if check is not None and check.kind is CheckKind.AVOID:
        return OneThing(name, check.rule, check.say, check.plan, verdict.own)
    return OneThing(name, criterion.rules[0], criterion.say, criterion.plan, verdict.spans)


def _well_served(verdicts: Mapping[str, Verdict]) -> bool:
    """Answered, with a step more, and nothing that stings: a smile and their shoes may then be missing."""
    missed = {name for name, verdict in verdicts.items() if verdict.outcome is Outcome.MISSED}
    avoided = any(v.check and v.check.kind is CheckKind.AVOID for n, v in verdicts.items() if n in missed)
    return missed <= {"R4", "R6"} and not avoided and verdicts["R2"].outcome is Outcome.MET


def _weight(name: str, verdict: Verdict, judging: Judging) -> int:
    found = verdict.check.weight if verdict.check and verdict.check.kind is CheckKind.AVOID else 0
    return judging.criteria[name].weight + found


def overall(verdicts: Mapping[str, Verdict]) -> float:
    """0 to 100, how good the customer would feel: for ranking and measuring, never shown."""
    grade = 50.0
    for name, verdict in verdicts.items():
        met, missed = _GRADES[name]
        grade += {Outcome.MET: met, Outcome.MISSED: missed, Outcome.NOT_APPLICABLE: 0.0}[verdict.outcome]
    return min(100.0, max(0.0, grade))
