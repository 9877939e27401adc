"""Fingerprints of replies that were reviewed, where a person asked to be told of repeats."""

import sqlalchemy as sa
from alembic import op


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "reviewed",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("about", sa.BigInteger, nullable=False),
        sa.Column("prints", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reviewed_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewed")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reviewed_person_id", "reviewed", ["person_id"])
    op.create_index("ix_reviewed_at", "reviewed", ["at"])
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("repeats", sa.Boolean, server_default=sa.text("false"), nullable=False))


def downgrade() -> None:
    """Back."""
    op.drop_table("reviewed")
    with op.batch_alter_table("person") as table:
        table.drop_column("repeats")
