"""Reports, letterheads, scheduled delivery."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Runs, their files, letterheads.
    op.create_table(
        "letterhead",
        sa.Column("office_id", ID, autoincrement=False, nullable=False),
        sa.Column("logo_id", ID, nullable=True),
        sa.Column("ministry", sa.String(160), nullable=False),
        sa.Column("directorate", sa.String(160), nullable=False),
        sa.Column("region", sa.String(160), nullable=False),
        sa.Column("office_line", sa.String(160), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("phone", sa.String(80), nullable=False),
        sa.Column("email", sa.String(120), nullable=False),
        sa.Column("site", sa.String(120), nullable=False),
        sa.Column("city", sa.String(80), nullable=False),
        sa.Column("rule", sa.String(10), nullable=False),
        sa.Column("signer_name", sa.String(120), nullable=False),
        sa.Column("signer_title", sa.String(160), nullable=False),
        sa.Column("signer_number", sa.String(30), nullable=False),
        sa.Column("boilerplate", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(300), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["logo_id"], ["asset.id"], name=op.f("fk_letterhead_logo_id_asset")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_letterhead_office_id_unit")),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_letterhead")),
    )
    op.create_table(
        "report_run",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("subject_id", ID, nullable=True),
        sa.Column("span", sa.String(40), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("formats", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("names_people", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("phrase", sa.String(120), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("requested_by", ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(scope = 'office') = (subject_id IS NULL)", name=op.f("ck_report_run_subject")),
        sa.CheckConstraint("end_on >= start_on", name=op.f("ck_report_run_days_in_order")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_report_run_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["app_user.id"], name=op.f("fk_report_run_requested_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_run")),
    )
    with op.batch_alter_table("report_run", schema=None) as batch_op:
        batch_op.create_index("ix_report_run_expiry", ["state", "expires_at"], unique=False)
        batch_op.create_index("ix_report_run_office", ["office_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_run_requested_by"), ["requested_by"], unique=False)
    op.create_table(
        "report_file",
        sa.Column("id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("format", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["report_run.id"], name=op.f("fk_report_file_run_id_report_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_file")),
        sa.UniqueConstraint("run_id", "format", name=op.f("uq_report_file_run_id_format")),
    )
    _create_schedules()


def _create_schedules() -> None:
    op.create_table(
        "report_schedule",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("subject_id", ID, nullable=True),
        sa.Column("formats", sa.JSON(), nullable=False),
        sa.Column("rhythm", sa.String(40), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("stopped", sa.Text(), nullable=False),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_run", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "day BETWEEN 1 AND 60 AND hour BETWEEN 0 AND 23", name=op.f("ck_report_schedule_time")
        ),
        sa.CheckConstraint(
            "(scope = 'office') = (subject_id IS NULL)", name=op.f("ck_report_schedule_subject")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_report_schedule_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["app_user.id"], name=op.f("fk_report_schedule_owner_id_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_schedule")),
    )
    with op.batch_alter_table("report_schedule", schema=None) as batch_op:
        batch_op.create_index("ix_report_schedule_next_due", ["is_active", "next_due"], unique=False)
        batch_op.create_index("ix_report_schedule_office", ["office_id", "id"], unique=False)

    op.create_table(
        "report_recipient",
        sa.Column("id", ID, nullable=False),
        sa.Column("schedule_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("confirmed_by", ID, nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (address IS NULL)", name=op.f("ck_report_recipient_person_or_address")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["app_user.id"], name=op.f("fk_report_recipient_confirmed_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["report_schedule.id"],
            name=op.f("fk_report_recipient_schedule_id_report_schedule"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_report_recipient_user_id_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_recipient")),
        sa.UniqueConstraint("schedule_id", "address", name=op.f("uq_report_recipient_schedule_id_address")),
        sa.UniqueConstraint("schedule_id", "user_id", name=op.f("uq_report_recipient_schedule_id_user_id")),
    )

    op.create_table(
        "report_delivery",
        sa.Column("id", ID, nullable=False),
        sa.Column("schedule_id", ID, nullable=False),
        sa.Column("period", sa.String(length=12), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", ID, nullable=True),
        sa.Column("run_id", ID, nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["app_user.id"], name=op.f("fk_report_delivery_asked_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["report_run.id"], name=op.f("fk_report_delivery_run_id_report_run")
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["report_schedule.id"],
            name=op.f("fk_report_delivery_schedule_id_report_schedule"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_delivery")),
        sa.UniqueConstraint(
            "schedule_id", "period", "number", name=op.f("uq_report_delivery_schedule_id_period_number")
        ),
    )
    with op.batch_alter_table("report_delivery", schema=None) as batch_op:
        batch_op.create_index("ix_report_delivery_schedule", ["schedule_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_delivery_run_id"), ["run_id"], unique=False)


def downgrade() -> None:
    # Schedules name runs, so they go first.
    op.drop_table("report_delivery")
    op.drop_table("report_recipient")
    op.drop_table("report_schedule")
    # Runs, their files, letterheads.
    op.drop_table("report_file")
    op.drop_table("report_run")
    op.drop_table("letterhead")
