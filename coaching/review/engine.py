"""Reviews a draft reply offline: review(draft, customer, playbook) gives one frozen Review."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from coaching.playbook.reader import Playbook
from coaching.playbook.rules import CheckKind
from coaching.review import pairs, repair, weigh
from coaching.review.checks import Finding, find, of_kind
from coaching.review.verdicts import Evidence, Verdict, decide
from coaching.review.voice import Voice, hear
from coaching.review.weigh import OneThing


class Abstained(Enum):
    """Why the review declines to judge."""

    EMPTY = "empty"
    TOO_SHORT = "too_short"
    LANGUAGE = "language"


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
    judging = playbook.judging
    reply = hear(draft, judging)
    checks = of_kind(playbook, CheckKind.AVOID, CheckKind.SHOWS, CheckKind.LIMITS)
    theirs = hear(customer, judging)
    cues = find(theirs, of_kind(playbook, CheckKind.HEARS))
    findings = find(reply, checks, frozenset(cue.check.id for cue in cues))
    declined = _declines(reply, findings, playbook)
    if declined is not None:
        return _abstain(draft, declined)
    evidence = _evidence(reply, findings, theirs, cues, playbook)
    verdicts = decide(evidence)
    thing = weigh.one_thing(verdicts, judging)
    mended = draft if thing is None else repair.repair(evidence, verdicts, theirs, playbook)
    return Review(draft, verdicts, findings, thing, mended, weigh.overall(verdicts))


def _evidence(
    reply: Voice, findings: tuple[Finding, ...], theirs: Voice, cues: tuple[Finding, ...], playbook: Playbook
) -> Evidence:
    heard = frozenset(cue.check.id for cue in cues)
    tried = tuple(cue for cue in cues if cue.check.id == "tried")
    touch = pairs.compare(theirs, tried, reply, playbook.judging) if theirs.sentences else None
    calls = frozenset(name for cue in cues for name in cue.check.criteria if cue.check.id != "thanks")
    return Evidence(reply, findings, heard, calls, touch)


def _declines(reply: Voice, findings: tuple[Finding, ...], playbook: Playbook) -> Abstained | None:
    """Nothing there, too little to judge unless a check speaks, or not English."""
    words = [word for s in reply.sentences for word in reply.piece(s).split() if any(map(str.isalnum, word))]
    if not reply.folded.original.strip():
        return Abstained.EMPTY
    if any(f.check.kind is not CheckKind.SHOWS for f in findings):
        return None
    if len(words) < 3:  # an emoji, a greeting or quoted mail alone are too little too
        return Abstained.TOO_SHORT
    return None if _english(words, playbook) else Abstained.LANGUAGE


def _english(words: list[str], playbook: Playbook) -> bool:
    """English text of some length holds common English words; shared words speak for no language."""
    common = playbook.judging.words["common"] - playbook.judging.words["shared"]
    plain = [word.strip(".,;:!?\"'()[]*_") for word in words]
    hits = sum(word in common or word.partition("'")[0] in common for word in plain)
    latin = sum(word.isascii() for word in plain)
    if latin * 2 < len(plain):
        return False
    return hits * 12 >= len(plain) and (hits > 0 or len(plain) < 6)


def _abstain(draft: str, why: Abstained) -> Review:
    nothing = MappingProxyType({})
    return Review(draft, nothing, (), None, draft, None, why)
