"""Pasted text cut into pieces so small that each is the customer's, ours, or nobody's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from coaching.pasted.parts import lower
from coaching.playbook.pasting import Pasting

_MARKED = re.compile(r"[ \t]{0,4}(?:>[ \t]?){1,3}")
_GREETS = (
    "Hi|Hello|Hey|Dear|Hiya|Hallo|Hola|Bonjour|Good (?:morning|afternoon|evening)|Guten|Lieber?|Sehr geehrte"
)
_SAYS = "go|said|say|answer|answered|write|wrote|replied|reply|put|would|typed"
# What may stand between two pieces; what is matched belongs to neither.
_GAP = re.compile(
    r"[ \t]{0,9}\n(?:[ \t]{0,8}(?:[-•*·]|\d[.)])(?=[ \t]))?\s{0,40}"
    r"|(?<=[.?!…])\s{1,40}|(?<=[.?!…][\"'”’)\]*_])\s{1,40}"
    r"|(?<=[:：])[-*_]{0,3}\s{1,40}(?=\S)|(?<=[^\W\d]:)(?=[^\s/\d])"
    r"|[ \t]{1,9}(?:-{1,3}>?|–|—|=>|→|>{1,4}|\||/|<-{1,2}|←|↳|👇|⬇️|=)[ \t]{1,9}"
    r"|\t|(?<=\w);(?=\w)|\s{0,9}(?:→|👇|⬇️|>>>)\s{0,9}"
    r"|(?:(?<=\s)|^)(?=[\"“„«])|(?<=[\"”“»])[,.;: ]{1,4}(?=\S)"
    r"|(?:(?<=\s)|^)(?=[\[(<])|(?<=[\])>])\s{1,9}(?=\S)|(?<=[\])>])(?=[A-Z])"
    rf"|\s{{1,9}}(?=(?:{_GREETS})[ ,!])"
    r"|\s{1,9}(?=(?:(?i:so|and) )?(?i:my|our) (?:answer|reply|response|draft|version|go)\b)"
    rf"|\s{{1,9}}(?=(?:and )?[iI] (?:{_SAYS})\b)"
    r"|\s{1,9}(?=(?:and )?(?i:i'd|i'll|i want to|id) (?:say|answer|reply|write|send|respond|email|text)\b)"
    r"|\s{1,9}(?=(?:they|she|he|customer|cust|client) (?:wrote|said|asked|says|asks|goes|sent)\b)"
    r"|(?<=\d[:.]\d\d)[ \t]{1,9}(?=[^\W\d])|^(?:@[\w.]{1,40}|[-•*·]|\d[.)])[ \t]{1,9}"
)
# "ok so the lady says I want to speak to a human": whose words come is told with no sign behind it.
_TELLS = re.compile(
    r"(?i)((?:[^\W\d][\w']{0,14}[, ]{1,3}){1,7}?(?:says|said|wrote|writes|asks|asked|answered|replied|goes"
    r"|texted|typed|texts|emailed|write|put|i go|i say|complained that|complains that"
    r"|i (?:would )?(?:reply|answer|say)|i'd (?:reply|answer|say)|my answer|my reply"
    r"|(?:reply|answer|response) is)(?: that| me| back| this| like| in)?)[, ]{1,2}(?=\S)"
)
_WORD = re.compile(r"[^\W_][\w']{0,40}")
MOST = 120  # pieces weighed; more is no reply to a customer
_LABEL = 7  # words of a label at most


@dataclass(frozen=True, slots=True, repr=False)  # a person's words belong in no log line
class Piece:
    """Where a piece stands, what parts it from the one before, and how deep it is quoted with ">"."""

    start: int
    end: int
    gap: str
    depth: int


def unmarked(text: str) -> tuple[str, list[int]]:
    """The text without ">" before its lines, and how many stood before each."""
    lines, depths = list[str](), list[int]()
    for line in text.split("\n"):
        match = _MARKED.match(line)
        lines.append(line[match.end() :] if match else line)
        depths.append(match.group().count(">") if match else 0)
    return "\n".join(lines), depths


def pieces(plain: str, depths: list[int], pasting: Pasting) -> list[Piece]:
    """The pieces of a text without ">", in order; no more than MOST and one."""
    out, line, seen = list[Piece](), 0, 0
    for start, end, gap in _parted(plain, pasting):
        line += plain.count("\n", seen, start)
        seen = start
        out.append(Piece(start, end, gap, depths[line]))
        if len(out) > MOST:
            break
    return out


def _parted(plain: str, pasting: Pasting) -> Iterator[tuple[int, int, str]]:
    since, gap = 0, "^"
    for match in [*_GAP.finditer(plain), None]:
        start = match.start() if match else len(plain)
        said = plain[since:start]
        if said.strip():
            begin = since + len(said) - len(said.lstrip())
            yield from _finer(plain, begin, since + len(said.rstrip()), gap, pasting)
            gap = ""
        if match:
            gap += match.group()
            since = match.end()


def _finer(plain: str, start: int, end: int, gap: str, pasting: Pasting) -> Iterator[tuple[int, int, str]]:
    """A label at the end of a sentence, or a teller at its beginning, is a piece of its own."""
    said = plain[start:end]
    if said.endswith(":"):
        cut = _labelled(lower(said), pasting)
        if cut:
            yield start, start + len(said[:cut].rstrip()), gap
            start, gap = start + cut, " "
    elif (match := _TELLS.match(said)) and len(said.split()) > 3:
        yield start, start + match.end(1), gap
        start, gap = start + match.end(), "~"
    yield start, end, gap


def _labelled(said: str, pasting: Pasting) -> int:
    """Where the longest label begins that a sentence ends with; 0 where all of it is one, or none."""
    label = said[:-1].rstrip(" )*_")
    for match in [*_WORD.finditer(label)][-_LABEL:]:
        if any(pasting.is_(side, label[match.start() :]) for side in ("own", "customer")):
            return match.start()
    return 0
