"""Asking an index: the newest rows that have the terms, never more than a window of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    String,
    Subquery,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
)

from humasflow.core.db import db
from humasflow.core.fulltext.indexing import Words
from humasflow.core.fulltext.words import Term

WINDOW = 100  # of a word that stands everywhere, that many of the newest are looked at


def window(
    words: Words, model: Any, terms: Sequence[Term], narrowed: Sequence[ColumnElement[bool]], *, size: int = WINDOW,
    joined: Sequence[tuple[Any, ColumnElement[bool]]] = (),
) -> Subquery:  # fmt: skip
    """``id`` of the newest rows with all the terms, where the conditions hold; for joining with what is shown.

    The conditions stand inside: what a person may not see takes nobody's place and is not counted.
    """
    of: FromClause = model.__table__
    key = of.c[words.key]
    asked: ColumnElement[bool]
    if db.session.get_bind().dialect.name == "sqlite":
        # The index is read from its newest row backward and left as soon as there are enough.
        index = table(words.index, column("rowid"))
        of, key = index.join(of, key == index.c.rowid), index.c.rowid
        whole = literal_column(words.index, String)
        asked = whole.op("MATCH")(bindparam(None, " ".join(f'"{" ".join(t.words)}" *' for t in terms), String))
    else:
        asked = literal_column(words.document(f"{words.table}.")).op("@@")(_tsquery(terms))
    for other, on in joined:
        of = of.join(other.__table__, on)
    found: Select[Any] = select(key.label("id")).select_from(of).where(asked, *narrowed)
    return found.order_by(key.desc()).limit(size).subquery()


def _tsquery(terms: Sequence[Term]) -> ColumnElement[str]:
    # Words hold letters and digits only, so the quotes around them cannot be broken out of.
    parts = []
    for term in terms:
        *whole, begun = term.words
        parts.append("(" + " <-> ".join([*(f"'{w}'" for w in whole), f"'{begun}':*"]) + ")")
    return func.to_tsquery(literal_column("'simple'::regconfig"), " & ".join(parts))
