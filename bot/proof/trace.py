"""What strace saw the coach write, send, open and start, as the bytes it wrote and sent."""

import re
import shutil
from pathlib import Path

from bot.proof.canary import Search

_HEX = re.compile(rb"(?:\\x[0-9a-f]{2})+")


def present() -> bool:
    """Whether strace is installed here."""
    return shutil.which("strace") is not None


def found(calls: Path, search: Search) -> list[str]:
    """The system calls that carried the text, by their names."""
    names: set[str] = set()
    with calls.open("rb") as lines:
        for line in lines:
            if search.within(decoded(line)):
                names.add(line.split(b"(")[0].split()[-1].decode("ascii", "replace"))
    return sorted(names)


def decoded(line: bytes) -> bytes:
    """A line with the strings that strace wrote in hex as they were."""
    return _HEX.sub(_plain, line)


def _plain(told: re.Match[bytes]) -> bytes:
    return bytes.fromhex(told[0].replace(b"\\x", b"").decode())
