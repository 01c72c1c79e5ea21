"""The whole loop, by the people who do it, through the pages they do it on: from a pitch to the quarter's score."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from humasflow.core.db import db
from humasflow.outbox.runner import run_due
from tests.factories.scoring import make_scheme, set_targets
from tests.factories.world import World
from tests.support.page import Browser, Page

pytestmark = pytest.mark.journey
MORNING = "2026-11-16T02:00Z"  # Senin, 09.00 WIB


def photo(colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (900, 600), colour).save(out, "JPEG")
    return out.getvalue()


def form_at(page: Page, part: str) -> tuple[str, dict[str, str]]:
    """The action and fields of the form whose action contains ``part``."""
    for form in page.soup.find_all("form"):
        if part in (form.get("action") or ""):
            return str(form["action"]), page.form(part)
    raise AssertionError(
        f"no form to {part} on “{page.h1}”: {[f.get('action') for f in page.soup.find_all('form')]}"
    )


def number_in(address: str) -> int:
    found = re.search(r"/(\d+)", address)
    assert found is not None, address
    return int(found[1])


@pytest.fixture
def as_(browser_of: Callable[[Any], Browser], world: World) -> Callable[[str], Browser]:
    return lambda name: browser_of(getattr(world, name))


def work() -> None:
    """What the worker's tick does, until nothing is due."""
    while run_due():
        pass
    db.session.rollback()


