"""Search everywhere: an index over the words of pitches, publications, files, people, campaigns and events."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Table, its key and its searched columns, as the models say at the time of this migration.
WORDS = (
    ("story_search", "story_id", ("title",)),
    ("pitch", "id", ("title", "what", "place", "people")),
    ("delivery", "id", ("title", "summary")),
    ("asset", "id", ("filename", "alt_text", "caption", "credit")),
    ("app_user", "id", ("name", "email")),
    ("campaign", "id", ("name", "hashtag", "message", "goal", "audience")),
    ("agenda_event", "id", ("title", "place", "organizer", "description")),
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, key, columns in WORDS:
        for statement in _sqlite(table, key, columns) if is_sqlite else _postgresql(table, columns):
            op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    for table, _key, _columns in reversed(WORDS):
        if op.get_bind().dialect.name == "sqlite":
            for name in ("added", "removed", "changed"):
                op.get_bind().exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_fulltext_{name}")
            op.get_bind().exec_driver_sql(f"DROP TABLE {table}_fulltext")
        else:
            op.get_bind().exec_driver_sql(f"DROP INDEX {table}_fulltext")


def _postgresql(table: str, columns: tuple[str, ...]) -> list[str]:
    texts = " || ' ' || ".join(f"left(coalesce({c}, ''), 20000)" for c in columns)
    words = f"to_tsvector('simple'::regconfig, regexp_replace({texts}, '[^[:alnum:]]+', ' ', 'g'))"
    return [f"CREATE INDEX {table}_fulltext ON {table} USING gin ({words})"]


def _sqlite(table: str, key: str, columns: tuple[str, ...]) -> list[str]:
    names, index = ", ".join(columns), f"{table}_fulltext"
    old, new = (", ".join(f"{row}.{c}" for c in (key, *columns)) for row in ("old", "new"))
    add = f"INSERT INTO {index}(rowid, {names}) VALUES ({new});"  # noqa: S608 - names of our own tables
    remove = f"INSERT INTO {index}({index}, rowid, {names}) VALUES ('delete', {old});"  # noqa: S608 - names of our own tables
    options = (
        f"content='{table}', content_rowid='{key}', prefix='2 3 4', tokenize='unicode61 remove_diacritics 2'"
    )
    return [
        f"CREATE VIRTUAL TABLE {index} USING fts5({names}, {options})",
        f"CREATE TRIGGER {index}_added AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER {index}_removed AFTER DELETE ON {table} BEGIN {remove} END",
        f"CREATE TRIGGER {index}_changed AFTER UPDATE OF {names} ON {table} BEGIN {remove} {add} END",
        f"INSERT INTO {index}({index}) VALUES ('rebuild')",  # noqa: S608 - as above
    ]
