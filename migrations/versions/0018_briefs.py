"""Briefs: when a person wants them, and which; and a person's own number."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notice_habit", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("brief_at", sa.String(length=5), nullable=False, server_default="07:15")
        )
        batch_op.add_column(sa.Column("brief_day", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("brief_week", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("notice_habit", schema=None) as batch_op:
        batch_op.alter_column("brief_at", existing_type=sa.String(length=5), server_default=None)
        batch_op.alter_column("brief_day", existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column("brief_week", existing_type=sa.Boolean(), server_default=None)
    # Empty for everybody there is: nobody's number is known yet.
    op.add_column("app_user", sa.Column("phone", sa.String(length=20), nullable=False, server_default=""))
    with op.batch_alter_table("approval_settings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unready_hours", sa.Integer(), nullable=False, server_default="24"))
        batch_op.create_check_constraint(
            op.f("ck_approval_settings_unready_within_reason"), "unready_hours BETWEEN 0 AND 168"
        )
    with op.batch_alter_table("approval_settings", schema=None) as batch_op:
        batch_op.alter_column("unready_hours", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("approval_settings", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_approval_settings_unready_within_reason"), type_="check")
        batch_op.drop_column("unready_hours")
    op.drop_column("app_user", "phone")
    with op.batch_alter_table("notice_habit", schema=None) as batch_op:
        batch_op.drop_column("brief_week")
        batch_op.drop_column("brief_day")
        batch_op.drop_column("brief_at")
