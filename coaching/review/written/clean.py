"""G0: takes out what nobody sees, so that nothing hidden goes to a model or comes from one."""

import re
import unicodedata

# Zero width, joiners, direction marks, tags, variation selectors, fillers, and controls but tab and line end.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\n{3,}")
_LOOK_ALIKE = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'", "“": '"', "”": '"', "„": '"', "‟": '"',
     "«": '"', "»": '"', "″": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-"}
)  # fmt: skip


def clean(text: str) -> str:
    """The text as it is seen: nothing hidden, one kind of each letter, single spaces, line ends kept."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = unicodedata.normalize("NFKC", _HIDDEN.sub("", text))
    text = _SPACES.sub(" ", _HIDDEN.sub("", text))  # what NFKC brought forth is looked at, too
    return _LINES.sub("\n\n", text).strip()


def level(text: str) -> str:
    """Cleaned, small, straight quotes and one line: for asking whether one text stands in another."""
    return " ".join(clean(text).translate(_LOOK_ALIKE).lower().split())


def stands_in(piece: str, text: str) -> bool:
    """G1: whether a piece of some length stands in a text, word for word."""
    return bool(level(piece)) and level(piece) in level(text)
