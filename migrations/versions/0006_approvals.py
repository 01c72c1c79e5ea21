"""Approval by several people at once, what an agreement covers, urgency, reminders, guests."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approval_group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_approval_group_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_group")),
        sa.UniqueConstraint("office_id", "name", name=op.f("uq_approval_group_office_id_name")),
    )

    op.create_table(
        "approval_settings",
        sa.Column(
            "office_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("remind_hours", sa.Integer(), nullable=False),
        sa.Column("escalate_hours", sa.Integer(), nullable=False),
        sa.Column("escalate_to", sa.String(40), nullable=False),
        sa.Column("day_starts", sa.Time(), nullable=False),
        sa.Column("day_ends", sa.Time(), nullable=False),
        sa.Column("guest_link_hours", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("day_starts < day_ends", name=op.f("ck_approval_settings_working_day_in_order")),
        sa.CheckConstraint(
            "escalate_hours BETWEEN 0 AND 400", name=op.f("ck_approval_settings_escalate_within_reason")
        ),
        sa.CheckConstraint(
            "guest_link_hours BETWEEN 1 AND 336", name=op.f("ck_approval_settings_guest_link_within_reason")
        ),
        sa.CheckConstraint(
            "remind_hours BETWEEN 0 AND 400", name=op.f("ck_approval_settings_remind_within_reason")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_approval_settings_office_id_unit")),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_approval_settings")),
    )

    op.create_table(
        "edit_policy",
        sa.Column(
            "office_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("only_marked", sa.Boolean(), nullable=False),
        sa.Column("marked", sa.JSON(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_edit_policy_office_id_unit")),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_edit_policy")),
    )

    op.create_table(
        "guest_approver",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("position_title", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_guest_approver_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_approver")),
        sa.UniqueConstraint("office_id", "email", name=op.f("uq_guest_approver_office_id_email")),
    )

    with op.batch_alter_table("guest_approver", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guest_approver_email"), ["email"], unique=False)

    op.create_table(
        "approval_group_member",
        sa.Column(
            "group_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["approval_group.id"], name=op.f("fk_approval_group_member_group_id_approval_group")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_approval_group_member_user_id_app_user")
        ),
        sa.PrimaryKeyConstraint("group_id", "user_id", name=op.f("pk_approval_group_member")),
    )

    with op.batch_alter_table("approval_group_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_group_member_user_id"), ["user_id"], unique=False)

    op.create_table(
        "approval_askee",
        sa.Column("chain_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("guest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("everyone", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(scope = 'group') = (group_id IS NOT NULL)", name=op.f("ck_approval_askee_group_askee_has_group")
        ),
        sa.CheckConstraint(
            "(scope = 'guest') = (guest_id IS NOT NULL)", name=op.f("ck_approval_askee_guest_askee_has_guest")
        ),
        sa.CheckConstraint(
            "(scope = 'person') = (user_id IS NOT NULL)", name=op.f("ck_approval_askee_person_askee_has_user")
        ),
        sa.ForeignKeyConstraint(
            ["chain_id", "position"],
            ["approval_step.chain_id", "approval_step.position"],
            name=op.f("fk_approval_askee_chain_id_approval_step"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["approval_group.id"], name=op.f("fk_approval_askee_group_id_approval_group")
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest_approver.id"], name=op.f("fk_approval_askee_guest_id_guest_approver")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_approval_askee_user_id_app_user")
        ),
        sa.PrimaryKeyConstraint("chain_id", "position", "number", name=op.f("pk_approval_askee")),
    )

    op.create_table(
        "approval_reminder",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("package_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("to", sa.String(40), nullable=True),
        sa.Column("sent_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name=op.f("fk_approval_reminder_package_id_package")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by"], ["app_user.id"], name=op.f("fk_approval_reminder_sent_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_reminder")),
        sa.UniqueConstraint(
            "package_id",
            "position",
            "kind",
            "number",
            name=op.f("uq_approval_reminder_package_id_position_kind_number"),
        ),
    )

    op.create_table(
        "urgent_release",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("package_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("released_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("released_as", sa.String(length=300), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("objected_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("objected_as", sa.String(length=300), nullable=False),
        sa.Column("objected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objection", sa.Text(), nullable=False),
        sa.Column("cleared_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cleared_as", sa.String(length=300), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "cleared_by IS NULL OR cleared_by <> released_by",
            name=op.f("ck_urgent_release_cleared_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["cleared_by"], ["app_user.id"], name=op.f("fk_urgent_release_cleared_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["objected_by"], ["app_user.id"], name=op.f("fk_urgent_release_objected_by_app_user")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_urgent_release_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name=op.f("fk_urgent_release_package_id_package")
        ),
        sa.ForeignKeyConstraint(
            ["released_by"], ["app_user.id"], name=op.f("fk_urgent_release_released_by_app_user")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_urgent_release_story_id_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urgent_release")),
        sa.UniqueConstraint("package_id", name=op.f("uq_urgent_release_package_id")),
    )

    with op.batch_alter_table("urgent_release", schema=None) as batch_op:
        batch_op.create_index(
            "ix_urgent_release_office_state", ["office_id", "state", "released_at", "id"], unique=False
        )
        batch_op.create_index("ix_urgent_release_story", ["story_id", "state"], unique=False)

    op.create_table(
        "package_seat",
        sa.Column(
            "package_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("askee", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seat", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("guest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(scope = 'group') = (group_id IS NOT NULL)", name=op.f("ck_package_seat_group_seat_has_group")
        ),
        sa.CheckConstraint(
            "(scope = 'guest') = (guest_id IS NOT NULL)", name=op.f("ck_package_seat_guest_seat_has_guest")
        ),
        sa.CheckConstraint(
            "(scope = 'person') = (user_id IS NOT NULL)", name=op.f("ck_package_seat_person_seat_has_user")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["approval_group.id"], name=op.f("fk_package_seat_group_id_approval_group")
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest_approver.id"], name=op.f("fk_package_seat_guest_id_guest_approver")
        ),
        sa.ForeignKeyConstraint(
            ["package_id", "position"],
            ["package_step.package_id", "package_step.position"],
            name=op.f("fk_package_seat_package_id_package_step"),
        ),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name=op.f("fk_package_seat_package_id_package")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_package_seat_user_id_app_user")),
        sa.PrimaryKeyConstraint("package_id", "position", "askee", "seat", name=op.f("pk_package_seat")),
    )

    op.create_table(
        "guest_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("package_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("askee", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("codes", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(code_hash IS NULL) = (code_expires_at IS NULL)", name=op.f("ck_guest_link_code_expires")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["app_user.id"], name=op.f("fk_guest_link_created_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_guest_link_decision_id_decision")
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest_approver.id"], name=op.f("fk_guest_link_guest_id_guest_approver")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_guest_link_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["package_id", "position", "askee", "seat"],
            ["package_seat.package_id", "package_seat.position", "package_seat.askee", "package_seat.seat"],
            name=op.f("fk_guest_link_package_id_package_seat"),
        ),
        sa.ForeignKeyConstraint(
            ["package_id"], ["package.id"], name=op.f("fk_guest_link_package_id_package")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_link")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_guest_link_decision_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_guest_link_token_hash")),
    )

    with op.batch_alter_table("guest_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guest_link_guest_id"), ["guest_id"], unique=False)
        batch_op.create_index("ix_guest_link_package", ["package_id", "id"], unique=False)

    op.create_table(
        "guest_visit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("link_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("identified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["link_id"], ["guest_link.id"], name=op.f("fk_guest_visit_link_id_guest_link")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_visit")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_guest_visit_token_hash")),
    )

    with op.batch_alter_table("guest_visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guest_visit_link_id"), ["link_id"], unique=False)

    # The old columns are read before they go.
    with op.batch_alter_table("approval_chain", schema=None) as batch_op:
        batch_op.add_column(sa.Column("allows_bulk", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("approval_chain", schema=None) as batch_op:
        batch_op.alter_column(
            "allows_bulk", existing_type=sa.Boolean(), existing_nullable=False, server_default=None
        )

    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rule", sa.String(40), nullable=False, server_default="any"))

    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.alter_column(
            "rule", existing_type=sa.String(40), existing_nullable=False, server_default=None
        )

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("askee", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("seat", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(
            sa.Column("guest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("guest_name", sa.String(length=120), nullable=True))
        batch_op.alter_column("approver_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.drop_constraint(batch_op.f("uq_decision_package_id_position"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_decision_package_id_position_askee_seat"),
            ["package_id", "position", "askee", "seat"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_decision_guest_id_guest_approver"), "guest_approver", ["guest_id"], ["id"]
        )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.alter_column(
            "askee", existing_type=sa.Integer(), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "seat", existing_type=sa.Integer(), existing_nullable=False, server_default=None
        )
        batch_op.create_check_constraint(
            op.f("ck_decision_one_who_decided"), "(approver_id IS NULL) = (guest_name IS NOT NULL)"
        )
        batch_op.create_check_constraint(
            op.f("ck_decision_guest_has_name"), "(guest_id IS NULL) = (guest_name IS NULL)"
        )

    with op.batch_alter_table("package", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "covers_version_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=False,
                server_default="0",
            )
        )
        batch_op.add_column(sa.Column("field_digests", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("allows_bulk", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("package", schema=None) as batch_op:
        batch_op.alter_column(
            "covers_version_id",
            existing_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            existing_nullable=False,
            server_default=None,
        )
        batch_op.alter_column(
            "field_digests", existing_type=sa.JSON(), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "allows_bulk", existing_type=sa.Boolean(), existing_nullable=False, server_default=None
        )

    with op.batch_alter_table("package_item", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "covers_version_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=False,
                server_default="0",
            )
        )
        batch_op.add_column(sa.Column("field_digests", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.create_index(
            batch_op.f("ix_package_item_covers_version_id"), ["covers_version_id"], unique=False
        )
    with op.batch_alter_table("package_item", schema=None) as batch_op:
        batch_op.alter_column(
            "covers_version_id",
            existing_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            existing_nullable=False,
            server_default=None,
        )
        batch_op.alter_column(
            "field_digests", existing_type=sa.JSON(), existing_nullable=False, server_default=None
        )

    with op.batch_alter_table("package_step", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rule", sa.String(40), nullable=False, server_default="any"))

    with op.batch_alter_table("package_step", schema=None) as batch_op:
        batch_op.alter_column(
            "rule", existing_type=sa.String(40), existing_nullable=False, server_default=None
        )
    _seat(op.get_bind())
    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_approval_step_person_step_has_user"), type_="check")
    for table in ("approval_step", "package_step"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"fk_{table}_user_id_app_user"), type_="foreignkey")
            batch_op.drop_column("user_id")
            batch_op.drop_column("scope")


def downgrade() -> None:
    for table in ("approval_step", "package_step"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("scope", sa.String(40), nullable=False, server_default="office"))
            batch_op.add_column(
                sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
            )
            batch_op.create_foreign_key(op.f(f"fk_{table}_user_id_app_user"), "app_user", ["user_id"], ["id"])
    _stand_up(op.get_bind())
    for table in ("approval_step", "package_step"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(
                "scope", existing_type=sa.String(40), existing_nullable=False, server_default=None
            )
    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_approval_step_person_step_has_user"), "(scope = 'person') = (user_id IS NOT NULL)"
        )
    with op.batch_alter_table("package_step", schema=None) as batch_op:
        batch_op.drop_column("rule")

    with op.batch_alter_table("package_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_package_item_covers_version_id"))
        batch_op.drop_column("field_digests")
        batch_op.drop_column("covers_version_id")

    with op.batch_alter_table("package", schema=None) as batch_op:
        batch_op.drop_column("approved_at")
        batch_op.drop_column("allows_bulk")
        batch_op.drop_column("field_digests")
        batch_op.drop_column("covers_version_id")

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_decision_guest_has_name"), type_="check")
        batch_op.drop_constraint(op.f("ck_decision_one_who_decided"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_decision_guest_id_guest_approver"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_decision_package_id_position_askee_seat"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_decision_package_id_position"), ["package_id", "position"]
        )
        batch_op.alter_column("approver_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("guest_name")
        batch_op.drop_column("guest_id")
        batch_op.drop_column("seat")
        batch_op.drop_column("askee")

    with op.batch_alter_table("approval_step", schema=None) as batch_op:
        batch_op.drop_column("rule")

    with op.batch_alter_table("approval_chain", schema=None) as batch_op:
        batch_op.drop_column("allows_bulk")

    with op.batch_alter_table("guest_visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guest_visit_link_id"))

    op.drop_table("guest_visit")

    with op.batch_alter_table("guest_link", schema=None) as batch_op:
        batch_op.drop_index("ix_guest_link_package")
        batch_op.drop_index(batch_op.f("ix_guest_link_guest_id"))

    op.drop_table("guest_link")

    op.drop_table("package_seat")

    with op.batch_alter_table("urgent_release", schema=None) as batch_op:
        batch_op.drop_index("ix_urgent_release_story")
        batch_op.drop_index("ix_urgent_release_office_state")

    op.drop_table("urgent_release")

    op.drop_table("approval_reminder")

    op.drop_table("approval_askee")

    with op.batch_alter_table("approval_group_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_group_member_user_id"))

    op.drop_table("approval_group_member")

    with op.batch_alter_table("guest_approver", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guest_approver_email"))

    op.drop_table("guest_approver")

    op.drop_table("edit_policy")

    op.drop_table("approval_settings")

    op.drop_table("approval_group")


def _seat(connection: sa.Connection) -> None:
    """A step asked one askee so far: it gets its one seat, and an agreement covers what it was given for."""
    for table, part, key, seat in (
        ("approval_step", "approval_askee", "chain_id", "number, everyone"),
        ("package_step", "package_seat", "package_id", "askee, seat, label"),
    ):
        values = "1, FALSE" if part == "approval_askee" else "1, 1, COALESCE(u.name, '')"
        connection.exec_driver_sql(
            f"INSERT INTO {part} ({key}, position, {seat}, scope, user_id) "  # noqa: S608 (names from above)
            f"SELECT s.{key}, s.position, {values}, s.scope, s.user_id FROM {table} s "
            "LEFT JOIN app_user u ON u.id = s.user_id"
        )
    connection.exec_driver_sql(
        "UPDATE package SET covers_version_id = story_version_id, approved_at = CASE WHEN state = 'approved' "
        # Made void later: agreed to on every step, at the time it was closed.
        "OR (state = 'voided' AND (SELECT COUNT(*) FROM package_step s WHERE s.package_id = package.id) = "
        "(SELECT COUNT(*) FROM decision d WHERE d.package_id = package.id AND d.verdict = 'approve')) "
        "THEN closed_at END"
    )
    connection.exec_driver_sql("UPDATE package_item SET covers_version_id = post_version_id")


def _stand_up(connection: sa.Connection) -> None:
    """Back to one askee a step: the first one."""
    for table, part, key, number in (
        ("approval_step", "approval_askee", "chain_id", "number"),
        ("package_step", "package_seat", "package_id", "askee"),
    ):
        first = (
            f"FROM {part} a WHERE a.{key} = {table}.{key} AND a.position = {table}.position "
            f"AND a.scope NOT IN ('group', 'guest') ORDER BY a.{number} LIMIT 1"
        )
        connection.exec_driver_sql(
            f"UPDATE {table} SET scope = COALESCE((SELECT a.scope {first}), 'office'), "  # noqa: S608
            f"user_id = (SELECT a.user_id {first})"
        )
    connection.exec_driver_sql("UPDATE guest_link SET decision_id = NULL")
    connection.exec_driver_sql("DELETE FROM decision WHERE approver_id IS NULL OR askee > 1 OR seat > 1")
    connection.exec_driver_sql("UPDATE package SET state = 'voided' WHERE state = 'released'")
