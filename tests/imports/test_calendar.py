"""A content calendar kept in a spreadsheet: what its rows become, and that all of it can go back."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, time
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from sqlalchemy import func, select

from humasflow.accounts.policy import Principal
from humasflow.calendar.adding.planned import StoryPlan, add_plan
from humasflow.channels.models import PostingSlot
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.imports import queries
from humasflow.imports.enums import BatchState
from humasflow.imports.kinds.base import Context, Outcome
from humasflow.imports.kinds.calendar import KIND
from humasflow.imports.models import ImportRow
from humasflow.orgs.models import Unit
from humasflow.posts.services import schedule_post
from humasflow.stories.contents import content_of
from humasflow.stories.enums import AssignmentState, StoryState
from humasflow.stories.models import Comment, Story
from humasflow.stories.queries import get_body, get_current_version
from humasflow.stories.services import begin_thread, make_confidential, save_version
from humasflow.stories.services.tasks import accept_task, record_opened
from tests.factories.imports import load
from tests.factories.world import World, build_world
from tests.imports.calendars import (
    NOW,
    calendar,
    posts,
    stories,
    table,
    tasks,
    undo,
)
from tests.support.forms import form_with

At = Callable[[str], AbstractContextManager[None]]
pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


@pytest.fixture(autouse=True)
def today(at: At) -> Any:
    with at(NOW):
        yield


# What rows become


def test_a_row_is_planned_as_by_hand(world: World) -> None:
    told = calendar(
        world,
        "16/10/2026;09.30;Lelang  tanah;Artikel;Instagram, Facebook;Kontributor Satu;Lelang;Seksi Pelayanan Lelang;"
        "Foto dari seksi;https://canva.example/x;Rencana",
    )
    assert (told.added, told.refused) == (1, {})
    (story,) = stories()
    assert (story.title, story.state, story.content_type.label) == (
        "Lelang tanah",
        StoryState.DRAFT,
        "Artikel",
    )
    assert (story.pillar_id, story.section_id) == (world.pillar.id, world.section.id)
    assert story.created_by == world.editor.id
    due = datetime(2026, 10, 16, 2, 30, tzinfo=UTC)
    assert [(p.account_id, p.scheduled_at) for p in posts()] == [
        (world.instagram.id, due), (world.facebook.id, due),
    ]  # fmt: skip
    (task,) = tasks()
    assert (task.person_id, task.state, task.due_at) == (world.contributor.id, AssignmentState.OFFERED, due)
    assert task.brief == "Foto dari seksi\nTautan: https://canva.example/x"


def test_without_a_time_the_free_posting_time_of_the_day(world: World) -> None:
    db.session.add(PostingSlot(account_id=world.instagram.id, weekday=4, clock=time(18, 30)))
    db.session.commit()
    calendar(world, "16/10/2026;;Satu;Artikel;IG;;;;;;", "16/10/2026;;Dua;Artikel;IG;;;;;;")
    assert [p.scheduled_at for p in posts()] == [
        datetime(2026, 10, 16, 11, 30, tzinfo=UTC), datetime(2026, 10, 16, 2, tzinfo=UTC),
    ]  # fmt: skip


def test_without_a_date_it_waits_in_the_tray(world: World) -> None:
    told = calendar(
        world, ";;Menunggu;Artikel;Facebook;;;;;;Ide", "1/10/2026;;Terlambat;Artikel;Facebook;;;;Penting;;",
        ";;Hanya ide;Artikel;;;;;;;Ide",
    )  # fmt: skip
    assert told.added == 3
    assert [(p.story.title, p.scheduled_at) for p in posts()] == [("Menunggu", None), ("Terlambat", None)]
    assert tasks() == []
    assert db.session.scalars(select(Comment.text)).all() == ["Penting\nTanggal semula: 1 Oktober 2026"]


def test_a_day_without_a_channel_is_a_due_time(world: World) -> None:
    calendar(
        world,
        "16/10/2026;;Tanpa kanal;Artikel;;;;;;;",
        "16/10/2026;10.00;Milik orang;Artikel;;Kontributor Satu;;;;;",
    )
    assert [(t.person_id, t.due_at) for t in tasks()] == [
        (world.editor.id, datetime(2026, 10, 16, 9, tzinfo=UTC)),
        (world.contributor.id, datetime(2026, 10, 16, 3, tzinfo=UTC)),
    ]


def test_times_are_the_offices(at: At) -> None:
    east = build_world(slug="timur", name="Kantor Timur", timezone="Asia/Jayapura")
    db.session.commit()
    calendar(east, "16/10/2026;09.30;Timur;Artikel;Instagram;;;;;;")
    assert [p.scheduled_at for p in posts()] == [datetime(2026, 10, 16, 0, 30, tzinfo=UTC)]


def test_a_holiday_is_no_error(world: World) -> None:
    assert calendar(world, "25/12/2026;;Natal;Artikel;Instagram;;;;;;").added == 1


def test_one_row_a_channel_is_one_story(world: World) -> None:
    told = calendar(
        world, "16/10/2026;09.00;Satu judul;Artikel;Instagram;Kontributor Satu;;;;;",
        "16/10/2026;10.00;satu  JUDUL;Artikel;Facebook;Kontributor Satu;;;;;",
        "17/10/2026;;Satu judul;Artikel;Instagram;;;;;;",
    )  # fmt: skip
    assert told.outcomes == [Outcome.MADE, Outcome.CHANGED, Outcome.MADE]
    assert told.reasons[3] == "naskahnya sudah ada; ditambahkan Facebook Kantor"
    first, second = stories()
    assert [p.story_id for p in posts()] == [first.id, first.id, second.id]
    assert [t.story_id for t in tasks()] == [first.id]
    assert undo(world, told.batch) == {}
    assert [s.state for s in stories()] == [StoryState.CANCELLED] * 2
    assert posts() == []


def test_the_same_table_again_adds_nothing(world: World) -> None:
    rows = (
        "16/10/2026;09.30;Lelang;Artikel;Instagram, Facebook;Kontributor Satu;;;;;", ";;Menunggu;Artikel;Facebook;;;;;;",
        "16/10/2026;;Tanpa kanal;Artikel;;;;;;;", ";;Hanya ide;Artikel;;;;;;;", "1/10/2026;;Lewat;Artikel;X;;;;;;",
    )  # fmt: skip
    assert calendar(world, *rows).added == 5
    before = (len(stories()), len(posts()), len(tasks()))
    again = calendar(world, *(r.replace("Lelang", "LELANG ").replace("09.30", "11.00") for r in rows))
    assert again.outcomes == [Outcome.KNOWN] * 5
    assert (len(stories()), len(posts()), len(tasks())) == before
    notes = db.session.scalars(select(ImportRow.findings).where(*queries.of_table(again.batch))).all()
    assert all(["", "note", "sudah direncanakan begitu"] in told for told in notes)


def test_a_row_that_repeats_another_is_left_out(world: World) -> None:
    row = "16/10/2026;;Lelang;Artikel;Instagram, Facebook;;;;;;"
    told = calendar(
        world, row, row.replace("Instagram, Facebook", "FB + IG").replace("16/10/2026", "16 Okt 2026")
    )
    assert told.outcomes == [Outcome.MADE, Outcome.SKIPPED]
    assert len(stories()) == 1


def test_a_confidential_story_of_that_name_is_not_told(world: World) -> None:
    calendar(world, "16/10/2026;;Rahasia;Artikel;Instagram;;;;;;")
    make_confidential(stories()[0], actor=world.as_(world.editor), reader_ids=[])
    db.session.commit()
    told = load(
        world.office,
        world.as_(world.other_editor),
        table("16/10/2026;;Rahasia;Artikel;Instagram;;;;;;"),
        "calendar",
    )
    assert told.outcomes == [Outcome.MADE]


def test_offices_do_not_see_each_other(world: World) -> None:
    other = build_world(slug="lain", name="Kantor Lain")
    db.session.commit()
    row = "16/10/2026;;Sama;Artikel;Instagram;;;;;;"
    assert (calendar(world, row).added, calendar(other, row).added) == (1, 1)
    refused = calendar(world, "16/10/2026;;Orang lain;Artikel;Instagram;editor@lain.example;;;;;").refused
    assert "tidak bertugas di kantor ini" in refused[2]


def test_a_row_that_cannot_be_written_leaves_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(office: Unit, plan: StoryPlan, *, actor: Principal) -> Any:
        with db.session.begin_nested():
            made = add_plan(office, plan, actor=actor)
            if plan.title == "Dua":
                raise UserError("ditolak")
        return made

    monkeypatch.setattr("humasflow.imports.kinds.calendar.kind.add_plan", refuse)
    told = calendar(world, *(f"16/10/2026;;{name};Artikel;IG;;;;;;" for name in ("Satu", "Dua", "Tiga")))
    assert told.outcomes == [Outcome.MADE, Outcome.REFUSED, Outcome.MADE]
    assert told.refused == {3: "ditolak"}
    assert [s.title for s in stories()] == ["Satu", "Tiga"]


def test_rows_are_compared_at_a_fixed_number_of_statements(world: World, statements: Any) -> None:
    context = Context(world.office, world.as_(world.editor), {})
    prepared = KIND.prepare(context)
    counts = []
    for many in (2, 40):
        rows = [
            KIND.check(n, {c.key: "" for c in KIND.columns} | {"judul": f"J{n}", "jenis": "Artikel", "kanal": "IG",
                       "tanggal": "" if n % 2 else f"{1 + n % 28}/11/2026"}, context, prepared)
            for n in range(many)
        ]  # fmt: skip
        statements.reset()
        KIND.compare(rows, context, prepared)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 3


# Taking it back


def test_what_nobody_touched_is_gone_and_its_tasks_too(world: World) -> None:
    told = calendar(
        world,
        "16/10/2026;;Lelang;Artikel;Instagram, X;Kontributor Satu;;;;;",
        ";;Ide;Artikel;Facebook;;;;Catatan;;",
    )
    record_opened(tasks()[0], actor=world.as_(world.contributor))
    db.session.commit()
    assert undo(world, told.batch) == {}
    assert [s.state for s in stories()] == [StoryState.CANCELLED] * 2
    assert posts() == []
    assert [t.state for t in tasks()] == [AssignmentState.CANCELLED]
    again = calendar(world, "16/10/2026;;Lelang;Artikel;Instagram, X;Kontributor Satu;;;;;")
    assert again.outcomes == [Outcome.MADE]


def test_what_somebody_worked_on_stays_and_says_so(world: World) -> None:
    told = calendar(
        world, "16/10/2026;;Disunting;Artikel;Instagram;;;;;;", "16/10/2026;;Digeser;Artikel;Facebook;;;;;;",
        "16/10/2026;;Diterima;Artikel;X;Kontributor Satu;;;;;", "16/10/2026;;Dikomentari;Artikel;Situs berita;;;;;;",
        "19/10/2026;;Dibiarkan;Artikel;X;;;;;;",
    )  # fmt: skip
    editor = world.as_(world.editor)
    edited, moved, taken, discussed, _left = stories()
    version = get_current_version(edited)
    content = content_of(version, get_body(version.id))
    save_version(edited, actor=editor, content=type(content)(title=content.title, lead="Baru"))
    schedule_post(
        next(p for p in posts() if p.story_id == moved.id), actor=editor,
        due_at=datetime(2026, 10, 20, 3, tzinfo=UTC),
    )  # fmt: skip
    accept_task(next(t for t in tasks() if t.story_id == taken.id), actor=world.as_(world.contributor))
    begin_thread(discussed, actor=editor, text="Bagaimana?")
    db.session.commit()
    assert undo(world, told.batch) == {
        2: "naskahnya sudah dikerjakan sejak diimpor", 3: "rencananya di Facebook Kantor sudah diubah",
        4: "tugas Kontributor Satu sudah dijawab atau diubah", 5: "naskahnya sudah dibicarakan di komentar",
    }  # fmt: skip
    assert [s.state for s in stories()] == [*[StoryState.DRAFT] * 4, StoryState.CANCELLED]
    assert len(posts()) == 4
    assert queries.count_rows(told.batch).undone == 1


def test_what_was_added_to_a_story_goes_and_the_story_stays(world: World) -> None:
    calendar(world, "16/10/2026;;Lelang;Artikel;Instagram;;;;;;")
    told = calendar(world, "16/10/2026;;Lelang;Artikel;Instagram, X;Kontributor Dua;;;;;")
    assert told.outcomes == [Outcome.CHANGED]
    assert undo(world, told.batch) == {}
    assert [s.state for s in stories()] == [StoryState.DRAFT]
    assert [p.account_id for p in posts()] == [world.instagram.id]
    assert [t.state for t in tasks()] == [AssignmentState.CANCELLED]


# From a workbook to the calendar and back


def workbook(*rows: list[Any], merged: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_merged_dates_and_two_rows_of_headings(world: World) -> None:
    data = workbook(
        ["KALENDER KONTEN OKTOBER"], [],
        ["Waktu", None, "Konten", None, "Platform", "PIC"],
        ["Tanggal", "Jam", "Topik", "Jenis", None, None],
        [datetime(2026, 10, 16), time(9, 30), "Pertama", "Artikel", "Instagram\nFacebook", "Redaktur Satu"],
        [None, "pukul 13", "Kedua", "Artikel", "X", ""],
        [datetime(2026, 10, 19, 8), "", "Ketiga", "Artikel", "IG", ""],
        merged=("A3:B3", "C3:D3", "A5:A6"),
    )  # fmt: skip
    told = load(world.office, world.as_(world.editor), data, "calendar")
    assert told.refused == {}
    assert [(p.story.title, p.scheduled_at) for p in posts()] == [
        ("Pertama", datetime(2026, 10, 16, 2, 30, tzinfo=UTC)), ("Pertama", datetime(2026, 10, 16, 2, 30, tzinfo=UTC)),
        ("Kedua", datetime(2026, 10, 16, 6, tzinfo=UTC)), ("Ketiga", datetime(2026, 10, 19, 1, tzinfo=UTC)),
    ]  # fmt: skip


def test_from_the_upload_to_the_calendar_and_back(world: World, browser_of: Any, finish: Any) -> None:
    editor = browser_of(world.editor)
    data = workbook(
        ["Tanggal", "Topik", "Jenis", "Platform", "PIC"],
        ["16 Oktober 2026", "Lelang kendaraan", "Artikel", "IG", "Kontributor Satu"],
        ["32 Oktober 2026", "Salah tanggal", "Artikel", "FB", ""],
        ["", "Terbit", "Artikel", "FB", ""],
    )  # fmt: skip
    assert "Kalender konten" in editor.get("/impor/").main
    new = "/impor/baru/calendar"
    form = form_with(editor.get(new), "csrf_token")
    editor.post(new, form | {"file": (io.BytesIO(data), "kalender.xlsx")}, status=303)
    batch = finish()
    address = f"/impor/{batch.id}"
    page = editor.get(address)
    assert page.h1 == "Cocokkan kolomnya"
    editor.post(f"{address}/kolom", form_with(page, "row_version"), status=303)
    finish()
    page = editor.get(address)
    assert "3 baris: 2 siap diimpor, 1 perlu diperbaiki" in page.main
    assert "tanggal “32 Oktober 2026” tidak ada di kalender" in page.main
    row = db.session.query(ImportRow).filter_by(line=3).one()
    form = page.form(f"{address}/baris/{row.id}")
    editor.post(f"{address}/baris/{row.id}", form | {"isi-tanggal": "16/10/2026 pukul 10"}, status=303)
    page = editor.get(address)
    assert "3 baris: 3 siap diimpor" in page.main
    assert db.session.scalar(select(func.count()).select_from(Story)) == 0, "nothing before a person says so"
    editor.post(f"{address}/terapkan", page.form(f"{address}/terapkan"), status=303)
    assert finish().state is BatchState.APPLIED
    day = editor.get("/kalender/?hari=2026-10-16").soup.select_one('[data-day="2026-10-16"]').text
    assert "Lelang kendaraan" in day
    assert "Salah tanggal" in day
    assert "Terbit" in editor.get("/kalender/?hari=2026-10-16").main
    page = editor.get(address)
    editor.post(f"{address}/batalkan", form_with(page, "csrf_token"), status=303)
    finish()
    assert "3 baris dibatalkan" in editor.get(address).main
    gone = editor.get("/kalender/?hari=2026-10-16").main
    assert not any(title in gone for title in ("Lelang kendaraan", "Salah tanggal", "Terbit"))
