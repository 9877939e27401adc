"""Text made to fit a card: cut at a sentence, plain where markup could change it, unable to ping."""

import json
import re
from typing import Any, TypeAlias

from coaching.sealed import Words
from coaching.values import Text

Json: TypeAlias = dict[str, Any]

CARD = 27 * 1024  # bytes of a card; Teams takes 28 KB
_END = re.compile(r"[.!?…][\"'”’)\]]{0,3}(?=\s)|\n")
_MARKS = re.compile(
    r"[*_~`#<>\[\]|\\{}@&/^$=]|\w\.\w|^\s*(?:[-+]|\d{1,9}[.)])|\b(?:www|mailto|https?)\b", re.IGNORECASE
)
_AT = re.compile(r"<(?=/?at\b)", re.IGNORECASE)
JOINER = "\u2060"  # a mark nobody sees, which keeps "<at>" from being a tag


def plain(text: Text) -> str:
    """All of a text, with what people wrote in it."""
    return "".join(piece.reveal() if isinstance(piece, Words) else piece for piece in text)


def clean(text: str) -> str:
    """Without the signs no card can carry: what is left of broken pairs, and control characters."""
    whole = text.encode("utf-8", "replace").decode()
    return "".join(char for char in whole if char in "\n\t" or char.isprintable() or ord(char) > 159)


def calm(text: str) -> str:
    """For texts outside cards (summaries): no tag of a mention survives."""
    return _AT.sub("<" + JOINER, clean(text))


def safe(line: str) -> bool:
    """Whether a line has nothing that Markdown, links, mentions or date functions could make something of."""
    return _MARKS.search(line) is None


def cut(text: str, limit: int) -> str:
    """The text, or as many whole sentences of it as fit, and an ellipsis."""
    if len(text) <= limit:
        return text
    most = max(limit - 2, 1)
    last = max((match.end() for match in _END.finditer(text, 0, most + 1) if match.end() <= most), default=0)
    if last < most // 3:
        last = max(text.rfind(" ", 0, most), text.rfind("\n", 0, most), 0) or most
    return text[:last].rstrip() + " …"


def size(value: object) -> int:
    """Bytes of a value on the wire."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))
