"""What judging a reply costs: everyone gets the same 600 characters in turn, in the same run."""

import statistics
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from tools.bench_quality_judges import Asked, MissingError, Peer, asked
from tools.corpus_rows import Row

LETTERS = 600
WARMING = 10  # texts before the clock counts


@dataclass(frozen=True)
class Cost:
    """Milliseconds of CPU for a reply and for the start, megabytes that the process grew by."""

    p50: float
    p95: float
    load: float
    memory: float


def texts(rows: Sequence[Row], many: int) -> list[tuple[str, str]]:
    """Replies of the corpus, put together to the same length, with the customer of the first."""
    found, left = list[tuple[str, str]](), cycle(rows)
    while len(found) < many:
        first = next(left)
        reply = first.reply
        while len(reply) < LETTERS:
            reply += " " + next(left).reply
        found.append((reply[:LETTERS], first.customer))
    return found


def costs(
    peers: Sequence[tuple[Peer, Path]], given: Sequence[tuple[str, str]], starts: int
) -> tuple[dict[str, Cost], dict[str, str]]:
    """What everyone costs, by name; and why somebody is left out."""
    loads: dict[str, list[float]] = {}
    left_out: dict[str, str] = {}
    for _ in range(starts - 1):
        for peer, python in peers:
            with suppress(MissingError), ExitStack() as stack:
                _start(peer, python, stack, loads)
    with ExitStack() as stack:
        judges = []
        for peer, python in peers:
            try:
                judges.append(_start(peer, python, stack, loads))
            except MissingError as why:
                left_out[peer.name] = str(why)
        told = _in_turns(judges, given)
    return {name: _cost(told[name], loads[name]) for name in told}, left_out


def _start(peer: Peer, python: Path, stack: ExitStack, loads: dict[str, list[float]]) -> Asked:
    judge = stack.enter_context(asked(peer, python))
    loads.setdefault(peer.name, []).append(judge.load_ms)
    return judge


def _in_turns(judges: Sequence[Asked], given: Sequence[tuple[str, str]]) -> dict[str, list[dict[str, float]]]:
    """What everyone says of every text, one after the other, so that a busy moment is busy for all."""
    told: dict[str, list[dict[str, float]]] = {judge.peer.name: [] for judge in judges}
    for number, (text, customer) in enumerate(given):
        for judge in judges if number % 2 else reversed(judges):
            told[judge.peer.name].append(judge.ask(text, customer))
    return told


def _cost(told: Sequence[dict[str, float]], loads: Sequence[float]) -> Cost:
    spent = sorted(one["ms"] for one in told[WARMING:])
    p50, p95 = statistics.median(spent), spent[len(spent) * 95 // 100]
    return Cost(p50, p95, statistics.median(loads), told[-1]["mb"])
