"""Sending, completing and deciding, without pages."""

import threading
from datetime import date, time

import pytest
from sqlalchemy import func, select

from humasflow.accounts.models import User
from humasflow.accounts.queries import load_principal
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import events
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, Refused, UserError
from humasflow.pitches import queries
from humasflow.pitches.enums import PitchMove, PitchState
from humasflow.pitches.events import PitchDecided, PitchSent
from humasflow.pitches.models import Pitch
from humasflow.pitches.services import (
    MAX_PHOTOS,
    PitchContent,
    accept_pitch,
    change_pitch,
    move_pitch,
    send_pitch,
)
from humasflow.stories import queries as stories
from humasflow.stories.enums import StoryMove, StorySource
from humasflow.stories.models import Story
from humasflow.stories.services import StoryContent, create_story, move_story
from tests.factories.world import World
from tests.pitches.ideas import photo_of, pitched

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


@pytest.fixture
def heard(app):
    """What was told to higher rooms; nobody else listens."""
    told = []
    events.bind([(PitchSent, told.append), (PitchDecided, told.append)])
    return told


def test_a_title_alone_is_a_pitch(world: World, heard):
    pitch = pitched(world, "Senam bersama")
    assert (pitch.state, pitch.what, pitch.reason, pitch.happened_on) == (PitchState.NEW, "", "", None)
    assert pitch.section_id == world.section.id, "the author's own section"
    assert heard == [PitchSent(pitch.id, world.contributor.id)]
    assert [e.action for e in audit.list_timeline(("pitch", pitch.id))] == [AuditAction.PITCH_SENT]


@pytest.mark.parametrize("title", ["", "   ", "a" * 201])
def test_a_title_must_say_something_and_fit(world: World, title):
    with pytest.raises(UserError):
        pitched(world, title)
    assert db.session.scalar(select(func.count()).select_from(Pitch)) == 0


def test_another_office_is_not_found(world: World, other_world: World):
    with pytest.raises(NotFound):
        send_pitch(
            actor=world.as_(world.contributor), office_id=other_world.office.id, content=PitchContent("Titip")
        )
    with pytest.raises(NotFound):
        send_pitch(
            actor=world.as_(world.contributor), office_id=world.office.id, content=PitchContent("Titip"),
            section_id=other_world.section.id,
        )  # fmt: skip


def test_only_own_photos_come_along_in_order_and_up_to_the_limit(world: World):
    mine = photo_of(world, world.contributor)
    second = photo_of(world, world.contributor, width=400)
    others = photo_of(world, world.editor, width=500)
    pitch = pitched(world, photo_ids=[second.id, others.id, mine.id, mine.id, 999_999])
    assert [p.asset_id for p in pitch.photos] == [second.id, mine.id]
    assert MAX_PHOTOS == 12


def test_the_author_completes_while_it_is_new(world: World):
    photo = photo_of(world, world.contributor)
    pitch = pitched(world)
    before = pitch.row_version
    content = PitchContent("Lelang UMKM", "Laku semua", date(2026, 11, 21), time(9, 30), "Aula", "Ibu Sri")
    change_pitch(
        pitch, actor=world.as_(world.contributor), content=content, photo_ids=[photo.id], row_version=before
    )
    db.session.commit()
    db.session.refresh(pitch)
    assert (pitch.what, pitch.happened_at, pitch.place) == ("Laku semua", time(9, 30), "Aula")
    assert [p.asset_id for p in pitch.photos] == [photo.id]
    newest = audit.list_timeline(("pitch", pitch.id))[0]
    assert newest.action is AuditAction.PITCH_CHANGED
    assert set(newest.detail["fields"]) == {
        "title",
        "what",
        "happened_on",
        "happened_at",
        "place",
        "people",
        "photos",
    }


def test_saving_without_a_change_leaves_no_trace(world: World):
    pitch = pitched(world)
    change_pitch(pitch, actor=world.as_(world.contributor), content=PitchContent(pitch.title), photo_ids=[])
    assert len(audit.list_timeline(("pitch", pitch.id))) == 1


