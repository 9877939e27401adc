"""Prints docs/rules.md from the playbook: `python -m tools.rules_table > docs/rules.md`."""

from itertools import groupby
from operator import attrgetter

from coaching.playbook.reader import Playbook, read
from coaching.playbook.rules import Rule

INTRO = """\
# The ten rules

<!-- Made from coaching/playbook/en/rules: python -m tools.rules_table > docs/rules.md -->

Everything Breather coaches comes from two short articles, five rules each, told here in our own words.
Every tip ends in an if-then line that an agent can take over: a plan that names its moment is more likely
to be carried out than a good intention.
"""


def page(playbook: Playbook) -> str:
    """The whole page."""
    parts = [INTRO, overview(playbook)]
    for article, rules in groupby(playbook.rules.values(), key=attrgetter("article")):
        parts += [f"## {article}\n", *(section(rule) for rule in rules)]
    return "\n".join(parts)


def overview(playbook: Playbook) -> str:
    """One line a rule, and how many tips there are in all."""
    lines = ["| rule | title | tips |", "|---|---|---:|"]
    lines += [
        f"| {rule.id} | [{rule.title}](#{anchor(rule)}) | {len(rule.tips)} |"
        for rule in playbook.rules.values()
    ]
    return "\n".join([*lines, f"| | all | {len(playbook.tips)} |", ""])


def section(rule: Rule) -> str:
    """One rule: title, idea, why, source and the number of its tips."""
    return "\n".join(
        [
            f"### {heading(rule)}\n",
            f"{rule.idea}\n",
            f"**Why it works.** {rule.why}\n",
            f"*Source: {rule.source}. {len(rule.tips)} tips.*\n",
        ]
    )


def heading(rule: Rule) -> str:
    """The rule's id and title."""
    return f"{rule.id}: {rule.title}"


def anchor(rule: Rule) -> str:
    """The heading's address within the page, as code hosts make it."""
    kept = (char for char in heading(rule).lower() if char.isalnum() or char in " -")
    return "".join(kept).replace(" ", "-")


if __name__ == "__main__":
    print(page(read()), end="")
