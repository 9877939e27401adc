"""A key for each person, for what they ask to keep; and how far a slot is that falls due in portions."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("slot") as batch:
        batch.add_column(sa.Column("entered", ID, server_default=sa.text("0"), nullable=False))
    op.create_table(
        "person_key",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_person_key_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_key")),
    )


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("slot") as batch:
        batch.drop_column("entered")
    op.drop_table("person_key")
