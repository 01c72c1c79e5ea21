"""Which columns of a table are searched, and the index over them.

No table of our own: on PostgreSQL a GIN index over an expression of the columns, on SQLite a full-text table (FTS5)
that holds no text itself and whose rows triggers keep in step. Both follow the table by themselves, inside the same
transaction, so that whoever writes the text cannot forget them, not even an import in bulk. ``create_all`` makes them;
a migration makes them for tables that exist. A migration on SQLite that rebuilds a table takes its triggers with it:
:func:`mend` puts them back (``migrations/env.py`` calls it after every run).
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, event, inspect

from humasflow.core.db import Base

LONGEST = 20_000  # characters of one column that PostgreSQL looks at; far above what a form takes
OFFICE = "_o"  # how PostgreSQL's lexeme of an office begins: no word that is typed holds the sign
BLOCK = 15  # bits: so many rows that were written one after the other (32,768) share a lexeme on PostgreSQL
_known: dict[str, "Words"] = {}


@dataclass(frozen=True)
class Words:
    """The searched columns of a table. ``key`` is its whole-number primary key, ``office`` the column that names the
    office; empty: rows belong to none in particular.
    """

    table: str
    columns: tuple[str, ...]
    key: str = "id"
    office: str = ""

    @property
    def index(self) -> str:
        """The full-text table on SQLite; its shadow tables begin with the same word. The GIN index on PostgreSQL."""
        return f"{self.table}_fulltext"

    def document(self, of: str = "") -> str:
        """PostgreSQL's expression that the index is over; ``of`` names the table where several are read."""
        if not self.office:
            return self.text(of)
        return f"({self.text(of)} || {places(f'{of}{self.key}', f'{of}{self.office}')})"

    def text(self, of: str = "") -> str:
        """The same without where the row stands: for a row that is read."""
        # Blanks instead of punctuation: PostgreSQL would read "covid-19" or an address as one token.
        return (
            f"to_tsvector('simple'::regconfig, regexp_replace({self.plain(of)}, '[^[:alnum:]]+', ' ', 'g'))"
        )

    def plain(self, of: str = "") -> str:
        """What the words are taken from."""
        return " || ' ' || ".join(f"left(coalesce({of}{c}, ''), {LONGEST})" for c in self.columns)

    def statements(self, dialect: str) -> list[str]:
        """What makes the index and fills it."""
        if dialect == "postgresql":
            return [f"CREATE INDEX {self.index} ON {self.table} USING gin ({self.document()})"]
        names = ", ".join(self.columns)
        # Diacritics do not matter; two to four letters find whole words at the cost of one look-up.
        options = (
            f"content='{self.table}', content_rowid='{self.key}', prefix='2 3 4', "
            "tokenize='unicode61 remove_diacritics 2'"
        )
        return [
            f"CREATE VIRTUAL TABLE {self.index} USING fts5({names}, {options})",
            *self.triggers(),
            f"INSERT INTO {self.index}({self.index}) VALUES ('rebuild')",  # noqa: S608 - names of our own tables
        ]

    def triggers(self) -> list[str]:
        """SQLite's; those that are there stay."""
        names = ", ".join(self.columns)
        old, new = (", ".join(f"{row}.{c}" for c in (self.key, *self.columns)) for row in ("old", "new"))
        add = f"INSERT INTO {self.index}(rowid, {names}) VALUES ({new});"  # noqa: S608 - names of our own tables
        remove = f"INSERT INTO {self.index}({self.index}, rowid, {names}) VALUES ('delete', {old});"  # noqa: S608 - as above
        start = f"CREATE TRIGGER IF NOT EXISTS {self.index}"
        return [
            f"{start}_added AFTER INSERT ON {self.table} BEGIN {add} END",
            f"{start}_removed AFTER DELETE ON {self.table} BEGIN {remove} END",
            # Only where the words change: a publication's state changes a dozen times.
            f"{start}_changed AFTER UPDATE OF {names} ON {self.table} BEGIN {remove} {add} END",
        ]


def places(key: str, office: str) -> str:
    """PostgreSQL's expression for where a row stands: two lexemes that nobody can type, one of its office, one of its
    block within it. So the index of words answers for an office, and for the newest of it, without reading a row.
    """
    of_office = f"'{OFFICE}'::text || ({office})::text"
    return f"array_to_tsvector(ARRAY[{of_office}, {of_office} || 'b'::text || ({key} >> {BLOCK})::text])"


def index_words(model: type[Base], *columns: str, key: str = "id", office: str = "office_id") -> Words:
    """Keep an index over text columns of a model's table; said once, beside the model."""
    table = Base.metadata.tables[model.__tablename__]
    words = _known.setdefault(table.name, Words(table.name, columns, key, office))

    def after_create(_table: Table, connection: Connection, **_more: Any) -> None:
        create(connection, words)

    def before_drop(_table: Table, connection: Connection, **_more: Any) -> None:
        drop(connection, words)

    event.listen(table, "after_create", after_create)
    event.listen(table, "before_drop", before_drop)
    return words


def create(connection: Connection, words: Words) -> None:
    """Make the index of a table that exists."""
    for statement in words.statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def drop(connection: Connection, words: Words) -> None:
    """Take the index away before the table goes (triggers and PostgreSQL's index go with the table)."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {words.index}")


def mend(connection: Connection) -> None:
    """Put back the triggers that went with a rebuilt table. What its rows hold is the same, so the index is true."""
    if connection.dialect.name != "sqlite":
        return
    there = set(inspect(connection).get_table_names())
    for words in _known.values():
        if words.index in there:
            for statement in words.triggers():
                connection.exec_driver_sql(statement)


def is_of_an_index(name: str | None) -> bool:
    """Whether a table or index that stands in no model belongs to one of these (for comparing both)."""
    return name is not None and any(name.startswith(words.index) for words in _known.values())
