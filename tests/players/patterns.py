"""Takes one word or alternative out of a check's patterns, and tells whether an example notices."""

import re
from dataclasses import replace
from itertools import pairwise

from coaching.playbook.patterns import needle
from coaching.playbook.rules import Check
from coaching.review.checks import find
from coaching.review.voice import hear

_EDGES = ("(?<!\\w)(?:", ")(?!\\w)")


def source(pattern):
    return pattern.pattern.removeprefix(_EDGES[0]).removesuffix(_EDGES[1])


def compiled(text):
    return re.compile(rf"(?<!\w)(?:{text})(?!\w)")


def variants(text):
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


def groups(text):
    """(before the first alternative, the end, the bars) of each group and of the whole."""
    stack, index = [[-1, []]], 0
    while index < len(text):
        char = text[index]
        if char == "\\":
            index += 1
        elif char == "[":
            index = text.index("]", index + 2)
        elif char == "(":
            opening = re.compile(r"\((?:\?(?::|=|!|<=|<!))?").match(text, index)
            index = opening.end() - 1
            stack.append([index, []])
        elif char == "|":
            stack[-1][1].append(index)
        elif char == ")":
            start, bars = stack.pop()
            yield start, index, bars
        index += 1
    yield -1, len(text), stack[0][1]


def fires(check: Check, voice):
    """What of it the check quotes; nothing when it does not fire."""
    return {(f.at.start, f.at.end) for f in find(voice, [check], frozenset(check.when))}


def unearned(check: Check, judging):
    """Every pattern, alternative and optional group that could go without an example noticing."""
    flags = [hear(text, judging) for text in check.flags]
    allows = [hear(text, judging) for text in check.allows]
    bare = replace(check, unless=())
    quoted = [(v, fires(check, v)) for v in flags]
    for index, pattern in enumerate(check.words):
        mine = [(v, q) for v, q in quoted if fires(_words(check, [pattern]), v)]
        for what, text in [("all of", None), *variants(source(pattern))]:
            kept = [compiled(text) if p is pattern else p for p in check.words if p is not pattern or text]
            changed = _words(check, kept)
            if all(fires(changed, v) == q for v, q in mine):
                yield f"{check.id}: words {index}: {what!r} in {source(pattern)[:60]}"
    for index, pattern in enumerate(check.unless):
        others = replace(check, unless=tuple(p for p in check.unless if p is not pattern))
        mine = [v for v in allows if fires(others, v) and fires(bare, v)]
        if not mine:
            yield f"{check.id}: unless {index}: {source(pattern)[:60]}"
        for what, text in variants(source(pattern)):
            if not any(fires(replace(check, unless=(compiled(text),)), v) for v in mine):
                yield f"{check.id}: unless {index}: {what!r} in {source(pattern)[:60]}"


def _words(check, patterns):
    return replace(check, words=tuple(patterns), needles=tuple(needle(p) for p in patterns))
