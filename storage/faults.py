"""What can be wrong with the database, each with its remedy. Errors carry our own sentences only."""

import sqlite3
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from sqlalchemy.exc import DBAPIError, StatementError


class Fault(Enum):
    """The kind of trouble."""

    ADDRESS = (
        "The database address cannot be used. Write sqlite:///path/to/file.db or postgresql://user@host/name."
    )
    OPTION = (
        "The database address has an option that is not known here. Of what stands behind “?”, keep sslmode."
    )
    DRIVER = "PostgreSQL needs one more package. Install it with: pip install 'breather[postgres]'"
    MISSING = "The database file cannot be opened. Create its folder and let Breather write there."
    GONE = "The database file is not there any more. Put it back, or restore it from a backup."
    READ_ONLY = (
        "The database is read-only. Let Breather write to the file and its folder; of several servers,"
        " give it the one that is no copy."
    )
    LOCKED = "The database is locked by another program. Stop the other program, or wait and try again."
    SLOW = "The database does not answer. Another program may hold it, or it has too much to do: look there."
    NOT_A_DATABASE = (
        "The file is not a database, or it is damaged. Move it away, or restore it from a backup."
    )
    FULL = "The disk of the database is full. Make room; nothing that was stored is lost."
    DISK = "The disk of the database cannot be read or written. Check the disk, then start again."
    OLDER = "The database is older than this version of Breather. Run: breather migrate"
    INCOMPLETE = "Tables are missing from the database. Restore it from a backup, or start with a new one."
    NEWER = "The database is newer than this version of Breather. Install the newer version of Breather."
    UNREACHABLE = "The database server cannot be reached. Check that it runs, and the address and password."
    CLOSED = "The database is closed. Start Breather again."
    FORBIDDEN = (
        "The database user lacks a right for this. Give it the right, or name a user that has it; to make a"
        " database of a moment for a proof, that is CREATEDB."
    )
    REFUSED = "The database refused a step. Check its log; if it stays, report it with this sentence."


class StorageError(Exception):
    """The database cannot do its work now. `fault` tells why; the message tells the remedy, never a value."""

    def __init__(self, fault: Fault) -> None:
        """Say what is wrong and what to do."""
        super().__init__(fault.value)
        self.fault = fault


_SQLITE: Mapping[str, Fault] = MappingProxyType(
    {
        "SQLITE_CANTOPEN": Fault.MISSING,
        "SQLITE_READONLY": Fault.READ_ONLY,
        "SQLITE_PERM": Fault.READ_ONLY,
        "SQLITE_BUSY": Fault.LOCKED,
        "SQLITE_LOCKED": Fault.LOCKED,
        "SQLITE_NOTADB": Fault.NOT_A_DATABASE,
        "SQLITE_CORRUPT": Fault.NOT_A_DATABASE,
        "SQLITE_FULL": Fault.FULL,
        "SQLITE_IOERR_SHMSIZE": Fault.FULL,  # no room for the index of its log
        "SQLITE_IOERR": Fault.DISK,
    }
)
_POSTGRES: Mapping[str, Fault] = MappingProxyType(
    {
        "42P01": Fault.OLDER,  # no such table
        "42703": Fault.OLDER,  # no such column
        "42501": Fault.FORBIDDEN,
        "25006": Fault.READ_ONLY,
        "53100": Fault.FULL,
        "55P03": Fault.LOCKED,
        "55000": Fault.UNREACHABLE,  # it takes no connections
        "40P01": Fault.LOCKED,
        "40001": Fault.LOCKED,
        "08": Fault.UNREACHABLE,
        "28": Fault.UNREACHABLE,
        "3D": Fault.UNREACHABLE,
        "53": Fault.UNREACHABLE,
        "57": Fault.UNREACHABLE,
    }
)
_TRANSIENT = frozenset({"40001", "40P01"})


def fault_of(error: BaseException) -> Fault:
    """The kind of trouble behind an error of a driver, of SQLAlchemy or of the network."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    state = _sqlstate(cause)
    if state:
        return _POSTGRES.get(state) or _POSTGRES.get(state[:2], Fault.REFUSED)
    name = str(getattr(cause, "sqlite_errorname", ""))
    if name:
        parts = name.split("_")
        known = _SQLITE.get(name) or _SQLITE.get("_".join(parts[:2]))
        if known is None and "no such" in str(cause):
            return Fault.OLDER
        return known or Fault.REFUSED
    if isinstance(cause, OSError) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return Fault.UNREACHABLE
    return Fault.REFUSED


def of_database(error: BaseException) -> bool:
    """Whether an error comes from the database or the way to it, not from the work that was to be done."""
    if isinstance(error, StatementError | sqlite3.Error | OSError):
        return True
    return type(error).__module__.startswith("asyncpg.")


def passes(error: BaseException) -> bool:
    """Whether the same step will do when it is simply tried again: another transaction stood in the way."""
    return isinstance(error, DBAPIError) and _sqlstate(error.orig) in _TRANSIENT


def _sqlstate(error: BaseException | None) -> str:
    return str(getattr(error, "sqlstate", None) or "")
