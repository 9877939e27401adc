"""Every logger at its loudest, and every record kept in every form it could be written in."""

import json
import logging
from pathlib import Path

from bot.logs import Lines

_PLAIN, _OURS = logging.Formatter("%(name)s %(message)s"), Lines()


class Records(logging.Handler):
    """Keeps records as lines of JSON: where each came from, and everything it holds."""

    def __init__(self, path: Path) -> None:
        super().__init__(logging.NOTSET)
        self._file = path.open("a", encoding="utf-8", errors="replace")

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
