"""Stories are written in versions that never change, and everybody sees what became of an approval."""

from dataclasses import replace
from datetime import date

import pytest

from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import events
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, Refused, UserError
from humasflow.stories import queries, services
from humasflow.stories.enums import StoryMove, StorySource, StoryState
from humasflow.stories.events import StoryAssigned, StoryMoved, StoryVersionSaved
from humasflow.stories.policy import reasons_not_ready
from humasflow.stories.services import StoryContent, content_digest
from tests.factories import desk
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


@pytest.fixture
def told() -> list[object]:
    """What stories told higher rooms."""
    heard: list[object] = []
    events.bind([(t, heard.append) for t in (StoryVersionSaved, StoryMoved, StoryAssigned)])
    return heard


def test_a_new_story_is_a_draft_held_by_who_began_it(world: World) -> None:
    story = desk.story(world)
    version = queries.get_current_version(story)
    assert (story.state, story.owner_id, version.number) == (StoryState.DRAFT, world.editor.id, 1)
    assert version.words == 10
    assert [e.action for e in audit.list_timeline(("story", story.id))] == [AuditAction.STORY_CREATED]


def test_the_body_is_cleaned_on_the_way_in(world: World) -> None:
    story = desk.story(
        world, body_html='<p onclick="x()">Isi<script>alert(1)</script></p><iframe src="x"></iframe>'
    )
    assert queries.get_body(story.current_version_id or 0) == "<p>Isi</p>"


def test_saving_makes_a_version_and_leaves_the_one_before_as_it_was(world: World, told: list[object]) -> None:
    story = desk.story(world)
    first = queries.get_current_version(story)
    facts = (first.title, first.digest, queries.get_body(first.id))
    saved = services.save_version(
        story,
        actor=world.as_(world.other_editor),
        content=desk.text(title="Judul kedua"),
        note="Judul lebih pendek",
    )
    assert saved is not None
    assert (saved.number, saved.note, saved.author_id) == (2, "Judul lebih pendek", world.other_editor.id)
    assert story.title == "Judul kedua"
    db.session.expire_all()
    again = queries.get_version(first.id)
    assert (again.title, again.digest, queries.get_body(first.id)) == facts
    assert told == [StoryVersionSaved(story.id, saved.id, world.other_editor.id)]


def test_saving_without_a_change_makes_no_version(world: World, told: list[object]) -> None:
    story = desk.story(world)
    assert services.save_version(story, actor=world.as_(world.editor), content=desk.text()) is None
    assert told == []
    assert len(desk.versions(story)) == 1


def test_filing_under_another_type_needs_no_new_version(world: World) -> None:
    story = desk.story(world)
    services.save_version(
        story, actor=world.as_(world.editor), content=desk.text(), content_type_id=world.headline.id
    )
    assert (story.content_type_id, story.pillar_id) == (world.headline.id, None)
    assert len(desk.versions(story)) == 1


def test_an_edit_after_approval_voids_it(world: World, told: list[object]) -> None:
    story = desk.story(world, state=StoryState.APPROVED)
    told.clear()
    saved = services.save_version(story, actor=world.as_(world.editor), content=desk.text(lead="Teras lain."))
    assert saved is not None
    assert story.state is StoryState.DRAFT
    assert [type(e) for e in told] == [StoryMoved, StoryVersionSaved]
    assert AuditAction.STORY_APPROVAL_VOIDED in [e.action for e in audit.list_timeline(("story", story.id))]


def test_another_content_type_after_approval_voids_it_too(world: World) -> None:
    """Another type may ask other people."""
    story = desk.story(world, state=StoryState.APPROVED)
    saved = services.save_version(
        story, actor=world.as_(world.editor), content=desk.text(), content_type_id=world.headline.id
    )
    assert saved is not None
    assert story.state is StoryState.DRAFT


@pytest.mark.parametrize(
    "state",
    [s for s in StoryState if s not in (StoryState.DRAFT, StoryState.APPROVED)],
)
def test_what_is_in_review_or_out_is_locked_with_a_reason(world: World, state: StoryState) -> None:
    story = desk.story(world, state=state)
    with pytest.raises(Refused) as refused:
        services.save_version(story, actor=world.as_(world.editor), content=desk.text(title="Lain"))
    assert [r.code for r in refused.value.reasons] == [f"state_{state.value}"]
    assert story.title == desk.text().title


