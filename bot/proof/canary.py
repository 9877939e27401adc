"""A canary: a text nobody else wrote, and every shape in which it could stand in a file, a log or a call."""

import base64
import html
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

_LONG = 8  # letters from which on a word is looked for by itself
_PIECE = 4 * 1024 * 1024  # bytes of a file that are looked at together


def canary() -> str:
    """A sentence as random as a key, with letters and signs that every encoding writes differently."""
    one, two = secrets.token_hex(8), secrets.token_hex(8)
    return f'Kestrel{one} "Ümbrella{two}" <b>&\nwhy/me?'


def shapes(text: str) -> frozenset[bytes]:
    """Every way these words could be written; one that holds another needs no looking for."""
    words = [word.strip('"<>&?/') for word in text.split()]
    found: set[bytes] = set()
    for piece in (text, *(word for word in words if len(word) >= _LONG)):
        for cased in {piece, piece.lower(), piece.upper(), piece.casefold()}:
            found |= _written(cased)
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


@dataclass(frozen=True, slots=True, repr=False)
class Search:
    """What is looked for: the shapes of one text."""

    wanted: frozenset[bytes]

    def within(self, held: bytes) -> bool:
        """Whether these bytes hold the text in any shape."""
        return any(shape in held for shape in self.wanted)

    def within_file(self, path: Path, start: int = 0) -> bool:
        """Whether a file does, in its name or in what it holds from `start` on."""
        if self.within(path.name.encode("utf-8", "surrogateescape")):
            return True
        overlap = max(map(len, self.wanted))
        tail = b""
        for piece in _pieces(path, start):
            if self.within(tail + piece):
                return True
            tail = piece[-overlap:]
        return False


def search_for(text: str) -> Search:
    """A search for this text in every shape."""
    return Search(shapes(text))


@dataclass(frozen=True, slots=True, repr=False)
class Family:
    """Texts that share their words' beginnings: one search finds any of them, wherever it is."""

    one: str
    two: str

    def text(self) -> str:
        """A text nobody else wrote, of this family."""
        mine = secrets.token_hex(4)
        return f'Kestrel{self.one}{mine} "Ümbrella{self.two}{mine}" <b>&\nwhy/me?'

    def search(self) -> Search:
        """A search for all of them."""
        return search_for(f"Kestrel{self.one} Ümbrella{self.two}")


def family() -> Family:
    """A new one."""
    return Family(secrets.token_hex(8), secrets.token_hex(8))


def _pieces(path: Path, start: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while piece := file.read(_PIECE):
            yield piece
