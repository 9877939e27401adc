"""What strace saw the coach write, send, open and start, as the bytes it wrote and sent."""

import os
import re
import shutil
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from bot.proof.canary import Search
from bot.proof.loud import place

_HEX = re.compile(rb"(?:\\x[0-9a-f]{2})+")
_STRING = re.compile(rb'"((?:\\x[0-9a-f]{2})*)"')
_NAME = re.compile(rb"(?:[0-9]{1,9} {1,9})?([a-z0-9_]{1,30})\(([^,)\n]{1,40})")
_WRITES = (b"write", b"pwrite64", b"writev", b"pwritev", b"pwritev2", b"sendto", b"sendmsg", b"sendmmsg")
_FOR_WRITING = (b"O_WRONLY", b"O_RDWR", b"O_CREAT")


def present() -> bool:
    """Whether strace is installed here."""
    return shutil.which("strace") is not None


def allowed() -> bool:
    """Whether it may look at a program here: containers often forbid that."""
    strace = shutil.which("strace")
    if strace is None:
        return False
    told = subprocess.run([strace, "-qq", "-o", os.devnull, "true"], capture_output=True, check=False)  # noqa: S603
    return told.returncode == 0


@dataclass(frozen=True, slots=True, repr=False)
class Calls:
    """Every call, with what it carried as it was."""

    lines: list[bytes]
    streams: list[bytes]  # what went to each file or line, one call after the other: a text may be in pieces

    def found(self, search: Search) -> list[str]:
        """The system calls that carried the text, by their names; or several of them together."""
        names: set[str] = set()
        if search.within(b"\n".join(self.lines)):
            names = {_call(line) for line in self.lines if search.within(line)}
        if not names and search.within(b"\n".join(self.streams)):
            names = {"several writes together"}
        return sorted(names)


def read(calls: Path) -> Calls:
    """Everything that strace wrote there."""
    lines = calls.read_bytes().split(b"\n")
    return Calls([decoded(line) for line in lines], _streams(lines))


def found(calls: Path, search: Search) -> list[str]:
    """The system calls that carried the text."""
    return read(calls).found(search)


def size(calls: Path) -> int:
    """How much it has seen so far."""
    return calls.stat().st_size


def deeds(calls: Path, start: int, folder: Path) -> frozenset[str]:
    """What was started and opened for writing since then: programs, folders and kinds of files."""
    with calls.open("rb") as file:
        file.seek(start)
        lines = file.read().split(b"\n")
    found: set[str] = set()
    for line in lines:
        name, told = _call(line), _STRING.search(line)
        if told is None or not (name.startswith("exec") or any(mode in line for mode in _FOR_WRITING)):
            continue
        found.add(f"{name} {place(_bytes(told[1]).decode('utf-8', 'replace'), folder)}")
    return frozenset(found)


def decoded(line: bytes) -> bytes:
    """A line, or many, with the strings that strace wrote in hex as they were."""
    return _HEX.sub(_plain, line)


def _plain(told: re.Match[bytes]) -> bytes:
    return _bytes(told[0])


def _bytes(told: bytes) -> bytes:
    return bytes.fromhex(told.replace(b"\\x", b"").decode())


def _call(line: bytes) -> str:
    found = _NAME.match(line)
    return found[1].decode("ascii") if found else "another call"


def _streams(lines: list[bytes]) -> list[bytes]:
    """What was written to each file or line, one call after the other: a text may be cut in pieces."""
    told: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for line in lines:
        found = _NAME.match(line)
        if found is not None and found[1] in _WRITES:
            told[found[2]].append(b"".join(_bytes(one) for one in _STRING.findall(line)))
    return [b"".join(pieces) for pieces in told.values()]
