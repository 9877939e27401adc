"""Repairs a draft: deletes, softens, turns an order into a request; what only the person knows is a slot.

No edit adds a word that is not in the draft or in the short fixed list of phrases in the playbook.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

from coaching.playbook.judging import Judging
from coaching.playbook.reviewing import Reviewing
from coaching.playbook.rules import CheckKind
from coaching.review.checks import Finding
from coaching.review.look import Look
from coaching.review.verdicts import Evidence, Outcome, Verdict
from coaching.review.voice import Voice, hear
from coaching.text import Span, fold

# An edit sees one original sentence and the stretch of it to mend, and gives the new sentence.
Edit: TypeAlias = Callable[[str, Span, Judging], str]

MET = Verdict(Outcome.MET)
_WORD = re.compile(r"[^\W\d_]{1,40}(?:['’][^\W\d_]{1,3})?")
_EDGE = " \t,;:-–—"
_QUOTED_AT_MOST = 140
_SAYS = 3  # words of a sentence that says what is the matter


@dataclass(frozen=True, slots=True)
class Edited:
    """A draft whose sentences are mended: what stands before them, they themselves, what comes after."""

    before: str
    body: str
    after: str

    @property
    def text(self) -> str:
        """All of it."""
        return self.before + self.body + self.after


def as_it_is(evidence: Evidence) -> Edited:
    """The draft as it was given."""
    reply = evidence.reply
    draft, spans = reply.folded.original, [reply.folded.span(s.start, s.end) for s in reply.sentences]
    start, end = spans[0].start, spans[-1].end
    return Edited(draft[:start], draft[start:end], draft[end:])


def edited(
    evidence: Evidence, verdicts: Mapping[str, Verdict], judging: Judging, only: str | None = None
) -> Edited:
    """The draft with its faults mended, or those of one criterion only; greeting and signature stay."""
    if only is not None:
        verdicts = {name: v if name == only else MET for name, v in verdicts.items()}
    return _each(evidence, lambda index, span: _mend(index, span, evidence, verdicts, judging))


def without(evidence: Evidence, spans: Sequence[Span], playbook: Reviewing) -> Edited:
    """The draft with a slot for each sentence that holds one of these, to be said otherwise or left out."""

    def slot(_: int, sentence: Span) -> str:
        said = evidence.reply.folded.quote(sentence)
        if not any(one.start < sentence.end and sentence.start < one.end for one in spans):
            return said
        return playbook.wording.label("review.slot.kinder", said=_shortened(said))

    return _each(evidence, slot)


def _each(evidence: Evidence, mend: Callable[[int, Span], str]) -> Edited:
    """The draft with every sentence of it mended; the gaps between them stay."""
    whole, reply = as_it_is(evidence), evidence.reply
    pieces, at = list[str](), len(whole.before)
    for index, sentence in enumerate(reply.sentences):
        span = reply.folded.span(sentence.start, sentence.end)
        mended = mend(index, span)
        gap = reply.folded.original[at : span.start]
        pieces.append(gap + mended if mended or "\n" in gap else "")
        at = span.end
    return replace(whole, body="".join(pieces).strip(" "))


def with_slots(
    to: Edited, found: Look, verdicts: Mapping[str, Verdict], thing: str, playbook: Reviewing
) -> str:
    """It with slots for what is missing; `thing` is the criterion of the one thing that is said."""
    before, after = _slots(found, verdicts, to.body, thing, playbook)
    if thing == "R5" and verdicts["R5"].outcome is Outcome.MISSED:
        after.append(playbook.wording.label("review.slot.more"))
    middle = "\n".join(part for part in (before, to.body, *after) if part)
    ending = f"\n{to.after.lstrip()}" if after and to.after.startswith(" ") else to.after
    return to.before + middle + ending


def _mend(
    index: int, span: Span, evidence: Evidence, verdicts: Mapping[str, Verdict], judging: Judging
) -> str:
    """One sentence with all its edits, from the last to the first; as it was if no verb would be left."""
    original = evidence.reply.folded.quote(span)
    edits = [
        f for f in evidence.findings if f.sentence == index and f.check.repair and _called_for(f, verdicts)
    ]
    if any(f.check.repair == "drop-sentence" for f in edits):
        return ""
    mended = original
    for finding in reversed(_outermost(edits)):
        at = Span(finding.span.start - span.start, finding.span.end - span.start)
        mended = EDITS[finding.check.repair](mended, at, judging)
    if verdicts["R4"].outcome is Outcome.MISSED:
        mended = _request(mended, judging)
    if mended != original and has_verb(original, judging) and not has_verb(mended, judging):
        return original
    return mended


def _outermost(edits: list[Finding]) -> list[Finding]:
    """In the order of the text; of edits that overlap, the one that begins first and reaches furthest."""
    kept: list[Finding] = []
    for finding in sorted(edits, key=lambda f: (f.span.start, -f.span.end)):
        if not kept or finding.span.start >= kept[-1].span.end:
            kept.append(finding)
    return kept


def _called_for(finding: Finding, verdicts: Mapping[str, Verdict]) -> bool:
    return any(verdicts[name].outcome is Outcome.MISSED for name in finding.check.criteria)


# --------------------------------------------------------------------------- edits


def _drop(sentence: str, at: Span, judging: Judging) -> str:
    """Delete the words, and the comma that hung on them."""
    del judging
    before, after = sentence[: at.start].rstrip(_EDGE), sentence[at.end :].lstrip(_EDGE)
    if not before:
        return _capital(after)
    if not after.strip(".!?"):
        return before + after
    return f"{before} {after}"


def _cause(sentence: str, at: Span, judging: Judging) -> str:
    """From "you must have" to "one possible cause is that you"."""
    return _swap(sentence, at, f"{judging.phrases['cause']} you")


def _sorry(sentence: str, at: Span, judging: Judging) -> str:
    """From "Unfortunately, ..." to "I am sorry, ..."; inside a sentence it is left out."""
    if at.start > 0:
        return _drop(sentence, at, judging)
    return f"{judging.phrases['sorry']}, {_small(sentence[at.end :].lstrip(_EDGE))}"


def _request(sentence: str, judging: Judging) -> str:
    """An order becomes a request: "You need to send ..." and "Send ..." alike."""
    folded = fold(sentence)
    if sentence.endswith("?") or "please" in folded.text:
        return sentence
    for pattern in judging.patterns["order"]:
        match = pattern.match(folded.text)
        if match:
            rest = sentence[folded.offsets[match.end()] :].lstrip(_EDGE)
            return _question(f"{judging.phrases['please']} {rest}")
    first = _WORD.match(sentence)
    if first is None or first.group().lower() not in judging.words["orders"]:
        return sentence
    return _question(f"{judging.phrases['please']} {_small(sentence)}")


EDITS: Mapping[str, Edit] = MappingProxyType({"drop": _drop, "cause": _cause, "sorry": _sorry})


def _swap(sentence: str, at: Span, new: str) -> str:
    new = _capital(new) if at.start == 0 else new
    return f"{sentence[: at.start]}{new}{sentence[at.end :]}"


def _question(sentence: str) -> str:
    return sentence.rstrip(" .!?") + "?"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    """The first letter small, unless the word is "I" or an abbreviation."""
    if text[:2].isupper() or (text[:1] == "I" and not text[1:2].isalpha()):
        return text
    return text[:1].lower() + text[1:]


def has_verb(sentence: str, judging: Judging) -> bool:
    """Whether a word of it is a verb: a known one, a contraction that holds one, or a past form."""
    for match in _WORD.finditer(sentence.lower().replace("’", "'")):
        word = match.group()
        if word in judging.words["verbs"] or word.endswith(("n't", "'ll", "'ve", "'re", "'m", "'d")):
            return True
        if word in judging.words["orders"] or (len(word) > 4 and word.endswith("ed")):
            return True
    return False


# --------------------------------------------------------------------------- slots


def _slots(
    found: Look, verdicts: Mapping[str, Verdict], body: str, thing: str, playbook: Reviewing
) -> tuple[str, list[str]]:
    """What goes before the body and after it, at most two: only what nobody but the person can say."""
    say, evidence = playbook.wording.label, found.evidence
    before, after = "", list[str]()
    trouble = verdicts["R6"].outcome is Outcome.MISSED or (
        "R3" in evidence.calls and verdicts["R6"].outcome is not Outcome.MET
    )
    if trouble and (words := stake(found.customer, playbook.judging)):
        before = say("review.slot.acknowledge", stake=words)
    asks = "?" in body or _promises(body, evidence, playbook)
    refuses = any(f.check.kind is CheckKind.LIMITS for f in evidence.findings)
    if verdicts["R8"].outcome is Outcome.MISSED and (refuses or thing == "R8"):
        after.append(say("review.slot.instead"))
    elif not asks and (verdicts["R2"].outcome is Outcome.MISSED or not body):
        after.append(say("review.slot.next"))
    if verdicts["R7"].outcome is Outcome.MISSED and "R7" in evidence.calls:
        after.append(say("review.slot.thanks"))
    return before, after


def _promises(body: str, evidence: Evidence, playbook: Reviewing) -> bool:
    """Whether what is left of the draft still holds something that met R2."""
    left = " ".join(hear(body, playbook.judging).text.split())
    shown = evidence.of("R2", CheckKind.SHOWS)
    return any(evidence.reply.piece(f.at) in left for f in shown if f.check.id != "points-to")


def _says_much(sentence: Span, customer: Voice, judging: Judging) -> bool:
    """No greeting of two words, no "To whom it may concern", and no shout."""
    shout = customer.folded.quote(customer.folded.span(sentence.start, sentence.end)).isupper()
    said = customer.piece(sentence).rstrip(" .,!?")
    opens = any(pattern.fullmatch(said) for pattern in judging.patterns["opening"])
    return not (shout or opens) and said.count(" ") >= _SAYS - 1


def stake(customer: Voice, judging: Judging) -> str:
    """The customer's sentence with most at stake: a deadline, a life event, repetition, damage, money."""
    sentences = [s for s in customer.sentences if _says_much(s, customer, judging)]
    if not sentences:
        return ""
    chosen = sentences[0]
    for pattern in judging.patterns["stake"]:
        hit = next((s for s in sentences if pattern.search(customer.text, s.start, s.end)), None)
        if hit is not None:
            chosen = hit
            break
    return _shortened(customer.folded.quote(customer.folded.span(chosen.start, chosen.end)))


def _shortened(words: str) -> str:
    """As a slot quotes them."""
    words = words.replace('"', "'")
    return words if len(words) <= _QUOTED_AT_MOST else words[:_QUOTED_AT_MOST].rpartition(" ")[0] + " …"
