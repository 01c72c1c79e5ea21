"""The desk: running versions, presence, comments, search, saved views, confidentiality, changes after publication."""

import html
import re

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


# The index of the search, as the models make it (humasflow/stories/models/search.py at the time of this migration).
SEARCH_SQLITE = (
    """CREATE VIRTUAL TABLE story_search_index USING fts5(
        title, names, body, content='story_search', content_rowid='story_id',
        prefix='2 3 4', tokenize='unicode61 remove_diacritics 2'
    )""",
    """CREATE TRIGGER story_search_added AFTER INSERT ON story_search BEGIN
        INSERT INTO story_search_index(rowid, title, names, body)
        VALUES (new.story_id, new.title, new.names, new.body);
    END""",
    """CREATE TRIGGER story_search_removed AFTER DELETE ON story_search BEGIN
        INSERT INTO story_search_index(story_search_index, rowid, title, names, body)
        VALUES ('delete', old.story_id, old.title, old.names, old.body);
    END""",
    """CREATE TRIGGER story_search_changed AFTER UPDATE ON story_search BEGIN
        INSERT INTO story_search_index(story_search_index, rowid, title, names, body)
        VALUES ('delete', old.story_id, old.title, old.names, old.body);
        INSERT INTO story_search_index(rowid, title, names, body)
        VALUES (new.story_id, new.title, new.names, new.body);
    END""",
    "INSERT INTO story_search_index(story_search_index) VALUES ('rebuild')",
)


def _words(column: str) -> str:
    return f"regexp_replace({column}, '[^[:alnum:]]+', ' ', 'g')"


def _weighed(config: str, column: str, weight: str) -> str:
    return f"setweight(to_tsvector('{config}', {_words(column)}), '{weight}')"


_DOCUMENT = " || '.:1'::tsvector || ".join(
    _weighed(*part)
    for part in (
        ("indonesian", "title", "A"),
        ("simple", "title", "A"),
        ("indonesian", "names", "B"),
        ("simple", "names", "B"),
        ("indonesian", "body", "C"),
    )
)
SEARCH_POSTGRESQL = (
    f"ALTER TABLE story_search ADD COLUMN document tsvector GENERATED ALWAYS AS ({_DOCUMENT}) STORED",
    "CREATE INDEX ix_story_search_document ON story_search USING gin (document)",
)

# A sealed version never changes (humasflow/stories/models/sealing.py at the time of this migration).
OF_VERSION = "OLD.sealed_at IS NOT NULL"
OF_PART = "EXISTS (SELECT 1 FROM story_version v WHERE v.id = OLD.version_id AND v.sealed_at IS NOT NULL)"
GUARDED = (("story_version", OF_VERSION), ("story_body", OF_PART), ("story_picture", OF_PART))
FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_sealed_version() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'a sealed version never changes'; END;
$$ LANGUAGE plpgsql
"""
PART_FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_sealed_part() RETURNS trigger AS $$
BEGIN
  IF {OF_PART} THEN RAISE EXCEPTION 'a sealed version never changes'; END IF;
  RETURN NEW;
END;
$$ LANGUAGE plpgsql
"""


