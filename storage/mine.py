"""Every stored value about one person: what is shown to them as "my data", and to nobody else."""

from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from coaching.kept import Row
from coaching.people import Person
from storage import codes, conversations, installations, people, promises
from storage.keys import Keys
from storage.plain import plain
from storage.tables import (
    delivery,
    person,
    person_key,
    promise,
    reviewed,
    rule_learned,
    rule_week,
    slot,
    subscription,
    tip_shown,
)

# How each table belongs to a person's row. A test holds this to all tables.
MINE: dict[str, Select[Any]] = {
    "person": select(person).where(person.c.id == bindparam("owner")),
    "person_key": select(person_key.c.person_id).where(person_key.c.person_id == bindparam("owner")),
    "tip_shown": select(tip_shown).where(tip_shown.c.person_id == bindparam("owner")),
    "rule_learned": select(rule_learned).where(rule_learned.c.person_id == bindparam("owner")),
    "rule_week": select(rule_week).where(rule_week.c.person_id == bindparam("owner")),
    "reviewed": select(reviewed).where(reviewed.c.person_id == bindparam("owner")),
    "subscription": select(subscription).where(subscription.c.person_id == bindparam("owner")),
    "slot": select(slot).where(
        slot.c.id.in_(select(subscription.c.slot_id).where(subscription.c.person_id == bindparam("owner")))
    ),
    "promise": select(promise).where(promise.c.person_id == bindparam("owner")),
    "delivery": select(delivery).where(
        delivery.c.subscription_id.in_(
            select(subscription.c.id).where(subscription.c.person_id == bindparam("owner"))
        )
    ),
}


def rows(connection: Connection, who: Person, keys: Keys) -> tuple[Row, ...]:
    """Every stored value about a person, table by table; what is sealed is opened."""
    owner = people.number(connection, who)
    elsewhere = {
        "teams_conversation": conversations.mine(who),
        "slack_installation": installations.mine(who),
        "code": codes.mine(who),
    }
    told: list[Row] = []
    for name, mine in {**MINE, **elsewhere}.items():
        for found in connection.execute(mine, {"owner": owner}).mappings():
            row = dict(found)
            if name == "promise":
                row["words"] = promises.opened(connection, keys, owner, row["at_id"], row["words"])
            told += [
                Row(f"{name}.{column}", plain(str(column), value))
                for column, value in row.items()
                if value is not None
            ]
    return tuple(told)
