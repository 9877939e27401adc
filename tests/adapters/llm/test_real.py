"""A real server with a real, tiny model, and the faults of llmock."""

import time

import pytest

from adapters.llm.chat import Chat
from adapters.llm.rewriter import ChatRewriter
from adapters.llm.settings import LlmSettings
from coaching.people import Person
from coaching.ports import Why
from coaching.review import engine
from coaching.review.written.clean import level
from coaching.review.written.rewriting import Written, asked, settled
from coaching.review.written.support import flaw, sources
from tests.adapters.llm.test_injection import ATTACKS
from tests.players.tiny_llm import tiny, weights

pytest.importorskip("openai")
pytest.importorskip("llmock")

WHO = Person("web", "local", "U1")
DRAFT = "As I already said, delivery takes 10 working days. You need to wait."
CASES = ("Where is my parcel? The party is tomorrow.", f"Where is it? {ATTACKS[0]['text']}")


@pytest.mark.skipif(weights() is None, reason="the tiny model is not installed: make llm")
async def test_a_real_model_that_is_always_wrong(playbook):
    """What it writes is read, guarded, and either says no more than the draft or is not shown."""
    async with tiny() as url:
        settings = LlmSettings("smollm2", url, seconds=12.0, an_hour=100)
        chat = Chat(settings, time.monotonic)
        rewriter = ChatRewriter(chat, playbook.prompts["rewrite"])
        for customer in CASES[1:]:
            found = engine.review(DRAFT, customer, playbook)
            ask = asked(found, customer, playbook, redacts=False)
            outcome = await rewriter.rewrite(ask.case, WHO)
            assert outcome.why in {Why.NONE, Why.LENGTH, Why.SCHEMA, Why.DEADLINE}
            if outcome.value is None:
                continue
            assert outcome.read > 100
            written = settled(ask, outcome.value, found, playbook)
            if isinstance(written, Written):
                known = sources(ask.body, ask.customer, playbook.guarding)
                for said in written.text.replace("[", "\n[").split("\n"):
                    assert said.startswith("[") or flaw(said, known, playbook.guarding) is None
                assert level(ATTACKS[0]["marker"]) not in level(written.text)
        await chat.close()


@pytest.mark.parametrize(
    ("arrange", "why"),
    [
        (lambda mock: mock.rate_limit(times=1, retry_after=0.1), Why.NONE),
        (lambda mock: mock.outage(), Why.TRANSPORT),
        (lambda mock: mock.fail(401), Why.REFUSED),
        (lambda mock: mock.delay(5, times=None), Why.DEADLINE),
    ],
    ids=["429 once", "outage", "401", "5 s"],
)
async def test_llmocks_faults(arrange, why, llmock, playbook):
    """Somebody else's server, somebody else's idea of what goes wrong."""
    good = (
        '{"sentences": [{"kind": "keep", "text": "Delivery takes 10 working days.", "source": "delivery"}]}'
    )
    if why is Why.NONE:
        llmock.reply(good)
    arrange(llmock)
    chat = Chat(LlmSettings("m", llmock.base_url(), seconds=2.0), time.monotonic)
    rewriter = ChatRewriter(chat, playbook.prompts["rewrite"])
    found = engine.review(DRAFT, CASES[0], playbook)
    ask = asked(found, CASES[0], playbook, redacts=True)
    assert (await rewriter.rewrite(ask.case, WHO)).why is why
    await chat.close()
