"""A package is put together: what it holds, when it is refused, how it is taken back."""

import hashlib
import json

import pytest

from humasflow.approvals import policy, queries, services
from humasflow.approvals.contents import content_to_submit
from humasflow.approvals.enums import PackageState, StepScope
from humasflow.approvals.events import PackageApproved, PackageSubmitted
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import events
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotFound, Reason, Refused
from humasflow.posts.events import PostLocksAsked
from humasflow.posts.models import PostVersion
from humasflow.posts.queries import list_posts_of
from humasflow.posts.services import remove_post
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.models import StoryVersion
from humasflow.stories.services import StoryContent, move_story
from tests.approvals.desk import Desk, step
from tests.factories.world import World

pytestmark = pytest.mark.db


@pytest.fixture
def heard() -> list[object]:
    """What was told to higher rooms."""
    told: list[object] = []
    for kind in (PackageSubmitted, PackageApproved):
        events._handlers[kind].append(told.append)
    return told


def codes(error: Refused) -> set[str]:
    return {r.code for r in error.reasons}


def test_a_draft_is_submitted_with_all_its_posts(desk: Desk, heard: list[object]) -> None:
    story = desk.ready("web", "facebook", "x")
    package = desk.submit(story, note="Mohon dibaca sebelum rapat.")
    assert story.state is StoryState.IN_REVIEW
    assert package.state is PackageState.PENDING
    assert len(package.items) == 3
    assert [s.label for s in package.steps] == ["Kepala Seksi Hukum dan Informasi"]
    assert package.note == "Mohon dibaca sebelum rapat."
    assert heard == [PackageSubmitted(package.id, story.id, desk.editor.id)]


def test_the_digest_is_over_the_story_version_and_each_post_with_its_account(desk: Desk) -> None:
    story = desk.ready("facebook", "web")
    package = desk.submit(story)
    version = db.session.get_one(StoryVersion, story.current_version_id)
    rows = sorted(
        [i.post_id, post.account_id, db.session.get_one(PostVersion, i.post_version_id).digest]
        for i in package.items
        for post in list_posts_of(story.id)
        if post.id == i.post_id
    )
    told = json.dumps({"story": version.digest, "posts": rows}, sort_keys=True, separators=(",", ":"))
    assert package.digest == hashlib.sha256(told.encode()).hexdigest()


def test_every_reason_is_given_at_once(desk: Desk) -> None:
    story = desk.story(content=StoryContent(title="Judul saja"))
    with pytest.raises(Refused) as refused:
        desk.submit(story)
    assert {"body", "goal", "audience", "no_post"} <= codes(refused.value)
    assert story.state is StoryState.DRAFT
    assert policy.pending_package_id(story.id) is None


def test_a_story_without_a_title_is_refused(desk: Desk) -> None:
    content = content_to_submit(desk.ready())
    assert content.guidance_for().findings is not None  # read while the version is in the session
    assert not content.story_version.pictures
    db.session.expunge(content.story_version)  # a stored version always has one, and never changes
    content.story_version.title = " "
    assert "title" in {r.code for r in policy.reasons_against(desk.editor, content, None)}


def test_a_post_that_its_channel_would_refuse_is_named(desk: Desk) -> None:
    story = desk.ready("web", "x")
    x = next(p for p in list_posts_of(story.id) if p.account_id == desk.world.x.id)
    desk.edit_post(x, "terlalu panjang " * 40)
    with pytest.raises(Refused) as refused:
        desk.submit(story)
    assert [r.message for r in refused.value.reasons if "X Kantor" in r.message]


def test_only_one_package_waits_at_a_time(desk: Desk) -> None:
    story = desk.ready()
    desk.submit(story)
    with pytest.raises(Refused) as refused:
        desk.submit(story)
    assert codes(refused.value) == {"pending"}


def test_a_held_story_is_not_submitted(desk: Desk) -> None:
    story = desk.ready()
    move_story(story, StoryMove.HOLD, actor=desk.editor)
    with pytest.raises(Refused) as refused:
        desk.submit(story)
    assert codes(refused.value) == {"state"}


def test_who_may_not_write_may_not_submit(desk: Desk, other_world: World) -> None:
    story = desk.ready()
    with pytest.raises(Refused) as refused:
        desk.submit(story, by=desk.approver)
    assert codes(refused.value) == {"permission"}
    with pytest.raises(NotFound):
        desk.submit(story, by=other_world.as_(other_world.editor))


def test_when_all_is_approved_there_is_nothing_new(desk: Desk) -> None:
    story, _package = desk.approved()
    with pytest.raises(Refused) as refused:
        desk.submit(story)
    assert codes(refused.value) == {"nothing_new"}


