"""Memory: what was said to be remembered is, for its owner alone, and forgetting leaves nothing behind."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, event, func, insert, select, update
from sqlalchemy.pool import StaticPool

from coaching.kept import Reviewed, Row
from coaching.learned import Grade, Graded, RuleStands, Standing, Unlearned
from coaching.people import LAST, WORKDAYS, Dates, Day, For, Person, Place, Room, Schedule, Slot, Weeks, Zone
from coaching.playbook.care import Helpline
from coaching.sealed import Words
from coaching.turn import (
    Forget,
    Heard,
    Known,
    Met,
    Preferences,
    PreferencesSet,
    PromiseKept,
    ScheduleDeleted,
    ScheduleMoved,
    SchedulePaused,
    ScheduleSet,
    Setup,
    SetupKept,
    TeamTips,
    TipShown,
)
from storage import falling_due, learned, ledger, memory, people, setups, sqlite
from storage.conversations import Conversation, StoredConversations
from storage.db import read_url
from storage.keys import Keys
from storage.memory import StoredMemory
from storage.tables import State, delivery, metadata, person, slot, subscription, tip_shown
from tests.players.memory import PlainMemory

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ANN, BEN = Person("slack", "T1", "U1"), Person("slack", "T1", "U2")
TEA = Person("teams", "T1", "U1")
DM, BENS_DM = Place("slack", "T1", "D1"), Place("slack", "T1", "D2")
CHANNEL = Place("slack", "T1", "C1", Room.CHANNEL)
OTHER = Place("slack", "T1", "C2", Room.CHANNEL)
BERLIN = Zone("Europe/Berlin")
NINE = Slot(BERLIN, time(9), WORKDAYS)
TEN = Slot(BERLIN, time(10, 30), frozenset({Day.MON, Day.SUN}))
AWAY = date(2026, 4, 1)
RESTS = (time(18), time(8, 30), frozenset({Day.SAT}), AWAY)
PREFERENCES = Preferences(BERLIN, True, *RESTS, "model.example", repeats=True, away_from=date(2026, 3, 20))


@pytest.fixture
def stored(database):
    return StoredMemory(database)


async def counts(database):
    def work(connection):
        return {
            t.name: connection.execute(select(func.count()).select_from(t)).scalar()
            for t in metadata.tables.values()
        }

    return Counter(await database.transact(work))


# --------------------------------------------------------------------------- the same as the plain one

STEPS = [
    (ANN, DM, ()),
    (ANN, DM, (Met(), TipShown("A1.1"), TipShown("A1.2"))),
    (ANN, DM, (TipShown("A1.1"),)),
    (ANN, DM, (PreferencesSet(PREFERENCES),)),
    (BEN, CHANNEL, (ScheduleSet(For.TEAM, NINE, CHANNEL),)),
    (ANN, DM, (ScheduleSet(For.ME, NINE, DM), ScheduleSet(For.ME, TEN, DM))),
    (ANN, CHANNEL, (SchedulePaused(1, True), ScheduleMoved(1, TEN))),
    (BEN, BENS_DM, (SchedulePaused(2, True), ScheduleMoved(2, TEN), ScheduleDeleted(3))),
    (ANN, DM, (SchedulePaused(2, True),)),
    (ANN, DM, (SchedulePaused(2, False), ScheduleMoved(2, TEN), ScheduleDeleted(99))),
    (ANN, OTHER, (ScheduleDeleted(1),)),
    (BEN, CHANNEL, (ScheduleDeleted(2), TipShown("B1.1", start_over=True))),
    (ANN, DM, (TipShown("B2.1", start_over=True), PreferencesSet(Preferences()))),
    (ANN, CHANNEL, (ScheduleDeleted(1),)),
    (BEN, BENS_DM, (Forget(), Forget())),
    (ANN, DM, (Forget(), Met())),
]


async def test_step_by_step_as_the_plain_memory(stored):
    """After every step both memories tell everybody the same, everywhere."""
    plain = PlainMemory()
    for who, where, facts in STEPS:
        await plain.keep(who, where, facts, AT)
        await stored.keep(who, where, facts, AT)
        for reader in (ANN, BEN):
            for place in (DM, BENS_DM, CHANNEL, OTHER):
                assert await stored.recall(reader, place) == await plain.recall(reader, place), (who, facts)


PEOPLE = st.sampled_from([ANN, BEN])
PLACES = st.sampled_from([DM, BENS_DM, CHANNEL, OTHER])
SLOTS = st.builds(
    Slot,
    st.sampled_from([BERLIN, Zone("America/Los_Angeles"), Zone("UTC")]),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.frozensets(st.sampled_from(Day)),
    st.none()
    | st.builds(Weeks, st.frozensets(st.integers(1, LAST), min_size=1))
    | st.builds(Dates, st.frozensets(st.integers(1, 31), min_size=1))
    | st.dates(date(2026, 1, 1), date(2030, 1, 1)),
)
NUMBERS = st.integers(1, 6)
CLOCKS = st.none() | st.sampled_from([time(0), time(7, 59), time(23, 59)])
FACTS = st.one_of(
    st.just(Met()),
    st.builds(TipShown, st.sampled_from(["A1.1", "A1.2", "B5.12"]), st.booleans()),
    st.builds(
        PreferencesSet,
        st.builds(
            Preferences,
            st.none() | st.just(BERLIN),
            st.booleans(),
            CLOCKS,
            CLOCKS,
            st.frozensets(st.sampled_from(Day)),
            st.none() | st.dates(),
        ),
    ),
    st.builds(ScheduleSet, st.just(For.TEAM), SLOTS, st.sampled_from([CHANNEL, OTHER])),
    st.builds(ScheduleSet, st.just(For.ME), SLOTS, st.sampled_from([DM, BENS_DM])),
    st.builds(ScheduleMoved, NUMBERS, SLOTS),
    st.builds(SchedulePaused, NUMBERS, st.booleans()),
    st.builds(ScheduleDeleted, NUMBERS),
    st.builds(Graded, st.sampled_from(["A1", "B5"]), st.sampled_from(Grade)),
    st.builds(RuleStands, st.sampled_from(["A1", "B5"]), st.sampled_from(Standing)),
    st.just(Unlearned()),
    st.just(Forget()),
)


def noted(known):
    return [(one.rule, one.standing, one.last, one.on, one.tips) for one in known.learned]


def in_memory():
    """A database with our settings and tables that is gone with the test."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"isolation_level": None})
    event.listen(engine, "connect", sqlite._set_up)
    event.listen(engine, "begin", sqlite._begin)
    metadata.create_all(engine)
    return engine


