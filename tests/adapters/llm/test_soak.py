"""Two hundred reviews while a model's server does anything; five hundred drafts, seen from its side."""

import asyncio
import json
import random
import re
import time
from datetime import UTC, datetime

import pytest

from adapters.llm.chat import Chat
from adapters.llm.judge import ChatJudge
from adapters.llm.rewriter import ChatRewriter
from adapters.llm.settings import LlmSettings
from coaching.coach import Coach
from coaching.people import Person, Place
from coaching.review import engine
from coaching.review.written.redact import restore
from coaching.review.written.rewriting import asked
from coaching.rounds import Rounds
from coaching.sealed import Words
from coaching.turn import Setup
from coaching.values import Draft, Message, Quote, Submitted
from coaching.wishes import Model, Wishes
from tests.conftest import Outbox
from tests.players.doubts import DOUBTED, doubting
from tests.players.memory import PlainMemory
from tests.players.odd_llm import FAULTS, OK, OddLlm, completion

pytest.importorskip("openai")

WEAK = "As I already said, delivery takes 10 working days. You need to wait."
CUSTOMER = "Where is my parcel? The party is tomorrow."
JUDGED = {"answers": [{"id": name, "yes": 0.1, "quote": "as per our policy"} for name in ("R1", "R2")]}
SECONDS = 0.4
PEOPLE = 40
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
PLACE = Place("web", "local", "D1")


async def test_two_hundred_reviews_with_random_faults(playbook, caplog):  # noqa: PLR0915 - one story
    """Every card is shown at once and ends as one; nothing is left behind; nobody waits too long."""
    chance, playbook = random.Random(7), doubting(playbook, CUSTOMER, "R1", "R2")
    names = [*FAULTS, *["fine"] * len(FAULTS)]

    def anything(body):
        name = chance.choice(names)
        answer = completion({**OK, **JUDGED}) if name == "fine" else FAULTS[name][0][0]
        return answer if not isinstance(answer, tuple) or answer[0] not in (401, 403, 404) else (500, {}, b"")

    troubles, waits, firsts, noticed, better = [], [], [], [], 0
    async with OddLlm(anything) as server:
        before = len(asyncio.all_tasks())
        chat = Chat(LlmSettings("m", server.url, seconds=SECONDS, at_once=8, an_hour=1000), time.monotonic)
        chat.breaker.rest = 0.2
        rewriter, judge = (
            ChatRewriter(chat, playbook.prompts["rewrite"]),
            ChatJudge(chat, playbook.prompts["judge"]),
        )
        model = Model("127.0.0.1", False, rewriter, judge, frozenset({"R1", "R2"}))
        count = iter(range(10_000))
        wishes = Wishes(model, lambda: f"w{next(count)}", lambda *told: troubles.append(told))
        coach = Coach(
            playbook, PlainMemory(), Outbox(), wishes.trouble, Rounds(b"s"), Setup(demo=True), wishes=wishes
        )

        async def one(number):
            nonlocal better
            told = (Words((WEAK, DOUBTED)[number % 2]), Words(f"{CUSTOMER} Case {number}."))
            fields = dict(zip(("draft", "customer"), told, strict=True))
            message = Message(
                f"m{number}",
                Person("web", "local", f"U{number % PEOPLE}"),
                PLACE,
                AT,
                Submitted("review.draft", fields),
            )
            began = time.monotonic()
            (first, *_) = await coach.hear(message)
            firsts.append(time.monotonic() - began)
            last = await coach.better(first.later)
            waits.append(time.monotonic() - began)
            assert last.blocks
            noticed.extend(b for b in last.blocks if isinstance(b, Quote) and b not in first.blocks)
            better += sum(isinstance(b, Draft) for b in last.blocks) > sum(
                isinstance(b, Draft) for b in first.blocks
            )

        for start in range(0, 200, 4):
            await asyncio.gather(*(one(n) for n in range(start, start + 4)))
        await wishes.drain()
        await chat.close()
        await asyncio.sleep(0.05)
        assert len(asyncio.all_tasks()) <= before + len(server.connections)
    assert len(waits) == 200
    assert max(waits) < SECONDS + 2.0  # a busy machine; the deadline itself is tested to a tenth of a second
    assert troubles == []
    assert better
    assert noticed
    assert wishes._tasks == {}
    assert "working days" not in caplog.text


def drafts():
    """Five hundred of them, with something private of each kind, drawn the same every time."""
    chance = random.Random(11)

    def digits(n):
        return "".join(chance.choice("0123456789") for _ in range(n))

    for number in range(500):
        name = chance.choice(["Maria Lopez", "Tom Berger", "Ann O'Neil", "Jörg Weiß", "Li Wei"])
        told = {
            "mail": f"{name[:2].lower()}{number}@mail{digits(2)}.example.com",
            "phone": f"+49 {digits(3).replace('0', '1')} {digits(7)}",
            "card": "4111 1111 1111 1111",
            "iban": "DE89 3704 0044 0532 0130 00",
            "ip": f"10.{chance.randint(0, 255)}.3.{chance.randint(1, 254)}",
            "url": f"https://shop.example.com/track?t={digits(9)}",
            "order": f"A{digits(6)}",
        }
        keys = chance.sample(sorted(told), 3)
        where = " and ".join(
            f"{key}: {told[key]}" if key != "order" else f"order {told[key]}" for key in keys
        )
        draft = (
            f"Hi {name},\nAs I already said, you need to wait. I have {where} here.\nKind regards,\nEve Adams"
        )
        asks = f"Where is it, order {told['order']}? My mail is {told['mail']}."
        customer = f"{asks}\nRegards,\n{name}"
        private = [told[key] for key in keys] + [told["order"], told["mail"], name, "Eve Adams"]
        yield draft, customer, private


async def test_five_hundred_drafts_hold_nothing_private(playbook):
    """What the server was sent is recorded: no raw identifier in it; what comes back is restored exactly."""
    async with OddLlm(completion(OK)) as server:
        chat = Chat(LlmSettings("m", server.url, seconds=5.0, an_hour=10_000), time.monotonic)
        rewriter = ChatRewriter(chat, playbook.prompts["rewrite"])
        private_of = []
        for draft, customer, private in drafts():
            found = engine.review(draft, customer, playbook)
            ask = asked(found, customer, playbook, redacts=True)
            if ask is None:
                continue
            await rewriter.rewrite(ask.case, Person("web", "local", "U1"))
            private_of.append((len(server.asked), private))
            assert restore(ask.case.draft, ask.marks) == ask.body
            assert restore(ask.case.customer, ask.marks) == ask.customer
        await chat.close()
        bodies = [json.dumps(body, ensure_ascii=False) for body in server.asked]
    assert len(private_of) >= 480
    whole = "\n".join(bodies)
    leaked = {text for _, private in private_of for text in private if text in whole}
    assert leaked == set()
    assert not re.search(r"\bEve\b", whole)
