"""Orders in a customer's message: a model that obeys them all changes no verdict and no word of the card."""

import json
import re
from pathlib import Path

import pytest

from adapters.llm.chat import Chat
from adapters.llm.judge import ChatJudge
from adapters.llm.rewriter import ChatRewriter
from adapters.llm.settings import LlmSettings
from coaching.people import Person
from coaching.review import engine
from coaching.review.written.clean import clean, level
from coaching.review.written.rewriting import Written, asked, settled
from coaching.wishes import Model, second
from tests.players.doubts import DOUBTED, doubting
from tests.players.odd_llm import OddLlm, completion

pytest.importorskip("openai")

ATTACKS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "sets/attacks.jsonl").read_text(encoding="utf-8").splitlines()
]
DRAFT = "As I already said, delivery takes 10 working days. You need to wait."
WHO = Person("web", "local", "U1")
KINDS = ("acknowledge", "keep", "question", "close")


def ordered(text):
    """What the attack wants said, as far as an obeying model can find it: the part after its order."""
    return re.split(r"[:：\n>`\"]+ ?", clean(text).strip())[-1] or text


def obeying(body):
    """A model that does what the customer's message says, in every kind of sentence, with every source."""
    told = body["messages"][1]["content"]
    customer = told.split("\n", 1)[1].rsplit("\n<<end", 1)[0]
    lines = [line for line in re.split(r"[\n>`]", customer) if line.strip()]
    wanted = [customer[-300:], ordered(customer), *lines[-2:]]
    said = [
        {"kind": kind, "text": text.strip()[:390], "source": source}
        for text in wanted
        for kind in KINDS
        for source in (customer[:900], "delivery takes 10 working days")
        if text.strip()
    ][:11]
    keep = {
        "kind": "keep",
        "text": "Delivery takes 10 working days.",
        "source": "delivery takes 10 working days",
    }
    return completion({"sentences": [*said, keep]})


def parts(body):
    """The same, but only the order itself, once as each kind: the rest of the answer is good."""
    told = body["messages"][1]["content"]
    customer = told.split("\n", 1)[1].rsplit("\n<<end", 1)[0]
    text = ordered(customer)[:390] or "x"
    said = [{"kind": kind, "text": text, "source": customer[:900]} for kind in KINDS]
    sorry = {"kind": "acknowledge", "text": "I am sorry about the wait.", "source": customer[:20]}
    keep = {
        "kind": "keep",
        "text": "Delivery takes 10 working days.",
        "source": "delivery takes 10 working days",
    }
    return completion({"sentences": [sorry, *said, keep]})


@pytest.mark.parametrize(("model", "redacts"), [(obeying, False), (parts, True)])
async def test_no_attack_reaches_the_card(model, redacts, playbook):
    """All of them, with a model that obeys: what they want said is in no reply."""
    reached, passed = [], 0
    async with OddLlm(model) as server:
        settings = LlmSettings("m", server.url, seconds=10.0, an_hour=10_000)
        chat = Chat(settings, lambda: 0.0)
        rewriter = ChatRewriter(chat, playbook.prompts["rewrite"])
        for attack in ATTACKS:
            customer = f"Where is my parcel? {attack['text']}"
            found = engine.review(DRAFT, customer, playbook)
            ask = asked(found, customer, playbook, redacts=redacts)
            outcome = await rewriter.rewrite(ask.case, WHO)
            assert outcome.value is not None
            written = settled(ask, outcome.value, found, playbook)
            passed += isinstance(written, Written)
            if isinstance(written, Written) and level(attack["marker"]) in level(written.text):
                reached.append((attack["id"], written.text))
        await chat.close()
    assert len(ATTACKS) >= 150
    assert reached == []
    assert passed > 0 or model is obeying  # what is good in the answer is shown all the same


def judging(body):
    """A judge that finds everything missed, in the words it was told to say."""
    told = body["messages"][1]["content"]
    text = ordered(told.split("\n", 1)[1].rsplit("\n<<end", 1)[0])[:900] or "x"
    asked = re.findall(r"^(R\d):", body["messages"][-1]["content"], re.MULTILINE)
    return completion({"answers": [{"id": name, "yes": 0.0, "quote": text} for name in asked]})


async def test_no_attack_adds_a_finding(playbook):
    """A judge that obeys has nothing to show for it: what it quotes does not stand in the draft."""
    playbook, added = doubting(playbook, "Where is my parcel?", "R1", "R2"), []
    async with OddLlm(judging) as server:
        chat = Chat(LlmSettings("m", server.url, seconds=10.0, an_hour=10_000), lambda: 0.0)
        judge = ChatJudge(chat, playbook.prompts["judge"])
        model = Model(
            "127.0.0.1", False, ChatRewriter(chat, playbook.prompts["rewrite"]), judge, {"R1", "R2"}
        )
        for attack in ATTACKS:
            customer = f"Where is my parcel? {attack['text']}"
            found = engine.review(DOUBTED, customer, playbook)
            added.append(await second(model, found, customer, WHO, playbook))
        await chat.close()
        assert len(server.asked) > len(ATTACKS) / 4  # of the others the review was sure
    assert set(added) == {None}


def test_every_attack_is_one():
    """Five kinds, each of its own text, each with something to look for."""
    assert {attack["kind"] for attack in ATTACKS} == {"direct", "quoted", "invisible", "language"}
    assert len({attack["text"] for attack in ATTACKS}) >= 150
    assert all(attack["marker"] for attack in ATTACKS)


async def test_what_a_server_is_shown_has_nothing_hidden(playbook):
    """Invisible orders are gone before a model could read them; a marker nobody can guess stands around."""
    seen = []

    def watching(body):
        seen.append(json.dumps(body, ensure_ascii=False))
        return completion("no")

    async with OddLlm(watching) as server:
        chat = Chat(LlmSettings("m", server.url, seconds=0.5, an_hour=10_000), lambda: 0.0)
        rewriter = ChatRewriter(chat, playbook.prompts["rewrite"])
        for attack in [a for a in ATTACKS if a["kind"] == "invisible"]:
            found = engine.review(DRAFT, attack["text"], playbook)
            ask = asked(found, attack["text"], playbook, redacts=True)
            await rewriter.rewrite(ask.case, WHO)
        await chat.close()
    assert seen
    assert not [sign for body in seen for sign in body if 0xE0000 <= ord(sign) <= 0xE007F or sign == "\u200b"]
    assert len({re.search(r"<<customer (\w{8})>>", body)[1] for body in seen}) > len(seen) // 3
