"""One-time codes: with one, a person may have their data shown on the machine itself, once and soon."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, insert, select
from sqlalchemy.sql.elements import ColumnElement

from coaching.people import Person
from storage.letter_key import letter_key_of
from storage.tables import code as table
from storage.tables import letter_key

LASTS = timedelta(minutes=15)
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another
LENGTH = 12  # sixty bits, in groups of four
DRAWN = LENGTH + 32  # bytes of chance: for the code, and for the key where there is none yet

_GROUP = 4


def give(connection: Connection, who: Person, drawn: bytes, at: datetime) -> str:
    """A new code for this person, in place of any other; only its keyed hash is kept."""
    forget(connection, who)
    made = "".join(SIGNS[byte % len(SIGNS)] for byte in drawn[:LENGTH])
    key = {"platform": who.platform, "tenant": who.tenant, "user": who.user}
    hashed = _keyed(letter_key_of(connection, drawn[LENGTH:]), made)
    connection.execute(insert(table).values(key=hashed, until=at + LASTS, **key))
    return "-".join(made[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def spend(connection: Connection, told: str, at: datetime) -> Person | None:
    """Whose code this is; it is good no more. None: nobody's, or too late."""
    made = "".join(sign for sign in told.upper() if sign in SIGNS)
    kept = connection.execute(select(letter_key.c.key)).scalar()
    if kept is None:
        return None  # no code was ever given
    row = connection.execute(select(table).where(table.c.key == _keyed(bytes(kept), made))).first()
    if row is None:
        return None
    connection.execute(delete(table).where(table.c.key == row.key))
    return Person(row.platform, row.tenant, row.user) if row.until > at else None


def mine(who: Person) -> Select[Any]:
    """The rows about a person."""
    return select(table).where(_of(who))


def forget(connection: Connection, who: Person) -> None:
    """Erase them."""
    connection.execute(delete(table).where(_of(who)))


def tidy(connection: Connection, now: datetime) -> int:
    """Erase those that are over; how many."""
    return connection.execute(delete(table).where(table.c.until <= now)).rowcount


def _keyed(key: bytes, made: str) -> bytes:
    return hashlib.blake2b(made.encode(), digest_size=32, key=key, person=b"code").digest()


def _of(who: Person) -> ColumnElement[bool]:
    return and_(table.c.platform == who.platform, table.c.tenant == who.tenant, table.c.user == who.user)
