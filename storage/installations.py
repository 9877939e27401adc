"""Where the coach is installed in Slack: one row a workspace or organisation, its tokens encrypted."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Select, and_, delete, false, func, select, update
from sqlalchemy.sql.elements import ColumnElement

from coaching.people import Person
from storage import tenants
from storage.people import Found, insert_into
from storage.tables import slack_installation as table
from storage.tables import slack_spent
from storage.vault import Vault

ACTIVE, REVOKED = "active", "revoked"
BOT, REFRESH = "bot", "refresh"  # the kinds of token a row holds
PLATFORM = "slack"

EARLY = timedelta(hours=1)  # a token is replaced this long before it ends
LATE = timedelta(seconds=5)  # what Slack's clock and ours may differ by


@dataclass(frozen=True, slots=True)
class Tokens:
    """What Slack handed out; the last two are there only where tokens expire."""

    bot: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Install:
    """An installation. In a whole organisation: no team."""

    enterprise_id: str
    team_id: str
    app_id: str
    bot_user: str
    scopes: str
    installed_by: str
    tokens: Tokens

    @property
    def tenant(self) -> str:
        """Whose data are whose."""
        return self.team_id or self.enterprise_id


@dataclass(frozen=True, slots=True)
class Counts:
    """How the installations are, as numbers."""

    active: int
    revoked: int
    failing: int  # the last refresh failed
    expired: int  # and the token is over


def save(connection: Connection, vault: Vault, install: Install, at: datetime) -> None:
    """Keep an installation, in place of the one before. After an uninstall it starts with nothing.

    Over a working one, who installed it stays: any member may press the button again, and is no
    administrator for it.
    """
    same_tenant = table.c.tenant == install.tenant
    before = connection.execute(select(table).where(same_tenant).with_for_update()).all()
    if any(row.state == REVOKED for row in before):
        tenants.erase(connection, PLATFORM, install.tenant)
    key = {"enterprise_id": install.enterprise_id, "team_id": install.team_id}
    same = and_(*(table.c[name] == value for name, value in key.items()))
    connection.execute(delete(table).where(same_tenant, ~same))  # it moved into an organisation, or out
    values = {
        "tenant": install.tenant,
        "app_id": install.app_id,
        "bot_user": install.bot_user,
        "scopes": install.scopes,
        "installed_by": next((r.installed_by for r in before if r.state == ACTIVE), install.installed_by),
        "installed_at": at,
        "state": ACTIVE,
        "revoked_at": max((r.revoked_at for r in before if r.revoked_at is not None), default=None),
        **sealed_columns(vault, belongs(install.enterprise_id, install.team_id), install.tokens, at),
    }
    statement = insert_into(connection, table).values(**key, **values)
    changed = {**values, "version": table.c.version + 1}
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changed))


def find(connection: Connection, tenant: str) -> Found | None:
    """The active row of a tenant, with its token sealed."""
    return connection.execute(select(table).where(table.c.tenant == tenant, table.c.state == ACTIVE)).first()


def active(connection: Connection) -> list[str]:
    """The tenants where the coach is installed."""
    wanted = select(table.c.tenant).where(table.c.state == ACTIVE).order_by(table.c.id)
    return list(connection.execute(wanted).scalars())


def is_installer(connection: Connection, platform: str, tenant: str, user: str) -> bool:
    """Whether this person installed the coach in this workspace."""
    if platform != PLATFORM:
        return False
    found = find(connection, tenant)
    return found is not None and found.installed_by == user


def mine(who: Person) -> Select[Any]:
    """What an installation holds about a person: that they did it, and when."""
    about = select(table.c.tenant, table.c.installed_by, table.c.installed_at)
    return cast("Select[Any]", about.where(table.c.tenant == who.tenant, _by(who)))


def forget(connection: Connection, who: Person) -> None:
    """Erase who installed it; the installation stays, and is nobody's."""
    connection.execute(update(table).where(table.c.tenant == who.tenant, _by(who)).values(installed_by=""))


def revoke(connection: Connection, tenant: str, happened: datetime, at: datetime) -> bool:
    """Erase the tokens of a tenant; whether there were any. The grace of their data begins.

    A message about it that comes after a re-install is about the installation before: its data go, if they
    did not go then, and the new tokens stay.
    """
    row = find(connection, tenant)
    if row is None:
        return False
    if happened < row.installed_at - LATE:
        if row.revoked_at is None or row.revoked_at < happened:
            tenants.erase(connection, PLATFORM, tenant)
        return False
    empty = {"bot_token": None, "refresh_token": None, "expires_at": None, "refresh_at": None, "attempt": 0}
    ended = {"state": REVOKED, "revoked_at": at, "version": table.c.version + 1}
    connection.execute(update(table).where(table.c.id == row.id).values(**empty, **ended))
    return True


def tidy(connection: Connection, now: datetime, grace: timedelta) -> int:
    """Erase everything of those who took the coach away and whose grace is over; how many tenants."""
    over = and_(table.c.state == REVOKED, table.c.revoked_at <= now - grace)
    gone = connection.execute(select(table).where(over).with_for_update(skip_locked=True)).all()
    for row in gone:
        tenants.erase(connection, PLATFORM, row.tenant)
        connection.execute(delete(table).where(table.c.id == row.id))
    connection.execute(delete(slack_spent).where(slack_spent.c.until < now))
    return len(gone)


def spend(connection: Connection, fingerprint: str, until: datetime) -> bool:
    """Whether this is the first time; remembered until then."""
    statement = insert_into(connection, slack_spent).values(fingerprint=fingerprint, until=until)
    return connection.execute(statement.on_conflict_do_nothing()).rowcount == 1


def counts(connection: Connection, now: datetime) -> Counts:
    """How the installations are."""

    def many(*which: object) -> int:
        return int(connection.execute(select(func.count()).select_from(table).where(*which)).scalar_one())  # pyrefly: ignore

    here = table.c.state == ACTIVE
    failing, expired = table.c.attempt > 0, table.c.expires_at < now
    return Counts(many(here), many(~here), many(here, failing), many(here, expired))


def _by(who: Person) -> ColumnElement[bool]:
    return table.c.installed_by == who.user if who.platform == PLATFORM else false()


def belongs(enterprise_id: str, team_id: str) -> str:
    """Where a row's ciphertexts belong, for the vault."""
    return f"{PLATFORM}|{enterprise_id}|{team_id}"


def sealed_columns(vault: Vault, where: str, tokens: Tokens, at: datetime) -> dict[str, object]:
    """The columns of the tokens, with the time for the next ones."""
    ends = tokens.expires_at
    return {
        "bot_token": vault.seal(tokens.bot, f"{where}|{BOT}"),
        "refresh_token": vault.seal(tokens.refresh, f"{where}|{REFRESH}") if tokens.refresh else None,
        "expires_at": ends,
        "refresh_at": ends - min(EARLY, (ends - at) / 2) if ends is not None and tokens.refresh else None,
        "attempt": 0,
    }
