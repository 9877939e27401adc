"""The key of the marks on letters, kept; what is on its way with a mark of an older kind cannot be found."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "letter_key",
        sa.Column("id", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_key")),
    )
    op.execute("UPDATE delivery SET state = 3, token = token + 1, lease_until = NULL WHERE state = 1")


def downgrade() -> None:
    """Back."""
    op.drop_table("letter_key")
