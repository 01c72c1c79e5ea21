"""Rules, preferences and deliveries of notices."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_silent", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("settled_at", TIME, nullable=True))
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.alter_column("is_silent", existing_type=sa.Boolean(), server_default=None)
    op.create_table(
        "notice_rule",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_notice_rule_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_rule")),
        sa.UniqueConstraint(
            "office_id", "kind", "role", "channel", name=op.f("uq_notice_rule_office_id_kind_role_channel")
        ),
    )
    op.create_table(
        "notice_preference",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("topic", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_notice_preference_user_id_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_preference")),
        sa.UniqueConstraint(
            "user_id", "topic", "channel", name=op.f("uq_notice_preference_user_id_topic_channel")
        ),
    )
    op.create_table(
        "notice_habit",
        sa.Column("user_id", ID, autoincrement=False, nullable=False),
        sa.Column("quiet_from", sa.String(length=5), nullable=False),
        sa.Column("quiet_until", sa.String(length=5), nullable=False),
        sa.Column("quiet_days", sa.Boolean(), nullable=False),
        sa.Column("digest_at", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_notice_habit_user_id_app_user")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notice_habit")),
    )
    op.create_table(
        "notice_delivery",
        sa.Column("id", ID, nullable=False),
        sa.Column("notification_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notification.id"],
            name=op.f("fk_notice_delivery_notification_id_notification"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_notice_delivery_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_notice_delivery_user_id_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_delivery")),
        sa.UniqueConstraint(
            "notification_id", "channel", name=op.f("uq_notice_delivery_notification_id_channel")
        ),
    )
    with op.batch_alter_table("notice_delivery", schema=None) as batch_op:
        batch_op.create_index("ix_notice_delivery_state_due", ["state", "due_at"], unique=False)
        batch_op.create_index(
            "ix_notice_delivery_moment", ["user_id", "office_id", "channel", "state"], unique=False
        )
        batch_op.create_index(
            "ix_notice_delivery_office_state", ["office_id", "state", "created_at"], unique=False
        )


def downgrade() -> None:
    op.drop_table("notice_delivery")
    op.drop_table("notice_habit")
    op.drop_table("notice_preference")
    op.drop_table("notice_rule")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_column("settled_at")
        batch_op.drop_column("is_silent")
