"""Mail: quoted lines, forwarded messages with their headers, signatures and disclaimers."""

import re
from itertools import dropwhile, pairwise

from coaching.pasted.asides import asked_off, is_aside
from coaching.pasted.parts import Parts, lower
from coaching.playbook.pasting import Pasting

_HEAD = re.compile(r"[ \t>*_]{0,4}([^\W\d][\w -]{0,14}?)[*_ ]{0,3}:[*_]{0,2}[ \t]")
_RULE = re.compile(r"(?m)^[ \t]*[-=_*~#—]{3,40}[ \t]*$")
_MARK = re.compile(r"[ \t]{0,4}>[ \t]?")


def quoted(text: str, pasting: Pasting) -> Parts | None:
    """Lines with ">" are the customer's, the others ours; None without such lines."""
    lines = text.splitlines()
    theirs = [line for line in lines if _MARK.match(line)]
    if not theirs:
        return None
    first = next(index for index, line in enumerate(lines) if _MARK.match(line))
    last = max(index for index, line in enumerate(lines) if _MARK.match(line))
    customer = _unquoted(lines[first : last + 1], pasting)
    before = [line for line in lines[:first] if not _parts(line, pasting)]
    between = [line for line in lines[first:last] if not _MARK.match(line) and line.strip()]
    after = "\n".join(lines[last + 1 :]).strip()
    above = "\n".join(before).strip()
    if between:
        return Parts(customer, "\n".join([*between, after]).strip())
    if after and not is_aside(after, pasting):
        return Parts(customer, _own(after, pasting))
    return Parts(customer, _own(above, pasting))


def _own(text: str, pasting: Pasting) -> str:
    """Without a label of ours before it."""
    plain = lower(text)
    head, colon, _ = plain.partition(":")
    if colon and "\n" not in head and pasting.is_("own", head.strip(" *_-")):
        return text[len(head) + 1 :].strip(" \t\n*_")
    return text


def _unquoted(lines: list[str], pasting: Pasting) -> str:
    found = [_MARK.sub("", line, count=1) for line in lines if _MARK.match(line)]
    kept = [line for line in found if not _parts(line, pasting) and not _MARK.match(line)]
    body = "\n".join(kept)
    return _beheaded(body, pasting).strip()


# --------------------------------------------------------------------------- forwarded


def forwarded(text: str, pasting: Pasting) -> Parts | None:
    """A mail with its headers below or above the draft; None where there is none."""
    lines = text.splitlines()
    starts = _starts(lines, pasting)
    if not starts:
        return None
    above = asked_off("\n".join(lines[: starts[0]]).strip(), pasting)
    bodies = [
        (_ours(lines[start:end], pasting), _beheaded("\n".join(lines[start:end]), pasting).strip())
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]
    theirs = [body for ours, body in bodies if not ours and body]
    mine = [body for ours, body in bodies if ours and body]
    if above and not is_aside(above, pasting):
        return Parts(theirs[0] if theirs else "", above)
    if mine and theirs:
        return Parts(theirs[0], mine[0])
    if mine:
        return Parts("", mine[0])
    above, rule, below = _ruled(theirs[0] if theirs else "")
    if rule and not pasting.begins("footer", lower(below)):
        return Parts(above, below)
    return _reply_below(theirs[0] if theirs else "", pasting)


def _ruled(body: str) -> tuple[str, str, str]:
    """What stands above a line of signs, the line, and what stands below it."""
    rules = list(_RULE.finditer(body))
    if len(rules) != 1:
        return body, "", ""
    return body[: rules[0].start()].strip(), rules[0].group(), body[rules[0].end() :].strip()


