"""What `breather work` tells while it runs: one calm line on a terminal, otherwise a log line a minute."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import IO

from bot.clock import Tick
from bot.logs import event
from bot.metrics import OUTCOMES, Tally
from storage.figures import Queue

_ON_A_TERMINAL = timedelta(seconds=1)
_IN_A_LOG = timedelta(minutes=1)


@dataclass(slots=True, eq=False)
class Progress:
    """Tells how the letters stand."""

    out: IO[str]
    standing: Callable[[], Awaitable[Queue]]
    tally: Tally
    _told: int = 0  # letters settled when it was logged last

    def tick(self) -> Tick:
        """What the clock has to wake."""
        seen = self.out.isatty()
        return Tick("progress", _ON_A_TERMINAL if seen else _IN_A_LOG, self.show if seen else self.log)

    async def show(self) -> None:
        """The line anew, in its place."""
        self.out.write(f"\r\x1b[K{line(await self.standing(), self.tally)}")
        self.out.flush()

    async def log(self) -> None:
        """The same as numbers, while there is something to tell."""
        now, settled = await self.standing(), self.tally.counts.total()
        if not now.due and settled == self._told:
            return
        self._told = settled
        counts = {outcome: self.tally.counts[outcome] for outcome in OUTCOMES}
        event(
            "progress", due=now.due, oldest=round(now.oldest.total_seconds()), sending=now.sending, **counts
        )

    def end(self) -> None:
        """Leave the last line as it stands."""
        if self.out.isatty():
            self.out.write("\n")
            self.out.flush()


def line(standing: Queue, tally: Tally) -> str:
    """How it stands, as a person reads it."""
    waited = f", the oldest for {_said(standing.oldest)}" if standing.due else ""
    told = f"due {standing.due:,}{waited} · sent {tally.counts['sent']:,}"
    if tally.counts["unknown"]:
        told += f" · may not have arrived {tally.counts['unknown']:,}"
    return told


def _said(waited: timedelta) -> str:
    seconds = int(waited.total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
