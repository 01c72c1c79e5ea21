"""Who hears of what, through the rooms' own services; and never of their own act."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from humasflow.accounts.models import User
from humasflow.approvals import services as approvals
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.events import emit
from humasflow.notifications import queries
from humasflow.notifications.enums import NoticeKind as K
from humasflow.notifications.models import Notification
from humasflow.pitches import services as pitches
from humasflow.pitches.enums import PitchMove
from humasflow.posts.models import Post
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.events import ManualPostDue, PostPublished
from humasflow.publishing.models import Delivery, Evidence
from humasflow.stories import services as stories
from tests.approvals.desk import Desk
from tests.factories.world import World
from tests.pitches.ideas import pitched

pytestmark = pytest.mark.db


@pytest.fixture
def desk(world: World, in_request: None) -> Desk:
    return Desk(world)


def told(kind: K) -> set[int]:
    """Who was told something of a kind."""
    return set(db.session.scalars(select(Notification.user_id).where(Notification.kind == kind)))


def ids(*users: User) -> set[int]:
    return {u.id for u in users}


def sentences(user: User, *, unread: bool = False) -> Sequence[str]:
    return [n.sentence for n in queries.list_notices(user.id, unread_only=unread)]


def delivery_of(post: Post, state: DeliveryState, *, error: str = "") -> Delivery:
    now = clock.now()
    made = Delivery(
        office_id=post.office_id, post_id=post.id, account_id=post.account_id, story_id=post.story_id,
        content_type_id=post.content_type_id, generation=post.generation, state=state, error=error,
        idempotency_key=f"uji:{post.id}:{post.generation}", created_at=now, updated_at=now,
        published_at=now if state is DeliveryState.PUBLISHED else None, title="", summary="", retract_reason="",
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def test_a_new_pitch_reaches_the_editors_but_not_an_editor_who_sent_it(desk: Desk) -> None:
    world = desk.world
    pitched(world, "Lelang UMKM laku semua")
    assert told(K.PITCH_NEW) == ids(world.editor, world.other_editor)
    assert sentences(world.editor) == ["Usulan baru dari Kontributor Satu: Lelang UMKM laku semua"]
    pitched(world, "Senam pagi", by=world.editor)
    assert [s for s in sentences(world.editor) if "Senam" in s] == []
    assert len(sentences(world.other_editor)) == 2


@pytest.mark.parametrize(
    ("move", "reason", "kind", "sentence"),
    [
        (PitchMove.PARK, "", K.PITCH_PARKED, "Usulan Anda disimpan untuk nanti: Lelang"),
        (
            PitchMove.REJECT, "Sudah pernah diberitakan", K.PITCH_REJECTED,
            "Usulan Anda belum dapat dipakai: Lelang. Alasan: Sudah pernah diberitakan",
        ),
    ],
)  # fmt: skip
def test_the_author_hears_what_was_decided_and_why(
    desk: Desk, move: PitchMove, reason: str, kind: K, sentence: str
) -> None:
    pitch = pitched(desk.world, "Lelang")
    pitches.move_pitch(pitch, move, actor=desk.editor, reason=reason)
    assert told(kind) == ids(desk.world.contributor)
    assert sentences(desk.world.contributor) == [sentence]
    assert sentences(desk.world.other_editor, unread=True) == [], "nobody is asked to read it any more"


def test_an_accepted_pitch_parked_and_reopened_in_between_tells_each_time(desk: Desk) -> None:
    pitch = pitched(desk.world, "Lelang")
    for move in (PitchMove.PARK, PitchMove.REOPEN, PitchMove.PARK, PitchMove.REOPEN):
        pitches.move_pitch(pitch, move, actor=desk.editor, reason="")
    pitches.accept_pitch(pitch, actor=desk.editor, content_type_id=desk.world.news.id)
    assert len(sentences(desk.world.contributor)) == 5
    assert "diterima" in sentences(desk.world.contributor)[0]


def test_whoever_gets_a_story_hears_of_it_unless_they_took_it(desk: Desk) -> None:
    world = desk.world
    story = desk.story()
    stories.assign_story(story, actor=desk.editor, owner_id=world.other_editor.id)
    assert sentences(world.other_editor) == [f"Redaktur Satu menyerahkan naskah kepada Anda: {story.title}"]
    stories.assign_story(story, actor=desk.editor, owner_id=world.editor.id)
    assert told(K.STORY_ASSIGNED) == ids(world.other_editor)


def test_the_deciders_of_the_step_are_asked_and_the_next_only_afterwards(desk: Desk) -> None:
    world = desk.world
    desk.three_steps()
    package = desk.submit(desk.ready(section_id=world.section.id))
    assert told(K.REVIEW_WANTED) == ids(world.section_approver)
    desk.approve(package, by=desk.as_(world.section_approver))
    assert ids(world.section_approver, world.approver) <= told(K.REVIEW_WANTED)
    assert sentences(world.section_approver, unread=True) == [], "what is decided is not asked any more"


def test_an_approval_reaches_holder_and_submitter(desk: Desk) -> None:
    world = desk.world
    story = desk.ready()
    stories.assign_story(story, actor=desk.editor, owner_id=world.other_editor.id)
    package = desk.submit(story)
    desk.approve(package)
    assert told(K.REVIEW_APPROVED) == ids(world.editor, world.other_editor)
    assert told(K.REVIEW_WANTED) == ids(world.approver)
    assert sentences(world.approver, unread=True) == []


def test_a_return_reaches_everybody_who_worked_on_it_with_the_reason(desk: Desk) -> None:
    world = desk.world
    story = desk.ready()
    desk.edit(story, by=desk.other_editor, title="Judul baru")
    package = desk.submit(story)
    approvals.send_back(package, actor=desk.approver, digest=package.digest, reason="Angkanya tidak cocok")
    assert told(K.REVIEW_RETURNED) == ids(world.editor, world.other_editor)
    assert sentences(world.other_editor, unread=True) == [
        "Perlu koreksi: Judul baru. Alasan: Angkanya tidak cocok"
    ]


def test_a_change_after_submitting_reaches_submitter_and_those_asked_but_not_who_changed_it(
    desk: Desk,
) -> None:
    world = desk.world
    story, _package = desk.approved()
    desk.edit(story, by=desk.other_editor, title="Judul baru")
    assert told(K.APPROVAL_VOIDED) == ids(world.editor, world.approver)
    desk.edit(story, by=desk.editor, title="Judul lain")
    assert told(K.APPROVAL_VOIDED) == ids(world.editor, world.approver)


def test_taking_a_package_back_stops_asking(desk: Desk) -> None:
    package = desk.submit(desk.ready())
    assert sentences(desk.world.approver, unread=True)
    approvals.recall(package, actor=desk.editor)
    assert sentences(desk.world.approver, unread=True) == []


def test_posting_by_hand_asks_the_assignee_or_everybody_who_may(desk: Desk) -> None:
    world = desk.world
    story = desk.ready("facebook", "instagram")
    first, second = (delivery_of(p, DeliveryState.MANUAL_DUE) for p in desk_posts(story.id))
    emit(ManualPostDue(first.id, first.post_id, world.other_editor.id))
    assert told(K.MANUAL_DUE) == ids(world.other_editor)
    assert sentences(world.other_editor) == [f"Saatnya mengunggah: {story.title} (Facebook Kantor)"]
    emit(ManualPostDue(second.id, second.post_id, None))
    assert told(K.MANUAL_DUE) == ids(world.editor, world.other_editor)
    emit(ManualPostDue(second.id, second.post_id, None))
    assert len(sentences(world.editor)) == 1, "told once"


def desk_posts(story_id: int) -> Sequence[Post]:
    return db.session.scalars(select(Post).where(Post.story_id == story_id).order_by(Post.id)).all()


def test_whoever_had_the_idea_hears_once_that_it_is_live(desk: Desk) -> None:
    world = desk.world
    pitch = pitched(world, "Lelang UMKM")
    story = pitches.accept_pitch(pitch, actor=desk.editor, content_type_id=world.news.id)
    story.owner_id = world.other_editor.id
    posts = [desk.post(story, a) for a in ("facebook", "instagram")]
    due = [delivery_of(p, DeliveryState.PUBLISHED) for p in posts]
    emit(ManualPostDue(due[0].id, posts[0].id, world.other_editor.id))
    for delivery, recorder in zip(due, (None, world.other_editor.id), strict=True):
        db.session.add(
            Evidence(
                delivery_id=delivery.id, url="https://fb.com/1", canonical_url="https://facebook.com/1",
                published_at=clock.now(), captured_at=clock.now(), captured_by=recorder, document="", note="",
            )
        )  # fmt: skip
        db.session.flush()
        emit(PostPublished(delivery.id, delivery.post_id, story.id))
        emit(PostPublished(delivery.id, delivery.post_id, story.id))
    live = [s for s in sentences(world.contributor) if "sudah tayang" in s]
    assert live == ["Usulan Anda sudah tayang: Lelang UMKM"]
    own = [s for s in sentences(world.other_editor) if s.startswith("Sudah tayang")]
    assert own == [f"Sudah tayang: {story.title} (Facebook Kantor)"], (
        "the second one they recorded themselves"
    )
    assert not [s for s in sentences(world.other_editor, unread=True) if s.startswith("Saatnya")]


def test_history_calls_nobody(desk: Desk) -> None:
    story = desk.ready("facebook")
    story.owner_id = desk.world.other_editor.id
    delivery = delivery_of(desk_posts(story.id)[0], DeliveryState.PUBLISHED)
    delivery.published_at = clock.now() - timedelta(days=30)
    emit(PostPublished(delivery.id, delivery.post_id, story.id))
    assert told(K.POST_LIVE) == set()


def test_somebody_switched_off_is_told_nothing(desk: Desk) -> None:
    desk.world.other_editor.is_active = False
    pitched(desk.world)
    assert told(K.PITCH_NEW) == ids(desk.world.editor)
