"""Whether one process alone uses a SQLite file: a lock beside it that ends with whoever holds it."""

import os
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path


@dataclass(slots=True)
class Sole:
    """The lock. SQLite's own locks are on the file itself, so this one is on another."""

    beside: Path
    _file: int | None = None

    def take(self) -> bool:
        """Take it, or have it already. False: another process has it, or this machine knows no such locks."""
        if self._file is not None:
            return True
        if find_spec("fcntl") is None:  # pragma: no cover - Windows
            return False
        fcntl = import_module("fcntl")
        with suppress(OSError):
            file = os.open(self.beside.with_name(self.beside.name + "-sole"), os.O_CREAT | os.O_RDWR, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(file)
            else:
                self._file = file
        return self._file is not None

    def release(self) -> None:
        """Let go of it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
