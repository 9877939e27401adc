"""Slack installations: one row each, tokens encrypted, one refresh at a time; an uninstall leaves nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, insert, select, update

from coaching.people import WORKDAYS, For, Person, Place, Room, Slot, Zone
from coaching.turn import Forget, Met, ScheduleSet, Setup, SetupKept, TipShown
from storage import refreshes, tenants
from storage.installations import Counts, Install, Tokens
from storage.memory import StoredMemory
from storage.tables import delivery, metadata, slack_installation, slack_spent, subscription
from storage.vault import VaultError, new_key, open_vault
from storage.workspaces import StoredInstallations

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
HALF_A_DAY = timedelta(hours=12)
KEYS = (new_key(), new_key())
BOT, REFRESH = "xoxe.xoxb-canary-1", "xoxe-1-canary-2"
ONE = Install("", "T1", "A1", "UBOT", "chat:write,commands", "UANN", Tokens(BOT))
TWO = replace(ONE, team_id="T2", tokens=Tokens("xoxb-of-two"))
ORG = replace(ONE, enterprise_id="E1", team_id="", tokens=Tokens("xoxb-of-org"))


class Clock:
    def __init__(self):
        self.time = AT

    def __call__(self):
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def stored(database, clock):
    return StoredInstallations(database, open_vault(KEYS[:1]), clock)


def ending(clock, bot=BOT, refresh=REFRESH):
    return replace(ONE, tokens=Tokens(bot, refresh, clock() + HALF_A_DAY))


async def token(stored, tenant):
    found = await stored.find(tenant)
    return found and found.tokens.bot


async def rows(database):
    return await database.transact(
        lambda c: [dict(r) for r in c.execute(select(slack_installation)).mappings()]
    )


# --------------------------------------------------------------------------- keeping and finding


async def test_each_workspace_has_its_own_token(stored):
    """Two workspaces and an organisation; nobody else has one."""
    for install in (ONE, TWO, ORG):
        await stored.save(install)
    found = [await token(stored, tenant) for tenant in ("T1", "T2", "E1", "T3", "")]
    assert found == [BOT, "xoxb-of-two", "xoxb-of-org", None, None]


async def test_a_new_install_takes_the_place_of_the_old(stored, database):
    """Rows do not pile up, also when the workspace has joined an organisation since."""
    await stored.save(ONE)
    await stored.save(replace(ONE, scopes="commands", tokens=Tokens("xoxb-new")))
    assert await token(stored, "T1") == "xoxb-new"
    assert [(row["scopes"], row["version"]) for row in await rows(database)] == [("commands", 2)]
    await stored.save(replace(ONE, enterprise_id="E1", tokens=Tokens("xoxb-moved")))
    assert await token(stored, "T1") == "xoxb-moved"
    assert [row["enterprise_id"] for row in await rows(database)] == ["E1"]


async def test_no_token_in_the_database(stored, database, clock):
    """Neither token is in any column."""
    await stored.save(ending(clock))
    told = repr(await rows(database))
    assert "canary" not in told
    assert "canary" not in repr(ending(clock))


async def test_rows_cannot_be_swapped(stored, database):
    """A ciphertext that was put into another row opens nothing there."""
    await stored.save(ONE)
    await stored.save(TWO)

    def swap(connection):
        of = {row.team_id: row.bot_token for row in connection.execute(select(slack_installation))}
        mine = update(slack_installation).where(slack_installation.c.team_id == "T1")
        connection.execute(mine.values(bot_token=of["T2"]))

    await database.transact(swap)
    with pytest.raises(VaultError):
        await token(stored, "T1")


async def test_a_row_cannot_be_given_to_another_tenant(stored, database):
    """Whoever can write into the database still opens nobody else's token."""
    await stored.save(TWO)
    mine = update(slack_installation).where(slack_installation.c.team_id == "T2")
    await database.transact(lambda c: c.execute(mine.values(tenant="T1")))
    with pytest.raises(VaultError):
        await token(stored, "T1")


async def test_the_installer(stored, database):
    """May set it up: known by platform, workspace and id, until the coach is taken away."""
    await stored.save(ONE)

    async def asked(*who):
        known = await StoredMemory(database).recall(Person(*who), Place("slack", "T1", "D1"))
        return known.admin

    assert await asked("slack", "T1", "UANN")
    for other in (("teams", "T1", "UANN"), ("slack", "T2", "UANN"), ("slack", "T1", "UBEN")):
        assert not await asked(*other)
    await stored.revoke("T1", AT)
    assert not await asked("slack", "T1", "UANN")


