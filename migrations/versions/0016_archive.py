"""Everything an office owns, out and in."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "archive_run",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("with_below", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("phrase", sa.String(120), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("requested_by", ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_archive_run_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["app_user.id"], name=op.f("fk_archive_run_requested_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_run")),
    )
    with op.batch_alter_table("archive_run", schema=None) as batch_op:
        batch_op.create_index("ix_archive_run_expiry", ["state", "expires_at"], unique=False)
        batch_op.create_index("ix_archive_run_office", ["office_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("archive_run")
