"""The conversations of Teams, by which the coach can speak first."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "teams_conversation",
        sa.Column("id", ID, nullable=False),
        sa.Column("tenant_id", sa.String(255), nullable=False),
        sa.Column("conversation_id", sa.String(512), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("service_url", sa.String(512), nullable=False),
        sa.Column("bot_id", sa.String(255), nullable=False),
        sa.Column("user_id", sa.String(255)),
        sa.Column("aad_object_id", sa.String(255)),
        sa.Column("team_id", sa.String(255)),
        sa.Column("channel_id", sa.String(255)),
        sa.Column("locale", sa.String(64)),
        sa.Column("zone", sa.String(64)),
        sa.Column("state", sa.String(16), server_default=sa.text("'active'"), nullable=False),
        sa.Column("fail_count", sa.Integer, server_default=sa.text("0"), nullable=False),
        sa.Column("seen_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams_conversation")),
        sa.UniqueConstraint(
            "tenant_id", "conversation_id", name=op.f("uq_teams_conversation_tenant_id_conversation_id")
        ),
        sqlite_autoincrement=True,
    )
    for column in ("user_id", "aad_object_id"):
        op.create_index(
            op.f(f"ix_teams_conversation_tenant_id_{column}"), "teams_conversation", ["tenant_id", column]
        )


def downgrade() -> None:
    """Back."""
    op.drop_table("teams_conversation")
