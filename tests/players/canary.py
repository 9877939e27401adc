"""A canary: a text nobody else wrote, every shape it could leak in, and all the places to look for it."""

import base64
import html
import json
import logging
import secrets
import sys
import threading
import traceback
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

from bot.logs import Lines


def canary():
    """A sentence as random as a key, with letters and signs that every encoding writes differently."""
    one, two = secrets.token_hex(8), secrets.token_hex(8)
    return f'Kestrel{one} "Ümbrella{two}" <b>&\nwhy/me?'


def shapes(text):
    """Every way these words could stand in a file, a log line or a request."""
    words = [word.strip('"<>&?/') for word in text.split()]
    found = set()
    for piece in (text, *(word for word in words if len(word) > 8)):
        for cased in {piece, piece.lower(), piece.upper(), piece.casefold()}:
            found |= _shapes(cased)
    return found


def _shapes(text):
    raw = text.encode()
    written = {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1]}
    written |= {quote(text), quote_plus(text), quote(text, safe=""), html.escape(text)}
    written |= {raw.hex(), raw.hex().upper(), repr(raw)[2:-1]}
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for offset in range(3):
            whole = encode(bytes(offset) + raw).decode()
            sure = (offset + len(raw)) * 8 // 6  # the last sign may hold bits of what follows
            written.add(whole[(0, 2, 3)[offset] : sure])
    return {one.encode() for one in written} | {text.encode("utf-16-le")}


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


def loud(level=logging.DEBUG):
    """Every logger there is speaks, whatever it was told before, and hands on what it says."""
    loggers = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    for logger in (logging.getLogger(), *loggers):
        logger.setLevel(level)
        logger.disabled = False
        logger.propagate = True


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
