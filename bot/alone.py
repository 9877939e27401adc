"""One process to a SQLite file: a second one would take the letters of the first for lost."""

import contextlib
import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

TAKEN = (
    "another Breather runs on this database already. Stop that one first, or give this one its own"
    " DATABASE_URL; several processes need PostgreSQL: see docs/deploy.md"
)


@contextlib.contextmanager
def alone(path: Path | None) -> Iterator[bool]:
    """Whether this process has the file to itself, until the end; a process that dies lets go of it.

    None is a database server, which any number may share.
    """
    if path is None or find_spec("fcntl") is None:  # Windows has none
        yield True
        return
    held = os.open(path.with_name(f"{path.name}.lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        yield _lock(held)
    finally:
        os.close(held)


def _lock(held: int) -> bool:
    import fcntl  # noqa: PLC0415 - not there on Windows

    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
