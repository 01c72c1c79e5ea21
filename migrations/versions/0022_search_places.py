"""Search of a million stories: the index of words knows the office and the age of a row (PostgreSQL).

On PostgreSQL the words of the stories are worked out anew: minutes where there are hundreds of thousands of them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# Table, its key and its searched columns, as the models say at the time of this migration.
WORDS = (
    ("story_search", "story_id", ("title",)),
    ("pitch", "id", ("title", "what", "place", "people")),
    ("delivery", "id", ("title", "summary")),
    ("asset", "id", ("filename", "alt_text", "caption", "credit")),
    ("campaign", "id", ("name", "hashtag", "message", "goal", "audience")),
    ("agenda_event", "id", ("title", "place", "organizer", "description")),
)
_CHANGED = """CREATE TRIGGER story_search_changed AFTER UPDATE{of} ON story_search BEGIN
        INSERT INTO story_search_index(story_search_index, rowid, title, names, body)
        VALUES ('delete', old.story_id, old.title, old.names, old.body);
        INSERT INTO story_search_index(rowid, title, names, body)
        VALUES (new.story_id, new.title, new.names, new.body);
    END"""


def upgrade() -> None:
    run = op.get_bind().exec_driver_sql
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    # What hangs on the words is taken away before every row changes, and made again after.
    if is_sqlite:
        run("DROP TRIGGER story_search_changed")
    else:
        run("DROP INDEX ix_story_search_document")
        run("ALTER TABLE story_search DROP COLUMN document")
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("story_search", sa.Column("office_id", kind, nullable=False, server_default=sa.text("0")))
    run(
        "UPDATE story_search SET office_id = (SELECT s.office_id FROM story s WHERE s.id = story_search.story_id)"
    )
    if is_sqlite:
        run(_CHANGED.format(of=" OF title, names, body"))
    else:
        _postgresql(_places)
    op.create_index("ix_story_author_updated", "story", ["created_by", "office_id", "updated_at", "id"])
    op.create_index("ix_delivery_office", "delivery", ["office_id", "id"])


def downgrade() -> None:
    run = op.get_bind().exec_driver_sql
    op.drop_index("ix_delivery_office", table_name="delivery")
    op.drop_index("ix_story_author_updated", table_name="story")
    if op.get_bind().dialect.name == "sqlite":
        run("DROP TRIGGER story_search_changed")
        op.drop_column("story_search", "office_id")
        run(_CHANGED.format(of=""))
        return
    for table, _key, _columns in WORDS:
        run(f"DROP INDEX {table}_fulltext")
    run("DROP INDEX ix_story_search_document")
    run("ALTER TABLE story_search DROP COLUMN document")
    op.drop_column("story_search", "office_id")
    _postgresql(lambda _key: "", drop=False)


def _postgresql(also, *, drop: bool = True) -> None:  # type: ignore[no-untyped-def]
    """The words with what is ``also`` among them."""
    run = op.get_bind().exec_driver_sql
    run(
        "ALTER TABLE story_search ADD COLUMN document tsvector "
        f"GENERATED ALWAYS AS ({_document()}{also('story_id')}) STORED"
    )
    run("CREATE INDEX ix_story_search_document ON story_search USING gin (document)")
    for table, key, columns in WORDS:
        if drop:
            run(f"DROP INDEX {table}_fulltext")
        texts = " || ' ' || ".join(f"left(coalesce({c}, ''), 20000)" for c in columns)
        words = f"to_tsvector('simple'::regconfig, regexp_replace({texts}, '[^[:alnum:]]+', ' ', 'g'))"
        run(f"CREATE INDEX {table}_fulltext ON {table} USING gin (({words}{also(key)}))")


def _places(key: str) -> str:
    office = "'_o'::text || (office_id)::text"
    return f" || array_to_tsvector(ARRAY[{office}, {office} || 'b'::text || ({key} >> 15)::text])"


def _document() -> str:
    def weighed(config: str, column: str, weight: str) -> str:
        words = f"regexp_replace({column}, '[^[:alnum:]]+', ' ', 'g')"
        return f"setweight(to_tsvector('{config}', {words}), '{weight}')"

    return " || '.:1'::tsvector || ".join(
        weighed(*part)
        for part in (
            ("indonesian", "title", "A"), ("simple", "title", "A"), ("indonesian", "names", "B"),
            ("simple", "names", "B"), ("indonesian", "body", "C"),
        )
    )  # fmt: skip
