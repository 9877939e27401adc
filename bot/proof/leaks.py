"""Leaks planted on purpose, in the proof's own process alone: a search that misses one proves nothing."""

import base64
import logging
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot import assembly
from bot.proof.faults import Switch, Undo, replaced
from coaching import safety
from coaching.sealed import Sealed

Leak = Callable[[str, assembly.House], object]


def leaking(leak: Leak) -> Switch:
    """A coach that has what is let out in its hands, in the open, and lets it leak."""

    def switch(house: assembly.House) -> Undo:
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


def logged(text: str, _: assembly.House) -> None:
    """In a log line, in the open."""
    logging.getLogger("planted").debug("heard %s", {"text": text})


def logged_in_base64(text: str, _: assembly.House) -> None:
    """In a log line, written so that no eye sees it."""
    logging.getLogger("planted").info(base64.b64encode(b"x" + text.encode()).decode())


def printed(text: str, _: assembly.House) -> None:
    """On standard output."""
    print("heard", text)


def filed(text: str, _: assembly.House) -> None:
    """In a temporary file, in hexadecimal digits."""
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(f"{text.encode().hex()}\n")


def named(text: str, _: assembly.House) -> None:
    """As the name of an empty file."""
    (Path(tempfile.gettempdir()) / text.split(maxsplit=1)[0]).touch()


LEAKS: Mapping[str, Switch] = MappingProxyType(
    {f"leak: {leak.__name__}": leaking(leak) for leak in (logged, logged_in_base64, printed, filed, named)}
)