async def test_who_installs_it_again_takes_nothing_over(stored, database):
    """Slack lets any member press the button: whom people are pointed to does not become theirs to change."""

    async def admins():
        asked = [Person("slack", "T1", user) for user in ("UANN", "UBEN")]
        place = Place("slack", "T1", "D1")
        return [who.user for who in asked if (await StoredMemory(database).recall(who, place)).admin]

    await stored.save(ONE)
    for again in (replace(ONE, installed_by="UBEN"), replace(ONE, installed_by="UBEN", enterprise_id="E1")):
        await stored.save(again)
        assert await admins() == ["UANN"]
    await StoredMemory(database).keep(
        Person("slack", "T1", "UANN"), Place("slack", "T1", "D1"), (Forget(),), AT
    )
    await stored.save(again)
    assert await admins() == []
    await stored.revoke("T1", AT)
    await stored.save(again)
    assert await admins() == ["UBEN"]


async def test_what_is_kept_about_the_installer(stored, database):
    """It is theirs to see and to erase, and nobody else's; the installation goes on."""
    memory, ann = StoredMemory(database), Person("slack", "T1", "UANN")
    for install in (ONE, TWO):
        await stored.save(install)
    for other in (
        Person("slack", "T1", "UBEN"),
        Person("teams", "T1", "UANN"),
        Person("slack", "T3", "UANN"),
    ):
        assert await memory.rows(other) == ()
        await memory.keep(other, Place("slack", "T1", "D1"), (Forget(),), AT)
    shown = {row.what: row.value for row in await memory.rows(ann)}
    assert shown == {
        "slack_installation.tenant": "T1",
        "slack_installation.installed_by": "UANN",
        "slack_installation.installed_at": "2026-03-02 08:00 UTC",
    }
    await memory.keep(ann, Place("slack", "T1", "D1"), (Forget(),), AT)
    assert await memory.rows(ann) == ()
    assert sorted(row["installed_by"] for row in await rows(database)) == ["", "UANN"]
    assert await token(stored, "T1") == BOT


async def test_a_fingerprint_is_spent_once(stored, clock, database):
    """The second time it is known; it is forgotten when its time is over."""
    until = clock() + timedelta(minutes=10)
    assert [await stored.spend("f" * 64, until) for _ in range(2)] == [True, False]
    clock.time = until + timedelta(seconds=1)
    await stored.tidy(timedelta(days=3))
    assert await database.transact(lambda c: c.execute(select(slack_spent)).all()) == []


# --------------------------------------------------------------------------- refreshing


async def test_a_token_is_refreshed_an_hour_before_it_ends(stored, clock):
    """Not before, and by one alone until the lease is over; a token that never ends is left alone."""
    await stored.save(ending(clock))
    await stored.save(TWO)
    clock.time += timedelta(hours=10, minutes=59)
    assert await stored.claim(5) == []
    clock.time += timedelta(minutes=1)
    (mine,) = await stored.claim(5)
    assert (mine.tenant, stored.refresh_token(mine)) == ("T1", REFRESH)
    assert "canary" not in repr(mine)
    assert await stored.claim(5) == []
    clock.time += timedelta(minutes=2)
    assert len(await stored.claim(5)) == 1


async def test_a_short_life_is_refreshed_half_way(stored, clock):
    """A token of ten minutes is not due at once."""
    await stored.save(replace(ONE, tokens=Tokens(BOT, REFRESH, clock() + timedelta(minutes=10))))
    clock.time += timedelta(minutes=4)
    assert await stored.claim(5) == []
    clock.time += timedelta(minutes=1)
    assert len(await stored.claim(5)) == 1


async def test_new_tokens_take_their_place_once(stored, clock):
    """Whoever comes with an older claim changes nothing."""
    await stored.save(ending(clock))
    clock.time += timedelta(hours=11)
    (mine,) = await stored.claim(1)
    new = Tokens("xoxb-new", "xoxe-new", clock() + HALF_A_DAY)
    assert await stored.renew(mine, new)
    assert not await stored.renew(mine, replace(new, bot="xoxb-late"))
    await stored.fail(mine)
    assert await token(stored, "T1") == "xoxb-new"
    assert (await stored.counts()).failing == 0
    assert await stored.claim(1) == []
    clock.time += timedelta(hours=11)
    (again,) = await stored.claim(1)
    assert stored.refresh_token(again) == "xoxe-new"


async def test_a_late_answer_still_counts(stored, clock):
    """Our lease ran out and another process failed with the spent token: ours is the one that is good."""
    await stored.save(ending(clock))
    clock.time += timedelta(hours=11)
    (mine,) = await stored.claim(1)
    clock.time += timedelta(minutes=3)
    (theirs,) = await stored.claim(1)
    await stored.fail(theirs)
    assert await stored.renew(mine, Tokens("xoxb-late", "xoxe-late", clock() + HALF_A_DAY))
    assert await token(stored, "T1") == "xoxb-late"


