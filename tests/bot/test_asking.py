"""After a year of silence: one question, by day, never twice; then nothing is left unless they answer."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from bot.asking import Asking
from coaching.coach import Coach
from coaching.people import WORKDAYS, Day, For, Person, Place, Slot, Zone
from coaching.ports import Later, Posted
from coaching.rounds import Rounds
from coaching.sealed import Words
from coaching.turn import Forget, Met, Preferences, PreferencesSet, ScheduleSet, Setup
from coaching.values import Message, Said, Tapped
from storage import leaving
from storage.memory import StoredMemory
from storage.tables import person

LAST = datetime(2025, 1, 20, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 11, tzinfo=UTC)  # a Monday; 12:00 in Berlin, 06:00 in New York
BERLIN, YORK = Zone("Europe/Berlin"), Zone("America/New_York")
ANN, DM = Person("web", "local", "U1"), Place("web", "local", "D1")


class Mailbox:
    """A platform that keeps what arrived and answers as it is told."""

    def __init__(self):
        self.letters, self.answer = [], Posted.SENT

    async def post(self, letter):
        self.letters.append(letter)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def year(database, playbook):
    """A real coach and database; a clock that stands where we set it."""
    memory, mailbox, wall = StoredMemory(database), Mailbox(), SimpleNamespace(now=NOW)
    heard = []
    coach = Coach(playbook, memory, mailbox, lambda *told: None, Rounds(b"x"), Setup(demo=True))

    def asking():
        return Asking(
            database,
            coach.ask_to_stay,
            {"web": mailbox},
            lambda where, error: heard.append((where, type(error).__name__)),
            lambda: wall.now,
        )

    async def keep(*facts, who=ANN):
        await memory.keep(who, DM, facts, LAST)

    async def says(content, who=ANN):
        return await coach.hear(Message("m", who, DM, wall.now, content))

    async def asked():
        wanted = select(person.c.asked_on, person.c.gone_on)
        return [tuple(r) for r in await database.transact(lambda c: c.execute(wanted).all())]

    return SimpleNamespace(
        heard=heard,
        database=database,
        mailbox=mailbox,
        wall=wall,
        asking=asking,
        keep=keep,
        says=says,
        asked=asked,
    )


async def test_asked_once(year):
    """In their own chat, with a way to stay and a way to go; every process and hour after that is silent."""
    await year.keep(Met(), ScheduleSet(For.ME, Slot(BERLIN, time(9), WORKDAYS), DM))
    for _ in range(3):
        await year.asking().run()
    (letter,) = year.mailbox.letters
    assert letter.to == DM
    assert letter.reply.only_you
    assert [choice.action for choice in letter.reply.choices] == ["privacy.stay", "privacy.delete"]
    assert "30 days" in repr(letter.reply.blocks)
    assert await year.asked() == [(NOW.date(), None)]
    year.wall.now += leaving.GRACE
    await year.asking().run()
    assert len(year.mailbox.letters) == 1
    assert await year.database.transact(lambda c: leaving.tidy(c, year.wall.now)) == 1
    assert await year.asked() == []


@pytest.mark.parametrize("content", [Tapped("privacy.stay"), Said(Words("hello")), Tapped("vent.open")])
async def test_whatever_they_answer_they_stay(year, content):
    """The button says so; a word or any other button does as well, and the year begins anew."""
    await year.keep(Met())
    await year.asking().run()
    year.wall.now += timedelta(days=3)
    (answer,) = await year.says(content)
    if content == Tapped("privacy.stay"):
        assert "Nothing is erased" in repr(answer)
    assert await year.asked() == [(None, None)]
    year.wall.now += timedelta(days=360)
    await year.asking().run()
    assert await year.database.transact(lambda c: leaving.tidy(c, year.wall.now)) == 0
    assert len(year.mailbox.letters) == 1


async def test_who_is_there_is_never_asked(year):
    """Heard from each month, also where nothing is to be kept of it."""
    await year.keep(Met())
    for month in range(1, 15):
        year.wall.now = datetime(2025 + month // 12, month % 12 + 1, 9, 12, tzinfo=UTC)
        await year.says(Said(Words("what are the rules?")))
        await year.asking().run()
    assert year.mailbox.letters == []


@pytest.mark.parametrize(
    "preferences",
    [
        Preferences(YORK),  # it is six there
        Preferences(BERLIN, quiet_from=time(11), quiet_until=time(13)),
        Preferences(BERLIN, days_off=frozenset({Day.MON})),
        Preferences(BERLIN, away_until=date(2026, 3, 3)),
    ],
    ids=["night", "quiet hours", "a day off", "on leave"],
)
async def test_not_at_night_nor_while_they_rest(year, preferences):
    """It waits, and comes when they are there again."""
    await year.keep(PreferencesSet(preferences))
    await year.asking().run()
    assert year.mailbox.letters == []
    year.wall.now += timedelta(days=1, hours=4)
    await year.asking().run()
    assert len(year.mailbox.letters) == 1


@pytest.mark.parametrize(
    ("answer", "again", "gone"),
    [
        (Posted.LATER, True, False),
        (Later(5), True, False),
        (Posted.UNKNOWN, False, False),
        (OSError(), False, False),
        (Posted.GONE, False, True),
    ],
)
async def test_each_outcome(year, answer, again, gone):
    """What surely did not arrive is asked again; what may have arrived is not; who is gone is gone."""
    await year.keep(Met())
    year.mailbox.answer = answer
    for _ in range(2):
        await year.asking().run()
        year.wall.now += timedelta(hours=1)
    assert len(year.mailbox.letters) == (2 if again else 1)
    (row,) = await year.asked()
    assert year.heard == ([("asking", "OSError")] if isinstance(answer, OSError) else [])
    assert (row[0] is None, row[1] is not None) == (again, gone)


async def test_who_forgets_or_speaks_meanwhile_is_not_asked(year):
    """Between the look and the question there may be a word from them."""
    await year.keep(Met())
    asking = year.asking()
    real = asking.ask

    async def late(who, to, at):
        letter = await real(who, to, at)
        await year.keep(Forget())
        return letter

    asking.ask = late
    await asking.run()
    assert year.mailbox.letters == []


async def test_not_all_in_one_hour(year, monkeypatch):
    """A workspace that fell silent together is asked bit by bit."""
    monkeypatch.setattr("bot.asking._AN_HOUR", 3)
    for number in range(5):
        await year.keep(Met(), who=Person("web", "local", f"U{number}"))
    await year.asking().run()
    assert len(year.mailbox.letters) == 3
    await year.asking().run()
    assert [letter.to.id for letter in year.mailbox.letters] == ["U0", "U1", "U2", "U3", "U4"]
