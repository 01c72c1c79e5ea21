"""Asking the index. Conditions are on :class:`Story`, so that a list keeps its own filters, order and paging."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup
from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    null,
    select,
    table,
    union,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from humasflow.core.db import db
from humasflow.core.fulltext import asking
from humasflow.core.fulltext.indexing import OFFICE
from humasflow.core.fulltext.words import Term, parse_query
from humasflow.stories.models import Story
from humasflow.stories.models.search import DOCUMENT, INDEX, TITLE_WORDS, StorySearch
from humasflow.stories.search import spelling

NEAR = 1_000  # stories that are read before the indexes are asked: their words are kept with them
EXCERPT_WORDS = 24
EXCERPT_FROM = 40_000  # characters of a body that PostgreSQL looks through for an excerpt
# Private-use characters, which no text keeps (see `indexing`): what stands between them is marked.
OPEN, CLOSE = "\ue000", "\ue001"


def hits(typed: str, office_id: int) -> CTE:
    """``story_id`` and ``in_title`` (1 or 0) of an office's stories with all the terms, worked out once a statement.

    On SQLite offices are not told apart here: whoever asks joins it with stories that the person may read.
    """
    terms = parse_query(typed)
    if not terms:
        # Punctuation alone asks for nothing that a text could have.
        return (
            select(cast(null(), StorySearch.story_id.type).label("story_id"), literal(0).label("in_title"))
            .where(false())
            .cte("hits")
        )
    statement = _postgresql(terms, office_id) if _on_postgresql() else _sqlite(terms)
    return statement.cte("hits").prefix_with("MATERIALIZED", dialect="postgresql")


def window(
    terms: Sequence[Term], narrowed: Sequence[ColumnElement[bool]], newest: Select[int], *, office_id: int, size: int,
    enough: int,
) -> Subquery:  # fmt: skip
    """``id`` of the newest stories with all the terms anywhere, and of the newest with all of them in the title, where
    the conditions on Story hold; no more than ``size`` of either (see ``core/fulltext/asking.py``).

    An old title is found behind thousands of newer texts. ``newest``: the ids that are looked at first.
    """
    if not _on_postgresql():
        of = _INDEX.join(Story.__table__, Story.id == _INDEX.c.rowid)
        found = (
            select(_INDEX.c.rowid.label("id"))
            .select_from(of)
            .where(_WHOLE.op("MATCH")(_fts(terms)), *narrowed)
        )
        written = found.order_by(_INDEX.c.rowid.desc()).limit(size).subquery()
        titled = asking.window(
            TITLE_WORDS, StorySearch, terms, narrowed, office_id=office_id, size=size, joined=_STORY
        )
        return union(select(titled.c.id), select(written.c.id)).subquery()
    known = spelling.spellings(terms)
    some = asking.indexable(terms, spelling.listed(known))
    is_whole = some == tuple(terms)
    texts = asking.Question(
        StorySearch.__table__, StorySearch.__table__.c.story_id, _DOCUMENT, _DOCUMENT, _tsquery(terms),
        None if is_whole else _tsquery(some), office_id, narrowed, _STORY, _spelt(spelling.by_text(some, known)),
    )  # fmt: skip
    titles = replace(
        texts, document=literal_column(TITLE_WORDS.document("story_search.")),
        text=literal_column(TITLE_WORDS.text("story_search.")), asked=asking.tsquery(terms),
        apart=None if is_whole else asking.tsquery(some), spelt=_spelt(spelling.by_title(some, known)),
    )  # fmt: skip
    looked = asking.looked_at(newest, "stories")
    in_title = texts.has(_tsquery(terms, "A")).label("in_title")
    near = texts.rows(in_title).join(looked, looked.c.id == texts.key).where(texts.has())
    hits = near.order_by(in_title.desc(), texts.key.desc()).limit(2 * size).cte("near_stories")
    hits = hits.prefix_with("MATERIALIZED")
    of_titles = select(func.count()).select_from(hits).where(hits.c.in_title).scalar_subquery()
    is_cut = asking.counted(looked) >= NEAR
    return union(
        select(hits.c.id),
        *asking.further(texts, and_(is_cut, asking.counted(hits) < enough), name="texts", size=size),
        *asking.further(titles, and_(is_cut, of_titles < enough), name="titles", size=size),
    ).subquery()


def _spelt(asked: str | None) -> ColumnElement[str] | None:
    return None if asked is None else cast(literal(asked), TSQUERY)


def excerpts(typed: str, story_ids: Iterable[int]) -> dict[int, Markup]:
    """The passage of each story where the terms stand, with the words marked; escaped. One statement.

    A story whose title alone has the words has no passage.
    """
    terms, wanted = parse_query(typed), sorted(set(story_ids))
    if not terms or not wanted:
        return {}
    statement = _headlines(terms, wanted) if _on_postgresql() else _snippets(terms, wanted)
    rows = ((row[0], row[1] or "") for row in db.session.execute(statement))
    return {story_id: _marked(passage) for story_id, passage in rows if OPEN in passage}


def _on_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"


def _marked(passage: str) -> Markup:
    tidy = re.sub(r"\s+", " ", passage).strip()
    escaped = str(Markup.escape(tidy))
    return Markup(escaped.replace(OPEN, "<mark>").replace(CLOSE, "</mark>"))  # noqa: S704 - escaped just above


# SQLite


def _fts(terms: Sequence[Term]) -> str:
    """The terms in FTS5's language. Every word is quoted, so none is an operator; every last word is a beginning."""
    return " ".join(f'"{" ".join(t.words)}" *' for t in terms)