async def test_a_refresh_that_fails_keeps_the_old_token(stored, clock):
    """It is tried again later and later, and counted."""
    await stored.save(ending(clock))
    clock.time += timedelta(hours=11)
    for minutes in (1, 2, 5, 10, 15, 15):
        (mine,) = await stored.claim(1)
        await stored.fail(mine)
        clock.time += timedelta(minutes=minutes, seconds=-1)
        assert await stored.claim(1) == []
        clock.time += timedelta(seconds=1)
    assert await token(stored, "T1") == BOT
    assert await stored.counts() == Counts(active=1, revoked=0, failing=1, expired=0)
    clock.time += HALF_A_DAY
    assert (await stored.counts()).expired == 1


@pytest.mark.parametrize("ends", ["revoke", "save"])
async def test_a_refresh_under_way_when_the_tokens_go(stored, clock, ends):
    """What comes back afterwards is not kept."""
    await stored.save(ending(clock))
    clock.time += timedelta(hours=11)
    (mine,) = await stored.claim(1)
    await (stored.revoke("T1", clock()) if ends == "revoke" else stored.save(ONE))
    assert not await stored.renew(mine, Tokens("xoxb-new"))
    assert await token(stored, "T1") == (None if ends == "revoke" else BOT)


# --------------------------------------------------------------------------- a new vault key


async def test_a_new_key_takes_over(stored, database, clock, monkeypatch):
    """In batches, as often as one likes; afterwards the old key is not needed."""
    monkeypatch.setattr(refreshes, "_BATCH", 2)
    for number in range(4):
        await stored.save(replace(ending(clock), team_id=f"T{number}"))
    await stored.save(TWO)
    await stored.revoke("T3", clock())
    both = StoredInstallations(database, open_vault((KEYS[1], KEYS[0])), clock)
    assert [await both.reseal() for _ in range(2)] == [3, 0]
    new = StoredInstallations(database, open_vault(KEYS[1:]), clock)
    assert [await token(new, tenant) for tenant in ("T1", "T2", "T3")] == [BOT, "xoxb-of-two", None]
    clock.time += timedelta(hours=11)
    assert {new.refresh_token(mine) for mine in await new.claim(9)} == {REFRESH}
    with pytest.raises(VaultError):
        await token(stored, "T1")


async def test_a_refresh_under_way_outlives_a_new_key(stored, database, clock):
    """Changing the key throws nobody's new token away."""
    await stored.save(ending(clock))
    clock.time += timedelta(hours=11)
    (mine,) = await stored.claim(1)
    both = StoredInstallations(database, open_vault((KEYS[1], KEYS[0])), clock)
    assert await both.reseal() == 1
    assert await both.renew(mine, Tokens("xoxb-new"))
    assert await token(both, "T1") == "xoxb-new"


# --------------------------------------------------------------------------- taken away


async def settle(database, tenant, user="UANN"):
    """Somebody there with a tip, a reminder of their own and one in a channel, and a delivery."""
    who, slot = Person("slack", tenant, user), Slot(Zone("Asia/Tokyo"), time(9), WORKDAYS)
    here, channel = Place("slack", tenant, user), Place("slack", tenant, "C1", Room.CHANNEL)
    facts = (
        Met(),
        TipShown("A1.1"),
        SetupKept(Setup(("The lead",))),
        ScheduleSet(For.ME, slot, here),
        ScheduleSet(For.TEAM, slot, channel),
    )
    await StoredMemory(database).keep(who, here, facts, AT)

    def deliver(connection):
        for number in connection.execute(select(subscription.c.id)).scalars().all():
            row = {"subscription_id": number, "local_date": date(2026, 3, 2), "state": 2, "due_at": AT}
            known = select(delivery).where(delivery.c.subscription_id == number)
            if connection.execute(known).first() is None:
                connection.execute(insert(delivery).values(**row, run_at=AT))

    await database.transact(deliver)


async def left(database):
    """How many rows each table has, the empty ones left out."""

    def work(connection):
        tables = [t for t in metadata.sorted_tables if t is not slack_installation]
        return {t.name: connection.execute(select(func.count()).select_from(t)).scalar() for t in tables}

    return {name: many for name, many in (await database.transact(work)).items() if many}


