"""A picture of counts over time for an Adaptive Card: each row its name and a small PNG in the card."""

import zlib
from base64 import b64encode
from struct import pack
from typing import Any, TypeAlias

from coaching.picture import Bar, Picture, Strip

Json: TypeAlias = dict[str, Any]

_SIDE, _GAP = 12, 4  # pixels
_FULL, _OPEN, _NONE, _BACK = 1, 2, 3, 0  # places in the palette
_PALETTE = bytes((255, 255, 255, 31, 122, 104, 224, 164, 88, 160, 160, 160))
_CLEAR = bytes((0,))  # the first of them lets the card shine through


def strips(picture: Picture) -> list[Json]:
    """One row of the card for each row of the picture."""
    return [_row(strip, picture.says) for strip in picture.strips]


def _row(strip: Strip, says: str) -> Json:
    signs = "".join(bar.sign for bar in strip.bars)
    url = "data:image/png;base64," + b64encode(png(strip.bars)).decode("ascii")
    width, height = len(strip.bars) * (_SIDE + _GAP), _SIDE
    image = {
        "type": "Image",
        "url": url,
        "altText": f"{strip.label} {signs}. {says}",
        "width": f"{width}px",
        "height": f"{height}px",
    }
    name = {"type": "TextBlock", "text": strip.label, "wrap": True, "weight": "Bolder"}
    return {
        "type": "ColumnSet",
        "spacing": "Small",
        "columns": [
            {"type": "Column", "width": "40px", "items": [name]},
            {"type": "Column", "width": "auto", "verticalContentAlignment": "Center", "items": [image]},
        ],
    }


def png(bars: tuple[Bar, ...]) -> bytes:
    """A row of bars as a PNG of four colours, a frame each, filled from below as far as it was there."""
    lines = b"".join(b"\0" + bytes(p for bar in bars for p in _line(bar, y)) for y in range(_SIDE))
    head = pack(">IIBBBBB", len(bars) * (_SIDE + _GAP), _SIDE, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", _PALETTE), (b"tRNS", _CLEAR), (b"IDAT", zlib.compress(lines, 9)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in (*parts, (b"IEND", b"")))


def _line(bar: Bar, y: int) -> list[int]:
    """One line of pixels of one bar, with the gap behind it."""
    gap = [_BACK] * _GAP
    if bar.full + bar.open:
        if y >= _SIDE - round(bar.share * _SIDE):
            return [_FULL] * _SIDE + gap
        edge = (0, 1, _SIDE - 2, _SIDE - 1)
        return [_OPEN if y in edge or x in edge else _BACK for x in range(_SIDE)] + gap
    middle = y in (_SIDE // 2 - 1, _SIDE // 2)
    return [_NONE if middle and x in (_SIDE // 2 - 1, _SIDE // 2) else _BACK for x in range(_SIDE)] + gap


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))
