"""Runs the playbook's checks over sentences; every finding points at the original text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coaching.playbook.patterns import Pattern
from coaching.playbook.reviewing import Reviewing
from coaching.playbook.rules import Check, CheckKind, Scope
from coaching.review.voice import Voice
from coaching.text import Span


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that fired: `span` is of the original text, `at` of the folded one, `sentence` an index."""

    check: Check
    span: Span
    at: Span
    sentence: int


def find(voice: Voice, checks: Iterable[Check], heard: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """Every finding, in the order of the text. A check with `when` runs only if that was heard."""
    found = [
        finding
        for check in checks
        if not check.when or heard & set(check.when)
        for finding in _run(check, voice)
    ]
    return tuple(sorted(found, key=lambda f: (f.at.start, -f.at.end)))


def of_kind(playbook: Reviewing, *kinds: CheckKind) -> tuple[Check, ...]:
    """All checks of these kinds, in the order of the rules."""
    return tuple(check for rule in playbook.rules.values() for check in rule.checks if check.kind in kinds)


def _run(check: Check, voice: Voice) -> Iterator[Finding]:
    if check.scope is Scope.WHOLE:
        yield from _whole(check, voice)
        return
    text = voice.text
    for pattern in check.words:
        for index in _places(pattern, voice):
            sentence = voice.sentences[index]
            for match in _matches(pattern, check.scope, text, sentence):
                if not _taken_back(check, text, sentence):
                    at = Span(*match.span())
                    yield Finding(check, voice.folded.span(at.start, at.end), at, index)


def _places(pattern: Pattern, voice: Voice) -> Iterable[int]:
    """The sentences in which it may match: those with letters that every match holds some of."""
    if not pattern.needles:
        return range(len(voice.sentences))
    here = [needle for needle in pattern.needles if needle in voice.text]
    return sorted({index for needle in here for index in _holding(needle, voice)}) if here else ()


def _holding(needle: str, voice: Voice) -> Iterator[int]:
    """The sentences that hold these letters."""
    at = voice.text.find(needle)
    for index, sentence in enumerate(voice.sentences):
        if 0 <= at < sentence.start:
            at = voice.text.find(needle, sentence.start)
        if 0 <= at <= sentence.end - len(needle):
            yield index


def _matches(pattern: Pattern, scope: Scope, text: str, sentence: Span) -> Iterator[re.Match[str]]:
    if scope is Scope.START:
        match = pattern.match(text, sentence.start, sentence.end)
        if match:
            yield match
        return
    yield from (m for m in pattern.finditer(text, sentence.start, sentence.end) if m.end() > m.start())


def _whole(check: Check, voice: Voice) -> Iterator[Finding]:
    if not voice.sentences:
        return
    start, end = voice.sentences[0].start, voice.sentences[-1].end
    end = start + len(voice.text[start:end].rstrip(" .!?,;:)"))
    for pattern in check.words:
        if pattern.fullmatch(voice.text, start, end) and not _taken_back(check, voice.text, Span(start, end)):
            yield Finding(check, voice.folded.span(start, end), Span(start, end), 0)
            return


def _taken_back(check: Check, text: str, sentence: Span) -> bool:
    return any(p.search(text, sentence.start, sentence.end) for p in check.unless)
