"""Reads the playbook folder into values; with a fault none of it is used, and every fault is named."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain
from typing import Protocol, TypeVar

from coaching.playbook.care import Care, read_care, read_models
from coaching.playbook.guarding import Guarding, read_guarding
from coaching.playbook.heads import NONE, Heads, HeadsError, read_heads
from coaching.playbook.hearing import NONE as HEARS_NOTHING
from coaching.playbook.hearing import Hearing, read_hearing
from coaching.playbook.intents import Intent, read_intents
from coaching.playbook.judging import Judging, read_judging
from coaching.playbook.pasting import NONE as MARKS_NOTHING
from coaching.playbook.pasting import Pasting, read_pasting
from coaching.playbook.patterns import Pattern, unsound
from coaching.playbook.promising import NONE as NO_PROMISES
from coaching.playbook.promising import Promising, read_promising
from coaching.playbook.prompts import Prompt, read_prompts
from coaching.playbook.questions import Question, read_questions
from coaching.playbook.rules import RULES, Rule, Tip, read_rule
from coaching.playbook.scenarios import Scenarios, read_scenarios
from coaching.playbook.subjects import NONE as NO_SUBJECTS
from coaching.playbook.subjects import Subjects, read_subjects
from coaching.playbook.wording import Wording, flatten


class PlaybookError(Exception):
    """The playbook cannot be used; `faults` says each reason and where it is."""

    def __init__(self, faults: list[str]) -> None:
        """Keep the faults, in the order found."""
        super().__init__("The playbook has faults:\n" + "\n".join(f"  {fault}" for fault in faults))
        self.faults = tuple(faults)


_Read = TypeVar("_Read")
_TABLES = (
    "asking",
    "criteria",
    "guards",
    "hearing",
    "intents",
    "pasted",
    "promises",
    "remarks",
    "review",
    "team",
    "tips",
    "when",
)


class Reviewing(Protocol):
    """What a review needs of a playbook."""

    @property
    def rules(self) -> Mapping[str, Rule]:
        """Whose checks are run."""
        ...

    @property
    def wording(self) -> Wording:
        """How it is said what was found."""
        ...

    @property
    def judging(self) -> Judging:
        """The criteria, and lists of words."""
        ...

    @property
    def heads(self) -> Heads:
        """The small models."""
        ...


@dataclass(frozen=True, slots=True, repr=False)  # as the whole one has none
class ForReview:
    """A playbook's part that a review needs, and no more: a third of the work to read it."""

    rules: Mapping[str, Rule]
    wording: Wording
    judging: Judging
    heads: Heads


@dataclass(frozen=True, slots=True, repr=False)  # a log line that names one would be a hundred pages long
class Playbook:
    """Everything the coach knows and says."""

    rules: Mapping[str, Rule]
    tables: Mapping[str, Mapping[str, object]]  # other data files by stem: criteria, intents, when
    wording: Wording
    care: Care
    judging: Judging
    heads: Heads
    guarding: Guarding
    prompts: Mapping[str, Prompt]
    scenarios: Scenarios  # the customers to practise with
    intents: tuple[Intent, ...] = ()  # what a message can want, in order of precedence
    hearing: Hearing = HEARS_NOTHING  # how it is found out
    pasting: Pasting = MARKS_NOTHING  # how people mark whose words they paste
    promising: Promising = NO_PROMISES  # how a promise is heard
    subjects: Subjects = NO_SUBJECTS  # what customers' remarks are about
    questions: tuple[Question, ...] = ()  # what teams are asked
    templates: tuple[str, ...] = ()  # replies that a company's people paste, from its own playbook

    @property
    def tips(self) -> tuple[Tip, ...]:
        """All tips, in the order of the rules."""
        return tuple(tip for rule in self.rules.values() for tip in rule.tips)


def read(language: str = "en") -> Playbook:
    """The playbook that ships with Breather. Raises PlaybookError with every fault."""
    root = files("coaching.playbook")
    return _faultless(_read(root / language, root / "safety", faults := list[str]()), faults)


