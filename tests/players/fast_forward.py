"""Hours in a moment: an event loop whose clock jumps to the next thing that waits."""

import asyncio
import selectors


class _Jumping(selectors.DefaultSelector):
    """Where a loop would sleep, its clock goes on by that much instead."""

    def __init__(self):
        super().__init__()
        self.now = 0.0

    def select(self, timeout=None):
        ready = super().select(0)
        if not ready and timeout:
            self.now += timeout
        return ready


def fast_forward(main):
    """Run a coroutine function, given the clock, to its end."""
    selector = _Jumping()

    def loop_factory():
        loop = asyncio.SelectorEventLoop(selector)
        loop.time = lambda: selector.now
        return loop

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(main(lambda: selector.now))