@given(st.lists(st.tuples(PEOPLE, PLACES, st.lists(FACTS, max_size=3)), max_size=12))
@settings(max_examples=60)
def test_any_life_as_the_plain_memory(life):
    """Whatever two people do in whatever order, both memories agree."""
    plain, engine = PlainMemory(), in_memory()
    with engine.begin() as connection:
        for who, where, facts in life:
            for fact in facts:
                plain._keep(who, where, fact, AT)
                StoredMemory(None).note(connection, (who, where), fact, (AT, b"drawn"))
        for reader in (ANN, BEN):
            for place in (DM, BENS_DM, CHANNEL, OTHER):
                mine = tuple(s for n, s in plain.schedules.items() if plain._may(n, s, reader, place))
                known = memory.recall(connection, reader, place)
                assert known.schedules == mine
                told = plain.known.get(reader, Known())
                assert (known.met, known.preferences, known.shown_tips) == (
                    told.met,
                    told.preferences,
                    told.shown_tips,
                )
                assert noted(known) == noted(told)
            weeks = plain.weeks_of.get(reader, {}).values()
            kept = learned.weeks(connection, people.number(connection, reader))
            assert sorted(kept, key=str) == sorted(weeks, key=str)
        used = set(connection.execute(select(subscription.c.slot_id)).scalars())
        assert set(connection.execute(select(slot.c.id)).scalars()) == used
    engine.dispose()


# --------------------------------------------------------------------------- only what is needed


async def test_all_facts_or_none(stored, database):
    """A fact that cannot be kept takes the others of its turn with it."""
    far = ScheduleSet(For.ME, Slot(Zone("Nowhere/Gone"), time(9), WORKDAYS), DM)
    with pytest.raises(LookupError):
        await stored.keep(ANN, DM, (Met(), far), AT)
    assert await counts(database) == Counter()


async def test_no_row_without_a_fact(stored, database):
    """Asking, touching a channel's reminder and forgetting make no row about the one who did."""
    await stored.keep(BEN, CHANNEL, (ScheduleSet(For.TEAM, NINE, CHANNEL),), AT)
    await stored.recall(ANN, DM)
    await stored.rows(ANN)
    await stored.keep(ANN, CHANNEL, (SchedulePaused(1, True), ScheduleMoved(1, TEN)), AT)
    await stored.keep(ANN, DM, (Forget(),), AT)
    assert (await counts(database))["person"] == 1
    assert await stored.rows(ANN) == ()


