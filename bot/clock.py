"""The clock: APScheduler wakes each tick; it stores nothing, and a wall clock set back cannot stop it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from coaching.ports import Trouble

_FAR = 3  # a tick due more than this many periods ahead waits for a clock that was set back


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to do again and again; it is never run twice at a time, and missed runs are one."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


@dataclass(slots=True, eq=False)
class Clock:
    """Runs ticks until it is stopped. A tick that fails is told to `trouble` and comes again."""

    ticks: Sequence[Tick]
    trouble: Trouble
    _scheduler: AsyncIOScheduler | None = None
    _guard: asyncio.Task[None] | None = None
    _running: set[asyncio.Task[object]] = field(default_factory=set)

    def start(self) -> None:
        """Begin, in the running loop."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # an overlapping tick is no news
        scheduler = AsyncIOScheduler(jobstores={"default": MemoryJobStore()}, timezone=UTC)
        for tick in self.ticks:
            scheduler.add_job(
                self._run,
                "interval",
                seconds=tick.every.total_seconds(),
                args=(tick,),
                id=tick.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
                next_run_time=_now(),
            )
        scheduler.start()
        self._scheduler = scheduler
        self._guard = asyncio.get_running_loop().create_task(self._watch(scheduler))

    async def stop(self, patience: float = 10.0) -> None:
        """No more ticks; those that run now may finish."""
        if self._scheduler is None or self._guard is None:
            return
        self._scheduler.pause()
        self._guard.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=patience)
        self._scheduler.shutdown(wait=False)
        self._scheduler = None

    async def _run(self, tick: Tick) -> None:
        task = asyncio.ensure_future(tick.run())
        self._running.add(task)
        try:
            await task
        except Exception as error:  # noqa: BLE001 - the clock goes on, whatever a tick runs into
            self.trouble(f"clock.{tick.name}", error)
        finally:
            self._running.discard(task)

    async def _watch(self, scheduler: AsyncIOScheduler) -> None:
        """The loop's own time cannot be set back, so this always wakes and calls ticks that wait too long."""
        every = {tick.name: tick.every for tick in self.ticks}
        while every:
            await asyncio.sleep(2 * min(every.values()).total_seconds())
            now = _now()
            for job in scheduler.get_jobs():
                if job.next_run_time is not None and job.next_run_time > now + _FAR * every[job.id]:
                    job.modify(next_run_time=now)


def _now() -> datetime:
    return datetime.now(UTC)
