"""Before a start: what could let words out of this process is lowered, or the start is refused."""

import contextlib
import ctypes
import logging
import sys
import threading
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from typing import Any

from bot.logs import trouble

# Their DEBUG quotes requests, answers, rows or what waits in the event loop.
LOUD = (
    "slack_sdk",
    "slack_bolt",
    "sqlalchemy",
    "asyncio",
    "openai",
    "httpx",
    "httpx2",
    "httpcore",
    "httpcore2",
    "aiohttp",
    "msrest",
)
ASKING = ("OPENAI_LOG", "PYTHONASYNCIODEBUG")  # settings of others that would turn it on

_DUMPABLE = 4  # prctl's PR_SET_DUMPABLE


class RefusedError(Exception):
    """Something in this process reports what it must not; the message says what, and what to do."""


@dataclass(frozen=True, slots=True)
class State:
    """How one switch stands, for the doctor. `well`: nothing has to be lowered."""

    well: bool
    says: str


def hush(environment: MutableMapping[str, str]) -> None:
    """Lower what can be lowered. Raises RefusedError for what cannot."""
    for refused in reporters():
        raise RefusedError(refused)
    for name in ASKING:
        environment.pop(name, None)
    for logger in _loggers():
        if logger.name in LOUD or logger.level:  # what inherits goes on inheriting: Teams' say nothing at all
            logger.setLevel(max(logger.level, logging.WARNING))
    logging.raiseExceptions = False  # else a broken format prints its arguments
    logging.captureWarnings(capture=True)  # into the log, which leaves out their text
    sys.excepthook = lambda _, error, __: trouble("uncaught", error)
    threading.excepthook = lambda told: trouble("thread", told.exc_value or told.exc_type())
    sys.unraisablehook = lambda told: trouble("ignored", told.exc_value or told.exc_type())
    no_cores()


def no_cores() -> None:
    """A crash writes no memory to disk, and hands none to a program that would."""
    with contextlib.suppress(ImportError, OSError, ValueError):  # not there on Windows
        import resource  # noqa: PLC0415

        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_DUMPABLE, 0, 0, 0, 0)


def reporters() -> list[str]:
    """Error reporters in this process that would send what variables hold."""
    found: list[str] = []
    sentry: Any = sys.modules.get("sentry_sdk")
    if sentry is not None and _sentry_tells(sentry):
        found.append(
            "sentry_sdk runs in this process and would send local variables, which may hold what people"
            " write. Set include_local_variables=False, or leave it out."
        )
    rollbar: Any = sys.modules.get("rollbar")
    if rollbar is not None and rollbar.SETTINGS.get("locals", {}).get("enabled", True):
        found.append(
            "rollbar runs in this process and would send local variables, which may hold what people write."
            " Set locals={'enabled': False}, or leave it out."
        )
    return found


def _sentry_tells(sentry: Any) -> bool:  # noqa: ANN401 - a package that is not ours
    client = sentry.get_client()
    return bool(client.is_active() and client.options.get("include_local_variables", True))


def standing(environment: MutableMapping[str, str]) -> Iterator[State]:
    """How each switch stands before a start, and what the start will do."""
    asked = [name for name in ASKING if environment.get(name)]
    loud = sorted({one.name.partition(".")[0] for one in _loggers() if 0 < one.level < logging.WARNING})
    names = ", ".join(LOUD[:5])
    if asked or loud:
        yield State(False, f"log levels: {', '.join((*asked, *loud))} asks for DEBUG; Breather lowers it")
    else:
        yield State(True, f"log levels: {names} speak at WARNING and above, and without their text")
    bad = reporters()
    yield from (State(False, f"error reporters: {told}") for told in bad)
    if not bad:
        yield State(True, "error reporters: none that sends local variables")
    yield _cores()


def _cores() -> State:
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return State(True, "core dumps: not on this system")
    soft, _ = resource.getrlimit(resource.RLIMIT_CORE)
    if soft == 0:
        return State(True, "core dumps: off")
    return State(True, "core dumps: on in this shell; Breather switches them off for itself")


def _loggers() -> list[logging.Logger]:
    """Those of the loud libraries and everything below them."""
    there = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in LOUD]
    return [logging.getLogger(name) for name in (*LOUD, *there)]
