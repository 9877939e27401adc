"""What a language model's help costs, and whether it keeps its bounds, over real sockets on this machine.

python -m tools.bench_llm               switched off, the upgrade, deadlines under every fault, the breaker
python -m tools.bench_llm --attacks 180 the orders of tests/sets/attacks.jsonl through the tiny real model
"""

import argparse
import asyncio
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from adapters.llm.chat import Chat
from adapters.llm.judge import ChatJudge
from adapters.llm.rewriter import ChatRewriter
from adapters.llm.settings import LlmSettings
from coaching.coach import Coach
from coaching.people import Person, Place
from coaching.playbook.reader import Playbook, read
from coaching.ports import Case, Outcome, Why
from coaching.review import engine
from coaching.review.written.clean import level
from coaching.review.written.rewriting import Written
from coaching.rounds import Rounds
from coaching.sealed import Words
from coaching.turn import Setup
from coaching.values import Message, Reply, Submitted
from coaching.wishes import Model, Wishes, worded
from tests.conftest import Outbox
from tests.players.memory import PlainMemory
from tests.players.odd_llm import FAULTS, OK, Does, OddLlm, completion
from tests.players.tiny_llm import tiny, weights

ATTACKS = Path(__file__).parent.parent / "tests" / "sets" / "attacks.jsonl"
WHO, PLACE = Person("web", "local", "U1"), Place("web", "local", "D1")
DRAFT = "As I already said, delivery takes 10 working days. You need to wait."
CUSTOMER = "Where is my parcel? The party is tomorrow."
DEADLINE = 8.0
OFF = """
import os, resource, sys
from bot.settings import read_settings
from bot.assembly import build_house
from storage.db import open_database
build_house(read_settings(os.environ), open_database("sqlite:///b.sqlite3"), demo=True)
client = ("openai", "httpx2", "pydantic", "jiter")
foreign = [name for name in sys.modules if name.partition(".")[0] in client]
print(len(foreign), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def off() -> None:
    """Modules and memory: without a word of a model, with a key alone, and switched on."""
    on = {"BREATHER_LLM": "on", "BREATHER_LLM_MODEL": "m", "OPENAI_API_KEY": "sk"}
    plain = 0.0
    root = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    for told, more in (("no setting", {}), ("a key alone", {"OPENAI_API_KEY": "sk"}), ("on", on)):
        sizes, modules = [], ""
        for _ in range(3):
            with tempfile.TemporaryDirectory() as folder:
                ran = [sys.executable, "-c", OFF]
                done = subprocess.run(ran, cwd=folder, env={**root, **more}, capture_output=True, check=True)
            modules, size = done.stdout.decode().split()
            sizes.append(int(size) / 1024)
        plain = plain or statistics.median(sizes)
        print(f"{told}: {modules} modules of the client, {statistics.median(sizes) - plain:+.1f} MB")


async def slow(writer: asyncio.StreamWriter) -> bool:
    """A good answer, after two seconds."""
    await asyncio.sleep(2.0)
    raw = json.dumps(completion(OK)).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
    writer.write(head.encode() + raw)
    await writer.drain()
    return True


async def upgrades(playbook: Playbook, count: int) -> None:
    """From the draft to the card, and on to better words, with a server that takes two seconds."""
    firsts, whole = list[float](), list[float]()
    async with OddLlm(Does(slow)) as server:
        chat = Chat(LlmSettings("m", server.url, an_hour=10**6), time.monotonic)
        chat.load()
        model = Model("127.0.0.1", False, ChatRewriter(chat, playbook.prompts["rewrite"]))
        names = iter(map(str, range(10**6)))
        wishes = Wishes(model, lambda: next(names), print)
        coach = Coach(playbook, PlainMemory(), Outbox(), print, Rounds(b"s"), Setup(demo=True), wishes=wishes)
        for number in range(count):
            fields = {"draft": Words(f"{DRAFT} Case {number}."), "customer": Words(CUSTOMER)}
            told = Submitted("review.draft", fields)
            began = time.monotonic()
            (card, *_) = await coach.hear(Message(f"m{number}", WHO, PLACE, datetime.now(UTC), told))
            firsts.append(time.monotonic() - began)
            assert isinstance(card, Reply)
            await coach.better(card.later)
            whole.append(time.monotonic() - began)
        await chat.close()
    print(
        f"first card: median {1000 * statistics.median(firsts):.0f} ms, longest {1000 * max(firsts):.0f} ms"
    )
    print(f"upgrade, server of 2 s: p50 {statistics.median(whole):.2f} s, longest {max(whole):.2f} s")


async def asked(port: str, chat: Chat, playbook: Playbook) -> Outcome[object]:
    case = Case(DRAFT, CUSTOMER)
    if port == "rewriter":
        return await ChatRewriter(chat, playbook.prompts["rewrite"]).rewrite(case, WHO)
    return await ChatJudge(chat, playbook.prompts["judge"]).judge(case, {"q": "Is it kind?"}, WHO)


async def faults(playbook: Playbook) -> None:
    """Every fault with the deadline people have, both ports: what came, and when."""

    async def one(name: str, port: str) -> tuple[float, Why]:
        async with OddLlm(*FAULTS[name][0]) as server:
            chat = Chat(LlmSettings("m", server.url, seconds=DEADLINE), time.monotonic)
            began = time.monotonic()
            outcome = await asked(port, chat, playbook)
            took = time.monotonic() - began
            await chat.close()
            assert outcome.value is None
            return took, outcome.why

    for port in ("rewriter", "judge"):
        came = dict(zip(FAULTS, await asyncio.gather(*(one(name, port) for name in FAULTS)), strict=True))
        late = {name: took for name, (took, why) in came.items() if why is Why.DEADLINE}
        early = max(took for name, (took, _) in came.items() if name not in late)
        times = ", ".join(f"{name} {took:.2f} s" for name, took in late.items())
        print(
            f"{port}: {len(came)} faults, 0 exceptions; at the deadline: {times}; the others by {early:.2f} s"
        )


async def breaker(playbook: Playbook) -> None:
    """A server that is down, left alone."""
    async with OddLlm((500, {}, b"")) as server:
        chat = Chat(LlmSettings("m", server.url, an_hour=10**6), time.monotonic)
        for _ in range(3):
            await asked("rewriter", chat, playbook)
        took = []
        for _ in range(1000):
            began = time.perf_counter()
            outcome = await asked("rewriter", chat, playbook)
            took.append(time.perf_counter() - began)
            assert outcome.why is Why.BREAKER_OPEN
        await chat.close()
    print(f"breaker open: median {1000 * statistics.median(took):.3f} ms, longest {1000 * max(took):.3f} ms")


async def attacks(playbook: Playbook, count: int, seconds: float) -> None:
    """Orders in a customer's message, with a real model that may follow them."""
    rows = [json.loads(line) for line in ATTACKS.read_text(encoding="utf-8").splitlines()][:count]
    came, reached = Counter[str](), 0
    async with tiny() as url:
        chat = Chat(LlmSettings("tiny", url, seconds=seconds, an_hour=10**6), time.monotonic)
        chat.breaker.most = 10**6  # all of them are to be answered
        model = Model("127.0.0.1", False, ChatRewriter(chat, playbook.prompts["rewrite"]))
        for row in rows:
            customer = f"Where is my parcel? {row['text']}"
            found = engine.review(DRAFT, customer, playbook)
            written = await worded(model, found, customer, WHO, playbook)
            came["shown" if isinstance(written, Written) else written.value] += 1
            reached += isinstance(written, Written) and level(row["marker"]) in level(written.text)
            if not came.total() % 20:
                print(f"{came.total()} of {len(rows)}: {dict(came)}, reached {reached}", flush=True)
        await chat.close()
    print(f"the tiny model, {len(rows)} attacks: {dict(came)}; reached the card: {reached}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-n", type=int, default=15, help="upgrades")
    parser.add_argument("--attacks", type=int, default=0, help="instead: this many through the tiny model")
    parser.add_argument("--seconds", type=float, default=60.0, help="deadline of a call to the tiny model")
    logging.disable()  # a refused key is an error to the log, and one of the faults here
    args, playbook = parser.parse_args(), read()
    if args.attacks:
        if weights() is None:
            sys.exit("bench_llm: the tiny model is not installed. Run: make llm")
        asyncio.run(attacks(playbook, args.attacks, args.seconds))
        return 0
    off()
    for measure in (upgrades(playbook, args.n), faults(playbook), breaker(playbook)):
        asyncio.run(measure)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
