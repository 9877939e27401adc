"""Lets go of what is in memory alone when its time is over, not only when somebody comes next."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Tick
from coaching.rounds import Rounds


def tick(rounds: Rounds, now: Callable[[], datetime]) -> Tick:
    """Once a minute: whoever was in the vent space an hour ago is not remembered."""

    async def forget() -> None:
        rounds.forget(now())

    return Tick("rounds", timedelta(minutes=1), forget)
