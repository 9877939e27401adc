"""The tables that platforms need, and what an administrator sets: addresses, tokens, settings."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.columns import INSTANT
from storage.schema import ID, metadata

teams_conversation = Table(  # where Teams conversations live: addresses, never a text
    "teams_conversation",
    metadata,
    Column("id", ID, primary_key=True),
    Column("tenant_id", String(255), nullable=False),
    Column("conversation_id", String(512), nullable=False),
    Column("kind", String(8), nullable=False),  # personal, channel or group
    Column("service_url", String(512), nullable=False),
    Column("bot_id", String(255), nullable=False),
    Column("user_id", String(255)),  # this and the next in personal chats only: nobody is noted in a channel
    Column("aad_object_id", String(255)),
    Column("team_id", String(255)),
    Column("channel_id", String(255)),
    Column("locale", String(64)),
    Column("zone", String(64)),
    Column("state", String(16), nullable=False, server_default=text("'active'")),
    Column("fail_count", Integer, nullable=False, server_default=text("0")),
    Column("seen_on", Date, nullable=False),  # the month anything last came from there; uninstalled: the day
    UniqueConstraint("tenant_id", "conversation_id"),
    Index(None, "tenant_id", "user_id"),
    Index(None, "tenant_id", "aad_object_id"),
    sqlite_autoincrement=True,
)

slack_seen = Table(  # which of Slack's events were taken on, for an hour: hashes of ids, never a text
    "slack_seen",
    metadata,
    Column("key", LargeBinary(16), primary_key=True, autoincrement=False),
    Column("done", Boolean, nullable=False),  # answered; else somebody claimed it and is, or was, at work
    Column("at", INSTANT, nullable=False),  # when it was claimed
    sqlite_with_rowid=False,
)

slack_installation = Table(  # where the coach is installed; the tokens are ciphertext of storage/vault.py
    "slack_installation",
    metadata,
    Column("id", ID, primary_key=True),
    Column("enterprise_id", String(32), nullable=False),  # empty: a workspace that belongs to none
    Column("team_id", String(32), nullable=False),  # empty: installed in the whole organisation
    Column("tenant", String(32), nullable=False),  # whose data are whose: the team, or the organisation
    Column("app_id", String(32), nullable=False),
    Column("bot_user", String(32), nullable=False),
    Column("scopes", String(1024), nullable=False),
    Column("installed_by", String(32), nullable=False),
    Column("installed_at", INSTANT, nullable=False),
    Column("state", String(8), nullable=False),  # active or revoked
    Column("revoked_at", INSTANT),
    Column("bot_token", LargeBinary),
    Column("refresh_token", LargeBinary),
    Column("expires_at", INSTANT),  # null: the token does not expire
    Column("version", Integer, nullable=False, server_default=text("1")),  # of the tokens
    Column("refresh_at", INSTANT),  # when to get the next token, or to try again; also the lease
    Column("attempt", Integer, nullable=False, server_default=text("0")),  # refreshes that failed in a row
    UniqueConstraint("enterprise_id", "team_id"),
    Index(None, "tenant"),
    Index(None, "refresh_at"),
    sqlite_autoincrement=True,
)

slack_spent = Table(  # installs that came back once; a fingerprint and nothing else
    "slack_spent",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("until", INSTANT, nullable=False),
)

setup = Table(  # what an administrator has set for a workspace: settings, never people
    "setup",
    metadata,
    Column("platform", String(32), primary_key=True),
    Column("tenant", String(255), primary_key=True),
    Column("contacts", JSON, nullable=False),  # whom to turn to, as the administrator words them
    Column("country", String(2), nullable=False),
    Column("lines", JSON, nullable=False),  # lines to call: country, name, number, hours, source, verified_on
    Column("team_tips", String(16), nullable=False),
    Column("model", Boolean, nullable=False),
    Column("playbook", String(32)),
)
