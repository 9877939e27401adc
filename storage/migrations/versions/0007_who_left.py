"""When somebody could not be reached any more, and when who was silent for a year was asked whether to stay."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("gone_on", sa.Date))
        batch.add_column(sa.Column("asked_on", sa.Date))
        batch.create_index("ix_person_seen_on", ["seen_on"])


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("person") as batch:
        batch.drop_index("ix_person_seen_on")
        batch.drop_column("asked_on")
        batch.drop_column("gone_on")
