"""The tables, for SQLite and PostgreSQL alike. What was said: `remark`, `promise`, after a yes."""

from enum import IntEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.columns import DAYS, INSTANT, ONLY, TIME
from storage.platform_tables import setup, slack_installation, slack_seen, slack_spent, teams_conversation
from storage.schema import ID, metadata
from storage.tables_rules import channel_said, rule_learned, rule_week

__all__ = (
    "channel_said",
    "metadata",
    "rule_learned",
    "rule_week",
    "setup",
    "slack_installation",
    "slack_seen",
    "slack_spent",
    "teams_conversation",
)

REVISION = "0015"  # the newest migration; a test holds it to storage/migrations


class State(IntEnum):
    """What became of a delivery."""

    PENDING = 0
    SENDING = 1  # claimed: it may be on its way
    SENT = 2
    UNKNOWN = 3  # it may have arrived; never sent again blindly
    SKIPPED = 4  # too late, or the person rested, paused or opted out
    FAILED = 5  # refused for good: nobody there, or not invited


person = Table(
    "person",
    metadata,
    Column("id", ID, primary_key=True),
    Column("platform", String(32), nullable=False),
    Column("tenant", String(255), nullable=False),
    Column("user", String(255), nullable=False),
    Column("met", Boolean, nullable=False, server_default=text("false")),
    Column("zone", String(64)),
    Column("less_words", Boolean, nullable=False, server_default=text("false")),
    Column("quiet_from", TIME),
    Column("quiet_until", TIME),
    Column("days_off", DAYS, nullable=False, server_default=text("0")),
    Column("away_until", Date),
    Column("away_from", Date),  # since when; nothing: since it was said
    Column("model", String(255)),  # the host of the model that may see their drafts
    Column("repeats", Boolean, nullable=False, server_default=text("false")),  # tell them of repeats
    Column("learns", Boolean, nullable=False, server_default=text("false")),  # verdicts may be noted
    Column("seen_on", Date, nullable=False),  # the month they were last heard from: its first day
    Column("gone_on", Date),  # since when they cannot be reached
    Column("asked_on", Date),  # after a year of silence: when they were asked whether to stay
    UniqueConstraint("platform", "tenant", "user"),
    Index(None, "seen_on"),
    sqlite_autoincrement=True,  # an id is never used again, so an old button cannot reach a new row
)

