"""Folds text for matching (case, quotes, spaces) and maps every position back to the original."""

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

_QUOTES = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'", "´": "'", "ʼ": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "…": "...",
}  # fmt: skip
_TO_FOLD = re.compile(
    r"[ \n] |[\x00-\x09\x0b-\x1f`\x7f]"
)  # what of ASCII does not stay as it is, but for case
# Words of plain ASCII with one blank between stay as they are, but for case; all else is looked at by itself.
_PIECE = re.compile(r"[!-_a-~]+(?: [!-_a-~]+)*|.", re.DOTALL)
_WIDEST = 4  # letters made of one sign: a single ligature of a whole phrase would make a text 18 times longer


class Span(NamedTuple):  # a review makes hundreds, and a tuple is made in a third of the time
    """A stretch of the original text, in code points, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Folded:
    """Text made plain for matching. `offsets[i]` is where folded character i starts in the original."""

    text: str
    offsets: tuple[int, ...] | range
    original: str

    def span(self, start: int, end: int) -> Span:
        """The original stretch behind folded positions start..end."""
        if end <= start:
            return Span(self.offsets[start], self.offsets[start])
        return Span(self.offsets[start], self.offsets[end - 1] + 1)

    def quote(self, span: Span) -> str:
        """Exactly the original characters of a span."""
        return self.original[span.start : span.end]


def fold(original: str) -> Folded:
    """Lower case, straight quotes, single spaces, no invisible characters; line ends stay."""
    if original.isascii() and not _TO_FOLD.search(original):
        return Folded(original.lower(), range(len(original) + 1), original)
    out: list[str] = []
    offsets: list[int] = []
    for match in _PIECE.finditer(original):
        index, piece = match.start(), match.group()
        if len(piece) > 1:
            out += piece.lower()
            offsets += range(index, match.end())
            continue
        for plain in _plain(piece):
            if plain == " " and out and out[-1] in " \n":
                continue
            out.append(plain)
            offsets.append(index)
    offsets.append(len(original))
    return Folded("".join(out), tuple(offsets), original)


def _plain(char: str) -> str:
    if char == "\n":
        return "\n"
    if char in _QUOTES:
        return _QUOTES[char]
    if char.isspace():
        return " "
    if unicodedata.category(char) in {"Cf", "Cc", "Cs", "Mn"} and not _is_accent(char):
        return ""
    if char.isascii():
        return char.lower()
    return unicodedata.normalize("NFKC", char)[:_WIDEST].lower()


def _is_accent(char: str) -> bool:
    return unicodedata.category(char) == "Mn" and not "\ufe00" <= char <= "\ufe0f"
