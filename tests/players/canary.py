"""Watches all the places where the text of a vent could be, while the house runs in this process."""

import json
import logging
import sys
import threading
import traceback
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.logs import Lines
from bot.proof.canary import shapes
from bot.proof.loud import loud


class Records(logging.Handler):
    """Keeps every record in every form it could be written in."""

    def __init__(self):
        super().__init__(logging.NOTSET)
        self.seen, self.kinds = [], []

    def emit(self, record):
        plain = logging.Formatter("%(name)s %(message)s").format(record)
        raw = {key: repr(value) for key, value in vars(record).items()}
        self.seen.append(f"{plain}\n{raw}\n{Lines().format(record)}")
        self.kinds.append((record.name, record.levelno, str(record.msg)))


@dataclass
class Watch:
    """Everything that could hold a text: records, exceptions, files, what was printed and sent."""

    folder: object
    records: Records = field(default_factory=Records)
    errors: list = field(default_factory=list)  # exceptions our own code was told about, with all behind them
    unseen: list = field(default_factory=list)  # exceptions nobody caught
    sent: list = field(default_factory=list)
    printed: list = field(default_factory=list)

    def trouble(self, real):
        """The real Trouble, with what it is told kept."""

        def heard(where, error):
            self.errors.append("".join(traceback.format_exception(error)))
            real(where, error)

        return heard

    def uncaught(self, *told):
        self.unseen.append(repr(told) + "".join(traceback.format_exception(told[1])))

    def places(self):
        """Every place and what is in it."""
        yield from (("log", text.encode("utf-8", "replace")) for text in self.records.seen)
        yield from (("exception", text.encode("utf-8", "replace")) for text in (*self.errors, *self.unseen))
        yield from (("sent", repr(what).encode("utf-8", "replace")) for what in self.sent)
        yield from (("sent", json.dumps(what, default=repr).encode()) for what in self.sent)
        yield from (("printed", text.encode("utf-8", "replace")) for text in self.printed)
        for path in sorted(self.folder.rglob("*")):
            yield "file", path.name.encode()
            if path.is_file():
                yield "file", path.read_bytes()

    def found(self, text, but=()):
        """Names of the places that hold the text in any shape."""
        wanted = shapes(text)
        return sorted({name for name, held in self.places() if name not in but and _holds(held, wanted)})


def _holds(held, wanted):
    return any(shape in held for shape in wanted)


@contextmanager
def watching(folder):
    """A Watch at work; loggers and hooks are as before afterwards."""
    watch, root = Watch(folder), logging.getLogger()
    before = {name: logging.getLogger(name) for name in logging.root.manager.loggerDict}
    levels = {name: (logger.level, logger.propagate) for name, logger in before.items()}
    level, hooks = root.level, (sys.excepthook, threading.excepthook)
    root.addHandler(watch.records)
    loud()
    sys.excepthook = watch.uncaught
    threading.excepthook = lambda told: watch.uncaught(told.exc_type, told.exc_value)
    try:
        yield watch
    finally:
        root.removeHandler(watch.records)
        root.setLevel(level)
        sys.excepthook, threading.excepthook = hooks
        for name in list(logging.root.manager.loggerDict):
            was = levels.get(name, (logging.NOTSET, True))
            logging.getLogger(name).setLevel(was[0])
            logging.getLogger(name).propagate = was[1]