tip_shown = Table(
    "tip_shown",
    metadata,
    Column("id", ID, primary_key=True),  # ascending: oldest first
    Column("person_id", ID, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("tip", String(64), nullable=False),
    Column("at", INSTANT, nullable=False),
    UniqueConstraint("person_id", "tip"),
    sqlite_autoincrement=True,
)

reviewed = Table(  # where a person asked for it: fingerprints of their replies, made with a key, no words
    "reviewed",
    metadata,
    Column("id", ID, primary_key=True),  # ascending: oldest first
    Column("person_id", ID, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("about", BigInteger, nullable=False),  # fingerprint of the customer's message; 0: there was none
    Column("prints", LargeBinary, nullable=False),  # 64 at most, of eight bytes each
    Index(None, "person_id"),
    Index(None, "at"),
    sqlite_autoincrement=True,
)

slot = Table(  # shared by everyone who wants a reminder at this time; a few hundred rows
    "slot",
    metadata,
    Column("id", ID, primary_key=True),
    Column("zone", String(64), nullable=False),
    Column("local_time", TIME, nullable=False),
    Column("weekdays", DAYS, nullable=False),
    Column("narrowed", ONLY, nullable=False, server_default=text("0")),  # the 1st Monday, the 15th, one date
    Column("next_at", INSTANT),  # null: never again
    Column("entered", ID, nullable=False, server_default=text("0")),  # of that time: up to this subscription
    UniqueConstraint("zone", "local_time", "weekdays", "narrowed"),
    Index(None, "next_at"),
    sqlite_autoincrement=True,
)

subscription = Table(
    "subscription",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),  # who set it
    Column("slot_id", ID, ForeignKey("slot.id"), nullable=False),
    Column("audience", String(8), nullable=False),
    Column("platform", String(32), nullable=False),
    Column("tenant", String(255), nullable=False),
    Column("target", String(255), nullable=False),  # the platform's channel id
    Column("room", String(8), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("since", INSTANT, nullable=False),  # set, moved or resumed: nothing earlier falls due
    Column("theme", String(8), nullable=False, server_default=text("''")),  # a rule; empty: each week another
    Index(None, "person_id"),
    Index(None, "slot_id"),
    Index(None, "platform", "tenant", "target"),
    sqlite_autoincrement=True,
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", ID, primary_key=True),
    Column("subscription_id", ID, ForeignKey("subscription.id", ondelete="CASCADE"), nullable=False),
    Column("local_date", Date, nullable=False),  # the key of the promise: once per local date
    Column("state", SmallInteger, nullable=False),
    Column("due_at", INSTANT, nullable=False),  # when it fell due
    Column("run_at", INSTANT, nullable=False),  # when to try it, or to try it again
    Column("started_at", INSTANT),
    Column("lease_until", INSTANT),
    Column("token", Integer, nullable=False, server_default=text("0")),  # fences off a run that was overtaken
    Column("attempt", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("subscription_id", "local_date"),
    Index(
        "ix_delivery_pending",
        "run_at",
        "id",
        sqlite_where=text("state = 0"),
        postgresql_where=text("state = 0"),
    ),
    Index(
        "ix_delivery_sending",
        "lease_until",
        sqlite_where=text("state = 1"),
        postgresql_where=text("state = 1"),
    ),
    sqlite_autoincrement=True,
)

letter_key = Table(  # one row: what makes the marks on letters, by which they are found again
    "letter_key",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("key", LargeBinary(32), nullable=False),
)

person_key = (
    Table(  # what seals what a person asks to keep (storage/keys.py); it goes when they are forgotten
        "person_key",
        metadata,
        Column(
            "person_id",
            ID,
            ForeignKey("person.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        Column("key", LargeBinary, nullable=False),
    )
)

code = Table(  # codes with which a person may have their data shown on the machine itself: keyed hashes
    "code",
    metadata,
    Column("key", LargeBinary(32), primary_key=True, autoincrement=False),
    Column("platform", String(32), nullable=False),
    Column("tenant", String(255), nullable=False),
    Column("user", String(255), nullable=False),
    Column("until", INSTANT, nullable=False),
    Index(None, "until"),
    Index(None, "platform", "tenant", "user"),
    sqlite_with_rowid=False,
)

remark = Table(  # what customers said, redacted and shown before: a channel's, and not who noted it
    "remark",
    metadata,
    Column("id", ID, primary_key=True),  # ascending: oldest first
    Column("platform", String(32), nullable=False),
    Column("tenant", String(255), nullable=False),
    Column("target", String(255), nullable=False),  # the platform's channel id
    Column("key", String(16), nullable=False),  # what its buttons carry
    Column("words", String(300), nullable=False),
    Column("noted_on", Date, nullable=False),
    Column("customer", LargeBinary(16)),  # a keyed hash of a ticket or customer number
    Column("fate", String(8)),  # told, fixed or wont
    Column("because", String(160)),
    Column("fate_on", Date),
    UniqueConstraint("platform", "tenant", "target", "key"),
    Index(None, "noted_on"),
    sqlite_autoincrement=True,
)

promise = Table(  # what a person promised a customer, after their yes, for them alone
    "promise",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("at_id", ID, ForeignKey("subscription.id", ondelete="CASCADE"), nullable=False),
    Column("eve_id", ID, ForeignKey("subscription.id", ondelete="SET NULL")),
    Column("words", LargeBinary, nullable=False),  # sealed with the person's key
    Column("due_on", Date, nullable=False),
    Index(None, "person_id"),
    Index(None, "at_id"),
    Index(None, "eve_id"),
    Index(None, "due_on"),
    sqlite_autoincrement=True,
)
