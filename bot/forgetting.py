"""Lets go of what is over by the clock, not only when somebody comes next: in memory and in the database."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Tick
from coaching.rounds import Rounds
from storage import codes, reviewed
from storage.db import Database
from storage.said import fade

Now = Callable[[], datetime]


def ticks(database: Database, rounds: Rounds, now: Now) -> tuple[Tick, ...]:
    """Rounds in the vent space after an hour, one-time codes after a quarter, fingerprints after 30 days."""

    async def forget() -> None:
        rounds.forget(now())

    return (
        Tick("rounds", timedelta(minutes=1), forget),
        Tick("codes", timedelta(minutes=5), lambda: database.transact(lambda c: codes.tidy(c, now()))),
        Tick("reviewed", timedelta(hours=1), lambda: database.transact(lambda c: reviewed.tidy(c, now()))),
        Tick("rules", timedelta(days=1), lambda: database.transact(lambda c: fade(c, now()))),
    )


def forms(platform: str, sweep: Callable[[datetime], None], now: Now) -> Tick:
    """Forms that wait for a tap, and may hold what somebody typed, are let go when they are too old."""

    async def run() -> None:
        sweep(now())

    return Tick(f"{platform}.forms", timedelta(minutes=5), run)
