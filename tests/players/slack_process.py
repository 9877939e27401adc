"""Processes of `breather serve` for Slack, each a fork, which kill themselves where they are told to.

Where: after so many callbacks of the event loop since the first event came in. Whatever waits, waits between
two of them, so that all numbers together are all places where a process can be killed while it waits.
"""

import asyncio
import os
import signal

from adapters.slack.app import Desk
from bot.__main__ import main as breather
from tests.players import nursery


class Counting:
    """Counts what the loop runs from the moment it is told to; dies at the end of the last one."""

    def __init__(self, last):
        self.last, self.number, self.on = last, 0, False
        run = asyncio.Handle._run

        def counted(handle):
            run(handle)
            if self.on:
                self.number += 1
                if self.number == self.last:
                    os.kill(os.getpid(), signal.SIGKILL)

        asyncio.Handle._run = counted


def dying(words):
    """Serve, and die at PLACE; 0: live, and say how many places the first event has."""
    last = int(os.environ["PLACE"])
    places, take = Counting(last), Desk.take

    async def counted(desk, payload, at):
        first, places.on = not places.on, True
        answer = await take(desk, payload, at)
        if first:
            print(f"places {places.number}", flush=True)
        return answer

    Desk.take = counted
    return breather(words)


if __name__ == "__main__":
    nursery.breather = dying
    nursery.main(60.0, 20)
