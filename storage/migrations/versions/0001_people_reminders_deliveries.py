"""People, tips shown, reminders and their deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "person",
        sa.Column("id", ID, nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(255), nullable=False),
        sa.Column("user", sa.String(255), nullable=False),
        sa.Column("met", sa.Boolean, server_default=sa.text("false"), nullable=False),
        sa.Column("zone", sa.String(64)),
        sa.Column("less_words", sa.Boolean, server_default=sa.text("false"), nullable=False),
        sa.Column("quiet_from", sa.SmallInteger),
        sa.Column("quiet_until", sa.SmallInteger),
        sa.Column("days_off", sa.SmallInteger, server_default=sa.text("0"), nullable=False),
        sa.Column("away_until", sa.Date),
        sa.Column("seen_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("platform", "tenant", "user", name=op.f("uq_person_platform_tenant_user")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "tip_shown",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("tip", sa.String(64), nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_tip_shown_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tip_shown")),
        sa.UniqueConstraint("person_id", "tip", name=op.f("uq_tip_shown_person_id_tip")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "slot",
        sa.Column("id", ID, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("local_time", sa.SmallInteger, nullable=False),
        sa.Column("weekdays", sa.SmallInteger, nullable=False),
        sa.Column("next_at", sa.Double),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("zone", "local_time", "weekdays", name=op.f("uq_slot_zone_local_time_weekdays")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_slot_next_at"), "slot", ["next_at"])
    op.create_table(
        "subscription",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("slot_id", ID, nullable=False),
        sa.Column("audience", sa.String(8), nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(255), nullable=False),
        sa.Column("target", sa.String(255), nullable=False),
        sa.Column("room", sa.String(8), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("since", sa.Double, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_subscription_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_subscription_slot_id_slot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_subscription_person_id"), "subscription", ["person_id"])
    op.create_index(op.f("ix_subscription_slot_id"), "subscription", ["slot_id"])
    op.create_index(
        op.f("ix_subscription_platform_tenant_target"), "subscription", ["platform", "tenant", "target"]
    )
    op.create_table(
        "delivery",
        sa.Column("id", ID, nullable=False),
        sa.Column("subscription_id", ID, nullable=False),
        sa.Column("local_date", sa.Date, nullable=False),
        sa.Column("state", sa.SmallInteger, nullable=False),
        sa.Column("due_at", sa.Double, nullable=False),
        sa.Column("run_at", sa.Double, nullable=False),
        sa.Column("started_at", sa.Double),
        sa.Column("lease_until", sa.Double),
        sa.Column("token", sa.Integer, server_default=sa.text("0"), nullable=False),
        sa.Column("attempt", sa.Integer, server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_delivery_subscription_id_subscription"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "subscription_id", "local_date", name=op.f("uq_delivery_subscription_id_local_date")
        ),
        sqlite_autoincrement=True,
    )
    for name, columns, state in (
        ("ix_delivery_pending", ["run_at", "id"], "state = 0"),
        ("ix_delivery_sending", ["lease_until"], "state = 1"),
    ):
        op.create_index(
            name, "delivery", columns, sqlite_where=sa.text(state), postgresql_where=sa.text(state)
        )


def downgrade() -> None:
    """Back."""
    for table in ("delivery", "subscription", "slot", "tip_shown", "person"):
        op.drop_table(table)
