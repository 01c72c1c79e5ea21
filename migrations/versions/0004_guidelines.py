"""Guidelines: rules, checklists, the office's words; what a content type's texts start from."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "glossary_word",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column("folded", sa.String(length=160), nullable=False),
        sa.Column("meaning", sa.String(length=200), nullable=False),
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["app_user.id"], name=op.f("fk_glossary_word_added_by_app_user")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_glossary_word_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glossary_word")),
        sa.UniqueConstraint("office_id", "folded", name=op.f("uq_glossary_word_office_id_folded")),
    )

    op.create_table(
        "rule_setting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_rule_setting_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_setting")),
        sa.UniqueConstraint("office_id", "code", name=op.f("uq_rule_setting_office_id_code")),
    )

    op.create_table(
        "checklist_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content_type_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("help", sa.String(length=300), nullable=False),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("ticker", sa.String(40), nullable=False),
        sa.Column("production_role_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_again", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ticker = 'role') = (production_role_id IS NOT NULL)", name=op.f("ck_checklist_item_role_named")
        ),
        sa.ForeignKeyConstraint(
            ["content_type_id"],
            ["content_type.id"],
            name=op.f("fk_checklist_item_content_type_id_content_type"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_checklist_item_office_id_unit")),
        sa.ForeignKeyConstraint(
            ["production_role_id"],
            ["production_role.id"],
            name=op.f("fk_checklist_item_production_role_id_production_role"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_item")),
    )

    with op.batch_alter_table("checklist_item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_checklist_item_office_id_content_type_id", ["office_id", "content_type_id"], unique=False
        )

    op.create_table(
        "checklist_tick",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ticked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ticked_as", sa.String(length=300), nullable=False),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["checklist_item.id"], name=op.f("fk_checklist_tick_item_id_checklist_item")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_checklist_tick_story_id_story")),
        sa.ForeignKeyConstraint(
            ["ticked_by"], ["app_user.id"], name=op.f("fk_checklist_tick_ticked_by_app_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_tick")),
        sa.UniqueConstraint("story_id", "item_id", name=op.f("uq_checklist_tick_story_id_item_id")),
    )

    with op.batch_alter_table("checklist_tick", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checklist_tick_item_id"), ["item_id"], unique=False)

    op.create_table(
        "finding_override",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("passage_hash", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_as", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"], ["app_user.id"], name=op.f("fk_finding_override_made_by_app_user")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_finding_override_story_id_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_override")),
        sa.UniqueConstraint(
            "story_id", "code", "passage_hash", name=op.f("uq_finding_override_story_id_code_passage_hash")
        ),
    )

    op.create_table(
        "story_declaration",
        sa.Column(
            "story_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_as", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"], ["app_user.id"], name=op.f("fk_story_declaration_made_by_app_user")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_declaration_story_id_story")),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_story_declaration")),
    )

    with op.batch_alter_table("content_type", schema=None) as batch_op:
        batch_op.add_column(sa.Column("template", sa.String(40), nullable=False, server_default="article"))
        batch_op.add_column(sa.Column("body_template", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column(
                "credit_template",
                sa.String(length=200),
                nullable=False,
                server_default="Narasi: {penulis} / Foto: {foto} / Editor: {editor}",
            )
        )
    with op.batch_alter_table("content_type", schema=None) as batch_op:
        batch_op.alter_column(
            "template", existing_type=sa.String(40), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "body_template", existing_type=sa.Text(), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "credit_template",
            existing_type=sa.String(length=200),
            existing_nullable=False,
            server_default=None,
        )
    _name_genres(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table("content_type", schema=None) as batch_op:
        batch_op.drop_column("credit_template")
        batch_op.drop_column("body_template")
        batch_op.drop_column("template")

    op.drop_table("story_declaration")

    op.drop_table("finding_override")

    with op.batch_alter_table("checklist_tick", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checklist_tick_item_id"))

    op.drop_table("checklist_tick")

    with op.batch_alter_table("checklist_item", schema=None) as batch_op:
        batch_op.drop_index("ix_checklist_item_office_id_content_type_id")

    op.drop_table("checklist_item")

    op.drop_table("rule_setting")

    op.drop_table("glossary_word")


GENRES = {"siaran_pers": "press_release", "pengumuman": "announcement", "klarifikasi_hoaks": "hoax"}


def _name_genres(connection: sa.Connection) -> None:
    """Content types that came with the product ask for what their genre needs."""
    for code, template in GENRES.items():
        connection.execute(
            sa.text("UPDATE content_type SET template = :template WHERE code = :code"),
            {"template": template, "code": code},
        )
