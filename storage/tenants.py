"""Everything kept for one workspace, erased as one: when the coach was taken away, or comes back anew."""

from sqlalchemy import Connection, delete, or_, select

from storage import schedules
from storage.tables import metadata, person, subscription


def erase(connection: Connection, platform: str, tenant: str) -> int:
    """Erase every row of a tenant in every table that names one; how many people there were.

    What hangs on a person goes with them; a table that is added later with these two columns is covered.
    """
    theirs = select(person.c.id).where(person.c.platform == platform, person.c.tenant == tenant)
    here = (subscription.c.platform == platform) & (subscription.c.tenant == tenant)
    reminders = or_(subscription.c.person_id.in_(theirs), here)
    slots = set(connection.execute(select(subscription.c.slot_id).where(reminders)).scalars())
    people = len(connection.execute(theirs).all())
    for table in reversed(metadata.sorted_tables):
        if {"platform", "tenant"} <= set(table.c.keys()):
            connection.execute(delete(table).where(table.c.platform == platform, table.c.tenant == tenant))
    schedules.drop_unused_slots(connection, sorted(slots))
    return people
