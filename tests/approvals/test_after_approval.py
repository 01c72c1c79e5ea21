"""What an edit does after approval: any edit voids, or only one of marked parts, as the office says."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from flask import render_template

from humasflow.approvals import queries, services
from humasflow.approvals.enums import PackageState
from humasflow.approvals.events import ApprovalKept, PackageVoided
from humasflow.approvals.services.settings import SettingsRefused
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import events
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from humasflow.posts import queries as posts
from humasflow.posts import services as post_services
from humasflow.stories import services as stories
from humasflow.stories.contents import StoryContent, cleaned
from humasflow.stories.edit_fields import POST_FIELDS, STORY_FIELDS, EditField, changed_fields, field_digests
from humasflow.stories.edit_policy import consequence_of_edit, consequence_of_post_edit, keeps_approval
from humasflow.stories.enums import StoryMove, StoryState
from humasflow.stories.models import EditPolicy, Story
from humasflow.stories.services import move_story
from tests.approvals.desk import TEXT, Desk
from tests.support.page import Browser

pytestmark = pytest.mark.db

F = EditField
UNMARKED = {F.CREDITS, F.BRIEF, F.POST_LINK}


def mark(desk: Desk, *marked: EditField) -> None:
    services.set_edit_policy(
        desk.world.office.id, actor=desk.as_(desk.world.admin), only_marked=True,
        marked=marked or set(EditField) - UNMARKED,
    )  # fmt: skip


def approved_posts(story: Story) -> list[bool]:
    every = posts.list_posts_of(story.id)
    found = queries.approval_of([p.id for p in every])
    return [found[p.id].approved for p in every]


def heard(*kinds: type) -> list[Any]:
    told: list[Any] = []
    for kind in kinds:
        events._handlers[kind].append(told.append)
    return told


def test_without_a_policy_any_edit_voids(desk: Desk) -> None:
    story, package = desk.approved("web")
    desk.edit(story, writer_credit="SW")
    assert (story.state, package.state) == (StoryState.DRAFT, PackageState.VOIDED)


def test_an_unmarked_edit_keeps_the_approval_and_the_approver_is_told(desk: Desk) -> None:
    mark(desk)
    told = heard(ApprovalKept, PackageVoided)
    story, package = desk.approved("web", "facebook")
    desk.edit(story, writer_credit="SW", goal="Tujuan yang lebih jelas")
    assert (story.state, package.state) == (StoryState.APPROVED, PackageState.APPROVED)
    assert approved_posts(story) == [True, True]
    assert package.covers_version_id == story.current_version_id != package.story_version_id
    assert [type(e) for e in told] == [ApprovalKept]
    assert told[0].fields == ("credits", "brief")
    entry = next(e for e in audit.list_timeline(("story", story.id)) if e.action is AuditAction.APPROVAL_KEPT)
    assert "kredit penulis dan editor, tujuan, khalayak, agenda, dan tokoh" in entry.detail["label"]
    notice = db.session.query(Notification).filter_by(kind=NoticeKind.APPROVAL_KEPT).one()
    assert notice.user_id == desk.world.approver.id
    assert "kredit penulis dan editor" in notice.params["reason"]


def test_a_marked_edit_voids_all_the_same(desk: Desk) -> None:
    mark(desk)
    story, package = desk.approved("web", "facebook")
    desk.edit(story, writer_credit="SW", title="Judul yang baru")
    assert (story.state, package.state) == (StoryState.DRAFT, PackageState.VOIDED)
    assert approved_posts(story) == [False, False]


def test_small_steps_never_add_up_to_an_unapproved_text(desk: Desk) -> None:
    """Compared with what was approved, not with the version before."""
    mark(desk, F.TITLE)
    story, package = desk.approved("web")
    desk.edit(story, lead="Teras yang lain.")
    assert story.state is StoryState.APPROVED
    mark(desk, F.TITLE, F.LEAD)
    assert approved_posts(story) == [True], "what people were told stays true when the policy changes"
    desk.edit(story, writer_credit="SW")
    assert (story.state, package.state) == (StoryState.DRAFT, PackageState.VOIDED)


def test_a_looser_policy_revives_nothing(desk: Desk) -> None:
    mark(desk)
    story, package = desk.approved("web")
    desk.edit(story, title="Judul yang baru")
    mark(desk, F.BODY)
    assert (story.state, package.state) == (StoryState.DRAFT, PackageState.VOIDED)
    assert approved_posts(story) == [False]


def test_going_back_to_what_was_approved_still_asks_again(desk: Desk) -> None:
    mark(desk)
    story, _package = desk.approved("web")
    desk.edit(story, title="Judul yang baru")
    desk.edit(story, title=TEXT.title)
    assert story.state is StoryState.DRAFT
    assert approved_posts(story) == [False]


def test_another_content_type_always_asks_again(desk: Desk) -> None:
    mark(desk)
    story, package = desk.approved("web")
    stories.save_version(
        story,
        actor=desk.editor,
        content=TEXT,
        content_type_id=desk.world.headline.id,
        section_id=None,
        pillar_id=None,
    )
    assert (story.state, package.state) == (StoryState.DRAFT, PackageState.VOIDED)


def test_an_unmarked_edit_of_a_post_keeps_its_approval(desk: Desk) -> None:
    mark(desk)
    told = heard(ApprovalKept)
    story, package = desk.approved("web", "facebook")
    facebook = posts.list_posts_of(story.id)[1]
    content = post_services.content_of(posts.get_current_version(facebook))
    post_services.save_post_version(
        facebook, actor=desk.editor, content=replace(content, link="https://kantor.example/baca")
    )
    assert approved_posts(story) == [True, True]
    assert told[0].post_id == facebook.id
    entries = [e for e in audit.list_timeline(("story", story.id)) if e.action is AuditAction.APPROVAL_KEPT]
    assert "Facebook Kantor: tautan publikasi" in entries[0].detail["label"]
    desk.edit_post(facebook, "Teks lain")
    assert approved_posts(story) == [True, False]
    assert package.state is PackageState.APPROVED


def test_what_waits_is_never_changed_under_the_readers_eyes(desk: Desk) -> None:
    mark(desk)
    story = desk.ready("web", "facebook")
    package = desk.submit(story)
    facebook = posts.list_posts_of(story.id)[1]
    content = post_services.content_of(posts.get_current_version(facebook))
    post_services.save_post_version(
        facebook, actor=desk.editor, content=replace(content, link="https://kantor.example/baca")
    )
    assert package.state is PackageState.VOIDED


def test_a_post_added_after_an_unmarked_edit_is_only_an_addition(desk: Desk, browser_of: Any) -> None:
    mark(desk)
    story, _package = desk.approved("web")
    desk.edit(story, writer_credit="SW")
    desk.post(story, "x", "Menyusul")
    package = desk.submit(story)
    assert [i.post.account_id for i in queries_items(package)] == [desk.world.x.id]
    db.session.commit()
    page = browser_of(desk.world.approver).get(f"/persetujuan/{package.id}")
    assert [i.get_text() for i in page.soup.select("ins")] == ["[ditambahkan: SW]"]
    assert "Setujui publikasi ini" in page.main


def queries_items(package: Any) -> list[Any]:
    from humasflow.approvals.contents import content_of

    return list(content_of(package).items)


def test_a_version_that_came_past_the_services_is_not_covered(desk: Desk) -> None:
    mark(desk)
    story, _package = desk.approved("web")
    events._handlers.pop(stories.writing.StoryVersionSaved)
    desk.edit(story, writer_credit="SW")
    assert approved_posts(story) == [False]


def test_every_part_of_a_content_belongs_to_a_field() -> None:
    """A part added to a story later is compared too, as a fact, until somebody files it elsewhere."""
    digests = field_digests(cleaned(TEXT))
    assert set(digests) == {f.value for f in STORY_FIELDS}
    for item in fields(StoryContent):
        if item.type == "str" or item.type is str:
            changed = changed_fields(
                digests, field_digests(replace(cleaned(TEXT), **{item.name: "Lain sama sekali"}))
            )
            assert len(changed) == 1, item.name
    assert changed_fields({}, digests) == STORY_FIELDS, "nothing known is everything changed"


@pytest.mark.parametrize(
    ("change", "kept"),
    [({"title": "Lain"}, False), ({"writer_credit": "X"}, True), ({"goal": "X"}, True), ({"body_html": "<p>X</p>"}, False)],
)  # fmt: skip
def test_the_rule_by_itself(desk: Desk, change: dict[str, str], kept: bool) -> None:
    mark(desk)
    story = desk.story()
    assert keeps_approval(story, cleaned(TEXT), cleaned(replace(TEXT, **change))) is kept


def test_the_policy_holds_together(desk: Desk) -> None:
    admin, office = desk.as_(desk.world.admin), desk.world.office.id
    with pytest.raises(SettingsRefused):
        services.set_edit_policy(office, actor=admin, only_marked=True, marked=())
    with pytest.raises(NotAllowed):
        services.set_edit_policy(office, actor=desk.editor, only_marked=False)
    first = services.set_edit_policy(office, actor=admin, only_marked=True, marked=[F.TITLE])
    stale = first.row_version
    services.set_edit_policy(office, actor=admin, only_marked=False, row_version=stale)
    with pytest.raises(Conflict):
        services.set_edit_policy(office, actor=admin, only_marked=True, marked=[F.BODY], row_version=stale)


# The words before saving


def words(consequence: object) -> str:
    return render_template("approvals/_consequence.html", consequence=consequence)


def test_the_consequence_names_the_marked_parts_before_anybody_saves(desk: Desk) -> None:
    mark(desk)
    story, _package = desk.approved("web")
    text = words(consequence_of_edit(story))
    assert "judul, kicker, teras, isi naskah" in text
    assert "Persetujuannya gugur dan naskah kembali menjadi draf" in text
    assert "Bila yang diubah hanya kredit penulis dan editor, tujuan, khalayak, agenda, dan tokoh" in text
    text = words(consequence_of_post_edit(story))
    assert "teks publikasi, foto publikasi" in text
    assert "Bila yang diubah hanya tautan publikasi" in text


def test_without_a_policy_the_consequence_is_plain(desk: Desk) -> None:
    story, _package = desk.approved("web")
    consequence = consequence_of_edit(story)
    assert consequence is not None
    assert consequence.always
    assert "kecuali" not in words(consequence)


def test_where_nothing_here_is_marked_it_says_so(desk: Desk) -> None:
    mark(desk, F.TITLE)
    story, _package = desk.approved("web")
    consequence = consequence_of_post_edit(story)
    assert consequence is not None
    assert consequence.never
    assert "tidak menggugurkan persetujuan" in words(consequence)
    assert set(EditField) == STORY_FIELDS | POST_FIELDS


def test_a_draft_has_nothing_to_lose_and_what_is_read_must_not_change(desk: Desk) -> None:
    mark(desk)
    story = desk.ready("web")
    assert consequence_of_edit(story) is None
    assert words(consequence_of_post_edit(story)).strip() == ""
    desk.submit(story)
    assert "menggugurkan pengajuan" in words(consequence_of_post_edit(story))


def test_a_correction_of_what_is_live_is_always_approved_anew(desk: Desk) -> None:
    mark(desk)
    story, _package = desk.approved("web")
    move_story(story, StoryMove.PUBLISH, actor=None)
    consequence = consequence_of_edit(story)
    assert consequence is not None
    assert consequence.always
    stories.save_version(story, actor=desk.editor, content=replace(TEXT, writer_credit="SW"), correcting=True)
    assert story.state is StoryState.PUBLISHED
    assert approved_posts(story) == [False]


def test_the_admin_chooses_the_policy(desk: Desk, browser_of: Callable[[Any], Browser]) -> None:
    db.session.commit()
    browser = browser_of(desk.world.admin)
    url = "/pengaturan/persetujuan/sesudah-disetujui"
    page = browser.get(url)
    form = page.form("sesudah-disetujui")
    assert form["mode"] == "any"
    kept = {k: v for k, v in form.items() if k != "marked"}
    page = browser.post(url, {**kept, "mode": "marked"}, status=422)
    assert "Pilih sedikitnya satu bagian" in page.main
    kept = {k: v for k, v in page.form("sesudah-disetujui").items() if k != "marked"}
    browser.post(url, {**kept, "mode": "marked", "marked": ["title", "body"]})
    policy = db.session.get_one(EditPolicy, desk.world.office.id)
    assert (policy.only_marked, policy.marked) == (True, ["title", "body"])
    assert "kecuali yang berubah hanya: kicker, teras" in browser.get("/pengaturan/persetujuan").main
    kept = {k: v for k, v in browser.get(url).form("sesudah-disetujui").items() if k != "marked"}
    browser.post(url, {**kept, "mode": "marked", "marked": ["title", "nonsense"]}, status=422)
