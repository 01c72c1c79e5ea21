"""What belongs to one office does not exist for another: every address with an object's number, as every role."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from humasflow.core.db import db
from humasflow.core.guards import guard_of
from humasflow.pitches.services import PitchContent, send_pitch
from humasflow.stories.enums import StoryState
from tests.factories import desk, newsroom
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.guards.things import NOBODY, address, contents, guarded_rules, row_counts, story_in, things_of
from tests.stories.tasks import role, task
from tests.support.forms import form_with
from tests.support.page import Browser, Page

ROLES = ["contributor", "editor", "approver", "section_approver", "lead", "admin"]


def _with_objects(app: Flask) -> list[Rule]:
    found = [r for r in guarded_rules(app) if any(a.endswith("_id") for a in r.arguments)]
    assert len(found) > 50, "the list must not shrink unnoticed"
    return found


def _words(response: Any) -> str:
    """The words of a page without what differs between any two requests."""
    return Page(response).main


def test_every_argument_of_every_route_is_built(app: Flask, world: World) -> None:
    """A new kind of object in an address needs an object in ``things_of``; otherwise nothing below tries it."""
    known = set(things_of(world)) | {
        "size",
        "ratio",
        "suffix",
        "what",
        "token",
        "code",
        "cursor",
        "title_slug",
        "filename",
        "lane",
    }
    unknown = {a for r in app.url_map.iter_rules() for a in r.arguments} - known
    assert unknown == set()


@pytest.mark.parametrize("name", ROLES)
def test_another_offices_objects_are_not_found(
    app: Flask, world: World, other_world: World, name: str
) -> None:
    """404 for whoever has the permission (403 before anything is looked up for whoever has not), GET and POST; the
    answer is word for word that for a number nobody has, and nothing in the database changes.
    """
    theirs = things_of(other_world)
    user = getattr(world, name)
    browser, principal = Browser(app).sign_in(user), world.as_(user)
    before = contents()
    for rule in _with_objects(app):
        guard = guard_of(app, rule.endpoint)
        assert guard is not None
        expected = 404 if not guard.permissions or any(principal.can(p) for p in guard.permissions) else 403
        invented = {a: NOBODY if a.endswith("_id") else theirs.get(a, 1) for a in rule.arguments}
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answers = []
            for values in (theirs, invented):
                browser._forget()
                answers.append(browser.client.open(address(app, rule, values), method=method))
            found, missing = answers
            assert found.status_code == expected, f"{name} {method} {rule.endpoint}: {found.status_code}"
            assert missing.status_code == expected, f"{name} {method} {rule.endpoint}: {missing.status_code}"
            assert _words(found) == _words(missing), f"{method} {rule.endpoint} tells the two apart"
            assert "rahasia" not in found.get_data(as_text=True).lower(), f"{method} {rule.endpoint}"
    after = contents()
    assert {t for t in before if before[t] != after[t]} == set()


@pytest.mark.parametrize("other", ["live_post_id", "public_post_id"])
def test_another_offices_live_posts_are_not_found(
    app: Flask, world: World, other_world: World, other: str
) -> None:
    """The same for what is out already, where other moves are possible (retract, evidence, retry)."""
    theirs = things_of(other_world)
    browser = Browser(app).sign_in(world.editor)
    for rule in _with_objects(app):
        if "post_id" not in rule.arguments:
            continue
        url = address(app, rule, theirs | {"post_id": theirs[other]})
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            browser._forget()
            data = (
                {"reason": "Alasan", "text": "Teks", "url": "https://kantor.example/1"}
                if method == "POST"
                else None
            )
            assert browser.client.open(url, method=method, data=data).status_code == 404, f"{method} {url}"


def test_an_own_object_with_a_part_of_another_office(app: Flask, world: World, other_world: World) -> None:
    """Addresses that name two things: the second has to belong to the first."""
    mine, theirs = things_of(world), things_of(other_world)
    admin = Browser(app).sign_in(world.admin)
    admin.post(f"/pengaturan/pengguna/{mine['user_id']}/peran/{theirs['grant_id']}/akhiri", status=404)
    other_own = world.other_contributor.grants[0].id
    admin.post(f"/pengaturan/pengguna/{mine['user_id']}/peran/{other_own}/akhiri", status=404)
    editor = Browser(app).sign_in(world.editor)
    editor.get(f"/naskah/{mine['story_id']}/versi/99", status=404)
    editor.post(f"/naskah/{mine['story_id']}/versi/99/pulihkan", status=404)


def test_pages_for_readers_keep_offices_apart(app: Flask, world: World, other_world: World) -> None:
    mine, theirs = things_of(world), things_of(other_world)
    reader = app.test_client()
    home = f"/berita/{mine['slug']}"
    assert reader.get(f"{home}/{mine['public_post_id']}", follow_redirects=True).status_code == 200
    assert reader.get(f"{home}/gambar/{mine['asset_id']}/thumb", buffered=True).status_code == 200
    for path in (
        f"/{theirs['public_post_id']}", f"/{theirs['public_post_id']}/berita-yang-sudah-tayang",
        f"/gambar/{theirs['asset_id']}/thumb", f"/gambar/{theirs['asset_id']}/original", f"/{theirs['post_id']}",
        f"/{mine['post_id']}",
    ):  # fmt: skip
        assert reader.get(home + path, buffered=True).status_code == 404, path


def test_a_picture_that_is_not_out_is_not_for_readers(app: Flask, world: World) -> None:
    hidden = newsroom.picture(world)
    db.session.commit()
    assert app.test_client().get(f"/berita/{world.office.slug}/gambar/{hidden.id}/thumb").status_code == 404


def _post_with(browser: Browser, page: str, field: str, **changes: Any) -> Page:
    """A form with some answers exchanged for another office's."""
    browser._forget()
    data = form_with(browser.get(page), field) | changes
    browser._forget()
    return Page(browser.client.post(page, data=data))


