"""Which questions a channel was asked: known where its reminders are, about nobody, gone after 90 days."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select

from coaching.learned import Aired, ChannelTold, ThemeSet
from coaching.people import WORKDAYS, For, Person, Place, Room, Slot, Zone
from coaching.themes import AGAIN
from coaching.turn import Forget, ScheduleSet
from storage import tenants
from storage.memory import StoredMemory
from storage.said import fade
from storage.tables import channel_said

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY = AT.date()
ANN, BEN = Person("slack", "T1", "U1"), Person("slack", "T1", "U2")
DM = Place("slack", "T1", "D1")
HERE, OTHER = (Place("slack", "T1", name, Room.CHANNEL) for name in ("C1", "C2"))
SLOT = Slot(Zone("Europe/Berlin"), time(9), WORKDAYS)


async def count(database):
    return await database.transact(
        lambda c: c.execute(select(func.count()).select_from(channel_said)).scalar()
    )


async def test_it_is_told_where_the_channels_reminder_is_seen(database):
    """To who set it anywhere, to others in the channel; of no other channel, and of no other workspace."""
    stored = StoredMemory(database)
    await stored.keep(ANN, HERE, (ScheduleSet(For.TEAM, SLOT, HERE, "B2"),), AT)
    await stored.keep(
        ANN, HERE, (ChannelTold(HERE, "B2.stakes", DAY, 1), ChannelTold(OTHER, "A1.form", DAY)), AT
    )
    kept = (Aired("C1", "B2.stakes", DAY, 1),)
    assert (await stored.recall(ANN, DM)).aired == kept
    assert (await stored.recall(BEN, HERE)).aired == kept
    assert (await stored.recall(BEN, DM)).aired == ()
    there = Person("slack", "T2", "U1")
    where = Place("slack", "T2", "C1", Room.CHANNEL)
    await stored.keep(there, where, (ScheduleSet(For.TEAM, SLOT, where),), AT)
    assert (await stored.recall(there, where)).aired == ()


async def test_asked_again_it_is_the_newer_date(database):
    """One row a question."""
    stored = StoredMemory(database)
    await stored.keep(ANN, HERE, (ScheduleSet(For.TEAM, SLOT, HERE),), AT)
    for on in (DAY, DAY + AGAIN):
        await stored.keep(ANN, HERE, (ChannelTold(HERE, "B2.stakes", on),), AT)
    assert (await stored.recall(ANN, DM)).aired == (Aired("C1", "B2.stakes", DAY + AGAIN),)


async def test_the_theme_of_a_teams_tip(database):
    """Set with it, changed by who may see it; a reminder of one's own has none."""
    stored = StoredMemory(database)
    sets = (ScheduleSet(For.TEAM, SLOT, HERE, "B2"), ScheduleSet(For.ME, SLOT, DM))
    await stored.keep(ANN, HERE, sets, AT)
    assert [one.theme for one in (await stored.recall(ANN, DM)).schedules] == ["B2", ""]
    await stored.keep(BEN, DM, (ThemeSet(1, "A1"),), AT)
    await stored.keep(ANN, DM, (ThemeSet(2, "A1"),), AT)
    assert [one.theme for one in (await stored.recall(ANN, DM)).schedules] == ["B2", ""]
    await stored.keep(BEN, HERE, (ThemeSet(1, ""),), AT)
    assert [one.theme for one in (await stored.recall(ANN, DM)).schedules] == ["", ""]


async def test_it_outlives_who_set_it_and_goes_with_the_workspace_and_the_clock(database):
    """A new tip in the same channel does not begin anew with what the team has just read."""
    stored = StoredMemory(database)
    await stored.keep(ANN, HERE, (ScheduleSet(For.TEAM, SLOT, HERE), ChannelTold(HERE, "B2.stakes", DAY)), AT)
    await stored.keep(ANN, DM, (Forget(),), AT)
    await stored.keep(BEN, HERE, (ScheduleSet(For.TEAM, SLOT, HERE),), AT)
    assert (await stored.recall(BEN, DM)).aired == (Aired("C1", "B2.stakes", date(2026, 3, 2)),)
    assert await database.transact(lambda c: fade(c, AT + AGAIN)) == 0
    assert await database.transact(lambda c: fade(c, AT + AGAIN + timedelta(days=1))) == 1
    await stored.keep(BEN, HERE, (ChannelTold(HERE, "B2.stakes", DAY),), AT)
    await database.transact(lambda c: tenants.erase(c, "slack", "T1"))
    assert await count(database) == 0
