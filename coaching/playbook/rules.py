"""The ten rules as values: tips and checks, read from one TOML file each, every fault named."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

RULES = ("A1", "A2", "A3", "A4", "A5", "B1", "B2", "B3", "B4", "B5")
CRITERIA = ("R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8")


class CheckKind(Enum):
    """What a check looks for, and where."""

    AVOID = "avoid"  # words in the reply that break the criterion
    SHOWS = "shows"  # words in the reply that meet it
    LIMITS = "limits"  # words in the reply that bring the criterion into play (a refusal, an obstacle)
    HEARS = "hears"  # words in the customer's message that bring it into play


class Scope(Enum):
    """How much of the text one pattern is held against."""

    SENTENCE = "sentence"  # found anywhere inside one sentence
    START = "start"  # at the first word of a sentence
    WHOLE = "whole"  # the whole text, from its first word to its last


@dataclass(frozen=True, slots=True)
class Tip:
    """One thing to try. `id` is "A1.3"; `plan` is an if-then line."""

    id: str
    say: str
    plan: str


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to notice in a reply, with the sentences that prove it."""

    id: str
    rule: str
    criterion: str
    kind: CheckKind
    words: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]  # a match in the same sentence takes the finding back
    say: str  # what is noticed, to the person; empty for shows, limits and hears
    plan: str  # the if-then line
    repair: str  # name of an edit of coaching/review/repair.py, or ""
    weight: int  # which finding matters most when several fire
    flags: tuple[str, ...]
    allows: tuple[str, ...]
    also: tuple[str, ...] = ()  # further criteria it speaks for
    when: tuple[str, ...] = ()  # ids of HEARS checks, one of which must be heard from the customer first
    scope: Scope = Scope.SENTENCE

    needles: tuple[str, ...] = ()  # for each of `words`, letters every match must hold: a quick first look

    @property
    def criteria(self) -> tuple[str, ...]:
        """Every criterion it speaks for, its own first."""
        return (self.criterion, *self.also)


@dataclass(frozen=True, slots=True)
class Rule:
    """One of the ten rules, in our own words."""

    id: str
    title: str
    source: str  # which article, which rule
    idea: str  # the rule in one or two sentences
    why: str
    tips: tuple[Tip, ...]
    checks: tuple[Check, ...]


_RULE_KEYS = {"title", "source", "idea", "why", "tip", "check"}
_TIP_KEYS = {"id", "say", "plan"}
_CHECK_NEEDS = {"id", "criterion", "kind", "words", "flags", "allows"}
_CHECK_MAY = {"unless", "say", "plan", "repair", "weight", "also", "when", "scope"}


def read_rule(name: str, table: Mapping[str, object], faults: list[str]) -> Rule:
    """One rule file's table as a Rule; every fault is added with file, check and key."""
    file = f"{name}.toml"
    _known(file, "", table, _RULE_KEYS, _RULE_KEYS - {"check"}, faults)
    tips = tuple(_tip(file, name, row, faults) for row in _tables(file, "tip", table, faults))
    checks = tuple(_check(file, name, row, faults) for row in _tables(file, "check", table, faults))
    for kind, ids in (("tip", [t.id for t in tips]), ("check", [c.id for c in checks])):
        faults.extend(
            f"{file}: {kind} '{i}' appears twice" for i in sorted({i for i in ids if ids.count(i) > 1})
        )
    texts = {key: _string(file, "", key, table, faults) for key in ("title", "source", "idea", "why")}
    return Rule(name, texts["title"], texts["source"], texts["idea"], texts["why"], tips, checks)


def _tip(file: str, rule: str, row: Mapping[str, object], faults: list[str]) -> Tip:
    where = f"tip {row.get('id', '?')!r}: "
    _known(file, where, row, _TIP_KEYS, _TIP_KEYS, faults)
    number = row.get("id")
    if not isinstance(number, int):
        faults.append(f"{file}: {where}key 'id' must be a whole number")
    return Tip(
        f"{rule}.{number}",
        _string(file, where, "say", row, faults),
        _string(file, where, "plan", row, faults),
    )


