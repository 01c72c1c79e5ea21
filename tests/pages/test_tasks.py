"""Tugas saya, the page of one task, choosing people, the team: what each person sees and can do there."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest

from humasflow.accounts.enums import AbsenceKind
from humasflow.accounts.models import User
from humasflow.accounts.services.absences import record_absence
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.paging import PAGE_SIZE
from humasflow.pages import assigning
from humasflow.posts import services as posts
from humasflow.stories import services as story_services
from humasflow.stories.enums import AssignmentState, StoryMove
from humasflow.stories.models import Assignment
from humasflow.stories.queries import assignments as queries
from humasflow.stories.services import assignments, tasks
from tests.approvals.desk import Desk
from tests.conftest import QueryCount
from tests.factories import desk
from tests.factories.world import World
from tests.pages.test_home import returned
from tests.stories.tasks import in_days, role, task
from tests.support.forms import form_with
from tests.support.page import Browser, Page

BrowserOf = Callable[[User], Browser]
At = Callable[[str], AbstractContextManager[None]]
NOW = "2026-11-20T02:00Z"  # Friday, 09.00 WIB


@pytest.fixture(autouse=True)
def _then(at: At, in_request: None) -> Any:
    with at(NOW):
        yield


def reload(found: Assignment) -> Assignment:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Assignment, found.id)


def titles(page: Page) -> dict[str, list[str]]:
    """The list under its headings."""
    return {
        " ".join(s.h2.get_text(" ").split()).rsplit(" ", 1)[0]: [
            " ".join(a.get_text(" ").split()) for a in s.select(".list__main > a")
        ]
        for s in page.soup.select("main .todo-section")
    }


def named(world: World, title: str, **more: Any) -> Assignment:
    return task(world, desk.story(world, title=title), **more)


def test_my_tasks_stand_by_what_is_due(world: World, browser_of: BrowserOf, at: At) -> None:
    with at("2026-11-18T02:00Z"):
        late = named(world, "Terlambat", due=in_days(1))
    named(world, "Tanpa waktu")
    named(world, "Bulan depan", due=in_days(20))
    named(world, "Rabu", due=in_days(5))
    named(world, "Sore ini", due=in_days(0.3))
    held = named(world, "Ditunda", due=in_days(1))
    story_services.move_story(held.story, StoryMove.HOLD, actor=None)
    named(world, "Orang lain", to=world.other_contributor, due=in_days(1))
    db.session.commit()
    page = browser_of(world.contributor).get("/tugas")
    assert titles(page) == {
        "Lewat tenggat": ["Terlambat"],
        "Hari ini": ["Sore ini"],
        "Tujuh hari ke depan": ["Rabu"],
        "Nanti": ["Bulan depan"],
        "Tanpa tenggat": ["Tanpa waktu", "Ditunda"],
    }
    assert "Naskah ditunda" in page.main
    assert f"/tugas/{late.id}" in page.html
    count = page.soup.select_one(".nav a[href='/tugas'] .count")
    assert count is not None
    assert count.get_text().split()[0] == "6"


def test_reviews_returns_and_uploads_stand_in_the_same_list(world: World, browser_of: BrowserOf) -> None:
    from humasflow.publishing.enums import DeliveryState
    from tests.pages.test_home import put

    about = Desk(world)
    returned(about, "Angkanya tidak cocok")
    put(about, DeliveryState.MANUAL_DUE, assignee=world.editor)
    named(world, "Foto lelang", to=world.editor, by=world.other_editor, due=in_days(1))
    package = about.submit(about.ready("facebook"))
    db.session.commit()
    browser = browser_of(world.editor)
    page = browser.get("/tugas")
    assert [page.link(w) for w in ("Perbaiki", "Unggah")]
    assert "Angkanya tidak cocok" in page.main
    tabs = [" ".join(a.get_text(" ").split()) for a in page.soup.select(".tabs a")]
    assert tabs == ["Semua", "Unggahan 1", "Koreksi 1", "Penugasan 1", "Riwayat"]
    only = browser.get("/tugas?jenis=koreksi")
    assert sum(len(v) for v in titles(only).values()) == 1
    approver = browser_of(world.approver).get("/tugas")
    assert approver.link("Baca dan putuskan") == f"/persetujuan/{package.id}"


def test_a_long_list_goes_on_without_repeating_or_skipping(
    world: World, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    from humasflow.pages import tasks as module

    monkeypatch.setattr(module, "SIZE", 4)
    at_once = in_days(2)
    for n in range(13):
        named(world, f"Naskah {n}", due=at_once if n % 3 else None if n % 2 else in_days(n + 1))
    db.session.commit()
    browser, url, seen = browser_of(world.contributor), "/tugas", []
    while url:
        page = browser.get(url)
        seen += [t for part in titles(page).values() for t in part]
        more = page.soup.select_one("a[rel=next]")
        url = more["href"] if more else ""
        assert len(seen) <= 13
    assert len(seen) == len(set(seen)) == 13
    for broken in ("x", "1~2", "9~9~9", "1~1~99999999999999999999", f"{2**62}~3~1", f"{2**61}~3~1"):
        browser.get(f"/tugas?setelah={broken}")


def test_the_list_costs_the_same_for_one_and_for_three(
    world: World, browser_of: BrowserOf, statements: QueryCount
) -> None:
    costs = []
    for n in (1, 2):
        for _ in range(n):
            task(world, to=world.editor, by=world.other_editor, due=in_days(1))
        db.session.commit()
        browser = browser_of(world.editor)
        browser.get("/tugas")
        statements.reset()
        browser.get("/tugas")
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert costs[0] <= 16


def test_accept_and_finish_from_the_list(world: World, browser_of: BrowserOf) -> None:
    found = task(world, due=in_days(1))
    db.session.commit()
    browser = browser_of(world.contributor)
    page = browser.get("/tugas")
    page = browser.follow(browser.post(f"/naskah/tugas/{found.id}/terima", page.form("/terima")))
    assert page.h1 == "Tugas saya"
    assert "Tugas diterima." in page.text
    fresh = reload(found)
    assert fresh.state is AssignmentState.ACCEPTED
    assert fresh.opened_at is not None
    page = browser.follow(browser.post(f"/naskah/tugas/{found.id}/selesai", page.form("/selesai")))
    assert page.h1 == "Tugas saya"
    assert titles(page) == {}
    assert "Selesai" in browser.get("/tugas?lihat=selesai").main
    detail = browser.get(f"/tugas/{found.id}")
    browser.post(f"/naskah/tugas/{found.id}/buka-lagi", detail.form("/buka-lagi"))
    assert reload(found).state is AssignmentState.ACCEPTED


def test_looking_changes_nothing_and_the_script_says_it_was_seen(world: World, browser_of: BrowserOf) -> None:
    found = task(world)
    db.session.commit()
    browser = browser_of(world.contributor)
    page = browser.get(f"/tugas/{found.id}")
    assert reload(found).opened_at is None
    told = page.soup.select_one("[data-opened]")
    assert told is not None
    assert browser.client.post(told["data-opened"]).status_code == 204
    assert reload(found).opened_at is not None
    assert found.state is AssignmentState.OFFERED
    assert browser.get(f"/tugas/{found.id}").soup.select_one("[data-opened]") is None
    seen = browser_of(world.editor).get(f"/naskah/{found.story_id}")
    assert "dibaca 20 Nov 2026 09.00 WIB, belum diterima" in seen.main
    assert browser_of(world.editor).client.post(told["data-opened"]).status_code == 404


def test_declining_asks_why_and_the_story_shows_the_need(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    found = task(world, story, due=in_days(1))
    db.session.commit()
    browser = browser_of(world.contributor)
    url = f"/naskah/tugas/{found.id}/tolak"
    empty = browser.post(url, browser.get(url).form() | {"reason": " "}, status=422)
    assert "Tuliskan alasannya" in empty.main
    page = browser.post(url, browser.get(url).form() | {"reason": "Sedang dinas di Binjai"})
    assert page.location.endswith("/tugas")
    assert "sudah ditolak oleh" in browser.get(url).main
    browser.get(f"/naskah/{story.id}", status=404)
    own = browser.get(f"/tugas/{found.id}")
    assert "Sedang dinas di Binjai" in own.main
    assert "Baca isi naskah" not in own.main
    editor = browser_of(world.editor)
    seen = editor.get(f"/naskah/{story.id}")
    assert "Butuh pengganti" in seen.main
    assert "Sedang dinas di Binjai" in seen.main
    assert seen.link("Pilih pengganti") == f"/tugas/{found.id}/ganti"
    home = editor.get("/")
    assert "Butuh pengganti" in home.main
    assert "Butuh pengganti, Kontributor Satu menolak tugas" in editor.get("/pemberitahuan/").main
    assert "Butuh pengganti" not in browser_of(world.lead).get(f"/naskah/{story.id}").main


def test_choosing_several_people_with_a_time_on_the_offices_clock(
    world: World, browser_of: BrowserOf
) -> None:
    story = desk.story(world, commit=True)
    editor = browser_of(world.editor)
    page = editor.get(f"/naskah/{story.id}")
    url = page.link("Tugaskan")
    page = editor.get(url)
    assert "Jam (WIB)" in page.main
    data = form_with(page, "role_id") | {
        "role_id": role(world, "peliput").id, "due_day": "2026-11-23", "due_time": "14.30", "brief": "Dua kutipan",
        "orang": [world.contributor.id, world.other_contributor.id],
    }  # fmt: skip
    page = editor.follow(editor.post(url, data))
    assert "2 orang ditugaskan." in page.text
    made = queries.list_open_of_story(story.id)
    assert [(a.person_id, a.brief) for a in made] == [
        (world.contributor.id, "Dua kutipan"), (world.other_contributor.id, "Dua kutipan"),
    ]  # fmt: skip
    assert {a.due_at.isoformat() for a in made if a.due_at} == {"2026-11-23T07:30:00+00:00"}
    assert "23 Nov 2026 14.30 WIB" in page.main
    again = editor.post(url, data)
    assert again.location.endswith("#penugasan"), "a double click is sent to the first one's answer"
    assert len(queries.list_open_of_story(story.id)) == 2


def test_what_is_wrong_with_a_choice_is_said_and_nothing_is_lost(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True)
    editor, url = browser_of(world.editor), f"/naskah/{story.id}/tugaskan"
    base = form_with(editor.get(url), "role_id") | {"brief": "Lima foto"}
    nobody = editor.post(url, base, status=422)
    assert "Pilih paling sedikit satu orang." in nobody.main
    past = base | {"orang": world.contributor.id, "due_day": "2026-11-19"}
    page = editor.post(url, past, status=422)
    assert "sudah lewat" in page.main
    assert form_with(page, "role_id")["brief"].strip() == "Lima foto"
    assert form_with(page, "role_id")["orang"] == str(world.contributor.id)
    timeless = editor.post(url, base | {"orang": world.contributor.id, "due_time": "10.00"}, status=422)
    assert "Isi juga tanggalnya" in timeless.main
    for wrong in (
        {"due_day": "31-02-2026"},
        {"due_day": "2026-11-24", "due_time": "25.61"},
        {"role_id": 10**9},
    ):
        editor.post(url, base | {"orang": world.contributor.id} | wrong, status=422)
    task(world, story, to=world.other_contributor, code="peliput")
    db.session.commit()
    both = base | {
        "role_id": role(world, "peliput").id,
        "orang": [world.contributor.id, world.other_contributor.id],
    }
    page = editor.post(url, both, status=422)
    assert "sudah bertugas sebagai Peliput" in page.main
    assert len(queries.list_open_of_story(story.id)) == 1, "all or nobody"


def test_too_many_people_at_once_are_refused_and_stay_ticked(
    world: World, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assigning, "MOST", 2)
    story = desk.story(world, commit=True)
    editor, url = browser_of(world.editor), f"/naskah/{story.id}/tugaskan"
    chosen = [world.contributor.id, world.other_contributor.id, world.lead.id]
    page = editor.post(url, form_with(editor.get(url), "role_id") | {"orang": chosen}, status=422)
    assert "Paling banyak 2 orang sekaligus." in page.main
    ticked = {int(box["value"]) for box in page.soup.select("#orang input[checked]")}
    assert ticked == set(chosen)
    assert queries.list_open_of_story(story.id) == []


def test_absence_and_a_time_after_publication_ask_to_be_agreed_to(
    world: World, browser_of: BrowserOf
) -> None:
    story = desk.story(world)
    post = desk.post(world, story)
    posts.schedule_post(post, actor=world.as_(world.editor), due_at=in_days(2))
    record_absence(
        actor=world.as_(world.contributor), office=world.office, user_id=world.contributor.id,
        kind=AbsenceKind.LEAVE, starts_on=date(2026, 11, 23), ends_on=date(2026, 11, 27), note="Rahasia keluarga",
    )  # fmt: skip
    db.session.commit()
    editor, url = browser_of(world.editor), f"/naskah/{story.id}/tugaskan"
    page = editor.get(url)
    assert "Cuti 23–27 Nov" in page.main
    assert "Rahasia keluarga" not in page.html
    assert "dijadwalkan tayang 22 Nov 2026 09.00 WIB" in page.main
    data = form_with(page, "role_id") | {"orang": world.contributor.id, "due_day": "2026-11-24"}
    asked = editor.post(url, data, status=422)
    assert "Kontributor Satu: Cuti 23–27 Nov, termasuk hari tenggatnya." in asked.main
    assert "Tenggatnya sesudah jadwal tayang, 22 Nov 2026 09.00 WIB." in asked.main
    assert queries.list_open_of_story(story.id) == []
    agreed = form_with(asked, "role_id") | {"tetap": "1"}
    other_day = editor.post(url, agreed | {"due_day": "2026-11-25"}, status=422)
    assert "Periksa dahulu" in other_day.main, "agreeing to one thing is not agreeing to another"
    seen = editor.follow(editor.post(url, form_with(other_day, "role_id") | {"tetap": "1"}))
    assert "Butuh pengganti? Cuti 23–27 Nov, pada hari tenggatnya." in seen.main
    assert "Tenggatnya sesudah jadwal tayang" in seen.main


def test_replacing_shows_the_trail(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    found = task(world, story, due=in_days(3), brief="Potret")
    tasks.decline_task(found, actor=world.as_(world.contributor), reason="Sakit gigi")
    db.session.commit()
    editor, url = browser_of(world.editor), f"/tugas/{found.id}/ganti"
    page = editor.get(url)
    assert f'value="{world.contributor.id}"' not in str(page.soup.select_one("#orang"))
    data = form_with(page, "due_day")
    assert (data["due_day"], data["due_time"], data["brief"].strip()) == ("2026-11-23", "09:00", "Potret")
    editor.post(url, data, status=422)
    page = editor.follow(editor.post(url, data | {"orang": world.lead.id, "form_token": ""}))
    assert "Tugas kini untuk Ketua Tim." in page.text
    assert "menggantikan 1 orang" in page.main
    assert "Sakit gigi" in page.main
    refused = editor.post(url, data | {"orang": world.other_contributor.id, "form_token": ""}, status=409)
    assert "sudah digantikan Ketua Tim" in refused.main


def test_changing_the_time_keeps_what_somebody_else_saved(world: World, browser_of: BrowserOf) -> None:
    found = task(world, due=in_days(3))
    db.session.commit()
    editor, url = browser_of(world.editor), f"/tugas/{found.id}/ubah"
    data = editor.get(url).form()
    editor.post(url, data | {"due_day": "2026-11-25", "due_time": "10:00"})
    assert reload(found).due_at.isoformat() == "2026-11-25T03:00:00+00:00"  # type: ignore[union-attr]
    stale = editor.post(url, data | {"brief": "Isian saya", "form_token": ""}, status=409)
    assert "Isian saya" in stale.html
    assert "Orang lain baru saja mengubah" in stale.main


def test_a_contributor_reads_the_facts_of_the_own_task_only(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, place="Aula lantai 3")
    found = task(world, story, brief="Lima foto", due=in_days(1))
    mate = task(world, story, to=world.other_contributor, code="peliput")
    others = task(world, to=world.other_contributor)
    db.session.commit()
    browser = browser_of(world.contributor)
    page = browser.get(f"/tugas/{found.id}")
    for words in ("Lima foto", "Aula lantai 3", "Kontributor Dua", "Sabtu, 21 November 2026 09.00 WIB"):
        assert words in page.main, words
    for words in ("Ganti orang", "Batalkan", "Bagi redaktur"):
        assert words not in page.main
    story_page = browser.get(f"/naskah/{story.id}")
    assert "belum dibaca" not in story_page.main, "what colleagues answered is between them and the editor"
    for other in (mate, others):
        browser.get(f"/tugas/{other.id}", status=404)
        for what in ("dibuka", "terima", "selesai", "tolak", "buka-lagi"):
            browser._forget()
            assert browser.client.post(f"/naskah/tugas/{other.id}/{what}").status_code == 404
    for url in (
        f"/tugas/{found.id}/ganti",
        f"/tugas/{found.id}/ubah",
        f"/naskah/{story.id}/tugaskan",
        "/tugas/tim",
    ):
        browser.get(url, status=403)


def test_the_team_page_shows_load_absence_and_what_is_stuck(
    world: World, browser_of: BrowserOf, at: At
) -> None:
    with at("2026-11-18T02:00Z"):
        named(world, "Lewat", due=in_days(1))
        declined = named(world, "Ditolak", to=world.other_contributor)
        tasks.decline_task(declined, actor=world.as_(world.other_contributor), reason="Dinas")
        named(world, "Saat cuti", to=world.lead, due=in_days(6))
    record_absence(
        actor=world.as_(world.admin), office=world.office, user_id=world.lead.id, kind=AbsenceKind.LEAVE,
        starts_on=date(2026, 11, 24), ends_on=date(2026, 11, 24),
    )  # fmt: skip
    db.session.commit()
    page = browser_of(world.editor).get("/tugas/tim")
    assert "Butuh pengganti 1" in page.main
    assert "Tidak di tempat saat tenggat 1" in page.main
    assert "Lewat tenggat 1" in page.main
    cells = page.soup.select(".team td.away")
    assert [" ".join(c.get_text(" ").split()) for c in cells] == ["1 tugas Cuti"]
    assert cells[0]["data-label"] == "Selasa, 24 November"
    assert "Longgar: " in page.main
    for user, status in ((world.lead, 200), (world.approver, 403), (world.contributor, 403)):
        browser_of(user).get("/tugas/tim", status=status)
    assert "Pilih pengganti" not in browser_of(world.lead).get("/tugas/tim").main


def test_a_long_list_of_the_team_says_so_and_goes_on(world: World, browser_of: BrowserOf, at: At) -> None:
    with at("2026-11-18T02:00Z"):
        for n in range(PAGE_SIZE + 2):
            named(world, f"Lewat {n}", due=in_days(1))
    db.session.commit()
    browser = browser_of(world.editor)
    page = browser.get("/tugas/tim")
    assert "Lewat tenggat 50+" in page.main
    more = page.soup.select_one("a[rel=next]")
    assert more is not None
    following = browser.get(more["href"].partition("#")[0])
    assert "Lewat tenggat lanjutan" in following.main
    part = following.soup.select_one("section[aria-labelledby=lewat]")
    assert part is not None
    assert [a.get_text() for a in part.select(".list__main > a")] == ["Lewat 50", "Lewat 51"]
    assert part.select_one("a[rel=next]") is None
    browser.get("/tugas/tim?butuh=x&mungkin=1~~&lewat=9~9")


def test_home_shows_the_first_five(world: World, browser_of: BrowserOf) -> None:
    for n in range(6):
        named(world, f"Naskah ke-{n}", due=in_days(6 - n))
    db.session.commit()
    page = browser_of(world.contributor).get("/")
    assert page.h1 == "Enam tugas menunggu Anda."
    part = page.soup.select_one("section[aria-labelledby=b-tugas]")
    assert part is not None
    assert re.findall(r"Naskah ke-\d", " ".join(a.get_text() for a in part.select(".list__main > a"))) == [
        f"Naskah ke-{n}" for n in (5, 4, 3, 2, 1)
    ]
    assert "6 hal" in browser_of(world.contributor).get("/tugas").main


def test_production_roles_are_data_of_the_office(world: World, browser_of: BrowserOf) -> None:
    admin, url = browser_of(world.admin), "/pengaturan/peran-produksi"
    page = admin.get(url)
    assert "Peliput" in page.main
    page = admin.follow(
        admin.post(url, form_with(page, "label") | {"label": "Penerjemah", "hint": "Ke bahasa Inggris"})
    )
    assert "Penerjemah" in page.main
    admin.post(url, form_with(page, "label") | {"label": "penerjemah"}, status=422)
    made = role(world, "penerjemah")
    admin.post(f"{url}/{made.id}", admin.get(f"{url}/{made.id}").form() | {"label": "Alih bahasa"})
    admin.post(f"{url}/{made.id}/naik", page.form(f"/{made.id}/naik"))
    db.session.rollback()
    labels = [a.get_text() for a in admin.get(url).soup.select("main .list__title")]
    assert labels[-2:] == ["Alih bahasa", "Narasumber"]
    admin.post(f"{url}/{made.id}/nonaktifkan", page.form(f"/{made.id}/nonaktifkan"))
    story = desk.story(world, commit=True)
    assert "Alih bahasa" not in browser_of(world.editor).get(f"/naskah/{story.id}/tugaskan").main
    browser_of(world.editor).get(url, status=403)


def test_two_at_once_one_wins_and_the_other_is_told(world: World) -> None:
    """Accepting while it is passed on; whoever comes second meets what the first did."""
    found = task(world)
    editor, person = world.as_(world.editor), world.as_(world.contributor)
    stale = queries.get_assignment(person, found.id)
    assignments.reassign(found, actor=editor, person_id=world.lead.id)
    from humasflow.core.errors import Refused

    with pytest.raises(Refused, match="sudah dialihkan kepada Ketua Tim"):
        tasks.accept_task(stale, actor=person)
    with clock.moved_to(clock.now() + timedelta(minutes=1)), pytest.raises(Refused):
        assignments.reassign(found, actor=editor, person_id=world.other_contributor.id)
