"""What falls due: each reminder once per local date, on SQLite and PostgreSQL alike."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import insert, select, update

from coaching.people import LAST, WORKDAYS, Dates, Day, Person, Place, Slot, Weeks
from coaching.ports import Posted
from storage import falling_due
from storage.falling_due import PACE
from storage.tables import State, delivery, slot, subscription
from tests.players.desk import ANN, BERLIN, MONDAY, NINE, SUNDAY, Desk


@pytest.fixture
def desk(database):
    return Desk(database)


async def test_due_once_and_not_before(desk):
    """Nothing before its time, one delivery at it, none at the next look."""
    await desk.set()
    assert await desk.fell_due(MONDAY - timedelta(seconds=1)) == 0
    assert await desk.fell_due(MONDAY) == 1
    assert await desk.fell_due(MONDAY) == 0
    assert await desk.states() == [("03-02", "PENDING")]


async def test_one_slot_for_all_who_share_it(desk):
    """Forty people at nine are one slot and forty deliveries."""
    for number in range(40):
        await desk.set(who=Person("web", "local", f"U{number}"), to=Place("web", "local", f"D{number}"))
    assert await desk.fell_due(MONDAY) == 1
    assert len(await desk.states()) == 40


@pytest.mark.parametrize("portion", [1, 3, 8, 9])
async def test_many_fall_due_in_portions(desk, monkeypatch, portion):
    """After each somebody else may have the database; in the end it is as if it had been done at once."""
    for number in range(8):
        await desk.set(who=Person("slack", "T1", f"U{number}"), to=Place("slack", "T1", f"D{number}"))
    late = MONDAY + timedelta(days=2, hours=1)
    await desk.database.transact(lambda c: c.execute(update(slot).values(next_at=MONDAY)) and None)
    monkeypatch.setattr(falling_due, "PORTION", portion)
    told, sizes, before = [], [], 0

    def tell(_, fresh):
        told.extend(fresh)

    for _ in range(100):
        if not await desk.database.transact(lambda c: falling_due.materialise(c, late, tell)):
            break
        rows = len(await desk.states())
        sizes.append(rows - before)
        before = rows
    assert max(sizes) <= portion + 1
    assert sum(sizes) == 24
    states = await desk.states()
    assert [states.count((f"03-0{day}", "SKIPPED")) for day in (2, 3)] == [8, 8]
    assert states.count(("03-04", "PENDING")) == len(told) == len({number for number, _ in told}) == 8
    moments = sorted((at - late).total_seconds() for _, at in told)
    assert moments == pytest.approx([place / PACE["slack"] for place in range(8)], abs=1e-5)
    stands = await desk.database.transact(lambda c: c.execute(select(slot.c.next_at, slot.c.entered)).one())
    assert tuple(stands) == (MONDAY + timedelta(days=3), 0)


async def test_after_a_long_night_only_the_newest_is_sent(desk):
    """What was missed is visibly skipped; the newest comes if it is less than two hours late."""
    await desk.set()
    await desk.fell_due(MONDAY + timedelta(days=3, hours=1))
    assert [s for _, s in await desk.states()] == ["SKIPPED", "SKIPPED", "SKIPPED", "PENDING"]
    await desk.fell_due(MONDAY + timedelta(days=4, hours=3))
    assert (await desk.states())[-1] == ("03-06", "SKIPPED")


async def test_after_years_only_the_last_month_is_noted(desk):
    """A bot that was off for nine years starts as quickly as one that was off for a month."""
    await desk.set()
    await desk.fell_due(MONDAY.replace(year=2035))
    assert 20 <= len(await desk.states()) <= 31


async def test_a_clock_that_was_wrong(desk):
    """After a look into the far future the reminders of the right time still come."""
    await desk.set()
    await desk.fell_due(MONDAY.replace(year=2099))
    before = len(await desk.states())
    await desk.fell_due(MONDAY - timedelta(minutes=1))
    await desk.fell_due(MONDAY)
    assert len(await desk.states()) == before + 1
    assert ("03-02", "PENDING") in await desk.states()


async def test_a_clock_set_back_doubles_nothing(desk):
    """The same morning twice is one delivery."""
    await desk.set()
    await desk.fell_due(MONDAY)
    (claim,) = await desk.claim(MONDAY)
    await desk.settle(claim, Posted.SENT)
    await desk.database.transact(lambda c: c.execute(update(slot).values(next_at=MONDAY)))
    await desk.fell_due(MONDAY + timedelta(minutes=1))
    assert await desk.claim(MONDAY + timedelta(minutes=1)) == []
    assert await desk.states() == [("03-02", "SENT")]


@pytest.mark.parametrize(
    ("when", "day", "instant"),
    [
        (time(2, 30), "2026-03-29", "2026-03-29T01:00"),  # does not exist: the first minute after
        (time(2, 30), "2026-10-25", "2026-10-25T00:30"),  # comes twice: the first
        (time(0, 0), "2026-03-30", "2026-03-29T22:00"),  # the day after the clocks changed
    ],
)
async def test_the_days_the_clocks_change(desk, when, day, instant):
    """Once on that local date, at the right instant."""
    due = datetime.fromisoformat(f"{instant}:00+00:00")
    await desk.set(Slot(BERLIN, when, frozenset(Day)), at=due - timedelta(hours=3))
    for minute in range(-170, 170, 10):
        await desk.fell_due(due + timedelta(minutes=minute))
    assert [d for d, _ in await desk.states()] == [day[5:]]


@pytest.mark.parametrize("name", ["Nowhere/Gone", "../etc/passwd", "America", "x" * 60])
async def test_a_zone_this_machine_does_not_know_stops_nobody_else(desk, name):
    """The others come; that slot is looked at again tomorrow."""
    await desk.set()
    values = {"zone": name, "local_time": time(9), "weekdays": WORKDAYS, "next_at": SUNDAY}
    await desk.database.transact(lambda c: c.execute(insert(slot).values(**values)))
    assert await desk.fell_due(MONDAY) == 2
    assert await desk.fell_due(MONDAY) == 0
    assert await desk.states() == [("03-02", "PENDING")]


async def test_a_reminder_without_a_day_never_comes(desk):
    """No day, no date, no trouble."""
    await desk.set(Slot(BERLIN, time(9), frozenset()))
    assert await desk.fell_due(MONDAY.replace(year=2030)) == 0
    assert await desk.next(MONDAY) is None


def test_the_end_of_the_calendar():
    """After the last day there is no next one, and no trouble."""
    end = datetime(9999, 12, 30, 12, tzinfo=UTC)
    passed, following = falling_due._passed(NINE, end - timedelta(days=3), end)
    assert following is None
    assert passed


async def test_set_after_its_time_it_comes_tomorrow(desk):
    """Also when somebody else's reminder at this time has not been looked at yet."""
    await desk.set()
    late = Person("web", "local", "U2")
    await desk.set(who=late, to=Place("web", "local", "D2"), at=MONDAY + timedelta(minutes=5))
    await desk.fell_due(MONDAY + timedelta(minutes=6))
    assert [c.due.who for c in await desk.claim(MONDAY + timedelta(minutes=6))] == [ANN]
    assert await desk.next(MONDAY + timedelta(minutes=6)) == MONDAY + timedelta(days=1)


