"""Reviews a draft reply offline: review(draft, customer, playbook) gives one frozen Review."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from coaching.playbook.reader import Playbook
from coaching.review import fusion, repair, weigh
from coaching.review.checks import Finding
from coaching.review.look import Abstained, look
from coaching.review.verdicts import Verdict
from coaching.review.weigh import OneThing


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


def review(draft: str, customer: str, playbook: Playbook) -> Review:
    """Judge a draft, with or without the customer's message. Never raises for what a person typed."""
    found = look(draft, customer, playbook)
    if isinstance(found, Abstained):
        return Review(draft, MappingProxyType({}), (), None, draft, None, found)
    verdicts, overall = fusion.judge(found, playbook.heads)
    thing = weigh.one_thing(verdicts, overall, playbook.heads.tuned["good"], playbook.judging)
    mended = (
        draft
        if thing is None
        else repair.repair(found.evidence, verdicts, thing.criterion, found.customer, playbook)
    )
    return Review(draft, verdicts, found.evidence.findings, thing, mended, overall)
