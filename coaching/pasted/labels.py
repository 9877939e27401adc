"""Labels before what is pasted: "Customer:", "[Me]", "they wrote", a name beside our own label."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coaching.pasted.asides import is_aside
from coaching.pasted.parts import lower
from coaching.playbook.pasting import Pasting

TIME = (
    r"(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4},?[ t]{1,2})?\d{1,2}[:.]\d{2}(?::\d{2})?z?(?: ?[ap]\.?m\.?)?"
    r"(?: ?(?:utc|gmt|cet|est|bst|uhr))?"
)
_LABEL = re.compile(
    rf"(?:^|\n|(?<=[.!?:;\"'”)] ))[ \t\"*_#@•\[(-]{{0,6}}(?:{TIME}[\])]?[ ,|-]{{0,4}})?"
    rf"[\[*_(]{{0,3}}([^\W\d][^\n:*\[\]<>()|\".!?]{{0,38}}?)(?:[ *_\]]{{0,2}}\(([^()\n]{{1,40}})\))?"
    rf"[*_\])]{{0,3}}(?:[ ,|-]{{1,3}}[\[(]?{TIME}[\])]?)?[*_]{{0,3}} ?(?::|=>|->|→)[*_]{{0,3}}[ \t]{{0,3}}"
)
# The same with other signs; these count only where the words are a label's: "customer - ...", "[Me] ...".
_SIGNED = re.compile(
    r"(?:^|\n)[ \t\"*_#•·-]{0,4}(?:\d[.)] ?)?@?([^\W\d][^\n:*\[\]<>()|\".!?=👇]{0,38}?)"
    r"(?:@| ?(?:👇|⬇️|=)[: ]{0,2}| [-–—] )\s{0,3}(?=\S)"
)
_LISTED = re.compile(r"(?:^|\n)[ \t•·*-]{0,4}(?:\d[.)]|[•·*@-])[ ]?@?([^\W\d][^\n:]{0,30}): ?(?=\S)")
_BOXED = re.compile(r"(?:^|(?<=\s))[\[(<]([^\W\d][^\n:\[\]<>()]{0,24})[\])>]:?[ \t]{0,3}(?=\S)")
_ARROW = re.compile(r"(?<=\S)\n[ \t]{0,4}(?:->|=>|→|↳|>>>)[ \t]{1,3}(?=\S)")
# "Patient says nobody called": a teller with no sign behind, at the beginning of a line.
_TOLD = re.compile(r"(?:^|\n)[ \t]{0,4}((?:[^\W\d][\w']{0,14} ){2,5})(?=\S)")
_TELLS = (
    "says",
    "said",
    "say",
    "wrote",
    "write",
    "writes",
    "asks",
    "asked",
    "answered",
    "replied",
    "goes",
    "go",
)
_GOES_ON = (
    "to",
    "that",
    "about",
    "the",
    "him",
    "her",
    "them",
    "back",
    "this",
    "it",
    "you",
    "so",
    "if",
    "and",
)
_NAME = 4  # words of a name at most


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a label stands, and whose words follow it: "customer" or "own"."""

    start: int
    end: int
    whose: str


def marks(text: str, pasting: Pasting) -> list[Mark]:
    """All labels whose side is known, in order."""
    plain = lower(text)
    found = list(_LABEL.finditer(plain))
    known = [Mark(match.start(), match.end(), whose) for match in found if (whose := _whose(match, pasting))]
    known += _others(plain, pasting)
    known = _apart(known)
    sides = {mark.whose for mark in known}
    if len(sides) < 2:
        known = _apart([*known, *_tellers(plain, sides, pasting)])
    if {mark.whose for mark in known} == {"own"}:
        known = _apart([*_named(found, known, pasting), *known])
    return known


def _apart(found: Sequence[Mark]) -> list[Mark]:
    """In order, without those that stand within another."""
    out: list[Mark] = []
    for mark in sorted(found, key=lambda mark: (mark.start, -mark.end)):
        if not out or mark.start >= out[-1].end - 1:
            out.append(mark)
    return out


def _others(plain: str, pasting: Pasting) -> Iterator[Mark]:
    arrows = list(_ARROW.finditer(plain))
    if len(arrows) == 1:  # "is there parking", and below it "-> yes, behind the house"
        yield Mark(arrows[0].start(), arrows[0].end(), "own")
    for pattern in (_SIGNED, _LISTED, _BOXED):
        for match in pattern.finditer(plain):
            side = _side(match.group(1).strip(" .-"), pasting)
            if side:
                yield Mark(match.start(), match.end(), side)


def _tellers(plain: str, sides: set[str], pasting: Pasting) -> Iterator[Mark]:
    """Such as "Patient says ..." and "I'd say ...": both, or ours before a greeting."""
    found: list[Mark] = []
    for match in _TOLD.finditer(plain):
        mark = _teller(match, plain, pasting)
        if mark is not None:
            found.append(mark)
    both = {*sides, *(mark.whose for mark in found)} == {"customer", "own"}
    for mark in found:
        if both or (mark.whose == "own" and pasting.begins("greeting", plain[mark.end :])):
            yield mark


def _teller(match: re.Match[str], plain: str, pasting: Pasting) -> Mark | None:
    words = match.group(1).split()
    for many in range(len(words), 1, -1):
        said = " ".join(words[:many])
        if words[many - 1] in _TELLS and (side := _side(said, pasting)):
            end = match.start(1) + len(said) + 1
            following = plain[end : end + 20].split()[:1]
            return None if following and following[0] in _GOES_ON else Mark(match.start(), end, side)
    return None


def _named(found: Sequence[re.Match[str]], known: Sequence[Mark], pasting: Pasting) -> Iterator[Mark]:
    """A name before ours: "Rider: ...", "Me: ..."."""
    for match in found:
        name = match.group(1).strip(" .-")
        alone = match.start() == 0 or match.string[match.start()] == "\n"
        above = match.string[: match.start()].strip()
        before = alone and match.end() <= known[0].start + 1 and len(name.split()) <= _NAME
        before = before and (not above or is_aside(above, pasting))
        other = any(pasting.is_(kind, name) for kind in ("head", "nobody")) or pasting.has("asks", name)
        if before and not other:
            yield Mark(match.start(), match.end(), "customer")
            return


def _whose(match: re.Match[str], pasting: Pasting) -> str:
    """Whose label it is: by its words, or by what stands in brackets behind a name."""
    label, role = match.group(1).strip(" .-"), (match.group(2) or "").strip()
    return _side(label, pasting) or (role_of(role, pasting) if role else "")


def _side(label: str, pasting: Pasting) -> str:
    return next((name for name in ("own", "customer") if pasting.is_(name, label)), "")


def role_of(plain: str, pasting: Pasting) -> str:
    """Whose a speaker is: "customer", "own", or "" for a name."""
    if pasting.is_("customer", plain) or pasting.has("theirs", plain):
        return "customer"
    if pasting.is_("own", plain) or pasting.has("ours", plain):
        return "own"
    return ""
