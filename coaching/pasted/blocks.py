"""Two blocks without a label: which is the customer's and which the draft, by how each speaks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from coaching.pasted.asides import is_aside, led_off, trailed_off
from coaching.pasted.parts import Parts, lower
from coaching.playbook.pasting import Pasting

_BLOCK = re.compile(r"(?:[^\n]|\n(?![ \t]*\n))+")
_RULE = re.compile(r"(?m)^[ \t]*[-=_*~#—]{3,40}[ \t]*$")
_SAID_SINGLY = re.compile(r"(?<!\w)['‘]((?:[^'‘’\n]|(?<=\w)['’](?=\w)){3,3000})['’](?!\w)")
_ARROW = re.compile(r"[\s,.:;]{0,4}(?:→|->|=>|>|–|-)\s{0,4}")
_SAID = re.compile(r"[\"“„«]([^\"“”„«»]{3,3000})[\"”“»]")


@dataclass(frozen=True, slots=True, repr=False)  # a person's words belong in no log line
class _Block:
    said: str
    start: int  # where it stands: the same words may stand elsewhere, too
    end: int

    @property
    def rule(self) -> bool:
        return bool(_RULE.fullmatch(self.said))


def in_blocks(text: str, pasting: Pasting) -> Parts | None:
    """The customer's block and ours; None where all of it is one draft."""
    whole, text = text, led_off(text, pasting)
    led = lower(whole[: len(whole) - len(text)]).strip()
    blocks = _blocks(text, pasting)
    ruled = any(block.rule for block in blocks)
    while blocks and (is_aside(blocks[0].said, pasting) or blocks[0].rule):
        blocks.pop(0)
    while len(blocks) > 1 and (is_aside(blocks[-1].said, pasting) or blocks[-1].rule):
        blocks.pop()
    if len(blocks) < 2:
        return _lines(text, pasting)
    if len(blocks) == 2 and pasting.has("draft_first", led):
        return _between(text, blocks[1:], blocks[:1])
    return _parted(text, blocks, pasting, ruled=ruled)


def _lines(text: str, pasting: Pasting) -> Parts | None:
    """A question on one line, and its answer on the next."""
    lines = trailed_off(text, pasting).splitlines()
    if len(lines) != 2 or not lines[0].rstrip().endswith(("?", "!")):
        return None
    first, second = (_speaks(line, pasting) for line in lines)
    named = pasting.begins("greeting", lower(lines[0]))
    if named or first > 0 or second < 0 or is_aside(lines[0], pasting) or lines[1].rstrip().endswith("?"):
        return None
    return Parts(lines[0].strip(), lines[1].strip())