def test_new_photos_alone_are_a_new_version(world: World):
    """Otherwise an editor would decide about photos never seen."""
    pitch, photo = pitched(world), photo_of(world, world.contributor)
    before = pitch.row_version
    change_pitch(
        pitch, actor=world.as_(world.contributor), content=PitchContent(pitch.title), photo_ids=[photo.id]
    )
    assert pitch.row_version > before
    with pytest.raises(Conflict):
        move_pitch(pitch, PitchMove.PARK, actor=world.as_(world.editor), row_version=before)


def test_a_stale_save_is_refused_and_changes_nothing(world: World):
    pitch = pitched(world)
    actor = world.as_(world.contributor)
    stale = pitch.row_version
    change_pitch(
        pitch, actor=actor, content=PitchContent("Judul dari ponsel"), photo_ids=[], row_version=stale
    )
    with pytest.raises(Conflict):
        change_pitch(
            pitch, actor=actor, content=PitchContent("Judul dari laptop"), photo_ids=[], row_version=stale
        )
    assert pitch.title == "Judul dari ponsel"


def test_nobody_else_and_nobody_later_completes(world: World):
    pitch = pitched(world)
    with pytest.raises(Refused) as refused:
        change_pitch(pitch, actor=world.as_(world.editor), content=PitchContent("Lain"), photo_ids=[])
    assert [r.code for r in refused.value.reasons] == ["not_author"]
    move_pitch(pitch, PitchMove.REJECT, actor=world.as_(world.editor), reason="Sudah lewat")
    with pytest.raises(Refused) as refused:
        change_pitch(pitch, actor=world.as_(world.contributor), content=PitchContent("Lain"), photo_ids=[])
    assert "Redaktur Satu" in refused.value.message
    assert "Sudah lewat" in refused.value.message


def test_accepting_makes_a_story_of_all_that_was_known(world: World, heard):
    photo = photo_of(world, world.contributor)
    pitch = pitched(
        world, what="Baris satu\n\nBaris <b>dua</b>", happened_on=date(2026, 11, 21), place="Aula", people="Ibu Sri",
        photo_ids=[photo.id],
    )  # fmt: skip
    story = accept_pitch(
        pitch, actor=world.as_(world.editor), content_type_id=world.news.id, section_id=world.section.id,
        title="Lelang UMKM Laku", row_version=pitch.row_version,
    )  # fmt: skip
    db.session.commit()
    version = stories.get_current_version(story)
    assert (story.title, story.owner_id, story.section_id) == (
        "Lelang UMKM Laku",
        world.editor.id,
        world.section.id,
    )
    assert (version.source, version.event_date, version.place) == (
        StorySource.SECTION,
        date(2026, 11, 21),
        "Aula",
    )
    assert "Kontributor Satu" in version.source_note
    assert stories.get_body(version.id) == "<p>Baris satu</p><p>Baris &lt;b&gt;dua&lt;/b&gt;</p>"
    assert [(p.asset_id, p.credit) for p in version.pictures] == [(photo.id, "Kontributor Satu")]
    assert (pitch.state, pitch.story_id, pitch.decided_by) == (PitchState.ACCEPTED, story.id, world.editor.id)
    assert queries.pitcher_of(story.id) == [world.contributor.id]
    assert heard[-1] == PitchDecided(pitch.id, PitchMove.ACCEPT, world.editor.id, "")
    accepted = audit.list_timeline(("pitch", pitch.id))[0]
    assert accepted.actor_label == "Pranata Humas, Redaktur Satu"
    assert accepted in audit.list_timeline(("story", story.id)), (
        "the story's timeline shows where it comes from"
    )


