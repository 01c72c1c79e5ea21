"""One-time codes with which a mail's link is opened, and sessions that are good for one thing."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sign_in_code",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("good_for", sa.String(length=40), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_sign_in_code_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_code")),
    )
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_code_user", ["user_id", "good_for", "id"], unique=False)
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("good_for", sa.String(length=40), nullable=False, server_default=""))
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.alter_column("good_for", server_default=None)


def downgrade() -> None:
    # A narrow session would be a whole one for the version before.
    op.execute("UPDATE user_session SET revoked_at = created_at WHERE good_for != '' AND revoked_at IS NULL")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_column("good_for")
    op.drop_table("sign_in_code")
