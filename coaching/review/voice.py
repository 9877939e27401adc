"""Tells the agent's own voice in a draft from quoted mail, greeting and signature, sentence by sentence."""

import re
from dataclasses import dataclass

from coaching.playbook.judging import Judging
from coaching.playbook.patterns import runs
from coaching.text import Folded, Span, fold

# A stop ends a sentence only where a blank, a quote or the end follows: "3.5" and "example.com" stay whole.
_SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?=[^\s.!?\"')\]])){1,2000}[.!?]{0,40}[\"')\]]{0,3}|[.!?]{1,40}")
_QUOTED = re.compile(r" ?>")
# Short marks of who wrote a post: "^JT", "*SR", "/Ana".
_INITIALS = re.compile(r"(?<=\s)[\^*/~-] ?[a-z]{1,14}\.?$")
_SIGNATURE_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Voice:
    """A draft, folded. All spans here are of the FOLDED text."""

    folded: Folded
    greeting: Span | None
    signature: Span | None
    sentences: tuple[Span, ...]  # the agent's own, greeting and signature left out
    runs: frozenset[str]  # four letters of the text at a time, for a quick look

    @property
    def text(self) -> str:
        """The folded text."""
        return self.folded.text

    def piece(self, span: Span) -> str:
        """The folded characters of a span."""
        return self.folded.text[span.start : span.end]


def hear(draft: str, judging: Judging) -> Voice:
    """The agent's own sentences in a draft."""
    folded = fold(draft)
    lines = _own_lines(folded.text, judging)
    greeting = _greeting(folded.text, lines, judging)
    if greeting is not None:
        lines = [Span(max(line.start, greeting.end), line.end) for line in lines if line.end > greeting.end]
    found = [s for line in lines for s in _split(folded.text, line, judging)]
    signature = _signature(folded.text, found, judging)
    if signature is not None:
        found = [_clip(s, signature.start, folded.text) for s in found if s.start < signature.start]
    sentences = tuple(s for s in found if s.end > s.start)
    return Voice(folded, greeting, signature, sentences, runs(folded.text))


def _own_lines(text: str, judging: Judging) -> list[Span]:
    """The lines that are not quoted; an earlier mail pasted below ends the reply."""
    lines, start = list[Span](), 0
    for line in text.split("\n"):
        end = start + len(line)
        if any(p.fullmatch(line.strip()) for p in judging.patterns["history"]):
            break
        if line.strip() and not _QUOTED.match(line):
            lines.append(Span(start, end))
        start = end + 1
    return lines


def _greeting(text: str, lines: list[Span], judging: Judging) -> Span | None:
    if not lines:
        return None
    start = lines[0].start + (text[lines[0].start] == " ")
    for pattern in judging.patterns["greeting"]:
        match = pattern.match(text, start, lines[0].end)
        if match is None:
            continue
        end = match.end()
        if end < lines[0].end and text[end] not in ",.!:":  # "Hi there how is it" goes on: no greeting
            continue
        while end < lines[0].end and text[end] in ",.!: ":
            end += 1
        return Span(start, end)
    return None


def _split(text: str, line: Span, judging: Judging) -> list[Span]:
    found: list[Span] = []
    for match in _SENTENCE.finditer(text, line.start, line.end):
        start, end = match.start(), match.end()
        if found and _abbreviated(text[found[-1].start : found[-1].end], judging):
            start = found.pop().start
        span = _trim(Span(start, end), text)
        if span.end > span.start:
            found.append(span)
    return found


def _abbreviated(sentence: str, judging: Judging) -> bool:
    return sentence.endswith(".") and sentence[-12:].rpartition(" ")[2] in judging.words["abbreviations"]


def _signature(text: str, found: list[Span], judging: Judging) -> Span | None:
    """A closing formula among the last sentences and all after it, or the writer's initials."""
    for sentence in found[1:][-4:]:
        short = found[-1].end - sentence.start <= _SIGNATURE_AT_MOST
        if short and any(p.match(text, sentence.start, sentence.end) for p in judging.patterns["signoff"]):
            return Span(sentence.start, found[-1].end)
    if found:
        match = _INITIALS.search(text, max(found[-1].start, found[-1].end - 20), found[-1].end)
        if match:
            return Span(match.start(), match.end())
    return None


def _clip(span: Span, end: int, text: str) -> Span:
    return _trim(Span(span.start, min(span.end, end)), text)


def _trim(span: Span, text: str) -> Span:
    piece = text[span.start : span.end]
    return Span(
        span.start + len(piece) - len(piece.lstrip()),
        max(span.start, span.end - len(piece) + len(piece.rstrip())),
    )