async def test_a_number_is_never_used_again(stored):
    """A button on an old message cannot reach a reminder that was made later."""
    for expected in (1, 2):
        await stored.keep(ANN, DM, (ScheduleSet(For.ME, NINE, DM),), AT)
        assert [s.id for s in (await stored.recall(ANN, DM)).schedules] == [expected]
        await stored.keep(ANN, DM, (ScheduleDeleted(expected),), AT)


async def test_same_id_elsewhere_is_somebody_else(stored):
    """The same user id on another platform or in another workspace, and a channel of the same name there."""
    await stored.keep(ANN, DM, (Met(), ScheduleSet(For.TEAM, NINE, CHANNEL)), AT)
    for who in (Person("web", "T1", "U1"), Person("slack", "T2", "U1")):
        channel = Place(who.platform, who.tenant, "C1", Room.CHANNEL)
        assert await stored.recall(who, channel) == Known()
        await stored.keep(who, channel, (ScheduleDeleted(1),), AT)
    direct = Place("slack", "T1", "C1")  # not spoken in a channel: no right to the channel's
    assert await stored.recall(BEN, direct) == Known()
    assert len((await stored.recall(ANN, DM)).schedules) == 1


async def test_a_private_reminder_is_never_shown_in_a_channel(stored):
    """Even one that points there stays its owner's."""
    await stored.keep(ANN, DM, (ScheduleSet(For.ME, NINE, CHANNEL),), AT)
    assert (await stored.recall(BEN, CHANNEL)).schedules == ()
    assert (await stored.recall(ANN, CHANNEL)).schedules == (Schedule(1, For.ME, NINE, CHANNEL, "U1"),)


# --------------------------------------------------------------------------- my data


class Weekly:
    """Everything fades in a week."""

    def after(self, before, grade, on):
        return replace(before, due=on + timedelta(days=7), stability=7.0, difficulty=5.0)


async def fill(database, who, where):
    """Something in every column of every table for one person."""
    stored = StoredMemory(database, Weekly())
    remembered = (Met(), TipShown("A1.1"), PreferencesSet(PREFERENCES), Reviewed((1, 2), 3))
    facts = (*remembered, ScheduleSet(For.ME, NINE, where), Graded("A1", Grade.MISSED))
    await stored.keep(who, where, facts, AT)
    tomorrow = AT + timedelta(days=1)

    def work(connection):
        falling_due.materialise(connection, tomorrow)
        return ledger.claim(connection, tomorrow, 1, timedelta(seconds=60), (who.platform,))

    await database.transact(work)
    away = update(person).where(person.c.user == who.user).values(gone_on=AT.date(), asked_on=AT.date())
    await database.transact(lambda c: c.execute(away))
    await stored.code(who, AT)
    await database.transact(lambda c: Keys().seal(c, people.number(c, who), "words", "a place"))
    if who.platform == "teams":
        chat = Conversation(who.tenant, f"a:{who.user}", "personal", "https://there/", "28:bot", "29:her")
        chat = replace(chat, aad_object_id=who.user, locale="en-GB", zone="Asia/Seoul")
        await StoredConversations(database, lambda: AT).remember(chat)
    return stored


NOBODYS = {
    "remark",
    "setup",
    "letter_key",
    "slack_installation",
    "slack_spent",
    "slack_seen",
    "channel_said",
}  # who installed: test_installations


async def test_rows_show_every_column_of_every_table(database):
    """Nothing is stored about a person that "my data" does not show; a workspace's setup is about nobody."""
    there = Place("teams", "T1", "D1")
    stored = await fill(database, TEA, there)
    narrowed = replace(NINE, only=Weeks(frozenset({1, LAST})))
    await stored.keep(TEA, there, (ScheduleSet(For.ME, narrowed, there),), AT)
    promised = PromiseKept(Words("call Ana"), replace(NINE, only=AWAY), TEN, there)
    await stored.keep(TEA, there, (promised,), AT)
    assert Row("slot.narrowed", "1, last") in await stored.rows(TEA)
    shown = {row.what for row in await stored.rows(TEA)}
    elsewhere = {"teams_conversation.team_id", "teams_conversation.channel_id"}  # a private chat has none
    elsewhere |= {"person_key.key"}  # that there is one is shown
    tables = [table for name, table in metadata.tables.items() if name not in NOBODYS]
    assert shown == {f"{t.name}.{c.name}" for t in tables for c in t.c} - elsewhere


