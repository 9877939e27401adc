"""Danger rules as values: phrases that tell of a danger and their harmless twins, each with its proofs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from coaching.playbook.patterns import Pattern, patterns
from coaching.playbook.phrases import Phrase, PhraseError, Reading, Some, Spelling, by_word


class Danger(Enum):
    """What a text says that goes before everything else, the gravest last. Never an emotion."""

    NONE = "none"
    ILLEGAL_INSTRUCTION = "illegal_instruction"
    ABUSE_RECEIVED = "abuse_received"
    HARASSMENT = "harassment"  # somebody at work does it: the more exact answer goes first
    HARM_OTHERS = "harm_others"
    OTHER_PERSON = "other_person"
    SELF = "self"
    SELF_EMERGENCY = "self_emergency"
    MEDICAL = "medical"


class Voice(Enum):
    """Who speaks in a text."""

    ANY = "any"  # nobody knows: a chat line, a vent, perhaps with the customer's words pasted in
    MINE = "mine"  # the person's own reply: an insult in it was not received by them
    THEIRS = "theirs"  # the customer: "I" is somebody else, "you" is the person


@dataclass(frozen=True, slots=True)
class DangerRule:
    """Phrases that tell of one danger, and the harmless twins that do not.

    A match of `unless` takes back the matches it overlaps, and no other; one of `calms`, anywhere near, takes
    back all of this rule's. `voices`: in whose words it is looked for; in everybody's where none is named.
    """

    danger: Danger
    words: tuple[Phrase, ...]
    unless: tuple[Phrase, ...] = ()
    calms: tuple[Phrase, ...] = ()
    flags: tuple[str, ...] = ()
    allows: tuple[str, ...] = ()
    voices: frozenset[Voice] = frozenset()
    told: bool = False  # made of a rule about oneself: the same phrases about somebody else
    by_word: Mapping[str, tuple[Phrase, ...]] = field(
        default_factory=dict, repr=False
    )  # where to look at all

    def near(self, words: Iterable[str]) -> Iterator[Phrase]:
        """The phrases that may stand in a line of these words, some of them more than once."""
        yield from self.by_word.get("", ())
        for word in words:
            yield from self.by_word.get(word, ())


@dataclass(frozen=True, slots=True)
class Settled:
    """Whole texts that say that it is over ("all good now"), or was misheard; twins that sound like it."""

    words: tuple[Pattern, ...] = ()
    flags: tuple[str, ...] = ()
    allows: tuple[str, ...] = ()


_NEEDS = {"danger", "words", "flags", "allows"}
_MAY = _NEEDS | {"unless", "calms", "voices", "others"}
_SETTLED = {"words", "flags", "allows"}
_WORDS = {"fillers", "spelling", "classes", "me", "them", "reported"}


@dataclass(frozen=True, slots=True)
class Grammar:
    """What words.toml holds: classes for oneself and for others, spellings, what tells of others' words."""

    me: Reading = field(default_factory=lambda: Reading({}, Spelling()))
    them: Reading = field(default_factory=lambda: Reading({}, Spelling()))
    spelling: Spelling = field(default_factory=Spelling)
    reported: tuple[Phrase, ...] = ()


def read_grammar(table: Mapping[str, object], faults: list[str]) -> Grammar:
    """The classes, spellings and fillers of words.toml; faults name the key."""
    check_keys("words.toml: ", table, _WORDS, _WORDS, faults)
    fillers = frozenset(str(table.get("fillers", "")).split())
    spelling = Spelling({key: tuple(str(v).split()) for key, v in _pairs(table, "spelling", faults)}, fillers)
    plain = Reading({}, spelling)
    me, them = (replace(plain, classes=_classes(table, who, plain, faults)) for who in ("me", "them"))
    reported = _phrases("words.toml: ", "reported", table, me, faults)
    return Grammar(me, them, spelling, reported)


def _classes(
    table: Mapping[str, object], person: str, plain: Reading, faults: list[str]
) -> Mapping[str, Some]:
    """The classes for one person: its own first, then those that all share."""
    classes: dict[str, Some] = {}
    by = replace(plain, classes=classes)
    for part in (person, "classes"):
        for name, value in _pairs(table, part, faults):
            if isinstance(value, str):
                found = [word for word in value.split() if plain.spelling.plain(word)]
            else:
                found = [str(each) for each in value] if isinstance(value, list) else []
            try:
                classes[name] = by.some(found or ["("])
            except PhraseError as error:
                faults.append(f"words.toml: {part}.{name} {error}")
    return classes


