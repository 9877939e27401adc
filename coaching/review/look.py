"""All there is to be seen in a draft, before it is judged: what rules, pairs and words say of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from coaching.playbook.judging import Judging
from coaching.playbook.reviewing import Reviewing
from coaching.playbook.rules import CheckKind
from coaching.review import pairs
from coaching.review.checks import Finding, find, of_kind
from coaching.review.features import Features, features
from coaching.review.marks import marked, words
from coaching.review.named import names
from coaching.review.verdicts import Evidence, Verdict, decide
from coaching.review.voice import Voice, hear


class Abstained(Enum):
    """Why the review declines to judge."""

    EMPTY = "empty"
    TOO_SHORT = "too_short"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Theirs:
    """What was heard from the customer."""

    voice: Voice
    cues: tuple[Finding, ...]
    features: Features
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Look:
    """What rules and words say of a draft, before it is judged."""

    evidence: Evidence
    heard: Theirs
    ruled: Mapping[str, Verdict]  # what the rules alone come to
    reply: Features
    strange: frozenset[str]  # criteria for which a check fired that no text had from which the models learnt

    @property
    def customer(self) -> Voice:
        """Their message."""
        return self.heard.voice

    @property
    def theirs(self) -> Features:
        """What the models see of it."""
        return self.heard.features


def look(draft: str, customer: str, playbook: Reviewing) -> Look | Abstained:
    """All there is to be seen in a draft; or why nothing is said of it."""
    return look_for(draft, _theirs(customer, playbook), playbook)


def look_for(draft: str, heard: Theirs, playbook: Reviewing) -> Look | Abstained:
    """The same for a customer who was heard before."""
    judging, cues = playbook.judging, heard.cues
    reply = hear(draft, judging)
    checks = of_kind(playbook, CheckKind.AVOID, CheckKind.SHOWS, CheckKind.LIMITS)
    findings = find(reply, checks, frozenset(cue.check.id for cue in cues))
    declined = _declines(reply, findings, playbook)
    if declined is not None:
        return declined
    evidence = _evidence(reply, findings, heard.voice, cues, playbook)
    seen = marked(_features(reply, judging), evidence, heard.words)
    return Look(evidence, heard, decide(evidence), seen, _strange(findings, cues, playbook.heads.bits))


def _theirs(customer: str, playbook: Reviewing) -> Theirs:
    voice = hear(customer, playbook.judging)
    cues = find(voice, of_kind(playbook, CheckKind.HEARS))
    seen = _features(voice, playbook.judging, "c")
    return Theirs(voice, cues, seen, words(voice.text, seen))


def _strange(
    findings: tuple[Finding, ...], cues: tuple[Finding, ...], known: Collection[str]
) -> frozenset[str]:
    fired = (*((f, "check") for f in findings), *((cue, "heard") for cue in cues))
    return frozenset(
        name for f, kind in fired if f"{kind} {f.check.id}" not in known for name in f.check.criteria
    )


def _features(voice: Voice, judging: Judging, space: str = "") -> Features:
    spans = (voice.greeting, *voice.sentences)
    return features(voice.text, [span for span in spans if span is not None], space, names(voice, judging))


def _evidence(
    reply: Voice, findings: tuple[Finding, ...], theirs: Voice, cues: tuple[Finding, ...], playbook: Reviewing
) -> Evidence:
    heard = frozenset(cue.check.id for cue in cues)
    tried = tuple(cue for cue in cues if cue.check.id == "tried")
    touch = pairs.compare(theirs, tried, reply, playbook.judging) if theirs.sentences else None
    calls = frozenset(name for cue in cues for name in cue.check.criteria if cue.check.id != "thanks")
    return Evidence(reply, findings, heard, calls, touch)


def _declines(reply: Voice, findings: tuple[Finding, ...], playbook: Reviewing) -> Abstained | None:
    """Nothing there, too little to judge unless a check speaks, or not English."""
    said = [word for s in reply.sentences for word in reply.piece(s).split() if any(map(str.isalnum, word))]
    if not reply.folded.original.strip():
        return Abstained.EMPTY
    if any(f.check.kind is not CheckKind.SHOWS for f in findings):
        return None
    if len(said) < 3:  # an emoji, a greeting or quoted mail alone are too little too
        return Abstained.TOO_SHORT
    return None if _english(said, playbook) else Abstained.LANGUAGE


def _english(words: list[str], playbook: Reviewing) -> bool:
    """English text of some length holds common English words; shared words speak for no language."""
    common = playbook.judging.words["common"] - playbook.judging.words["shared"]
    plain = [word.strip(".,;:!?\"'()[]*_") for word in words]
    hits = sum(word in common or word.partition("'")[0] in common for word in plain)
    latin = sum(word.isascii() for word in plain)
    if latin * 2 < len(plain):
        return False
    return hits * 12 >= len(plain) and (hits > 0 or len(plain) < 6)
