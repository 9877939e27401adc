"""A review as JSON for measuring, and as calm text for a terminal."""

from coaching.playbook.reviewing import Reviewing
from coaching.playbook.rules import CRITERIA, CheckKind
from coaching.review.engine import Review
from coaching.review.verdicts import Outcome, Verdict
from coaching.text import Span


def as_json(found: Review, playbook: Reviewing) -> dict[str, object]:
    """The format of `breather review --jsonl`, without the id."""
    thing = found.one_thing
    return {
        "criteria": {name: _criterion(name, found, playbook) for name in CRITERIA},
        "one_thing": None
        if thing is None
        else {
            "criterion": thing.criterion,
            "say": thing.say,
            "if_then": thing.plan,
            "spans": _spans(found.draft, thing.spans),
        },
        "repaired": found.repaired,
        "overall": found.overall,
        "abstained": found.abstained.value if found.abstained else None,
    }


def _criterion(name: str, found: Review, playbook: Reviewing) -> dict[str, object]:
    verdict = found.verdicts.get(name, Verdict(Outcome.NOT_APPLICABLE))
    return {
        "verdict": verdict.outcome.value,
        "spans": _spans(found.draft, verdict.spans),
        "why": _why(name, verdict, found, playbook),
        "check": verdict.check.id if verdict.check else None,
    }


def _why(name: str, verdict: Verdict, found: Review, playbook: Reviewing) -> str:
    if found.abstained is not None:
        return playbook.wording.label(f"review.abstained.{found.abstained.value}")
    if verdict.repeated:
        return playbook.wording.label("review.why.repeated")
    if verdict.outcome is Outcome.MISSED and verdict.check and verdict.check.kind is CheckKind.AVOID:
        return verdict.check.say
    criterion = playbook.judging.criteria[name]
    return {
        Outcome.MET: criterion.met,
        Outcome.MISSED: criterion.missed,
        Outcome.NOT_APPLICABLE: criterion.not_applicable,
    }[verdict.outcome]


def _spans(draft: str, spans: tuple[Span, ...]) -> list[dict[str, object]]:
    return [{"start": s.start, "end": s.end, "quote": draft[s.start : s.end]} for s in spans]


def as_text(found: Review, playbook: Reviewing) -> str:
    """What a person reads in a terminal."""
    label = playbook.wording.label
    if found.abstained is not None:
        return label(f"review.abstained.{found.abstained.value}")
    thing = found.one_thing
    if thing is None:
        return label("review.result.good")
    quotes = [f"  > {words}" for words in dict.fromkeys(found.draft[s.start : s.end] for s in thing.spans)]
    plan = label("review.result.plan", plan=thing.plan)
    lines = [f"{label('review.result.one_thing')}:", *quotes, thing.say, plan]
    if found.repaired != found.draft:
        slots = ["", label("review.result.slots")] if "[" in found.repaired else []
        lines += ["", f"{label('review.result.repaired')}:", found.repaired, *slots]
    return "\n".join(lines)
