"""A model's help from the settings on: what turns it on, what the doctor says, and the command line."""

import asyncio
import io
import json

import pytest

from bot.doctor import run as doctor
from bot.model import connect, fault, known
from bot.review_command import add_arguments
from bot.review_command import run as review
from bot.settings import SettingsError, read_settings
from coaching.people import Person
from coaching.review import engine
from coaching.wishes import second
from tests.players.doubts import DOUBTED, doubting
from tests.players.odd_llm import FAULTS, OK, OddLlm, completion

pytest.importorskip("openai")

ON = {"BREATHER_LLM": "on", "BREATHER_LLM_MODEL": "m"}
DRAFT = "As I already said, delivery takes 10 working days. You need to wait."


def values(**more):
    return read_settings({**ON, **more}).llm


@pytest.mark.parametrize(
    "env", [{}, {"OPENAI_API_KEY": "sk"}, {"BREATHER_LLM": "on"}, {"BREATHER_LLM_MODEL": "m"}]
)
def test_both_switches_are_needed(env):
    """A key alone turns nothing on."""
    assert not read_settings(env).llm.on


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BREATHER_LLM", "yes"),
        ("BREATHER_LLM_REDACT", "maybe"),
        ("BREATHER_LLM_DEADLINE_MS", "soon"),
        ("BREATHER_LLM_DEADLINE_MS", "5"),
    ],
)
def test_a_wrong_value_is_named(name, value):
    """With what it may be."""
    with pytest.raises(SettingsError, match=name):
        read_settings({name: value})


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({"OPENAI_BASE_URL": "ftp://x"}, "OPENAI_BASE_URL must be an address"),
        ({"OPENAI_BASE_URL": "http://model.example/v1"}, "must begin with https://"),
        ({}, "OPENAI_API_KEY is missing"),
        ({"OPENAI_API_KEY": "sk"}, ""),
        ({"OPENAI_BASE_URL": "http://localhost:1/v1"}, ""),
        ({"OPENAI_BASE_URL": "http://[::1]:1/v1"}, ""),
    ],
)
def test_what_is_missing_is_said(env, says):
    """Before the first draft; a model on this machine needs no key."""
    assert says in fault(values(**env))
    assert bool(says) is bool(fault(values(**env)))


