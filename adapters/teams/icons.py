"""Draws Breather's two icons, a breath of wind, as PNG files: nothing but the standard library."""

import struct
import zlib
from math import hypot

Colour = tuple[int, int, int]

_GROUND: Colour = (47, 93, 98)
_WHITE: Colour = (255, 255, 255)
_HALF = 0.037  # half a stroke, of a picture one wide
# Each stroke: a line from left to right at one height, and a curl at its end, up (-1) or down (1).
_STROKES = ((0.20, 0.45, 0.41, 0.09, -1), (0.15, 0.71, 0.55, 0.11, -1), (0.28, 0.59, 0.69, 0.085, 1))


def colour() -> bytes:
    """White on a calm ground, 192 pixels square."""
    return _png(192, [_blend(_drawn(x, y, 192), opaque=True) for y in range(192) for x in range(192)])


def outline() -> bytes:
    """White on nothing, 32 pixels square."""
    return _png(32, [_blend(_drawn(x, y, 32, 1.25), opaque=False) for y in range(32) for x in range(32)])


def _drawn(column: int, row: int, size: int, larger: float = 1.0) -> float:
    """How much of a pixel is covered, 0 to 1."""
    x, y = (((at + 0.5) / size - 0.5) / larger + 0.5 for at in (column, row))
    near = min(_distance(x, y, *stroke) for stroke in _STROKES)
    return min(1.0, max(0.0, (_HALF - near) * size * larger + 0.5))


def _distance(x: float, y: float, start: float, end: float, height: float, radius: float, turn: int) -> float:  # noqa: PLR0913, PLR0917 - the five numbers of a stroke
    """From a point to a stroke."""
    line = hypot(x - min(max(x, start), end), y - height)
    middle = height + turn * radius
    beside, above = x - end, (y - middle) * turn
    if beside < 0 and above < 0:  # the open quarter of the curl: its two ends are what is near
        return min(line, hypot(x - end + radius, y - middle))
    return min(line, abs(hypot(beside, above) - radius))


def _blend(covered: float, *, opaque: bool) -> bytes:
    if not opaque:
        return bytes((*_WHITE, round(255 * covered)))
    return bytes((*(round(g + (w - g) * covered) for g, w in zip(_GROUND, _WHITE, strict=True)), 255))


def _png(size: int, pixels: list[bytes]) -> bytes:
    rows = b"".join(b"\0" + b"".join(pixels[row * size : (row + 1) * size]) for row in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
