"""Migrations: from nothing to exactly our tables, in silence, and never at the cost of a row."""

import logging
from datetime import UTC, date, datetime, time
from importlib.resources import files

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import JSON, func, insert, inspect, select, text

from coaching.people import WORKDAYS, Person, Weeks
from coaching.turn import Setup
from storage import migrate as migrations
from storage import setups
from storage.db import Fault, StorageError, check, open_database
from storage.migrate import migrate, pending
from storage.queued import QUEUE
from storage.tables import (
    REVISION,
    channel_said,
    delivery,
    letter_key,
    metadata,
    person,
    person_key,
    promise,
    remark,
    reviewed,
    rule_learned,
    rule_week,
    slack_installation,
    slack_seen,
    slack_spent,
    slot,
    subscription,
    teams_conversation,
    tip_shown,
)
from storage.tables import code as one_time

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)

STEPS = sorted(f.name[:4] for f in (files("storage.migrations") / "versions").iterdir() if f.name[0] != "_")


async def on(url, work):
    opened = open_database(url)
    try:
        return await opened.transact(work)
    finally:
        await opened.close()


async def test_from_nothing_to_exactly_our_tables(empty_url):
    """What the steps make is what the code believes in."""
    assert pending(empty_url) == migrate(empty_url)
    ours = {"include_name": lambda name, kind, _: not (kind == "table" and name.startswith(QUEUE))}
    differ = await on(
        empty_url, lambda c: compare_metadata(MigrationContext.configure(c, opts=ours), metadata)
    )
    assert differ == []
    await on(empty_url, check)


async def test_all_the_way_back(empty_url):
    """The first step can be undone wholly."""
    migrate(empty_url)

    def back(connection):
        config = migrations._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        return inspect(connection).get_table_names()

    left = migrations._run(empty_url, back)
    assert [name for name in left if not name.startswith(QUEUE)] == ["alembic_version"]
    assert pending(empty_url) == tuple(STEPS)


async def test_again_is_nothing(empty_url):
    """A second run finds nothing to do and says so."""
    taken = migrate(empty_url)
    assert [step for step in taken if step != "queue"][-1] == REVISION
    assert ("queue" in taken) is empty_url.startswith("postgresql")
    assert pending(empty_url) == migrate(empty_url) == ()


def test_the_code_names_its_newest_step():
    """REVISION is the newest file, and the steps are numbered in order."""
    assert STEPS[-1] == REVISION
    assert len(set(STEPS)) == len(STEPS)
    assert all(step.isdigit() for step in STEPS)


async def test_newer_than_the_code(empty_url):
    """An older Breather leaves a newer database alone."""
    migrate(empty_url)
    await on(empty_url, lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    for call in (migrate, pending):
        with pytest.raises(StorageError) as caught:
            call(empty_url)
        assert caught.value.fault is Fault.NEWER


async def test_silence(empty_url, capfd, caplog):
    """Nothing is printed, and nothing is logged that would reach a screen by default."""
    migrate(empty_url)
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "")
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


def plant(connection):
    """One row in every table, each hanging on the one before."""
    connection.execute(
        insert(person).values(id=1, platform="web", tenant="local", user="U1", seen_on=AT.date())
    )
    connection.execute(insert(person_key).values(person_id=1, key=b"sealed"))
    connection.execute(insert(tip_shown).values(person_id=1, tip="A1.1", at=AT))
    connection.execute(insert(rule_learned).values(person_id=1, rule="A1"))
    connection.execute(insert(rule_week).values(person_id=1, rule="A1", monday=AT.date()))
    there = {"platform": "web", "tenant": "local", "target": "C1"}
    connection.execute(insert(channel_said).values(**there, said="A1.1", said_on=AT.date()))
    connection.execute(insert(reviewed).values(person_id=1, at=AT, about=1, prints=b"0" * 80))
    connection.execute(insert(slot).values(id=1, zone="UTC", local_time=time(9), weekdays=WORKDAYS))
    connection.execute(
        insert(subscription).values(
            id=1,
            person_id=1,
            slot_id=1,
            audience="me",
            platform="web",
            tenant="local",
            target="D1",
            room="direct",
            active=True,
            since=AT,
        )
    )
    connection.execute(
        insert(delivery).values(subscription_id=1, local_date=date(2026, 3, 2), state=2, due_at=AT, run_at=AT)
    )
    chat = {"tenant_id": "T1", "conversation_id": "a:1", "kind": "personal", "service_url": "https://there/"}
    connection.execute(insert(teams_conversation).values(**chat, bot_id="28:bot", seen_on=AT.date()))
    where = {"enterprise_id": "", "team_id": "T1", "tenant": "T1", "app_id": "A1", "bot_user": "UBOT"}
    how = {"scopes": "commands", "installed_by": "U1", "installed_at": AT, "state": "active"}
    connection.execute(insert(slack_installation).values(**where, **how, bot_token=b"sealed"))
    connection.execute(insert(promise).values(person_id=1, at_id=1, words=b"sealed", due_on=AT.date()))
    said = {"key": "k", "words": "too dear", "noted_on": AT.date()}
    connection.execute(insert(remark).values(platform="web", tenant="local", target="C1", **said))
    connection.execute(insert(letter_key).values(id=1, key=b"0" * 32))
    connection.execute(insert(slack_seen).values(key=b"0" * 16, done=True, at=AT))
    connection.execute(insert(slack_spent).values(fingerprint="f", until=AT))
    setups.keep(connection, Person("web", "local", "U1"), Setup())
    connection.execute(
        insert(one_time).values(key=b"0" * 32, platform="web", tenant="local", user="U1", until=AT)
    )


