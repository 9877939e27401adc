"""Structured logs that cannot contain what people wrote: our events carry numbers and names of ours only."""

import json
import logging
import traceback
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import IO, TypeAlias

Loggable: TypeAlias = int | float | bool | Enum  # no str: a text cannot be passed by accident

_ROOT = Path(__file__).parent.parent
_log = logging.getLogger("breather.events")  # Bolt names its own logger after the app


class Lines(logging.Formatter):
    """One JSON object a line. Of foreign loggers: who, how grave, which error type. Never text."""

    def format(self, record: logging.LogRecord) -> str:
        """Our events whole; anybody else's without message and arguments."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        if record.name == _log.name:
            line |= {"event": record.msg, **getattr(record, "fields", {})}
        else:
            line |= {"logger": record.name, "line": f"{record.module}:{record.lineno}"}
            if record.exc_info and record.exc_info[0]:
                line["error"] = record.exc_info[0].__name__
        return json.dumps(line)


def event(name: str, **fields: Loggable) -> None:
    """Log something that happened. `name` is a literal of ours; fields are numbers, flags, enum members."""
    plain = {key: value.name if isinstance(value, Enum) else value for key, value in fields.items()}
    _log.info(name, extra={"fields": plain})


def trouble(where: str, error: BaseException) -> None:
    """Log that something failed on our side: the error's type and where in our code, never its text.

    A fault that has a name of ours is told with it, and so the operator reads what to do.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f"{Path(f.filename).name}:{f.lineno}" for f in frames if Path(f.filename).is_relative_to(_ROOT)]
    fields = {"where": where, "error": type(error).__name__, "line": ours[-1] if ours else ""}
    fault = getattr(error, "fault", None)
    if isinstance(fault, Enum):  # of ours: a name, or a sentence of ours with the remedy
        fields["fault"] = str(fault.value)
    _log.error("trouble", extra={"fields": fields})


def start_logging(stream: IO[str]) -> None:
    """Send all logs through Lines to a stream; foreign loggers speak at WARNING and above only."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _log.setLevel(logging.INFO)
