"""The coach as it runs for the proof, a process of its own: every log record kept, faults on demand.

It is told what to do line by line on standard input, by names alone: nobody's text comes that way.
"""

import asyncio
import contextlib
import logging
import os
import secrets
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import assembly, web
from bot.house import House
from bot.hush import hush
from bot.logs import start_logging
from bot.proof.faults import SWITCHES, Switch, Undo
from bot.proof.leaks import SHIPPED
from bot.proof.loud import Records, loud, watch
from bot.settings import Settings, read_settings
from coaching.ports import Trouble
from coaching.rounds import Rounds
from storage.db import open_database

LISTENING, DONE, HELD, SETTLE = "listening", "done", "held", "settle"
# In the temporary folder, where everything is searched:
RECORDS, ERRORS, DEEDS = "records.jsonl", "errors.txt", "deeds.jsonl"


@dataclass(frozen=True, slots=True)
class Kept:
    """Where exceptions go that our own code was told about, with all that stands behind them."""

    path: Path

    def error(self, where: str, error: BaseException | None) -> None:
        """Keep its traceback as Python prints it."""
        told = "".join(traceback.format_exception(error)) if error else ""
        with self.path.open("a", encoding="utf-8", errors="replace") as file:
            file.write(f"{where}\n{told}\n")

    def trouble(self, real: Trouble) -> Trouble:
        """The real one, with what it is told kept."""

        def heard(where: str, error: BaseException) -> None:
            self.error(where, error)
            real(where, error)

        return heard


def main(more: Mapping[str, Switch] | None = None) -> int:
    """Run until standard input ends."""
    start_logging(sys.stderr)
    hush(os.environ)
    folder = Path(tempfile.gettempdir())
    kept = Kept(folder / ERRORS)
    sys.excepthook = lambda _, error, __: kept.error("uncaught", error)
    threading.excepthook = lambda told: kept.error("uncaught", told.exc_value)
    logging.getLogger().addHandler(Records(folder / RECORDS))
    watch(folder / DEEDS, folder)
    asyncio.run(_live(read_settings(os.environ), kept, {**SWITCHES, **SHIPPED, **(more or {})}))
    return 0


def build(settings: Settings, kept: Kept) -> House:
    """Every platform that is set up, and the playground beside them."""
    house = assembly.build_house(settings, open_database(settings.database_url), demo=True)
    house.coach.rounds = Rounds(secrets.token_bytes(32), bound=0)  # else the third vent opens without a box
    house.coach.trouble = kept.trouble(house.coach.trouble)
    if settings.slack_on:
        house.add(assembly.slack(house, settings, socket_mode=False))
    if settings.teams.on:
        house.add(assembly.teams(house, settings, "127.0.0.1"))
    house.add(assembly.playground(house.coach))
    return house


async def _live(settings: Settings, kept: Kept, switches: Mapping[str, Switch]) -> None:
    house = build(settings, kept)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, told: kept.error(repr(told), told.get("exception")))
    await house.start()
    loud()  # last: what was built meanwhile has asked for silence
    routes = [route for platform in house.platforms for route in platform.routes]
    app = web.application(routes, house.ready, contextlib.nullcontext, house.metrics)
    listener = web.open_socket("127.0.0.1", 0)
    server = asyncio.ensure_future(web.listen(app, listener, house.leave))
    print(LISTENING, listener.getsockname()[1], flush=True)
    await asyncio.wait(
        {server, asyncio.ensure_future(_obey(house, switches))}, return_when=asyncio.FIRST_COMPLETED
    )
    house.leave()
    await house.stop()


async def _obey(house: House, switches: Mapping[str, Switch]) -> None:
    """One line, one switch: its name turns it on, any other turns off what is on."""
    undo: Undo | None = None
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        if line == SETTLE:
            await _settled(house)
        else:
            if undo is not None:
                undo()
            undo = switches[line](house) if line in switches else None
        print(DONE, flush=True)


async def _settled(house: House) -> None:
    """Until nothing waits that was answered before it was handled: messages from Teams."""
    lanes = [lane for p in house.platforms for lane in map(_lanes, p.routes) if lane is not None]
    while any(lane.waiting for lane in lanes):  # noqa: ASYNC110 - seen from outside, as any client would
        await asyncio.sleep(0.005)


def _lanes(route: object) -> Any:  # noqa: ANN401 - the queue of a door, which is another room's
    return getattr(getattr(route, "app", None), "lanes", None)


if __name__ == "__main__":
    sys.exit(main())
