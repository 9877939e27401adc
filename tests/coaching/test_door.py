"""The door: danger goes before every answer, in the same place, and takes nothing of it away."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from coaching import safety
from coaching.people import Person, Place
from coaching.playbook.care import Danger
from coaching.sealed import Sealed, Words
from coaching.values import Command, Form, Handed, Message, Opened, Reply, Said, Submitted

DIE, LATE = Words("I want to die."), Words("Your parcel is late, and I am looking for it now.")


async def heard(coach, content):
    where = Place("web", "local", "D1")
    at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    return await coach.hear(Message("m1", Person("web", "local", "U1"), where, at, content))


def told(answer):
    return repr(answer.blocks)


@pytest.mark.parametrize(
    "content",
    [
        Submitted("review.draft", {"draft": DIE}),
        Submitted("review.draft", {"draft": LATE, "customer": DIE}),
        Handed(DIE, own=True),
        Handed(DIE, own=False),
        Command("review", DIE),
    ],
    ids=repr,
)
async def test_a_card_stands_above_what_was_asked_for(coach, content):
    """Whether the person writes it or their customer: people to turn to first, then the answer itself."""
    (answer,) = await heard(coach, content)
    assert "findahelpline.com" in told(answer)
    plain = {
        Submitted: Submitted("review.draft", {"draft": LATE}),
        Handed: Handed(LATE, own=getattr(content, "own", True)),
        Command: Command("review", LATE),
    }[type(content)]
    usual = (await heard(coach, plain))[0]
    assert type(answer) is type(usual)
    assert "findahelpline.com" not in told(usual)
    assert len(answer.blocks) > 3


@pytest.mark.parametrize("content", [Said(DIE), Command("", DIE), Command("tip", DIE)], ids=repr)
async def test_said_to_the_coach_the_card_is_the_answer(coach, content):
    """Nothing else is talked about then, not even the coach itself."""
    (answer,) = await heard(coach, content)
    assert isinstance(answer, Reply)
    assert "findahelpline.com" in told(answer)
    assert not (await coach.memory.recall(Person("web", "local", "U1"), Place("web", "local", "D1"))).met


async def test_a_fault_of_ours_is_a_kind_sentence(coach, troubles, monkeypatch):
    """Whatever fails, there is an answer; the kind of failure is told to us, and nothing of the person's."""

    async def broken(*_):
        raise OSError("I want to die.")

    monkeypatch.setattr(type(coach.memory), "recall", broken)
    heard_of = []
    coach.trouble = lambda where, error: heard_of.append((where, type(error)))
    (answer,) = await heard(coach, Said(LATE))
    assert "not yours" in told(answer)
    assert heard_of == [("hear", OSError)]
    assert troubles == []


def failing(coach, monkeypatch, method):
    async def broken(*_, **__):
        raise OSError

    monkeypatch.setattr(type(coach.memory), method, broken)


async def test_danger_is_answered_even_where_memory_fails(coach, troubles, monkeypatch):
    """Help does not wait for a database; what was asked for besides is what failed."""
    failing(coach, monkeypatch, "recall")
    (said,) = await heard(coach, Said(DIE))
    assert "findahelpline.com" in told(said)
    assert "my side" not in told(said)
    (form,) = await heard(coach, Submitted("review.draft", {"draft": DIE}))
    assert "findahelpline.com" in told(form)
    assert "my side" in told(form)
    (vent,) = await heard(coach, Submitted("vent.out", {"box": Sealed("argh")}))
    assert vent.blocks[-1] == safety.footer(coach.setup, coach.playbook)
    assert "my side" in told(vent)
    assert len(troubles) == 3
    troubles.clear()


async def test_an_answer_does_not_wait_for_what_only_we_wish_to_note(coach, troubles, monkeypatch):
    """That they are there is noted once a month; where that fails they are answered, but nothing is set."""
    recall = coach.memory.recall

    async def long_ago(_, who, where):
        return replace(await recall(who, where), heard_on=date(2025, 1, 1), met=True)

    monkeypatch.setattr(type(coach.memory), "recall", long_ago)
    failing(coach, monkeypatch, "keep")
    (tip,) = await heard(coach, Command("review", LATE))
    assert "my side" not in told(tip)
    picked = {"days": ("1",), "zone": ("Europe/Berlin",), "time": ("09:00",)}
    (unset,) = await heard(coach, Submitted("schedules.mine", picked))
    assert "my side" in told(unset)
    assert [where for where, _ in troubles] == ["keep", "hear"]
    troubles.clear()


async def test_an_attack_that_no_rule_hears_is_believed_all_the_same(coach):
    """What is wanted tells of it where the words of danger do not."""
    (answer,) = await heard(coach, Said(Words("customer got abusive on the phone just now")))
    assert answer == safety.answer(Danger.ABUSE_RECEIVED, coach.setup, coach.playbook)


async def test_who_wants_to_hear_of_repeats_does(coach):
    """What was looked at before is remembered by fingerprints from the tick in the settings on."""
    await heard(coach, Submitted("schedules.settings", {"less_words": ("repeats",)}))
    (answer, *_) = await heard(coach, Handed(LATE, own=True))
    assert "nearly this reply before" not in told(answer)
    (kept,) = (await coach.memory.earlier(Person("web", "local", "U1"), datetime.now(UTC))).replies
    assert kept[0].prints


async def test_first_contact_never_stands_over_a_form(coach):
    """It comes once, in private, after the first answer that is not a form."""
    (form,) = await heard(coach, Command("review", Words("")))
    assert isinstance(form, Form)
    _, hello = await heard(coach, Command("tip", Words("")))
    assert "Hello, I am Breather" in told(hello)
    assert len(await heard(coach, Command("tip", Words("")))) == 1
    assert await heard(coach, Opened("tab")) == ()


async def test_one_message_of_a_person_at_a_time(coach, monkeypatch):
    """Fifteen reminders sent at once: three are set, because each turn sees what the last one left."""
    recall = coach.memory.recall

    async def slow(who, where):
        known = await recall(who, where)
        await asyncio.sleep(0)  # as a database does: others may go on here
        return known

    monkeypatch.setattr(type(coach.memory), "recall", lambda _, who, where: slow(who, where))
    picked = {"days": ("1",), "zone": ("Europe/Berlin",)}
    sent = [Submitted("schedules.mine", {**picked, "time": (f"{hour:02}:00",)}) for hour in range(6, 21)]
    await asyncio.gather(*(heard(coach, content) for content in sent))
    known = await recall(Person("web", "local", "U1"), Place("web", "local", "D1"))
    assert len(known.schedules) == 3


async def test_sealed_text_does_not_outlive_its_turn(coach, troubles, monkeypatch):
    """Answered or failed before any skill saw it: the box is empty afterwards."""
    answered, failed = Sealed("argh"), Sealed("argh")
    await heard(coach, Submitted("vent.out", {"box": answered}))
    assert answered.ask(lambda text: text == "")

    async def broken(self, who, where):
        raise OSError

    monkeypatch.setattr(type(coach.memory), "recall", broken)
    await heard(coach, Submitted("vent.out", {"box": failed}))
    assert failed.ask(lambda text: text == "")
    assert troubles
    troubles.clear()
