"""The row of a person: found by platform, tenant and user, and made only when there is something to keep."""

from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from coaching.people import Person, Zone
from coaching.turn import Preferences
from storage.tables import person

Found: TypeAlias = Row[*tuple[Any, ...]]

_PERSON = select(person).where(
    person.c.platform == bindparam("by_platform"),
    person.c.tenant == bindparam("by_tenant"),
    person.c.user == bindparam("by_user"),
)
_HELD = _PERSON.with_for_update()
_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}  # both know "on conflict"


def insert_into(connection: Connection, table: Any) -> Any:  # noqa: ANN401 - two dialects, one manner
    """An insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`, for this database."""
    return _INSERTS[connection.dialect.name](table)


def find(connection: Connection, who: Person) -> Found | None:
    """Everything in the row of this person; None if nothing was ever kept."""
    key = {"by_platform": who.platform, "by_tenant": who.tenant, "by_user": who.user}
    return connection.execute(_PERSON, key).first()


def number(connection: Connection, who: Person) -> int:
    """The id of a person's row; 0, which no row has, if nothing was ever kept."""
    found = find(connection, who)
    return int(found.id) if found is not None else 0


def held(connection: Connection, who: Person) -> Found | None:
    """The row of this person, if there is one; nobody changes or erases it until this transaction ends."""
    key = {"by_platform": who.platform, "by_tenant": who.tenant, "by_user": who.user}
    return connection.execute(_HELD, key).first()


def preferences_of(row: Found) -> Preferences:
    """How the person of a row wants the coach to be."""
    return Preferences(
        Zone(row.zone) if row.zone else None,
        row.less_words,
        row.quiet_from,
        row.quiet_until,
        row.days_off,
        row.away_until,
        row.model or "",
        row.repeats,
        row.learns,
        row.away_from,
    )


def note(connection: Connection, who: Person, at: datetime, **values: object) -> int:
    """The id of a person's row, made if need be, with these values set.

    Not when they were seen: a tip that was sent to them is nothing heard from them.
    """
    key = {"platform": who.platform, "tenant": who.tenant, "user": who.user}
    statement = insert_into(connection, person).values(**key, seen_on=month(at), **values)
    unchanged = {"met": person.c.met}
    statement = statement.on_conflict_do_update(
        index_elements=[person.c[name] for name in key], set_=values or unchanged
    )
    return int(connection.execute(statement.returning(person.c.id)).scalar_one())


def month(at: datetime) -> date:
    """As exactly as it is noted when somebody was there: no day tells of a single visit."""
    return at.date().replace(day=1)
