"""Bytes read in other ways than they stand: unpacked, or put together from lines of a letter each."""

import base64
import bz2
import lzma
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

_MOST = 64 * 1024 * 1024  # bytes that one packed piece is unpacked to
_DEEP = 2  # packed in something that is packed, or written in base64
_LINE = 300  # bytes of a line that may hold a letter of a text
_FEW = 12  # letters that are worth putting together

Unpack = Callable[[], Any]


def _raw() -> Any:  # noqa: ANN401 - what zlib gives
    return zlib.decompressobj(-15)


# How each kind of packing begins, and how it is unpacked.
_PACKED: tuple[tuple[bytes, Unpack], ...] = (
    (b"\x1f\x8b\x08", lambda: zlib.decompressobj(31)),
    *((b"\x78" + level, zlib.decompressobj) for level in (b"\x01", b"\x5e", b"\x9c", b"\xda")),
    (b"BZh", bz2.BZ2Decompressor),
    (b"\xfd7zXZ\x00", lzma.LZMADecompressor),
)
_IN_BASE64 = (b"H4sI", b"eJ", b"eN", b"eA", b"eF", b"Qlpo", b"/Td6WF", b"_Td6WF")  # the same, written there
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,65536}+")
_STANDARD = bytes.maketrans(b"-_", b"+/")
_ZIPPED = re.compile(rb"PK\x03\x04.{4}\x08\x00.{16}(..)(..)", re.DOTALL)
_ONE = re.compile(rb"(?<![A-Za-z0-9])[A-Za-z0-9]{1,2}(?=[^A-Za-z0-9]*\Z)")
_NUMBERS = re.compile(rb"[0-9]+")
_LIST = re.compile(rb"(?<![0-9])(?:[0-9]{1,3}+[\s,;:|]{1,20}+){11,9999}+[0-9]{0,3}")
_PLAIN = bytes(
    48 if chr(sign) in "0123456789" else 32 if chr(sign) in " \t\n\r,;:|" else 0 for sign in range(256)
)
_NUMBER_ALONE = b" 000 "  # in what _PLAIN makes of a list: most letters' numbers have three digits


def views(held: bytes) -> Iterator[bytes]:
    """Each of them."""
    for unpacked in _opened(held, _DEEP):
        yield unpacked
        yield from _put_together(unpacked)
    yield from _put_together(held)


def _opened(held: bytes, deep: int) -> Iterator[bytes]:
    """Whatever is packed in it, wherever that begins."""
    for one in (*_unpacked(held), *_written(held)) if deep else ():
        yield one
        yield from _opened(one, deep - 1)


def _unpacked(held: bytes) -> Iterator[bytes]:
    view = memoryview(held)
    starts = [(start, unpack) for begin, unpack in _PACKED for start in _all(held, begin)]
    for found in (_ZIPPED.match(held, start) for start in _all(held, b"PK\x03\x04")):
        if found is not None:
            name, more = (int.from_bytes(size, "little") for size in found.groups())
            starts.append((found.end() + name + more, _raw))
    for start, unpack in starts:
        try:
            told = unpack().decompress(view[start : start + _MOST], _MOST)
        except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError):
            continue  # it only looked like it
        if told:
            yield told


def _all(held: bytes, begin: bytes) -> Iterator[int]:
    start = held.find(begin)
    while start >= 0:
        yield start
        start = held.find(begin, start + 1)


def _written(held: bytes) -> Iterator[bytes]:
    """What is packed and then written in base64."""
    for begin in _IN_BASE64:
        for start in _all(held, begin):
            found = _BASE64.match(held, start)
            if found is not None:
                text = found[0].translate(_STANDARD)
                yield base64.b64decode(text[: len(text) // 4 * 4])


def _put_together(held: bytes) -> Iterator[bytes]:
    if _NUMBER_ALONE in held.translate(_PLAIN):
        yield from _numbered(held)
    yield from _dripped(held)


def _numbered(held: bytes) -> Iterator[bytes]:
    """A list of numbers as the bytes they stand for."""
    for found in _LIST.finditer(held):
        yield bytes(number for one in _NUMBERS.findall(found[0]) if (number := int(one)) < 256)


def _dripped(held: bytes) -> Iterator[bytes]:
    """The last letters of lines that are alike but for their numbers and this letter, one after the other."""
    letters: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for line in held.split(b"\n"):
        found = _ONE.search(line) if line and len(line) <= _LINE else None
        if found is not None:
            letters[_NUMBERS.sub(b"0", line[: found.start()])].append(found[0])
    for told in letters.values():
        if len(told) >= _FEW:
            yield b"".join(told)
            yield b"".join(reversed(told))
