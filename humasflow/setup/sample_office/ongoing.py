"""What is in work today, through the services like anybody's work, at the times the plan says."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime

from humasflow.accounts.policy import Principal
from humasflow.approvals.services.deciding import approve, send_back
from humasflow.approvals.services.submitting import submit_package
from humasflow.core import clock
from humasflow.posts.models import Post
from humasflow.posts.services import create_post, schedule_post
from humasflow.publishing.services import backfill_published
from humasflow.setup.sample.model import SamplePost, SamplePostState, SampleStory
from humasflow.setup.sample_office.cast import Cast
from humasflow.setup.sample_office.history import post_content, story_content, type_on, write_pitch
from humasflow.stories.models import Story
from humasflow.stories.services import create_story


def write_ongoing(cast: Cast) -> None:
    """Stories that are not live yet, oldest first, and pitches that are in no story."""
    unfinished = [s for s in cast.plan.stories if not _finished(s)]
    for wanted in sorted(unfinished, key=lambda s: s.created_at):
        _write(cast, wanted)
    for pitch in cast.plan.pitches:
        write_pitch(cast, pitch, None)


def _finished(story: SampleStory) -> bool:
    return all(p.state is SamplePostState.PUBLISHED for p in story.posts) and bool(story.posts)


def finished(cast: Cast) -> list[SampleStory]:
    """Stories whose every post is live."""
    return [s for s in cast.plan.stories if _finished(s)]


def _at(instant: datetime) -> AbstractContextManager[None]:
    return clock.moved_to(instant.astimezone(UTC))


def _write(cast: Cast, wanted: SampleStory) -> None:
    writer = cast.principal(wanted.writer)
    with _at(wanted.created_at):
        story = create_story(
            actor=writer,
            office_id=cast.office.id,
            content=story_content(cast, wanted),
            content_type_id=cast.types[wanted.content_code].id,
            section_id=cast.section_id(wanted.section_key),
            pillar_id=cast.pillars[wanted.pillar_key].id,
        )
        if wanted.pitch:
            write_pitch(cast, wanted.pitch, story)
        posts = [
            create_post(
                story,
                actor=writer,
                account_id=cast.accounts[p.account_key].id,
                content_type_id=type_on(cast, wanted, p.account_key),
                content=post_content(cast, wanted, p),
            )
            for p in wanted.posts
        ]
    _review(cast, wanted, story)
    editor = cast.principal(wanted.editor)
    for planned, post in zip(wanted.posts, posts, strict=True):
        _schedule(cast, wanted, planned, post, editor)


def _review(cast: Cast, wanted: SampleStory, story: Story) -> None:
    for review in wanted.reviews:
        with _at(review.submitted_at):
            package = submit_package(story, actor=cast.principal(review.submitted_by))
        if review.decided_at is None:
            continue
        approver = cast.principal(review.approver)
        with _at(review.decided_at):
            if review.approved:
                approve(package, actor=approver, digest=package.digest, note=review.note)
            else:
                send_back(package, actor=approver, digest=package.digest, reason=review.note)


def _schedule(cast: Cast, wanted: SampleStory, planned: SamplePost, post: Post, editor: Principal) -> None:
    if planned.published_at is not None:
        poster = cast.users[planned.posted_by] if planned.posted_by else None
        with _at(planned.published_at):
            backfill_published(post, published_at=clock.now(), url=planned.url, captured_by=poster)
    elif planned.scheduled_at is not None:
        # Somebody set the time after the last decision and before it comes.
        last = max([r.decided_at or r.submitted_at for r in wanted.reviews] or [wanted.created_at])
        with _at(last):
            schedule_post(post, actor=editor, due_at=planned.scheduled_at.astimezone(UTC))
