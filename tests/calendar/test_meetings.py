"""Rapat redaksi: what the week's page shows, and minutes that several people write and nobody changes afterwards."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction as A
from humasflow.calendar.enums import Decision
from humasflow.calendar.meetings import queries, services
from humasflow.calendar.meetings.services import close_meeting, decide_pitch, write_note
from humasflow.calendar.models import Meeting, MeetingNote
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, Refused, UserError
from humasflow.metrics.models import ReaderCount
from humasflow.pitches.enums import PitchState
from humasflow.pitches.models import Pitch
from humasflow.pitches.services import PitchContent, send_pitch
from humasflow.planning.agenda.services import EventContent, create_event
from humasflow.posts import services as posts
from humasflow.posts.models import Post
from humasflow.stories.models import Story
from tests.factories import desk as factory
from tests.factories.publications import live_post
from tests.factories.world import World
from tests.support.page import Browser, Page

BrowserOf = Callable[[User], Browser]
At = Callable[[str], AbstractContextManager[None]]
MONDAY = date(2026, 11, 16)
NOW = "2026-11-17T02:00:00Z"  # Tuesday, 09.00 WIB
URL = "/rapat/2026-11-16"


def pitch_of(world: World, title: str = "Lelang laku semua") -> Pitch:
    made = send_pitch(
        actor=world.as_(world.contributor), office_id=world.office.id, content=PitchContent(title)
    )
    db.session.commit()
    return made


def note(world: World, text: str = "Diputuskan", **given: Any) -> MeetingNote:
    made = write_note(world.office.id, MONDAY, actor=world.as_(world.editor), text=text, **given)
    db.session.commit()
    return made


def editor_of(world: World) -> Principal:
    return world.as_(world.editor)


def form_to(page: Page, action: str) -> dict[str, str]:
    return page.form(action)


@pytest.mark.db
def test_the_first_note_begins_the_minutes_and_each_is_in_the_record(world: World, in_request: None) -> None:
    assert queries.find_meeting(world.office.id, MONDAY) is None
    first = note(world, "Satu")
    second = write_note(world.office.id, MONDAY, actor=world.as_(world.other_editor), text="Dua\r\nbaris")
    assert first.meeting_id == second.meeting_id
    meeting = queries.find_meeting(world.office.id, MONDAY)
    lines = queries.list_lines(world.as_(world.lead), meeting)
    assert [line.note.text for line in lines] == ["Satu", "Dua\nbaris"]
    assert meeting is not None
    told = audit.list_timeline(("meeting", meeting.id))
    assert [e.action for e in told] == [A.MEETING_NOTE_WRITTEN, A.MEETING_NOTE_WRITTEN]


@pytest.mark.db
def test_a_stale_change_loses_nothing(world: World, in_request: None) -> None:
    written, editor = note(world), world.as_(world.editor)
    opened_with = written.row_version
    services.change_note(written, actor=world.as_(world.other_editor), text="Baru", row_version=opened_with)
    with pytest.raises(Conflict):
        services.change_note(written, actor=editor, text="Lain", row_version=opened_with)
    with pytest.raises(Conflict):
        services.remove_note(written, actor=editor, row_version=opened_with)
    assert written.text == "Baru"
    services.remove_note(written, actor=editor, row_version=written.row_version)
    assert queries.list_lines(editor, queries.find_meeting(world.office.id, MONDAY)) == []
    with pytest.raises(Conflict):
        services.change_note(written, actor=editor, text="Terlambat", row_version=written.row_version)


@pytest.mark.db
def test_closed_minutes_never_change_again(world: World, in_request: None) -> None:
    written, editor = note(world), world.as_(world.editor)
    meeting = db.session.get_one(Meeting, written.meeting_id)
    close_meeting(meeting, actor=editor)
    closed_at = meeting.closed_at
    close_meeting(meeting, actor=world.as_(world.other_editor))
    assert (meeting.closed_at, meeting.closed_by) == (closed_at, world.editor.id)
    pitch = pitch_of(world)
    office_id = world.office.id
    for act in (
        lambda: write_note(office_id, MONDAY, actor=editor, text="x"),
        lambda: services.change_note(written, actor=editor, text="x", row_version=None),
        lambda: services.remove_note(written, actor=editor, row_version=None),
        lambda: services.set_attendees(office_id, MONDAY, actor=editor, attendees="x", row_version=None),
        lambda: decide_pitch(office_id, MONDAY, pitch, Decision.PARK, actor=editor, text="x"),
    ):
        with pytest.raises(Refused, match="ditutup"):
            act()
    assert pitch.state is PitchState.NEW
    assert [e.action for e in audit.list_timeline(("meeting", meeting.id))].count(A.MEETING_CLOSED) == 1


@pytest.mark.db
def test_a_pitch_is_decided_and_written_down_as_one(world: World, in_request: None) -> None:
    editor, office_id = world.as_(world.editor), world.office.id
    taken, parked, refused = (pitch_of(world, t) for t in ("Digarap", "Disimpan", "Ditolak"))
    decide_pitch(
        office_id, MONDAY, taken, Decision.TAKE, actor=editor, text="Siti", content_type_id=world.news.id
    )
    decide_pitch(office_id, MONDAY, parked, Decision.PARK, actor=editor)
    with pytest.raises(Refused, match="alasan"):
        decide_pitch(office_id, MONDAY, refused, Decision.REJECT, actor=editor)
    decide_pitch(office_id, MONDAY, refused, Decision.REJECT, actor=editor, text="Sudah ada")
    assert [p.state for p in (taken, parked, refused)] == [
        PitchState.ACCEPTED, PitchState.PARKED, PitchState.REJECTED,
    ]  # fmt: skip
    assert refused.reason == "Sudah ada"
    assert taken.story is not None and taken.story.owner_id == world.editor.id
    lines = queries.list_lines(editor, queries.find_meeting(office_id, MONDAY))
    assert [(x.note.decision, x.note.subject_title, x.note.text) for x in lines] == [
        (Decision.TAKE, "Digarap", "Siti"), (Decision.PARK, "Disimpan", ""),
        (Decision.REJECT, "Ditolak", "Sudah ada"),
    ]  # fmt: skip
    with pytest.raises(Refused):
        decide_pitch(office_id, MONDAY, taken, Decision.REJECT, actor=editor, text="Sekali lagi")
    assert db.session.scalar(select(func.count()).select_from(MeetingNote)) == 3


@pytest.mark.db
def test_who_may_not_write_does_not(world: World, other_world: World, in_request: None) -> None:
    for who in (world.lead, world.approver, world.contributor):
        with pytest.raises(NotAllowed):
            write_note(world.office.id, MONDAY, actor=world.as_(who), text="x")
    with pytest.raises(NotFound):
        write_note(world.office.id, MONDAY, actor=other_world.as_(other_world.editor), text="x")
    foreign, editor = pitch_of(other_world), world.as_(world.editor)
    with pytest.raises(NotFound):
        decide_pitch(world.office.id, MONDAY, foreign, Decision.PARK, actor=editor)
    for text in ("", "   ", "x" * 4001):
        with pytest.raises(UserError):
            write_note(world.office.id, MONDAY, actor=editor, text=text)


@pytest.mark.db
def test_a_confidential_story_is_never_in_the_minutes(world: World, in_request: None) -> None:
    editor = world.as_(world.editor)
    story = factory.story(world, title="Yang nanti rahasia")
    subject = services.subject_of(editor, world.office.id, "story", story.id)
    note(world, "Dibahas panjang", subject=subject)
    story.is_confidential = True
    db.session.flush()
    meeting = queries.find_meeting(world.office.id, MONDAY)
    (line,) = queries.list_lines(world.as_(world.lead), meeting)
    assert line.is_hidden
    with pytest.raises((NotFound, UserError)):
        services.subject_of(editor, world.office.id, "story", story.id)


@pytest.mark.db
def test_a_note_is_found_by_who_may_read_it_in_its_own_week_only(
    world: World, other_world: World, in_request: None
) -> None:
    office_id, editor = world.office.id, world.as_(world.editor)
    story = factory.story(world, title="Yang nanti rahasia")
    written = note(world, subject=services.subject_of(editor, office_id, "story", story.id))
    assert queries.get_note(editor, office_id, MONDAY, written.id) is written
    for office, week in ((office_id, MONDAY + timedelta(days=7)), (other_world.office.id, MONDAY)):
        with pytest.raises(NotFound):
            queries.get_note(editor, office, week, written.id)
    story.is_confidential = True
    db.session.flush()
    with pytest.raises(NotFound):
        queries.get_note(editor, office_id, MONDAY, written.id)


@pytest.mark.db
def test_subjects_are_of_the_office(world: World, other_world: World, in_request: None) -> None:
    story = factory.story(other_world)
    for kind, ident in (("story", story.id), ("story", 2_000_000_000), ("user", 1), ("pitch", 2_000_000_000)):
        with pytest.raises(NotFound):
            services.subject_of(world.as_(world.editor), world.office.id, kind, ident)


# The page


def test_the_week_shows_results_plan_and_pitches(world: World, browser_of: BrowserOf, at: At) -> None:
    with at(NOW):
        live_post(world, at="2026-11-10T02:00Z", title="Sudah tayang pekan lalu")
        live_post(world, at="2026-11-01T02:00Z", title="Tayang jauh sebelumnya")
        story = factory.story(world, title="Direncanakan Kamis")
        post = factory.post(world, story)
        posts.schedule_post(post, actor=world.as_(world.editor), due_at=datetime(2026, 11, 19, 2, tzinfo=UTC))
        pitch_of(world, "Usulan yang menunggu")
        page = browser_of(world.lead).get(URL)
    assert "Sudah tayang pekan lalu" in page.main and "1 publikasi tayang" in page.main
    assert "Tayang jauh sebelumnya" not in page.main
    assert "Direncanakan Kamis" in page.main and "Usulan yang menunggu" in page.main
    assert "Putuskan" not in page.main, "a reader decides nothing"


def test_a_meeting_from_the_first_word_to_its_end(world: World, browser_of: BrowserOf, at: At) -> None:
    with at(NOW):
        pitch = pitch_of(world)
        editor = browser_of(world.editor)
        page = editor.get(URL)
        editor.post(f"{URL}/peserta", form_to(page, "/peserta") | {"attendees": "Siti, Budi"})
        page = editor.get(URL)
        editor.post(f"{URL}/catatan", form_to(page, "/catatan") | {"text": "<b>Mulai</b> tepat waktu"})
        page = editor.get(URL)
        sent = form_to(page, f"/usulan/{pitch.id}") | {"putusan": "tolak", "text": ""}
        refused = editor.post(f"{URL}/usulan/{pitch.id}", sent, status=409)
        assert "alasan" in refused.main
        sent |= {"text": "Sudah ada naskahnya", "form_token": "kedua"}
        editor.post(f"{URL}/usulan/{pitch.id}", sent)
        page = editor.get(URL)
        assert "<b>Mulai</b>" in page.main, "what was typed is text"
        assert "Tidak dipakai" in page.main and "Sudah ada naskahnya" in page.main
        editor.post(f"{URL}/tutup", form_to(page, "/tutup"))
        page = editor.get(URL)
        assert "sudah ditutup" in page.main
        assert not page.soup.select("main form textarea")
        assert "Siti, Budi" in page.main
        late = editor.post(f"{URL}/catatan", {"text": "Terlambat saya ketik"}, status=409)
        assert "Terlambat saya ketik" in late.main
        assert "Ditutup" in editor.get("/rapat/").main


def test_two_who_change_one_note_see_both_texts(world: World, browser_of: BrowserOf, at: At) -> None:
    with at(NOW):
        written = note(world, "Yang pertama")
        one, two = browser_of(world.editor), browser_of(world.other_editor)
        url = f"{URL}/catatan/{written.id}"
        mine, theirs = form_to(one.get(URL), url), form_to(two.get(URL), url)
        one.post(url, mine | {"text": "Tulisan saya"})
        page = two.post(url, theirs | {"text": "Tulisan mereka"}, status=409)
        assert "Tulisan saya" in page.main
        areas = [a.get_text() for a in page.soup.select(f"#ubah-{written.id}")]
        assert areas == ["Tulisan mereka"]
        again = form_to(page, url)
        two.post(url, again | {"form_token": "baru"})
        assert db.session.scalar(select(MeetingNote.text)) == "Tulisan mereka"


def test_who_began_the_minutes_first_is_not_overwritten_by_who_began_them_too(
    world: World, browser_of: BrowserOf, at: At
) -> None:
    with at(NOW):
        one, two = browser_of(world.editor), browser_of(world.other_editor)
        mine, theirs = form_to(one.get(URL), "/peserta"), form_to(two.get(URL), "/peserta")
        one.post(f"{URL}/peserta", mine | {"attendees": "Siti, Budi"})
        page = two.post(f"{URL}/peserta", theirs | {"attendees": "Rahma"}, status=409)
        assert "Siti, Budi" in page.main
        assert page.soup.select_one("#attendees[value='Rahma']") is not None
        two.post(f"{URL}/peserta", form_to(page, "/peserta") | {"attendees": "Siti, Budi, Rahma"})
        assert db.session.scalar(select(Meeting.attendees)) == "Siti, Budi, Rahma"


def test_a_script_gets_the_minutes_anew_and_nothing_when_nothing_changed(
    world: World, browser_of: BrowserOf, at: At
) -> None:
    with at(NOW):
        editor, lead = browser_of(world.editor), browser_of(world.lead)
        panel = lead.get(URL).soup.select_one("#notulen")
        assert panel is not None
        url, stamp = str(panel["data-minutes"]), str(panel["data-stamp"])
        asks_json = {"Accept": "application/json"}
        lead.get(f"{url}?cap={stamp}", status=204)
        sent = form_to(editor.get(URL), "/catatan") | {"text": "<i>Disepakati</i>"}
        told = editor.post(f"{URL}/catatan", sent, status=200, headers=asks_json).response.get_json()
        assert told["token"] != sent["form_token"]
        assert f'id="{told["anchor"]}"' in told["html"] and "&lt;i&gt;Disepakati" in told["html"]
        fresh = lead.get(f"{url}?cap={stamp}").response.get_json()
        assert "Disepakati" in fresh["html"] and fresh["stamp"] == told["stamp"] != stamp
        assert "Ubah" not in fresh["html"], "a reader changes nothing"
        stamps = {fresh["stamp"]}
        written = db.session.scalars(select(MeetingNote)).one()
        meeting_id = written.meeting_id
        for act in ("change", "remove", "close"):
            with editor.app.test_request_context():
                note_now = db.session.get_one(MeetingNote, written.id)
                version, actor = note_now.row_version, editor_of(world)
                if act == "change":
                    services.change_note(note_now, actor=actor, text="Lain", row_version=version)
                elif act == "remove":
                    services.remove_note(note_now, actor=actor, row_version=version)
                else:
                    close_meeting(db.session.get_one(Meeting, meeting_id), actor=actor)
                db.session.commit()
            stamps.add(lead.get(url).response.get_json()["stamp"])
        assert len(stamps) == 4
        assert lead.get(url).response.get_json()["open"] is False
        editor.post(f"{URL}/catatan", {"text": "x"}, status=409, headers=asks_json)
        browser_of(world.contributor).get(url, status=403)


def test_what_the_week_asks_of_a_channel_stands_beside_the_plan(
    world: World, browser_of: BrowserOf, at: At
) -> None:
    with at(NOW):
        world.facebook.weekly_quota = 3
        db.session.commit()
        post = factory.post(world, factory.story(world, title="Satu saja"))
        posts.schedule_post(post, actor=world.as_(world.editor), due_at=datetime(2026, 11, 19, 2, tzinfo=UTC))
        db.session.commit()
        page = browser_of(world.lead).get(URL)
        (line,) = page.soup.select(".pace-line li")
        assert " ".join(line.get_text(" ").split()) == "Facebook Kantor 1 dari 3 kurang 2"


def test_an_event_of_the_agenda_is_spoken_about_too(
    world: World, browser_of: BrowserOf, app: Any, at: At
) -> None:
    with at(NOW):
        start = datetime(2026, 11, 18, 2, tzinfo=UTC)
        with app.test_request_context():
            event = create_event(
                actor=editor_of(world), office_id=world.office.id,
                content=EventContent("Lelang terbuka", start, start + timedelta(hours=2), rule="FREQ=DAILY"),
            )  # fmt: skip
            db.session.commit()
        editor = browser_of(world.editor)
        page = editor.get(URL)
        assert len(page.soup.select(f"input[value='agenda_event:{event.id}']")) == 5, "Wednesday to Sunday"
        assert page.soup.select_one(f"a[href^='/kalender/liput/{event.id}?saat=2026-11-18']") is not None
        sent = page.form("/catatan") | {"text": "Siti meliput", "tentang": f"agenda_event:{event.id}"}
        page = editor.follow(editor.post(f"{URL}/catatan", sent))
        about = page.soup.select_one(".minutes a")
        assert about is not None
        assert (about.get_text(), about["href"]) == ("Lelang terbuka", f"/agenda/{event.id}")


def test_what_is_typed_is_shown_when_its_form_is_gone(
    world: World, browser_of: BrowserOf, app: Any, at: At
) -> None:
    def typed_on(page: Page) -> str:
        alert = page.soup.select_one(".callout.error")
        assert alert is not None
        return alert.get_text(" ")

    with at(NOW):
        written, pitch = note(world, "Yang pertama"), pitch_of(world)
        story = factory.story(world, title="Dibahas lalu dirahasiakan")
        post = factory.post(world, story)
        posts.schedule_post(post, actor=editor_of(world), due_at=datetime(2026, 11, 19, 2, tzinfo=UTC))
        db.session.commit()
        editor = browser_of(world.editor)
        page = editor.get(URL)
        change = form_to(page, f"/catatan/{written.id}")
        decide = form_to(page, f"/usulan/{pitch.id}")
        about = form_to(page, "/catatan") | {
            "tentang": f"story:{story.id}", "asal": f"2026-11-19-story-{story.id}",
        }  # fmt: skip
        # Meanwhile somebody else removes the note, decides the pitch and makes the story confidential.
        with app.test_request_context():
            other, note_now = world.as_(world.other_editor), db.session.get_one(MeetingNote, written.id)
            services.remove_note(note_now, actor=other, row_version=note_now.row_version)
            pitch_now = db.session.get_one(Pitch, pitch.id)
            decide_pitch(world.office.id, MONDAY, pitch_now, Decision.PARK, actor=other)
            db.session.get_one(Story, story.id).is_confidential = True
            db.session.commit()
        kept = {"text": "Panjang saya ketik"}
        gone = editor.post(f"{URL}/catatan/{written.id}", change | kept, status=409)
        assert "menghapus catatan ini" in typed_on(gone) and kept["text"] in typed_on(gone)
        decided = editor.post(f"{URL}/usulan/{pitch.id}", decide | kept | {"putusan": "tolak"}, status=409)
        assert kept["text"] in typed_on(decided)
        hidden = editor.post(f"{URL}/catatan", about | kept, status=409)
        assert kept["text"] in typed_on(hidden) and "Dibahas lalu" not in hidden.html
        # Where the form stands again, the text stands in it and nowhere else.
        long = "x" * 4001
        again = editor.post(
            f"{URL}/catatan", form_to(hidden, "/catatan") | {"text": long, "asal": "note"}, status=422
        )
        assert again.html.count(long) == 1
        area = again.soup.select_one("#catat-note")
        assert area is not None and area.get_text() == long


def test_removing_from_closed_minutes_tells_nothing_of_the_note(
    world: World, browser_of: BrowserOf, app: Any, at: At
) -> None:
    with at(NOW):
        story = factory.story(world, title="Nanti rahasia")
        subject = services.subject_of(editor_of(world), world.office.id, "story", story.id)
        hidden, plain = note(world, "Isi yang dirahasiakan", subject=subject), note(world, "Catatan biasa")
        story.is_confidential = True
        meeting = db.session.get_one(Meeting, plain.meeting_id)
        with app.test_request_context():
            close_meeting(meeting, actor=editor_of(world))
        db.session.commit()
        editor = browser_of(world.editor)
        for act in ("", "/hapus"):
            answer = editor.post(f"{URL}/catatan/{hidden.id}{act}", {"text": "x"}, status=404)
            assert "Isi yang dirahasiakan" not in answer.html
        told = editor.post(f"{URL}/catatan/{plain.id}/hapus", {}, status=409)
        assert told.html.count("Catatan biasa") == 1, "in the minutes, not as something typed"
        assert "Isi yang dirahasiakan" not in told.html


def test_removing_what_another_changed_keeps_the_note_in_its_box(
    world: World, browser_of: BrowserOf, app: Any, at: At
) -> None:
    with at(NOW):
        written = note(world, "Yang pertama")
        editor = browser_of(world.editor)
        editor.get(URL)
        with app.test_request_context():
            note_now = db.session.get_one(MeetingNote, written.id)
            services.change_note(
                note_now, actor=world.as_(world.other_editor), text="Kedua", row_version=None
            )
            db.session.commit()
        page = editor.post(f"{URL}/catatan/{written.id}/hapus", {"row_version": "1"}, status=409)
        area = page.soup.select_one(f"#ubah-{written.id}")
        assert area is not None and area.get_text() == "Kedua"


def test_only_what_was_due_is_missed_and_readers_are_those_of_the_week(
    world: World, browser_of: BrowserOf, at: At
) -> None:
    with at(NOW):
        live = live_post(world, at="2026-11-16T01:00Z", title="Tayang Senin")
        story_id = db.session.get_one(Post, live.post_id).story_id
        counts = (
            (date(2026, 11, 15), 100),
            (date(2026, 11, 16), 7),
            (date(2026, 11, 22), 3),
            (date(2026, 11, 23), 50),
        )
        db.session.add_all(ReaderCount(story_id=story_id, local_date=day, readers=n) for day, n in counts)
        for title, due in (
            ("Lewat tanpa tayang", datetime(2026, 11, 17, 3, tzinfo=UTC)),
            ("Baru Kamis", datetime(2026, 11, 19, 2, tzinfo=UTC)),
        ):
            post = factory.post(world, factory.story(world, title=title))
            posts.schedule_post(post, actor=editor_of(world), due_at=due)
        db.session.commit()
    with at("2026-11-17T04:00:00Z"):
        page = browser_of(world.lead).get("/rapat/2026-11-23")
    assert "1 direncanakan, tidak tayang" in page.main and "Lewat tanpa tayang" in page.main
    assert "Baru Kamis" not in page.main
    assert "10 pembaca" in page.main


def test_results_can_be_spoken_about(world: World, browser_of: BrowserOf, at: At) -> None:
    with at(NOW):
        live = live_post(world, at="2026-11-10T02:00Z", title="Sudah tayang")
        editor = browser_of(world.editor)
        page = editor.get(URL)
        story_id = db.session.get_one(Post, live.post_id).story_id
        assert page.soup.select_one(f"#hasil ~ ul input[value='story:{story_id}']") is not None


def test_addresses_of_weeks(world: World, browser_of: BrowserOf, at: At) -> None:
    with at(NOW):
        lead = browser_of(world.lead)
        assert lead.get("/rapat/2026-11-18", status=302).location.endswith(URL)
        for bad in ("2026-13-01", "x", "1900-01-01", "9999-12-27", "20261116"):
            lead.get(f"/rapat/{bad}", status=404)
        lead.post(f"{URL}/catatan", {"text": "x"}, status=403)
        browser_of(world.contributor).get(URL, status=403)
        assert "Rapat pekan ini" in lead.get("/rapat/").text


def test_a_busy_week_costs_no_more_statements(
    world: World, browser_of: BrowserOf, at: At, statements: Any
) -> None:
    def fill(n: int) -> None:
        for _ in range(n):
            note(world)
            pitch_of(world)
            live_post(world, at="2026-11-10T02:00Z")
            post = factory.post(world, factory.story(world))
            posts.schedule_post(
                post, actor=world.as_(world.editor), due_at=datetime(2026, 11, 19, 2, tzinfo=UTC)
            )
        db.session.commit()

    with at(NOW):
        editor = browser_of(world.editor)
        fill(1)
        editor.get(URL)
        statements.reset()
        editor.get(URL)
        few = len(statements)
        fill(3)
        statements.reset()
        editor.get(URL)
        assert len(statements) == few
    assert db.session.scalar(select(func.count()).select_from(Story))
