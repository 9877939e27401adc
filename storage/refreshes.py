"""New Slack tokens for old: one process refreshes each, and a new vault key takes over row by row."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, select, update
from sqlalchemy.sql.elements import ColumnElement

from storage.installations import ACTIVE, BOT, REFRESH, Tokens, belongs, sealed_columns
from storage.tables import slack_installation as table
from storage.vault import Vault

_LEASE = timedelta(minutes=2)  # a refresh is over long before
_WAITS = (60, 120, 300, 600, 900)  # seconds until a refresh that failed is tried again; then the last
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Claim:
    """A token that is ours to refresh until the lease is over; void once anybody has changed it."""

    id: int
    version: int
    tenant: str
    attempt: int
    sealed: bytes = field(repr=False)
    belongs: str


def claim(connection: Connection, now: datetime, most: int) -> list[Claim]:
    """Tokens whose time for a new one has come: ours, and nobody else's, until the lease is over."""
    due = (
        select(table)
        .where(table.c.state == ACTIVE, table.c.refresh_token.is_not(None), table.c.refresh_at <= now)
        .order_by(table.c.refresh_at, table.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(due).all()
    ours = table.c.id.in_([row.id for row in rows])
    connection.execute(update(table).where(ours).values(refresh_at=now + _LEASE))
    return [
        Claim(
            row.id,
            row.version,
            row.tenant,
            row.attempt,
            row.refresh_token,
            belongs(row.enterprise_id, row.team_id),
        )
        for row in rows
    ]


def renew(connection: Connection, vault: Vault, ours: Claim, tokens: Tokens, at: datetime) -> bool:
    """Put the new tokens in place of the old; not where those were replaced or erased meanwhile."""
    values = sealed_columns(vault, ours.belongs, tokens, at)
    done = update(table).where(_still(ours)).values(**values, version=ours.version + 1)
    return connection.execute(done).rowcount == 1


def fail(connection: Connection, ours: Claim, at: datetime) -> None:
    """Keep the old token and try again later, each time a little later."""
    wait = timedelta(seconds=_WAITS[min(ours.attempt, len(_WAITS) - 1)])
    values = {"attempt": ours.attempt + 1, "refresh_at": at + wait}
    connection.execute(update(table).where(_still(ours)).values(**values))


def reseal(connection: Connection, vault: Vault, after: int) -> tuple[int, int]:
    """Encrypt the next batch of rows under the first key: the last row looked at (0: no more), how many."""
    batch = select(table).where(table.c.id > after).order_by(table.c.id).limit(_BATCH).with_for_update()
    rows = connection.execute(batch).all()
    done = 0
    for row in rows:
        where = belongs(row.enterprise_id, row.team_id)
        old = {BOT: row.bot_token, REFRESH: row.refresh_token}
        new = {
            f"{kind}_token": vault.seal(vault.open(sealed, f"{where}|{kind}"), f"{where}|{kind}")
            for kind, sealed in old.items()
            if sealed is not None and not vault.fresh(sealed)
        }
        if new:
            connection.execute(update(table).where(table.c.id == row.id).values(**new))
            done += 1
    return (rows[-1].id if rows else 0), done


def _still(ours: Claim) -> ColumnElement[bool]:
    return and_(table.c.id == ours.id, table.c.version == ours.version)
