"""The screens: inbox, reading and deciding, submitting, chains."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from humasflow.approvals import queries, services
from humasflow.approvals.enums import PackageState, StepScope
from humasflow.approvals.models import Decision, Package
from humasflow.approvals.views.guest_browser import with_own_pictures
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.media.enums import AssetKind
from humasflow.media.models import Asset
from humasflow.posts import queries as posts
from humasflow.posts import services as post_services
from humasflow.posts.services import PostContent, PostPictureContent
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from humasflow.stories.services import StoryContent
from tests.approvals.desk import Desk, step
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[Any], Browser]


def waiting(desk: Desk, *accounts: str, note: str = "") -> Package:
    package = desk.submit(desk.ready(*accounts), note=note)
    db.session.commit()
    return package


def again(package: Package) -> Package:
    return db.session.get_one(Package, package.id)


def test_the_inbox_says_what_waits_for_whom(desk: Desk, browser_of: BrowserOf) -> None:
    waiting(desk, "web", "x", note="Rapat pukul sepuluh.")
    page = browser_of(desk.world.approver).get("/persetujuan/")
    assert page.h1 == "Menunggu keputusan Anda"
    for words in ("Sosialisasi pemanfaatan aset", "dari Redaktur Satu", "Situs berita", "X Kantor",
                  "Rapat pukul sepuluh.", "Baca dan putuskan"):  # fmt: skip
        assert words in page.main
    assert "langkah 1 dari" not in page.main, "one step needs no number"
    page = browser_of(desk.world.editor).get("/persetujuan/")
    assert "Tidak ada yang menunggu Anda" in page.main
    assert "Menunggu orang lain" in page.main
    assert "Menunggu Penyetuju Kantor" in page.main


def test_the_page_shows_exactly_what_goes_out(desk: Desk, browser_of: BrowserOf) -> None:
    story = desk.ready("web")
    desk.post(story, "facebook", "Baris satu\n\nBaris <b>dua</b> #BMN https://kantor.example/a")
    package = desk.submit(story, note="Mohon <segera>")
    db.session.commit()
    page = browser_of(desk.world.approver).get(f"/persetujuan/{package.id}")
    assert page.h1 == "Sosialisasi pemanfaatan aset bagi 30 satuan kerja"
    assert "Redaktur Satu mengajukan versi 1 untuk 2 kanal" in page.main
    assert "Mohon <segera>" in page.main
    assert "Baris <b>dua</b>" in page.main, "texts are shown as they are, never as markup"
    assert "Baris satu\n\nBaris" in page.html
    assert page.soup.find("strong", string="#BMN")
    assert "@kantoruji" in page.main
    assert "Belum dijadwalkan" in page.main
    assert "Facebook Kantor: sesuai batas kanal" in page.main
    assert "Setujui versi 1" in page.main
    assert "Satuan kerja memahami tata cara sewa" in page.main


def test_opening_the_page_decides_nothing(desk: Desk, browser_of: BrowserOf) -> None:
    package = waiting(desk)
    browser = browser_of(desk.world.approver)
    browser.get(f"/persetujuan/{package.id}")
    for act in ("setujui", "kembalikan", "tarik"):
        assert browser.client.get(f"/persetujuan/{package.id}/{act}").status_code == 405
    assert again(package).state is PackageState.PENDING


def test_approving_takes_two_taps(desk: Desk, browser_of: BrowserOf) -> None:
    package = waiting(desk)
    browser = browser_of(desk.world.approver)
    page = browser.get(f"/persetujuan/{package.id}")
    answer = browser.post(f"/persetujuan/{package.id}/setujui", page.form("setujui"))
    after = browser.follow(answer)
    assert "Yang boleh tayang adalah persis yang Anda baca" in after.text
    assert "Baru saja Anda putuskan" in after.main
    assert again(package).state is PackageState.APPROVED
    assert db.session.get_one(Story, package.story_id).state is StoryState.APPROVED
    page = browser.get(f"/persetujuan/{package.id}")
    assert "sudah disetujui oleh Kepala Seksi Hukum dan Informasi, Penyetuju Kantor" in page.main
    assert not page.soup.select(".sticky-actions")


def test_a_double_click_decides_once(desk: Desk, browser_of: BrowserOf) -> None:
    package = waiting(desk)
    browser = browser_of(desk.world.approver)
    form = browser.get(f"/persetujuan/{package.id}").form("setujui")
    browser.post(f"/persetujuan/{package.id}/setujui", form)
    browser.post(f"/persetujuan/{package.id}/setujui", form)
    assert db.session.query(Decision).count() == 1


def test_sending_back_without_a_reason_keeps_the_page(desk: Desk, browser_of: BrowserOf) -> None:
    package = waiting(desk)
    browser = browser_of(desk.world.approver)
    form = browser.get(f"/persetujuan/{package.id}").form("kembalikan")
    page = browser.post(f"/persetujuan/{package.id}/kembalikan", {**form, "reason": "   "}, status=422)
    assert "Tuliskan alasannya" in page.main
    assert page.soup.select_one("dialog [aria-invalid=true]"), "the dialog opens by itself"
    browser.post(f"/persetujuan/{package.id}/kembalikan", {**form, "reason": "Peserta 32, bukan 30."})
    story = db.session.get_one(Story, package.story_id)
    assert (story.state, story.last_reason) == (StoryState.DRAFT, "Peserta 32, bukan 30.")


def test_a_reason_too_long_is_kept(desk: Desk, browser_of: BrowserOf) -> None:
    package = waiting(desk)
    browser = browser_of(desk.world.approver)
    form = browser.get(f"/persetujuan/{package.id}").form("kembalikan")
    page = browser.post(f"/persetujuan/{package.id}/kembalikan", {**form, "reason": "a" * 2001}, status=422)
    assert "a" * 2001 in page.html


def test_who_comes_second_reads_who_decided_and_keeps_the_reason(desk: Desk, browser_of: BrowserOf) -> None:
    second = desk.second_approver()
    package = waiting(desk)
    slow, quick = browser_of(second), browser_of(desk.world.approver)
    form = slow.get(f"/persetujuan/{package.id}").form("kembalikan")
    agree = slow.get(f"/persetujuan/{package.id}").form("setujui")
    quick.post(f"/persetujuan/{package.id}/setujui", quick.get(f"/persetujuan/{package.id}").form("setujui"))
    page = slow.post(f"/persetujuan/{package.id}/kembalikan", {**form, "reason": "Kurang foto"}, status=409)
    assert "sudah disetujui oleh Kepala Seksi Hukum dan Informasi, Penyetuju Kantor" in page.main
    assert "Kurang foto" in page.main
    page = slow.post(f"/persetujuan/{package.id}/setujui", agree, status=409)
    assert "sudah disetujui oleh" in page.main


def test_a_page_opened_before_an_edit_cannot_approve(desk: Desk, browser_of: BrowserOf) -> None:
    story = desk.ready()
    package = desk.submit(story)
    db.session.commit()
    browser = browser_of(desk.world.approver)
    form = browser.get(f"/persetujuan/{package.id}").form("setujui")
    desk.edit_post(posts.list_posts_of(story.id)[0], "Teks lain")
    db.session.commit()
    page = browser.post(f"/persetujuan/{package.id}/setujui", form, status=409)
    assert "gugur karena isinya berubah" in page.main
    assert not db.session.query(Decision).count()


def test_a_forged_digest_is_refused(desk: Desk, browser_of: BrowserOf) -> None:
    package = waiting(desk)
    browser = browser_of(desk.world.approver)
    form = browser.get(f"/persetujuan/{package.id}").form("setujui")
    page = browser.post(f"/persetujuan/{package.id}/setujui", {**form, "digest": "f" * 64}, status=409)
    assert "Isi sudah berubah" in page.main
    assert again(package).state is PackageState.PENDING


def test_the_change_since_the_returned_version_is_shown_word_by_word(
    desk: Desk, browser_of: BrowserOf
) -> None:
    story = desk.ready("facebook")
    first = desk.submit(story)
    services.send_back(first, actor=desk.approver, digest=first.digest, reason="Peserta 32")
    desk.edit(story, title="Sosialisasi pemanfaatan aset bagi 32 satuan kerja")
    desk.edit_post(posts.list_posts_of(story.id)[0], "Sosialisasi aset 2026. #BMN")
    package = desk.submit(story)
    db.session.commit()
    page = browser_of(desk.world.approver).get(f"/persetujuan/{package.id}")
    assert "Berubah sejak versi 1 yang Anda kembalikan" in page.main
    assert [d.get_text() for d in page.soup.select("del")] == ["[dihapus: 30]"]
    assert [i.get_text() for i in page.soup.select("ins")] == ["[ditambahkan: 32]", "[ditambahkan:  2026]"]
    second = desk.second_approver()
    db.session.commit()
    page = browser_of(second).get(f"/persetujuan/{package.id}")
    assert "Berubah sejak" not in page.main, "this reader knows nothing of it yet"


def test_the_change_since_the_last_approval_is_shown(desk: Desk, browser_of: BrowserOf) -> None:
    story, _package = desk.approved("facebook")
    second = desk.second_approver()
    desk.edit(story, body_html="<p>Kantor menyelenggarakan sosialisasi.</p><p>Materi dapat diunduh.</p>")
    package = desk.submit(story)
    db.session.commit()
    page = browser_of(second).get(f"/persetujuan/{package.id}")
    assert "Berubah sejak versi 1 yang disetujui" in page.main
    assert page.soup.select("ins")


def test_an_addition_shows_only_what_is_new(desk: Desk, browser_of: BrowserOf) -> None:
    story, _package = desk.approved("web")
    desk.post(story, "x", "Menyusul di X")
    package = desk.submit(story)
    db.session.commit()
    page = browser_of(desk.world.approver).get(f"/persetujuan/{package.id}")
    assert "Redaktur Satu menambahkan 1 publikasi pada naskah yang sudah disetujui" in page.main
    assert "Setujui publikasi ini" in page.main
    assert "Menyusul di X" in page.main
    assert not page.soup.select("ins")
    assert "Situs berita" not in [a.get_text() for a in page.soup.select(".preview h3")]


def test_an_addition_that_was_sent_back_is_still_an_addition(desk: Desk, browser_of: BrowserOf) -> None:
    story, _package = desk.approved("web")
    x = desk.post(story, "x", "Menyusul di X pukul sembilan")
    first = desk.submit(story)
    services.send_back(first, actor=desk.approver, digest=first.digest, reason="Pukul sepuluh")
    desk.edit_post(x, "Menyusul di X pukul sepuluh")
    package = desk.submit(story)
    db.session.commit()
    page = browser_of(desk.world.approver).get(f"/persetujuan/{package.id}")
    assert "Setujui publikasi ini" in page.main
    assert [i.get_text() for i in page.soup.select("ins")] == ["[ditambahkan: sepuluh]"]


def test_who_may_not_decide_reads_why(desk: Desk, browser_of: BrowserOf) -> None:
    package = waiting(desk)
    page = browser_of(desk.world.editor).get(f"/persetujuan/{package.id}")
    assert "Anda yang mengajukan paket ini" in page.main
    assert "menunggu keputusan Penyetuju Kantor" in page.main
    assert not page.soup.select(".sticky-actions")
    assert "Tarik kembali" in page.main


def test_pictures_are_shown_in_order_with_their_texts(desk: Desk, browser_of: BrowserOf) -> None:
    assets = []
    for n in (1, 2):
        asset = Asset(
            office_id=desk.world.office.id, uploaded_by=None, created_at=clock.now(), filename=f"{n}.jpg",
            original_key=f"o{n}.jpg", medium_key=f"m{n}.webp", thumb_key=f"t{n}.webp", sha256=str(n) * 64,
            source_sha256=str(n) * 64, width=800, height=600, size=1000, colour="#cccccc",
        )  # fmt: skip
        db.session.add(asset)
        assets.append(asset)
    db.session.flush()
    story = desk.story()
    pictures = tuple(
        PostPictureContent(a.id, f"Foto ke-{n}", "AS") for n, a in enumerate(reversed(assets), start=1)
    )
    post_services.create_post(
        story, actor=desk.editor, account_id=desk.world.instagram.id, content_type_id=desk.world.social.id,
        content=PostContent("Dalam gambar", pictures=pictures),
    )  # fmt: skip
    package = desk.submit(story)
    db.session.commit()
    page = browser_of(desk.world.approver).get(f"/persetujuan/{package.id}")
    assert [i["alt"] for i in page.soup.select(".preview img")] == ["Foto ke-1", "Foto ke-2"]
    assert "Foto: AS" in page.main


def test_a_title_without_text_a_film_and_a_shape_are_shown(
    desk: Desk, browser_of: BrowserOf, app: Flask
) -> None:
    def asset(name: str, kind: AssetKind) -> Asset:
        return Asset(
            office_id=desk.world.office.id, uploaded_by=None, created_at=clock.now(), filename=name, kind=kind,
            original_key=name, sha256=name[0] * 64, source_sha256=name[0] * 64, width=800, height=600, size=1000,
            medium_key="m.webp" if kind is AssetKind.IMAGE else "", colour="#cccccc", duration_ms=9000,
            thumb_key="t.webp" if kind is AssetKind.IMAGE else "",
        )  # fmt: skip

    photo, film = asset("foto.jpg", AssetKind.IMAGE), asset("rapat.mp4", AssetKind.VIDEO)
    db.session.add_all([photo, film])
    db.session.flush()
    story = desk.story()
    pictures = (PostPictureContent(photo.id, "Ruang rapat", crop="4x5"), PostPictureContent(film.id))
    made = PostContent("", title="Judul di kanal", pictures=pictures)
    post_services.create_post(
        story, actor=desk.editor, account_id=desk.world.facebook.id, content_type_id=desk.world.social.id,
        content=made,
    )  # fmt: skip
    page = browser_of(desk.world.editor).get(f"/naskah/{story.id}/ajukan")
    (shown,) = page.soup.select("article.preview")
    assert "Judul di kanal" in shown.text
    assert "Tanpa teks." in shown.text
    (image,) = shown.select("img")
    assert f"/media/{photo.id}/potongan/4x5/" in image["src"]
    assert "rapat.mp4" in shown.text
    assert "Tanpa teks alternatif" not in shown.text
    with app.test_request_context():
        guest = with_own_pictures(str(shown))
    assert "/potongan/" not in guest
    assert f'src="/tamu/gambar/{photo.id}/medium"' in guest


def test_taking_back_from_the_page(desk: Desk, browser_of: BrowserOf) -> None:
    package = waiting(desk)
    browser = browser_of(desk.world.other_editor)
    form = browser.get(f"/persetujuan/{package.id}").form("tarik")
    answer = browser.post(f"/persetujuan/{package.id}/tarik", form)
    assert answer.location.endswith(f"/naskah/{package.story_id}")
    assert again(package).state is PackageState.RECALLED


def test_another_office_and_a_contributor_see_nothing(
    desk: Desk, other_world: World, browser_of: BrowserOf
) -> None:
    package = waiting(desk)
    for url in (f"/persetujuan/{package.id}", f"/naskah/{package.story_id}/ajukan"):
        browser_of(other_world.approver).get(url, status=404)
        browser_of(other_world.editor).get(url, status=404)
        page = browser_of(desk.world.contributor).client.get(url)
        assert page.status_code in (403, 404)
    for act in ("setujui", "kembalikan", "tarik"):
        browser_of(other_world.approver).post(
            f"/persetujuan/{package.id}/{act}", {"digest": package.digest, "reason": "x"}, status=404
        )
    browser_of(desk.world.contributor).get("/persetujuan/", status=403)
    browser_of(desk.world.contributor).post(
        f"/persetujuan/{package.id}/setujui", {"digest": package.digest}, status=403
    )
    assert again(package).state is PackageState.PENDING
    browser_of(desk.world.approver).get("/persetujuan/999999", status=404)


def test_submitting_shows_what_and_whom(desk: Desk, browser_of: BrowserOf) -> None:
    story = desk.ready("web", "x")
    db.session.commit()
    browser = browser_of(desk.world.editor)
    page = browser.get(f"/naskah/{story.id}/ajukan")
    assert "Kepala Seksi Hukum dan Informasi" in page.main
    assert "Penyetuju Kantor" in page.main
    assert "Sosialisasi aset. #BMN" in page.main
    answer = browser.post(
        f"/naskah/{story.id}/ajukan", {**page.form("ajukan"), "note": "Tolong sebelum Jumat"}
    )
    assert answer.location.endswith(f"/naskah/{story.id}")
    assert queries.list_packages_of(story.id)[0].note == "Tolong sebelum Jumat"


def test_what_cannot_be_submitted_says_everything(desk: Desk, browser_of: BrowserOf) -> None:
    story = desk.story(content=StoryContent(title="Judul saja"))
    db.session.commit()
    browser = browser_of(desk.world.editor)
    page = browser.get(f"/naskah/{story.id}/ajukan")
    for words in (
        "Isi naskah masih kosong",
        "Tujuan naskah belum ditulis",
        "Khalayak",
        "Belum ada publikasi",
    ):
        assert words in page.main
    ready = desk.ready()
    db.session.commit()
    form = browser.get(f"/naskah/{ready.id}/ajukan").form("ajukan")
    page = browser.post(f"/naskah/{story.id}/ajukan", {**form, "note": "Pesan saya"}, status=409)
    assert "Pesan saya" in page.html, "what was typed is shown again"
    page = browser.post(f"/naskah/{ready.id}/ajukan", {**form, "note": "p" * 501}, status=422)
    assert "p" * 501 in page.html


def test_without_approval_the_button_says_so(desk: Desk, browser_of: BrowserOf) -> None:
    desk.chain()
    story = desk.ready()
    db.session.commit()
    browser = browser_of(desk.world.editor)
    page = browser.get(f"/naskah/{story.id}/ajukan")
    assert "Ajukan tanpa persetujuan" in page.main
    browser.post(f"/naskah/{story.id}/ajukan", page.form("ajukan"))
    assert db.session.get_one(Story, story.id).state is StoryState.APPROVED


def test_the_admin_sets_chains(desk: Desk, browser_of: BrowserOf) -> None:
    second = desk.second_approver()
    db.session.commit()
    browser = browser_of(desk.world.admin)
    page = browser.get("/pengaturan/persetujuan")
    assert "1. Penyetuju Kantor atau Penyetuju Kedua" in page.main, "whom it asks today"
    url = f"/pengaturan/persetujuan/jenis/{desk.world.news.id}"
    form = browser.get(url).form("jenis")
    assert form["mode"] == "inherit"
    browser.post(
        url,
        {**form, "mode": "steps", "askee_1_1": "section", "label_1": "Kepala seksi",
         "askee_3_1": f"user:{second.id}", "label_3": "Kepala Kantor"},
    )  # fmt: skip
    chain = queries.get_chain(desk.world.office.id, desk.world.news.id)
    assert chain is not None
    assert [(s.position, s.label, s.askees[0].scope, s.askees[0].user_id) for s in chain.steps] == [
        (1, "Kepala seksi", StepScope.SECTION, None), (2, "Kepala Kantor", StepScope.PERSON, second.id),
    ]  # fmt: skip
    page = browser.get(url)
    assert "Penyetuju Seksi" in page.main, "whom it would ask today"
    assert "beralih ke kantor" in page.main
    browser.post(url, {**page.form("jenis"), "mode": "inherit"})
    assert queries.get_chain(desk.world.office.id, desk.world.news.id) is None


def test_a_chain_is_read_back_in_a_plain_sentence(desk: Desk, browser_of: BrowserOf) -> None:
    second = desk.second_approver()
    team = desk.group("Tim Humas", desk.world.approver, desk.world.section_approver)
    db.session.commit()
    browser = browser_of(desk.world.admin)
    url = "/pengaturan/persetujuan/bawaan"
    form = browser.get(url).form("bawaan")
    browser.post(
        url,
        {**form, "mode": "steps", "label_1": "Kepala Seksi naskah", "askee_1_1": "section", "label_2": "Pimpinan",
         "rule_2": "all", "askee_2_1": f"user:{second.id}", "askee_2_2": f"group:{team.group_id}",
         "askee_3_1": f"all:{team.group_id}", "allows_bulk": "y"},
    )  # fmt: skip
    page = browser.get("/pengaturan/persetujuan")
    assert (
        "1. Kepala Seksi naskah (penyetuju di seksi naskah), 2. Pimpinan (bersama-sama: Penyetuju Kedua dan salah satu "
        "dari grup Tim Humas), lalu 3. Semua anggota grup Tim Humas" in page.main
    )
    assert "hari ini belum cukup orangnya" not in page.main.split("Pimpinan")[0]
    assert "Boleh disetujui beberapa sekaligus" in page.main
    page = browser.get(url)
    assert page.form("bawaan")["askee_2_2"] == f"group:{team.group_id}"
    assert "Yang tersimpan sekarang" in page.main


def test_without_approval_is_spelled_out_and_chosen_on_purpose(desk: Desk, browser_of: BrowserOf) -> None:
    package = waiting(desk)
    browser = browser_of(desk.world.admin)
    page = browser.get("/pengaturan/persetujuan/bawaan")
    assert "Tanpa persetujuan berarti" in page.main
    assert "Satu paket sedang menunggu" in page.main
    form = page.form("bawaan")
    empty = {k: "" for k in form if k[:5] in ("label", "askee")}
    page = browser.post("/pengaturan/persetujuan/bawaan", {**form, **empty, "mode": "steps"}, status=422)
    assert "Isi sedikitnya satu langkah" in page.main
    page = browser.post("/pengaturan/persetujuan/bawaan", {**form, "label_2": "Seseorang"}, status=422)
    assert "Pilih siapa yang diminta" in page.main
    browser.post("/pengaturan/persetujuan/bawaan", {**form, "mode": "none"})
    assert queries.list_chains(desk.world.office.id)[None].steps == []
    assert len(again(package).steps) == 1
    assert "Tanpa persetujuan" in browser.get("/pengaturan/persetujuan").main


def test_a_stale_chain_form_overwrites_nothing(desk: Desk, browser_of: BrowserOf) -> None:
    browser = browser_of(desk.world.admin)
    form = browser.get("/pengaturan/persetujuan/bawaan").form("bawaan")
    desk.chain(step("Baru", StepScope.OFFICE))
    db.session.commit()
    page = browser.post("/pengaturan/persetujuan/bawaan", {**form, "label_1": "Milik saya"}, status=409)
    assert "Orang lain baru saja mengubah" in page.main
    assert "Milik saya" in page.html
    assert queries.list_chains(desk.world.office.id)[None].steps[0].label == "Baru"


def test_only_the_admin_opens_the_chains(desk: Desk, browser_of: BrowserOf, other_world: World) -> None:
    for user in (desk.world.editor, desk.world.approver, desk.world.lead):
        browser_of(user).get("/pengaturan/persetujuan", status=403)
    browser_of(other_world.admin).get(f"/pengaturan/persetujuan/jenis/{desk.world.news.id}", status=404)


@pytest.mark.parametrize("path", ["/persetujuan/", "review"])
def test_pages_cost_the_same_for_one_and_for_three(
    desk: Desk, browser_of: BrowserOf, statements: Any, path: str
) -> None:
    browser = browser_of(desk.world.approver)
    counts = []
    for accounts in (["web"], ["web", "facebook", "x"]):
        package = waiting(desk, *accounts)
        if path != "review":
            for _ in range(len(accounts) - 1):
                waiting(desk, *accounts)
        url = path if path != "review" else f"/persetujuan/{package.id}"
        browser.get(url)
        statements.reset()
        browser.get(url)
        counts.append(len(statements))
    assert counts[0] == counts[1]
