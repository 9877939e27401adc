"""Splits typed text into the customer's message and the person's own reply: "Customer: ... Me: ..."."""

import re
from dataclasses import dataclass

from coaching.playbook.judging import Judging
from coaching.text import fold

_LABEL = re.compile(r"(?:^|\n|(?<=[.!?:\"'] ))[ \"*_]{0,3}([a-z ]{1,24})[*_]{0,2} ?: ?")
_ASKS = re.compile(
    r"^\s{0,3}(?:please |can you |could you )?(?:review|check|look at|rate|improve)"
    r"(?: (?:this|my|the|it|a))?(?: (?:reply|draft|answer|response|message|email|mail))?"
    r"\s{0,3}(?:[:\n]|$|-\s)"
)
_WRAPPED = (('"', '"'), ("“", "”"), ("```", "```"), ("`", "`"))


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed, taken apart. Either may be empty."""

    customer: str
    draft: str


def split_typed(text: str, judging: Judging) -> Typed:
    """The labelled parts; without labels all of it is the draft, its "review:" and quotes taken off."""
    folded = fold(text)
    labels = [(m, _whose(m.group(1).strip(), judging)) for m in _LABEL.finditer(folded.text)]
    known = [(m, whose) for m, whose in labels if whose]
    if not any(whose == "customer" for _, whose in known):
        own = next((m for m, whose in known if not folded.text[: m.start()].strip()), None)
        start = own.end() if own else _after_request(folded.text)
        return Typed("", _unwrap(text[folded.offsets[start] :]))
    parts = {"customer": [], "own": []}
    for (match, whose), after in zip(known, [*known[1:], None], strict=True):
        end = after[0].start() if after else len(folded.text)
        parts[whose].append(_unwrap(text[folded.offsets[match.end()] : folded.offsets[end]]))
    return Typed("\n".join(parts["customer"]), "\n".join(parts["own"]))


def _whose(label: str, judging: Judging) -> str:
    for whose in ("customer", "own"):
        if any(p.fullmatch(label) for p in judging.patterns[f"{whose}_label"]):
            return whose
    return ""


def _after_request(folded: str) -> int:
    """Where the draft begins after "review my reply:"."""
    match = _ASKS.match(folded)
    return match.end() if match else 0


def _unwrap(text: str) -> str:
    text = text.strip()
    for start, end in _WRAPPED:
        inner = text[len(start) : -len(end)]
        if len(text) > len(start) + len(end) and text.startswith(start) and text.endswith(end):
            return inner.strip() if start not in inner else text
    return text