def _reply_below(body: str, pasting: Pasting) -> Parts:
    """The draft under a mail: from the last paragraph that greets or thanks, or below its footer."""
    blocks = [match for match in re.finditer(r"(?:[^\n]|\n(?![ \t]*\n))+", body) if match.group().strip()]
    for block in reversed(blocks[1:]):
        plain = lower(block.group()).strip()
        if pasting.begins("greeting", plain) or pasting.begins("thanked", plain):
            return Parts(body[: block.start()].strip(), body[block.start() :].strip())
    for before, block in pairwise(blocks):
        if _ends(before.group(), pasting):
            rest = body[block.start() :].strip()
            if not pasting.begins("footer", lower(rest)):
                return Parts(body[: block.start()].strip(), rest)
    return Parts(body, "")


def _ends(block: str, pasting: Pasting) -> bool:
    """Whether a mail ends with this block: it signs off, or is its footer."""
    lines = [lower(line).strip() for line in block.splitlines() if line.strip()]
    return any(pasting.is_("signoff", line) or pasting.is_("footer", line) for line in lines)


def _starts(lines: list[str], pasting: Pasting) -> list[int]:
    """Where mails begin: at a line that parts them, or at two lines of headers."""
    found, fresh = list[int](), True  # fresh: something was said since the last one began
    for index, line in enumerate(lines):
        parts, heads = _parts(line, pasting), _heads(line, pasting)
        double = heads and any(_heads(near, pasting) for near in lines[index + 1 : index + 3])
        if fresh and (parts or double):
            found.append(index)
            fresh = False
        fresh = fresh or not (parts or heads or not line.strip())
    return found


def _parts(line: str, pasting: Pasting) -> bool:
    return pasting.is_("parted", lower(line).strip(" \t>*_"))


def _heads(line: str, pasting: Pasting) -> bool:
    match = _HEAD.match(lower(line) + " ")
    return bool(match) and pasting.is_("head", match.group(1).strip() if match else "")


def _ours(lines: list[str], pasting: Pasting) -> bool:
    """Whether a mail is from us, by its first header or the line that parts it."""
    heads = [lower(line).partition(":")[0].strip(" *_>\t") for line in lines[:4] if _heads(line, pasting)]
    if heads and not {*heads} - {"to", "cc", "subject", "an", "betreff", "para", "asunto", "à", "objet"}:
        return True  # "To: ..., Subject: ..." and nobody who sent it
    for line in lines[:3]:
        plain = lower(line)
        if re.match(r"[ \t>*_]{0,4}(?:from|von|de|da)[*_ ]{0,3}:", plain):
            return pasting.has("ours", re.sub(r"[@._<>-]", " ", plain.partition(":")[2]))
    return False


def _beheaded(body: str, pasting: Pasting) -> str:
    """Without the headers at its beginning."""
    lines = body.splitlines()
    rest = dropwhile(lambda line: not line.strip() or _parts(line, pasting) or _heads(line, pasting), lines)
    return "\n".join(rest)


def without_footer(text: str, pasting: Pasting) -> str:
    """Without disclaimers, "Sent from my phone", and the block of a signature with ways to reach somebody."""
    lines = text.strip().splitlines()
    starts = _starts(lines, pasting)
    lines = _beheaded("\n".join(lines[starts[0] :] if starts else lines), pasting).splitlines()
    for index, line in enumerate(lines):
        plain = lower(line).strip()
        if plain and index and pasting.is_("footer", plain):
            lines = lines[:index]
            break
    return "\n".join(_unsigned("\n".join(lines).strip().splitlines(), pasting)).strip()


def _unsigned(lines: list[str], pasting: Pasting) -> list[str]:
    """Without a signature, if there is a line of contact among the last."""
    for index, line in enumerate(lines):
        plain = lower(line).strip()
        near = lines[index + 1 : index + 7]
        if index and pasting.is_("signoff", plain) and _reaches(near, pasting) and len(lines) - index < 9:
            return lines[:index]
    last = [index for index, line in enumerate(lines) if index and not line.strip()]
    if last and len(lines) - last[-1] < 7 and _reaches(lines[last[-1] + 1 :], pasting):
        return lines[: last[-1]]
    return lines


def _reaches(lines: list[str], pasting: Pasting) -> bool:
    return any(pasting.is_("contact", lower(line).strip()) for line in lines if line.strip())
