"""What a review needs of a playbook: rules, criteria, models and wording. It can be read without the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Protocol

from coaching.playbook.heads import NONE, Heads, HeadsError, read_heads
from coaching.playbook.judging import Judging, read_judging
from coaching.playbook.rules import RULES, Rule, read_rule
from coaching.playbook.tables import faultless, table, tomls
from coaching.playbook.wording import Wording, flatten


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


def read_for_review(language: str = "en") -> ForReview:
    """What a review needs of the playbook that ships. Raises PlaybookError with every fault."""
    folder, faults = files("coaching.playbook") / language, list[str]()
    criteria, lists = (table(folder / f"{name}.toml", faults) for name in ("criteria", "review"))
    return faultless(for_review(folder, criteria, lists, faults), faults)


def for_review(
    folder: Traversable, criteria: Mapping[str, object], lists: Mapping[str, object], faults: list[str]
) -> ForReview:
    """What a review needs of a folder; every fault is added. `lists` is what stands in review.toml."""
    rules = {
        name: read_rule(name, table(folder / "rules" / f"{name}.toml", faults), faults) for name in RULES
    }
    lines: dict[str, tuple[str, ...]] = {}
    for file in tomls(folder / "wording", faults):
        lines |= flatten(table(file, faults), file.name.removesuffix(".toml"), faults)
    judging = read_judging(criteria, lists, faults)
    return ForReview(rules, Wording(lines), judging, _heads(folder / "heads", faults))


def _heads(folder: Traversable, faults: list[str]) -> Heads:
    try:
        return read_heads(folder)
    except (HeadsError, OSError, ValueError, KeyError) as error:
        faults.append(f"heads/: the models cannot be read ({error})")
        return NONE
