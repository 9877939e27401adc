"""Text made to fit Slack: cut or split at a sentence, escaped, unable to ping; and read back as plain."""

import re
from html import unescape

from coaching.sealed import Words
from coaching.values import Moment, Text

_END = re.compile(r"[.!?…][\"'”’)\]]{0,3}(?=\s)|\n")
_PING = re.compile(r"@(?=(?:here|channel|everyone|group)\b)", re.IGNORECASE)
_TAG = re.compile(r"<([@#!]|[a-z]{2,20}:)([^<>|]{0,3000})(?:\|([^<>]{0,3000}))?>")
_MEMBER, _CHANNEL = r"[UW][A-Z0-9]{5,20}", r"[CG][A-Z0-9]{5,20}"
_NAMED = re.compile(rf"@({_MEMBER})\b|\A({_MEMBER})\Z|#({_CHANNEL})\b")
_CLOCK = "{date_short_pretty} at {time}"  # Slack's own way: the reader's zone and language
JOINER = "\u2060"  # a mark nobody sees, which keeps "@here" from being one word


def plain(text: Text) -> str:
    """All of a text, with what people wrote in it."""
    return "".join(piece.reveal() if isinstance(piece, Words) else piece for piece in text)


def size(text: str) -> int:
    """How long Slack may find a text: in UTF-16 units, which is never less than in characters."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _head(text: str, limit: int) -> int:
    """How many characters of the text fit."""
    if size(text) <= limit:
        return len(text)
    low, high = 0, min(limit, len(text))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= limit else (low, middle - 1)
    return low


def _seam(text: str, limit: int) -> int:
    """Where to end the first piece: after the last sentence that fits, else at a blank, else hard."""
    most = _head(text, limit)
    ends = [match.end() for match in _END.finditer(text, 0, min(most + 1, len(text)))]
    last = max((end for end in ends if end <= most), default=0)
    if last and last >= most // 3:
        return last
    return max(text.rfind(" ", 0, most), text.rfind("\n", 0, most), 0) or most


def cut(text: str, limit: int) -> str:
    """The text, or as many whole sentences of it as fit, and an ellipsis."""
    if size(text) <= limit:
        return text
    return text[: _seam(text, limit - 2)].rstrip() + " …"


def split(text: str, limit: int) -> list[str]:
    """The text in pieces that fit, each ending at a sentence where possible; blank pieces are dropped."""
    pieces = []
    while size(text) > limit:
        seam = _seam(text, limit)
        pieces.append(text[:seam])
        text = text[seam:]
    return [piece.strip("\n") for piece in [*pieces, text] if piece.strip()]


def escaped(text: str) -> str:
    """For mrkdwn and fallback texts: no control sequence survives, and no word of it pings anybody."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _PING.sub("@" + JOINER, safe)


def marked(text: Text) -> str:
    """For mrkdwn: whom and what the coach names is shown by name, an instant on the reader's own clock."""
    return "".join(_marked(piece) for piece in text)


def _marked(piece: str | Words) -> str:
    """What people wrote is escaped, whatever it looks like."""
    if isinstance(piece, Words):
        return escaped(piece.reveal())
    if isinstance(piece, Moment):
        otherwise = escaped(piece).replace("|", "/")
        return f"<!date^{int(piece.at.timestamp())}^{_CLOCK}|{otherwise}>"
    return _NAMED.sub(_reference, escaped(piece))


def needs_markup(text: Text) -> bool:
    """Whether it names a person, a channel or an instant, which plain text shows by id or in one zone."""
    return any(
        isinstance(piece, Moment) or (isinstance(piece, str) and _NAMED.search(piece)) for piece in text
    )


def _reference(match: re.Match[str]) -> str:
    member = match[1] or match[2]
    return f"<@{member}>" if member else f"<#{match[3]}>"


def unescaped(text: str) -> str:
    """What a person typed, from Slack's escaped form of it: links as they read, mentions as @ and #."""
    return unescape(_TAG.sub(_tag, text))


def _tag(match: re.Match[str]) -> str:
    kind, target, label = match[1], match[2], match[3]
    if kind in ("@", "!"):
        return "@" + (label or target).removeprefix("@")
    if kind == "#":
        return "#" + (label or target)
    return label or (target if kind in ("mailto:", "tel:") else kind + target)
