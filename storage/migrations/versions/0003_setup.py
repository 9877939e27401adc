"""What an administrator has set for a workspace."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "setup",
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(255), nullable=False),
        sa.Column("contacts", sa.JSON, nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("lines", sa.JSON, nullable=False),
        sa.Column("team_tips", sa.String(16), nullable=False),
        sa.Column("model", sa.Boolean, nullable=False),
        sa.Column("playbook", sa.String(32)),
        sa.PrimaryKeyConstraint("platform", "tenant", name=op.f("pk_setup")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("setup")
