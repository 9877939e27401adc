"""Runs the playbook's checks over sentences; every finding points at the original text."""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
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
    text, sentences = voice.text, voice.sentences
    for pattern in check.words:
        if pattern.absent(voice.runs):
            continue
        for index in _places(pattern, text, sentences):
            sentence = sentences[index]
            for match in _matches(pattern, check.scope, text, sentence):
                if not _taken_back(check, text, sentence):
                    at = Span(*match.span())
                    yield Finding(check, voice.folded.span(at.start, at.end), at, index)


def _places(pattern: Pattern, text: str, sentences: Sequence[Span]) -> Iterable[int]:
    """The sentences in which it may match: those with letters that every match holds some of."""
    needles = pattern.needles
    if not needles:
        return range(len(sentences))
    found = set[int]()
    for needle in needles:
        at = text.find(needle)
        while at >= 0:
            index = bisect_right(sentences, (at, sys.maxsize)) - 1
            if index >= 0 and at + len(needle) <= sentences[index].end:
                found.add(index)
            at = text.find(needle, sentences[index + 1].start) if index + 1 < len(sentences) else -1
    return sorted(found)


def _matches(pattern: Pattern, scope: Scope, text: str, sentence: Span) -> Iterable[re.Match[str]]:
    if scope is Scope.START:
        match = pattern.match(text, *sentence)
        return (match,) if match else ()
    return [m for m in pattern.finditer(text, *sentence) if m.end() > m.start()]


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
