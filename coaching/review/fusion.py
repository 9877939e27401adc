"""Puts rules and models together: a verdict for each criterion with the words it rests on, and a grade.

A rule that is sure decides, unless the models are as sure of the contrary; a grave finding always does.
Elsewhere the models decide, and what the rules found is one thing among others for them. But nobody is blamed
for an insult, or for defending themselves, without words that can be quoted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from coaching.playbook.heads import Heads, share
from coaching.playbook.rules import CRITERIA, CheckKind
from coaching.review.bits import bits
from coaching.review.look import Look
from coaching.review.verdicts import STRONG, Outcome, Verdict
from coaching.review.windows import Window, by_sentence, windows

GRAVE = 9  # a check of this weight decides alone, whatever the models say
CERTAIN = 99.0  # a score that no model has
ALWAYS = frozenset({"R1", "R4", "R5"})  # criteria that are always in play
FED = ("R1-", "R3-", "R7-", "R8-", "R2-", "R8+")  # stretches whose scores the models are told
QUOTED = (*FED, "R2+", "R4+", "R5+", "R6+", "R7+")  # stretches that are quoted
BLAMING = ("R1", "R3")  # what is held against somebody: never without words that can be quoted
STING = 0.9  # what the sentence that stings most adds to what a model says of the whole reply
_THEIRS = frozenset({"R3", "R6", "R7"})  # in play by what the customer wrote
_JUDGING = frozenset({*(f"{n} missed" for n in CRITERIA), *(f"{n} applies" for n in CRITERIA), "overall"})
_SIGNS = {Outcome.MET: "+", Outcome.MISSED: "-"}
_NEARLY = 0.2  # a share this little below the border


@dataclass(frozen=True, slots=True)
class Scores:
    """What the models say of a reply."""

    missed: Mapping[str, float]
    applies: Mapping[str, float]
    overall: float


def judge(found: Look, heads: Heads) -> tuple[Mapping[str, Verdict], float]:
    """All verdicts, and from 0 to 100 how good the customer would feel: for ranking and measuring only."""
    windows = stretches(found, heads)
    said = scores(found, windows, heads)
    verdicts = {name: _verdict(name, found, said, windows, heads) for name in CRITERIA}
    if verdicts["R1"].outcome is Outcome.MISSED and verdicts["R4"].outcome is Outcome.MET:
        verdicts["R4"] = Verdict(Outcome.MISSED)  # a friendly word beside an insult is no smile
    return MappingProxyType(verdicts), grade(said, heads.tuned)


def nearly_missed(found: Look, heads: Heads) -> frozenset[str]:
    """The criteria that the models nearly call missed."""
    said = scores(found, stretches(found, heads), heads).missed
    below = {name: share(heads.tuned[f"{name} missed"]) - share(said[name]) for name in CRITERIA}
    return frozenset(name for name, by in below.items() if 0 <= by <= _NEARLY)


def scores(found: Look, windows: Mapping[str, Window | None], heads: Heads) -> Scores:
    """What each model says: above zero, yes. Where a rule has settled it no model is asked."""
    fed = {kind: windows[kind] for kind in FED}
    flags = heads.places(bits(found.evidence, found.customer, found.ruled, fed))
    says = heads.says(_JUDGING, found.reply.all, found.theirs.all, flags)
    stings = stinging(found, heads)
    return Scores(
        {
            n: CERTAIN if _settled(n, found.ruled[n]) else says[f"{n} missed"] + STING * stings.get(n, 0.0)
            for n in CRITERIA
        },
        {name: says[f"{name} applies"] for name in CRITERIA if name not in ALWAYS},
        says["overall"],
    )


def stinging(found: Look, heads: Heads) -> Mapping[str, float]:
    """What the sentence comes to that most insults somebody, or most defends us."""
    asked = {name: heads.heads.get(f"sentence {name}") for name in BLAMING}
    each = by_sentence(found.reply, found.evidence.reply.sentences)
    return {
        name: max((head.bias + head.of_text(one) for one in each), default=0.0)
        for name, head in asked.items()
        if head is not None
    }


def grade(said: Scores, tuned: Mapping[str, float]) -> float:
    """The grade's own model, and what the verdicts add to it."""
    total = tuned["grade"] + sum(tuned[f"grade {name}"] * value for name, value in parts(said))
    return min(100.0, max(0.0, 25.0 * (total - 1.0)))


def parts(said: Scores) -> Iterator[tuple[str, float]]:
    """What a grade is made of."""
    yield "overall", said.overall
    for name in CRITERIA:
        missed = share(said.missed[name])
        yield f"{name} missed", missed
        if name in said.applies:
            yield f"{name} applies", share(said.applies[name])
            yield f"{name} both", missed * share(said.applies[name])


def stretches(found: Look, heads: Heads) -> Mapping[str, Window | None]:
    """The words that speak most for each kind of quote."""
    names = {f"quote {kind}": kind for kind in QUOTED}
    said, text = heads.tokens(names, found.reply.near, found.reply.ends), found.evidence.reply.text
    return windows({kind: said[name] for name, kind in names.items()}, found.reply, text)


def _verdict(
    name: str, found: Look, said: Scores, windows: Mapping[str, Window | None], heads: Heads
) -> Verdict:
    ruled = found.ruled[name]
    if name in found.strange and ruled.outcome is Outcome.MISSED:
        return ruled  # a company's own check counts, though no model ever heard of it
    if sure(ruled) and said.missed[name] > heads.tuned[f"{name} doubt"]:
        return ruled
    outcome = _outcome(name, found, said, heads.tuned)
    if outcome is Outcome.NOT_APPLICABLE:
        return Verdict(outcome)
    best = windows.get(name + _SIGNS[outcome])
    if outcome is ruled.outcome and ruled.spans and (best is None or outcome is Outcome.MISSED):
        return ruled
    if outcome is Outcome.MISSED and name in BLAMING and not _quotable(name, best, heads):
        return Verdict(Outcome.MET)
    spans = () if best is None else (found.evidence.reply.folded.span(best.span.start, best.span.end),)
    return Verdict(outcome, spans)


def _quotable(name: str, best: Window | None, heads: Heads) -> bool:
    return best is not None and best.score >= heads.tuned[f"{name} quote"]


def sure(ruled: Verdict) -> bool:
    """A heavy finding, or a step that the customer already tried."""
    heavy = ruled.check is not None and ruled.check.kind is CheckKind.AVOID and ruled.check.weight >= STRONG
    return ruled.outcome is Outcome.MISSED and (heavy or ruled.repeated)


def _settled(name: str, ruled: Verdict) -> bool:
    """No model outvotes a grave finding on its own criterion, nor a step the customer already tried."""
    check = ruled.check
    grave = check is not None and check.criterion == name and check.weight >= GRAVE
    return sure(ruled) and (grave or ruled.repeated)


def _outcome(name: str, found: Look, said: Scores, tuned: Mapping[str, float]) -> Outcome:
    missed = said.missed[name] > tuned[f"{name} missed"]
    if name not in ALWAYS and not _in_play(name, found, said, tuned):
        return Outcome.NOT_APPLICABLE
    return Outcome.MISSED if missed else Outcome.MET


def _in_play(name: str, found: Look, said: Scores, tuned: Mapping[str, float]) -> bool:
    if found.evidence.touch is None and name in _THEIRS:
        return found.ruled[name].outcome is not Outcome.NOT_APPLICABLE
    return said.applies[name] > tuned[f"{name} applies"]
