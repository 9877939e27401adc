"""One-time codes with which a person may have their data shown on the machine itself."""

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "code",
        sa.Column("key", sa.LargeBinary(32), autoincrement=False, nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(255), nullable=False),
        sa.Column("user", sa.String(255), nullable=False),
        sa.Column("until", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_code")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_code_until", "code", ["until"])
    op.create_index("ix_code_platform_tenant_user", "code", ["platform", "tenant", "user"])


def downgrade() -> None:
    """Back."""
    op.drop_table("code")