# --------------------------------------------------------------------------- not every week

ALL_WEEK = frozenset(Day)


@pytest.mark.parametrize(
    ("only", "days", "dates"),
    [
        (Weeks(frozenset({1})), frozenset({Day.MON}), ["03-02", "04-06", "05-04"]),
        (Weeks(frozenset({LAST})), frozenset({Day.FRI}), ["03-27", "04-24", "05-29"]),
        (Weeks(frozenset({5})), frozenset({Day.SUN}), ["03-29", "05-31"]),
        (Dates(frozenset({1, 31})), ALL_WEEK, ["03-31", "04-01", "05-01", "05-31"]),
        (date(2026, 4, 15), frozenset({Day.WED}), ["04-15"]),
    ],
)
async def test_on_some_days_of_a_month_or_once(desk, only, days, dates):
    """It falls due on those dates alone, looked at each day for three months; a single one never again."""
    await desk.set(Slot(BERLIN, time(9), days, only))
    for day in range(91):
        await desk.fell_due(MONDAY + timedelta(days=day, minutes=1))
    assert [d for d, _ in await desk.states()] == dates
    following = await desk.next(MONDAY + timedelta(days=91))
    assert (following is None) is isinstance(only, date)


async def test_what_is_far_away_is_not_looked_at_again_and_again(desk):
    """The next first Monday, or a date in a year, waits quietly until it is there."""
    await desk.set(Slot(BERLIN, time(9), frozenset({Day.MON}), Weeks(frozenset({5}))))
    await desk.set(Slot(BERLIN, time(9), frozenset({Day.MON}), date(2027, 3, 1)))
    assert [await desk.fell_due(MONDAY + timedelta(days=n)) for n in range(20)] == [0] * 20


