"""What the desk's search reads: the plain text of every story's current version, and the database's own index of it.

The table is the same everywhere. The index is not: on SQLite a full-text table (FTS5) whose rows triggers keep in step,
on PostgreSQL a generated ``tsvector`` column with a GIN index. Both follow the table by themselves, inside the same
transaction, so that whoever writes the text cannot forget them. ``create_all`` makes them; a migration calls
:func:`create_search` after it made the table, and :func:`drop_search` before it drops it.
"""

from typing import Any

from sqlalchemy import Connection, ForeignKey, Table, Text, event, text
from sqlalchemy.orm import Mapped, mapped_column

from humasflow.core.db import Base, Id
from humasflow.core.fulltext.indexing import index_words, places

INDEX = "story_search_index"  # the full-text table on SQLite; its shadow tables begin with the same word
DOCUMENT = "document"  # the generated column on PostgreSQL
GIN = "ix_story_search_document"


class StorySearch(Base):
    """The words of a story's current version: what is searched, and what a result's excerpt is cut from."""

    __tablename__ = "story_search"

    story_id: Mapped[int] = mapped_column(
        ForeignKey("story.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    # Repeats the story's, which never changes, so that the index of words knows it.
    office_id: Mapped[int] = mapped_column(Id, server_default=text("0"))
    title: Mapped[str] = mapped_column(Text)
    names: Mapped[str] = mapped_column(Text)  # kicker, people, place, agenda and other short facts
    body: Mapped[str] = mapped_column(Text)


# FTS5 takes words out of its index by being told which stood there: it has to hold what the table holds, always.
REBUILD = "INSERT INTO story_search_index(story_search_index) VALUES ('rebuild')"

# Diacritics do not matter; two to four letters find whole words at the cost of one look-up.
_SQLITE = (
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
    """CREATE TRIGGER story_search_changed AFTER UPDATE OF title, names, body ON story_search BEGIN
        INSERT INTO story_search_index(story_search_index, rowid, title, names, body)
        VALUES ('delete', old.story_id, old.title, old.names, old.body);
        INSERT INTO story_search_index(rowid, title, names, body)
        VALUES (new.story_id, new.title, new.names, new.body);
    END""",
    REBUILD,
)


def _words(column: str) -> str:
    """The column's words parted by blanks: PostgreSQL would read "covid-19" or an address as one token."""
    return f"regexp_replace({column}, '[^[:alnum:]]+', ' ', 'g')"


def _weighed(config: str, column: str, weight: str) -> str:
    return f"setweight(to_tsvector('{config}', {_words(column)}), '{weight}')"


# A full stop between the parts: without it a phrase could begin at the end of one and end in the next.
_GAP = " || '.:1'::tsvector || "

# Where a row stands is among its words (see `core/fulltext/indexing.py`).
# Stems find "penyerahan" by "diserahkan". Titles and names are there as written too: a name has no stem, and a word
# that is still being typed has none yet.
_DOCUMENT = _GAP.join(
    (
        _weighed("indonesian", "title", "A"),
        _weighed("simple", "title", "A"),
        _weighed("indonesian", "names", "B"),
        _weighed("simple", "names", "B"),
        _weighed("indonesian", "body", "C"),
    )
) + " || " + places("story_id", "office_id")  # fmt: skip

# Which words there are (`stories/search/spelling.py`). No key and no lock: two that add the same word at once add it
# twice. Whole statements are learnt from, so that an import in bulk asks once for all its words.
KNOWN = "story_search_word"
_LEARN = f"""INSERT INTO {KNOWN} (word)
    SELECT DISTINCT found.word FROM (
        SELECT regexp_replace(lexeme, '[0-9].*$', '0') COLLATE "C" AS word
        FROM learnt, unnest(tsvector_to_array(learnt.{DOCUMENT})) AS lexeme
        WHERE NOT starts_with(lexeme, '_')
    ) found
    WHERE NOT EXISTS (SELECT 1 FROM {KNOWN} known WHERE known.word = found.word)"""  # noqa: S608 - our own names
_SPELLING = (
    f'CREATE TABLE IF NOT EXISTS {KNOWN} (word text COLLATE "C" NOT NULL)',
    f"CREATE INDEX IF NOT EXISTS ix_{KNOWN} ON {KNOWN} (word)",
    f"""CREATE OR REPLACE FUNCTION {KNOWN}_learn() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {_LEARN}; RETURN NULL; END $$""",
    *(
        f"CREATE TRIGGER {KNOWN}_{name} AFTER {event} ON story_search REFERENCING NEW TABLE AS learnt "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {KNOWN}_learn()"
        for name, event in (("added", "INSERT"), ("changed", "UPDATE"))
    ),
)
_POSTGRESQL = (
    f"ALTER TABLE story_search ADD COLUMN {DOCUMENT} tsvector GENERATED ALWAYS AS ({_DOCUMENT}) STORED",
    f"CREATE INDEX {GIN} ON story_search USING gin ({DOCUMENT})",
    *_SPELLING,
)


def create_search(connection: Connection) -> None:
    """Make the index beside the table ``story_search``, which exists."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)


def drop_search(connection: Connection) -> None:
    """Take the index away before the table goes (its triggers, its column and the GIN index go with the table)."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {INDEX}")
    else:
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {KNOWN}_learn() CASCADE")
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {KNOWN}")


def is_of_the_index(name: str | None, kind: str) -> bool:
    """Whether a thing that stands in the database, but in no model, belongs to the index (for comparing both)."""
    if name is None:
        return False
    return (kind == "table" and name.startswith(INDEX)) or (kind, name) in {
        ("column", DOCUMENT),
        ("index", GIN),
        ("table", KNOWN),
        ("index", f"ix_{KNOWN}"),
    }


def _after_create(_table: Table, connection: Connection, **_more: Any) -> None:
    create_search(connection)


def _before_drop(_table: Table, connection: Connection, **_more: Any) -> None:
    drop_search(connection)


event.listen(StorySearch.__table__, "after_create", _after_create)
event.listen(StorySearch.__table__, "before_drop", _before_drop)

# What is searched.
TITLE_WORDS = index_words(StorySearch, "title", key="story_id")
