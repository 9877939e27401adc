"""Lets go of what is good for a short while when its time is over, not only when somebody comes next."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Tick
from coaching.rounds import Rounds
from storage import codes, reviewed
from storage.db import Database


def tick(rounds: Rounds, now: Callable[[], datetime]) -> Tick:
    """Once a minute: whoever was in the vent space an hour ago is not remembered."""

    async def forget() -> None:
        rounds.forget(now())

    return Tick("rounds", timedelta(minutes=1), forget)


def forms(platform: str, sweep: Callable[[datetime], None], now: Callable[[], datetime]) -> Tick:
    """Forms that wait for a tap, and may hold what somebody typed, are let go when they are too old."""

    async def forget() -> None:
        sweep(now())

    return Tick(f"{platform}.forms", timedelta(minutes=5), forget)


def stored(database: Database, now: Callable[[], datetime]) -> tuple[Tick, ...]:
    """What is good for minutes or days alone, in the database: one-time codes, fingerprints of replies."""
    return (
        Tick("codes", timedelta(minutes=5), lambda: database.transact(lambda c: codes.tidy(c, now()))),
        Tick("reviewed", timedelta(hours=1), lambda: database.transact(lambda c: reviewed.tidy(c, now()))),
    )
