"""What is kept of a person's rules: verdicts, dates and counts, for them alone, and not for ever."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from coaching.learned import Grade, Graded, Learned, RuleStands, Standing, Unlearned, Week
from coaching.learning import KEPT, WEEKS
from coaching.people import Person, Place
from coaching.turn import Forget, TipShown
from storage import learned
from storage.memory import StoredMemory
from storage.tables import rule_learned, rule_week

AT = datetime(2026, 3, 4, 8, tzinfo=UTC)  # a Wednesday
ANN, BEN = Person("slack", "T1", "U1"), Person("slack", "T1", "U2")
DM = Place("slack", "T1", "D1")
MISSED, MET = Graded("A2", Grade.MISSED), Graded("A2", Grade.MET)
DAY = timedelta(days=1)


class Weekly:
    """Everything fades in a week."""

    def after(self, before, grade, on):
        return replace(before, due=on + timedelta(days=7), stability=before.stability + 1, difficulty=5.0)


def memory(database):
    return StoredMemory(database, Weekly())


async def known(stored, who=ANN):
    return (await stored.recall(who, DM)).learned


async def left(database):
    def work(connection):
        counts = (select(func.count()).select_from(table) for table in (rule_learned, rule_week))
        return [connection.execute(count).scalar() for count in counts]

    return await database.transact(work)


async def test_what_was_found_is_counted_and_moves_once_a_day(database):
    """Twenty replies in a day are no twenty lessons; a miss after a hit is news."""
    stored = memory(database)
    await stored.keep(ANN, DM, (MET, MET, MET), AT)
    assert await known(stored) == (
        Learned("A2", last=Grade.MET, on=AT.date(), due=date(2026, 3, 11), stability=1.0, difficulty=5.0),
    )
    await stored.keep(ANN, DM, (MISSED, MISSED, MET), AT)
    (one,) = await known(stored)
    assert (one.last, one.stability) == (Grade.MISSED, 2.0)
    assert await stored.weeks(ANN) == (Week("A2", date(2026, 3, 2), 2, 4),)
    await stored.keep(ANN, DM, (MET,), AT + DAY)
    (one,) = await known(stored)
    assert (one.last, one.stability, one.on) == (Grade.MET, 3.0, AT.date() + DAY)


async def test_what_a_person_says_of_a_tip_is_no_verdict(database):
    """It decides when the rule comes again, and no week counts it."""
    stored = memory(database)
    await stored.keep(ANN, DM, (Graded("A2", Grade.AGAIN), Graded("B1", Grade.GOT_IT)), AT)
    assert [one.last for one in await known(stored)] == [Grade.AGAIN, Grade.GOT_IT]
    assert await stored.weeks(ANN) == ()


async def test_tips_shown_since_are_counted_where_something_is_kept(database):
    """And begin anew with the next verdict."""
    stored = memory(database)
    await stored.keep(ANN, DM, (TipShown("A2.1"), MISSED, TipShown("A2.1"), TipShown("A2.2")), AT)
    assert [(one.rule, one.tips) for one in await known(stored)] == [("A2", 2)]
    await stored.keep(ANN, DM, (MET,), AT + DAY)
    assert [one.tips for one in await known(stored)] == [0]


async def test_one_rule_is_pinned_at_most(database):
    """What was muted stays so."""
    stored = memory(database)
    pin, mute = RuleStands("A1", Standing.PINNED), RuleStands("B1", Standing.MUTED)
    await stored.keep(ANN, DM, (pin, mute, RuleStands("A2", Standing.PINNED)), AT)
    stands = {one.rule: one.standing for one in await known(stored)}
    assert stands == {"A1": Standing.PLAIN, "A2": Standing.PINNED, "B1": Standing.MUTED}
    await stored.keep(ANN, DM, (RuleStands("A2", Standing.PLAIN),), AT)
    assert {one.rule for one in await known(stored) if one.standing is Standing.PINNED} == set()


async def test_nobody_else_is_told_and_it_goes_with_everything(database):
    """Another person of the same workspace sees none of it; erased means erased."""
    stored = memory(database)
    await stored.keep(ANN, DM, (MISSED,), AT)
    await stored.keep(BEN, DM, (MET,), AT)
    assert [one.last for one in await known(stored, BEN)] == [Grade.MET]
    assert await stored.weeks(BEN) == (Week("A2", date(2026, 3, 2), 0, 1),)
    await stored.keep(ANN, DM, (Unlearned(),), AT)
    assert (await known(stored), await stored.weeks(ANN)) == ((), ())
    assert await left(database) == [1, 1]
    await stored.keep(BEN, DM, (Forget(),), AT)
    assert await left(database) == [0, 0]


async def test_nothing_is_noted_of_somebody_erased_meanwhile(database):
    """A verdict does not bring back whoever left in the middle of the turn."""
    stored = memory(database)
    await stored.keep(ANN, DM, (MISSED, RuleStands("A1", Standing.MUTED)), AT, known=True)
    assert await left(database) == [0, 0]


async def test_weeks_and_old_verdicts_are_erased_by_the_clock(database):
    """A quarter of weeks; a year of what was found. Whether a rule is pinned or muted stays."""
    stored = memory(database)
    await stored.keep(ANN, DM, (MISSED, Graded("B1", Grade.MET), RuleStands("B1", Standing.MUTED)), AT)

    async def tidy(at):
        return await database.transact(lambda c: learned.tidy(c, at))

    oldest = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(weeks=WEEKS) - DAY
    assert await tidy(oldest) == 0
    assert await tidy(oldest + DAY) == 2
    assert await left(database) == [2, 0]
    year = AT + KEPT
    assert await tidy(year) == 0
    assert await tidy(year + DAY) == 2
    assert await known(stored) == (Learned("B1", Standing.MUTED),)
    assert await tidy(year + DAY) == 0
