"""The tables of rules: what one person makes of each, and which texts a channel was shown. Never a word."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.schema import ID, metadata

rule_learned = Table(  # what one person makes of one rule: verdicts and dates, for them alone
    "rule_learned",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("rule", String(8), nullable=False),
    Column("standing", String(8), nullable=False, server_default=text("'plain'")),  # pinned or muted
    Column("last", String(8)),  # what was found last: missed, met, again or got_it
    Column("found_on", Date),
    Column("due_on", Date),
    Column("stability", Double, nullable=False, server_default=text("0")),
    Column("difficulty", Double, nullable=False, server_default=text("0")),
    Column("tips", Integer, nullable=False, server_default=text("0")),  # shown since then
    UniqueConstraint("person_id", "rule"),
    Index(None, "found_on"),
    sqlite_autoincrement=True,
)

rule_week = Table(  # how often a rule was missing, and there, in the week of a Monday
    "rule_week",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("rule", String(8), nullable=False),
    Column("monday", Date, nullable=False),
    Column("missed", Integer, nullable=False, server_default=text("0")),
    Column("met", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("person_id", "rule", "monday"),
    Index(None, "monday"),
    sqlite_autoincrement=True,
)

channel_said = Table(  # which texts a channel was shown, so that none returns too soon: never who set them
    "channel_said",
    metadata,
    Column("id", ID, primary_key=True),
    Column("platform", String(32), nullable=False),
    Column("tenant", String(255), nullable=False),
    Column("target", String(255), nullable=False),
    Column("said", String(64), nullable=False),  # the id of a text of the playbook
    Column("reminder", BigInteger, nullable=False, server_default=text("0")),  # which letter it stood in
    Column("said_on", Date, nullable=False),
    UniqueConstraint("platform", "tenant", "target", "said"),
    Index(None, "said_on"),
    sqlite_autoincrement=True,
)
