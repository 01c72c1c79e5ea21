"""What is finished: stories that went out in the last four quarters, written straight into the tables."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from humasflow.approvals.contents import digest_of
from humasflow.approvals.enums import PackageState, StepScope, Verdict
from humasflow.approvals.models import Decision, Package, PackageItem, PackageSeat, PackageStep
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import Base, db
from humasflow.core.html import clean_html, figure_assets, word_count
from humasflow.core.permissions import Permission
from humasflow.core.urls import canonical_url
from humasflow.media.models import Asset
from humasflow.metrics.models import ReaderCount
from humasflow.pitches.enums import PitchState
from humasflow.pitches.models import Pitch, PitchPhoto
from humasflow.posts.models import Post, PostPicture, PostVersion
from humasflow.posts.policy import uses_story_body
from humasflow.posts.services import PostContent, PostPictureContent
from humasflow.posts.services import content_digest as post_digest
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery, Evidence
from humasflow.publishing.snapshots import base_url, fill, newsroom_path, take_snapshot
from humasflow.scoring.enums import PointState
from humasflow.scoring.services.ledger import note_state, score_delivery
from humasflow.setup.sample.model import SamplePitch, SamplePost, SampleReview, SampleStory
from humasflow.setup.sample_office.cast import Cast
from humasflow.setup.sample_office.genres import with_genre
from humasflow.stories.contents import plain_fields
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story, StoryBody, StoryPicture, StoryVersion
from humasflow.stories.services import PictureContent, StoryContent
from humasflow.stories.services import content_digest as story_digest


def write_history(cast: Cast, stories: Sequence[SampleStory]) -> None:
    """All finished stories, oldest first, a batch of rows at a time."""
    for wanted in sorted(stories, key=lambda s: s.created_at):
        _write(cast, wanted)
    db.session.flush()


def _save(rows: Iterable[Base]) -> None:
    db.session.add_all(list(rows))
    db.session.flush()


def pictures_of(cast: Cast, keys: Sequence[str]) -> list[Asset]:
    """The assets behind the plan's keys."""
    return [cast.assets[k] for k in keys]


def story_content(cast: Cast, wanted: SampleStory) -> StoryContent:
    """A planned story as the content of a version."""
    assets = pictures_of(cast, wanted.picture_keys)
    content = StoryContent(
        title=wanted.title,
        lead=wanted.lead,
        body_html=clean_html(wanted.body_html),
        source=wanted.source,
        source_note=wanted.source_note,
        goal=wanted.goal,
        audience=wanted.audience,
        event_date=wanted.event_date,
        place=wanted.place,
        people=wanted.people,
        writer_credit=cast.users[wanted.writer].name,
        pictures=tuple(PictureContent(a.id, a.credit, a.alt_text, wanted.photo_caption) for a in assets),
    )
    return with_genre(content, wanted, cast.users[wanted.editor].name)


def post_content(cast: Cast, wanted: SampleStory, post: SamplePost) -> PostContent:
    """A planned post as the content of a version: the newsroom and the picture channels carry the pictures."""
    assets = pictures_of(cast, wanted.picture_keys)
    if post.account_key == "x":
        assets = assets[:1]
    return PostContent(post.text, "", tuple(PostPictureContent(a.id, a.alt_text, a.credit) for a in assets))


def type_on(cast: Cast, wanted: SampleStory, account_key: str) -> int:
    """What a post counts as: the story's own type on the web, a plain social post elsewhere."""
    code = wanted.content_code if account_key in ("web", "portal") else "unggahan"
    return cast.types[code].id


def write_pitch(cast: Cast, wanted: SamplePitch, story: Story | None) -> Pitch:
    """A pitch with its decision."""
    pitch = Pitch(
        office_id=cast.office.id,
        section_id=cast.section_id(wanted.section_key),
        author_id=cast.users[wanted.author].id,
        title=wanted.title,
        what=wanted.note,
        happened_on=wanted.happened_on,
        place=wanted.place,
        people=wanted.people,
        state=PitchState(wanted.state.value),
        reason=wanted.reason,
        story_id=story.id if story else None,
        decided_by=cast.users[wanted.decided_by].id if wanted.decided_by else None,
        decided_at=wanted.decided_at,
        created_at=wanted.sent_at,
    )
    _save([pitch])
    _save(
        PitchPhoto(pitch_id=pitch.id, position=i, asset_id=a.id)
        for i, a in enumerate(pictures_of(cast, wanted.picture_keys))
    )
    note_at(cast, wanted.sent_at, AuditAction.PITCH_SENT, ("pitch", pitch.id), wanted.author)
    decided = {
        PitchState.ACCEPTED: AuditAction.PITCH_ACCEPTED,
        PitchState.PARKED: AuditAction.PITCH_PARKED,
        PitchState.REJECTED: AuditAction.PITCH_REJECTED,
    }.get(pitch.state)
    if decided and wanted.decided_at and wanted.decided_by:
        note_at(
            cast,
            wanted.decided_at,
            decided,
            ("pitch", pitch.id),
            wanted.decided_by,
            reason=wanted.reason,
        )
    return pitch


