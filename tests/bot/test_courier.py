"""The courier: each letter at most once, nothing to anybody who said stop, and an end for every outcome."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from bot.clock import Clock
from bot.courier import Courier, marker
from coaching.coach import Coach
from coaching.people import WORKDAYS, For, Person, Place, Room, Slot, Zone
from coaching.ports import Found, Later, Posted
from coaching.rounds import Rounds
from coaching.turn import (
    Forget,
    Preferences,
    PreferencesSet,
    ScheduleDeleted,
    SchedulePaused,
    ScheduleSet,
    Setup,
)
from storage.memory import StoredMemory
from storage.tables import State, delivery, slot

SUNDAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # 09:00 in Berlin
NINE = Slot(Zone("Europe/Berlin"), time(9), WORKDAYS)
ANN, DM = Person("web", "local", "U1"), Place("web", "local", "D1")
CHANNEL = Place("web", "local", "C1", Room.CHANNEL)


class Mailbox:
    """A platform: keeps what arrived; may answer, fail, hang or be asked to act before it answers."""

    def __init__(self):
        self.letters, self.answer, self.error, self.hold, self.most, self.now = (
            [],
            Posted.SENT,
            None,
            None,
            0,
            0,
        )

    async def post(self, letter):
        self.letters.append(letter)
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            if self.hold is not None:
                await self.hold.wait()
            if self.error is not None:
                raise self.error
            return self.answer
        finally:
            self.now -= 1


@pytest.fixture
def office(database, playbook, troubles):
    """A courier on a real database with a real coach, a mailbox, and a clock that stands where we set it."""
    memory, mailbox, wall = StoredMemory(database), Mailbox(), SimpleNamespace(now=MONDAY, ticks=0.0)
    heard = []
    coach = Coach(
        playbook, memory, mailbox, lambda *told: troubles.append(told), Rounds(b"x"), Setup(demo=True)
    )
    courier = Courier(
        database,
        coach.remind,
        {"web": mailbox},
        lambda where, error: heard.append((where, type(error).__name__)),
        lambda: wall.now,
        b"secret",
        monotonic=lambda: wall.ticks,
    )

    async def deliver():
        await courier.deliver()
        await courier.landed()

    async def states():
        wanted = select(delivery.c.state).order_by(delivery.c.id)
        found = await database.transact(lambda c: c.execute(wanted).scalars().all())
        return [State(state).name for state in found]

    async def keep(*facts, who=ANN, where=DM, at=SUNDAY):
        await memory.keep(who, where, facts, at)

    return SimpleNamespace(
        database=database,
        memory=memory,
        mailbox=mailbox,
        wall=wall,
        heard=heard,
        courier=courier,
        deliver=deliver,
        states=states,
        keep=keep,
    )


async def test_a_reminder_arrives_once(office):
    """At its time, with the words of the coach, to the right place; looking again sends nothing."""
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    office.wall.now = MONDAY - timedelta(minutes=1)
    await office.deliver()
    assert office.mailbox.letters == []
    office.wall.now = MONDAY
    for _ in range(3):
        await office.deliver()
    (letter,) = office.mailbox.letters
    assert letter.to == DM
    assert letter.occurrence.isoformat() == "2026-03-02"
    assert letter.reply.blocks
    assert await office.states() == ["SENT"]


async def test_every_day_of_a_week(office):
    """Five working days, five letters."""
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    for hour in range(24 * 7):
        office.wall.now = SUNDAY + timedelta(hours=hour)
        await office.deliver()
    assert [letter.occurrence.day for letter in office.mailbox.letters] == [2, 3, 4, 5, 6]


async def test_the_marker_is_opaque_and_always_the_same(office):
    """It tells nothing and can be made again to find the letter."""
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    seen = []
    remind = office.courier.remind
    office.courier.remind = lambda due, at: (seen.append(due), remind(due, at))[1]
    await office.deliver()
    (letter,) = office.mailbox.letters
    assert letter.marker == marker(b"secret", seen[0])
    assert letter.marker != marker(b"other", seen[0])
    assert len(letter.marker) == 32


async def test_the_marker_is_the_same_after_a_new_start(office):
    """Another process draws another key, and uses the one that is kept: it can find the letter."""
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    await office.deliver()
    other = Courier(
        office.database, office.courier.remind, {}, office.courier.trouble, lambda: MONDAY, b"new"
    )
    assert await other._kept() == b"secret"


@pytest.mark.parametrize(
    ("answer", "state", "paused"),
    [
        (Posted.SENT, "SENT", False),
        (Posted.GONE, "FAILED", True),
        (Posted.NOT_IN_CHANNEL, "FAILED", True),
        (Posted.UNKNOWN, "UNKNOWN", False),
    ],
)
async def test_what_the_platform_answers(office, answer, state, paused):
    """Each answer has its end, and none of these is tried again."""
    office.mailbox.answer = answer
    await office.keep(ScheduleSet(For.TEAM, NINE, CHANNEL))
    for minutes in (0, 5, 90):
        office.wall.now = MONDAY + timedelta(minutes=minutes)
        await office.courier.reap()
        await office.deliver()
    assert len(office.mailbox.letters) == 1
    assert await office.states() == [state]
    assert (await office.memory.recall(ANN, DM)).schedules[0].paused is paused


async def test_later_is_tried_again(office):
    """Certainly not sent: it comes when the platform has calmed down."""
    office.mailbox.answer = Posted.LATER
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    await office.deliver()
    await office.deliver()
    assert (len(office.mailbox.letters), await office.states()) == (1, ["PENDING"])
    office.mailbox.answer = Posted.SENT
    office.wall.now += timedelta(seconds=31)
    await office.deliver()
    assert (len(office.mailbox.letters), await office.states()) == (2, ["SENT"])


@pytest.mark.parametrize("error", [OSError("line cut"), TimeoutError()])
async def test_a_post_that_breaks_may_have_arrived(office, error):
    """Told, unknown, and not sent again."""
    office.mailbox.error = error
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    await office.deliver()
    office.mailbox.error = None
    office.wall.now += timedelta(minutes=10)
    await office.deliver()
    assert (len(office.mailbox.letters), await office.states()) == (1, ["UNKNOWN"])
    assert office.heard == [("courier.post", type(error).__name__)]


async def test_a_post_that_hangs_is_given_up(office):
    """After a quarter of the lease it is unknown; the courier goes on."""
    office.courier.lease = timedelta(milliseconds=200)
    office.mailbox.hold = asyncio.Event()
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    await office.deliver()
    assert await office.states() == ["UNKNOWN"]
    assert office.heard == [("courier.post", "TimeoutError")]


async def test_a_coach_that_fails_has_sent_nothing(office):
    """Told, and tried again later."""
    remind, fails = office.courier.remind, [True]

    async def moody(due, at):
        if fails.pop():
            raise LookupError("x")
        return await remind(due, at)

    office.courier.remind = moody
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    await office.deliver()
    assert (office.mailbox.letters, await office.states()) == ([], ["PENDING"])
    assert office.heard == [("courier.letter", "LookupError")]
    fails.append(False)
    office.wall.now += timedelta(minutes=1)
    await office.deliver()
    assert await office.states() == ["SENT"]


async def test_who_rests_is_left_alone(office):
    """On leave: skipped, and said so."""
    away = Preferences(away_until=MONDAY.date() + timedelta(days=1))
    await office.keep(ScheduleSet(For.ME, NINE, DM), PreferencesSet(away))
    await office.deliver()
    assert (office.mailbox.letters, await office.states()) == ([], ["SKIPPED"])


STOPS = [SchedulePaused(1, True), ScheduleDeleted(1), Forget()]


async def nothing_was_sent(office, fact):
    office.courier.posts = {"web": office.mailbox}
    await office.deliver()
    assert office.mailbox.letters == []
    assert await office.states() == (["SKIPPED"] if isinstance(fact, SchedulePaused) else [])


@pytest.mark.parametrize("fact", STOPS)
async def test_stop_is_heard_when_it_has_fallen_due(office, fact):
    """Noted in the ledger, not claimed yet: nothing is sent."""
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    office.courier.posts = {}
    await office.deliver()
    assert await office.states() == ["PENDING"]
    await office.keep(fact, at=MONDAY)
    await nothing_was_sent(office, fact)


@pytest.mark.parametrize("fact", STOPS)
async def test_stop_is_heard_when_it_is_claimed(office, fact):
    """Claimed, the coach not asked yet: nothing is sent."""
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    (claim,) = await claimed(office)
    await office.keep(fact, at=MONDAY)
    await office.courier.carry(claim, 0.0)
    await office.courier.landed()
    await nothing_was_sent(office, fact)


@pytest.mark.parametrize("fact", STOPS)
async def test_stop_is_heard_when_the_words_are_found(office, fact):
    """A second ago, while the coach chose the words: nothing is sent."""
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    remind = office.courier.remind

    async def stopped_meanwhile(due, at):
        letter = await remind(due, at)
        await office.keep(fact, at=MONDAY)
        return letter

    office.courier.remind = stopped_meanwhile
    await nothing_was_sent(office, fact)


async def test_who_is_forgotten_while_the_words_are_chosen_does_not_come_back(office):
    """The tip that was about to be shown is no fact about them any more."""
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    (claim,) = await claimed(office)
    await office.keep(Forget(), at=MONDAY)
    await office.courier.carry(claim, 0.0)
    await office.courier.landed()
    assert office.mailbox.letters == []
    assert await office.memory.rows(ANN) == ()


async def claimed(office):
    from storage import falling_due

    await office.database.transact(lambda c: falling_due.materialise(c, MONDAY))
    return await office.courier.take(20)


async def test_a_process_that_dies_between_sending_and_noting_it(office):
    """Another process finds the claim, and does not send again: unknown."""
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    office.mailbox.hold = asyncio.Event()
    deliver = asyncio.ensure_future(office.courier.deliver())
    while not office.mailbox.letters:  # noqa: ASYNC110 - until it is on the wire
        await asyncio.sleep(0.005)
    for task in list(office.courier.engine._flying):
        task.cancel()  # the process is gone
    await deliver
    await asyncio.sleep(0)
    office.mailbox.hold = None
    for seconds in (1, 61, 600, 3600):
        office.wall.now = MONDAY + timedelta(seconds=seconds)
        await office.courier.reap()
        await office.deliver()
    assert (len(office.mailbox.letters), await office.states()) == (1, ["UNKNOWN"])


async def test_a_process_that_slept_too_long_does_not_send(office):
    """Half the lease went by before the send: somebody else may have it; tried again in order."""
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    (claim,) = await claimed(office)
    office.wall.ticks = 31.0
    await office.courier.carry(claim, 0.0)
    await office.courier.landed()
    assert (office.mailbox.letters, await office.states()) == ([], ["PENDING"])


async def test_a_letter_knows_by_when_it_has_to_leave(office):
    """Half the lease after its claim, by whichever clock says that more of it is gone."""
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    (claim,) = await claimed(office)
    office.wall.ticks, office.wall.now = 12.0, MONDAY + timedelta(seconds=20)
    await office.courier.carry(claim, 7.0)
    (letter,) = office.mailbox.letters
    assert letter.leave_by == 12.0 + 30.0 - 20.0


async def test_a_database_that_fails_after_the_send(office):
    """The outcome cannot be noted: told, and later unknown, never sent again."""
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    (claim,) = await claimed(office)
    post = office.mailbox.post

    async def last_post(letter):
        posted = await post(letter)
        await office.database.close()
        return posted

    office.mailbox.post = last_post
    await office.courier.carry(claim, 0.0)
    await office.courier.landed()
    assert len(office.mailbox.letters) == 1
    assert office.heard == [("courier.settle", "StorageError")]


async def test_a_platform_we_do_not_serve_is_not_touched(office):
    """Another process may serve it."""
    other = Place("slack", "T1", "D1")
    await office.keep(ScheduleSet(For.ME, NINE, other), who=Person("slack", "T1", "U1"), where=other)
    await office.deliver()
    assert await office.states() == ["PENDING"]


async def test_many_at_nine_within_the_width(office):
    """Fifty letters, eight at a time, each once; three couriers share the work."""
    for number in range(50):
        place = Place("web", "local", f"D{number}")
        await office.keep(
            ScheduleSet(For.ME, NINE, place), who=Person("web", "local", f"U{number}"), where=place
        )
    office.courier.width = 8
    others = [
        Courier(
            office.database, office.courier.remind, {"web": office.mailbox}, office.courier.trouble,
            office.courier.now, b"secret", width=8, monotonic=lambda: 0.0,
        )
        for _ in range(2)
    ]  # fmt: skip
    await asyncio.gather(*(c.deliver() for c in (office.courier, *others)))
    await asyncio.gather(*(c.landed() for c in (office.courier, *others)))
    assert sorted(letter.to.id for letter in office.mailbox.letters) == sorted(f"D{n}" for n in range(50))
    assert office.mailbox.most <= 24
    assert await office.states() == ["SENT"] * 50


async def test_a_slow_platform_holds_up_nobody(office):
    """While one letter hangs, a tick ends, and the next one carries the others."""
    office.courier.width = 2
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    office.mailbox.hold = asyncio.Event()
    await office.courier.deliver()
    while not office.mailbox.letters:  # noqa: ASYNC110 - until it is on the wire
        await asyncio.sleep(0.005)
    await office.keep(ScheduleSet(For.ME, Slot(Zone("Europe/Berlin"), time(9, 1), WORKDAYS), DM))
    office.wall.now += timedelta(minutes=1)
    second = asyncio.ensure_future(office.courier.deliver())
    while len(office.mailbox.letters) < 2:  # noqa: ASYNC110 - both are on the wire
        await asyncio.sleep(0.005)
    office.mailbox.hold.set()
    await second
    await office.courier.landed()
    assert await office.states() == ["SENT", "SENT"]


async def test_no_more_than_the_width_at_a_time(office):
    """All hands full: another look claims nothing, so that nothing waits claimed."""
    office.courier.width = 1
    for minute in (0, 1):
        at = Slot(Zone("Europe/Berlin"), time(9, minute), WORKDAYS)
        await office.keep(ScheduleSet(For.ME, at, DM))
    office.wall.now += timedelta(minutes=1)
    office.mailbox.hold = asyncio.Event()
    first = asyncio.ensure_future(office.courier.deliver())
    while not office.mailbox.letters:  # noqa: ASYNC110 - until it is on the wire
        await asyncio.sleep(0.005)
    await office.courier.deliver()
    assert sorted(await office.states()) == ["PENDING", "SENDING"]
    office.mailbox.hold.set()
    await first
    await office.courier.landed()
    assert await office.states() == ["SENT", "SENT"]


class Window(Mailbox):
    """A platform that can be asked whether a letter arrived; `breaks` says how the next posts go."""

    def __init__(self):
        super().__init__()
        self.breaks, self.finds, self.asked = [], [], []

    async def post(self, letter):
        match self.breaks.pop(0) if self.breaks else "":
            case "before":
                raise OSError("nothing got through")
            case "after":
                self.error = OSError("line cut")
        try:
            return await super().post(letter)
        finally:
            self.error = None

    async def find(self, to, mark, since):
        self.asked.append((to, since))
        if self.finds and (said := self.finds.pop(0)):
            if isinstance(said, Exception):
                raise said
            return said
        there = any(letter.marker == mark for letter in self.letters)
        return Found.THERE if there else Found.NOT_THERE


@pytest.fixture
def window(office):
    made = Window()
    office.courier.posts = {"web": made}
    return made


async def passes(office, *seconds):
    for second in seconds:
        office.wall.now = MONDAY + timedelta(seconds=second)
        await office.courier.reap()
        await office.deliver()


@pytest.mark.parametrize("breaks", ["before", "after"])
async def test_in_doubt_the_platform_is_asked(office, window, breaks):
    """When the lease is over, not before: what arrived is noted as sent, what did not is sent again."""
    window.breaks = [breaks]
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    await office.deliver()
    await passes(office, 10, 59)
    assert (await office.states(), window.asked) == (["SENDING"], [])
    await passes(office, 60, 61, 600)
    assert (await office.states(), len(window.letters)) == (["SENT"], 1)
    assert window.asked == [(DM, MONDAY - timedelta(minutes=10))]
    assert office.heard == [("courier.post", "OSError")]


async def test_where_nobody_can_tell_nothing_is_sent_again(office, window):
    """We may not look there: unknown for good."""
    window.breaks, window.finds = ["before"], [Found.CANNOT_TELL]
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    await office.deliver()
    await passes(office, 60, 120, 600)
    assert (await office.states(), window.letters) == (["UNKNOWN"], [])


@pytest.mark.parametrize("trouble", [Found.NOT_NOW, OSError("no line")])
async def test_a_look_that_fails_is_taken_again(office, window, trouble):
    """A lease later; after two hours it would come too late and is unknown."""
    window.breaks, window.finds = ["after"], [trouble, trouble]
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    await office.deliver()
    await passes(office, 60, 90, 119)
    assert (await office.states(), len(window.asked)) == (["SENDING"], 1)
    await passes(office, 120, 180)
    assert (await office.states(), len(window.letters)) == (["SENT"], 1)


async def test_a_look_that_never_works_ends(office, window):
    """Two hours later a reminder would not be sent any more: unknown."""
    window.breaks, window.finds = ["before"], [Found.NOT_NOW] * 9
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    await office.deliver()
    await passes(office, 60, 7300)
    assert (await office.states(), window.letters) == (["UNKNOWN"], [])


async def test_what_is_on_its_way_here_is_not_looked_for(office, window):
    """A clock that was set forward ends no lease of a letter that this process has in hand."""
    window.hold = asyncio.Event()
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    await office.courier.deliver()
    while not window.letters:  # noqa: ASYNC110 - until it is on the wire
        await asyncio.sleep(0.005)
    office.wall.now = MONDAY + timedelta(hours=1)
    await office.courier.reap()
    assert (await office.states(), window.asked) == (["SENDING"], [])
    window.hold.set()
    await office.courier.landed()
    assert await office.states() == ["SENT"]


async def test_a_clock_set_forward_sends_nothing(office, window):
    """Claimed before, carried after: another process would take the lease for over."""
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    (claim,) = await claimed(office)
    office.wall.now += timedelta(seconds=31)
    await office.courier.carry(claim, 0.0)
    await office.courier.landed()
    assert (window.letters, await office.states()) == ([], ["PENDING"])


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_process_that_is_alone_asks_at_once_when_it_starts(office, window, arrived):
    """What the dead one had in hand is noted, or sent, within a second: not when the lease is over."""
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    (claim,) = await claimed(office)
    if arrived:
        await window.post(await office.courier._letter(claim))
    office.wall.now += timedelta(seconds=1)
    await office.courier.start()
    assert office.courier._recovery is None  # there may be others
    office.courier.alone = True
    await office.courier.start()
    assert await office.states() == ["SENDING"]
    office.wall.now += timedelta(seconds=1)
    await office.courier._recovery
    await office.courier.landed()
    assert (await office.states(), len(window.letters)) == (["SENT"], 1)


async def test_a_start_while_the_database_is_away(office):
    """Told; what was in hand waits for the end of its lease."""
    office.courier.alone = True
    await office.database.close()
    await office.courier.start()
    await office.courier._recover(timedelta(0))
    assert office.heard == [("courier.start", "StorageError")] * 2


async def test_a_start_that_finds_nothing_in_hand(office):
    """Nothing to do."""
    office.courier.alone = True
    await office.courier.start()
    assert office.courier._recovery is None


class Busy(Mailbox):
    """A platform that has had enough of one workspace, once."""

    busy = True

    async def post(self, letter):
        told = await super().post(letter)
        if letter.to.tenant == "local" and self.busy:
            self.busy, told = False, Later(30.0)
        return told


async def test_a_workspace_that_wants_a_pause_pauses_alone(office):
    """One letter is refused; the others for that workspace are not even claimed, strangers get theirs."""
    office.courier.width, busy = 1, Busy()
    office.courier.posts = {"web": busy}
    for number in range(4):
        await office.keep(ScheduleSet(For.ME, NINE, DM), who=Person("web", "local", f"U{number}"))
    elsewhere = Place("web", "else", "D1")
    await office.keep(ScheduleSet(For.ME, NINE, elsewhere), who=Person("web", "else", "U1"), where=elsewhere)
    for second in (0, 10, 29):
        office.wall.now, office.wall.ticks = MONDAY + timedelta(seconds=second), float(second)
        await office.deliver()
    assert [letter.to.tenant for letter in busy.letters] == ["local", "else"]
    attempts = select(delivery.c.attempt)
    found = await office.database.transact(lambda c: c.execute(attempts).scalars().all())
    assert sorted(found) == [0, 0, 0, 1, 1]
    office.wall.now, office.wall.ticks = MONDAY + timedelta(seconds=31), 31.0
    await office.deliver()
    assert await office.states() == ["SENT"] * 5
    assert len(busy.letters) == 6


class Keeper(Mailbox):
    """A platform with a pace: says when there is a turn."""

    def __init__(self):
        super().__init__()
        self.waits, self.asked = [], []

    async def turn(self, to):
        self.asked.append(to)
        return self.waits.pop(0) if self.waits else 0.0


async def test_a_turn_is_taken_before_the_words_are_made(office):
    """While there is none the letter waits in the ledger as long as it is told, and no tip is used up."""
    keeper = Keeper()
    office.courier.posts = {"web": keeper}
    keeper.waits = [7.5]
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    await office.deliver()
    assert (await office.states(), keeper.letters, keeper.asked) == (["PENDING"], [], [DM])
    assert (await office.memory.recall(ANN, DM)).shown_tips == ()
    office.wall.now += timedelta(seconds=7)
    await office.deliver()
    assert len(keeper.asked) == 1
    office.wall.now += timedelta(seconds=1)
    await office.deliver()
    assert (await office.states(), len(keeper.letters)) == (["SENT"], 1)
    assert len((await office.memory.recall(ANN, DM)).shown_tips) == 1


async def test_a_platform_that_names_a_time_is_asked_again_then(office):
    """Slack said how long to wait: not sooner, and as often as it takes."""
    office.mailbox.answer = Later(30)
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    for _ in range(4):
        await office.deliver()
        for seconds in (29, 1):
            office.wall.now += timedelta(seconds=seconds)
            office.wall.ticks += seconds
            if seconds == 29:
                await office.deliver()
    assert len(office.mailbox.letters) == 4
    office.mailbox.answer = Posted.SENT
    await office.deliver()
    assert await office.states() == ["SENT"]


async def test_driven_by_the_clock(office):
    """The real clock wakes the courier: a reminder that fell due arrives by itself, and old history goes."""
    await office.keep(ScheduleSet(For.ME, NINE, DM))
    clock = Clock(office.courier.ticks(), office.courier.trouble)
    clock.start()
    async with asyncio.timeout(10):
        while await office.states() != ["SENT"]:  # noqa: ASYNC110 - waits for a real tick
            await asyncio.sleep(0.01)
    await clock.stop()
    assert office.heard == []
    assert {tick.name for tick in office.courier.ticks()} == {"fall_due", "deliver", "reap", "tidy"}
    await office.database.transact(lambda c: c.execute(update(slot).values(next_at=None)))
    office.wall.now += timedelta(days=100)
    await office.courier.tidy()
    assert await office.states() == []