class Fields:
    """Forms whose answers name objects: (who, page, a field of the form, what is exchanged)."""

    def __init__(self, mine: dict[str, Any], theirs: dict[str, Any], world: World, other: World) -> None:
        self.mine, self.theirs, self.world, self.other = mine, theirs, world, other

    def __iter__(self) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        draft = story_in(self.world, StoryState.DRAFT)
        their_unit, their_person = self.other.section.id, self.other.editor.id
        their_type, their_pillar = self.other.social.id, self.other.pillar.id
        yield "editor", "/naskah/baru", "title", {"title": "A", "content_type_id": their_type}
        yield "editor", f"/naskah/{draft}/sunting", "title", {"title": "A", "section_id": their_unit}
        yield "editor", f"/naskah/{draft}/sunting", "title", {"title": "A", "pillar_id": their_pillar}
        yield "editor", f"/naskah/{draft}/publikasi/baru?akun={self.other.facebook.id}", "text", {}
        yield "editor", f"/naskah/{draft}/publikasi/baru?akun={self.world.facebook.id}", "text", {
            "content_type_id": their_type, "text": "A",
        }  # fmt: skip
        yield "admin", f"/pengaturan/kanal/{self.world.facebook.id}", "name", {"assignee_id": their_person}
        yield "admin", "/pengaturan/kanal/baru", "name", {"name": "A", "kind_id": self.other.facebook.kind_id}
        yield "admin", "/pengaturan/pengguna/baru", "email", {
            "name": "A B", "email": "a@b.example", "role": "editor", "unit_id": their_unit,
        }  # fmt: skip
        yield "admin", f"/pengaturan/pengguna/{self.world.contributor.id}/peran", "role", {
            "role": "admin", "unit_id": self.other.office.id,
        }  # fmt: skip
        yield "editor", f"/naskah/{draft}/tugaskan", "role_id", {
            "role_id": role(self.other).id, "orang": self.world.contributor.id,
        }  # fmt: skip
        yield "editor", "/pengguna/ketidakhadiran", "starts_on", {
            "user_id": their_person, "starts_on": "2026-11-20", "kind": "leave",
        }  # fmt: skip
        yield "admin", "/pengaturan/persetujuan/bawaan", "mode", {
            "mode": "steps", "label_1": "A", "askee_1_1": f"user:{self.other.approver.id}",
        }  # fmt: skip


