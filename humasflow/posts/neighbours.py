"""Other posts of the same account that a reader would meet at the same time: the same words again, or too close by.

Both only warn: an office may have its reasons. A constant number of statements, however many posts are asked about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select

from humasflow.accounts.policy import Principal
from humasflow.channels.adapters.base import Field, Severity
from humasflow.channels.models import ChannelAccount
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import show_instant
from humasflow.orgs.queries import get_office
from humasflow.posts.contents import words_digest
from humasflow.posts.models import Post, PostVersion
from humasflow.posts.policy import PostProblem, ever_live_among, uses_story_body
from humasflow.stories.enums import GONE
from humasflow.stories.models import Story
from humasflow.stories.visibility import visible_to

SAME_WORDS_WITHIN = timedelta(days=30)
ON_ITS_WAY = timedelta(hours=1)  # so long it may still be sent; then it failed or nobody approved it
SHOWN = 3  # of each kind and post: more of the same tells nobody more


@dataclass(frozen=True)
class Candidate:
    """What is asked about: words for an account, and when they go out (None: no time yet). ``post_id`` None: a post
    that is not saved yet.
    """

    key: str
    account: ChannelAccount
    text: str
    at: datetime | None = None
    post_id: int | None = None


def candidate_of(post: Post, version: PostVersion) -> Candidate:
    """A stored post."""
    return Candidate(str(post.id), post.account, version.text, post.scheduled_at, post.id)


def find_neighbours(actor: Principal, candidates: Sequence[Candidate]) -> dict[str, list[PostProblem]]:
    """Warnings by the candidate's key, those about the same words first. A constant number of statements."""
    found: dict[str, list[PostProblem]] = {c.key: [] for c in candidates}
    _same_words(actor, candidates, found)
    _too_close(actor, candidates, found)
    return found


@dataclass(frozen=True)
class _Other:
    """Another post, as a warning names it. ``title`` is empty for those who may not know its story."""

    post_id: int
    account_id: int
    words: str
    at: datetime
    title: str


def _same_words(
    actor: Principal, candidates: Sequence[Candidate], found: dict[str, list[PostProblem]]
) -> None:
    # The newsroom shows the story itself; its text is only a summary.
    said = {c.key: words_digest(c.text) for c in candidates if not uses_story_body(c.account)}
    asked = [c for c in candidates if said.get(c.key)]
    if not asked:
        return
    others = _list_others(
        actor,
        or_(*(and_(Post.account_id == c.account.id, PostVersion.words_digest == said[c.key]) for c in asked)),
        Post.scheduled_at >= clock.now() - SAME_WORDS_WITHIN,
    )
    for c in asked:
        same = [
            o
            for o in others
            if o.account_id == c.account.id and o.words == said[c.key] and o.post_id != c.post_id
        ]
        # The nearest to now first: it is the one that readers remember.
        same.sort(key=lambda o: abs(o.at - clock.now()))
        found[c.key] += [_warning(o, Field.TEXT, _same_sentence(c, o)) for o in same[:SHOWN]]


def _too_close(
    actor: Principal, candidates: Sequence[Candidate], found: dict[str, list[PostProblem]]
) -> None:
    asked = [(c, c.at, _gap(c)) for c in candidates if c.at is not None and _gap(c)]
    if not asked:
        return
    near = [
        and_(
            # The office is said as well: its posts are found by their time, an account's only one by one.
            Post.office_id == c.account.office_id, Post.account_id == c.account.id,
            Post.scheduled_at > at - gap, Post.scheduled_at < at + gap,
        )
        for c, at, gap in asked
    ]  # fmt: skip
    others = _list_others(actor, or_(*near))
    for c, at, gap in asked:
        close = [
            o
            for o in others
            if o.account_id == c.account.id and abs(o.at - at) < gap and o.post_id != c.post_id
        ]
        close.sort(key=lambda o: (abs(o.at - at), o.post_id))
        # There is no field of a time here; the sentence names it.
        found[c.key] += [_warning(o, Field.TEXT, _close_sentence(c, o)) for o in close[:SHOWN]]


def _list_others(actor: Principal, *conditions: ColumnElement[bool]) -> list[_Other]:
    """Posts with a time that readers meet, by that time: not removed, and what should have been out by now was out.
    One statement, and those of the rooms that know what was out where there are any of that age.
    """
    rows = db.session.execute(
        select(
            Post.id, Post.account_id, PostVersion.words_digest, Post.scheduled_at, Story.title,
            visible_to(actor.id),
        )
        .join(PostVersion, PostVersion.id == Post.current_version_id)
        .join(Story, Story.id == Post.story_id)
        .where(
            Post.removed_at.is_(None), Post.scheduled_at.is_not(None), Story.state.not_in(GONE), *conditions
        )
        .order_by(Post.scheduled_at, Post.id)
    ).all()  # fmt: skip
    others = [
        _Other(post_id, account_id, words, at, title if seen else "")
        for post_id, account_id, words, at, title, seen in rows
        if at is not None
    ]
    over = [o.post_id for o in others if o.at < clock.now() - ON_ITS_WAY]
    out = ever_live_among(over)
    return [o for o in others if o.post_id not in over or o.post_id in out]


def _warning(other: _Other, field: Field, message: str) -> PostProblem:
    known = bool(other.title)
    return PostProblem(
        Severity.WARNING, field, message, post_id=other.post_id if known else None, post_name=other.title
    )


def _same_sentence(c: Candidate, other: _Other) -> str:
    when = _when(c, other)
    if other.at > clock.now():
        return _(
            "Kata-katanya sama dengan publikasi %(account)s yang dijadwalkan %(when)s.",
            account=c.account.name, when=when,
        )  # fmt: skip
    return _(
        "Kata-katanya sama dengan publikasi %(account)s pada %(when)s.", account=c.account.name, when=when
    )


def _close_sentence(c: Candidate, other: _Other) -> str:
    return _(
        "Jaraknya kurang dari %(gap)s menit dengan publikasi lain di %(account)s, %(when)s.",
        gap=c.account.min_gap_minutes, account=c.account.name, when=_when(c, other),
    )  # fmt: skip


def _when(c: Candidate, other: _Other) -> str:
    return show_instant(other.at, get_office(c.account.office_id).zone_name)


def _gap(c: Candidate) -> timedelta:
    return timedelta(minutes=c.account.min_gap_minutes)
