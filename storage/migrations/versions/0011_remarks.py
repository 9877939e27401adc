"""What customers keep saying, as a channel keeps it."""

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


def downgrade() -> None:
    """Back."""
    op.drop_table("remark")