def test_every_reason_is_told_at_once(world: World) -> None:
    story = desk.story(world, state=StoryState.IN_REVIEW)
    with pytest.raises(Refused) as refused:
        services.save_version(story, actor=world.as_(world.lead), content=desk.text(title="Lain"))
    assert [r.code for r in refused.value.reasons] == ["permission", "state_in_review"]


def test_a_stale_save_overwrites_nothing(world: World) -> None:
    story = desk.story(world)
    opened = queries.edit_stamp(story)
    services.save_version(
        story, actor=world.as_(world.other_editor), content=desk.text(title="Punya orang lain")
    )
    with pytest.raises(Conflict):
        services.save_version(
            story, actor=world.as_(world.editor), content=desk.text(title="Punya saya"), stamp=opened
        )
    with pytest.raises(Conflict):
        services.save_version(
            story, actor=world.as_(world.editor), content=desk.text(title="Punya saya"), row_version=1
        )
    assert queries.get_current_version(story).title == "Punya orang lain"


def test_handing_the_story_over_meanwhile_is_no_conflict_of_texts(world: World) -> None:
    story = desk.story(world)
    opened = queries.edit_stamp(story)
    services.assign_story(story, actor=world.as_(world.other_editor), owner_id=world.other_editor.id)
    assert services.save_version(
        story, actor=world.as_(world.editor), content=desk.text(title="Tetap bisa"), stamp=opened
    )


def test_restoring_makes_a_new_version_with_the_old_content(world: World) -> None:
    made = desk.asset(world)
    story = desk.story(world, pictures=(desk.picture(made),), event_date=date(2026, 11, 2))
    first = queries.get_current_version(story)
    editor = world.as_(world.editor)
    services.save_version(story, actor=editor, content=desk.text(title="Sementara"))
    restored = services.restore_version(story, first, actor=editor)
    assert restored is not None
    assert (restored.number, restored.digest, restored.title) == (3, first.digest, first.title)
    assert [p.asset_id for p in restored.pictures] == [made.id]
    assert services.restore_version(story, first, actor=editor) is None


