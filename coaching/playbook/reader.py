"""Reads the playbook folder into values; with a fault none of it is used, and every fault is named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain

from coaching.playbook.care import Care, read_care, read_models
from coaching.playbook.guarding import Guarding, read_guarding
from coaching.playbook.heads import Heads
from coaching.playbook.hearing import NONE as HEARS_NOTHING
from coaching.playbook.hearing import Hearing, read_hearing
from coaching.playbook.intents import Intent, read_intents
from coaching.playbook.judging import Judging
from coaching.playbook.pasting import NONE as MARKS_NOTHING
from coaching.playbook.pasting import Pasting, read_pasting
from coaching.playbook.patterns import Pattern, unsound
from coaching.playbook.promising import NONE as NO_PROMISES
from coaching.playbook.promising import Promising, read_promising
from coaching.playbook.prompts import Prompt, read_prompts
from coaching.playbook.questions import Question, read_questions
from coaching.playbook.reviewing import for_review
from coaching.playbook.rules import Rule, Tip
from coaching.playbook.scenarios import Scenarios, read_scenarios
from coaching.playbook.subjects import NONE as NO_SUBJECTS
from coaching.playbook.subjects import Subjects, read_subjects
from coaching.playbook.tables import faultless, table, tomls
from coaching.playbook.wording import Wording

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
    return faultless(_read(root / language, root / "safety", faults := list[str]()), faults)


def read_from(folder: Traversable, safety: Traversable) -> Playbook:
    """A playbook that nobody has tested: as `read`, and every pattern is tried. Raises PlaybookError."""
    playbook = _read(folder, safety, faults := list[str]())
    faults.extend(unsound(_patterns(playbook)))
    return faultless(playbook, faults)


def _patterns(playbook: Playbook) -> Iterator[Pattern]:
    """Every pattern of a playbook."""
    checks = [check for rule in playbook.rules.values() for check in rule.checks]
    for each in (*checks, *playbook.scenarios.checks, *playbook.intents):
        yield from each.patterns
    for of in (playbook.judging.patterns, playbook.guarding.patterns, playbook.pasting.of):
        yield from chain.from_iterable(of.values())
    yield from (*playbook.care.settled.words, *playbook.care.misheard.words)


def _read(folder: Traversable, safety: Traversable, faults: list[str]) -> Playbook:
    tables = {file.name.removesuffix(".toml"): table(file, faults) for file in tomls(folder, faults)}
    faults.extend(f"{name}.toml: the file is missing" for name in _TABLES if name not in tables)
    intents = read_intents(tables.get("intents", {}), faults)
    care = read_care({f.name.removesuffix(".toml"): table(f, faults) for f in tomls(safety, faults)}, faults)
    care = replace(care, models=read_models(safety, faults))
    review = for_review(folder, tables.get("criteria", {}), tables.get("review", {}), faults)
    practice = {f.name.removesuffix(".toml"): table(f, faults) for f in tomls(folder / "practice", faults)}
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
