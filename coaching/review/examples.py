"""Holds every check to its own examples: what it must notice, and what it must leave alone."""

from collections.abc import Iterator

from coaching.playbook.reader import Playbook
from coaching.playbook.rules import Check
from coaching.review.checks import find
from coaching.review.voice import hear


def faults(playbook: Playbook) -> tuple[str, ...]:
    """Every example that does not hold, by rule, check and sentence; empty when all of them do."""
    checks = [check for rule in playbook.rules.values() for check in rule.checks]
    return tuple(fault for check in checks for fault in _faults(check, playbook))


def _faults(check: Check, playbook: Playbook) -> Iterator[str]:
    where = f"{check.rule}.toml: check '{check.id}'"
    for kind, lines in (("flags", check.flags), ("allows", check.allows)):
        if not lines:
            yield f"{where}: '{kind}' has no example"
        for line in lines:
            fired = bool(find(hear(line, playbook.judging), (check,), frozenset(check.when)))
            if fired != (kind == "flags"):
                yield f"{where}: {'does not notice' if kind == 'flags' else 'should leave alone'}: {line}"