def _check(file: str, rule: str, row: Mapping[str, object], faults: list[str]) -> Check:
    where = f"check {row.get('id', '?')!r}: "
    _known(file, where, row, _CHECK_NEEDS | _CHECK_MAY, _CHECK_NEEDS, faults)
    kind = _one_of(file, where, "kind", row, [k.value for k in CheckKind], faults)
    criterion = _one_of(file, where, "criterion", row, list(CRITERIA), faults)
    weight = row.get("weight", 1)
    if not isinstance(weight, int) or isinstance(weight, bool) or not 1 <= weight <= 10:
        faults.append(f"{file}: {where}key 'weight' must be a whole number from 1 to 10")
        weight = 1
    optional = {
        key: _string(file, where, key, row, faults) if key in row else "" for key in ("say", "plan", "repair")
    }
    for key in ("words", "flags", "allows"):
        if row.get(key) == []:
            faults.append(f"{file}: {where}key '{key}' needs at least one line")
    if kind == CheckKind.AVOID.value and not (optional["say"] and optional["plan"]):
        faults.append(f"{file}: {where}kind 'avoid' needs 'say' and 'plan'")
    words = patterns(file, where, "words", row, faults)
    return Check(
        id=_string(file, where, "id", row, faults),
        rule=rule,
        criterion=criterion,
        kind=CheckKind(kind),
        words=words,
        needles=tuple(needle(pattern.pattern) for pattern in words),
        unless=patterns(file, where, "unless", row, faults),
        weight=weight,
        flags=_strings(file, where, "flags", row, faults),
        allows=_strings(file, where, "allows", row, faults),
        when=_strings(file, where, "when", row, faults),
        also=_criteria(file, where, row, faults),
        scope=Scope(_one_of(file, where, "scope", row, [s.value for s in Scope], faults)),
        **optional,
    )


def _criteria(file: str, where: str, row: Mapping[str, object], faults: list[str]) -> tuple[str, ...]:
    also = _strings(file, where, "also", row, faults)
    faults.extend(
        f"{file}: {where}key 'also' {name!r} is not one of {list(CRITERIA)}"
        for name in also
        if name not in CRITERIA
    )
    return tuple(name for name in also if name in CRITERIA)


# Bounded repeats only: with no `*`, `+` or `{n,}` a pattern's work cannot run away on hostile text.
_UNBOUNDED = re.compile(r"(?<!\\)(?:\\\\)*(?:[*+]|\{\d+,\})")


def patterns(
    file: str, where: str, key: str, row: Mapping[str, object], faults: list[str]
) -> tuple[re.Pattern[str], ...]:
    """Compile a list of patterns, made for folded text (lower case, straight quotes, single spaces)."""
    found = []
    for source in _strings(file, where, key, row, faults):
        if _UNBOUNDED.search(re.sub(r"\[[^\]]*\]", "[]", source)):
            faults.append(f"{file}: {where}key '{key}': {source!r} repeats without a bound; write {{0,n}}")
            continue
        try:
            found.append(re.compile(rf"(?<!\w)(?:{source})(?!\w)"))
        except re.error as error:
            faults.append(f"{file}: {where}key '{key}': {source!r} is not a pattern ({error})")
    return tuple(found)


_EDGES = ("(?<!\\w)(?:", ")(?!\\w)")
_LITERAL = re.compile(r"[a-z0-9 ',@%-]{2,60}")


def needle(pattern: str) -> str:
    """The longest run of letters that every match of the pattern holds; "" where that cannot be told simply."""
    source = pattern.removeprefix(_EDGES[0]).removesuffix(_EDGES[1])
    flat, depth = [], 0
    for piece in re.findall(r"\\.|\[[^\]]*\]|.", source):
        depth -= piece == ")"
        if depth == 0:
            flat.append(piece if len(piece) == 1 else "#")
        depth += piece == "("
    outside = "".join(flat)
    if "|" in outside:
        return ""
    outside = re.sub(r".(?:[?]|\{[0-9,]{1,9}\})", "#", outside)
    return max(_LITERAL.findall(outside), key=len, default="")


def _known(
    file: str,
    where: str,
    row: Mapping[str, object],
    may: set[str],
    needs: set[str],
    faults: list[str],
) -> None:
    faults.extend(f"{file}: {where}key '{key}' is unknown" for key in sorted(row.keys() - may))
    faults.extend(f"{file}: {where}key '{key}' is missing" for key in sorted(needs - row.keys()))


def _tables(
    file: str, key: str, table: Mapping[str, object], faults: list[str]
) -> list[Mapping[str, object]]:
    rows = table.get(key, [])
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    faults.append(f"{file}: '{key}' must be written as [[{key}]]")
    return []


def _string(file: str, where: str, key: str, row: Mapping[str, object], faults: list[str]) -> str:
    value = row.get(key, "")
    if isinstance(value, str) and (value.strip() or key not in row):
        return value
    faults.append(f"{file}: {where}key '{key}' must be a sentence")
    return ""


def _strings(
    file: str, where: str, key: str, row: Mapping[str, object], faults: list[str]
) -> tuple[str, ...]:
    value = row.get(key, [])
    if isinstance(value, list) and all(isinstance(v, str) and v for v in value):
        return tuple(value)
    faults.append(f"{file}: {where}key '{key}' must be a list of texts")
    return ()


def _one_of(
    file: str,
    where: str,
    key: str,
    row: Mapping[str, object],
    allowed: list[str],
    faults: list[str],
) -> str:
    value = row.get(key)
    if isinstance(value, str) and value in allowed:
        return value
    if key in row:
        faults.append(f"{file}: {where}key '{key}' {value!r} is not one of {allowed}")
    return allowed[0]
