"""Whether a database has a queue beside the ledger: on PostgreSQL PgQueuer's, where that is installed."""

from importlib.util import find_spec

from sqlalchemy import Connection

QUEUE = "breather_pgqueuer"  # the table that is there when the queue is


def installed() -> bool:
    """Whether PgQueuer is there: it comes with the extra [postgres]."""
    return find_spec("pgqueuer") is not None


def queued(connection: Connection) -> bool:
    """Whether this database is to have a queue."""
    return connection.dialect.name == "postgresql" and installed()