_INDEX = table(INDEX, column("rowid"))
_WHOLE = literal_column(INDEX, String)


def _sqlite(terms: Sequence[Term]) -> Select[int, int]:
    asked = _fts(terms)
    titled = select(_INDEX.c.rowid).where(_WHOLE.op("MATCH")(f"{{title}} : ({asked})"))
    in_title = case((_INDEX.c.rowid.in_(titled), 1), else_=0).label("in_title")
    return select(_INDEX.c.rowid.label("story_id"), in_title).where(_WHOLE.op("MATCH")(asked))


def _snippets(terms: Sequence[Term], story_ids: Sequence[int]) -> Select[int, str]:
    passage = func.snippet(_WHOLE, literal_column("2"), OPEN, CLOSE, "…", literal_column(str(EXCERPT_WORDS)))
    named = func.snippet(_WHOLE, literal_column("1"), OPEN, CLOSE, "…", literal_column(str(EXCERPT_WORDS)))
    best = case((func.instr(passage, OPEN) > 0, passage), else_=named)
    return select(_INDEX.c.rowid, best).where(
        _WHOLE.op("MATCH")(_fts_any(terms)), _INDEX.c.rowid.in_(story_ids)
    )


def _fts_any(terms: Sequence[Term]) -> str:
    """Any of the terms: the words may be spread over title and text, and the excerpt shows those of the text."""
    return " OR ".join(f'"{" ".join(t.words)}" *' for t in terms)


# PostgreSQL


def _tsquery(terms: Sequence[Term], weight: str = "") -> ColumnElement[str]:
    """All terms, each by its stem or as written; with a weight only in that part of the document."""
    asked: ColumnElement[str] | None = None
    for term in terms:
        either = _either(term, weight)
        asked = either if asked is None else asked.op("&&")(either)
    if asked is None:
        raise ValueError("a query has terms")
    return asked


def _either(term: Term, weight: str) -> ColumnElement[str]:
    lexemes = asking.lexemes(term, weight)
    by_stem = func.to_tsquery(literal_column("'indonesian'::regconfig"), lexemes)
    as_written = func.to_tsquery(literal_column("'simple'::regconfig"), lexemes)
    # The index gathers whatever has the beginning of a word: not twice for a word that is its own stem.
    return case((by_stem == as_written, as_written), else_=by_stem.op("||")(as_written)).self_group()


_STORY = [(Story, Story.id == StorySearch.story_id)]
_DOCUMENT: ColumnElement[Any] = literal_column(f"story_search.{DOCUMENT}")


def _postgresql(terms: Sequence[Term], office_id: int) -> Select[int, int]:
    of_office = cast(literal(f"'{OFFICE}{office_id}'"), TSQUERY)
    asked = _tsquery(terms).op("&&")(of_office).self_group()
    in_title = case((_DOCUMENT.op("@@")(_tsquery(terms, "A").self_group()), 1), else_=0).label("in_title")
    return select(StorySearch.story_id, in_title).where(_DOCUMENT.op("@@")(asked))


def _headlines(terms: Sequence[Term], story_ids: Sequence[int]) -> Select[int, str]:
    # Any of the terms, as above: an excerpt is of the text, the title stands beside it.
    asked: ColumnElement[str] | None = None
    for term in terms:
        either = _either(term, "")
        asked = either if asked is None else asked.op("||")(either)
    looked_at = func.left(StorySearch.body, EXCERPT_FROM).op("||")(" · ").op("||")(StorySearch.names)
    length = f"MaxWords={EXCERPT_WORDS}, MinWords={EXCERPT_WORDS // 2}, MaxFragments=1"
    passage = func.ts_headline(
        literal_column("'indonesian'::regconfig"),
        looked_at,
        asked,
        f"StartSel={OPEN}, StopSel={CLOSE}, {length}",
    )
    return select(StorySearch.story_id, passage).where(StorySearch.story_id.in_(story_ids))