def read_for_review(language: str = "en") -> ForReview:
    """What a review needs of the playbook that ships. Raises PlaybookError with every fault."""
    folder, faults = files("coaching.playbook") / language, list[str]()
    criteria, lists = (table(folder / f"{name}.toml", faults) for name in ("criteria", "review"))
    return _faultless(_for_review(folder, criteria, lists, faults), faults)


def read_from(folder: Traversable, safety: Traversable) -> Playbook:
    """A playbook that nobody has tested: as `read`, and every pattern is tried. Raises PlaybookError."""
    playbook = _read(folder, safety, faults := list[str]())
    faults.extend(unsound(_patterns(playbook)))
    return _faultless(playbook, faults)


def _faultless(found: _Read, faults: list[str]) -> _Read:
    if faults:
        raise PlaybookError(faults)
    return found


def _patterns(playbook: Playbook) -> Iterator[Pattern]:
    """Every pattern of a playbook."""
    checks = [check for rule in playbook.rules.values() for check in rule.checks]
    for each in (*checks, *playbook.scenarios.checks, *playbook.intents):
        yield from each.patterns
    for of in (playbook.judging.patterns, playbook.guarding.patterns, playbook.pasting.of):
        yield from chain.from_iterable(of.values())
    yield from (*playbook.care.settled.words, *playbook.care.misheard.words)


def _for_review(
    folder: Traversable, criteria: Mapping[str, object], lists: Mapping[str, object], faults: list[str]
) -> ForReview:
    rules = {
        name: read_rule(name, table(folder / "rules" / f"{name}.toml", faults), faults) for name in RULES
    }
    lines: dict[str, tuple[str, ...]] = {}
    for file in _tomls(folder / "wording", faults):
        lines |= flatten(table(file, faults), file.name.removesuffix(".toml"), faults)
    judging = read_judging(criteria, lists, faults)
    return ForReview(rules, Wording(lines), judging, _heads(folder / "heads", faults))


def _read(folder: Traversable, safety: Traversable, faults: list[str]) -> Playbook:
    tables = {file.name.removesuffix(".toml"): table(file, faults) for file in _tomls(folder, faults)}
    faults.extend(f"{name}.toml: the file is missing" for name in _TABLES if name not in tables)
    intents = read_intents(tables.get("intents", {}), faults)
    care = read_care({f.name.removesuffix(".toml"): table(f, faults) for f in _tomls(safety, faults)}, faults)
    care = replace(care, models=read_models(safety, faults))
    review = _for_review(folder, tables.get("criteria", {}), tables.get("review", {}), faults)
    practice = {f.name.removesuffix(".toml"): table(f, faults) for f in _tomls(folder / "practice", faults)}
    scenarios = read_scenarios(practice, faults)
    hearing = read_hearing(tables.get("hearing", {}), folder / "heads", faults)
    pasting = read_pasting(tables.get("pasted", {}), folder / "heads", faults)
    promising = read_promising(tables.get("promises", {}), faults)
    subjects = read_subjects(tables.get("remarks", {}), folder / "heads", faults)
    guarding = read_guarding(tables.get("guards", {}), folder / "heads", faults)
    questions = read_questions(tables.get("team", {}), faults)
    prompts = read_prompts(folder / "prompts", faults)
    known = (guarding, prompts, scenarios, intents, hearing, pasting, promising, subjects, questions)
    return Playbook(review.rules, tables, review.wording, care, review.judging, review.heads, *known)


def _heads(folder: Traversable, faults: list[str]) -> Heads:
    try:
        return read_heads(folder)
    except (HeadsError, OSError, ValueError, KeyError) as error:
        faults.append(f"heads/: the models cannot be read ({error})")
        return NONE


def _tomls(folder: Traversable, faults: list[str]) -> list[Traversable]:
    if not folder.is_dir():
        faults.append(f"{folder.name}/: the folder is missing")
        return []
    return sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)


def table(file: Traversable, faults: list[str]) -> Mapping[str, object]:
    """What stands in a TOML file; nothing, and a fault, if it cannot be read."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        faults.append(f"{file.name}: the file is missing")
    except OSError as error:
        faults.append(f"{file.name}: cannot be read ({error.strerror})")
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        faults.append(f"{file.name}: cannot be read as TOML ({error})")
    return {}
