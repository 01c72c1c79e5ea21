"""Keeping the searched words in step with the stories' current versions."""

import re
from collections.abc import Iterator, Sequence

from sqlalchemy import Row, delete, exists, insert, select, text, update

from humasflow.core.db import db
from humasflow.core.html import text_from_html
from humasflow.stories.models import Story, StoryBody, StorySearch, StoryVersion
from humasflow.stories.models.search import REBUILD

MAX_BODY = 250_000  # characters; far above any story, and below what one PostgreSQL document can hold
BATCH = 200

# What no reader sees must not be found, and the private-use characters are ours: they mark the words of an excerpt.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\ue000-\uf8ff]+")


def index_story(story_id: int) -> None:
    """Write the words of the story's current version, in the transaction that made it. Three statements."""
    for row in _current([story_id]):
        words = _words(row)
        written = db.session.execute(
            update(StorySearch)
            .where(StorySearch.story_id == story_id)
            .values(**words)
            .execution_options(synchronize_session=False)
        )
        if not getattr(written, "rowcount", 0):
            db.session.execute(insert(StorySearch).values(story_id=story_id, **words))


def index_new(story_ids: Sequence[int]) -> None:
    """Write the words of stories that have none written yet. Two statements."""
    rows = [{"story_id": row.story_id, **_words(row)} for row in _current(story_ids)]
    if rows:
        db.session.execute(insert(StorySearch), rows)


def index_missing() -> int:
    """Take in the stories that were written past the services, as those of a migration or of the sample; how many."""
    known = exists().where(StorySearch.story_id == Story.id)
    total = 0
    while True:
        ids = db.session.scalars(select(Story.id).where(~known).order_by(Story.id).limit(BATCH)).all()
        rows = [{"story_id": row.story_id, **_words(row)} for row in _current(ids)] if ids else []
        if not rows:
            return total
        db.session.execute(insert(StorySearch), rows)
        total += len(rows)


def rebuild() -> Iterator[int]:
    """Write everything anew, a batch at a time; yields how many stories each batch held. Flushes, never commits."""
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.execute(
            text(REBUILD)
        )  # whatever happened to it: from here on it goes with the table again
    db.session.execute(delete(StorySearch))
    last = 0
    while True:
        ids = db.session.scalars(
            select(Story.id).where(Story.id > last).order_by(Story.id).limit(BATCH)
        ).all()
        if not ids:
            return
        last = ids[-1]
        rows = [{"story_id": row.story_id, **_words(row)} for row in _current(ids)]
        if rows:
            db.session.execute(insert(StorySearch), rows)
        yield len(rows)


def _current(story_ids: Sequence[int]) -> Sequence[Row[*tuple[object, ...]]]:
    v = StoryVersion
    return db.session.execute(
        select(
            Story.id.label("story_id"), Story.office_id, v.title, v.kicker, v.lead, v.people, v.place, v.agenda,
            v.dateline, v.source_note, v.claim, v.claim_source, v.fact_source, v.writer_credit, v.editor_credit,
            StoryBody.html,
        )
        .join(v, v.id == Story.current_version_id)
        .outerjoin(StoryBody, StoryBody.version_id == v.id)
        .where(Story.id.in_(story_ids))
        .order_by(Story.id)
    ).all()  # fmt: skip


def _words(row: Row[*tuple[object, ...]]) -> dict[str, object]:
    values = row._mapping  # noqa: SLF001 - the public name of a row's mapping
    names = (
        "kicker",
        "people",
        "place",
        "agenda",
        "dateline",
        "source_note",
        "writer_credit",
        "editor_credit",
    )
    texts = ("lead", "claim", "claim_source", "fact_source")
    body = [str(values[part]) for part in texts if values[part]]
    if values["html"]:
        body.append(text_from_html(str(values["html"])))
    return {
        "office_id": values["office_id"],
        "title": _seen(str(values["title"])),
        "names": _seen(" · ".join(str(values[part]) for part in names if values[part])),
        "body": _seen("\n".join(body))[:MAX_BODY],
    }


def _seen(value: str) -> str:
    return _UNSEEN.sub(" ", value)
