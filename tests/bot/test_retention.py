"""Every table of docs/privacy.md has a limit, and the clock keeps it: what is over goes, the rest stays."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import insert, select

from bot import assembly
from bot.settings import read_settings
from coaching.people import Day
from storage import tables
from storage.db import open_database
from storage.tables import State, metadata
from tests.players.workspaces import environment

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ANN = {"id": 1, "platform": "slack", "tenant": "T1", "user": "U1", "seen_on": date(2026, 11, 1)}
SLOT = {"id": 1, "zone": "Europe/Berlin", "local_time": time(9), "weekdays": frozenset({Day.MON})}
REMINDER = {"id": 1, "person_id": 1, "slot_id": 1, "audience": "me", "platform": "slack", "tenant": "T1"}
REMINDER |= {"target": "U1", "room": "direct", "active": False, "since": NOW - 400 * DAY}
LEFT = {"gone_on": (NOW - 31 * DAY).date()}
INSTALLED = {
    "enterprise_id": "",
    "team_id": "T9",
    "tenant": "T9",
    "app_id": "A",
    "bot_user": "B",
    "scopes": "",
}
INSTALLED |= {"installed_by": "U9", "installed_at": NOW, "state": "revoked"}
CHAT = {
    "tenant_id": "T1",
    "conversation_id": "a",
    "kind": "personal",
    "service_url": "https://s",
    "bot_id": "b",
}
PROMISE = {"person_id": 1, "at_id": 1, "words": b"sealed"}
LEARNED = {"person_id": 1, "rule": "A1", "last": "met"}
SAID = {"platform": "slack", "tenant": "T1", "target": "C1", "said": "A1.1"}
REMARK = {"platform": "slack", "tenant": "T1", "target": "C1", "key": "k", "words": "The menu is too small."}


def person(**more):
    return ("person", ANN | more)


def reminder(**more):
    return (("slot", SLOT), ("subscription", REMINDER | more))


def delivered(ago):
    row = {"subscription_id": 1, "local_date": (NOW - ago).date(), "state": State.SENT}
    return ("delivery", row | {"due_at": NOW - ago, "run_at": NOW - ago})


# For each table what is over, and beside it the same when it is not; nothing else stands in the database.
OVER = {
    "person": ([person(**LEFT)], [person(gone_on=(NOW - 29 * DAY).date())]),
    "tip_shown": (
        [person(**LEFT), ("tip_shown", {"person_id": 1, "tip": "A1.1", "at": NOW})],
        [person(), ("tip_shown", {"person_id": 1, "tip": "A1.1", "at": NOW - 400 * DAY})],
    ),
    "reviewed": (
        [person(), ("reviewed", {"person_id": 1, "at": NOW - 31 * DAY, "about": 1, "prints": b""})],
        [person(), ("reviewed", {"person_id": 1, "at": NOW - 29 * DAY, "about": 1, "prints": b""})],
    ),
    "subscription": ([person(**LEFT), *reminder()], [person(), *reminder()]),
    "slot": ([person(**LEFT), *reminder()], [person(), *reminder()]),
    "delivery": (
        [person(), *reminder(), delivered(91 * DAY)],
        [person(), *reminder(), delivered(89 * DAY)],
    ),
    "teams_conversation": (
        [("teams_conversation", CHAT | {"state": "uninstalled", "seen_on": (NOW - 32 * DAY).date()})],
        [("teams_conversation", CHAT | {"state": "uninstalled", "seen_on": (NOW - 29 * DAY).date()})],
    ),
    "slack_installation": (
        [("slack_installation", INSTALLED | {"revoked_at": NOW - 4 * DAY})],
        [("slack_installation", INSTALLED | {"revoked_at": NOW - 2 * DAY})],
    ),
    "person_key": (
        [person(**LEFT), ("person_key", {"person_id": 1, "key": b"k" * 33})],
        [person(), ("person_key", {"person_id": 1, "key": b"k" * 33})],
    ),
    "promise": tuple(
        [person(), *reminder(), ("promise", PROMISE | {"due_on": (NOW - ago).date()})]
        for ago in (31 * DAY, 29 * DAY)
    ),
    "rule_learned": tuple(
        [person(), ("rule_learned", LEARNED | {"found_on": (NOW - ago).date()})]
        for ago in (367 * DAY, 365 * DAY)
    ),
    "rule_week": tuple(
        [person(), ("rule_week", {"person_id": 1, "rule": "A1", "monday": date(2026, 11, 9) - ago})]
        for ago in (13 * 7 * DAY, 12 * 7 * DAY)
    ),
    "channel_said": tuple(
        [("channel_said", SAID | {"said_on": (NOW - ago).date()})] for ago in (91 * DAY, 89 * DAY)
    ),
    "remark": tuple(
        [("remark", REMARK | {"noted_on": (NOW - ago).date()})] for ago in (366 * DAY, 364 * DAY)
    ),
    "code": tuple(
        [("code", {"key": b"k" * 32, "platform": "slack", "tenant": "T1", "user": "U1", "until": NOW + left})]
        for left in (-timedelta(seconds=1), timedelta(minutes=1))
    ),
    "slack_seen": tuple(
        [("slack_seen", {"key": b"k" * 16, "done": True, "at": NOW - ago})]
        for ago in (timedelta(minutes=61), timedelta(minutes=59))
    ),
    "slack_spent": tuple(
        [("slack_spent", {"fingerprint": "f", "until": NOW + left})]
        for left in (-timedelta(seconds=1), timedelta(minutes=1))
    ),
}
KEPT = {  # until somebody changes or deletes them: why
    "setup": "settings of a workspace, erased with it",
    "letter_key": "a key, about nobody",
    "alembic_version": "the version of the tables",
}


@pytest.fixture
async def running(sqlite_url, monkeypatch, playbook):
    """Slack in many workspaces and Teams, as the program puts them together; its clock stands still."""
    monkeypatch.setattr(assembly, "now", lambda: NOW)
    monkeypatch.setattr(assembly, "read", lambda: playbook)
    settings = read_settings(environment(sqlite_url))
    database = open_database(sqlite_url)
    house = assembly.build_house(settings, database)
    house.add(assembly.slack(house, settings, socket_mode=False))
    yield house
    await database.close()


async def left_of(house, name, rows):
    """How many rows of a table are left when everything the clock wakes has run once."""

    def put(connection):
        for table, row in rows:
            connection.execute(insert(metadata.tables[table]).values(**row))

    await house.database.transact(put)
    for tick in house.clock.ticks:
        if tick.name not in ("deliver", "reap"):  # they send, and keep nothing
            await tick.run()
    table = metadata.tables[name]
    return await house.database.transact(lambda c: len(c.execute(select(table)).all()))


@pytest.mark.parametrize("name", OVER)
async def test_what_is_over_goes(name, running):
    """A row past its limit is gone when the clock has been by."""
    over, _ = OVER[name]
    assert await left_of(running, name, over) == 0


@pytest.mark.parametrize("name", OVER)
async def test_what_is_not_over_stays(name, running):
    """So it was the limit, and not the broom, that took it."""
    _, good = OVER[name]
    assert await left_of(running, name, good) == 1


def test_every_table_has_its_limit():
    """A new table says here how long its rows are kept, and shows that they go."""
    for name in set(tables.metadata.tables) - OVER.keys() - KEPT.keys():
        pytest.fail(
            f"How long are rows of {name} kept? Say so in docs/privacy.md, erase them by the clock, and put a"
            " row that is over, and one that is not, into OVER of this file; or into KEPT, with the reason."
        )
    assert OVER.keys() | KEPT.keys() <= set(tables.metadata.tables) | {"alembic_version"}
