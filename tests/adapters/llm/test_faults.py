"""Whatever a model's server does, there is a value, in time. Real sockets, the real client."""

import asyncio
import subprocess
import sys
import time

import pytest

from adapters.llm.chat import Chat
from adapters.llm.judge import ChatJudge
from adapters.llm.rewriter import ChatRewriter
from adapters.llm.settings import LlmSettings
from coaching.people import Person
from coaching.ports import Case, Outcome, Why
from tests.players.odd_llm import FAULTS, OK, OddLlm, completion

pytest.importorskip("openai")  # loaded now: no test waits for that

WHO = Person("web", "local", "U1")
CASE = Case("As I already said, delivery takes 10 working days.", "The party is tomorrow.", "Say it kindly.")
ANSWERS = {"answers": [{"id": "q", "yes": 0.9, "quote": "already said"}]}
DEADLINE = 1.5


def chat_on(url, **more):
    return Chat(LlmSettings("m", url, **{"seconds": DEADLINE, "an_hour": 1000, **more}), time.monotonic)


async def asked(port, chat, prompts):
    if port == "rewriter":
        return await ChatRewriter(chat, prompts["rewrite"]).rewrite(CASE, WHO)
    return await ChatJudge(chat, prompts["judge"]).judge(CASE, {"q": "Is it kind?"}, WHO)


@pytest.mark.parametrize("port", ["rewriter", "judge"])
@pytest.mark.parametrize("name", FAULTS)
async def test_every_fault_is_a_value_in_time(name, port, playbook):
    """More than forty faults, both ports: no exception, the right reason, never beyond the deadline."""
    plan, why = FAULTS[name]
    async with OddLlm(*plan) as server:
        chat = chat_on(server.url)
        try:
            began = time.monotonic()
            outcome = await asked(port, chat, playbook.prompts)
            took = time.monotonic() - began
        finally:
            await chat.close()
    assert isinstance(outcome, Outcome)
    assert outcome.value is None
    assert outcome.why.value == why
    assert took < DEADLINE + 0.5  # a busy machine; the deadline's own exactness is tested below
    assert chat.counts[f"{'rewrite' if port == 'rewriter' else 'judge'}.{why}"] == 1


@pytest.mark.parametrize("fault", ["silent", "dripping", "429 with a long wait", "head, then silent"])
async def test_the_deadline_is_one(fault, playbook):
    """To a tenth of a second, whatever the client would rather wait for."""
    took = []
    for _ in range(3):  # the best of three: what else runs here is no fault of the code
        async with OddLlm(*FAULTS[fault][0]) as server:
            chat = chat_on(server.url, seconds=0.5)
            await asked("rewriter", chat, playbook.prompts)  # the first call loads the client
            chat.breaker.leave(well=True)
            began = time.monotonic()
            outcome = await asked("rewriter", chat, playbook.prompts)
            took.append(time.monotonic() - began)
            await chat.close()
        assert outcome.why is Why.DEADLINE
    assert min(abs(t - 0.5) for t in took) <= 0.1


async def test_a_good_answer(playbook):
    """Read, counted, and the same question costs nothing for a while."""
    async with OddLlm(completion(OK)) as server:
        chat = chat_on(server.url)
        rewriter = ChatRewriter(chat, playbook.prompts["rewrite"])
        first = await rewriter.rewrite(CASE, WHO)
        again = await rewriter.rewrite(CASE, WHO)
        await chat.close()
        assert len(server.asked) == 1
        sent, head = server.asked[0], server.heads[0]
    assert [s.kind for s in first.value] == ["acknowledge", "keep"]
    assert again is first
    assert (first.read, first.wrote) == (500, 80)
    assert chat.counts == {"rewrite.none": 1, "tokens.read": 500, "tokens.wrote": 80}
    assert sent["store"] is False
    assert sent["messages"][0] == {"role": "system", "content": playbook.prompts["rewrite"].text}
    assert "U1" not in str(sent) + head  # who asked is nobody's business
    assert "user" not in sent


async def test_judged(playbook):
    """Probabilities with quotes, one for each question."""
    async with OddLlm(completion(f"```json\n{ANSWERS}\n```".replace("'", '"'))) as server:
        chat = chat_on(server.url)
        judge = ChatJudge(chat, playbook.prompts["judge"])
        first = await judge.judge(CASE, {"q": "Is it kind?"}, WHO)
        assert await judge.judge(CASE, {"q": "Is it kind?"}, WHO) is first
        await chat.close()
    assert first.value["q"].yes == 0.9
    assert "already" not in repr(first)