def test_what_is_private_stays_unless_it_stays_here():
    """By default; or as it is set."""
    there, here = (
        {"OPENAI_BASE_URL": "https://model.example/v1"},
        {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"},
    )
    assert known(values(**there)).redacts
    assert not known(values(**here)).redacts
    assert known(values(**here, BREATHER_LLM_REDACT="on")).redacts
    assert not known(values(**there, BREATHER_LLM_REDACT="off")).redacts
    assert "sk-1" not in repr(values(OPENAI_API_KEY="sk-1"))


def test_a_start_with_a_fault_says_so(playbook):
    """Instead of failing at the first draft."""
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        connect(values(), playbook, print)


@pytest.mark.parametrize(
    ("env", "line"),
    [
        ({}, "ok    language model: off"),
        (ON, "BAD   language model: OPENAI_API_KEY is missing"),
        (
            {**ON, "OPENAI_API_KEY": "sk"},
            "ok    language model: drafts of people who asked for it go to api.openai.com, to the model m,",
        ),
        ({**ON, "OPENAI_API_KEY": "sk", "BREATHER_LLM_REDACT": "off"}, "warn  language model: drafts"),
        ({**ON, "OPENAI_BASE_URL": "http://localhost:9/v1"}, "go to localhost, to the model m, as they are"),
    ],
)
def test_the_doctor_names_the_host(env, line, tmp_path, monkeypatch):
    """Where drafts go, if anywhere."""
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    doctor(read_settings(env), out)
    assert line in out.getvalue()


@pytest.fixture
def measured(tmp_path, playbook):
    """The result file of a model that may judge what the review asks for, and not whether it stings."""
    figures = {"kappa": 0.7, "flips": 0.01, "n": 150, "swapped": 150}
    judge = {"R1": {**figures, "kappa": 0.2}, "R2": figures}
    file = tmp_path / "eval-llm.json"
    file.write_text(json.dumps({"model": "m", "prompts": [playbook.prompts["judge"].id], "judge": judge}))
    return str(file)


@pytest.mark.parametrize(
    ("env", "line"),
    [
        ({}, "ok    language model: besides wording, it judges R2\n"),
        ({"BREATHER_LLM_JUDGE": ""}, "ok    language model: besides wording, it judges nothing, until"),
        ({"BREATHER_LLM_MODEL": "n"}, "one in use is n. Measure the model again with: make eval-llm"),
    ],
)
def test_the_doctor_says_what_it_judges(env, line, measured, tmp_path, monkeypatch):
    """And what is wrong with the file that says so."""
    monkeypatch.chdir(tmp_path)
    out, here = io.StringIO(), {"OPENAI_BASE_URL": "http://localhost:9/v1", "BREATHER_LLM_JUDGE": measured}
    doctor(read_settings({**ON, **here, **env}), out)
    assert line in out.getvalue()


async def test_a_measured_model_judges(measured, playbook):
    """Over the wire: asked of what it may judge, its answer read, its words found in the draft."""
    customer = "Where is my parcel?"
    playbook = doubting(playbook, customer, "R1", "R2")
    answers = {"answers": [{"id": "R2", "yes": 0.1, "quote": "I understand."}]}
    async with OddLlm(completion(answers)) as server:
        connected = connect(values(OPENAI_BASE_URL=server.url, BREATHER_LLM_JUDGE=measured), playbook, print)
        found, who = engine.review(DOUBTED, customer, playbook), Person("web", "local", "U1")
        more = await second(connected.wishes.model, found, customer, who, playbook)
        await connected.stop()
        assert (more.criterion, more.quote) == ("R2", "I understand.")
        asked = server.asked[0]["messages"][-1]["content"]
    assert "R2: Is this so?" in asked
    assert "R1" not in asked


async def test_the_command_says_what_a_measured_model_noticed(measured, playbook, monkeypatch):
    """Below the review, with the words it means, and said to be a model's."""
    customer = "Where is my parcel? The party is tomorrow."
    doubts = doubting(playbook, customer, "R2")
    monkeypatch.setattr("bot.review_command.read", lambda: doubts)
    answers = {"answers": [{"id": "R2", "yes": 0.1, "quote": "I understand."}]}
    async with OddLlm(completion(answers)) as server:
        env = {**ON, "OPENAI_BASE_URL": server.url, "BREATHER_LLM_JUDGE": measured}
        code, out, err = await reviewed(DOUBTED, env)
    assert (code, err) == (0, "(no better words from the model: schema)\n")
    assert "One thing more, perhaps:\n> I understand.\nWhat they came with is still open." in out
    assert "A language model noticed this." in out


async def reviewed(draft, env, *flags):
    import argparse

    parser = argparse.ArgumentParser()
    add_arguments(parser)
    args = parser.parse_args(["--llm", "--customer", "Where is my parcel? The party is tomorrow.", *flags])
    out, err = io.StringIO(), io.StringIO()
    llm = read_settings(env).llm
    code = await asyncio.to_thread(review, args, io.StringIO(draft), out, err, llm)
    return code, out.getvalue(), err.getvalue()


async def test_the_command_shows_better_words_below_the_review():
    """Said to be a model's; without them a word on the side; without a model, what is missing."""
    async with OddLlm(completion(OK)) as server:
        env = {**ON, "OPENAI_BASE_URL": server.url}
        code, out, err = await reviewed(DRAFT, env)
        assert (code, err) == (0, "")
        assert "Better words:\nI am sorry the parcel is not there yet" in out
        assert "Worded by a language model" in out
        server.plan = [completion({"sentences": [{"kind": "close", "text": "We refund you.", "source": ""}]})]
        code, out, err = await reviewed(DRAFT, env)
        assert (code, err) == (0, "(no better words from the model: shape)\n")
        assert "Better words" not in out
        server.plan = FAULTS["a refusal"][0]
        assert "refusal" in (await reviewed(DRAFT, env))[2]
        calls = len(server.asked)
        assert (await reviewed("", env))[0] == 0
        assert (await reviewed(f"{DRAFT} I want to die.", env))[0] == 0
        assert len(server.asked) == calls
    assert (await reviewed(DRAFT, {}))[::2] == (
        2,
        "breather review: --llm needs BREATHER_LLM=on and BREATHER_LLM_MODEL: see docs/llm.md\n",
    )
    assert "leave --json" in (await reviewed(DRAFT, env, "--json"))[2]
