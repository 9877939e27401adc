"""A leave that begins later."""

import sqlalchemy as sa
from alembic import op


revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("away_from", sa.Date))


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("person") as table:
        table.drop_column("away_from")
