"""Which questions a channel was asked of late, so that none returns too soon. About nobody."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from coaching.learned import Aired, ChannelTold
from coaching.people import Person
from coaching.themes import AGAIN
from storage import learned
from storage.people import insert_into
from storage.tables import channel_said as table

_HERE = (
    select(table)
    .where(
        table.c.platform == bindparam("platform"),
        table.c.tenant == bindparam("tenant"),
        table.c.target.in_(bindparam("channels", expanding=True)),
    )
    .order_by(table.c.said_on, table.c.id)
)


def aired(connection: Connection, who: Person, channels: Collection[str]) -> tuple[Aired, ...]:
    """What these channels of somebody's workspace were asked, oldest first."""
    if not channels:
        return ()
    given = {"platform": who.platform, "tenant": who.tenant, "channels": sorted(channels)}
    found = connection.execute(_HERE, given)
    return tuple(Aired(row.target, row.said, row.said_on, row.reminder) for row in found)


def keep(connection: Connection, fact: ChannelTold) -> None:
    """A channel is asked this."""
    key = {"platform": fact.to.platform, "tenant": fact.to.tenant, "target": fact.to.id, "said": fact.tip}
    values = {"said_on": fact.on, "reminder": fact.reminder}
    statement = insert_into(connection, table).values(**key, **values)
    same = [table.c[name] for name in key]
    connection.execute(statement.on_conflict_do_update(index_elements=same, set_=values))


def tidy(connection: Connection, now: datetime) -> int:
    """Erase what may be asked again; how many."""
    return connection.execute(delete(table).where(table.c.said_on < now.date() - AGAIN)).rowcount


def fade(connection: Connection, now: datetime) -> int:
    """Erase what is kept of rules and of what channels were asked, where its time is over; how many rows."""
    return learned.tidy(connection, now) + tidy(connection, now)
