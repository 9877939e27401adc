"""What `breather work` tells while it runs."""

import io
import json
import logging
from datetime import timedelta

from bot.logs import start_logging
from bot.metrics import Tally
from bot.progress import Progress, line
from coaching.ports import Posted
from storage.figures import Queue


def test_the_line_is_calm():
    """What waits and since when, what was sent; doubts only where there are any."""
    tally = Tally()
    tally.counts["sent"] = 3400
    assert line(Queue(0, timedelta(), 0), tally) == "due 0 · sent 3,400"
    waits = Queue(1200, timedelta(seconds=4), 20)
    assert line(waits, tally) == "due 1,200, the oldest for 4 s · sent 3,400"
    tally.settled(Posted.UNKNOWN)
    waits = Queue(1, timedelta(minutes=12), 0)
    assert line(waits, tally) == "due 1, the oldest for 12 min · sent 3,400 · may not have arrived 1"


async def test_where_nobody_looks_on_it_is_a_log_line_a_minute(monkeypatch):
    """The same numbers, as a structured event, and silence while nothing happens; the output stays empty."""

    queue = [Queue(0, timedelta(), 0), Queue(7, timedelta(seconds=61.4), 2), Queue(0, timedelta(), 0)]

    async def standing():
        return queue.pop()

    logs, out, root = io.StringIO(), io.StringIO(), logging.getLogger()
    monkeypatch.setattr(root, "handlers", root.handlers[:])
    monkeypatch.setattr(root, "level", root.level)
    start_logging(logs)
    tally = Tally()
    progress = Progress(out, standing, tally)
    tick = progress.tick()
    assert tick.every == timedelta(minutes=1)
    await tick.run()
    tally.settled(Posted.SENT)
    await tick.run()
    await tick.run()
    progress.end()
    told = json.loads(logs.getvalue())
    assert {name: told[name] for name in ("event", "due", "oldest", "sending", "sent", "unknown")} == {
        "event": "progress", "due": 7, "oldest": 61, "sending": 2, "sent": 1, "unknown": 0,
    }  # fmt: skip
    assert out.getvalue() == ""