def note_at(
    cast: Cast,
    instant: datetime,
    action: AuditAction,
    subject: tuple[str, int],
    who: str | None,
    story_id: int | None = None,
    **detail: str,
) -> None:
    """A line of the record as of then."""
    with clock.moved_to(instant.astimezone(UTC)):
        audit.record(
            action,
            subject,
            office_id=cast.office.id,
            actor=cast.users[who] if who else None,
            context=("story", story_id) if story_id else None,
            **detail,
        )


def _write(cast: Cast, wanted: SampleStory) -> None:
    approved = next(r for r in reversed(wanted.reviews) if r.approved)
    content = story_content(cast, wanted)
    story = Story(
        office_id=cast.office.id,
        section_id=cast.section_id(wanted.section_key),
        content_type_id=cast.types[wanted.content_code].id,
        pillar_id=cast.pillars[wanted.pillar_key].id,
        title=wanted.title,
        state=StoryState.PUBLISHED,
        state_since=wanted.published_at or wanted.created_at,
        returns=wanted.returns,
        last_reason="",
        owner_id=cast.users[wanted.writer].id,
        created_by=cast.users[wanted.writer].id,
        created_at=wanted.created_at,
        updated_at=approved.submitted_at,
    )
    _save([story])
    version = StoryVersion(
        story_id=story.id,
        number=1,
        author_id=cast.users[wanted.writer].id,
        created_at=approved.submitted_at,
        saved_at=approved.submitted_at,
        sealed_at=approved.submitted_at,
        words=word_count(content.body_html),
        **plain_fields(content),
        digest=story_digest(content, [a.sha256 for a in pictures_of(cast, wanted.picture_keys)]),
    )
    in_text = set(figure_assets(content.body_html))
    version.pictures = [
        StoryPicture(
            position=i,
            asset_id=p.asset_id,
            credit=p.credit,
            alt_text=p.alt_text,
            caption=p.caption,
            in_text=p.asset_id in in_text,
        )
        for i, p in enumerate(content.pictures)
    ]
    _save([version])
    story.current_version_id = version.id
    db.session.add(StoryBody(version_id=version.id, html=content.body_html))
    note_at(cast, wanted.created_at, AuditAction.STORY_CREATED, ("story", story.id), wanted.writer)
    if wanted.pitch:
        write_pitch(cast, wanted.pitch, story)
    posts = [_post(cast, wanted, p, story) for p in wanted.posts]
    _approve(cast, story, version, posts, approved)
    for planned, (post, _version) in zip(wanted.posts, posts, strict=True):
        _publish(cast, story, planned, post)
    published = [p.published_at for p in wanted.posts if p.published_at]
    if published:
        note_at(cast, min(published), AuditAction.STORY_PUBLISHED, ("story", story.id), None)


def _post(cast: Cast, wanted: SampleStory, planned: SamplePost, story: Story) -> tuple[Post, PostVersion]:
    content = post_content(cast, wanted, planned)
    post = Post(
        office_id=cast.office.id,
        story_id=story.id,
        account_id=cast.accounts[planned.account_key].id,
        content_type_id=type_on(cast, wanted, planned.account_key),
        scheduled_at=planned.scheduled_at,
        generation=1,
        created_by=story.created_by,
        created_at=story.updated_at,
    )
    post.story, post.account = story, cast.accounts[planned.account_key]
    _save([post])
    hashes = {a.id: a.sha256 for a in cast.assets.values()}
    version = PostVersion(
        post_id=post.id, number=1, author_id=story.created_by, created_at=story.updated_at, text=content.text,
        link=content.link, shows_story=uses_story_body(post.account),
        digest=post_digest(content, [hashes[p.asset_id] for p in content.pictures]),
    )  # fmt: skip
    version.pictures = [
        PostPicture(position=i, asset_id=p.asset_id, alt_text=p.alt_text, credit=p.credit)
        for i, p in enumerate(content.pictures)
    ]
    _save([version])
    post.current_version_id = version.id
    return post, version


