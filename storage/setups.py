"""What the administrators of a workspace have set: one row each, read with every message."""

from dataclasses import asdict

from sqlalchemy import Connection, bindparam, delete, select

from coaching.people import Person
from coaching.playbook.care import Helpline
from coaching.turn import Setup, TeamTips
from storage.people import insert_into
from storage.tables import setup as table

_OF = select(table).where(table.c.platform == bindparam("platform"), table.c.tenant == bindparam("tenant"))


def find(connection: Connection, who: Person) -> Setup:
    """What is set for the person's workspace; all of it open where nothing is."""
    row = connection.execute(_OF, {"platform": who.platform, "tenant": who.tenant}).first()
    if row is None:
        return Setup()
    return Setup(
        contacts=tuple(row.contacts),
        country=row.country,
        lines=tuple(Helpline(**line) for line in row.lines),
        team_tips=TeamTips(row.team_tips),
        model=row.model,
        playbook=row.playbook,
    )


def keep(connection: Connection, who: Person, setup: Setup) -> None:
    """Set it for the person's workspace."""
    values = {
        "contacts": list(setup.contacts),
        "country": setup.country,
        "lines": [asdict(line) for line in setup.lines],
        "team_tips": setup.team_tips.value,
        "model": setup.model,
        "playbook": setup.playbook,
    }
    statement = insert_into(connection, table).values(platform=who.platform, tenant=who.tenant, **values)
    key = [table.c.platform, table.c.tenant]
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=values))


def forget(connection: Connection, platform: str, tenant: str) -> None:
    """A workspace is gone, and its settings with it."""
    connection.execute(delete(table).where(table.c.platform == platform, table.c.tenant == tenant))