def counts(connection):
    return [connection.execute(select(func.count()).select_from(t)).scalar() for t in metadata.sorted_tables]


async def test_a_parent_that_is_copied_keeps_its_children(sqlite_url):
    """SQLite changes a table by copying it; what hangs on it stays."""
    await on(sqlite_url, plant)

    def alter(connection):
        operations = Operations(MigrationContext.configure(connection, opts={"render_as_batch": True}))
        with operations.batch_alter_table("person", recreate="always") as batch:
            batch.alter_column("zone", new_column_name="place")

    migrations._run(sqlite_url, alter)
    assert await on(sqlite_url, counts) == [1] * len(metadata.tables)


async def test_a_step_that_would_orphan_a_row_is_undone(sqlite_url):
    """What does not hold together after the steps is not kept."""
    await on(sqlite_url, plant)

    def break_it(connection):
        connection.execute(text("DELETE FROM person"))
        return migrations._upgrade(connection)

    with pytest.raises(StorageError):
        migrations._run(sqlite_url, break_it)
    assert await on(sqlite_url, counts) == [1] * len(metadata.tables)


def test_trouble_is_told_as_everywhere(tmp_path):
    """A missing folder, and no server."""
    for url, expected in (
        (f"sqlite:///{tmp_path}/no/x.db", Fault.MISSING),
        (f"postgresql://postgres@/x?host={tmp_path}", Fault.UNREACHABLE),
    ):
        with pytest.raises(StorageError) as caught:
            migrate(url)
        assert caught.value.fault is expected
        assert caught.value.__context__ is None


def test_a_mistake_of_ours_stays_one(sqlite_url):
    """An error that is not the database's passes as it is."""

    def broken(_connection):
        raise LookupError("ours")

    with pytest.raises(LookupError, match="ours"):
        migrations._run(sqlite_url, broken)


# what a customer said, and why something stays as it is, redacted and shown before
REMARK = ("platform", "tenant", "target", "key", "words", "fate", "because")
SLACK = ("enterprise_id", "team_id", "tenant", "app_id", "bot_user", "scopes", "installed_by", "state")


def test_no_column_for_free_text():
    """Every text column is an id, a zone or a word of ours; or what an administrator typed to be kept."""
    columns = [(f"{t.name}.{c.name}", c.type) for t in metadata.tables.values() for c in t.c]
    texts = {name for name, kind in columns if isinstance(kind, JSON) or kind.python_type is str}
    assert texts == {
        *(f"slack_installation.{name}" for name in SLACK),
        "slack_spent.fingerprint",
        *(f"code.{name}" for name in ("platform", "tenant", "user")),
        *(f"remark.{name}" for name in REMARK),
        "setup.platform",
        "setup.tenant",
        "setup.contacts",
        "setup.country",
        "setup.lines",
        "setup.team_tips",
        "setup.playbook",
        "person.platform",
        "person.tenant",
        "person.user",
        "person.zone",
        "person.model",  # a host of the operator's settings
        "tip_shown.tip",
        *(f"{name}.rule" for name in ("rule_learned", "rule_week")),
        *(f"rule_learned.{name}" for name in ("standing", "last")),
        *(f"channel_said.{name}" for name in ("platform", "tenant", "target", "said")),  # ids of texts
        "subscription.theme",  # a rule
        "slot.zone",
        "subscription.audience",
        "subscription.platform",
        "subscription.tenant",
        "subscription.target",
        "subscription.room",
        "teams_conversation.tenant_id",
        "teams_conversation.conversation_id",
        "teams_conversation.kind",
        "teams_conversation.service_url",
        "teams_conversation.bot_id",
        "teams_conversation.user_id",
        "teams_conversation.aad_object_id",
        "teams_conversation.team_id",
        "teams_conversation.channel_id",
        "teams_conversation.locale",
        "teams_conversation.zone",
        "teams_conversation.state",
    }


def test_what_is_on_its_way_when_marks_change_is_unknown(empty_url):
    """A mark of an older start cannot be found again: nobody must take that for "not sent"."""

    def again(connection):
        plant(connection)
        connection.execute(text("UPDATE delivery SET state = 1, lease_until = 9"))
        config = migrations._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0005")
        command.upgrade(config, "head")
        return connection.execute(text("SELECT state, token, lease_until FROM delivery")).one()

    migrate(empty_url)
    assert tuple(migrations._run(empty_url, again)) == (3, 1, None)


def test_what_only_a_newer_version_can_set_is_gone_on_the_way_back(empty_url):
    """A reminder on the first Monday is not made one of every Monday; the others stay."""

    def back(connection):
        plant(connection)
        connection.execute(
            insert(slot).values(
                id=2, zone="UTC", local_time=time(9), weekdays=WORKDAYS, narrowed=Weeks(frozenset({1}))
            )
        )
        theirs = "audience, platform, tenant, target, room, active, since"
        copied = f"SELECT 2, person_id, 2, {theirs} FROM subscription"
        connection.execute(text(f"INSERT INTO subscription (id, person_id, slot_id, {theirs}) {copied}"))
        config = migrations._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0007")
        kept = connection.execute(text("SELECT slot_id FROM subscription")).scalars().all()
        command.upgrade(config, "head")
        return kept, connection.execute(select(slot.c.id, slot.c.narrowed)).all()

    migrate(empty_url)
    assert migrations._run(empty_url, back) == ([1], [(1, None)])
