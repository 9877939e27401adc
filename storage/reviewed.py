"""Fingerprints of replies a person had reviewed: where they asked for it, for 30 days, for them alone."""

import hashlib
import secrets
from datetime import datetime, timedelta
from struct import pack, unpack

from sqlalchemy import Connection, delete, insert, select

from coaching.kept import Earlier, Reviewed
from coaching.people import Person
from storage import people
from storage.letter_key import letter_key_of
from storage.tables import reviewed as table

LASTS = timedelta(days=30)
MOST = 200  # replies of one person: the newest


def earlier(connection: Connection, who: Person, now: datetime) -> Earlier:
    """Their replies of the last 30 days, and the key that only theirs are made with."""
    drawn = letter_key_of(connection, secrets.token_bytes(32))
    told = f"{who.platform}\0{who.tenant}\0{who.user}".encode()
    key = hashlib.blake2b(told, digest_size=32, key=drawn, person=b"reviewed").digest()
    theirs = table.c.person_id == people.number(connection, who)
    newest = select(table).where(theirs, table.c.at > now - LASTS).order_by(table.c.id.desc()).limit(MOST)
    return Earlier(key, tuple((_read(row.prints, row.about), row.at) for row in connection.execute(newest)))


def keep(connection: Connection, owner: int, fact: Reviewed, at: datetime) -> None:
    """One more; the oldest go."""
    prints = pack(f"<{len(fact.prints)}q", *fact.prints)
    connection.execute(insert(table).values(person_id=owner, at=at, about=fact.about, prints=prints))
    theirs = table.c.person_id == owner
    last = (
        select(table.c.id).where(theirs).order_by(table.c.id.desc()).offset(MOST).limit(1).scalar_subquery()
    )
    connection.execute(delete(table).where(theirs, table.c.id <= last))


def forget(connection: Connection, owner: int) -> None:
    """They do not want to be told any more."""
    connection.execute(delete(table).where(table.c.person_id == owner))


def tidy(connection: Connection, now: datetime) -> int:
    """Erase those that are over; how many."""
    return connection.execute(delete(table).where(table.c.at <= now - LASTS)).rowcount


def _read(prints: bytes, about: int) -> Reviewed:
    return Reviewed(unpack(f"<{len(prints) // 8}q", prints), about)
