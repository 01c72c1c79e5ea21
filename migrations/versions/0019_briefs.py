"""Briefs: when a person wants them, and which; and a person's own number."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
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


def downgrade() -> None:
    op.drop_column("app_user", "phone")
    with op.batch_alter_table("notice_habit", schema=None) as batch_op:
        batch_op.drop_column("brief_week")
        batch_op.drop_column("brief_day")
        batch_op.drop_column("brief_at")
