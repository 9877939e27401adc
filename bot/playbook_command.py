"""breather playbook: proves the playbook that is installed, or prints one of its rules."""

import argparse
from collections.abc import Iterator
from typing import IO

from coaching.playbook.reader import Playbook, PlaybookError, read
from coaching.playbook.rules import Rule
from coaching.review.examples import faults


def run(args: argparse.Namespace, out: IO[str], err: IO[str]) -> int:
    """0: proven or printed. 1: the playbook has faults, all listed. 2: no such rule."""
    try:
        playbook = read()
    except PlaybookError as error:
        print(f"breather: {error}", file=err)
        return 1
    return _check(playbook, out, err) if args.action == "check" else _show(playbook, args.rule, out, err)


def _check(playbook: Playbook, out: IO[str], err: IO[str]) -> int:
    found = faults(playbook)
    for fault in found:
        print(fault, file=err)
    if not found:
        checks = sum(len(rule.checks) for rule in playbook.rules.values())
        print(f"{len(playbook.rules)} rules, {checks} checks, every example holds", file=out)
    return int(bool(found))


def _show(playbook: Playbook, name: str, out: IO[str], err: IO[str]) -> int:
    rule = playbook.rules.get(name.upper())
    if rule is None:
        print(f"breather: name one of the rules: {', '.join(playbook.rules)}", file=err)
        return 2
    print("\n".join(_lines(rule)), file=out)
    return 0


def _lines(rule: Rule) -> Iterator[str]:
    yield f"{rule.id}  {rule.title}"
    yield f"    {rule.source}"
    yield f"\n{rule.idea}\n\n{rule.why}\n"
    for tip in rule.tips:
        yield f"- {tip.say}\n  {tip.plan}"
