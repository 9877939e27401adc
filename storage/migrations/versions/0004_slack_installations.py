"""Slack in many workspaces: where the coach is installed, with encrypted tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "slack_installation",
        sa.Column("id", ID, nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=False),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(32), nullable=False),
        sa.Column("app_id", sa.String(32), nullable=False),
        sa.Column("bot_user", sa.String(32), nullable=False),
        sa.Column("scopes", sa.String(1024), nullable=False),
        sa.Column("installed_by", sa.String(32), nullable=False),
        sa.Column("installed_at", sa.Double, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("revoked_at", sa.Double),
        sa.Column("bot_token", sa.LargeBinary),
        sa.Column("refresh_token", sa.LargeBinary),
        sa.Column("expires_at", sa.Double),
        sa.Column("version", sa.Integer, server_default=sa.text("1"), nullable=False),
        sa.Column("refresh_at", sa.Double),
        sa.Column("attempt", sa.Integer, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_installation")),
        sa.UniqueConstraint("enterprise_id", "team_id", name=op.f("uq_slack_installation_enterprise_id_team_id")),
        sqlite_autoincrement=True,
    )
    for column in ("tenant", "refresh_at"):
        op.create_index(op.f(f"ix_slack_installation_{column}"), "slack_installation", [column])
    op.create_table(
        "slack_spent",
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("until", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_slack_spent")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("slack_spent")
    op.drop_table("slack_installation")
