"""What customers said, as a channel keeps it: for a year, the newest ones, and not who noted it."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, func, select, update
from sqlalchemy.sql.elements import ColumnElement

from coaching.kept import Fate, Remark
from coaching.people import Place
from coaching.sealed import Words
from coaching.turn import RemarkDropped, RemarkKept, RemarksFated
from storage.letter_key import letter_key_of
from storage.people import insert_into
from storage.tables import remark as table

KEPT = timedelta(days=365)
MOST = 2000  # of a channel: an older one goes for a new one


def of(connection: Connection, where: Place) -> tuple[Remark, ...]:
    """All of a channel, oldest first."""
    wanted = select(table).where(_in(where)).order_by(table.c.id)
    return tuple(
        Remark(
            row.key,
            Words(row.words),
            row.noted_on,
            row.customer.hex() if row.customer else "",
            Fate(row.fate) if row.fate else None,
            Words(row.because) if row.because else None,
            row.fate_on,
        )
        for row in connection.execute(wanted)
    )


def keep(connection: Connection, fact: RemarkKept, drawn: bytes, at: datetime) -> None:
    """One more, once; of a reference only what tells it from others of the same channel."""
    customer = None
    if fact.reference is not None:
        customer = _keyed(letter_key_of(connection, drawn), fact.to, fact.reference.reveal())
    values = {
        "key": fact.key,
        "words": fact.words.reveal(),
        "noted_on": at.date(),
        "customer": customer,
        **_place(fact.to),
    }
    connection.execute(insert_into(connection, table).values(**values).on_conflict_do_nothing())
    many = connection.execute(select(func.count()).where(_in(fact.to))).scalar_one()
    if many > MOST:
        oldest = select(table.c.id).where(_in(fact.to)).order_by(table.c.id).limit(many - MOST)
        connection.execute(delete(table).where(table.c.id.in_(oldest)))


def drop(connection: Connection, fact: RemarkDropped) -> None:
    """It was taken back."""
    connection.execute(delete(table).where(_in(fact.to), table.c.key == fact.key))


def settle(connection: Connection, fact: RemarksFated, at: datetime) -> None:
    """What became of these."""
    values = {
        "fate": fact.fate.value,
        "because": fact.because.reveal() if fact.because else None,
        "fate_on": at.date(),
    }
    for key in fact.keys:
        connection.execute(update(table).where(_in(fact.to), table.c.key == key).values(**values))


def tidy(connection: Connection, now: datetime) -> int:
    """Erase what is older than we keep; how many."""
    return connection.execute(delete(table).where(table.c.noted_on <= (now - KEPT).date())).rowcount


def _in(where: Place) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in _place(where).items()))


def _place(where: Place) -> dict[str, str]:
    return {"platform": where.platform, "tenant": where.tenant, "target": where.id}


def _keyed(key: bytes, to: Place, reference: str) -> bytes:
    """The same for the same customer in the same channel, and nowhere else."""
    plain = "".join(sign for sign in reference.casefold() if sign.isalnum())
    told = f"{to.platform}\0{to.tenant}\0{to.id}\0{plain}".encode("utf-8", "replace")
    return hashlib.blake2b(told, digest_size=16, key=key, person=b"customer").digest()