def test_accepting_needs_a_content_type_of_the_office(world: World, other_world: World):
    pitch = pitched(world)
    with pytest.raises(UserError):
        accept_pitch(pitch, actor=world.as_(world.editor))
    with pytest.raises(NotFound):
        accept_pitch(pitch, actor=world.as_(world.editor), content_type_id=other_world.news.id)
    assert pitch.state is PitchState.NEW


def _story(world: World, title: str = "Naskah lama") -> Story:
    return create_story(
        actor=world.as_(world.editor), office_id=world.office.id, content=StoryContent(title),
        content_type_id=world.news.id,
    )  # fmt: skip


def test_a_pitch_joins_an_open_story_without_touching_its_text(world: World):
    story = _story(world)
    version = story.current_version_id
    first, second = pitched(world), pitched(world, "Sama", by=world.other_contributor)
    for pitch in (first, second):
        assert accept_pitch(pitch, actor=world.as_(world.editor), story=story) is story
    assert story.current_version_id == version
    assert queries.pitcher_of(story.id) == [world.contributor.id, world.other_contributor.id]
    assert [p.id for p in queries.list_of_story(story.id)] == [first.id, second.id]


def test_a_closed_or_foreign_story_is_not_joined(world: World, other_world: World):
    closed = _story(world)
    move_story(closed, StoryMove.CANCEL, actor=world.as_(world.editor), reason="Batal")
    pitch = pitched(world)
    with pytest.raises(Refused) as refused:
        accept_pitch(pitch, actor=world.as_(world.editor), story=closed)
    assert [r.code for r in refused.value.reasons] == ["story_closed"]
    foreign = _story(other_world)
    with pytest.raises(NotFound):
        accept_pitch(pitch, actor=world.as_(world.editor), story=foreign)
    assert pitch.state is PitchState.NEW


def test_the_second_editor_hears_who_decided_and_no_second_story_is_made(world: World):
    pitch = pitched(world)
    accept_pitch(pitch, actor=world.as_(world.editor), content_type_id=world.news.id)
    with pytest.raises(Refused) as refused:
        accept_pitch(pitch, actor=world.as_(world.other_editor), content_type_id=world.news.id, row_version=1)
    assert "Redaktur Satu sudah menerima" in refused.value.message
    assert db.session.scalar(select(func.count()).select_from(Story)) == 1


def test_an_editor_who_read_an_older_text_reads_again(world: World):
    pitch = pitched(world)
    read = pitch.row_version
    change_pitch(
        pitch, actor=world.as_(world.contributor), content=PitchContent("Ada tambahan"), photo_ids=[]
    )
    with pytest.raises(Conflict):
        accept_pitch(pitch, actor=world.as_(world.editor), content_type_id=world.news.id, row_version=read)
    assert db.session.scalar(select(func.count()).select_from(Story)) == 0


@pytest.mark.parametrize("who", ["contributor", "approver", "section_approver", "lead", "admin"])
@pytest.mark.parametrize("move", list(PitchMove))
def test_only_editors_decide(world: World, who, move):
    pitch = pitched(world)
    with pytest.raises(NotAllowed):
        move_pitch(pitch, move, actor=world.as_(getattr(world, who)), reason="Karena")
    assert pitch.state is PitchState.NEW


def test_an_editor_of_another_office_finds_nothing(world: World, other_world: World):
    pitch = pitched(world)
    with pytest.raises(NotFound):
        move_pitch(pitch, PitchMove.PARK, actor=other_world.as_(other_world.editor))
    with pytest.raises(NotFound):
        queries.get_pitch(other_world.as_(other_world.editor), pitch.id)


@pytest.mark.parametrize("reason", ["", "   \n"])
def test_rejecting_needs_a_reason(world: World, reason):
    pitch = pitched(world)
    with pytest.raises(Refused) as refused:
        move_pitch(pitch, PitchMove.REJECT, actor=world.as_(world.editor), reason=reason)
    assert [r.code for r in refused.value.reasons] == ["needs_reason"]
    assert pitch.state is PitchState.NEW


