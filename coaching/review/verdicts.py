"""Puts findings and pair checks together: one verdict per criterion, with its spans and its reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TypeAlias

from coaching.playbook.rules import CRITERIA, Check, CheckKind
from coaching.review.checks import Finding
from coaching.review.pairs import Touch
from coaching.review.voice import Voice
from coaching.text import Span

STRONG = (
    5  # an avoid check of this weight decides alone; a lighter one only where nothing speaks for the reply
)


class Outcome(Enum):
    """What a criterion came to."""

    MET = "met"
    MISSED = "missed"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A criterion's outcome, the words it rests on (spans of the ORIGINAL draft), and what decided."""

    outcome: Outcome
    spans: tuple[Span, ...] = ()
    check: Check | None = None
    own: tuple[Span, ...] = ()  # of `spans`, those of the check that decided
    repeated: bool = False  # a step the customer already tried is suggested again


def missed(verdicts: Mapping[str, Verdict]) -> frozenset[str]:
    """The criteria that are missed."""
    return frozenset(name for name, verdict in verdicts.items() if verdict.outcome is Outcome.MISSED)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the verdicts are made of."""

    reply: Voice
    findings: tuple[Finding, ...]
    heard: frozenset[str]  # ids of what was heard from the customer
    calls: frozenset[str]  # criteria that the customer's message brings into play
    touch: Touch | None  # None: no customer message was given

    def of(self, criterion: str, kind: CheckKind) -> tuple[Finding, ...]:
        """Findings of a kind that speak for a criterion, heaviest first, then in the order of the text."""
        found = [f for f in self.findings if f.check.kind is kind and criterion in f.check.criteria]
        if kind is CheckKind.SHOWS:
            stings = {f.sentence: [] for f in found}
            for f in self.findings:
                if f.check.kind is CheckKind.AVOID and f.sentence in stings:
                    stings[f.sentence].append(f)
            found = [f for f in found if not _void(f, criterion, stings[f.sentence])]
        return tuple(sorted(found, key=lambda f: -f.check.weight))


def _void(shown: Finding, criterion: str, beside: Sequence[Finding]) -> bool:
    """Kind words count for nothing in a sentence that stings, nor inside a stock phrase."""
    return any(
        "R1" in f.check.criteria or (criterion in f.check.criteria and _overlap(f.at, shown.at))
        for f in beside
    )


def _overlap(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


Judge: TypeAlias = Callable[[Evidence], Verdict]

_MET, _MISSED, _NA = Outcome.MET, Outcome.MISSED, Outcome.NOT_APPLICABLE


def decide(evidence: Evidence) -> Mapping[str, Verdict]:
    """All eight verdicts. A closing offer counts as more only where the question itself was taken up."""
    found = {name: judge(evidence) for name, judge in _JUDGES.items()}
    if found["R2"].outcome is _MISSED and _only_closing(evidence):
        found["R5"] = Verdict(_MISSED)
    if found["R1"].outcome is _MISSED and found["R4"].outcome is _MET:
        found["R4"] = Verdict(_MISSED)  # a friendly word beside an insult is no smile
    return MappingProxyType({name: found[name] for name in CRITERIA})


def _only_closing(evidence: Evidence) -> bool:
    shown = evidence.of("R5", CheckKind.SHOWS)
    return bool(shown) and all(f.check.id == "closing-offer" for f in shown)


def _respectful(evidence: Evidence) -> Verdict:
    return _broken(evidence.of("R1", CheckKind.AVOID)) or Verdict(_MET)


def _understands(evidence: Evidence) -> Verdict:
    if evidence.touch is not None and evidence.touch.repeated is not None:
        at = evidence.touch.repeated
        return Verdict(_MISSED, (evidence.reply.folded.span(at.start, at.end),), repeated=True)
    avoided = evidence.of("R2", CheckKind.AVOID)
    strong = _broken(tuple(f for f in avoided if f.check.weight >= STRONG))
    if strong is not None:
        return strong
    if "thanks" in evidence.heard and not evidence.calls - {"R7"}:
        return Verdict(_NA)
    shown = evidence.of("R2", CheckKind.SHOWS)
    if shown and _answers(evidence, shown):
        return _shown(shown)
    taken_up = _taken_up(evidence, avoided)
    if taken_up is not None:
        return Verdict(_MET, (evidence.reply.folded.span(taken_up.start, taken_up.end),))
    return _broken(avoided) or Verdict(_MISSED)


def _answers(evidence: Evidence, shown: tuple[Finding, ...]) -> bool:
    """A question, a step or an answer counts; a bare pointer elsewhere only if it takes up their words."""
    if evidence.touch is None or any(f.check.id != "points-to" for f in shown):
        return True
    return len(evidence.touch.words) >= min(2, evidence.touch.theirs)


def _taken_up(evidence: Evidence, avoided: tuple[Finding, ...]) -> Span | None:
    """The sentence that takes up most of the customer's words, apologies and stock sentences left out."""
    hollow = {f.sentence for f in (*avoided, *evidence.of("R1", CheckKind.AVOID))} | {
        f.sentence for f in evidence.findings if "R6" in f.check.criteria or f.check.id == "points-to"
    }
    best, most = None, 0
    for index, sentence in enumerate(evidence.reply.sentences):
        count = _weight(evidence, index)
        if index not in hollow and count > most:
            best, most = sentence, count
    return best


