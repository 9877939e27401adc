"""Leaks planted on purpose, in the proof's own process alone: a search that misses one proves nothing."""

import atexit
import base64
import gzip
import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.house import House
from bot.proof.faults import Switch, Undo, replaced
from coaching import safety
from coaching.sealed import Sealed

Leak = Callable[[str, House], object]


def leaking(leak: Leak) -> Switch:
    """A coach that has what is let out in its hands, in the open, and lets it leak."""

    def switch(house: House) -> Undo:
        listen = safety.listen

        def listening(text: str, *more: Any) -> Any:  # noqa: ANN401 - as the real one
            if text:  # what is typed behind a command is listened to as well, and mostly empty
                leak(text, house)
            return listen(text, *more)

        def ask(box: Sealed, question: Callable[[str], Any]) -> Any:  # noqa: ANN401 - without its catch
            return question(box._bytes.decode())  # noqa: SLF001 - a leak keeps no rules

        heard, asked = replaced(("coaching.safety.listen",), listening), Sealed.ask
        setattr(Sealed, "ask", ask)  # noqa: B010 - put back below

        def undo() -> None:
            heard()
            setattr(Sealed, "ask", asked)  # noqa: B010

        return undo

    return switch


def logged(text: str, _: House) -> None:
    """In a log line, in the open."""
    logging.getLogger("planted").debug("heard %s", {"text": text})


def logged_in_base64(text: str, _: House) -> None:
    """In a log line, written so that no eye sees it."""
    logging.getLogger("planted").info(base64.b64encode(b"x" + text.encode()).decode())


def printed(text: str, _: House) -> None:
    """On standard output."""
    print("heard", text)


def filed(text: str, _: House) -> None:
    """In a temporary file, in hexadecimal digits."""
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(f"{text.encode().hex()}\n")


def named(text: str, _: House) -> None:
    """As the name of an empty file."""
    (Path(tempfile.gettempdir()) / text.split(maxsplit=1)[0]).touch()


def turned_round(text: str, _: House) -> None:
    """Back to front, as an index of endings keeps it."""
    _aside("endings.txt", text[::-1].encode())


def packed(text: str, _: House) -> None:
    """Compressed, as a log that was put away."""
    _aside("debug.log.1.gz", gzip.compress(text.encode()))


def numbered(text: str, _: House) -> None:
    """As a list of bytes, in numbers."""
    _aside("job.json", json.dumps({"body": list(text.encode())}, indent=1).encode())


def dripped(text: str, _: House) -> None:
    """A letter a line, as a log of keys would have it."""
    for letter in text:
        logging.getLogger("planted").debug("key %s", letter)


def first_letters(text: str, _: House) -> None:
    """Of each word one letter."""
    _aside("marks.txt", "".join(word[0] for word in text.split()).encode())


def left_to_a_child(text: str, _: House) -> None:
    """In the environment of a program that is started: nothing of it stands in a file."""
    subprocess.run([sys.executable, "-S", "-c", ""], env={"LAST": text}, check=False)


def _aside(name: str, held: bytes) -> None:
    with (Path(tempfile.gettempdir()) / name).open("ab") as file:
        file.write(held)


_ALL = (
    *(logged, logged_in_base64, printed, filed, named, turned_round, packed, numbered, dripped),
    *(first_letters, left_to_a_child),
)

LATE = "leak: at the end"


def at_the_end(text: str, _: House) -> None:
    """Kept in memory, and written when the process ends."""
    atexit.register(_aside, "last.txt", text.encode())


LEAKS: Mapping[str, Switch] = MappingProxyType({f"leak: {leak.__name__}": leaking(leak) for leak in _ALL})
SHIPPED: Mapping[str, Switch] = MappingProxyType({**LEAKS, LATE: leaking(at_the_end)})