def test_answers_of_a_form_cannot_name_another_offices_things(
    app: Flask, world: World, other_world: World
) -> None:
    mine, theirs = things_of(world), things_of(other_world)
    for name, page, field, changes in Fields(mine, theirs, world, other_world):
        browser = Browser(app).sign_in(getattr(world, name))
        before = row_counts()
        if f"akun={other_world.facebook.id}" in page:
            browser.get(page, status=404)
            browser.post(page, {"text": "A"}, status=404)
        else:
            answer = _post_with(browser, page, field, **changes)
            assert answer.status == 422, f"{page} {changes}: {answer.status}"
            assert "tidak tersedia" in answer.main, f"{page}: {answer.main[:400]}"
        assert row_counts() == before, page


def test_pictures_of_another_office_do_not_get_into_a_story(
    app: Flask, world: World, other_world: World
) -> None:
    theirs = things_of(other_world)
    draft = story_in(world, StoryState.DRAFT)
    browser = Browser(app).sign_in(world.editor)
    from humasflow.stories.models import StoryPicture

    for key in ("add", "picture"):
        url = f"/naskah/{draft}/sunting"
        data = form_with(browser.get(url), "title") | {"title": f"Judul {key}", key: theirs["asset_id"]}
        browser.post(url, data)
    used = db.session.query(StoryPicture).filter_by(asset_id=theirs["asset_id"]).all()
    assert [p.version_id for p in used if p.version_id > 0 and _story_of(p.version_id) == draft] == []


def _story_of(version_id: int) -> int:
    from humasflow.stories.models import StoryVersion

    return db.session.get_one(StoryVersion, version_id).story_id


def test_photos_of_others_do_not_get_into_a_pitch(app: Flask, world: World, other_world: World) -> None:
    """Neither another office's nor a colleague's: only what the person sent."""
    theirs, colleagues = things_of(other_world), newsroom.picture(world)
    db.session.commit()
    browser = Browser(app).sign_in(world.contributor)
    from humasflow.pitches.models import Pitch

    for ident in (theirs["asset_id"], colleagues.id):
        data = browser.get("/usulan/kirim").form() | {"title": "Usulan", "kept_photos": ident}
        page = browser.post("/usulan/kirim", data)
        pitch = db.session.get_one(Pitch, int(page.location.rsplit("/", 1)[1]))
        assert pitch.photos == []


def test_deciding_and_assigning_take_no_foreign_numbers(app: Flask, world: World, other_world: World) -> None:
    theirs = things_of(other_world)
    pitch = send_pitch(
        actor=world.as_(world.contributor), office_id=world.office.id, content=PitchContent("Usulan")
    ).id  # fmt: skip
    db.session.commit()
    draft = desk.story(world, commit=True).id
    browser = Browser(app).sign_in(world.editor)
    before = row_counts()
    for url, data in (
        (f"/usulan/{pitch}/gabung", {"story_id": theirs["story_id"]}),
        (f"/usulan/{pitch}/terima", {"title": "A", "content_type_id": other_world.news.id}),
        (f"/usulan/{pitch}/terima", {
            "title": "A", "content_type_id": world.news.id, "section_id": other_world.section.id,
        }),
        (f"/naskah/{draft}/serahkan", {"owner_id": other_world.editor.id}),
    ):  # fmt: skip
        browser._forget()
        status = browser.client.post(url, data=data).status_code
        assert status in (404, 409, 422), f"{url}: {status}"
    assert row_counts() == before


