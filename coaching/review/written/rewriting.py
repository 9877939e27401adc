"""What a model is given of a draft, and what of its answer may be shown: all the guards, in their order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from coaching.playbook.reader import Playbook
from coaching.ports import Case, Sentence, Why
from coaching.review import engine
from coaching.review.engine import Review
from coaching.review.verdicts import Outcome
from coaching.review.voice import hear
from coaching.review.written import facts, redact
from coaching.review.written.clean import clean, level, stands_in
from coaching.review.written.facts import Flaw
from coaching.review.written.parts import SENTENCE
from coaching.review.written.stems import like, plain, tokens
from coaching.review.written.support import Sources, flaw, sources

_MOST = 12  # sentences
_LONGEST = 400  # characters of one
_GOOD_DEAL = 5.0  # of 100
_MINE = re.compile(r"\bmy [a-z]{3,}")


@dataclass(frozen=True, slots=True)
class Asked:
    """One draft on its way to a model: what it is shown, and what stays here."""

    case: Case
    before: str = field(repr=False)  # the greeting
    body: str = field(repr=False)  # the draft between greeting and signature, cleaned
    after: str = field(repr=False)  # the signature
    customer: str = field(repr=False)
    marks: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Written:
    """A reply as a model worded it, after all guards. `open`: it has [slots]."""

    text: str = field(repr=False)
    open: bool


def asked(found: Review, customer: str, playbook: Playbook, *, redacts: bool) -> Asked | None:
    """What to ask a model about a reviewed draft; nothing where there is nothing to change."""
    thing = found.one_thing
    reply = hear(found.draft, playbook.judging)
    if thing is None or not reply.sentences:
        return None
    first = reply.folded.span(reply.sentences[0].start, reply.sentences[0].end)
    last = reply.folded.span(reply.sentences[-1].start, reply.sentences[-1].end)
    end = first.start + redact.leaves_at(found.draft[first.start : last.end])
    body, theirs = clean(found.draft[first.start : end]), clean(customer)
    marks = redact.Marks()
    shown, heard = body, theirs
    if redacts:
        shown, heard = redact.redact(body, marks), redact.redact(theirs, marks)
        redact.redact(clean(found.draft), marks)  # names in the greeting are names in the body
        shown, heard = redact.named_again(shown, marks), redact.named_again(heard, marks)
    change = f"{thing.say} {thing.plan}"
    before, after = found.draft[: first.start], found.draft[end:]
    return Asked(Case(shown, heard, change), before, body, after, theirs, MappingProxyType(marks.behind))


def settled(ask: Asked, sentences: Sequence[Sentence], found: Review, playbook: Playbook) -> Written | Why:
    """The rewritten reply with everything in it guarded; or why the card stays as it is."""
    if not 0 < len(sentences) <= _MOST:
        return Why.SHAPE
    known = sources(ask.body, ask.customer, playbook.guarding)
    said = list(dict.fromkeys(text for s in sentences if (text := _said(s, ask, known, playbook))))
    body = " ".join(said)
    why = _unfit(body, ask, found, playbook)
    if why is not None:
        return why
    whole = f"{ask.before}{body}{ask.after}"
    return Written(whole, "[" in body) if better(whole, found, ask.customer, playbook) else Why.NOT_BETTER


# --------------------------------------------------------------------------- one sentence


def _said(sentence: Sentence, ask: Asked, known: Sources, playbook: Playbook) -> str:
    """A sentence as it may be shown: itself, the draft's own words instead, a [check: ...], or nothing."""
    text = clean(sentence.text).replace("\n", " ")
    theirs = ask.case.draft if sentence.kind == "keep" else ask.case.customer
    rests = sentence.kind in ("question", "close") or stands_in(sentence.source, theirs)
    own = _own_words(sentence, ask) if sentence.kind == "keep" and rests else ""
    if any(mark not in ask.marks for mark in redact.marks_in(text)) or not 0 < len(text) <= _LONGEST:
        return own
    text = redact.restore(text, ask.marks)
    wrong = flaw(text, known, playbook.guarding) if rests and not _swapped(text, ask) else Flaw.SHAPE
    if wrong is None:
        return text
    if wrong is Flaw.FACT and sentence.kind == "keep" and _mostly(text, known, playbook):
        return playbook.wording.label("review.written.check", said=text.strip())
    return own