def read_rules(
    file: str, table: Mapping[str, object], grammar: Grammar, faults: list[str]
) -> Iterator[DangerRule]:
    """The [[rule]] rows of a file; one about oneself that has `others` is two rules."""
    check_keys(f"{file}: ", table, {"rule", "settled", "misheard"}, set(), faults)
    for number, row in rows(file, "rule", table, faults):
        where = f"{file}: rule {number}: "
        rule = _rule(where, row, grammar, faults)
        yield rule
        if "others" in row:
            words, unless, calms = _three(where, row, grammar.them, [])
            told = replace(
                rule, danger=Danger.OTHER_PERSON, words=words, unless=unless, calms=calms, told=True
            )
            flags = lines(where, "others", row, faults)
            yield replace(told, by_word=by_word(words), flags=flags, allows=())


def _rule(where: str, row: Mapping[str, object], grammar: Grammar, faults: list[str]) -> DangerRule:
    check_keys(where, row, _MAY, _NEEDS, faults)
    danger, known = row.get("danger"), [d.value for d in Danger if d is not Danger.NONE]
    if danger not in known:
        faults.append(f"{where}key 'danger' {danger!r} is not one of {known}")
    voices = row.get("voices", [])
    if not isinstance(voices, list) or not all(voice in [v.value for v in Voice] for voice in voices):
        faults.append(f"{where}key 'voices' must be a list of {[v.value for v in Voice]}")
        voices = list[str]()
    words, unless, calms = _three(where, row, grammar.me, faults)
    return DangerRule(
        danger=Danger(danger) if danger in known else Danger.NONE,
        flags=lines(where, "flags", row, faults),
        allows=lines(where, "allows", row, faults),
        voices=frozenset(map(Voice, voices)),
        words=words,
        unless=unless,
        calms=calms,
        by_word=by_word(words),
    )


def _three(
    where: str, row: Mapping[str, object], by: Reading, faults: list[str]
) -> tuple[tuple[Phrase, ...], ...]:
    return tuple(_phrases(where, key, row, by, faults) for key in ("words", "unless", "calms"))


def _phrases(
    where: str, key: str, row: Mapping[str, object], by: Reading, faults: list[str]
) -> tuple[Phrase, ...]:
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        faults.append(f"{where}key '{key}' must be a list of texts")
        return ()
    found: list[Phrase] = []
    for source in value:
        try:
            found.append(by.phrase(source))
        except PhraseError as error:
            faults.append(f"{where}key '{key}': {source!r} {error}")
    return tuple(found)


def read_settled(name: str, table: object, faults: list[str]) -> Settled:
    """The [settled] or the [misheard] table of rules.toml."""
    if not isinstance(table, dict):
        faults.append(f"rules.toml: '{name}' must be written as [{name}]")
        return Settled()
    check_keys(f"rules.toml: {name}: ", table, _SETTLED, _SETTLED, faults)
    return Settled(
        patterns("rules.toml", f"{name}: ", "words", table, faults),
        lines(f"rules.toml: {name}: ", "flags", table, faults),
        lines(f"rules.toml: {name}: ", "allows", table, faults),
    )


def check_keys(
    where: str, row: Mapping[str, object], may: set[str], needs: set[str], faults: list[str]
) -> None:
    """Name every key that is unknown and every one that is missing."""
    faults.extend(f"{where}key '{key}' is unknown" for key in sorted(row.keys() - may))
    faults.extend(f"{where}key '{key}' is missing" for key in sorted(needs - row.keys()))


def rows(
    file: str, key: str, table: Mapping[str, object], faults: list[str]
) -> list[tuple[int, Mapping[str, object]]]:
    """The tables of a list of tables, numbered from one."""
    found = table.get(key, [])
    if isinstance(found, list) and all(isinstance(row, dict) for row in found):
        return list(enumerate(found, 1))
    faults.append(f"{file}: '{key}' must be written as [[{key}]]")
    return []


def lines(where: str, key: str, row: Mapping[str, object], faults: list[str]) -> tuple[str, ...]:
    """A list of lines, at least one."""
    value = row.get(key, [])
    if isinstance(value, list) and value and all(isinstance(v, str) and v.strip() for v in value):
        return tuple(value)
    if key in row:
        faults.append(f"{where}key '{key}' must be a list of lines, at least one")
    return ()


def _pairs(table: Mapping[str, object], key: str, faults: list[str]) -> Iterable[tuple[str, object]]:
    value = table.get(key, {})
    if isinstance(value, dict):
        return value.items()
    faults.append(f"words.toml: '{key}' must be written as [{key}]")
    return ()
