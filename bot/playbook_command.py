"""breather playbook: proves our playbook or a company's own, or prints one of its rules."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from coaching.playbook.overlay import changed, read_overlaid
from coaching.playbook.reader import Playbook, read
from coaching.playbook.rules import Rule
from coaching.playbook.tables import PlaybookError
from coaching.review.proof import faults


def run(args: argparse.Namespace, out: IO[str], err: IO[str]) -> int:
    """0: proven or printed. 1: the playbook has faults, all listed. 2: no such rule or folder."""
    if args.path and not Path(args.path).is_dir():
        print(f"breather: there is no folder {args.path}", file=err)
        return 2
    try:
        ours = read()
        playbook = read_overlaid(Path(args.path), ours) if args.path else ours
    except PlaybookError as error:
        print(f"breather: {error}", file=err)
        return 1
    return (
        _check(playbook, ours, out, err) if args.action == "check" else _show(playbook, args.rule, out, err)
    )


def _check(playbook: Playbook, ours: Playbook, out: IO[str], err: IO[str]) -> int:
    found = tuple(faults(playbook, ours))
    for fault in found:
        print(fault, file=err)
    if not found:
        print(_summary(playbook, ours), file=out)
    return int(bool(found))


def _summary(playbook: Playbook, ours: Playbook) -> str:
    if playbook is ours:
        checks = sum(len(rule.checks) for rule in playbook.rules.values())
        return f"{len(playbook.rules)} rules, {checks} checks, every example holds"
    checks = len(changed(playbook, ours))
    tips = sum(tip not in ours.tips for tip in playbook.tips)
    lines = sum(ours.wording.lines[key] != line for key, line in playbook.wording.lines.items())
    yours = f"Of your own: checks {checks}, tips {tips}, sentences {lines}."
    return f"{yours} Every example holds, every word is needed, and good replies stay good."


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