async def test_rows_are_in_plain_words(database):
    """Times, days and states as a person would write them."""
    stored = await fill(database, ANN, DM)
    rows = {row.what: row.value for row in await stored.rows(ANN)}
    assert rows["person.met"] == "yes"
    assert rows["person.quiet_until"] == "08:30"
    assert rows["person.days_off"] == "Sat"
    assert rows["person.away_until"] == "2026-04-01"
    assert rows["person.model"] == "model.example"
    assert rows["tip_shown.at"] == "2026-03-02 08:00 UTC"
    assert rows["slot.weekdays"] == "Mon, Tue, Wed, Thu, Fri"
    assert rows["subscription.active"] == "yes"
    assert rows["delivery.state"] == "sending"
    await stored.keep(ANN, DM, (PreferencesSet(Preferences()),), AT)
    rows = {row.what: row.value for row in await stored.rows(ANN)}
    assert rows["person.less_words"] == "no"
    assert rows["person.days_off"] == "none"
    assert not {"person.zone", "person.model"} & rows.keys()


async def test_nobody_is_told_anothers_values(database):
    """Fill two people with values of their own: no answer to one holds a value of the other."""
    ann = Person("slack", "ann-tenant", "ann-user")
    ben = Person("slack", "ben-tenant", "ben-user")
    places = {p: Place(p.platform, p.tenant, f"{p.user}-dm") for p in (ann, ben)}
    for who, zone in ((ann, "Africa/Nairobi"), (ben, "Asia/Tokyo")):
        stored = await fill(database, who, places[who])
        slot_ = Slot(Zone(zone), time(7), WORKDAYS)
        facts = (
            PreferencesSet(Preferences(Zone(zone))),
            TipShown(f"{who.user}-tip"),
            ScheduleMoved(1 if who == ann else 2, slot_),
        )
        await stored.keep(who, places[who], facts, AT)
    for me, you, zone in ((ann, "ben", "Asia/Tokyo"), (ben, "ann", "Africa/Nairobi")):
        for where in places.values():
            told = repr(await stored.recall(me, where)) + repr(await stored.rows(me))
            past = await stored.lately(me, where)
            assert {p.schedule for p in past} == {1 if me == ann else 2}
            assert you not in told
            assert zone not in told


# --------------------------------------------------------------------------- forgetting


async def test_forgetting_leaves_no_row(database):
    """Not one row in any table, a team's reminder they set and their history included."""
    for who in (ANN, TEA):
        stored = await fill(database, who, DM)
        await stored.keep(who, CHANNEL, (ScheduleSet(For.TEAM, TEN, CHANNEL),), AT)
        await stored.keep(who, DM, (Forget(),), AT)
    assert set(+(await counts(database))) == {"letter_key"}  # nobody's


FACTS = (Heard(), Met(), PreferencesSet(PREFERENCES), TipShown("A1"), ScheduleSet(For.ME, NINE, DM))


async def test_a_turn_that_was_under_way_brings_nobody_back(database):
    """They were erased after it began: what it found out about them is dropped, and not what it was for."""
    stored = await fill(database, ANN, DM)
    setup = SetupKept(Setup(country="DE"))
    for who, facts in ((ANN, (Forget(),)), (ANN, (*FACTS, setup)), (BEN, (Heard(), Forget()))):
        await stored.keep(who, DM, facts, AT, known=True)
    left = +(await counts(database))
    assert left.pop("setup") == left.pop("letter_key") == 1
    assert left == Counter()
    await stored.keep(ANN, DM, FACTS, AT)  # they came back by themselves
    assert (await counts(database))["person"] == 1


async def test_erased_in_the_same_moment(database):
    """Whichever of the two is first, in the end nothing is there."""
    stored = StoredMemory(database)
    for _ in range(20):
        await stored.keep(ANN, DM, (Met(),), AT)
        turns = [stored.keep(ANN, DM, FACTS, AT, known=True) for _ in range(4)]
        await asyncio.gather(*turns[:2], stored.keep(ANN, DM, (Forget(),), AT), *turns[2:])
        assert +(await counts(database)) == Counter()


async def test_forgetting_one_keeps_the_other(database):
    """Even where both share a slot."""
    stored = await fill(database, ANN, DM)
    await fill(database, BEN, BENS_DM)
    before = await stored.rows(BEN)
    await stored.keep(ANN, DM, (Forget(),), AT)
    assert await stored.rows(BEN) == before
    left = await counts(database)
    assert (left["person"], left["slot"], left["subscription"]) == (1, 1, 1)


