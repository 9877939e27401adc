"""A courier in a process of its own, which kills itself where it is told to."""

import asyncio
import os
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.courier import Courier
from coaching.ports import Found, Posted
from coaching.values import Letter, Reply
from storage.db import open_database

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


class Witness:
    """A platform that writes down at once what it accepted."""

    def __init__(self, log, point):
        self.log, self.point, self.seen = log, point, 0

    async def post(self, letter):
        file = os.open(self.log, os.O_APPEND | os.O_CREAT | os.O_WRONLY)
        os.write(file, f"{letter.to.id} {letter.occurrence} {letter.marker}\n".encode())
        os.close(file)
        await asyncio.sleep(0.002)
        self.seen += 1
        if self.point == "sent" and self.seen == 3:
            die()
        return Posted.SENT


class Open(Witness):
    """A platform that can be asked what arrived."""

    async def find(self, to, marker, since):
        there = self.log.exists() and f" {marker}\n" in self.log.read_text()
        return Found.THERE if there else Found.NOT_THERE


async def main(url, log, minute, point, kind):
    async def remind(due, at):
        if point == "claimed":
            die()
        return Letter(due.schedule.to, "A1", due.occurrence, Reply(()))

    def trouble(where, error):
        raise SystemExit(f"{where}: {error!r}")

    if point.isdigit():
        threading.Timer(int(point) / 1000, die).start()
    database, post = open_database(url), (Open if kind == "open" else Witness)(Path(log), point)
    now = MONDAY + timedelta(minutes=int(minute))
    courier = Courier(database, remind, {"web": post}, trouble, lambda: now, b"x", width=4)
    await courier.reap()
    await courier.deliver()
    await courier.landed()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
