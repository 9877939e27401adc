"""A picture in a card: a real PNG that anybody's decoder reads, small, with the same in words."""

import json
import struct
import zlib
from base64 import b64decode

from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.picture import png, strips
from coaching.picture import Bar, Picture, Strip

BARS = st.lists(st.builds(Bar, st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=26)


def decoded(data):
    """Width, height and rows of palette places, read as the standard says; every checksum is checked."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, parts = 8, {}
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + body),)
        parts[kind] = body
        at += 12 + length
    width, height, *rest = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    assert rest == [8, 3, 0, 0, 0]
    raw = zlib.decompress(parts[b"IDAT"])
    lines = [raw[row * (width + 1) : (row + 1) * (width + 1)] for row in range(height)]
    assert {line[0] for line in lines} == {0}
    assert len(raw) == (width + 1) * height
    return width, height, [line[1:] for line in lines]


@given(BARS)
def test_any_bars_make_a_png(bars):
    """Filled from below as far as it was there, else a frame alone; a dot where there is nothing."""
    width, height, lines = decoded(png(tuple(bars)))
    assert (width, height) == (16 * len(bars), 12)
    for number, bar in enumerate(bars):
        column = [line[number * 16] for line in lines]
        if bar.full + bar.open:
            assert column == sorted(column, reverse=True)
            assert column.count(1) == round(bar.share * 12)
            assert lines[6][number * 16 + 6] == (1 if round(bar.share * 12) >= 6 else 0)
        else:
            assert set(column) == {0}
            assert lines[6][number * 16 + 6] == 3


def test_a_card_of_ten_rules_is_small():
    """A quarter of all ten rules leaves room for the rest of the card; what it shows is also said."""
    bars = tuple(Bar(n % 3, n % 2) for n in range(13))
    made = strips(Picture(tuple(Strip(f"A{n}", bars) for n in range(10)), "Thirteen weeks"))
    assert len(json.dumps(made)) < 8000
    name, image = (column["items"][0] for column in made[0]["columns"])
    assert name["text"] == "A0"
    assert image["altText"] == f"A0 {''.join(bar.sign for bar in bars)}. Thirteen weeks"
    decoded(b64decode(image["url"].removeprefix("data:image/png;base64,")))