def test_a_post_made_later_is_submitted_by_itself(desk: Desk) -> None:
    story, _first = desk.approved("web", "facebook")
    late = desk.post(story, "instagram", "Sosialisasi aset dalam gambar")
    facebook = next(p for p in list_posts_of(story.id) if p.account_id == desk.world.facebook.id)
    assert not queries.approval_of([late.id])[late.id].approved
    with pytest.raises(Refused) as refused:  # Instagram wants a picture
        desk.submit(story)
    assert all(c.startswith(f"post_{late.id}_") for c in codes(refused.value))
    remove_post(late, actor=desk.editor)
    x = desk.post(story, "x", "Sosialisasi aset")
    desk.edit_post(facebook, "Teks Facebook yang baru")
    package = desk.submit(story)
    assert {i.post_id for i in package.items} == {x.id, facebook.id}
    assert story.state is StoryState.APPROVED
    assert queries.approval_of([x.id])[x.id].pending
    desk.approve(package)
    assert story.state is StoryState.APPROVED
    assert queries.approval_of([x.id, facebook.id])[x.id].package_id == package.id
    assert queries.approval_of([facebook.id])[facebook.id].approved


def test_returning_a_later_package_leaves_the_story_as_it_is(desk: Desk) -> None:
    story, _first = desk.approved("web")
    desk.post(story, "x", "Sosialisasi aset")
    package = desk.submit(story)
    services.send_back(package, actor=desk.approver, digest=package.digest, reason="Salah tanggal")
    assert package.state is PackageState.RETURNED
    assert (story.state, story.returns) == (StoryState.APPROVED, 0)


def test_without_steps_it_is_approved_at_once_and_the_record_says_so(desk: Desk, heard: list[object]) -> None:
    desk.chain()
    story = desk.ready()
    package = desk.submit(story)
    assert package.state is PackageState.APPROVED
    assert story.state is StoryState.APPROVED
    assert [type(e) for e in heard] == [PackageSubmitted, PackageApproved]
    entry = next(
        e for e in audit.list_timeline(("story", story.id)) if e.action is AuditAction.PACKAGE_APPROVED
    )
    assert entry.actor_id is None
    assert entry.actor_label == "Alur tanpa persetujuan"
    assert entry.detail["without_steps"] is True
    assert "tanpa langkah" in policy.reasons_not_to_decide(desk.approver, package)[0].message


def test_a_content_types_own_chain_comes_before_the_default(desk: Desk) -> None:
    desk.chain(
        step("Seksi", StepScope.SECTION), step("Kantor", StepScope.OFFICE),
        content_type_id=desk.world.news.id,
    )  # fmt: skip
    assert [s.label for s in desk.submit(desk.ready()).steps] == ["Seksi", "Kantor"]
    services.use_office_default(desk.world.office.id, desk.world.news.id, actor=desk.as_(desk.world.admin))
    assert len(desk.submit(desk.ready()).steps) == 1


def test_a_changed_chain_leaves_what_is_on_its_way_alone(desk: Desk) -> None:
    package = desk.submit(desk.ready())
    desk.chain()
    assert package.state is PackageState.PENDING
    assert len(package.steps) == 1
    desk.approve(package)
    assert package.state is PackageState.APPROVED


@pytest.mark.parametrize("who", ["editor", "other_editor"])
def test_the_submitter_or_another_editor_takes_it_back(desk: Desk, who: str) -> None:
    story = desk.ready()
    package = desk.submit(story)
    services.recall(package, actor=getattr(desk, who))
    assert (package.state, story.state) == (PackageState.RECALLED, StoryState.DRAFT)
    assert desk.submit(story).id != package.id


def test_an_approver_cannot_take_it_back_and_what_is_decided_stays(desk: Desk) -> None:
    story = desk.ready()
    package = desk.submit(story)
    with pytest.raises(Refused):
        services.recall(package, actor=desk.approver)
    desk.approve(package)
    with pytest.raises(
        Refused, match="sudah disetujui oleh Kepala Seksi Hukum dan Informasi, Penyetuju Kantor"
    ):
        services.recall(package, actor=desk.editor)
    assert story.state is StoryState.APPROVED


def test_posts_that_are_out_already_are_not_submitted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    story, _package = desk.approved("web")
    x = desk.post(story, "x", "Sosialisasi aset")
    out = desk.post(story, "facebook", "Sudah tayang")

    def live(asked: PostLocksAsked) -> None:
        if out.id in asked.post_ids:
            asked.reasons.setdefault(out.id, []).append(Reason("live", "Sudah tayang."))

    monkeypatch.setitem(events._handlers, PostLocksAsked, [*events._handlers[PostLocksAsked], live])
    assert [i.post_id for i in desk.submit(story).items] == [x.id]


def test_stale_digest_from_an_older_page_is_refused(desk: Desk) -> None:
    package = desk.submit(desk.ready())
    with pytest.raises(Conflict, match="Isi sudah berubah"):
        services.approve(package, actor=desk.approver, digest="0" * 64)
    assert package.state is PackageState.PENDING


def test_content_is_saved_through_services_only(desk: Desk) -> None:
    """A text changed behind the versions' back does not go out under an old approval."""
    story = desk.ready("facebook")
    package = desk.submit(story)
    version = db.session.get_one(PostVersion, package.items[0].post_version_id)
    version.text = "Teks lain"
    db.session.flush()
    with pytest.raises(Conflict, match="Isi sudah berubah"):
        desk.approve(package)
