"""The library: kinds of files, private facts, crops, likeness, consent, resumable uploads."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asset_band",
        sa.Column(
            "asset_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_asset_band_asset_id_asset")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_asset_band_office_id_unit")),
        sa.PrimaryKeyConstraint("asset_id", "slot", name=op.f("pk_asset_band")),
    )

    with op.batch_alter_table("asset_band", schema=None) as batch_op:
        batch_op.create_index("ix_asset_band_office_id_slot", ["office_id", "slot", "asset_id"], unique=False)

    op.create_table(
        "asset_facts",
        sa.Column(
            "asset_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone_assumed", sa.Boolean(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("camera", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_asset_facts_asset_id_asset")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_asset_facts_office_id_unit")),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_asset_facts")),
    )

    with op.batch_alter_table("asset_facts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asset_facts_office_id"), ["office_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_note", sa.Text(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_consent_asset_id_asset")),
        sa.ForeignKeyConstraint(["document_id"], ["asset.id"], name=op.f("fk_consent_document_id_asset")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_consent_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["app_user.id"], name=op.f("fk_consent_recorded_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )

    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_asset_id"), ["asset_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_document_id"), ["document_id"], unique=False)
        batch_op.create_index("ix_consent_office_id_expires_on", ["office_id", "expires_on"], unique=False)

    op.create_table(
        "pending_upload",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("length", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_pending_upload_asset_id_asset")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_pending_upload_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_pending_upload_user_id_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_upload")),
        sa.UniqueConstraint("key", name=op.f("uq_pending_upload_key")),
    )

    with op.batch_alter_table("pending_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pending_upload_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_pending_upload_office_id"), ["office_id"], unique=False)
        batch_op.create_index("ix_pending_upload_user_id_state", ["user_id", "state"], unique=False)

    op.create_table(
        "takedown_task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("consent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("basis", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_takedown_task_asset_id_asset")),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["app_user.id"], name=op.f("fk_takedown_task_closed_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name=op.f("fk_takedown_task_consent_id_consent")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_takedown_task_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedown_task")),
        sa.UniqueConstraint("consent_id", "basis", name=op.f("uq_takedown_task_consent_id_basis")),
    )

    with op.batch_alter_table("takedown_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_takedown_task_asset_id"), ["asset_id"], unique=False)
        batch_op.create_index(
            "ix_takedown_task_office_id_state", ["office_id", "state", "due_at"], unique=False
        )

    op.create_table(
        "upload_part",
        sa.Column(
            "upload_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "start", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["pending_upload.id"],
            name=op.f("fk_upload_part_upload_id_pending_upload"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("upload_id", "start", name=op.f("pk_upload_part")),
    )

    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(40), nullable=False, server_default="image"))
        batch_op.add_column(sa.Column("look", sa.String(length=16), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("duration_ms", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("page_count", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("focal_x", sa.Integer(), nullable=False, server_default="500"))
        batch_op.add_column(sa.Column("focal_y", sa.Integer(), nullable=False, server_default="500"))
        batch_op.add_column(sa.Column("shows_child", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("faces_blurred_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("faces_blurred_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("blocked_reason", sa.String(40), nullable=True))
        batch_op.add_column(
            sa.Column("is_restricted", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("same_as_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_asset_same_as_id"), ["same_as_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_asset_same_as_id_asset"), "asset", ["same_as_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_asset_faces_blurred_by_app_user"), "app_user", ["faces_blurred_by"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_asset_focal_point"), "focal_x BETWEEN 0 AND 1000 AND focal_y BETWEEN 0 AND 1000"
        )
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.alter_column(
            "kind", existing_type=sa.String(40), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "look", existing_type=sa.String(length=16), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "focal_x", existing_type=sa.Integer(), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "focal_y", existing_type=sa.Integer(), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "shows_child", existing_type=sa.Boolean(), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "is_restricted", existing_type=sa.Boolean(), existing_nullable=False, server_default=None
        )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("asset", "size", existing_type=sa.Integer(), type_=sa.BigInteger())

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_screenshot_id"), ["screenshot_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_screenshot_id"))

    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("asset", "size", existing_type=sa.BigInteger(), type_=sa.Integer())
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_asset_focal_point"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_asset_faces_blurred_by_app_user"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_asset_same_as_id_asset"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_asset_same_as_id"))
        batch_op.drop_column("same_as_id")
        batch_op.drop_column("is_restricted")
        batch_op.drop_column("blocked_reason")
        batch_op.drop_column("blocked_at")
        batch_op.drop_column("faces_blurred_by")
        batch_op.drop_column("faces_blurred_at")
        batch_op.drop_column("shows_child")
        batch_op.drop_column("focal_y")
        batch_op.drop_column("focal_x")
        batch_op.drop_column("page_count")
        batch_op.drop_column("duration_ms")
        batch_op.drop_column("look")
        batch_op.drop_column("kind")

    op.drop_table("upload_part")

    with op.batch_alter_table("takedown_task", schema=None) as batch_op:
        batch_op.drop_index("ix_takedown_task_office_id_state")
        batch_op.drop_index(batch_op.f("ix_takedown_task_asset_id"))

    op.drop_table("takedown_task")

    with op.batch_alter_table("pending_upload", schema=None) as batch_op:
        batch_op.drop_index("ix_pending_upload_user_id_state")
        batch_op.drop_index(batch_op.f("ix_pending_upload_office_id"))
        batch_op.drop_index(batch_op.f("ix_pending_upload_expires_at"))

    op.drop_table("pending_upload")

    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_office_id_expires_on")
        batch_op.drop_index(batch_op.f("ix_consent_document_id"))
        batch_op.drop_index(batch_op.f("ix_consent_asset_id"))

    op.drop_table("consent")

    with op.batch_alter_table("asset_facts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asset_facts_office_id"))

    op.drop_table("asset_facts")

    with op.batch_alter_table("asset_band", schema=None) as batch_op:
        batch_op.drop_index("ix_asset_band_office_id_slot")

    op.drop_table("asset_band")
