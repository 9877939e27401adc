"""Servers in processes of their own, measured in turns: the ratios of their blocks, and the bars."""

import asyncio
import os
import random
import statistics
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol, TypeVar

ROOT = Path(__file__).parent.parent
NOT_INSTALLED = 3  # how a server ends whose packages are not in the environment
_DRAWS = 4000


class Named(Protocol):
    """Whatever is measured has a name."""

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)


@asynccontextmanager
async def started(name: str, command: Sequence[str]) -> AsyncIterator[str]:
    """A server in a process of its own, which prints its port; its address, or "" where packages lack."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env={**os.environ, "PYTHONPATH": ""}, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        port = (await process.stdout.readline()).decode().strip()
        assert port or await process.wait() == NOT_INSTALLED, f"{name} did not start"
        yield f"http://127.0.0.1:{port}" if port else ""
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def in_turns(
    measured: Sequence[T], rounds: int, measure: Callable[[T], Awaitable[float]]
) -> dict[str, list[float]]:
    """Everyone once a round, in an order that turns round with the rounds, so that neighbours are pairs."""
    found: dict[str, list[float]] = {one.name: [] for one in measured}
    for number in range(rounds):
        for one in measured if number % 2 else reversed(measured):
            found[one.name].append(await measure(one))
        print(f"\rround {number + 1} of {rounds} ", end="", file=sys.stderr, flush=True)
    print("\r" + " " * 30 + "\r", end="", file=sys.stderr)
    return found


def pairs(found: Mapping[str, Sequence[float]], over: str, under: str) -> list[float]:
    """The ratio of each round's two blocks."""
    return [a / b for a, b in zip(found[over], found[under], strict=True)]


def interval(ratios: Sequence[float]) -> tuple[float, float, float]:
    """The median and its bootstrap 95 % interval."""
    chance = random.Random(1)
    medians = sorted(statistics.median(chance.choices(ratios, k=len(ratios))) for _ in range(_DRAWS))
    return statistics.median(ratios), medians[_DRAWS // 40], medians[_DRAWS - _DRAWS // 40 - 1]


def told(ratios: Sequence[float]) -> str:
    """The median with its interval, as it stands in a table."""
    middle, low, high = interval(ratios)
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def at_most(says: str, ratios: Sequence[float], limit: float) -> bool:
    """Print a bar that holds when the interval's upper end does."""
    return _bar(f"{says}, at most {limit:g}", ratios, interval(ratios)[2] <= limit)


def at_least(says: str, ratios: Sequence[float], limit: float) -> bool:
    """Print a bar that holds when the interval's lower end does."""
    return _bar(f"{says}, at least {limit:g}", ratios, interval(ratios)[1] >= limit)


def _bar(says: str, ratios: Sequence[float], good: bool) -> bool:
    print(f"- {says}: {told(ratios)}: {'holds' if good else 'DOES NOT HOLD'}")
    return good
