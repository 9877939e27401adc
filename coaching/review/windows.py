"""Finds the words a verdict rests on: the stretch of a sentence whose tokens together say it most."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from coaching.review.features import Features
from coaching.text import Span

_MOST = 14  # tokens of a quote
_STOPS = ".!?"
_PAUSES = ".!?,;:()"
_PART = 0.3


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of folded text, and how much it says."""

    span: Span
    score: float


def windows(said: Mapping[str, Iterable[float]], found: Features, text: str) -> Mapping[str, Window | None]:
    """For each kind the best stretch by what is said of each token; None where none speaks for it."""
    stops = [text[at.start] in _STOPS for at in found.at]
    return {kind: _window(each, found, text, stops) for kind, each in said.items()}


def _window(said: Iterable[float], found: Features, text: str, stops: Sequence[bool]) -> Window | None:
    best, most = (0, -1), 0.0
    start, total = 0, 0.0
    for index, (stop, score) in enumerate(zip(stops, said, strict=True)):
        if total <= 0.0 or index - start >= _MOST:
            start, total = index, 0.0
        if stop:
            total = 0.0
            continue
        total += score
        if total > most:
            best, most = (start, index), total
    if most <= 0.0:
        return None
    first, last = _clause(*best, found, text)
    return Window(Span(found.at[first].start, found.at[last].end), most)


def by_sentence(found: Features, sentences: Sequence[Span]) -> list[set[int]]:
    """The features of each sentence's tokens."""
    sets, index = [set[int]() for _ in sentences], 0
    for at, start, end in zip(found.at, (0, *found.ends), found.ends, strict=False):
        while index < len(sentences) and sentences[index].end <= at.start:
            index += 1
        if index < len(sentences) and sentences[index].start <= at.start:
            sets[index].update(found.near[start:end])
    return sets


def _clause(first: int, last: int, found: Features, text: str) -> tuple[int, int]:
    """The whole clause around it, if it is a good part of that: people quote whole ones."""
    start, end = first, last
    while start > 0 and text[found.at[start - 1].start] not in _PAUSES:
        start -= 1
    while end + 1 < len(found.at) and text[found.at[end + 1].start] not in _PAUSES:
        end += 1
    whole = end - start + 1
    return (start, end) if whole <= _MOST + 2 and (last - first + 1) >= _PART * whole else (first, last)
