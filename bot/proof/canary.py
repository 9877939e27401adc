"""A canary: a text nobody else wrote, and every shape in which it could stand in a file, a log or a call."""

import base64
import html
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

from bot.proof.views import views

_LONG = 8  # letters from which on a word is looked for by itself
_PIECE = 64 * 1024 * 1024  # bytes of a file that are looked at together
_EMPTY = bytes(4096)  # a page of a database that holds nothing yet
_RANDOM = "bcdfghjkmnpqrstvwxz"  # letters that make no word by chance, and that no folding takes for digits
_WORDS = (  # one for each letter, and none that means anything to a coach
    *("amber", "birch", "cedar", "daisy", "elder", "fennel", "ginkgo", "hazel", "indigo"),
    *("juniper", "kelp", "lilac", "maple", "nettle", "olive", "poplar", "quince", "reed"),
    *("sorrel", "thyme", "umber", "violet", "willow", "xylem", "yarrow", "zinnia"),
)
_TAIL = 12
_BETWEEN = (b" ", b",", b", ", b":", b"-", b"\\x")


def canary() -> str:
    """A sentence as random as a key, with letters and signs that every encoding writes differently."""
    return family().text()


def shapes(text: str) -> frozenset[bytes]:
    """Every way these words could be written; one that holds another needs no looking for."""
    return _shapes([text, *(word for word in _bare(text) if len(word) >= _LONG)])


def _bare(text: str) -> list[str]:
    return [word.strip('"<>&?/') for word in text.split()]


def _shapes(pieces: Iterable[str]) -> frozenset[bytes]:
    found: set[bytes] = set()
    for piece in pieces:
        for cased in {piece, piece.lower(), piece.upper(), piece.casefold()}:
            found |= _written(cased) | _listed(cased) | _written(cased[::-1])
    kept: list[bytes] = []
    for shape in sorted(found, key=len):
        if not any(shorter in shape for shorter in kept):
            kept.append(shape)
    return frozenset(kept)


def _written(text: str) -> set[bytes]:
    raw = text.encode()
    told = {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1]}
    told |= {quote(text), quote_plus(text), quote(text, safe=""), html.escape(text)}
    told |= {raw.hex(), raw.hex().upper(), repr(raw)[2:-1]}
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for offset in range(3):
            whole = encode(bytes(offset) + raw).decode()
            sure = (offset + len(raw)) * 8 // 6  # the last sign may hold bits of what follows
            told.add(whole[(0, 2, 3)[offset] : sure])
    return {one.encode() for one in told} | {text.encode("utf-16-le"), text.encode("utf-16-be")}


def _listed(text: str) -> set[bytes]:
    """Byte by byte in hexadecimal digits, with something between. `views` reads lists of numbers."""
    raw = text.encode()
    ways = ([b"%02x" % byte for byte in raw], [b"%02X" % byte for byte in raw])
    found = {between.join(way) for way in ways for between in _BETWEEN}
    return found | {b", ".join(hex(byte).encode() for byte in raw)}


@dataclass(frozen=True, slots=True, repr=False)
class Search:
    """What is looked for: the shapes of one text."""

    wanted: frozenset[bytes]

    def __or__(self, other: "Search") -> "Search":
        """For the one or the other."""
        return Search(self.wanted | other.wanted)

    def within(self, held: bytes) -> bool:
        """Whether these bytes hold the text in any shape, as they are or read in another way."""
        return self.as_it_is(held) or any(self.as_it_is(view) for view in views(held))

    def as_it_is(self, held: bytes) -> bool:
        """Whether they do as they are."""
        return bool(held) and any(map(held.__contains__, self.wanted))

    def within_file(self, path: Path, start: int = 0) -> bool:
        """Whether a file does, in its name or in what it holds from `start` on."""
        if self.as_it_is(path.name.encode("utf-8", "surrogateescape")):
            return True
        overlap = max(map(len, self.wanted))
        tail = b""
        for piece in _pieces(path, start):
            if self.within((tail + piece).replace(_EMPTY, b"")):
                return True
            tail = piece[-overlap:]
        return False


def search_for(text: str) -> Search:
    """A search for this text in every shape."""
    return Search(shapes(text))


@dataclass(frozen=True, slots=True, repr=False)
class Family:
    """Texts that share two random words' beginnings and their last words: one search finds any of them."""

    one: str
    two: str
    tail: str

    def text(self) -> str:
        """A text nobody else wrote, of this family."""
        mine = _random(8)
        return f'Kestrel{self.one}{mine} "Ümbrella{self.two}{mine}" <b>&\nwhy/me? {self.tail}'

    def search(self) -> Search:
        """A search for all of them: for what is random in them, and for the first letters of their words."""
        first = "".join(word[0] for word in self.tail.split())
        spread = {between.join(cased) for between in (" ", ",", ", ", '", "') for cased in _cases(first)}
        return Search(_shapes((self.one, self.two, first)) | {one.encode() for one in spread})


def family() -> Family:
    """A new one."""
    words = (secrets.choice(_WORDS) for _ in range(_TAIL))
    return Family(_random(12), _random(12), " ".join(words))


def _cases(text: str) -> tuple[str, str]:
    return text, text.upper()


def _random(letters: int) -> str:
    return "".join(secrets.choice(_RANDOM) for _ in range(letters))


def _pieces(path: Path, start: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while piece := file.read(_PIECE):
            yield piece
