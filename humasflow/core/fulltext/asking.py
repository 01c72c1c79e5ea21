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
    case,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    union_all,
)

from humasflow.core.db import db
from humasflow.core.fulltext.indexing import Words
from humasflow.core.fulltext.words import Term

Joined = Sequence[tuple[Any, ColumnElement[bool]]]
FEW = 2_000  # so many rows are sorted sooner than the next hit is looked for
WINDOW = 100  # of a word that stands everywhere, that many of the newest are looked at


def window(
    words: Words, model: Any, terms: Sequence[Term], narrowed: Sequence[ColumnElement[bool]], *, size: int = WINDOW,
    joined: Joined = (),
) -> Subquery:  # fmt: skip
    """``id`` of the newest rows with all the terms, where the conditions hold; for joining with what is shown.

    The conditions stand inside: what a person may not see takes nobody's place and is not counted.
    """
    whole: FromClause = model.__table__
    key: ColumnElement[int] = whole.c[words.key]
    if db.session.get_bind().dialect.name != "sqlite":
        asked = literal_column(words.document(f"{words.table}.")).op("@@")(_tsquery(terms))
        return newest(whole, key, asked, narrowed, size=size, joined=joined, name=words.index)
    # The index is read from its newest row backward and left as soon as there are enough.
    index = table(words.index, column("rowid"))
    matched = literal_column(words.index, String).op("MATCH")(bindparam(None, _fts(terms), String))
    of = with_joined(index.join(whole, key == index.c.rowid), joined)
    found: Select[Any] = select(index.c.rowid.label("id")).select_from(of).where(matched, *narrowed)
    return found.order_by(index.c.rowid.desc()).limit(size).subquery()


def newest(
    of: FromClause, key: ColumnElement[int], asked: ColumnElement[bool], narrowed: Sequence[ColumnElement[bool]], *,
    size: int, joined: Joined = (), name: str,
) -> Subquery:  # fmt: skip
    """The same on PostgreSQL, which has no index that is both by words and by age, and guesses badly how many rows
    have a word's beginning. So it is told what to do: where few rows have the words, take them all from the index of
    words and sort them; where many have them, walk back from the newest, for the next hit is near.
    """
    few = select(key.label("id")).select_from(of).where(asked).limit(FEW).cte(f"few_{name}")
    few = few.prefix_with("MATERIALIZED")
    number = select(func.count()).select_from(few).scalar_subquery()
    found: Select[Any] = select(key.label("id")).select_from(with_joined(of, joined)).where(*narrowed)
    listed = found.where(number < FEW, key.in_(select(few.c.id))).order_by(key.desc()).limit(size).subquery()
    # As a case, the condition is no business of the index of words, and is taken for likely.
    likely = case((asked, literal(value=True)), else_=literal(value=False))
    walked = found.where(number >= FEW, likely).order_by(key.desc()).limit(size).subquery()
    return union_all(select(listed.c.id), select(walked.c.id)).subquery()


def with_joined(of: FromClause, joined: Joined) -> FromClause:
    """The table with others that the conditions speak of."""
    for other, on in joined:
        of = of.join(other.__table__, on)
    return of


def _fts(terms: Sequence[Term]) -> str:
    return " ".join(f'"{" ".join(t.words)}" *' for t in terms)


def _tsquery(terms: Sequence[Term]) -> ColumnElement[str]:
    # Words hold letters and digits only, so the quotes around them cannot be broken out of.
    parts = []
    for term in terms:
        *whole, begun = term.words
        parts.append("(" + " <-> ".join([*(f"'{w}'" for w in whole), f"'{begun}':*"]) + ")")
    return func.to_tsquery(literal_column("'simple'::regconfig"), " & ".join(parts))