def _own_words(sentence: Sentence, ask: Asked) -> str:
    """The draft's sentence in which the source stands."""
    source = level(redact.restore(clean(sentence.source), ask.marks))
    whole = (part[0].strip() for part in SENTENCE.finditer(ask.body))
    return next((part for part in whole if source and source.strip(" .!?") in level(part)), "")


def _swapped(text: str, ask: Asked) -> bool:
    """Whether it speaks as the customer: "my parcel"."""
    mine = set(_MINE.findall(level(text)))
    return bool(mine & set(_MINE.findall(level(ask.customer))) - set(_MINE.findall(level(ask.body))))


def _mostly(text: str, known: Sources, playbook: Playbook) -> bool:
    """Whether most of what it says is the draft's: then it can be checked, and is nobody else's sentence."""
    guarding = playbook.guarding
    words = [
        t.stem for t in tokens(plain(text), guarding) if t.word and t.text not in guarding.words["function"]
    ]
    from_draft = sum(like(stem, known.draft.stems, guarding) for stem in words)
    return bool(words) and from_draft * 3 >= len(words) * 2


# --------------------------------------------------------------------------- the whole


def _unfit(body: str, ask: Asked, found: Review, playbook: Playbook) -> Why | None:
    """Why the body as a whole cannot be shown."""
    words = len(body.split())
    if not words or words > max(1.6 * len(ask.body.split()), 90):
        return Why.SHAPE
    return Why.LOST if _lost(body, ask, found, playbook) else None


def _lost(body: str, ask: Asked, found: Review, playbook: Playbook) -> bool:
    """Whether a link, a number or what a sentence says is missing, where it was not to be left out."""
    guarding = playbook.guarding
    now = tokens(plain(body), guarding)
    stems = frozenset(token.stem for token in now)
    counted = {number.value for number in facts.numbers(now, guarding)}
    was = facts.numbers(tokens(plain(ask.body), guarding), guarding)
    if (
        facts.reached(ask.body) - facts.reached(body)
        or {n.value for n in was if n.value[0].isdigit()} - counted
    ):
        return True
    faulty = [found.draft[f.span.start : f.span.end] for f in found.findings if f.check.repair]
    for part in SENTENCE.finditer(ask.body):
        if not any(stands_in(words, part[0]) for words in faulty) and not _covered(part[0], stems, playbook):
            return True
    return False


def _covered(sentence: str, stems: frozenset[str], playbook: Playbook) -> bool:
    guarding = playbook.guarding
    words = guarding.words
    plain_words = words["function"] | words["light"] | words["feeling"]
    said = plain(sentence)
    for pattern in guarding.patterns["courtesy"]:
        said = pattern.sub(" ", said)
    heavy = [
        t.stem
        for t in tokens(said, guarding)
        if t.word and t.text not in plain_words and t.stem not in plain_words
    ]
    if any(t.stem in words["negators"] for t in tokens(said, guarding)) and not stems & words["negators"]:
        return False
    kept = sum(like(stem, stems, guarding) for stem in heavy)
    return len(heavy) < 2 or kept * 2 >= len(heavy)


def better(text: str, before: Review, customer: str, playbook: Playbook) -> bool:
    """G4: by our own review nothing got worse, and something is mended or much is better."""
    after = engine.review(text, customer, playbook)
    if after.abstained is not None or before.one_thing is None:
        return False
    missed = {name for name, verdict in before.verdicts.items() if verdict.outcome is Outcome.MISSED}
    now = {name for name, verdict in after.verdicts.items() if verdict.outcome is Outcome.MISSED}
    if now - missed:
        return False
    return len(now) < len(missed) or (after.overall or 0.0) > (before.overall or 0.0) + _GOOD_DEAL