def test_a_version_of_another_story_cannot_be_restored_here(world: World) -> None:
    one, two = desk.story(world), desk.story(world)
    with pytest.raises(NotFound):
        services.restore_version(one, queries.get_current_version(two), actor=world.as_(world.editor))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " "}, "Judul naskah perlu diisi."),
        ({"title": "x" * 5000}, "Judul paling panjang 200 karakter; sekarang 5000."),
        ({"goal": "x" * 301}, "paling banyak 300 karakter; sekarang 301"),
        ({"source": StorySource.AGENCY}, "Sebutkan asal rilis"),
    ],
)
def test_what_cannot_be_stored_is_said_in_words(
    world: World, changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(UserError, match="(?s).*") as refused:
        desk.story(world, **changes)
    assert sentence in refused.value.message


def test_pictures_keep_their_order_and_belong_to_the_office(world: World, other_world: World) -> None:
    first, second = desk.asset(world), desk.asset(world)
    story = desk.story(world, pictures=(desk.picture(second), desk.picture(first)))
    assert [p.asset_id for p in queries.get_current_version(story).pictures] == [second.id, first.id]
    stranger = desk.asset(other_world)
    with pytest.raises(NotFound):
        desk.story(world, pictures=(desk.picture(stranger),))
    with pytest.raises(UserError):
        desk.story(world, pictures=(desk.picture(first), desk.picture(first)))


def test_another_offices_types_sections_and_pillars_are_not_found(world: World, other_world: World) -> None:
    for wrong in (
        {"content_type_id": other_world.news.id},
        {"content_type_id": world.news.id, "section_id": other_world.section.id},
        {"content_type_id": world.news.id, "pillar_id": other_world.pillar.id},
    ):
        with pytest.raises(NotFound):
            services.create_story(
                actor=world.as_(world.editor), office_id=world.office.id, content=desk.text(), **wrong
            )


def test_only_writers_of_the_office_begin_stories(world: World, other_world: World) -> None:
    for actor, error in (
        (world.as_(world.contributor), NotAllowed),
        (other_world.as_(other_world.editor), NotFound),
    ):
        with pytest.raises(error):
            services.create_story(
                actor=actor, office_id=world.office.id, content=desk.text(), content_type_id=world.news.id
            )


def test_who_may_read(world: World, other_world: World) -> None:
    story = desk.story(world)
    for reader in (world.editor, world.approver, world.lead, world.admin):
        assert queries.get_story(world.as_(reader), story.id) is story
    for stranger in (world.as_(world.contributor), other_world.as_(other_world.editor)):
        with pytest.raises(NotFound):
            queries.get_story(stranger, story.id)
    story.created_by = world.contributor.id
    assert queries.get_story(world.as_(world.contributor), story.id) is story


def test_handing_over(world: World, told: list[object]) -> None:
    story = desk.story(world)
    editor = world.as_(world.editor)
    services.assign_story(story, actor=editor, owner_id=world.other_editor.id)
    services.assign_story(story, actor=editor, owner_id=world.other_editor.id)
    assert story.owner_id == world.other_editor.id
    assert told == [StoryAssigned(story.id, world.other_editor.id, world.editor.id)]
    with pytest.raises(UserError, match="redaktur kantor ini"):
        services.assign_story(story, actor=editor, owner_id=world.contributor.id)
    with pytest.raises(Refused):
        services.assign_story(story, actor=world.as_(world.approver), owner_id=world.editor.id)
    services.move_story(story, StoryMove.CANCEL, actor=editor, reason="Batal")
    with pytest.raises(Refused):
        services.assign_story(story, actor=editor, owner_id=world.editor.id)


def test_what_is_missing_before_submitting_is_listed_at_once(world: World) -> None:
    story = desk.story(world, body_html="", goal="", audience="")
    assert [r.code for r in reasons_not_ready(queries.get_current_version(story))] == [
        "body",
        "goal",
        "audience",
    ]
    assert reasons_not_ready(queries.get_current_version(desk.story(world))) == []


# The digest


def _digest(content: StoryContent, hashes: tuple[str, ...] = ()) -> str:
    return content_digest(content, hashes)


def test_the_digest_is_the_same_on_every_machine() -> None:
    """A known value: if it changes, approvals that were given no longer match what they were given for."""
    content = StoryContent(title="Judul", lead="Teras", body_html="<p>Isi</p>", event_date=date(2026, 11, 21))
    assert _digest(content) == "0ac836128d0aedf9477137001cb04668bc682b6ef5c8aecaba3b0f88a8226573"


def test_the_digest_covers_all_that_a_reader_sees() -> None:
    base = desk.text(pictures=(services.PictureContent(1, "Foto: A", "alt", "cap"),))
    seen = {
        "title": "x", "lead": "x", "body_html": "<p>x</p>", "source": StorySource.MONITORING, "source_note": "x",
        "event_date": date(2026, 1, 1), "place": "x", "writer_credit": "x",
        "kicker": "x", "dateline": "x", "contact": "x", "claim": "x", "claim_source": "x", "fact_source": "x",
        "editor_credit": "x",
    }  # fmt: skip
    original = _digest(base, ("a",))
    assert all(_digest(replace(base, **{k: v}), ("a",)) != original for k, v in seen.items())
    assert _digest(base, ("b",)) != original
    assert (
        _digest(replace(base, pictures=(services.PictureContent(1, "Foto: A", "lain", "cap"),)), ("a",))
        != original
    )
    for unseen in ("goal", "audience", "people", "agenda"):
        assert _digest(replace(base, **{unseen: "x"}), ("a",)) == original


def test_the_stored_digest_can_be_checked_against_the_stored_content(world: World) -> None:
    made = desk.asset(world)
    story = desk.story(world, pictures=(desk.picture(made),))
    version = queries.get_current_version(story)
    db.session.expire_all()
    content = services.content_of(version, queries.get_body(version.id))
    assert version.digest == content_digest(content, [p.asset.sha256 for p in version.pictures])