async def test_forgetting_leaves_no_byte_in_the_files(sqlite_url, lite):
    """A scan of the file, its log and its index finds nothing of the person."""
    canary = Person("slack", "CanaryTenant", "CanaryUser")
    where = Place("slack", "CanaryTenant", "CanaryChannel")
    for number in range(30):  # enough rows that pages split
        await fill(lite, Person("slack", "T1", f"U{number}"), Place("slack", "T1", f"D{number}"))
    stored = await fill(lite, canary, where)
    zone = Slot(Zone("America/Argentina/ComodRivadavia"), time(5), WORKDAYS)
    facts = [ScheduleSet(For.ME, zone, where), *(TipShown(f"CanaryTip{n}") for n in range(40))]
    await stored.keep(canary, where, tuple(facts), AT)
    folder = Path(read_url(sqlite_url).database).parent

    def found():
        data = b"".join(path.read_bytes() for path in folder.iterdir())
        return {word for word in (b"Canary", b"ComodRivadavia") if word in data}

    assert found() == {b"Canary", b"ComodRivadavia"}
    await stored.keep(canary, where, (Forget(),), AT)
    assert found() == set()


# --------------------------------------------------------------------------- changes


async def test_a_change_reaches_what_is_due_but_not_sent(database):
    """Pausing skips it; moving makes room for the new time on the same day; deleting takes it along."""
    stored = StoredMemory(database)
    for _ in range(3):
        await stored.keep(ANN, DM, (ScheduleSet(For.ME, NINE, DM),), AT - timedelta(days=1))
    due = datetime(2026, 3, 2, 8, 1, tzinfo=UTC)
    await database.transact(lambda c: falling_due.materialise(c, due))
    assert (await counts(database))["delivery"] == 3
    facts = (SchedulePaused(1, True), ScheduleMoved(2, TEN), ScheduleDeleted(3))
    await stored.keep(ANN, DM, facts, due)
    states = select(delivery.c.subscription_id, delivery.c.state)
    left = await database.transact(lambda c: [tuple(r) for r in c.execute(states)])
    assert left == [(1, State.SKIPPED)]
    later = datetime(2026, 3, 2, 9, 31, tzinfo=UTC)
    await database.transact(lambda c: falling_due.materialise(c, later))
    left = await database.transact(lambda c: [tuple(r) for r in c.execute(states)])
    assert sorted(left) == [(1, State.SKIPPED), (2, State.PENDING)]


async def test_rows_of_tables_use_the_database_itself(database):
    """A row nobody's code made is refused: the database holds the rules, not only we."""
    from storage.db import StorageError

    orphan = insert(tip_shown).values(person_id=99, tip="A1.1", at=AT)
    with pytest.raises(StorageError):
        await database.transact(lambda c: c.execute(orphan))
    twin = {"platform": "web", "tenant": "local", "user": "U", "seen_on": AT.date()}
    with pytest.raises(StorageError):
        await database.transact(lambda c: c.execute(insert(person), [twin, twin]))


SETUP = Setup(
    ("Kim", "HR"),
    "US",
    lines=(Helpline("US", "A line", "555 0100", "9 to 5", "https://example.org", "2026-03-01"),),
    team_tips=TeamTips.ADMINISTRATORS,
    model=False,
    playbook="hotel",
)


async def test_a_setup_holds_for_its_workspace_alone(stored):
    """Whoever asks there is told it; no other workspace and no other platform is."""
    await stored.keep(ANN, DM, (SetupKept(Setup(("First",))),), AT)
    await stored.keep(ANN, DM, (SetupKept(SETUP),), AT)
    assert (await stored.recall(BEN, BENS_DM)).setup == SETUP
    for other in (TEA, Person("slack", "T2", "U1")):
        assert (await stored.recall(other, DM)).setup == Setup()


async def test_a_setup_is_about_nobody(stored):
    """It is no part of anybody's data, makes no row about who set it, and stays when they are forgotten."""
    await stored.keep(ANN, DM, (SetupKept(SETUP),), AT)
    assert await stored.rows(ANN) == ()
    await stored.keep(ANN, DM, (Forget(),), AT)
    assert (await stored.recall(BEN, BENS_DM)).setup == SETUP


async def test_a_workspace_that_is_gone_leaves_no_setup(stored, database):
    """Of that workspace alone."""
    for who in (ANN, TEA):
        await stored.keep(who, DM, (SetupKept(SETUP),), AT)
    await database.transact(lambda connection: setups.forget(connection, "slack", "T1"))
    assert (await stored.recall(ANN, DM)).setup == Setup()
    assert (await stored.recall(TEA, DM)).setup == SETUP
