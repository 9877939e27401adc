"""`breather serve` for Slack in a process of its own, which kills itself where it is told to.

Where: a number of steps of the event loop after the first event came in. Whatever waits, waits at the end of
a step, so that all numbers together are all places where a process can be killed while it waits.
"""

import asyncio
import os
import signal
import sys

from adapters.slack.app import Desk
from bot import running
from bot.__main__ import main as breather


class Stepping(asyncio.SelectorEventLoop):
    """Counts its steps from the moment it is told to; dies at the end of its last one."""

    last, steps, counting = 0, 0, False

    def _run_once(self):
        super()._run_once()
        if self.counting:
            self.steps += 1
            if self.steps == self.last:
                os.kill(os.getpid(), signal.SIGKILL)


def main(last):
    """Serve, and die at this step; 0: live, and say how many steps the first event took."""
    loop, take = Stepping(), Desk.take
    loop.last = last

    async def counted(desk, payload, at):
        loop.counting = True
        answer = await take(desk, payload, at)
        if not last:
            print(f"steps {loop.steps}", flush=True)
        return answer

    def run(process):
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(process)

    Desk.take, running._run = counted, run
    sys.exit(breather(["serve", "--port", "0"]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
