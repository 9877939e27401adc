"""Every logger at its loudest, every record in every form it could have, and what Python itself does."""

import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

from bot.logs import Lines

_PLAIN, _OURS = logging.Formatter("%(name)s %(message)s"), Lines()
_OUTWARD = frozenset(  # events of Python's own: files, programs, lines to others
    {
        *("open", "os.rename", "os.link", "os.symlink", "os.mkdir", "os.setxattr", "sqlite3.connect"),
        *("subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork", "os.putenv"),
        *("socket.connect", "socket.sendto", "socket.sendmsg", "syslog.syslog", "webbrowser.open"),
    }
)


class Records(logging.Handler):
    """Keeps records as lines of JSON: where each came from, and everything it holds."""

    def __init__(self, path: Path) -> None:
        super().__init__(logging.NOTSET)
        self._file = path.open("a", encoding="utf-8", errors="replace")
        self._plain = path.with_suffix(".txt").open("a", encoding="utf-8", errors="replace")

    def emit(self, record: logging.LogRecord) -> None:
        """Whatever it is, and however it could be printed."""
        told = {key: _shown(value) for key, value in vars(record).items()}
        try:
            plain = _PLAIN.format(record)
        except (TypeError, ValueError, KeyError):
            plain = "arguments that do not fit"  # they stand in `told`
        whole = f"{plain}\n{told}\n{_OURS.format(record)}"
        where = {"name": record.name, "level": record.levelno, "line": str(record.msg), "whole": whole}
        self._file.write(json.dumps(where, ensure_ascii=False) + "\n")
        self._file.flush()
        self._plain.write(f"{plain}\n")  # as a log would have it: a text may be spread over many lines
        self._plain.flush()


def watch(path: Path, folder: Path) -> None:
    """Keep what this process opens for writing, starts and calls, with all that it gives along: for good."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def heard(what: str, told: tuple[Any, ...]) -> None:
        if what in _OUTWARD and not (what == "open" and not _for_writing(told)):
            where = {"does": f"{what} {_where(what, told, folder)}".strip(), "with": _shown(told)}
            os.write(file, f"{json.dumps(where)}\n".encode())

    sys.addaudithook(heard)


def _for_writing(told: tuple[Any, ...]) -> bool:
    _, mode, flags = told
    return bool(set(mode or "") & set("wax+")) or bool((flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _where(what: str, told: tuple[Any, ...], folder: Path) -> str:
    """Without what is random in it: the folder of a file and its kind; the program; of a line, nothing."""
    if not what.startswith("socket"):
        return place(f"{told[0]}", folder)
    return ""


def place(path: str, folder: Path) -> str:
    """Where a file is and of what kind, whatever its own name: that may be random."""
    whole = Path(folder, path)
    inside = whole.relative_to(folder) if whole.is_relative_to(folder) else whole
    return f"{inside.parent}/*{inside.suffix}"


def _shown(value: object) -> str:
    """As `repr` has it, and as `str` does: an exception's text is in the one or the other."""
    return f"{value!r} {value!s}"


def loud() -> None:
    """Every logger there is speaks, whatever it was told before, and hands on what it says."""
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    for logger in (logging.getLogger(), *loggers):
        logger.setLevel(logging.DEBUG)
        logger.disabled = False
        logger.propagate = True