async def test_the_longest_wait_between_two_fifth_mondays(desk):
    """From November 2026 to March 2027: looked at once, and not found again each second."""
    await desk.set(Slot(BERLIN, time(9), frozenset({Day.MON}), Weeks(frozenset({5}))))
    november = datetime(2026, 11, 30, 8, 1, tzinfo=UTC)
    await desk.fell_due(november)
    assert [await desk.fell_due(november + timedelta(days=n)) for n in range(30)] == [0] * 30
    assert [d for d, _ in await desk.states()] == ["11-30"]


async def test_a_clock_that_was_wrong_holds_back_no_month(desk):
    """After a look into the far future the first Monday of the right month still comes."""
    await desk.set(Slot(BERLIN, time(9), frozenset({Day.MON}), Weeks(frozenset({1}))))
    await desk.fell_due(MONDAY.replace(year=2099))
    await desk.fell_due(MONDAY - timedelta(minutes=1))
    await desk.fell_due(MONDAY)
    assert ("03-02", "PENDING") in await desk.states()


async def test_a_time_shared_with_what_comes_each_week_is_another(desk):
    """Nine on Mondays and nine on the first Monday are two, and each keeps its own dates."""
    mondays = frozenset({Day.MON})
    await desk.set(Slot(BERLIN, time(9), mondays))
    await desk.set(Slot(BERLIN, time(9), mondays, Weeks(frozenset({1}))))
    for day in range(10):
        await desk.fell_due(MONDAY + timedelta(days=day, minutes=1))
    assert [d for d, _ in await desk.states()] == ["03-02", "03-02", "03-09"]


# --------------------------------------------------------------------------- at which moment


async def moments(desk, day):
    """Seconds after nine of each letter of a date, by its target."""
    wanted = select(subscription.c.target, delivery.c.run_at).join(subscription)
    wanted = wanted.where(delivery.c.local_date == day).order_by(delivery.c.run_at, delivery.c.id)
    nine = datetime.combine(day, time(8), UTC)
    rows = await desk.database.transact(lambda c: c.execute(wanted).all())
    return {row.target: round((row.run_at - nine).total_seconds(), 3) for row in rows}


async def people(desk, platform, tenant, many, when=NINE):
    for n in range(many):
        name = f"{tenant}{len(when.days)}{n}"
        await desk.set(when, who=Person(platform, tenant, name), to=Place(platform, tenant, f"D{name}"))


def strung(many, pace, first=0):
    return [round((first + n) / pace, 3) for n in range(many)]


async def test_each_workspace_at_the_pace_of_its_platform(desk):
    """Strung out from nine on, the smallest not behind the largest; the playground has no pace."""
    await people(desk, "slack", "T", 20)
    await people(desk, "slack", "S", 2)
    await people(desk, "teams", "M", 5)
    await people(desk, "web", "W", 3)
    await desk.fell_due(MONDAY)
    found = await moments(desk, MONDAY.date())
    for tenant, wanted in {
        "T": strung(20, PACE["slack"]),
        "S": strung(2, PACE["slack"]),
        "M": strung(5, PACE["teams"]),
        "W": [0, 0, 0],
    }.items():
        assert sorted(at for name, at in found.items() if name.startswith(f"D{tenant}")) == wanted


async def test_the_order_is_shuffled_and_the_same_each_day(desk):
    """Who comes first is not who came first to the coach, and a tip comes at its usual minute."""
    await people(desk, "slack", "T", 30)
    await desk.fell_due(MONDAY)
    await desk.database.transact(lambda c: c.execute(update(delivery).values(state=State.SENT)))
    await desk.fell_due(MONDAY + timedelta(days=1))
    monday = await moments(desk, MONDAY.date())
    assert await moments(desk, date(2026, 3, 3)) == monday
    assert sorted(monday, key=lambda name: int(name[3:])) != list(monday)


async def test_two_slots_of_a_workspace_queue_up(desk):
    """What falls due beside or after others of the workspace comes behind what still waits, not among it."""
    await people(desk, "slack", "T", 10)
    await people(desk, "slack", "T", 5, Slot(BERLIN, time(9), frozenset({Day.MON})))
    await people(desk, "slack", "S", 1, Slot(BERLIN, time(9), frozenset({Day.MON})))
    await desk.fell_due(MONDAY)
    found = await moments(desk, MONDAY.date())
    assert found.pop("DS10") == 0
    assert sorted(found.values()) == strung(15, PACE["slack"])


async def test_what_is_too_late_holds_up_nobody(desk):
    """Yesterday's that were never sent take no place today; after a pause all start from now."""
    await people(desk, "slack", "T", 3)
    await desk.fell_due(MONDAY)
    await desk.fell_due(MONDAY + timedelta(days=1, minutes=10))
    found = await moments(desk, date(2026, 3, 3))
    assert sorted(found.values()) == strung(3, PACE["slack"], 600 * PACE["slack"])
