"""Compiles the playbook's patterns: whole words, on folded text, and only such as run in linear time."""

import re
from collections.abc import Mapping

# Bounded repeats only: with no `*`, `+` or `{n,}` a pattern's work cannot run away on hostile text.
_UNBOUNDED = re.compile(r"(?<!\\)(?:\\\\)*(?:[*+]|\{\d+,\})")
_EDGES = (r"(?<!\w)(?:", r")(?!\w)")


def patterns(
    file: str, where: str, key: str, row: Mapping[str, object], faults: list[str]
) -> tuple[re.Pattern[str], ...]:
    """Compile a list of patterns, made for folded text (lower case, straight quotes, single spaces)."""
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        faults.append(f"{file}: {where}key '{key}' must be a list of texts")
        return ()
    found = []
    for source in value:
        if _UNBOUNDED.search(re.sub(r"\[[^\]]*\]", "[]", source)):
            faults.append(f"{file}: {where}key '{key}': {source!r} repeats without a bound; write {{0,n}}")
            continue
        try:
            found.append(compiled(source))
        except (re.error, OverflowError, RecursionError) as error:
            faults.append(f"{file}: {where}key '{key}': {source!r} is not a pattern ({error})")
    return tuple(found)


def compiled(source: str) -> re.Pattern[str]:
    """A pattern for whole words. Raises re.error."""
    return re.compile(source.join(_EDGES))


def written(pattern: re.Pattern[str]) -> str:
    """A pattern as it stands in its file."""
    return pattern.pattern.removeprefix(_EDGES[0]).removesuffix(_EDGES[1])
