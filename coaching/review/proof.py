"""Proves a company's playbook as ours is proven: its examples, its every word, and our good replies."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files

from coaching.playbook.overlay import changed
from coaching.playbook.reader import Playbook
from coaching.playbook.rules import CheckKind
from coaching.review import examples
from coaching.review.earned import unearned
from coaching.review.engine import review


def faults(playbook: Playbook, ours: Playbook) -> Iterator[str]:
    """Each promise that the playbook breaks: by rule and check, or by the good reply that it spoils."""
    yield from examples.faults(playbook)
    for check in changed(playbook, ours):
        for fault in unearned(check, playbook.judging):
            yield f"{check.rule}.toml: check '{check.id}': {fault}"
    for row in good_replies():
        yield from _spoilt(row["reply"], row["customer"], playbook, ours)


def good_replies() -> list[dict[str, str]]:
    """The shelf of good replies, each with what the customer wrote: nothing in them needs changing."""
    shelf = files("coaching.playbook") / "en" / "shelf" / "good_replies.toml"
    return tomllib.loads(shelf.read_text(encoding="utf-8"))["reply"]


def _spoilt(reply: str, customer: str, playbook: Playbook, ours: Playbook) -> Iterator[str]:
    found = review(reply, customer, playbook)
    avoided = [f for f in found.findings if f.check.kind is CheckKind.AVOID]
    for finding in avoided:
        quote = reply[finding.span.start : finding.span.end]
        where = f"{finding.check.rule}.toml: check '{finding.check.id}'"
        yield f"{where}: flags “{quote}” in a good reply: {reply}"
    if not avoided and not found.good and review(reply, customer, ours).good:
        yield f"a good reply is no longer good to send: {reply}"