def upgrade() -> None:
    op.create_table(
        "bulk_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["app_user.id"], name=op.f("fk_bulk_run_actor_id_app_user")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_bulk_run_office_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_run")),
    )

    with op.batch_alter_table("bulk_run", schema=None) as batch_op:
        batch_op.create_index("ix_bulk_run_actor", ["actor_id", "id"], unique=False)

    op.create_table(
        "desk_view",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_desk_view_view_has_name")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_desk_view_office_id_unit")),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name=op.f("fk_desk_view_owner_id_app_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_view")),
    )

    with op.batch_alter_table("desk_view", schema=None) as batch_op:
        batch_op.create_index("ix_desk_view_office", ["office_id", "owner_id", "id"], unique=False)

    op.create_table(
        "desk_default",
        sa.Column(
            "user_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "office_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("view_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_desk_default_office_id_unit")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_desk_default_user_id_app_user")),
        sa.ForeignKeyConstraint(
            ["view_id"], ["desk_view.id"], name=op.f("fk_desk_default_view_id_desk_view")
        ),
        sa.PrimaryKeyConstraint("user_id", "office_id", name=op.f("pk_desk_default")),
    )

    with op.batch_alter_table("desk_default", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_default_view_id"), ["view_id"], unique=False)

    op.create_table(
        "story_document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("taken", sa.JSON(), nullable=False),
        sa.Column("left", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["app_user.id"], name=op.f("fk_story_document_created_by_app_user")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_document_story_id_story")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_document")),
    )

    with op.batch_alter_table("story_document", schema=None) as batch_op:
        batch_op.create_index("ix_story_document_story_id", ["story_id", "id"], unique=False)

    op.create_table(
        "story_presence",
        sa.Column(
            "story_id",
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
        sa.Column("tab", sa.String(length=32), nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_presence_story_id_story")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_story_presence_user_id_app_user")
        ),
        sa.PrimaryKeyConstraint("story_id", "user_id", "tab", name=op.f("pk_story_presence")),
    )

    with op.batch_alter_table("story_presence", schema=None) as batch_op:
        batch_op.create_index("ix_story_presence_seen_at", ["seen_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_story_presence_user_id"), ["user_id"], unique=False)

    op.create_table(
        "story_reader",
        sa.Column(
            "story_id",
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
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["app_user.id"], name=op.f("fk_story_reader_added_by_app_user")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_reader_story_id_story")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_story_reader_user_id_app_user")),
        sa.PrimaryKeyConstraint("story_id", "user_id", name=op.f("pk_story_reader")),
    )

    with op.batch_alter_table("story_reader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_story_reader_user_id"), ["user_id"], unique=False)

    op.create_table(
        "story_search",
        sa.Column(
            "story_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["story.id"], name=op.f("fk_story_search_story_id_story"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_story_search")),
    )

    op.create_table(
        "comment_thread",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("prefix", sa.String(length=64), nullable=False),
        sa.Column("suffix", sa.String(length=64), nullable=False),
        sa.Column("anchor", sa.String(40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "start_at >= 0 AND start_at <= end_at", name=op.f("ck_comment_thread_range_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["app_user.id"], name=op.f("fk_comment_thread_created_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["state_by"], ["app_user.id"], name=op.f("fk_comment_thread_state_by_app_user")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_comment_thread_story_id_story")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["story_version.id"], name=op.f("fk_comment_thread_version_id_story_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_thread")),
    )

    with op.batch_alter_table("comment_thread", schema=None) as batch_op:
        batch_op.create_index(
            "ix_comment_thread_open",
            ["story_id"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(
            "ix_comment_thread_story_position", ["story_id", "position", "id"], unique=False
        )

    op.create_table(
        "story_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("base_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("public_note", sa.Text(), nullable=False),
        sa.Column("ordered_by", sa.String(length=200), nullable=False),
        sa.Column("created_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["base_version_id"],
            ["story_version.id"],
            name=op.f("fk_story_change_base_version_id_story_version"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["app_user.id"], name=op.f("fk_story_change_created_by_app_user")
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_story_change_story_id_story")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["story_version.id"], name=op.f("fk_story_change_version_id_story_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_change")),
    )

    with op.batch_alter_table("story_change", schema=None) as batch_op:
        batch_op.create_index(
            "ix_story_change_story_id_published_at", ["story_id", "published_at", "id"], unique=False
        )
        batch_op.create_index(
            "uq_story_change_story_id_prepared",
            ["story_id"],
            unique=True,
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        )

    op.create_table(
        "comment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name=op.f("fk_comment_author_id_app_user")),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["comment_thread.id"], name=op.f("fk_comment_thread_id_comment_thread")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )

    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_thread_id"), ["thread_id"], unique=False)

    op.create_table(
        "suggestion",
        sa.Column(
            "thread_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("replacement", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["app_user.id"], name=op.f("fk_suggestion_decided_by_app_user")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["comment_thread.id"], name=op.f("fk_suggestion_thread_id_comment_thread")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["story_version.id"], name=op.f("fk_suggestion_version_id_story_version")
        ),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_suggestion")),
    )

    op.create_table(
        "comment_mention",
        sa.Column(
            "comment_id",
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
            ["comment_id"], ["comment.id"], name=op.f("fk_comment_mention_comment_id_comment")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("fk_comment_mention_user_id_app_user")
        ),
        sa.PrimaryKeyConstraint("comment_id", "user_id", name=op.f("pk_comment_mention")),
    )

    with op.batch_alter_table("comment_mention", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_mention_user_id"), ["user_id"], unique=False)

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("correcting_to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_delivery_correcting_to_id"), ["correcting_to_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_delivery_correcting_to_id_story_version"),
            "story_version",
            ["correcting_to_id"],
            ["id"],
        )

    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_confidential", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("embargo_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_story_office_updated", ["office_id", "updated_at", "id"], unique=False)
        batch_op.create_index(
            "ix_story_returned",
            ["office_id", "state_since", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'draft' AND returns > 0 AND last_reason != ''"),
            postgresql_where=sa.text("state = 'draft' AND returns > 0 AND last_reason != ''"),
        )
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.alter_column(
            "is_confidential", existing_type=sa.Boolean(), existing_nullable=False, server_default=None
        )

    with op.batch_alter_table("story_picture", schema=None) as batch_op:
        batch_op.add_column(sa.Column("in_text", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("story_picture", schema=None) as batch_op:
        batch_op.alter_column(
            "in_text", existing_type=sa.Boolean(), existing_nullable=False, server_default=None
        )

    with op.batch_alter_table("story_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("folds", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("tab", sa.String(length=32), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("tab_step", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("kicker", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("agenda", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("dateline", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("contact", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("claim", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("claim_source", sa.String(length=300), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("fact_source", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("editor_credit", sa.String(length=120), nullable=False, server_default="")
        )
        batch_op.create_index(
            "ix_story_version_unsealed",
            ["saved_at"],
            unique=False,
            sqlite_where=sa.text("sealed_at IS NULL"),
            postgresql_where=sa.text("sealed_at IS NULL"),
        )
    with op.batch_alter_table("story_version", schema=None) as batch_op:
        batch_op.alter_column(
            "folds", existing_type=sa.Integer(), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "tab", existing_type=sa.String(length=32), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "tab_step", existing_type=sa.Integer(), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "kicker", existing_type=sa.String(length=120), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "agenda", existing_type=sa.String(length=200), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "dateline", existing_type=sa.String(length=120), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "contact", existing_type=sa.String(length=300), existing_nullable=False, server_default=None
        )
        batch_op.alter_column("claim", existing_type=sa.Text(), existing_nullable=False, server_default=None)
        batch_op.alter_column(
            "claim_source", existing_type=sa.String(length=300), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "fact_source", existing_type=sa.Text(), existing_nullable=False, server_default=None
        )
        batch_op.alter_column(
            "editor_credit", existing_type=sa.String(length=120), existing_nullable=False, server_default=None
        )
    _seal(op.get_bind())
    _index(op.get_bind())


def downgrade() -> None:
    _unseal(op.get_bind())
    if op.get_bind().dialect.name == "sqlite":
        for name in ("added", "removed", "changed"):
            op.execute(f"DROP TRIGGER story_search_{name}")
        op.execute("DROP TABLE story_search_index")
    with op.batch_alter_table("story_version", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_story_version_unsealed",
            sqlite_where=sa.text("sealed_at IS NULL"),
            postgresql_where=sa.text("sealed_at IS NULL"),
        )
        batch_op.drop_column("editor_credit")
        batch_op.drop_column("fact_source")
        batch_op.drop_column("claim_source")
        batch_op.drop_column("claim")
        batch_op.drop_column("contact")
        batch_op.drop_column("dateline")
        batch_op.drop_column("agenda")
        batch_op.drop_column("kicker")
        batch_op.drop_column("tab_step")
        batch_op.drop_column("tab")
        batch_op.drop_column("folds")
        batch_op.drop_column("sealed_at")
        batch_op.drop_column("saved_at")

    with op.batch_alter_table("story_picture", schema=None) as batch_op:
        batch_op.drop_column("in_text")

    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_story_returned",
            sqlite_where=sa.text("state = 'draft' AND returns > 0 AND last_reason != ''"),
            postgresql_where=sa.text("state = 'draft' AND returns > 0 AND last_reason != ''"),
        )
        batch_op.drop_index("ix_story_office_updated")
        batch_op.drop_column("embargo_until")
        batch_op.drop_column("is_confidential")

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_delivery_correcting_to_id_story_version"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_delivery_correcting_to_id"))
        batch_op.drop_column("correcting_to_id")

    with op.batch_alter_table("comment_mention", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_mention_user_id"))

    op.drop_table("comment_mention")

    op.drop_table("suggestion")

    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_thread_id"))

    op.drop_table("comment")

    with op.batch_alter_table("story_change", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_story_change_story_id_prepared",
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        )
        batch_op.drop_index("ix_story_change_story_id_published_at")

    op.drop_table("story_change")

    with op.batch_alter_table("comment_thread", schema=None) as batch_op:
        batch_op.drop_index("ix_comment_thread_story_position")
        batch_op.drop_index(
            "ix_comment_thread_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.drop_table("comment_thread")

    op.drop_table("story_search")

    with op.batch_alter_table("story_reader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_story_reader_user_id"))

    op.drop_table("story_reader")

    with op.batch_alter_table("story_presence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_story_presence_user_id"))
        batch_op.drop_index("ix_story_presence_seen_at")

    op.drop_table("story_presence")

    with op.batch_alter_table("story_document", schema=None) as batch_op:
        batch_op.drop_index("ix_story_document_story_id")

    op.drop_table("story_document")

    with op.batch_alter_table("desk_default", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_default_view_id"))

    op.drop_table("desk_default")

    with op.batch_alter_table("desk_view", schema=None) as batch_op:
        batch_op.drop_index("ix_desk_view_office")

    op.drop_table("desk_view")

    with op.batch_alter_table("bulk_run", schema=None) as batch_op:
        batch_op.drop_index("ix_bulk_run_actor")

    op.drop_table("bulk_run")


def _seal(connection: sa.Connection) -> None:
    """Every version that exists was saved by a person: it is sealed, and the database refuses to change it."""
    connection.exec_driver_sql("UPDATE story_version SET saved_at = created_at, sealed_at = created_at")
    with op.batch_alter_table("story_version", schema=None) as batch_op:
        batch_op.alter_column("saved_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    if connection.dialect.name == "sqlite":
        for table, condition in GUARDED:
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_sealed BEFORE UPDATE ON {table} WHEN {condition} "
                "BEGIN SELECT RAISE(ABORT, 'a sealed version never changes'); END"
            )
        return
    connection.exec_driver_sql(FUNCTION)
    connection.exec_driver_sql(PART_FUNCTION)
    for table, condition in GUARDED:
        how = (
            "FOR EACH ROW EXECUTE FUNCTION refuse_sealed_part()"
            if condition == OF_PART
            else f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION refuse_sealed_version()"
        )
        connection.exec_driver_sql(f"CREATE TRIGGER {table}_sealed BEFORE UPDATE ON {table} {how}")


def _unseal(connection: sa.Connection) -> None:
    on_table = connection.dialect.name == "postgresql"
    for table, _condition in GUARDED:
        connection.exec_driver_sql(f"DROP TRIGGER {table}_sealed{f' ON {table}' if on_table else ''}")
    if on_table:
        connection.exec_driver_sql("DROP FUNCTION refuse_sealed_version()")
        connection.exec_driver_sql("DROP FUNCTION refuse_sealed_part()")


def _index(connection: sa.Connection) -> None:
    """Make the search's index and fill it with the current version of every story."""
    statements = SEARCH_SQLITE if connection.dialect.name == "sqlite" else SEARCH_POSTGRESQL
    for statement in statements:
        connection.exec_driver_sql(statement)
    rows = connection.execute(
        sa.text(
            "SELECT s.id, v.title, v.lead, v.people, v.place, v.writer_credit, b.html FROM story s "
            "JOIN story_version v ON v.id = s.current_version_id LEFT JOIN story_body b ON b.version_id = v.id"
        )
    )
    insert = sa.text(
        "INSERT INTO story_search (story_id, title, names, body) VALUES (:id, :title, :names, :body)"
    )
    for batch in rows.partitions(500):
        connection.execute(
            insert,
            [
                {
                    "id": ident,
                    "title": title,
                    "names": "\n".join(filter(None, (people, place, writer))),
                    "body": "\n".join(filter(None, (lead, _plain(body or "")))),
                }
                for ident, title, lead, people, place, writer, body in batch
            ],
        )


def _plain(markup: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))).strip()
