"""Comments on what is in work: a question of the reviewer with its answer, a suggestion, and one that is settled."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from sqlalchemy import select

from humasflow.accounts import queries as accounts
from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.permissions import Permission
from humasflow.setup.sample.model import SampleRole
from humasflow.setup.sample_office.cast import Cast
from humasflow.stories import queries
from humasflow.stories.anchors import project_html
from humasflow.stories.enums import StoryState, ThreadMove
from humasflow.stories.models import Story
from humasflow.stories.services import Passage, begin_thread, move_thread, reply, suggest_change

_FIGURE = re.compile(r"Rp[0-9][0-9.,]* (?:ribu|juta|miliar)|\b[0-9]+ (?:peserta|responden|satuan kerja)\b")
_SENTENCE = re.compile(r"[A-Z][^.“”\n]{40,160}\.")


def write_remarks(cast: Cast) -> None:
    """On the story that waits for review longest, and on the newest draft that was sent back or is still written."""
    reviewed, draft = _first(cast, StoryState.IN_REVIEW), _first(cast, StoryState.DRAFT)
    # Somebody who acts for a head this week was none yet when the story was submitted.
    heads = {cast.users[p.key].id for p in cast.plan.people_in(SampleRole.APPROVER)}
    approver = next(
        u for u in accounts.list_people_with(Permission.STORY_APPROVE, cast.office) if u.id in heads
    )
    editors = accounts.list_people_with(Permission.STORY_WRITE, cast.office)
    if reviewed is not None:
        writer = next(u for u in editors if u.id == reviewed.owner_id)
        _on_reviewed(cast, reviewed, writer, approver)
    if draft is not None:
        writer = next(u for u in editors if u.id == draft.owner_id)
        colleague = next(u for u in editors if u.id != draft.owner_id)
        _on_draft(cast, draft, writer, colleague)


def _on_reviewed(cast: Cast, story: Story, writer: User, approver: User) -> None:
    text, after = _text(story), _later(story)
    figure = _FIGURE.search(text)
    if figure:
        with after(35):
            thread = begin_thread(
                story, actor=_as(cast, approver), passage=_at(text, figure),
                text="Angka ini sudah dicocokkan dengan berita acara?",
            )  # fmt: skip
        with after(50):
            reply(
                story,
                thread,
                actor=_as(cast, writer),
                text=f"Sudah, @{approver.name}. Sumbernya saya lampirkan besok pagi.",
            )
    name = f"{cast.office.name} ({cast.office.short_name})"
    lead = queries.get_current_version(story).lead
    if lead.count(name) == 1:
        with after(42):
            suggest_change(
                story, actor=_as(cast, approver), passage=Passage(part="lead", quote=name),
                replacement=cast.office.short_name, text="Di teras cukup singkatannya; kepanjangannya ada di isi.",
            )  # fmt: skip


def _on_draft(cast: Cast, story: Story, writer: User, colleague: User) -> None:
    text, after = _text(story), _later(story)
    sentences = list(_SENTENCE.finditer(text))
    with after(20):
        whole = begin_thread(
            story, actor=_as(cast, colleague),
            text=f"@{writer.name}, kutipan narasumbernya menyusul atau saya teleponkan?",
        )  # fmt: skip
    with after(65):
        reply(story, whole, actor=_as(cast, writer), text="Menyusul siang ini, beliau masih di lapangan.")
    if len(sentences) > 1:
        with after(24):
            done = begin_thread(
                story, actor=_as(cast, colleague), passage=_at(text, sentences[1]),
                text="Bagian ini bisa dipecah menjadi dua kalimat supaya ringan dibaca.",
            )  # fmt: skip
        with after(70):
            reply(
                story,
                done,
                actor=_as(cast, writer),
                text="Setuju, tetapi saya biarkan karena masih 20-an kata.",
            )
            move_thread(story, done, ThreadMove.RESOLVE, actor=_as(cast, writer))


def _first(cast: Cast, state: StoryState) -> Story | None:
    return db.session.scalar(
        select(Story)
        .where(Story.office_id == cast.office.id, Story.state == state, Story.owner_id.is_not(None))
        .order_by(Story.returns.desc(), Story.id)
        .limit(1)
    )


def _text(story: Story) -> str:
    return project_html(queries.get_body(queries.get_current_version(story).id))


def _at(text: str, found: re.Match[str]) -> Passage:
    before, after = text[max(found.start() - 48, 0) : found.start()], text[found.end() : found.end() + 48]
    return Passage(part="body", quote=found[0], start=found.start(), prefix=before, suffix=after)


def _as(cast: Cast, user: User) -> Principal:
    return accounts.load_principal(user, office_id=cast.office.id)


def _later(story: Story) -> Callable[[int], AbstractContextManager[None]]:
    begun = story.state_since

    def minutes(count: int) -> AbstractContextManager[None]:
        now: datetime = clock.now()
        return clock.moved_to(min(begun + timedelta(minutes=count), now))

    return minutes
