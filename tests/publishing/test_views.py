"""Publications in the browser."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import to_local
from humasflow.media.models import Asset
from humasflow.outbox import services as outbox
from humasflow.posts.models import Post
from humasflow.publishing import services
from humasflow.publishing.models import Delivery, Evidence
from tests.factories.world import World
from tests.publishing.desk import NewsDesk, hours
from tests.support.page import Browser

URL = "https://www.facebook.com/kantoruji/posts/1234567890"
Open = Callable[[Any], Browser]


def screenshot(name: str = "layar.png") -> tuple[BytesIO, str]:
    out = BytesIO()
    Image.new("RGB", (320, 200), "#446688").save(out, "PNG")
    out.seek(0)
    return out, name


@pytest.fixture
def task(desk: NewsDesk) -> Post:
    _story, (post,) = desk.going_out("facebook")
    desk.work()
    return post


def form_of(browser: Browser, post: Post) -> dict[str, Any]:
    page = browser.get(f"/publikasi/{post.id}/tandai-tayang")
    return page.form("/tandai-tayang") | {"url": URL}


def test_the_index_has_three_parts(desk: NewsDesk, world: World, browser_of: Open) -> None:
    desk.going_out("facebook")
    desk.going_out("web")
    desk.work()
    desk.going_out("web", at=clock.now() + hours(30))
    desk.going_out("x", at=clock.now() + hours(40), approved=False)
    page = browser_of(world.editor).get("/publikasi/")
    assert "Perlu tindakan 1" in page.main
    assert "Akan datang 2" in page.main
    assert "Belum disetujui: tidak akan tayang sebelum disetujui." in page.main
    assert "Unggah dan tandai" in page.main
    assert page.link("Buka").startswith("http://localhost/berita/")


def test_the_index_can_be_narrowed_by_channel_type_and_quarter(
    desk: NewsDesk, world: World, browser_of: Open
) -> None:
    for number, (account, when) in enumerate(
        [(world.facebook, "2026-03-31T16:30:00+00:00"), (world.x, "2026-03-31T17:30:00+00:00")]
    ):
        host = ["facebook.com/kantoruji/posts", "x.com/kantoruji/status"][number]
        services.record_past_publication(
            actor=None, office=world.office, account=account, content_type=world.social,
            title=f"Unggahan {number}", url=f"https://{host}/{number + 1}",
            published_at=clock.datetime.fromisoformat(when),
        )  # fmt: skip
    db.session.commit()
    editor = browser_of(world.editor)
    first = editor.get("/publikasi/?tw=2026-TW1").main
    assert "Unggahan 0" in first
    assert "Unggahan 1" not in first
    assert "Unggahan 1" in editor.get("/publikasi/?tw=2026-TW2").main
    narrowed = editor.get(f"/publikasi/?kanal={world.x.id}").main
    assert "Unggahan 1" in narrowed
    assert "Unggahan 0" not in narrowed
    assert "Tidak ada publikasi yang cocok" in editor.get(f"/publikasi/?jenis={world.news.id}").main
    assert editor.get("/publikasi/?kanal=x&jenis=-1&tw=2026-TW9&setelah=rusak").status == 200


def test_the_list_of_live_posts_is_paged_and_costs_the_same(
    desk: NewsDesk, world: World, browser_of: Open, statements: Any
) -> None:
    editor = browser_of(world.editor)
    editor.get("/publikasi/")
    counts = []
    made = 0
    for wanted in (1, 3, 60):
        while made < wanted:
            made += 1
            services.record_past_publication(
                actor=None, office=world.office, account=world.facebook, content_type=world.social,
                title=f"Unggahan {made}", url=f"https://facebook.com/kantoruji/posts/{made}",
                published_at=clock.now() - timedelta(days=made),
            )  # fmt: skip
        db.session.commit()
        statements.reset()
        page = editor.get("/publikasi/")
        counts.append(len(statements))
    assert counts[0] == counts[1] == counts[2] <= 10
    second = editor.get(page.link("Muat berikutnya"))
    assert "Unggahan 60, Facebook Kantor" in second.main
    assert "Unggahan 50, Facebook Kantor" not in second.main


def test_a_stopped_worker_is_said_where_something_waits_for_it(
    desk: NewsDesk, world: World, browser_of: Open
) -> None:
    editor = browser_of(world.editor)
    desk.going_out("web", at=clock.now() + hours(1))
    assert "Pengirim otomatis sedang tidak berjalan" in editor.get("/publikasi/").main
    outbox.beat("pekerja")
    db.session.commit()
    assert "Pengirim otomatis" not in editor.get("/publikasi/").main


def test_everything_about_one_publication(desk: NewsDesk, world: World, browser_of: Open) -> None:
    _story, (post,) = desk.going_out("web")
    desk.work()
    page = browser_of(world.editor).get(f"/publikasi/{post.id}")
    delivery = desk.delivery(post)
    assert page.h1 == delivery.title
    assert delivery.permalink in page.main
    assert delivery.payload_sha256 in page.main
    assert "Dicatat oleh humasflow sendiri" in page.main
    assert "menayangkan publikasi" in page.main
    assert "Peserta 30 satuan kerja." in page.main
    assert "https://wa.me/?text=" in page.html


def test_every_state_has_its_page(desk: NewsDesk, world: World, browser_of: Open) -> None:
    editor = browser_of(world.editor)
    said = {
        "late": "Putuskan: terbitkan sekarang, jadwal ulang, atau batalkan.",
        "held": "belum disetujui, jadi tidak ditayangkan",
        "failed": "dinonaktifkan",
        "cancelled": "Acara diundur",
        "withdrawn": "Angkanya keliru",
        "scheduled": "Batalkan jadwal",
    }
    for state, words in said.items():
        world.web.is_active = True
        db.session.commit()
        _story, (post,) = desk.going_out(
            "web",
            approved=state not in ("held", "cancelled"),
            at=clock.now() + hours(30 if state == "scheduled" else 0),
        )
        world.web.is_active = state != "failed"
        db.session.commit()
        with clock.moved_to(clock.now() + hours(7 if state == "late" else 0)):
            desk.work()
        if state == "cancelled":
            services.cancel(post, actor=desk.editor, reason="Acara diundur")
        if state == "withdrawn":
            services.retract(desk.delivery(post), actor=desk.editor, reason="Angkanya keliru")
        db.session.commit()
        assert desk.state(post) == state
        assert words in editor.get(f"/publikasi/{post.id}").main, state


def test_the_buttons_do_what_they_say(desk: NewsDesk, world: World, browser_of: Open) -> None:
    _story, (post,) = desk.going_out("web", at=clock.now() + hours(30))
    editor = browser_of(world.editor)
    path = f"/publikasi/{post.id}"
    editor.follow(editor.post(f"{path}/terbitkan", editor.get(path).form("/terbitkan")))
    desk.work()
    assert desk.state(post) == "published"
    page = editor.get(path)
    empty = editor.post(f"{path}/turunkan", page.form("/turunkan"), status=422)
    assert "Tuliskan alasannya." in empty.main
    editor.post(f"{path}/turunkan", page.form("/turunkan") | {"reason": "Angkanya keliru"})
    assert desk.state(post) == "withdrawn"


def test_a_failed_post_can_be_tried_again_and_called_off(
    desk: NewsDesk, world: World, browser_of: Open
) -> None:
    _story, (post,) = desk.going_out("web")
    world.web.is_active = False
    db.session.commit()
    desk.work()
    editor = browser_of(world.editor)
    path = f"/publikasi/{post.id}"
    assert "coba-lagi" not in editor.get(path).html  # the account is still off
    editor.post(f"{path}/coba-lagi", status=409)
    world.web.is_active = True
    db.session.commit()
    editor.post(f"{path}/coba-lagi", editor.get(path).form("/coba-lagi"))
    desk.work()
    assert desk.state(post) == "published"
    _story, (other,) = desk.going_out("web", approved=False)
    desk.work()
    path = f"/publikasi/{other.id}"
    form = editor.get(path).form("/batalkan")
    assert "Tuliskan alasannya" in editor.post(f"{path}/batalkan", form, status=422).main
    editor.post(f"{path}/batalkan", form | {"reason": "Acara diundur"})
    assert desk.state(other) == "cancelled"


def test_marking_live_with_a_screenshot(desk: NewsDesk, task: Post, world: World, browser_of: Open) -> None:
    browser = browser_of(world.other_editor)
    page = browser.get(f"/publikasi/{task.id}/tandai-tayang")
    assert "Sosialisasi aset. #BMN" in page.main
    assert page.soup.select_one('[data-copy="#copy-text"]') is not None
    assert page.link("Buka Facebook") == "https://facebook.com/"
    fields = form_of(browser, task)
    yesterday = to_local(clock.now(), "Asia/Jakarta") - timedelta(days=1)
    fields |= {"published_on": yesterday.strftime("%d-%m-%Y"), "published_time": "09.15"}
    browser.post(
        f"/publikasi/{task.id}/tandai-tayang", fields | {"screenshot": screenshot()},
        content_type="multipart/form-data",
    )  # fmt: skip
    (row,) = db.session.scalars(select(Evidence))
    local = to_local(row.published_at, "Asia/Jakarta")
    assert (local.date(), local.strftime("%H.%M")) == (yesterday.date(), "09.15")
    assert row.screenshot is not None
    page = browser.get(f"/publikasi/{task.id}")
    assert row.file_sha256 in page.main
    assert URL in page.main


def test_a_double_click_records_once_and_the_back_button_is_met_kindly(
    desk: NewsDesk, task: Post, world: World, browser_of: Open
) -> None:
    browser = browser_of(world.other_editor)
    fields = form_of(browser, task)
    answers = [browser.post(f"/publikasi/{task.id}/tandai-tayang", fields) for _ in range(3)]
    assert {a.location for a in answers} == {f"/publikasi/{task.id}"}
    fresh = fields | {"form_token": "lain"}
    again = browser.follow(browser.post(f"/publikasi/{task.id}/tandai-tayang", fresh))
    assert "sudah ditandai tayang" in again.text
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 1


def test_what_was_typed_and_the_picture_survive_a_mistake(
    desk: NewsDesk, task: Post, world: World, browser_of: Open
) -> None:
    browser = browser_of(world.other_editor)
    path = f"/publikasi/{task.id}/tandai-tayang"
    wrong = form_of(browser, task) | {
        "url": "https://instagram.com/p/AbC/", "note": "dari ponsel", "screenshot": screenshot(),
    }  # fmt: skip
    page = browser.post(path, wrong, status=422, content_type="multipart/form-data")
    assert "bukan ke Facebook Kantor" in page.main
    fields = page.form("/tandai-tayang")
    assert (fields["note"], fields["url"]) == ("dari ponsel", "https://instagram.com/p/AbC/")
    assert "kept_photos" in fields
    assert (
        db.session.scalar(select(func.count()).select_from(Delivery).where(Delivery.state == "manual_due"))
        == 1
    )
    browser.post(path, fields | {"url": URL})
    (row,) = db.session.scalars(select(Evidence))
    assert row.screenshot_id == int(fields["kept_photos"])


def test_somebody_elses_picture_cannot_be_claimed(
    desk: NewsDesk, task: Post, world: World, other_world: World, browser_of: Open
) -> None:
    from tests.factories import desk as factory

    foreign = factory.asset(other_world)
    db.session.commit()
    browser = browser_of(world.other_editor)
    browser.post(
        f"/publikasi/{task.id}/tandai-tayang", form_of(browser, task) | {"kept_photos": str(foreign.id)}
    )
    (row,) = db.session.scalars(select(Evidence))
    assert row.screenshot_id is None


def test_bad_input_is_named(desk: NewsDesk, task: Post, world: World, browser_of: Open) -> None:
    browser = browser_of(world.other_editor)
    path = f"/publikasi/{task.id}/tandai-tayang"
    good = form_of(browser, task)
    tomorrow = (to_local(clock.now(), "Asia/Jakarta") + timedelta(days=1)).date().isoformat()
    for change, words in (
        ({"url": ""}, "Tempel tautan unggahannya di sini."),
        ({"published_on": "31-02-2026"}, "tidak ada di kalender"),
        ({"published_time": "25.00"}, "tidak dikenal"),
        ({"published_on": tomorrow}, "belum terjadi"),
        ({"url": "https://facebook.com/" + "x" * 2000}, "Paling panjang 1000"),
        ({"screenshot": (BytesIO(b"GIF89a<script>"), "a.png")}, ""),
    ):
        page = browser.post(path, good | change, status=422, content_type="multipart/form-data")
        assert words in page.main, change
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 0
    assert db.session.scalar(select(func.count()).select_from(Asset)) == 0


def test_another_account_is_asked_about_and_a_known_address_links_to_the_other(
    desk: NewsDesk, task: Post, world: World, browser_of: Open
) -> None:
    browser = browser_of(world.other_editor)
    path = f"/publikasi/{task.id}/tandai-tayang"
    other = {"url": "https://www.facebook.com/kantorsebelah/posts/9"}
    page = browser.post(path, form_of(browser, task) | other, status=422)
    assert "kantorsebelah" in page.main
    browser.post(path, page.form("/tandai-tayang") | {"confirmed": "y"})
    _story, (second,) = desk.going_out("facebook")
    desk.work()
    page = browser.post(f"/publikasi/{second.id}/tandai-tayang", form_of(browser, second) | other, status=422)
    assert "sudah tercatat" in page.main
    assert page.link("Lihat publikasi yang sudah memakai tautan itu") == f"/publikasi/{task.id}"


def test_evidence_can_be_added(desk: NewsDesk, task: Post, world: World, browser_of: Open) -> None:
    browser = browser_of(world.other_editor)
    browser.post(f"/publikasi/{task.id}/tandai-tayang", form_of(browser, task))
    form = browser.get(f"/publikasi/{task.id}").form("/bukti")
    assert form["url"] == URL
    page = browser.post(f"/publikasi/{task.id}/bukti", form, status=422)
    assert "Belum ada yang ditambahkan" in page.main
    browser.post(
        f"/publikasi/{task.id}/bukti", form | {"screenshot": screenshot()}, content_type="multipart/form-data"
    )
    assert db.session.scalar(select(func.count()).select_from(Evidence)) == 2


def test_the_person_of_the_account_needs_no_role_on_the_desk(
    desk: NewsDesk, task: Post, world: World, browser_of: Open
) -> None:
    desk.delivery(task).assignee_id = world.contributor.id
    db.session.commit()
    contributor = browser_of(world.contributor)
    assert desk.delivery(task).title in contributor.get("/publikasi/").main
    assert contributor.get(f"/publikasi/{task.id}", status=302).location.endswith("/tandai-tayang")
    done = contributor.post(f"/publikasi/{task.id}/tandai-tayang", form_of(contributor, task))
    assert done.location == "/publikasi/"
    assert desk.state(task) == "published"


def test_who_may_see_and_do_what(
    desk: NewsDesk, task: Post, world: World, other_world: World, browser_of: Open
) -> None:
    for path in ("", "/tandai-tayang"):
        browser_of(world.contributor).get(f"/publikasi/{task.id}{path}", status=404)
        browser_of(other_world.editor).get(f"/publikasi/{task.id}{path}", status=404)
        browser_of(world.editor).get(f"/publikasi/999999{path}", status=404)
    browser_of(world.lead).get(f"/publikasi/{task.id}")
    browser_of(world.lead).get(f"/publikasi/{task.id}/tandai-tayang", status=403)
    for act in ("terbitkan", "coba-lagi", "batalkan", "turunkan", "tidak-tayang"):
        browser_of(world.lead).post(f"/publikasi/{task.id}/{act}", status=403)
        browser_of(other_world.editor).post(f"/publikasi/{task.id}/{act}", {"reason": "x"}, status=404)
    browser_of(other_world.editor).post(f"/publikasi/{task.id}/bukti", {"url": URL}, status=404)
    assert desk.state(task) == "manual_due"


def test_an_early_manual_post_can_be_taken_in_hand(desk: NewsDesk, world: World, browser_of: Open) -> None:
    _story, (post,) = desk.going_out("facebook", at=clock.now() + hours(24))
    editor = browser_of(world.editor)
    page = editor.get(f"/publikasi/{post.id}/tandai-tayang")
    assert "Belum waktunya diunggah" in page.main
    editor.post(f"/publikasi/{post.id}/terbitkan", page.form("/terbitkan"))
    assert "2. Tandai tayang" in editor.get(f"/publikasi/{post.id}/tandai-tayang").main
