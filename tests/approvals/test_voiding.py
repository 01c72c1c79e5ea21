"""What an edit does to what was asked or agreed."""

import pytest

from humasflow.approvals import queries
from humasflow.approvals.enums import PackageState
from humasflow.approvals.events import PackageVoided
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import events
from humasflow.core.errors import Conflict
from humasflow.posts import queries as posts
from humasflow.posts import services as post_services
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.services import move_story
from tests.approvals.desk import Desk

pytestmark = pytest.mark.db


@pytest.fixture
def voided() -> list[PackageVoided]:
    told: list[PackageVoided] = []
    events._handlers[PackageVoided].append(told.append)
    return told


def is_approved(post_id: int) -> bool:
    return queries.approval_of([post_id])[post_id].approved


def void_entries(desk: Desk, story_id: int) -> list[tuple[str, bool]]:
    return [
        (e.subject_type, bool(e.detail["whole"]))
        for e in audit.list_timeline(("story", story_id))
        if e.action is AuditAction.PACKAGE_VOIDED
    ]


def test_editing_an_approved_story_ends_every_approval(desk: Desk, voided: list[PackageVoided]) -> None:
    story, package = desk.approved("web", "facebook")
    ids = [p.id for p in posts.list_posts_of(story.id)]
    desk.edit(story, title="Judul yang baru")
    assert story.state is StoryState.DRAFT
    assert package.state is PackageState.VOIDED
    assert not any(map(is_approved, ids))
    assert voided == [PackageVoided(package.id, story.id, desk.editor.id)]
    assert void_entries(desk, story.id) == [("package", True)]
    last = queries.last_approved_package(story.id)
    assert last is not None
    assert last.id == package.id


def test_changing_a_post_that_waits_makes_its_package_fall(desk: Desk, voided: list[PackageVoided]) -> None:
    story = desk.ready("web", "facebook")
    package = desk.submit(story)
    desk.edit_post(posts.list_posts_of(story.id)[1], "Teks lain")
    assert package.state is PackageState.VOIDED
    assert story.state is StoryState.DRAFT, "nobody is asked any more, so it is not in review"
    assert [v.package_id for v in voided] == [package.id]
    with pytest.raises(Conflict, match="gugur"):
        desk.approve(package)
    assert desk.submit(story).digest != package.digest


def test_removing_a_post_that_waits_makes_its_package_fall(desk: Desk) -> None:
    story = desk.ready("web", "facebook")
    package = desk.submit(story)
    post_services.remove_post(posts.list_posts_of(story.id)[1], actor=desk.editor)
    assert package.state is PackageState.VOIDED


def test_a_post_made_while_the_story_is_in_review_disturbs_nothing(desk: Desk) -> None:
    story = desk.ready("web")
    package = desk.submit(story)
    late = desk.post(story, "x", "Menyusul")
    assert package.state is PackageState.PENDING
    desk.approve(package)
    assert story.state is StoryState.APPROVED
    assert not is_approved(late.id)


def test_changing_one_post_leaves_the_others_approved(desk: Desk, voided: list[PackageVoided]) -> None:
    story, package = desk.approved("web", "facebook")
    web, facebook = posts.list_posts_of(story.id)
    desk.edit_post(facebook, "Teks lain")
    assert package.state is PackageState.APPROVED
    assert is_approved(web.id)
    assert not is_approved(facebook.id)
    assert story.state is StoryState.APPROVED
    assert voided == []
    assert void_entries(desk, story.id) == [("post", False)]


def test_a_later_package_falls_when_none_of_its_posts_is_current(
    desk: Desk, voided: list[PackageVoided]
) -> None:
    story, first = desk.approved("web")
    x = desk.post(story, "x", "Menyusul")
    later = desk.submit(story)
    desk.approve(later)
    desk.edit_post(x, "Berubah lagi")
    assert later.state is PackageState.VOIDED
    assert first.state is PackageState.APPROVED
    assert [v.package_id for v in voided] == [later.id]


def test_the_text_stays_approved_when_all_posts_changed(desk: Desk) -> None:
    story, package = desk.approved("facebook")
    desk.edit_post(posts.list_posts_of(story.id)[0], "Teks lain")
    assert package.state is PackageState.APPROVED
    assert not is_approved(posts.list_posts_of(story.id)[0].id)


def test_accounts_may_follow_the_storys_approval(desk: Desk) -> None:
    desk.world.x.follows_story_approval = True
    story, package = desk.approved("web")
    x = desk.post(story, "x", "Menyusul")
    assert queries.approval_of([x.id])[x.id] == queries.Approval(
        approved=True, pending=False, package_id=package.id
    )
    desk.edit(story, title="Judul yang baru")
    assert not is_approved(x.id)


@pytest.mark.parametrize("move", [StoryMove.HOLD, StoryMove.CANCEL])
def test_a_story_put_aside_waits_for_nobody(desk: Desk, move: StoryMove) -> None:
    story = desk.ready()
    package = desk.submit(story)
    move_story(story, move, actor=desk.editor, reason="Acara diundur")
    assert package.state is PackageState.VOIDED
    assert queries.count_waiting_for(desk.approver) == 0


def test_a_held_story_has_no_approval_in_force_until_it_is_approved_again(desk: Desk) -> None:
    story, _package = desk.approved("web")
    post = posts.list_posts_of(story.id)[0]
    move_story(story, StoryMove.HOLD, actor=desk.editor)
    assert not is_approved(post.id)
    move_story(story, StoryMove.RESUME, actor=desk.editor)
    assert not is_approved(post.id)
    desk.approve(desk.submit(story))
    assert is_approved(post.id)


def test_taking_the_story_back_takes_the_package_back(desk: Desk) -> None:
    story = desk.ready()
    package = desk.submit(story)
    move_story(story, StoryMove.RECALL, actor=desk.editor)
    assert package.state is PackageState.RECALLED


def test_approval_of_many_posts_costs_what_one_costs(desk: Desk, statements: object) -> None:
    desk.world.x.follows_story_approval = True
    one, _ = desk.approved("web")
    stories = [desk.approved("web", "facebook", "x")[0] for _ in range(3)]
    desk.post(one, "x", "Menyusul")
    every = [p.id for s in (one, *stories) for p in posts.list_posts_of(s.id)]
    statements.reset()  # type: ignore[attr-defined]
    found = queries.approval_of(every)
    assert len(statements) <= 3  # type: ignore[arg-type]
    assert all(a.approved for a in found.values())
    assert queries.approval_of([]) == {}
    assert queries.approval_of([987654]) == {987654: queries.Approval(False, False, None)}
