"""Reminders on the first Monday of a month, on the 15th, or once on a date."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BEFORE = "uq_slot_zone_local_time_weekdays"
_AFTER = "uq_slot_zone_local_time_weekdays_narrowed"


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("slot") as batch:
        batch.add_column(sa.Column("narrowed", sa.BigInteger, server_default=sa.text("0"), nullable=False))
        batch.drop_constraint(op.f(_BEFORE), type_="unique")
        batch.create_unique_constraint(op.f(_AFTER), ["zone", "local_time", "weekdays", "narrowed"])


def downgrade() -> None:
    """Back: what only the newer version can set is gone."""
    single = "SELECT id FROM slot WHERE narrowed <> 0"
    theirs = f"SELECT id FROM subscription WHERE slot_id IN ({single})"  # noqa: S608 - ours
    op.execute(f"DELETE FROM delivery WHERE subscription_id IN ({theirs})")  # noqa: S608
    op.execute("DELETE FROM subscription WHERE slot_id IN (SELECT id FROM slot WHERE narrowed <> 0)")
    op.execute("DELETE FROM slot WHERE narrowed <> 0")
    with op.batch_alter_table("slot") as batch:
        batch.drop_constraint(op.f(_AFTER), type_="unique")
        batch.drop_column("narrowed")
        batch.create_unique_constraint(op.f(_BEFORE), ["zone", "local_time", "weekdays"])