def _approve(
    cast: Cast,
    story: Story,
    version: StoryVersion,
    posts: Sequence[tuple[Post, PostVersion]],
    review: SampleReview,
) -> None:
    decided_at = review.decided_at or review.submitted_at
    package = Package(
        office_id=cast.office.id,
        story_id=story.id,
        story_version_id=version.id,
        covers_version_id=version.id,
        digest=digest_of(version.digest, ((p.id, p.account_id, v.digest) for p, v in posts)),
        state=PackageState.APPROVED,
        submitted_by=cast.users[review.submitted_by].id,
        submitted_at=review.submitted_at,
        step_since=review.submitted_at,
        approved_at=decided_at,
        closed_at=decided_at,
    )
    package.items = [
        PackageItem(post_id=p.id, post_version_id=v.id, covers_version_id=v.id) for p, v in posts
    ]
    package.steps = [PackageStep(position=1, label="Kepala Seksi Hukum dan Informasi")]
    _save([package])
    package.seats = [PackageSeat(position=1, askee=1, seat=1, label="", scope=StepScope.OFFICE)]
    approver = cast.principal(review.approver)
    capacity = approver.capacity_for(Permission.STORY_APPROVE, cast.office.id)
    _save(
        [
            Decision(
                package_id=package.id,
                position=1,
                approver_id=approver.id,
                decided_as=capacity,
                verdict=Verdict.APPROVE,
                reason=review.note,
                digest=package.digest,
                decided_at=decided_at,
            )
        ]
    )
    note_at(
        cast,
        review.submitted_at,
        AuditAction.PACKAGE_SUBMITTED,
        ("package", package.id),
        review.submitted_by,
        story_id=story.id,
    )
    note_at(
        cast,
        decided_at,
        AuditAction.PACKAGE_APPROVED,
        ("package", package.id),
        review.approver,
        story_id=story.id,
    )


def _publish(cast: Cast, story: Story, planned: SamplePost, post: Post) -> None:
    if planned.published_at is None:
        return
    own = planned.account_key == "web"
    url = planned.url or base_url() + newsroom_path(cast.office, post.id, story.title)
    delivery = Delivery(
        office_id=cast.office.id,
        post_id=post.id,
        account_id=post.account_id,
        story_id=story.id,
        content_type_id=post.content_type_id,
        generation=1,
        state=DeliveryState.PUBLISHED,
        idempotency_key=f"post:{post.id}:1",
        external_id=str(post.id) if own else None,
        permalink=url,
        canonical_url=canonical_url(url),
        published_at=planned.published_at,
        retract_reason="",
        error="",
        created_at=planned.scheduled_at or planned.published_at,
        updated_at=planned.published_at,
        assignee_id=cast.users[planned.posted_by].id if planned.posted_by else None,
    )
    delivery.post, delivery.account = post, post.account
    fill(delivery, take_snapshot(post))
    _save([delivery])
    recorder = cast.users[planned.posted_by].id if planned.posted_by else None
    _save(
        [
            Evidence(
                delivery_id=delivery.id,
                url=url,
                canonical_url=delivery.canonical_url,
                published_at=planned.published_at,
                captured_at=planned.published_at,
                captured_by=recorder,
                payload_sha256=delivery.payload_sha256,
            )
        ]
    )
    _score(cast, delivery, planned, planned.published_at)
    if planned.readers:
        day = planned.published_at.date()
        db.session.merge(ReaderCount(story_id=story.id, local_date=day, readers=planned.readers))
    note_at(
        cast,
        planned.published_at,
        AuditAction.DELIVERY_PUBLISHED,
        ("post", post.id),
        planned.posted_by,
        story_id=story.id,
        label=post.account.name,
    )


def _score(cast: Cast, delivery: Delivery, planned: SamplePost, published_at: datetime) -> None:
    note_state(delivery, PointState.LIVE_UNVERIFIED, at=published_at)
    for line in score_delivery(delivery):
        line.created_at = published_at  # as if it had been written then
    if planned.verified_at and planned.verified_by:
        verifier = cast.principal(planned.verified_by)
        note_state(
            delivery,
            PointState.VERIFIED,
            at=planned.verified_at,
            actor=verifier,
            label=verifier.capacity_for(Permission.EVIDENCE_VERIFY, cast.office.id),
            note=planned.verification_note,
        )
