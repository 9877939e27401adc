"""What customers keep saying, as a channel keeps it; and what a person promised."""

import sqlalchemy as sa
from alembic import op


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "remark",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(255), nullable=False),
        sa.Column("target", sa.String(255), nullable=False),
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("noted_on", sa.Date, nullable=False),
        sa.Column("customer", sa.LargeBinary(16)),
        sa.Column("fate", sa.String(8)),
        sa.Column("because", sa.String(160)),
        sa.Column("fate_on", sa.Date),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
        sa.UniqueConstraint(
            "platform", "tenant", "target", "key", name=op.f("uq_remark_platform_tenant_target_key")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_remark_noted_on", "remark", ["noted_on"])
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "promise",
        sa.Column("id", number, nullable=False),
        sa.Column("person_id", number, nullable=False),
        sa.Column("at_id", number, nullable=False),
        sa.Column("eve_id", number),
        sa.Column("words", sa.LargeBinary, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_promise_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["at_id"], ["subscription.id"], name=op.f("fk_promise_at_id_subscription"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["eve_id"], ["subscription.id"], name=op.f("fk_promise_eve_id_subscription"), ondelete="SET NULL"
        ),
        sqlite_autoincrement=True,
    )
    for name in ("person_id", "at_id", "eve_id", "due_on"):
        op.create_index(f"ix_promise_{name}", "promise", [name])


def downgrade() -> None:
    """Back."""
    op.drop_table("promise")
    op.execute("DELETE FROM subscription WHERE audience IN ('promise', 'digest')")
    op.drop_table("remark")
