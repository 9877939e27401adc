"""What is known of each word's place in a reply: its sentence, what rules found there, whose word it is."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from coaching.review.checks import Finding
from coaching.review.features import Features, in_a_row, number
from coaching.review.verdicts import Evidence
from coaching.text import Span

_LONG = 4  # letters of a word that two texts share by more than chance
_MANY = 20  # findings of a sentence that are looked at
_OUTSIDE = (number("mark outside"),)  # in the greeting


def marked(found: Features, evidence: Evidence, theirs: frozenset[str]) -> Features:
    """The same features with marks on each token. `theirs` are the customer's words."""
    text, sentences = evidence.reply.text, evidence.reply.sentences
    fired: Mapping[int, list[Finding]] = defaultdict(list)
    for finding in evidence.findings:
        fired[finding.sentence].append(finding)
    places = [list(map(number, _of_sentence(index, sentences, text))) for index in range(len(sentences))]
    near, index = list[list[int]](), 0
    for at, start, end in zip(found.at, (0, *found.ends), found.ends, strict=False):
        while index < len(sentences) and sentences[index].end <= at.start:
            index += 1
        inside = index < len(sentences) and sentences[index].start <= at.start
        of_word = _of_word(at, text, fired.get(index, ()) if inside else (), theirs)
        of_place = places[index] if inside else _OUTSIDE
        near.append([*found.near[start:end], *of_place, *map(number, of_word)])
    row, ends = in_a_row(near)
    return replace(found, near=row, ends=ends)


def words(text: str, found: Features) -> frozenset[str]:
    """The long words of a text."""
    return frozenset(text[at.start : at.end] for at in found.at if at.end - at.start >= _LONG)


def _of_sentence(index: int, sentences: Sequence[Span], text: str) -> tuple[str, ...]:
    last = index == len(sentences) - 1
    place = "only" if len(sentences) == 1 else "first" if index == 0 else "last" if last else "inside"
    end = text[sentences[index].end - 1]
    return (f"mark {place}", f"mark {place} {end if end in '.!?' else ''}", f"mark sentence {min(4, index)}")


def _of_word(at: Span, text: str, fired: Sequence[Finding], theirs: frozenset[str]) -> Iterator[str]:
    for finding in fired[:_MANY]:
        if finding.at.start < at.end and at.start < finding.at.end:
            yield f"mark check {finding.check.id}"
    if text[at.start : at.end] in theirs:
        yield "mark shared"
    if text[at.start].isdigit():
        yield "mark digits"
