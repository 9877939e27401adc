"""The ten rules as values: tips and checks, read from one TOML file each, every fault named."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from coaching.playbook.patterns import Pattern, patterns

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

    @property
    def rule(self) -> str:
        """The id of the rule it belongs to."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to notice in a reply, with the sentences that prove it."""

    id: str
    rule: str
    criterion: str
    kind: CheckKind
    words: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]  # a match in the same sentence takes the finding back
    say: str  # what is noticed, to the person; empty for shows, limits and hears
    plan: str  # the if-then line
    repair: str  # name of an edit of coaching/review/repair.py, or ""
    weight: int  # which finding matters most when several fire
    flags: tuple[str, ...]
    allows: tuple[str, ...]
    also: tuple[str, ...] = ()  # further criteria it speaks for
    when: tuple[str, ...] = ()  # ids of HEARS checks, one of which must be heard from the customer first
    scope: Scope = Scope.SENTENCE

    @property
    def criteria(self) -> tuple[str, ...]:
        """Every criterion it speaks for, its own first."""
        return (self.criterion, *self.also)

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """Every pattern it has."""
        return (*self.words, *self.unless)


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

    @property
    def article(self) -> str:
        """The article it comes from: its source without the rule's number."""
        return self.source.rpartition(",")[0] or self.source


_RULE_KEYS = {"title", "source", "idea", "why", "tip", "check"}
_TIP_KEYS = {"id", "say", "plan"}
_CHECK_NEEDS = {"id", "criterion", "kind", "words", "flags", "allows"}
_CHECK_MAY = {"unless", "say", "plan", "repair", "weight", "also", "when", "scope"}
REPAIRS = ("drop", "drop-sentence", "cause", "sorry")  # the edits of coaching/review/repair.py


def read_rule(name: str, table: Mapping[str, object], faults: list[str]) -> Rule:
    """One rule file's table as a Rule; every fault is added with file, check and key."""
    whole = _Row(f"{name}.toml", "", table, faults)
    whole.knows(_RULE_KEYS, _RULE_KEYS - {"check"})
    tips = tuple(_tip(name, row) for row in whole.tables("tip"))
    checks = tuple(_check(name, row) for row in whole.tables("check"))
    for kind, ids in (("tip", [t.id for t in tips]), ("check", [c.id for c in checks])):
        twice = sorted({i for i in ids if ids.count(i) > 1})
        faults.extend(f"{whole.file}: {kind} '{i}' appears twice" for i in twice)
    texts = {key: whole.text(key) for key in ("title", "source", "idea", "why")}
    return Rule(name, texts["title"], texts["source"], texts["idea"], texts["why"], tips, checks)


def read_checks(file: str, rule: str, table: Mapping[str, object], faults: list[str]) -> tuple[Check, ...]:
    """The checks of a file that is no rule's own; they speak for the rule that is named."""
    whole = _Row(file, "", table, faults)
    whole.knows({"check"}, {"check"})
    return tuple(_check(rule, row) for row in whole.tables("check"))


def _tip(rule: str, row: "_Row") -> Tip:
    row.knows(_TIP_KEYS, _TIP_KEYS)
    number = row.table.get("id")
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= 999:
        row.fault("id", "must be a whole number from 1 to 999")
    return Tip(f"{rule}.{number}", row.text("say"), row.text("plan"))


def _check(rule: str, row: "_Row") -> Check:
    row.knows(_CHECK_NEEDS | _CHECK_MAY, _CHECK_NEEDS)
    kind = row.one_of("kind", [k.value for k in CheckKind])
    say, plan = row.text("say"), row.text("plan")
    if kind == CheckKind.AVOID.value and not (say and plan):
        row.fault("kind", "'avoid' needs 'say' and 'plan'")
    for key in ("words", "flags", "allows"):
        if row.table.get(key) == []:
            row.fault(key, "needs at least one line")
    return Check(
        id=row.text("id"),
        rule=rule,
        criterion=row.one_of("criterion", list(CRITERIA)),
        kind=CheckKind(kind),
        words=patterns(row.file, row.where, "words", row.table, row.faults),
        unless=patterns(row.file, row.where, "unless", row.table, row.faults),
        say=say,
        plan=plan,
        repair=row.one_of("repair", ["", *REPAIRS]),
        weight=_weight(row),
        flags=row.texts("flags"),
        allows=row.texts("allows"),
        also=_also(row),
        when=row.texts("when"),
        scope=Scope(row.one_of("scope", [s.value for s in Scope])),
    )


def _weight(row: "_Row") -> int:
    weight = row.table.get("weight", 1)
    if isinstance(weight, int) and not isinstance(weight, bool) and 1 <= weight <= 10:
        return weight
    row.fault("weight", "must be a whole number from 1 to 10")
    return 1


def _also(row: "_Row") -> tuple[str, ...]:
    also = row.texts("also")
    for name in also:
        if name not in CRITERIA:
            row.fault("also", f"{name!r} is not one of {list(CRITERIA)}")
    return tuple(name for name in also if name in CRITERIA)


@dataclass(frozen=True, slots=True)
class _Row:
    """One table of a file, and where to note what is wrong with it."""

    file: str
    where: str
    table: Mapping[str, object]
    faults: list[str]

    def fault(self, key: str, what: str) -> None:
        self.faults.append(f"{self.file}: {self.where}key '{key}' {what}")

    def knows(self, may: set[str], needs: set[str]) -> None:
        for key in sorted(self.table.keys() - may):
            self.fault(key, "is unknown")
        for key in sorted(needs - self.table.keys()):
            self.fault(key, "is missing")

    def tables(self, key: str) -> list["_Row"]:
        rows = self.table.get(key, [])
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return [_Row(self.file, f"{key} {row.get('id', '?')!r}: ", row, self.faults) for row in rows]
        self.faults.append(f"{self.file}: '{key}' must be written as [[{key}]]")
        return []

    def text(self, key: str) -> str:
        value = self.table.get(key, "")
        if isinstance(value, str) and (value.strip() or key not in self.table):
            return value
        self.fault(key, "must be a sentence")
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.table.get(key, [])
        if isinstance(value, list) and all(isinstance(v, str) and v for v in value):
            return tuple(value)
        self.fault(key, "must be a list of texts")
        return ()

    def one_of(self, key: str, allowed: list[str]) -> str:
        value = self.table.get(key)
        if isinstance(value, str) and value in allowed:
            return value
        if key in self.table:
            self.fault(key, f"{value!r} is not one of {allowed}")
        return allowed[0]