def test_from_pitch_to_score(
    world: World, as_: Callable[[str], Browser], at: Any, browser: Browser, in_request: None
) -> None:
    scheme = make_scheme(world)
    set_targets(scheme, world, "2026-TW4", berita_utama=3, berita_terbaru=60, artikel=3, profil_kantor=1)
    db.session.commit()
    with at(MORNING):
        # Kontributor: a pitch with a photo, from a phone.
        contributor = as_("contributor")
        form = contributor.get("/usulan/kirim").form()
        field = "photos" if "photos" in str(contributor.get("/usulan/kirim").html) else "foto"
        sent = contributor.post(
            "/usulan/kirim",
            form | {"title": "Lelang UMKM binaan laku semua", field: (io.BytesIO(photo()), "IMG_1.jpg")},
            content_type="multipart/form-data",
        )  # fmt: skip
        pitch_id = number_in(sent.location)
        tracker = contributor.follow(sent)
        assert "Lelang UMKM binaan laku semua" in tracker.h1

        # Redaktur: accepts it into a new story.
        editor = as_("editor")
        assert "Lelang UMKM binaan laku semua" in editor.get("/usulan/kolam").main
        detail = editor.get(f"/usulan/{pitch_id}")
        action, fields = form_at(detail, "terima")
        accepted = editor.post(action, fields | {"content_type_id": str(world.news.id)})
        story_id = number_in(accepted.location)

        # … writes it …
        edit = editor.get(f"/naskah/{story_id}/sunting")
        text = edit.form() | {
            "title": "Lelang UMKM Binaan Laku Semua",
            "lead": "Seluruh produk UMKM binaan terjual.",
            "body": "<p>Kantor Uji melelang produk UMKM binaan, Senin (16/11).</p><p>Seluruh lot laku.</p>",
            "goal": "Masyarakat mengenal lelang UMKM",
            "audience": "Pelaku UMKM",
        }
        text |= {k: "Pelelang memegang palu di depan peserta" for k in text if "alt" in k}
        text |= {k: "Kontributor Satu" for k in text if k.endswith("credit") and not text[k]}
        editor.post(f"/naskah/{story_id}/sunting", text)

        # … makes a post for the newsroom and one for Instagram …
        for account in (world.web, world.instagram):
            new = editor.get(f"/naskah/{story_id}/publikasi/baru?account={account.id}&akun={account.id}")
            data = new.form() | {"account_id": str(account.id)}
            if account is world.instagram:
                data |= {"text": "Semua produk laku! #LelangUMKM"}
            made = editor.post(f"/naskah/{story_id}/publikasi/baru?akun={account.id}", data)
            assert made.status == 303
        story = editor.get(f"/naskah/{story_id}")
        assert "Instagram Kantor" in story.main and "Situs berita" in story.main

        # … schedules the newsroom's post before it is approved, and submits the package.
        from humasflow.posts.queries import list_posts_of

        posts = {p.account.name: p.id for p in list_posts_of(story_id)}
        web, instagram = posts["Situs berita"], posts["Instagram Kantor"]
        for post_id, hour in ((web, "09:30"), (instagram, "10:00")):
            page = editor.get(f"/kalender/pindahkan?item=publikasi:{post_id}")
            assert "belum disetujui" in page.main.lower()
            action, fields = form_at(page, "pindahkan")
            editor.post(action, fields | {"day": "2026-11-16", "date": "2026-11-16", "time": hour})
        page = editor.get(f"/naskah/{story_id}/ajukan")
        action, fields = form_at(page, "ajukan")
        editor.post(action, fields)

    with at("2026-11-16T02:31Z"):
        # Due, and not approved: it does not go out and says so.
        work()
        assert "Tertahan" in as_("editor").get(f"/naskah/{story_id}").main
        browser.get(f"/berita/kantor-uji/{web}/lelang-umkm-binaan-laku-semua", status=404)

        # Penyetuju: sees what would go out on each channel, and approves exactly that.
        approver = as_("approver")
        inbox = approver.get("/persetujuan/")
        assert "Lelang UMKM Binaan Laku Semua" in inbox.main
        package_id = number_in(
            next(a["href"] for a in inbox.soup.find_all("a", href=re.compile(r"^/persetujuan/\d+")))
        )
        review = approver.get(f"/persetujuan/{package_id}")
        assert "Seluruh lot laku." in review.main
        assert "Semua produk laku! #LelangUMKM" in review.main
        action, fields = form_at(review, "setuju")
        approver.post(action, fields)

        # The worker publishes the newsroom's post: late by a minute, within the grace.
        work()
        public = browser.get(f"/berita/kantor-uji/{web}/lelang-umkm-binaan-laku-semua")
        assert public.h1 == "Lelang UMKM Binaan Laku Semua"
        assert "Seluruh lot laku." in public.main
        assert "WIB" in public.text
        assert "Lelang UMKM Binaan Laku Semua" in browser.get("/berita/kantor-uji/").main

    with at("2026-11-16T03:01Z"):
        # Instagram is posted by hand: the person gets the text, posts it, and records the evidence.
        work()
        poster = as_("other_editor")
        assert "Instagram Kantor" in poster.get("/publikasi/").main
        mark = poster.get(f"/publikasi/{instagram}/tandai-tayang")
        assert "Semua produk laku! #LelangUMKM" in mark.text
        action, fields = form_at(mark, "tandai-tayang")
        filled = fields | {"url": "https://www.facebook.com/kantoruji/posts/1"}
        filled |= {k: "2026-11-16" for k in fields if k in ("published_on", "date", "day")}
        filled |= {k: "10:00" for k in fields if k in ("published_at", "time", "clock")}
        wrong = poster.post(action, filled, status=422)
        assert "Semua produk laku" in wrong.text
        right = wrong.form("tandai-tayang") | {"url": "https://www.instagram.com/p/Cabc123/"}
        poster.post(action, right | {"screenshot": (io.BytesIO(photo("navy")), "bukti.png")},
                    content_type="multipart/form-data")  # fmt: skip
        work()

        # Ketua tim: sees the quarter; every number opens to the posts, every post to its evidence.
        lead = as_("lead")
        standing = lead.get("/capaian/?periode=2026-TW4")
        assert "59 Berita Terbaru" in standing.main
        listed = lead.get(standing.link("1 belum diverifikasi"))
        evidence = lead.get(listed.link("Lelang UMKM Binaan Laku Semua"))
        assert re.search(r"[0-9a-f]{8}", evidence.main)
        queue = lead.get("/capaian/verifikasi")
        for form_tag in queue.soup.select("main form"):
            if re.search(r"/capaian/verifikasi/\d+$", form_tag.get("action", "")):
                lead.post(form_tag["action"], lead.get("/capaian/verifikasi").form(form_tag["action"]))
        assert "1 terverifikasi" in lead.get("/capaian/?periode=2026-TW4").main
        assert "instagram.com/p/Cabc123" in lead.get(f"/publikasi/{instagram}").html

        # The contributor sees what became of it, and was told.
        assert "tayang" in as_("contributor").get(f"/usulan/{pitch_id}").main.lower()
        assert "sudah tayang" in as_("contributor").get("/pemberitahuan/").main

    # The record of the day is whole.
    from humasflow.audit.queries import check_chain

    assert check_chain(world.office.id) == []