def test_parking_takes_a_note_and_reopening_clears_the_decision(world: World, heard):
    pitch = pitched(world)
    editor = world.as_(world.editor)
    move_pitch(pitch, PitchMove.PARK, actor=editor, reason="Tunggu Hari Oeang")
    assert (pitch.state, pitch.reason, pitch.decided_by) == (
        PitchState.PARKED,
        "Tunggu Hari Oeang",
        world.editor.id,
    )
    move_pitch(pitch, PitchMove.REOPEN, actor=editor)
    assert (pitch.state, pitch.reason, pitch.decided_by, pitch.decided_at) == (PitchState.NEW, "", None, None)
    assert [e.move for e in heard[1:]] == [PitchMove.PARK, PitchMove.REOPEN]
    reasons = [e.detail.get("reason") for e in audit.list_timeline(("pitch", pitch.id))]
    assert "Tunggu Hari Oeang" in reasons, "the record keeps what the pitch no longer shows"


def test_a_story_goes_with_accepting_only(world: World):
    pitch, story = pitched(world), _story(world)
    with pytest.raises(ValueError, match="story"):
        move_pitch(pitch, PitchMove.PARK, actor=world.as_(world.editor), story=story)
    with pytest.raises(ValueError, match="story"):
        move_pitch(pitch, PitchMove.ACCEPT, actor=world.as_(world.editor))


def test_counts(world: World, other_world: World):
    pitched(world)
    pitched(other_world)
    parked = pitched(world, "Dua")
    assert queries.count_new(world.office.id) == 2
    move_pitch(parked, PitchMove.PARK, actor=world.as_(world.editor))
    counts = queries.count_pool(world.office.id)
    assert (counts[PitchState.NEW], counts[PitchState.PARKED], counts[PitchState.REJECTED]) == (1, 1, 0)
    assert counts.waiting_since is not None
    assert queries.count_mine(world.as_(world.contributor)) == {PitchState.NEW: 1, PitchState.PARKED: 1}


@pytest.mark.parametrize(
    ("q", "found"), [("100%", ["Naik 100% lagi"]), ("a_b", ["kode a_b"]), ("LELANG", ["Lelang"])]
)
def test_searching_takes_signs_as_typed(world: World, q, found):
    for title in ("Naik 100% lagi", "Naik 100 lagi", "kode a_b", "kode axb", "Lelang"):
        pitched(world, title)
    assert [r.title for r in queries.list_pool(world.as_(world.editor), world.office.id, q=q)] == found


def test_paging_shows_every_pitch_once(world: World):
    titles = [f"Usulan {n}" for n in range(7)]
    for title in titles:
        pitched(world, title)
    seen, cursor = [], None
    while True:
        page = queries.list_pool(world.as_(world.editor), world.office.id, cursor=cursor, size=3)
        seen += [r.title for r in page]
        if not (cursor := page.next):
            break
    assert seen == titles[::-1]


def test_two_editors_in_the_same_moment_make_one_story(app, world: World):
    pitch_id, office_id, type_id = pitched(world).id, world.office.id, world.news.id
    editors = [world.editor.id, world.other_editor.id]
    db.session.rollback()
    start, outcomes = threading.Barrier(2), []

    def decide(user_id: int) -> None:
        with app.app_context(), app.test_request_context():
            start.wait(10)
            actor = load_principal(db.session.get_one(User, user_id), office_id=office_id)
            try:
                accept_pitch(queries.get_pitch(actor, pitch_id), actor=actor, content_type_id=type_id)
                db.session.commit()
                outcomes.append("accepted")
            except Refused as refused:
                db.session.rollback()
                outcomes.append(refused.message)

    threads = [threading.Thread(target=decide, args=(i,)) for i in editors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(o == "accepted" for o in outcomes) == [False, True]
    assert any("sudah menerima usulan ini" in o for o in outcomes)
    assert db.session.scalar(select(func.count()).select_from(Story)) == 1
