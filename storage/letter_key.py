"""The key of the marks on letters: drawn once, the same for every process and after every start."""

from sqlalchemy import Connection, select

from storage.people import insert_into
from storage.tables import letter_key

_ONLY = 1  # there is one row


def letter_key_of(connection: Connection, drawn: bytes) -> bytes:
    """The key that is kept; `drawn` is, if there was none."""
    wanted = select(letter_key.c.key).where(letter_key.c.id == _ONLY)
    kept = connection.execute(wanted).scalar()
    if kept is None:
        statement = insert_into(connection, letter_key).values(id=_ONLY, key=drawn)
        connection.execute(statement.on_conflict_do_nothing())  # another process may have been quicker
        kept = connection.execute(wanted).scalar_one()
    return bytes(kept)
