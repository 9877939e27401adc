"""Takes one word or alternative out of a check's patterns, and tells whether an example notices."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from coaching.playbook.judging import Judging
from coaching.playbook.patterns import Pattern, unsound
from coaching.playbook.rules import Check
from coaching.review.checks import find
from coaching.review.voice import Voice, hear

# An escape, a set, the opening of a group, or one character.
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?(?::|=|!|<=|<!))?|.", re.DOTALL)


def variants(text: str) -> Iterator[tuple[str, str]]:
    """(what is taken out, the pattern without it) for each alternative and each optional group."""
    for start, end, bars in groups(text):
        edges = [start, *bars, end]
        if len(edges) > 2:
            for left, right in pairwise(edges):
                cut = (left + 1, right + 1) if left == start else (left, right)
                yield text[left + 1 : right], text[: cut[0]] + text[cut[1] :]
        elif text[end : end + 2] == ")?":
            opening = text.rindex("(", 0, start + 1)
            yield text[start + 1 : end], text[:opening] + text[end + 2 :]


def groups(text: str) -> Iterator[tuple[int, int, list[int]]]:
    """(before the first alternative, the end, the bars) of each group and of the whole."""
    stack: list[tuple[int, list[int]]] = [(-1, [])]
    for piece in _PIECE.finditer(text):
        char = piece.group()[0]
        if char == "(":
            stack.append((piece.end() - 1, []))
        elif char == "|":
            stack[-1][1].append(piece.start())
        elif char == ")":
            start, bars = stack.pop()
            yield start, piece.start(), bars
    yield -1, len(text), stack[0][1]


def fires(check: Check, voice: Voice) -> set[tuple[int, int]]:
    """What of it the check quotes; nothing when it does not fire."""
    return {(f.at.start, f.at.end) for f in find(voice, [check], frozenset(check.when))}


def unearned(check: Check, judging: Judging) -> Iterator[str]:
    """Every pattern, alternative and optional group that could go without an example noticing."""
    yield from _words(check, judging)
    yield from _unless(check, judging)


def _words(check: Check, judging: Judging) -> Iterator[str]:
    flags = [hear(text, judging) for text in check.flags]
    quoted = [(v, fires(check, v)) for v in flags]
    for index, pattern in enumerate(check.words):
        mine = [(v, q) for v, q in quoted if fires(_with(check, [pattern]), v)]
        others = [*check.words[:index], *check.words[index + 1 :]]
        changed = [("", others), *((what, [*others, less]) for what, less in _variants(pattern))]
        for what, words in changed:
            if all(fires(_with(check, words), v) == q for v, q in mine):
                yield _idle("words", pattern, what)


def _unless(check: Check, judging: Judging) -> Iterator[str]:
    allows = [hear(text, judging) for text in check.allows]
    bare = replace(check, unless=())
    for index, pattern in enumerate(check.unless):
        others = replace(check, unless=(*check.unless[:index], *check.unless[index + 1 :]))
        mine = [v for v in allows if fires(others, v) and fires(bare, v)]
        if not mine:
            yield _idle("unless", pattern, "")
        for what, less in _variants(pattern):
            if not any(fires(replace(check, unless=(less,)), v) for v in mine):
                yield _idle("unless", pattern, what)


def _variants(pattern: Pattern) -> Iterator[tuple[str, Pattern]]:
    for what, text in variants(pattern.source):
        less = Pattern(text)
        if not any(unsound([less])):  # "(?:a)??" without its group is no pattern
            yield what, less


def _idle(key: str, pattern: Pattern, what: str) -> str:
    part = f"{what!r} in " if what else ""
    return f"key '{key}': no example needs {part}{pattern.source!r}"


def _with(check: Check, words: list[Pattern]) -> Check:
    return replace(check, words=tuple(words))
