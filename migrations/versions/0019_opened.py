"""When somebody whom a step asks first saw it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "package_opening",
        sa.Column("package_id", ID, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", ID, autoincrement=False, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id", "position"],
            ["package_step.package_id", "package_step.position"],
            name=op.f("fk_package_opening_package_id_position_package_step"),
        ),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name=op.f("fk_package_opening_package_id_package")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_package_opening_user_id_app_user")
        ),
        sa.PrimaryKeyConstraint("package_id", "position", "user_id", name=op.f("pk_package_opening")),
    )


def downgrade() -> None:
    op.drop_table("package_opening")
