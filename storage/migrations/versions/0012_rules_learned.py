"""What a person makes of each rule, and which texts a channel was shown."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _theirs(name: str, *columns: sa.Column[Any], unique: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("rule", sa.String(8), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f(f"fk_{name}_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}")),
        sqlite_autoincrement=True,
    )


def upgrade() -> None:
    """Forward."""
    none = sa.text("0")
    op.add_column(
        "person", sa.Column("learns", sa.Boolean, server_default=sa.text("false"), nullable=False)
    )
    op.add_column(
        "subscription", sa.Column("theme", sa.String(8), server_default=sa.text("''"), nullable=False)
    )
    _theirs(
        "rule_learned",
        sa.Column("standing", sa.String(8), server_default=sa.text("'plain'"), nullable=False),
        sa.Column("last", sa.String(8)),
        sa.Column("found_on", sa.Date),
        sa.Column("due_on", sa.Date),
        sa.Column("stability", sa.Double, server_default=none, nullable=False),
        sa.Column("difficulty", sa.Double, server_default=none, nullable=False),
        sa.Column("tips", sa.Integer, server_default=none, nullable=False),
        unique=("person_id", "rule"),
    )
    op.create_index("ix_rule_learned_found_on", "rule_learned", ["found_on"])
    _theirs(
        "rule_week",
        sa.Column("monday", sa.Date, nullable=False),
        sa.Column("missed", sa.Integer, server_default=none, nullable=False),
        sa.Column("met", sa.Integer, server_default=none, nullable=False),
        unique=("person_id", "rule", "monday"),
    )
    op.create_index("ix_rule_week_monday", "rule_week", ["monday"])
    op.create_table(
        "channel_said",
        sa.Column("id", _ID, nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(255), nullable=False),
        sa.Column("target", sa.String(255), nullable=False),
        sa.Column("said", sa.String(64), nullable=False),
        sa.Column("reminder", sa.BigInteger, server_default=none, nullable=False),
        sa.Column("said_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_said")),
        sa.UniqueConstraint(
            "platform", "tenant", "target", "said", name=op.f("uq_channel_said_platform_tenant_target_said")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_channel_said_said_on", "channel_said", ["said_on"])


def downgrade() -> None:
    """Back."""
    for name in ("channel_said", "rule_week", "rule_learned"):
        op.drop_table(name)
    op.drop_column("subscription", "theme")
    op.drop_column("person", "learns")
