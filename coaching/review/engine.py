"""Reviews a draft reply offline: review(draft, customer, playbook) gives one frozen Review."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from coaching.playbook.reviewing import Reviewing
from coaching.review import fusion, repair, weigh
from coaching.review.checks import Finding
from coaching.review.look import Abstained, Look, look, look_for
from coaching.review.verdicts import Verdict, missed
from coaching.review.weigh import DECIDING, OneThing

Judged: TypeAlias = tuple[Mapping[str, Verdict], float]  # as fusion.judge gives it


@dataclass(frozen=True, slots=True)
class Review:
    """What the review came to. Spans are code points of the draft as it was given."""

    draft: str
    verdicts: Mapping[str, Verdict]
    findings: tuple[Finding, ...]
    one_thing: OneThing | None
    repaired: str
    overall: float | None
    abstained: Abstained | None = None

    @property
    def good(self) -> bool:
        """Good to send as it is."""
        return self.abstained is None and self.one_thing is None


def review(draft: str, customer: str, playbook: Reviewing) -> Review:
    """Judge a draft, with or without the customer's message. Never raises for what a person typed."""
    found = look(draft, customer, playbook)
    if isinstance(found, Abstained):
        return Review(draft, MappingProxyType({}), (), None, draft, None, found)
    verdicts, overall = fusion.judge(found, playbook.heads)
    thing = weigh.one_thing(verdicts, overall, playbook.heads.tuned["good"], playbook.judging)
    mended = draft if thing is None else _mended(found, (verdicts, overall), thing, playbook)
    return Review(draft, verdicts, found.evidence.findings, thing, mended, overall)


def _mended(found: Look, before: Judged, thing: OneThing, playbook: Reviewing) -> str:
    """The repaired draft: all edits or those for the one thing, where that makes it better; and slots."""
    verdicts = before[0]
    as_it_is = repair.as_it_is(found.evidence)
    stings = thing.spans if thing.criterion in fusion.BLAMING else ()
    ways = (
        repair.edited(found.evidence, verdicts, playbook.judging, only) for only in (None, thing.criterion)
    )
    for edited in dict.fromkeys(ways):  # often both are the same
        if any(found.evidence.reply.folded.quote(one) in edited.body for one in stings):
            continue  # this edit leaves it in
        if edited == as_it_is or _better(_judged(edited.text, found, playbook), before, thing.criterion):
            return repair.with_slots(edited, found, verdicts, thing.criterion, playbook)
    if stings and len(found.evidence.reply.sentences) > 1:
        kinder = repair.without(found.evidence, stings, playbook)
        return repair.with_slots(kinder, found, verdicts, thing.criterion, playbook)
    if thing.spans:  # what is to go would still be there
        return as_it_is.text
    return repair.with_slots(as_it_is, found, verdicts, thing.criterion, playbook)


def _judged(text: str, of: Look, playbook: Reviewing) -> Judged | Abstained:
    """An edited draft, judged for the same customer."""
    again = look_for(text, of.heard, playbook)
    return again if isinstance(again, Abstained) else fusion.judge(again, playbook.heads)


def _better(now: Judged | Abstained, before: Judged, thing: str) -> bool:
    """Whether it is judged better, and misses nothing anew that decides, unless the one thing is done.

    Where nothing is left but a greeting, all that was there was to be left out.
    """
    if isinstance(now, Abstained):
        return now is not Abstained.LANGUAGE
    still, first = missed(now[0]), missed(before[0])
    if (still - first) & set(DECIDING) and thing in still:
        return False
    return (now[1], -len(still)) > (before[1], -len(first))
