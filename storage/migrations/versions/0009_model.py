"""Which host of a language model somebody lets be shown the replies they let us look at."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("model", sa.String(255)))


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("person") as batch:
        batch.drop_column("model")
