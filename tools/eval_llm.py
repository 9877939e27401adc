"""How well a language model judges and words: the project's corpus through both ports, with your own server.

    make eval-llm                      the model of BREATHER_LLM_MODEL, OPENAI_BASE_URL, OPENAI_API_KEY
    make eval-llm ARGS="--tiny -n 3"   the tiny real model of the tests, to prove the pipe

Prints agreement per criterion (kappa, and how often a swapped name changes a verdict), what the guards made
of the rewrites, latency, tokens and cost per 1000 reviews. Writes a result file for BREATHER_LLM_JUDGE.
"""

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from adapters.llm.chat import Chat
from adapters.llm.judge import ChatJudge
from adapters.llm.measured import passes
from adapters.llm.rewriter import ChatRewriter
from adapters.llm.settings import LlmSettings
from bot.model import known
from bot.settings import read_settings
from coaching.people import Person
from coaching.playbook.reader import Playbook, read
from coaching.playbook.rules import CRITERIA
from coaching.ports import Case
from coaching.review import engine
from coaching.review.written.judging import question
from coaching.review.written.rewriting import Written, asked, settled

CORPUS = Path(__file__).parent / "corpus" / "tune"
WHO = Person("eval", "local", "eval")
NAMES = ("Emily", "Greg", "Lakisha", "Jamal", "Wei", "Fatima")


def replies(most: int) -> Iterator[tuple[str, str, str]]:
    """(customer, reply, verdicts) of the corpus, spread over its parts."""
    files = [path.read_text(encoding="utf-8").splitlines() for path in sorted(CORPUS.glob("*.jsonl"))]
    rows = [json.loads(line) for lines in zip(*files, strict=False) for line in lines if line.strip()]
    found = [(row["customer"], r["text"], r["verdicts"]) for row in rows for r in row["replies"]]
    yield from found[:most]


def kappa(pairs: list[tuple[bool, bool]]) -> float:
    """Cohen's kappa."""
    if not pairs:
        return 0.0
    same = sum(a == b for a, b in pairs) / len(pairs)
    ours, theirs = (sum(pair[i] for pair in pairs) / len(pairs) for i in (0, 1))
    chance = ours * theirs + (1 - ours) * (1 - theirs)
    return 0.0 if chance == 1 else (same - chance) / (1 - chance)


@contextlib.asynccontextmanager
async def server(tiny: bool, seconds: float) -> AsyncIterator[LlmSettings]:
    if not tiny:
        values = read_settings(os.environ).llm
        if not values.on:
            sys.exit("eval-llm: set BREATHER_LLM=on and BREATHER_LLM_MODEL (docs/llm.md), or use ARGS=--tiny")
        yield known(values)
        return
    from tests.players.tiny_llm import tiny as running
    from tests.players.tiny_llm import weights

    if weights() is None:
        sys.exit("eval-llm: the tiny model is not installed. Run: make llm")
    async with running() as url:
        yield LlmSettings("tiny", url, seconds=seconds, an_hour=10**9)


async def judged(judge: ChatJudge, playbook: Playbook, rows: list[tuple[str, str, str]]) -> dict[str, object]:
    """Agreement and flips of each criterion."""
    questions = {name: question(name, playbook) for name in CRITERIA}
    pairs: dict[str, list[tuple[bool, bool]]] = {name: [] for name in CRITERIA}
    flips, swapped, lost = Counter[str](), 0, Counter[str]()
    for number, (customer, reply, verdicts) in enumerate(rows):
        first = await judge.judge(Case(reply, customer), questions, WHO)
        if first.value is None:
            lost[first.why.value] += 1
            continue
        for name, verdict in zip(CRITERIA, verdicts, strict=True):
            if verdict != "0":
                pairs[name].append((verdict == "+", first.value[name].yes > 0.5))
        one, other = NAMES[number % 6], NAMES[(number + 3) % 6]
        said = [await judge.judge(Case(f"{reply}\n{n}", customer), questions, WHO) for n in (one, other)]
        if said[0].value and said[1].value:
            swapped += 1
            for name in CRITERIA:
                flips[name] += (said[0].value[name].yes > 0.5) is not (said[1].value[name].yes > 0.5)
    found: dict[str, object] = {}
    print(f"judged: {len(rows) - sum(lost.values())} of {len(rows)}, unanswered: {dict(lost)}")
    for name in CRITERIA:
        agreed, flipped = kappa(pairs[name]), flips[name] / swapped if swapped else 1.0
        told = {
            "kappa": round(agreed, 3),
            "flips": round(flipped, 4),
            "n": len(pairs[name]),
            "swapped": swapped,
        }
        found[name] = told
        says = "may" if passes(told) else "may not"
        print(
            f"{name}: kappa {agreed:.2f} of {len(pairs[name])}, flips {flipped:.1%}, {says} be judged by it"
        )
    return found


async def reworded(
    rewriter: ChatRewriter, playbook: Playbook, rows: list[tuple[str, str, str]], *, redacts: bool
) -> dict[str, object]:
    """What came of the rewrites."""
    came, took, shown = Counter[str](), list[float](), 0
    for customer, reply, _ in rows:
        found = engine.review(reply, customer, playbook)
        ask = asked(found, customer, playbook, redacts=redacts)
        if ask is None:
            continue
        began = time.monotonic()
        outcome = await rewriter.rewrite(ask.case, WHO)
        took.append(time.monotonic() - began)
        end = outcome.why if outcome.value is None else settled(ask, outcome.value, found, playbook)
        shown += isinstance(end, Written)
        came["shown" if isinstance(end, Written) else end.value] += 1
    middle = statistics.median(took) if took else 0.0
    print(f"rewrites: {dict(came)}, median {middle:.2f} s, longest {max(took, default=0):.2f} s")
    return {"came": dict(came), "median_seconds": round(middle, 3)}


async def run(args: argparse.Namespace) -> int:
    playbook, rows = read(), list(replies(args.limit))
    async with server(args.tiny, args.seconds) as settings:
        chat = Chat(settings, time.monotonic)
        chat.breaker.most = 10**9
        judge = ChatJudge(chat, playbook.prompts["judge"])
        rewriter = ChatRewriter(chat, playbook.prompts["rewrite"])
        print(f"{settings.model} at {settings.host}, {len(rows)} replies")
        result: dict[str, object] = {
            "model": settings.model,
            "prompts": [p.id for p in playbook.prompts.values()],
        }
        result["rewriter"] = await reworded(rewriter, playbook, rows, redacts=settings.redacts)
        after = Counter(chat.counts)
        result["judge"] = await judged(judge, playbook, rows)
        await chat.close()
    read_, wrote = after["tokens.read"], after["tokens.wrote"]
    cost = (read_ * args.price_in + wrote * args.price_out) / 1e6 / max(1, len(rows)) * 1000
    print(f"rewriter: {read_} tokens in, {wrote} out, {cost:.2f} per 1000 reviews at the given prices")
    result["cost_per_1000"] = round(cost, 3)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(f"written to {args.out}; BREATHER_LLM_JUDGE={args.out} gives it what it may judge")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-n", "--limit", type=int, default=150, help="replies")
    parser.add_argument("--tiny", action="store_true", help="the tiny real model of the tests")
    parser.add_argument("--seconds", type=float, default=60.0, help="deadline of a call to the tiny model")
    parser.add_argument("--price-in", type=float, default=0.10, help="for a million tokens in")
    parser.add_argument("--price-out", type=float, default=0.50, help="for a million tokens out")
    parser.add_argument(
        "--out", type=Path, default=Path(".breather/eval-llm.json"), help="the result file to write"
    )
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    raise SystemExit(main())
