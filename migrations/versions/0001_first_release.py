"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "app_user",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("theme", sa.String(length=10), nullable=False),
        sa.Column("wants_email", sa.Boolean(), nullable=False),
        sa.Column("shortcuts", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("email", name=op.f("uq_app_user_email")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor_label", sa.String(length=300), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("context_type", sa.String(length=40), nullable=True),
        sa.Column("context_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("office_id", "seq", name=op.f("uq_audit_entry_office_id_seq")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_context", ["context_type", "context_id", "id"], unique=False)
        batch_op.create_index("ix_audit_entry_subject", ["subject_type", "subject_id", "id"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column(
            "office_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "form_submission",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_form_submission")),
    )
    with op.batch_alter_table("form_submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_submission_created_at"), ["created_at"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("ref", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=True),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_office_id"), ["office_id"], unique=False)
        batch_op.create_index("ix_job_state_due_at", ["state", "due_at"], unique=False)

    op.create_table(
        "rate_window",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "starts_at", name=op.f("pk_rate_window")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=60), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=True),
        sa.Column("office_kind", sa.String(40), nullable=True),
        sa.Column("timezone", sa.String(length=40), nullable=True),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("four_eyes", sa.Boolean(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'office') = (slug IS NOT NULL)", name=op.f("ck_unit_office_has_slug")),
        sa.CheckConstraint(
            "(kind = 'office') = (timezone IS NOT NULL)", name=op.f("ck_unit_office_has_timezone")
        ),
        sa.CheckConstraint(
            "kind = 'office' OR parent_id IS NOT NULL", name=op.f("ck_unit_section_has_parent")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("slug", name=op.f("uq_unit_slug")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_unit_path", ["path"], unique=False)

    op.create_table(
        "worker_beat",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_beat")),
    )
    op.create_table(
        "asset",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uploaded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("original_key", sa.String(length=120), nullable=False),
        sa.Column("medium_key", sa.String(length=120), nullable=False),
        sa.Column("thumb_key", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("credit", sa.String(length=120), nullable=False),
        sa.Column("alt_text", sa.String(length=1000), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_asset_office_id_unit")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["app_user.id"], name=op.f("fk_asset_uploaded_by_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
    )
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.create_index(
            "ix_asset_office_id_created_at", ["office_id", "created_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_asset_source_sha256"), ["source_sha256"], unique=False)

    op.create_table(
        "channel_kind",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column("adapter", sa.String(length=20), nullable=False),
        sa.Column("counter", sa.String(length=20), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.Column("hosts", sa.JSON(), nullable=False),
        sa.Column("limits_as_of", sa.String(length=20), nullable=False),
        sa.Column("limits_source", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_channel_kind_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_kind")),
        sa.UniqueConstraint("office_id", "code", name=op.f("uq_channel_kind_office_id_code")),
    )
    op.create_table(
        "content_type",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("on_newsroom", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_content_type_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_type")),
        sa.UniqueConstraint("office_id", "code", name=op.f("uq_content_type_office_id_code")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["app_user.id"], name=op.f("fk_invitation_created_by_app_user")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_invitation_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_user_id"), ["user_id"], unique=False)

    op.create_table(
        "mail_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("thread", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("uncertain", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_mail_message_office_id_unit")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_mail_message_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_message")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_message_key")),
    )
    with op.batch_alter_table("mail_message", schema=None) as batch_op:
        batch_op.create_index("ix_mail_message_office_state", ["office_id", "state", "id"], unique=False)

    op.create_table(
        "mail_settings",
        sa.Column(
            "office_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("security", sa.String(40), nullable=False),
        sa.Column("username", sa.String(length=200), nullable=False),
        sa.Column("password_encrypted", sa.Text(), nullable=False),
        sa.Column("from_address", sa.String(length=254), nullable=False),
        sa.Column("from_name", sa.String(length=120), nullable=False),
        sa.Column("tested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("test_result", sa.Text(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_mail_settings_office_id_unit")),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_mail_settings")),
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_notification_office_id_unit")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_notification_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_notification_user_id_key")),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index("ix_notification_user_created", ["user_id", "created_at", "id"], unique=False)
        batch_op.create_index("ix_notification_user_read", ["user_id", "read_at"], unique=False)

    op.create_table(
        "pillar",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_pillar_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pillar")),
        sa.UniqueConstraint("office_id", "name", name=op.f("uq_pillar_office_id_name")),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("position_title", sa.String(length=120), nullable=False),
        sa.Column("acting", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("granted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_role_grant_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["app_user.id"], name=op.f("fk_role_grant_granted_by_app_user")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_grant_unit_id_unit")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_role_grant_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index("ix_role_grant_unit_id_role", ["unit_id", "role"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grant_user_id"), ["user_id"], unique=False)

    op.create_table(
        "score_scheme",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=False),
        sa.Column("legal_basis", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_score_scheme_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_scheme")),
        sa.UniqueConstraint("office_id", "name", name=op.f("uq_score_scheme_office_id_name")),
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_user_session_office_id_unit")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_user_session_user_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "approval_chain",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content_type_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_type_id"],
            ["content_type.id"],
            name=op.f("fk_approval_chain_content_type_id_content_type"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_approval_chain_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_chain")),
        sa.UniqueConstraint(
            "office_id",
            "content_type_id",
            name=op.f("uq_approval_chain_office_id_content_type_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "channel_account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("handle", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("adapter", sa.String(length=20), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.Column("assignee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("follows_story_approval", sa.Boolean(), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["app_user.id"], name=op.f("fk_channel_account_assignee_id_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["kind_id"], ["channel_kind.id"], name=op.f("fk_channel_account_kind_id_channel_kind")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_channel_account_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_account")),
        sa.UniqueConstraint("office_id", "name", name=op.f("uq_channel_account_office_id_name")),
    )
    op.create_table(
        "scheme_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scheme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("rounding", sa.String(40), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["app_user.id"], name=op.f("fk_scheme_version_created_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id"], ["score_scheme.id"], name=op.f("fk_scheme_version_scheme_id_score_scheme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_version")),
        sa.UniqueConstraint("scheme_id", "number", name=op.f("uq_scheme_version_scheme_id_number")),
    )
    op.create_table(
        "story",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("section_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("content_type_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pillar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("last_reason", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("current_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("returns >= 0", name=op.f("ck_story_returns_not_negative")),
        sa.ForeignKeyConstraint(
            ["content_type_id"], ["content_type.id"], name=op.f("fk_story_content_type_id_content_type")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_story_created_by_app_user")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_story_office_id_unit")),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_story_owner_id_app_user")),
        sa.ForeignKeyConstraint(["pillar_id"], ["pillar.id"], name=op.f("fk_story_pillar_id_pillar")),
        sa.ForeignKeyConstraint(["section_id"], ["unit.id"], name=op.f("fk_story_section_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
    )
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.create_index("ix_story_office_created", ["office_id", "created_at", "id"], unique=False)
        batch_op.create_index(
            "ix_story_office_state_since", ["office_id", "state", "state_since", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_story_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "target",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scheme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("component_key", sa.String(length=60), nullable=False),
        sa.Column("quarter", sa.String(length=8), nullable=False),
        sa.Column("value", sa.String(40).with_variant(sa.Numeric(18, 6), "postgresql"), nullable=False),
        sa.Column("letter", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("set_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_target_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["scheme_id"], ["score_scheme.id"], name=op.f("fk_target_scheme_id_score_scheme")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["app_user.id"], name=op.f("fk_target_set_by_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
    )
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.create_index(
            "ix_target_lookup", ["office_id", "scheme_id", "quarter", "component_key", "id"], unique=False
        )

    op.create_table(
        "approval_step",
        sa.Column(
            "chain_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(scope = 'person') = (user_id IS NOT NULL)", name=op.f("ck_approval_step_person_step_has_user")
        ),
        sa.CheckConstraint("position BETWEEN 1 AND 3", name=op.f("ck_approval_step_at_most_three_steps")),
        sa.ForeignKeyConstraint(
            ["chain_id"], ["approval_chain.id"], name=op.f("fk_approval_step_chain_id_approval_chain")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_approval_step_user_id_app_user")),
        sa.PrimaryKeyConstraint("chain_id", "position", name=op.f("pk_approval_step")),
    )
    op.create_table(
        "component",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("weight", sa.String(40).with_variant(sa.Numeric(18, 6), "postgresql"), nullable=False),
        sa.Column("cap", sa.String(40).with_variant(sa.Numeric(18, 6), "postgresql"), nullable=False),
        sa.Column("partial_credit", sa.Boolean(), nullable=False),
        sa.Column("content_types", sa.JSON(), nullable=False),
        sa.Column("channel_kinds", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["scheme_version.id"], name=op.f("fk_component_version_id_scheme_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_component_version_id_key")),
    )
    op.create_table(
        "pitch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("section_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("happened_at", sa.Time(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("people", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'accepted') = (story_id IS NOT NULL)", name=op.f("ck_pitch_accepted_has_story")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_pitch_decision_has_person")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name=op.f("fk_pitch_author_id_app_user")),
        sa.ForeignKeyConstraint(["decided_by"], ["app_user.id"], name=op.f("fk_pitch_decided_by_app_user")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_pitch_office_id_unit")),
        sa.ForeignKeyConstraint(["section_id"], ["unit.id"], name=op.f("fk_pitch_section_id_unit")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_pitch_story_id_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch")),
    )
    with op.batch_alter_table("pitch", schema=None) as batch_op:
        batch_op.create_index("ix_pitch_author_created", ["author_id", "created_at", "id"], unique=False)
        batch_op.create_index(
            "ix_pitch_office_state_created", ["office_id", "state", "created_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_pitch_story_id"), ["story_id"], unique=False)

    op.create_table(
        "post",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content_type_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("current_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_post_account_id_channel_account")
        ),
        sa.ForeignKeyConstraint(
            ["content_type_id"], ["content_type.id"], name=op.f("fk_post_content_type_id_content_type")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["app_user.id"], name=op.f("fk_post_created_by_app_user")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_post_office_id_unit")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_post_story_id_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_post_office_scheduled", ["office_id", "scheduled_at", "id"], unique=False)
        batch_op.create_index("ix_post_story", ["story_id"], unique=False)

    op.create_table(
        "reader_count",
        sa.Column(
            "story_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("readers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_reader_count_story_id_story")),
        sa.PrimaryKeyConstraint("story_id", "local_date", name=op.f("pk_reader_count")),
    )
    op.create_table(
        "story_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("lead", sa.String(length=500), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("source_note", sa.String(length=200), nullable=False),
        sa.Column("goal", sa.String(length=300), nullable=False),
        sa.Column("audience", sa.String(length=300), nullable=False),
        sa.Column("event_date", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("people", sa.String(length=300), nullable=False),
        sa.Column("writer_credit", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["app_user.id"], name=op.f("fk_story_version_author_id_app_user")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_version_story_id_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_version")),
        sa.UniqueConstraint("story_id", "number", name=op.f("uq_story_version_story_id_number")),
    )
    op.create_table(
        "package",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("submitted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_package_office_id_unit")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_package_story_id_story")),
        sa.ForeignKeyConstraint(
            ["story_version_id"], ["story_version.id"], name=op.f("fk_package_story_version_id_story_version")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["app_user.id"], name=op.f("fk_package_submitted_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
    )
    with op.batch_alter_table("package", schema=None) as batch_op:
        batch_op.create_index(
            "ix_package_office_state", ["office_id", "state", "submitted_at", "id"], unique=False
        )
        batch_op.create_index("ix_package_story", ["story_id", "id"], unique=False)

    op.create_table(
        "pitch_photo",
        sa.Column(
            "pitch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_pitch_photo_asset_id_asset")),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitch.id"], name=op.f("fk_pitch_photo_pitch_id_pitch")),
        sa.PrimaryKeyConstraint("pitch_id", "position", name=op.f("pk_pitch_photo")),
    )
    with op.batch_alter_table("pitch_photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pitch_photo_asset_id"), ["asset_id"], unique=False)

    op.create_table(
        "post_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["app_user.id"], name=op.f("fk_post_version_author_id_app_user")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_version_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_version")),
        sa.UniqueConstraint("post_id", "number", name=op.f("uq_post_version_post_id_number")),
    )
    op.create_table(
        "story_body",
        sa.Column(
            "version_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("html", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["story_version.id"], name=op.f("fk_story_body_version_id_story_version")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_story_body")),
    )
    op.create_table(
        "story_picture",
        sa.Column(
            "version_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("credit", sa.String(length=120), nullable=False),
        sa.Column("alt_text", sa.String(length=1000), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_story_picture_asset_id_asset")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["story_version.id"], name=op.f("fk_story_picture_version_id_story_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "position", name=op.f("pk_story_picture")),
    )
    with op.batch_alter_table("story_picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_story_picture_asset_id"), ["asset_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("package_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("approver_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_as", sa.String(length=300), nullable=False),
        sa.Column("verdict", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["app_user.id"], name=op.f("fk_decision_approver_id_app_user")
        ),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_decision_package_id_package")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("package_id", "position", name=op.f("uq_decision_package_id_position")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content_type_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("story_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("cover_asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.Column("payload_sha256", sa.String(length=64), nullable=True),
        sa.Column("idempotency_key", sa.String(length=80), nullable=False),
        sa.Column("committing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("permalink", sa.String(length=1000), nullable=True),
        sa.Column("canonical_url", sa.String(length=1000), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retract_reason", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL", name=op.f("ck_delivery_published_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_delivery_account_id_channel_account")
        ),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["app_user.id"], name=op.f("fk_delivery_assignee_id_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["content_type_id"], ["content_type.id"], name=op.f("fk_delivery_content_type_id_content_type")
        ),
        sa.ForeignKeyConstraint(
            ["cover_asset_id"], ["asset.id"], name=op.f("fk_delivery_cover_asset_id_asset")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_delivery_office_id_unit")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_delivery_post_id_post")),
        sa.ForeignKeyConstraint(
            ["post_version_id"], ["post_version.id"], name=op.f("fk_delivery_post_version_id_post_version")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_delivery_story_id_story")),
        sa.ForeignKeyConstraint(
            ["story_version_id"],
            ["story_version.id"],
            name=op.f("fk_delivery_story_version_id_story_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_delivery_idempotency_key")),
        sa.UniqueConstraint("post_id", "generation", name=op.f("uq_delivery_post_id_generation")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_account_state_published", ["account_id", "state", "published_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_delivery_account_type_published",
            ["account_id", "state", "content_type_id", "published_at", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_delivery_assignee_id"), ["assignee_id"], unique=False)
        batch_op.create_index("ix_delivery_office_canonical", ["office_id", "canonical_url"], unique=False)
        batch_op.create_index(
            "ix_delivery_office_state_published", ["office_id", "state", "published_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_delivery_story_id"), ["story_id"], unique=False)

    op.create_table(
        "package_item",
        sa.Column(
            "package_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "post_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("post_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name=op.f("fk_package_item_package_id_package")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_package_item_post_id_post")),
        sa.ForeignKeyConstraint(
            ["post_version_id"],
            ["post_version.id"],
            name=op.f("fk_package_item_post_version_id_post_version"),
        ),
        sa.PrimaryKeyConstraint("package_id", "post_id", name=op.f("pk_package_item")),
    )
    with op.batch_alter_table("package_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_package_item_post_version_id"), ["post_version_id"], unique=False
        )

    op.create_table(
        "package_step",
        sa.Column(
            "package_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name=op.f("fk_package_step_package_id_package")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_package_step_user_id_app_user")),
        sa.PrimaryKeyConstraint("package_id", "position", name=op.f("pk_package_step")),
    )
    op.create_table(
        "post_picture",
        sa.Column(
            "version_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asset_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alt_text", sa.String(length=1000), nullable=False),
        sa.Column("credit", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_post_picture_asset_id_asset")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["post_version.id"], name=op.f("fk_post_picture_version_id_post_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "position", name=op.f("pk_post_picture")),
    )
    with op.batch_alter_table("post_picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_picture_asset_id"), ["asset_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("canonical_url", sa.String(length=1000), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("captured_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("screenshot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("payload_sha256", sa.String(length=64), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["captured_by"], ["app_user.id"], name=op.f("fk_evidence_captured_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_evidence_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["screenshot_id"], ["asset.id"], name=op.f("fk_evidence_screenshot_id_asset")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_delivery_id"), ["delivery_id"], unique=False)

    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scheme_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("component_key", sa.String(length=60), nullable=False),
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject_key", sa.String(length=1000), nullable=False),
        sa.Column("beneficiary", sa.String(40), nullable=False),
        sa.Column("beneficiary_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("share", sa.String(40).with_variant(sa.Numeric(18, 6), "postgresql"), nullable=False),
        sa.Column("quantity", sa.String(40).with_variant(sa.Numeric(18, 6), "postgresql"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("deciding_date", sa.Date(), nullable=False),
        sa.Column("quarter", sa.String(length=8), nullable=False),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["app_user.id"], name=op.f("fk_ledger_entry_actor_id_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_ledger_entry_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_ledger_entry_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["ledger_entry.id"], name=op.f("fk_ledger_entry_reverses_id_ledger_entry")
        ),
        sa.ForeignKeyConstraint(
            ["scheme_version_id"],
            ["scheme_version.id"],
            name=op.f("fk_ledger_entry_scheme_version_id_scheme_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint(
            "scheme_version_id",
            "component_key",
            "subject_key",
            "beneficiary",
            "beneficiary_id",
            "role",
            "sequence",
            name="uq_ledger_entry_once",
        ),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entry_delivery_id"), ["delivery_id"], unique=False)
        batch_op.create_index(
            "ix_ledger_entry_standing",
            ["office_id", "quarter", "scheme_version_id", "component_key"],
            unique=False,
        )

    op.create_table(
        "point_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor_label", sa.String(length=300), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["app_user.id"], name=op.f("fk_point_event_actor_id_app_user")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_point_event_delivery_id_delivery")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_event")),
    )
    with op.batch_alter_table("point_event", schema=None) as batch_op:
        batch_op.create_index("ix_point_event_delivery", ["delivery_id", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("point_event", schema=None) as batch_op:
        batch_op.drop_index("ix_point_event_delivery")

    op.drop_table("point_event")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_entry_standing")
        batch_op.drop_index(batch_op.f("ix_ledger_entry_delivery_id"))

    op.drop_table("ledger_entry")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_delivery_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("post_picture", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_picture_asset_id"))

    op.drop_table("post_picture")
    op.drop_table("package_step")
    with op.batch_alter_table("package_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_package_item_post_version_id"))

    op.drop_table("package_item")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_story_id"))
        batch_op.drop_index("ix_delivery_office_state_published")
        batch_op.drop_index("ix_delivery_office_canonical")
        batch_op.drop_index(batch_op.f("ix_delivery_assignee_id"))
        batch_op.drop_index("ix_delivery_account_type_published")
        batch_op.drop_index("ix_delivery_account_state_published")

    op.drop_table("delivery")
    op.drop_table("decision")
    with op.batch_alter_table("story_picture", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_story_picture_asset_id"))

    op.drop_table("story_picture")
    op.drop_table("story_body")
    op.drop_table("post_version")
    with op.batch_alter_table("pitch_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pitch_photo_asset_id"))

    op.drop_table("pitch_photo")
    with op.batch_alter_table("package", schema=None) as batch_op:
        batch_op.drop_index("ix_package_story")
        batch_op.drop_index("ix_package_office_state")

    op.drop_table("package")
    op.drop_table("story_version")
    op.drop_table("reader_count")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index("ix_post_story")
        batch_op.drop_index("ix_post_office_scheduled")
        batch_op.drop_index(batch_op.f("ix_post_account_id"))

    op.drop_table("post")
    with op.batch_alter_table("pitch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pitch_story_id"))
        batch_op.drop_index("ix_pitch_office_state_created")
        batch_op.drop_index("ix_pitch_author_created")

    op.drop_table("pitch")
    op.drop_table("component")
    op.drop_table("approval_step")
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.drop_index("ix_target_lookup")

    op.drop_table("target")
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_story_owner_id"))
        batch_op.drop_index("ix_story_office_state_since")
        batch_op.drop_index("ix_story_office_created")

    op.drop_table("story")
    op.drop_table("scheme_version")
    op.drop_table("channel_account")
    op.drop_table("approval_chain")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_session_user_id"))

    op.drop_table("user_session")
    op.drop_table("score_scheme")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grant_user_id"))
        batch_op.drop_index("ix_role_grant_unit_id_role")

    op.drop_table("role_grant")
    op.drop_table("pillar")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index("ix_notification_user_read")
        batch_op.drop_index("ix_notification_user_created")

    op.drop_table("notification")
    op.drop_table("mail_settings")
    with op.batch_alter_table("mail_message", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_message_office_state")

    op.drop_table("mail_message")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_user_id"))

    op.drop_table("invitation")
    op.drop_table("content_type")
    op.drop_table("channel_kind")
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asset_source_sha256"))
        batch_op.drop_index("ix_asset_office_id_created_at")

    op.drop_table("asset")
    op.drop_table("worker_beat")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index("ix_unit_path")
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))
        batch_op.drop_index(batch_op.f("ix_unit_office_id"))

    op.drop_table("unit")
    op.drop_table("rate_window")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_state_due_at")
        batch_op.drop_index(batch_op.f("ix_job_office_id"))

    op.drop_table("job")
    with op.batch_alter_table("form_submission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_submission_created_at"))

    op.drop_table("form_submission")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_subject")
        batch_op.drop_index("ix_audit_entry_context")

    op.drop_table("audit_entry")
    op.drop_table("app_user")