async def test_one_bad_answer_is_asked_again(playbook):
    """Where half of the time is left."""
    async with OddLlm(completion("prose"), completion(OK)) as server:
        chat = chat_on(server.url, seconds=5.0)
        outcome = await asked("rewriter", chat, playbook.prompts)
        await chat.close()
        assert len(server.asked) == 2
    assert outcome.why is Why.NONE


async def test_a_server_that_is_down_is_left_alone(playbook):
    """Three failures in a row, then no call at all for a while, in less than a millisecond each."""
    now = [0.0]
    async with OddLlm((500, {}, b""), (500, {}, b"")) as server:
        chat = Chat(LlmSettings("m", server.url, seconds=5.0), lambda: now[0])
        for _ in range(3):
            assert (await asked("rewriter", chat, playbook.prompts)).why is Why.TRANSPORT
        calls = len(server.asked)
        began = time.perf_counter()
        for _ in range(100):
            assert (await asked("rewriter", chat, playbook.prompts)).why is Why.BREAKER_OPEN
        assert (time.perf_counter() - began) / 100 < 0.001
        assert len(server.asked) == calls
        now[0] += 31
        server.plan = [completion(OK)]
        assert (await asked("rewriter", chat, playbook.prompts)).why is Why.NONE
        await chat.close()


async def test_a_refused_key_is_not_tried_again(playbook, caplog):
    """Told once, in the log, without a word of what was sent."""
    async with OddLlm((401, {}, {"error": {"message": CASE.draft}})) as server:
        chat = chat_on(server.url)
        assert [(await asked("rewriter", chat, playbook.prompts)).why for _ in range(3)] == [Why.REFUSED] * 3
        await chat.close()
        assert len(server.asked) == 1
    told = [record for record in caplog.records if record.name.startswith("adapters")]
    assert len(told) == 1
    assert CASE.draft not in caplog.text


async def test_too_many_at_once_and_too_often(playbook):
    """Neither waits: the review stands."""
    async with OddLlm(*FAULTS["silent"][0]) as server:
        chat = chat_on(server.url, at_once=1, seconds=0.6)
        first = asyncio.ensure_future(asked("rewriter", chat, playbook.prompts))
        await asyncio.sleep(0.3)
        assert (await asked("judge", chat, playbook.prompts)).why is Why.BUSY
        await first
        await chat.close()
    async with OddLlm(completion(OK)) as server:
        chat = chat_on(server.url, an_hour=1)
        await asked("rewriter", chat, playbook.prompts)
        assert (await asked("rewriter", chat, playbook.prompts)).why is Why.OFTEN
        await chat.close()


async def test_stopped_in_the_middle(playbook):
    """Whoever stops it leaves nothing locked: the next call goes through."""
    async with OddLlm(*FAULTS["silent"][0]) as server:
        chat = chat_on(server.url, at_once=1, seconds=5)
        call = asyncio.ensure_future(asked("rewriter", chat, playbook.prompts))
        while not server.asked:  # noqa: ASYNC110 - seen from outside
            await asyncio.sleep(0.01)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        server.plan = [completion(OK)]
        assert (await asked("rewriter", chat, playbook.prompts)).why is Why.NONE
        await chat.close()


OFF = """
import sys, os
os.environ.update(OPENAI_API_KEY="sk-found", {more})
from bot.settings import read_settings
from bot.assembly import build_house
from storage.db import open_database
house = build_house(read_settings(os.environ), open_database("sqlite:///{path}"), demo=True)
print(house.model is None, house.coach.wishes is None, sorted(
    name for name in sys.modules if name.partition(".")[0] in ("openai", "httpx2", "httpcore2", "pydantic")))
"""


@pytest.mark.parametrize("more", ["", 'BREATHER_LLM="on"', 'BREATHER_LLM_MODEL="gpt"', 'BREATHER_LLM="off"'])
def test_switched_off_it_costs_nothing(more, tmp_path):
    """A key alone, or half of the settings, turns nothing on: not a module of it is loaded."""
    code = OFF.replace("{more}", more).replace("{path}", str(tmp_path / "b.sqlite3"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True True []"


def test_switched_on_the_client_is_loaded_at_the_start(tmp_path):
    """Not while the first person waits."""
    code = OFF.replace("{more}", 'BREATHER_LLM="on", BREATHER_LLM_MODEL="gpt"').replace(
        "{path}", f"{tmp_path}/b.db"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("False False ['httpx2'")
