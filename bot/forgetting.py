"""Lets go of what is kept when its time is over, in memory and in the database."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Tick
from coaching.rounds import Rounds
from storage import codes, reviewed
from storage.db import Database
from storage.memory import fade


def tick(rounds: Rounds, now: Callable[[], datetime]) -> Tick:
    """Once a minute: whoever was in the vent space an hour ago is not remembered."""

    async def forget() -> None:
        rounds.forget(now())

    return Tick("rounds", timedelta(minutes=1), forget)


def ticks(database: Database, now: Callable[[], datetime]) -> tuple[Tick, ...]:
    """Codes that are over, fingerprints of replies, what was found of rules and asked of channels."""
    return (
        Tick("codes", timedelta(minutes=5), lambda: database.transact(lambda c: codes.tidy(c, now()))),
        Tick("reviewed", timedelta(hours=1), lambda: database.transact(lambda c: reviewed.tidy(c, now()))),
        Tick("rules", timedelta(days=1), lambda: database.transact(lambda c: fade(c, now()))),
    )


def forms(platform: str, sweep: Callable[[datetime], None], now: Callable[[], datetime]) -> Tick:
    """Forms that wait for a tap, and may hold what somebody typed, are let go when they are too old."""

    async def run() -> None:
        sweep(now())

    return Tick(f"{platform}.forms", timedelta(minutes=5), run)
