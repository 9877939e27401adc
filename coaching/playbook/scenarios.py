"""The customers of the practice as values: who they are, and every line they say, by what they react to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from coaching.playbook.rules import Check, read_checks

LEVELS = (1, 2, 3)


class Reaction(Enum):
    """What a customer's line is the answer to."""

    FLAT = "flat"  # nothing in the reply reached them
    STUNG = "stung"  # it blamed or defended
    HUSHED = "hushed"  # told to be calm or patient
    WALLED = "walled"  # a no, and nothing else
    INSULTED = "insulted"
    LIMITED = "limited"  # a limit was set to somebody who had crossed none
    ASKED = "asked"  # a question: they answer it
    HELPED = "helped"  # a way was offered, their trouble never named
    NAMED = "named"  # their trouble was named, nothing offered yet
    EASED = "eased"  # named, and something done about it
    SETTLED = "settled"  # the last line of a game that went well
    LEFT = "left"  # they go
    ABUSE = "abuse"  # they cross a line, whatever was said
    BACKED = "backed"  # a limit was set, and they take it
    AGAIN = "again"  # a limit was set, and they do not


_ALWAYS = tuple(r for r in Reaction if r not in (Reaction.ABUSE, Reaction.BACKED, Reaction.AGAIN))
_ABUSIVE = tuple(r for r in Reaction if r is not Reaction.LIMITED)
_TEXTS = ("who", "industry", "title", "case", "can")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One customer. `lines`: for each reaction an even number of them, the first half for a cooler mood."""

    id: str
    who: str  # their first name
    industry: str
    title: str  # what it is about, to stand in a list
    case: str  # what has happened
    can: str  # what the person answering can offer
    openings: tuple[str, ...]  # one for each level
    lines: Mapping[Reaction, tuple[str, ...]]
    abusive: bool = False

    @property
    def every(self) -> tuple[str, ...]:
        """Every line this customer can say."""
        return (*self.openings, *(line for lines in self.lines.values() for line in lines))


@dataclass(frozen=True, slots=True, repr=False)  # as the playbook has none
class Scenarios:
    """All customers by id, and what is found in a reply only here."""

    customers: Mapping[str, Scenario]
    checks: tuple[Check, ...] = ()

    def plain(self) -> tuple[str, ...]:
        """Ids of those who are upset and cross no line."""
        return tuple(name for name, scenario in self.customers.items() if not scenario.abusive)


def read_scenarios(tables: Mapping[str, Mapping[str, object]], faults: list[str]) -> Scenarios:
    """The practice folder's tables as values; every fault is added with file and key."""
    if "checks" not in tables:
        faults.append("practice/checks.toml: the file is missing")
    checks = read_checks("practice/checks.toml", "B3", tables.get("checks", {}), faults)
    found = {name: _scenario(name, row, faults) for name, row in tables.items() if name != "checks"}
    if not any(not scenario.abusive for scenario in found.values()):
        faults.append("practice/: there is no customer to practise with")
    return Scenarios(found, checks)


def _scenario(name: str, row: Mapping[str, object], faults: list[str]) -> Scenario:
    file, abusive = f"practice/{name}.toml", row.get("abusive", False) is True
    if not name.isalnum() or len(name) > 12:
        faults.append(f"{file}: the name must be at most 12 letters, nothing else")
    texts = {key: row.get(key) for key in _TEXTS}
    faults.extend(
        f"{file}: key '{key}' must be a sentence"
        for key, text in texts.items()
        if not (isinstance(text, str) and text.strip())
    )
    openings = _lines(file, "openings", row, faults)
    if len(openings) != len(LEVELS):
        faults.append(f"{file}: key 'openings' must hold {len(LEVELS)} lines, one for each level")
    wanted = _ABUSIVE if abusive else _ALWAYS
    lines = {reaction: _lines(file, reaction.value, row, faults) for reaction in wanted}
    faults.extend(
        f"{file}: key '{reaction.value}' must hold an even number of lines"
        for reaction, said in lines.items()
        if len(said) % 2
    )
    known = {*_TEXTS, "abusive", "openings", *(reaction.value for reaction in wanted)}
    faults.extend(f"{file}: key '{key}' is unknown" for key in sorted(row.keys() - known))
    said = [*openings, *(line for those in lines.values() for line in those)]
    faults.extend(f"{file}: said twice: {line}" for line in sorted({x for x in said if said.count(x) > 1}))
    return Scenario(
        id=name,
        openings=openings,
        lines=lines,
        abusive=abusive,
        **{key: str(text) for key, text in texts.items()},
    )


def _lines(file: str, key: str, row: Mapping[str, object], faults: list[str]) -> tuple[str, ...]:
    value = row.get(key)
    if isinstance(value, list) and value and all(isinstance(line, str) and line.strip() for line in value):
        return tuple(value)
    faults.append(f"{file}: key '{key}' must be a list of lines")
    return ()