def test_tasks_are_not_given_to_people_of_another_office(
    app: Flask, world: World, other_world: World
) -> None:
    made = task(world)
    draft = desk.story(world, commit=True).id
    browser = Browser(app).sign_in(world.editor)
    before = row_counts()
    for url, field, typed in (
        (f"/naskah/{draft}/tugaskan", "role_id", {"role_id": role(world).id, "orang": other_world.editor.id}),
        (f"/tugas/{made.id}/ganti", "due_day", {"orang": other_world.editor.id}),
    ):
        answer = _post_with(browser, url, field, **typed)
        assert answer.status == 422, f"{url}: {answer.status}"
        assert "tidak (lagi) bertugas di kantor ini" in answer.main
    assert row_counts() == before


def test_acting_in_an_office_needs_a_role_there(app: Flask, world: World, other_world: World) -> None:
    browser = Browser(app).sign_in(world.admin)
    for ident in (other_world.office.id, other_world.section.id, world.section.id, NOBODY, 2**70, -1, 0):
        browser.post("/kantor-aktif", {"office_id": ident}, status=404)
    browser.post("/kantor-aktif", {"office_id": "satu"}, status=400)
    assert world.office.short_name in browser.get("/").text


def test_lists_and_searches_show_one_office(app: Flask, world: World, other_world: World) -> None:
    things_of(other_world)
    make_scheme(world)
    db.session.commit()
    browser = Browser(app).sign_in(world.editor)
    admin = Browser(app).sign_in(world.admin)
    pages = [
        "/", "/usulan/kolam", "/usulan/kolam?q=rahasia", "/naskah/", "/naskah/?q=rahasia", "/naskah/?tampilan=daftar",
        "/publikasi/", "/kalender/", "/kalender/?kanal=" + str(other_world.facebook.id), "/media/", "/capaian/",
        "/persetujuan/", "/pemberitahuan/", "/capaian/verifikasi", "/capaian/verifikasi?tampilan=daftar",
        "/capaian/verifikasi?tampilan=dipertanyakan", "/capaian/seksi", "/capaian/pilar",
        "/capaian/saya", "/capaian/tren", "/capaian/andai", "/capaian/penutupan", "/capaian/penutupan/2026-TW1", "/capaian/penutupan/2026-TW1/terbuka", "/capaian/penyesuaian",
        "/capaian/resmi", "/capaian/pengukuran", "/keterlibatan/", "/keterlibatan/isi", "/keterlibatan/pembaca", "/laporan/", "/tugas", "/tugas/tim", "/pengguna/ketidakhadiran",
    ]  # fmt: skip
    for url in pages:
        text = browser.get(url).main
        assert "rahasia kantor ini" not in text, url
        assert "Berita yang sudah tayang" not in text, url
    week = Browser(app).sign_in(world.lead).get("/minggu-ini").main
    assert "rahasia kantor ini" not in week
    assert other_world.office.name not in week
    for url in (
        "/pengaturan/pengguna", "/pengaturan/pengguna?q=" + other_world.editor.email.split("@")[0], "/pengaturan/kanal",
        "/pengaturan/seksi", "/pengaturan/sasaran?bagian=orang", "/pengaturan/pembagian", "/pengaturan/skema", "/pengaturan/pekerjaan", "/pengaturan/surel", "/pengaturan/surel/kotak-masuk", "/pengaturan/surel/masuk", "/pengaturan/pemberitahuan", "/akun/pemberitahuan", "/hari-ini", "/pengaturan/kop-surat", "/pengaturan/pilar",
    ):  # fmt: skip
        page = admin.get(url)
        assert other_world.editor.email not in page.html, url
        assert other_world.office.name not in page.main, url
        assert f'/{other_world.facebook.id}"' not in page.html or "/pengaturan/kanal" not in url