def _blocks(text: str, pasting: Pasting) -> list[_Block]:
    """Stretches between blank lines and lines of signs; a greeting belongs to what follows it."""
    out: list[_Block] = []
    for begin, end in _stretches(text):
        last = out[-1].said if out else ""
        greeted = bool(last) and len(last.split()) < 6 and pasting.begins("greeting", lower(last))
        start = out.pop().start if greeted else begin
        out.append(_Block(text[start:end], start, end))
    return out


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Where each stretch begins and ends, without the line ends around it."""
    since = 0
    for rule in [*_RULE.finditer(text), None]:
        for match in _BLOCK.finditer(text, since, rule.start() if rule else len(text)):
            said = match.group()
            if said.strip():
                yield match.end() - len(said.lstrip("\n")), match.start() + len(said.rstrip("\n"))
        if rule:
            since = rule.end()
            yield rule.span()


def _parted(text: str, blocks: list[_Block], pasting: Pasting, *, ruled: bool) -> Parts | None:
    rules = [index for index, block in enumerate(blocks) if block.rule]
    if ruled and len(rules) == 1:
        return _between(text, blocks[: rules[0]], blocks[rules[0] + 1 :])
    greets = [
        index
        for index, block in enumerate(blocks)
        if pasting.begins("greeting", lower(block.said))
        or (index and pasting.begins("thanked", lower(block.said)))
    ]
    inner = [
        index for index in greets if index and not _signed(blocks[index : index + 1], pasting, alone=True)
    ]
    if inner and (len(greets) > 1 or 0 not in greets):
        cut = inner[-1] if 0 in greets else inner[0]
        if _speaks(blocks[cut - 1].said, pasting) <= 0 or pasting.begins("greeting", lower(blocks[cut].said)):
            return _between(text, blocks[:cut], blocks[cut:])
    if greets or len(blocks) > 3 or _signed(blocks, pasting):
        return None
    if len(blocks) == 2:
        return _two(text, blocks, pasting)
    return None


def _two(text: str, blocks: list[_Block], pasting: Pasting) -> Parts | None:
    first, second = (_speaks(block.said, pasting) for block in blocks)
    if (
        first < 0 < second
        or (first < 0 and second == 0)
        or (first == 0 and second > 0 and _asks(blocks[0].said))
    ):
        return _between(text, blocks[:1], blocks[1:])
    if first > 0 and second >= 0:
        return None  # one reply of two paragraphs
    if first > 0 and second < -1 and not pasting.count("answering", lower(blocks[1].said)):
        return _between(text, blocks[1:], blocks[:1])  # the draft above what they wrote
    return replace(_between(text, blocks[:1], blocks[1:]), unsure=True)


def _asks(block: str) -> bool:
    return "?" in block or "!" in block


def _between(text: str, theirs: list[_Block], mine: list[_Block]) -> Parts:
    return Parts(text[theirs[0].start : theirs[-1].end].strip(), text[mine[0].start : mine[-1].end].strip())


def _speaks(block: str, pasting: Pasting) -> int:
    """Above zero where somebody answers, below where somebody complains."""
    plain = lower(block)
    return pasting.count("answering", plain) - pasting.count("upset", plain)


def _signed(blocks: list[_Block], pasting: Pasting, *, alone: bool = False) -> bool:
    lines = [lower(line).strip() for block in blocks for line in block.said.splitlines()]
    found = any(pasting.is_("signoff", line) for line in lines)
    return found and (not alone or len(lines) < 4)


def narrated(text: str, pasting: Pasting) -> Parts | None:
    """They said "...". I'd answer "...": two stretches in quotes, each with its teller before it."""
    found = list(_SAID.finditer(text)) or list(_SAID_SINGLY.finditer(text))
    if not found:
        return None
    sides = [
        _teller(text[max(0, (found[i - 1].end() if i else 0)) : m.start()], pasting)
        for i, m in enumerate(found)
    ]
    if (
        len(found) == 2
        and sides == ["customer", ""]
        and _ARROW.fullmatch(text[found[0].end() : found[1].start()])
    ):
        sides[1] = "own"  # she asked "..." → "..."
    theirs = [m.group(1).strip() for m, side in zip(found, sides, strict=True) if side == "customer"]
    mine = [m.group(1).strip() for m, side in zip(found, sides, strict=True) if side == "own"]
    if theirs and mine:
        return Parts("\n".join(theirs), mine[-1])
    if len(theirs) == 1 and len(found) == 1:
        rest = trailed_off(text[found[0].end() :].lstrip(" \t\n.,-–—:"), pasting)
        label = re.match(r"(.{1,60}?)(?::| that )\s{0,3}", lower(rest))
        if label and pasting.is_("own", label.group(1).strip()):
            return Parts(theirs[0], rest[label.end() :].strip())
    return None


def _teller(before: str, pasting: Pasting) -> str:
    """Whose words come, by the last that is said before them."""
    tail = lower(before)[-60:].strip(" \t\n:,-–—(")
    for start in range(len(tail)):
        if start and tail[start - 1].isalnum():
            continue
        for name in ("own", "customer"):
            if pasting.is_(name, tail[start:]):
                return name
    return ""