def _weight(evidence: Evidence, index: int) -> int:
    """Shared words; without a customer's message, any sentence that says something."""
    if evidence.touch is not None:
        return len(evidence.touch.by_sentence[index])
    words = evidence.reply.piece(evidence.reply.sentences[index]).count(" ") + 1
    return words if words >= 5 else 0


def _not_personal(evidence: Evidence) -> Verdict:
    broken = _broken(evidence.of("R3", CheckKind.AVOID))
    return broken or Verdict(_MET if "R3" in evidence.calls else _NA)


def _warm(evidence: Evidence) -> Verdict:
    avoided = evidence.of("R4", CheckKind.AVOID)
    strong = _broken(tuple(f for f in avoided if f.check.weight >= STRONG))
    shown = evidence.of("R4", CheckKind.SHOWS)
    return strong or (_shown(shown) if shown else None) or _broken(avoided) or Verdict(_MISSED)


def _more(evidence: Evidence) -> Verdict:
    broken = _broken(evidence.of("R5", CheckKind.AVOID))
    shown = evidence.of("R5", CheckKind.SHOWS)
    return broken or (_shown(shown) if shown else Verdict(_MISSED))


def _in_their_shoes(evidence: Evidence) -> Verdict:
    if "R6" not in evidence.calls:
        return Verdict(_NA)
    shown = evidence.of("R6", CheckKind.SHOWS)
    if shown:
        return _shown(shown)
    sorry = _sorry_for_this(evidence)
    return sorry or _broken(evidence.of("R6", CheckKind.AVOID)) or Verdict(_MISSED)


def _sorry_for_this(evidence: Evidence) -> Verdict | None:
    """An apology whose own sentence names something of the customer's."""
    for finding in evidence.findings:
        if finding.check.id == "sorry" and evidence.touch and evidence.touch.by_sentence[finding.sentence]:
            at = evidence.reply.sentences[finding.sentence]
            return Verdict(_MET, (evidence.reply.folded.span(at.start, at.end),), finding.check)
    return None


def _listens(evidence: Evidence) -> Verdict:
    broken = _broken(evidence.of("R7", CheckKind.AVOID))
    if "R7" not in evidence.calls:
        return Verdict(_NA)
    shown = evidence.of("R7", CheckKind.SHOWS)
    if shown and not (broken and broken.check and broken.check.weight >= STRONG):
        return _shown(shown)
    return broken or Verdict(_MISSED)


def _flexible(evidence: Evidence) -> Verdict:
    walls = evidence.of("R8", CheckKind.AVOID)
    limits = (*walls, *evidence.of("R8", CheckKind.LIMITS))
    ways = evidence.of("R8", CheckKind.SHOWS)
    if limits:
        return _shown(ways) if ways else _broken(limits) or Verdict(_MISSED)
    granted = [f for f in evidence.findings if f.check.id in ("grants", "says-yes")]
    if "R8" in evidence.calls and granted:
        return _shown(tuple(granted))
    return Verdict(_NA)


def _broken(findings: tuple[Finding, ...]) -> Verdict | None:
    if not findings:
        return None
    first = findings[0].check
    own = tuple(f for f in findings if f.check is first)
    return Verdict(_MISSED, _apart(findings), first, _apart(own))


def _shown(findings: tuple[Finding, ...]) -> Verdict:
    return Verdict(_MET, (findings[0].span,), findings[0].check)


def _apart(findings: tuple[Finding, ...]) -> tuple[Span, ...]:
    """The spans in the order of the text; of those that overlap, the first."""
    spans: list[Span] = []
    for span in sorted((f.span for f in findings), key=lambda s: (s.start, -s.end)):
        if not spans or span.start >= spans[-1].end:
            spans.append(span)
    return tuple(spans)


_JUDGES: Mapping[str, Judge] = MappingProxyType(
    {
        "R1": _respectful,
        "R2": _understands,
        "R3": _not_personal,
        "R4": _warm,
        "R5": _more,
        "R6": _in_their_shoes,
        "R7": _listens,
        "R8": _flexible,
    }
)
