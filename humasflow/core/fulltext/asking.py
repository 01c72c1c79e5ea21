"""Asking an index: the newest rows that have the terms, never more than a window of them.

PostgreSQL has no index that is both by words and by age, and guesses badly how many rows have a word's beginning. So
it is told what to do, in stages; each is worked out only where those before found less than is shown:

1. *Near*: the newest rows of the office are read and looked at, :data:`NEAR` of them. A word that stands in one row of
   a hundred is done here, whatever there is besides.
2. *Few*: the index of words, which knows the office too, is asked for all there are. Up to :data:`FEW` is an answer.
3. *Blocks*: where there are more, the index is asked for the two newest blocks of the office, then for the next two
   and so on, until there is a window full: words of which all was written long ago.

What a person may not see is left out inside of each stage: it takes nobody's place and is not counted.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    String,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    null,
    select,
    table,
    text,
    true,
    union,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.exc import DBAPIError

from humasflow.core.db import db
from humasflow.core.fulltext.indexing import BLOCK, OFFICE, Words
from humasflow.core.fulltext.words import Term

Joined = Sequence[tuple[Any, ColumnElement[bool]]]
Conditions = Sequence[ColumnElement[bool]]
NEAR = 300  # rows that are read before the index of words is asked
FEW = 1_000  # so many rows are sorted sooner than blocks are gone through
WINDOW = 100  # of a word that stands everywhere, that many of the newest are looked at
ENOUGH = 9  # hits after which no further stage is gone to: as many as are shown of a kind, and one
# What the index does not answer by itself (a phrase, three letters of a word) is looked up in so many rows.
LOOKED_UP = 2_000
# So many hits of blocks are sorted. Only words that all stand close together, years ago, have more in one step: then
# these are not the newest of them, but as good as any.
OF_BLOCKS = 1_000
CUT = 0  # no row has this number: among the hits it says that some old texts were not looked at
BEGUN = 4  # letters of a word's beginning from which on the index is asked for it beside other words

LONGEST_MS = 3_000  # of one statement of a search; far above what any was seen to take
_CANCELLED = "57014"  # PostgreSQL's word for a statement that took too long

# PostgreSQL's guesses about words would make it read whole tables, compile and start helpers for a few milliseconds'
# work; and what has a word's beginning is put down exactly, not by the page.
_SETTINGS = {
    "enable_seqscan": "off", "jit": "off", "max_parallel_workers_per_gather": "0", "work_mem": "64MB",
    "statement_timeout": str(LONGEST_MS),
}  # fmt: skip


def settle() -> None:
    """Before the windows of a search: tell PostgreSQL how to go about it, until the transaction ends. One statement
    there, none on SQLite.
    """
    if db.session.get_bind().dialect.name != "sqlite":
        told = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in _SETTINGS.items())
        db.session.execute(text(f"SELECT {told}"))


def took_too_long(error: DBAPIError) -> bool:
    """Whether PostgreSQL gave a search up; the transaction is lost then."""
    return getattr(error.orig, "sqlstate", "") == _CANCELLED


@dataclass(frozen=True)
class Question:
    """What is asked of one index of words on PostgreSQL. ``of``: the table that has it, ``key``: its rows' number,
    ``document``: what the index is over, ``text``: the words of a row that is read.

    ``asked``: the terms as a tsquery; ``apart``: the same without phrases, where there is one: words that stand in
    any order, which the index answers without reading the rows. ``spelt``: what the index is asked instead, where it
    is known which words there are that begin so: it finds whole words many times sooner than beginnings.

    ``plain``: what ``text`` is worked out from, where it is not kept: a row without the letters of all ``begun`` in it
    has not the terms, and its words need not be worked out.
    """

    of: FromClause
    key: ColumnElement[int]
    document: ColumnElement[Any]
    text: ColumnElement[Any]
    asked: ColumnElement[str]
    apart: ColumnElement[str] | None = None
    office_id: int | None = None
    narrowed: Conditions = ()
    joined: Joined = ()
    spelt: ColumnElement[str] | None = None
    plain: ColumnElement[str] | None = None
    begun: Sequence[str] = ()

    def rows(self, *more: ColumnElement[Any]) -> Select[Any]:
        """``id`` of the rows that the person may see."""
        return (
            select(self.key.label("id"), *more)
            .select_from(with_joined(self.of, self.joined))
            .where(*self.narrowed)
        )

    def has(self, asked: ColumnElement[str] | None = None) -> ColumnElement[bool]:
        """Whether a row has the terms, as a condition that is no business of the index, and is taken for likely."""
        found: ColumnElement[bool] = self.text.op("@@")(_once(self.asked if asked is None else asked))
        if self.plain is not None:
            # Words are letters and digits: none of them is a sign of LIKE's.
            letters = func.lower(self.plain)
            found = and_(*(letters.like(literal(f"%{word}%")) for word in self.begun), found)
        return case((found, literal(value=True)), else_=literal(value=False))

    def indexed(self, blocks: ColumnElement[Any] | None = None) -> ColumnElement[bool]:
        """The same as a question to the index, within the office or some blocks of it (a tsquery)."""
        asked: ColumnElement[Any] = _once(self.asked if self.apart is None else self.apart)
        if self.spelt is not None:
            asked = _once(self.spelt)
        if blocks is not None:
            asked = asked.op("&&")(blocks)
        elif self.office_id is not None:
            asked = asked.op("&&")(cast(literal(f"'{OFFICE}{self.office_id}'"), TSQUERY))
        return self.document.op("@@")(asked.self_group())


def window(
    words: Words, model: Any, terms: Sequence[Term], narrowed: Conditions, *, office_id: int, size: int = WINDOW,
    joined: Joined = (), enough: int = ENOUGH,
) -> Subquery:  # fmt: skip
    """``id`` of the newest rows with all the terms, where the conditions hold; for joining with what is shown.

    ``office_id``: whose rows are asked for; the conditions say so too. ``enough``: with so many the question may end.
    """
    whole: FromClause = model.__table__
    key: ColumnElement[int] = whole.c[words.key]
    if db.session.get_bind().dialect.name != "sqlite":
        asked, some = tsquery(terms), indexable(terms)
        apart = None if some == tuple(terms) else tsquery(some)
        prefix = f"{words.table}."
        document: ColumnElement[Any] = literal_column(words.document(prefix))
        plain: ColumnElement[Any] = literal_column(words.text(prefix))
        question = Question(
            whole, key, document, plain, asked, apart, office_id if words.office else None, narrowed, joined,
            plain=literal_column(f"({words.plain(prefix)})"), begun=letters(terms),
        )  # fmt: skip
        newest = select(key.label("id")).order_by(key.desc()).limit(NEAR)
        if words.office:
            newest = newest.where(whole.c[words.office] == office_id)
        looked = looked_at(newest, words.index)
        near = question.rows().join(looked, looked.c.id == key).where(question.has())
        hits = _kept(near.order_by(key.desc()).limit(size).cte(f"near_{words.index}"))
        goes_on = and_(counted(looked) >= NEAR, counted(hits) < enough)
        return union(select(hits.c.id), *further(question, goes_on, name=words.index, size=size)).subquery()
    # The index is read from its newest row backward and left as soon as there are enough.
    index = table(words.index, column("rowid"))
    matched = literal_column(words.index, String).op("MATCH")(bindparam(None, _fts(terms), String))
    of = with_joined(index.join(whole, key == index.c.rowid), joined)
    found: Select[Any] = select(index.c.rowid.label("id")).select_from(of).where(matched, *narrowed)
    return found.order_by(index.c.rowid.desc()).limit(size).subquery()


def looked_at(newest: Select[Any], name: str) -> CTE:
    """The rows of the first stage."""
    return _kept(newest.cte(f"looked_{name}"))


def counted(rows: CTE) -> ColumnElement[int]:
    """How many there are."""
    return select(func.count()).select_from(rows).scalar_subquery()


def further(question: Question, goes_on: ColumnElement[bool], *, name: str, size: int) -> list[Select[Any]]:
    """The second and the third stage, gone to where the condition holds: ``id`` of what they find, and :data:`CUT`
    where only the newest rows were looked at for what the index does not answer.
    """
    few = _kept(
        select(question.key.label("id"))
        .select_from(question.of)
        .where(goes_on, question.indexed())
        .limit(FEW)
        .cte(f"few_{name}")
    )
    exact = () if question.apart is None else (question.has(),)
    listed = question.rows().where(goes_on, counted(few) < FEW, question.key.in_(select(few.c.id)), *exact)
    by_age = -question.key  # so written that no other index offers itself for the order
    stages = [listed.order_by(by_age).limit(size)]
    if question.office_id is not None:
        stages.extend(_blocks(question, and_(goes_on, counted(few) >= FEW), name=name, size=size))
    else:
        stages.append(
            question.rows()
            .where(counted(few) >= FEW, question.has())
            .order_by(question.key.desc())
            .limit(size)
        )
    return [select(stage.subquery().c.id) for stage in stages]


def _blocks(question: Question, goes_on: ColumnElement[bool], *, name: str, size: int) -> list[Select[Any]]:
    last = select(func.max(question.key)).select_from(question.of).scalar_subquery()
    # The number of the newest block; nothing to go through where the stage is not gone to.
    begin = case((goes_on, last.op(">>")(literal_column(str(BLOCK)))), else_=null())
    # Two at a time: for more of them together the index gathers all there is of the words.
    step = func.generate_series(begin, literal_column("0"), literal_column("-2"))
    block = step.table_valued("n", name=f"block_{name}").render_derived()
    lexeme, end = literal(f"'{OFFICE}{question.office_id}b"), literal("'")
    both = lexeme.op("||")(cast(block.c.n, Text)).op("||")(literal("' | ")).op("||")(lexeme)
    both = both.op("||")(cast(func.greatest(block.c.n - 1, 0), Text)).op("||")(end)
    inside = question.rows().where(question.indexed(cast(both, TSQUERY)))
    if question.apart is None:
        hits = inside.limit(OF_BLOCKS).correlate(block).subquery()
        best = select(hits.c.id).order_by(hits.c.id.desc()).limit(size).lateral()
        return [select(best.c.id).select_from(block.join(best, true())).limit(size)]
    some = inside.limit(LOOKED_UP).correlate(block).lateral()
    looked = _kept(
        select(some.c.id).select_from(block.join(some, true())).limit(LOOKED_UP).cte(f"blocks_{name}")
    )
    found = select(question.key.label("id")).select_from(question.of)
    found = found.where(question.key.in_(select(looked.c.id)), question.has())
    is_cut: Select[Any] = select(literal_column(str(CUT)).label("id")).where(counted(looked) >= LOOKED_UP)
    return [found.order_by(-question.key).limit(size), is_cut]


def _once(asked: ColumnElement[str]) -> ColumnElement[Any]:
    """Worked out once a statement, also where the statement is prepared for any words."""
    return select(asked).scalar_subquery()


def _kept(rows: CTE) -> CTE:
    return rows.prefix_with("MATERIALIZED")


def with_joined(of: FromClause, joined: Joined) -> FromClause:
    """The table with others that the conditions speak of."""
    for other, on in joined:
        of = of.join(other.__table__, on)
    return of


def letters(terms: Sequence[Term]) -> tuple[str, ...]:
    """What stands, letter by letter, in every text that has the terms."""
    return tuple(dict.fromkeys(word for term in terms for word in term.words if word))


def indexable(terms: Sequence[Term], spelt: Container[str] = ()) -> tuple[Term, ...]:
    """What of the terms the index of words answers soon: the words of a phrase one by one, as it would read each row
    to see where they stand; and no beginning of three letters beside other words, as it would gather all words that
    begin so, unless it is known how they are ``spelt``. Rows are looked at for the rest.
    """
    # A blank word at the end of a term: the ones before it are whole.
    apart = [Term((word, "")) for term in terms for word in term.words[:-1]]
    ends = [Term(term.words[-1:]) for term in terms]
    long = [term for term in ends if len(term.words[0]) >= BEGUN or term.words[0] in spelt]
    return tuple(dict.fromkeys([*apart, *(long if apart or long else ends)]))


def _fts(terms: Sequence[Term]) -> str:
    return " ".join(f'"{" ".join(t.words)}" *' for t in terms)


def tsquery(terms: Sequence[Term]) -> ColumnElement[str]:
    """All terms as they are written; every last word is a beginning."""
    return func.to_tsquery(literal_column("'simple'::regconfig"), " & ".join(lexemes(t) for t in terms))


def lexemes(term: Term, weight: str = "") -> str:
    """A term in PostgreSQL's language."""
    # Words hold letters and digits only, so the quotes around them cannot be broken out of.
    *whole, begun = term.words
    parts = [f"'{w}':{weight}" if weight else f"'{w}'" for w in whole]
    return "(" + " <-> ".join([*parts, *([f"'{begun}':*{weight}"] if begun else [])]) + ")"