async def test_an_uninstall_erases_the_tokens_at_once(stored, database, clock):
    """And only there; a second message about it finds nothing to do."""
    await stored.save(ending(clock))
    await stored.save(TWO)
    clock.time += timedelta(hours=1)
    assert [await stored.revoke("T1", clock()) for _ in range(2)] == [True, False]
    assert [await token(stored, tenant) for tenant in ("T1", "T2")] == [None, "xoxb-of-two"]
    (row,) = [row for row in await rows(database) if row["team_id"] == "T1"]
    kept = ("bot_token", "refresh_token", "expires_at", "refresh_at")
    assert [row[name] for name in kept] == [None] * 4
    assert await stored.counts() == Counts(active=1, revoked=1, failing=0, expired=0)


async def test_after_the_grace_nothing_is_left(stored, database, clock):
    """Every row of that workspace goes; the neighbour's stay, down to the shared slot."""
    for install in (ONE, TWO):
        await stored.save(install)
        await settle(database, install.team_id)
    before = await left(database)
    assert before == {"person": 2, "setup": 2, "tip_shown": 2, "slot": 1, "subscription": 4, "delivery": 4}
    await stored.revoke("T1", clock())
    clock.time += timedelta(days=3, seconds=-1)
    assert await stored.tidy(timedelta(days=3)) == 0
    assert await left(database) == before
    clock.time += timedelta(seconds=1)
    assert [await stored.tidy(timedelta(days=3)) for _ in range(2)] == [1, 0]
    assert await left(database) == {
        "person": 1,
        "setup": 1,
        "tip_shown": 1,
        "slot": 1,
        "subscription": 2,
        "delivery": 2,
    }
    assert [row["team_id"] for row in await rows(database)] == ["T2"]
    await stored.revoke("T2", clock())
    await stored.tidy(timedelta(0))
    assert (await left(database), await rows(database)) == ({}, [])


async def test_a_re_install_brings_nothing_back(stored, database, clock):
    """Within the grace, too: who comes back starts anew."""
    await stored.save(ONE)
    await settle(database, "T1")
    await stored.revoke("T1", clock())
    clock.time += timedelta(hours=1)
    await stored.save(ONE)
    assert await left(database) == {}
    assert not (
        await StoredMemory(database).recall(Person("slack", "T1", "UANN"), Place("slack", "T1", "U"))
    ).met


async def test_installing_over_a_working_install_keeps_everything(stored, database):
    """New scopes are no farewell."""
    await stored.save(ONE)
    await settle(database, "T1")
    await stored.save(ONE)
    assert (await left(database))["person"] == 1


async def test_a_repeated_message_about_an_uninstall_long_dealt_with(stored, database, clock):
    """Also after one more install over a working one: what was kept since the uninstall stays."""
    await stored.save(ONE)
    await stored.revoke("T1", clock())
    uninstalled = clock()
    for _ in range(2):
        clock.time += timedelta(minutes=1)
        await stored.save(ONE)
    await settle(database, "T1")
    assert not await stored.revoke("T1", uninstalled)
    assert (await left(database))["person"] == 1
    assert not await stored.revoke("T1", uninstalled + timedelta(seconds=30))
    assert await left(database) == {}


@pytest.mark.parametrize("heard_before", [True, False])
async def test_an_old_message_about_an_uninstall(stored, database, clock, heard_before):
    """It comes after the re-install: the new token stays, and the data of the time before are gone."""
    await stored.save(ONE)
    await settle(database, "T1", "UBEFORE")
    clock.time += timedelta(hours=1)
    uninstalled = clock()
    if heard_before:
        await stored.revoke("T1", uninstalled)
    clock.time += timedelta(minutes=1)
    await stored.save(replace(ONE, tokens=Tokens("xoxb-new")))
    if heard_before:
        await settle(database, "T1", "UAFTER")
    assert not await stored.revoke("T1", uninstalled)
    assert await token(stored, "T1") == "xoxb-new"
    assert (await left(database)).get("person", 0) == int(heard_before)


async def test_an_organisation_goes_as_one(stored, database):
    """Its data stand under the organisation's id."""
    await stored.save(ORG)
    await settle(database, "E1")
    await settle(database, "T1")
    assert await database.transact(lambda c: tenants.erase(c, "slack", "E1")) == 1
    assert (await left(database))["person"] == 1


def test_no_table_about_people_is_forgotten():
    """A table either names platform and tenant, or hangs on one that does, or holds nobody's data."""
    nobodys = {"slot", "letter_key", "slack_installation", "slack_spent", "slack_seen", "teams_conversation"}
    for table in metadata.sorted_tables:
        named = {"platform", "tenant"} <= set(table.c.keys())
        parents = {key.column.table.name for key in table.foreign_keys if key.ondelete == "CASCADE"}
        assert named or parents or table.name in nobodys, table.name
