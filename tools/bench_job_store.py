"""How many due jobs a second APScheduler takes from its own SQLAlchemy store: for tools/bench_delivery.py."""

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.executors.base import BaseExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import update


class Nowhere(BaseExecutor):  # type: ignore[misc]
    """Runs nothing: what is measured is the store."""

    def _do_submit_job(self, job: object, run_times: object) -> None:  # noqa: ARG002
        self._instances.clear()


def nothing() -> None:
    """What is to be done."""


async def job_store(jobs: int) -> float:
    """Due jobs a second that APScheduler takes from its SQLAlchemy store and sets for the next day."""
    with tempfile.TemporaryDirectory() as folder:
        store = SQLAlchemyJobStore(f"sqlite:///{Path(folder) / 'jobs.sqlite3'}")
        scheduler = AsyncIOScheduler(
            jobstores={"default": store}, executors={"default": Nowhere()}, timezone=UTC
        )
        scheduler.start(paused=True)
        due = datetime.now(UTC) - timedelta(seconds=1)
        for number in range(jobs):
            trigger = CronTrigger(hour=8, minute=number % 60, timezone=UTC)
            scheduler.add_job(nothing, trigger, misfire_grace_time=None, coalesce=True)
        with store.engine.begin() as connection:
            connection.execute(update(store.jobs_t).values(next_run_time=due.timestamp()))
        _move(store, due)
        scheduler.state = 1  # running, without a timer of its own
        began = time.perf_counter()
        scheduler._process_jobs()  # noqa: SLF001 - what its timer calls
        taken = time.perf_counter() - began
        left = store.get_next_run_time()
        assert left is not None
        assert left > datetime.now(UTC)
        scheduler.shutdown(wait=False)
    return jobs / taken


def _move(store: SQLAlchemyJobStore, due: datetime) -> None:
    """Let every job be due."""
    for job in store.get_all_jobs():
        job._modify(next_run_time=due)  # noqa: SLF001 - checked nowhere else
        store.update_job(job)
