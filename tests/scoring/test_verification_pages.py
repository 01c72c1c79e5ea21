"""The queue, the list, what is questioned, and the pages that trace numbers, in the browser."""

from collections.abc import Callable

import pytest

from humasflow.core.db import db
from humasflow.media.services import storage
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.evidence import add_row
from humasflow.scoring import queries
from humasflow.scoring.enums import ComponentKind, PointState
from humasflow.scoring.services.verification import dispute_point, verify_point
from tests.conftest import QueryCount
from tests.factories import desk
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme, set_targets
from tests.factories.world import World
from tests.scoring.judging import close, proven
from tests.support.page import Browser, Page

BrowserOf = Callable[[object], Browser]
QUEUE = "/capaian/verifikasi"
LIST = f"{QUEUE}?tampilan=daftar"
DISPUTED = f"{QUEUE}?tampilan=dipertanyakan"


@pytest.fixture
def lead(world: World, browser_of: BrowserOf, in_request: None) -> Browser:
    scheme = make_scheme(world)
    set_targets(scheme, world, "2026-TW1", berita_terbaru=60)
    db.session.commit()
    return browser_of(world.lead)


def state_of(delivery_id: int) -> PointState:
    return queries.point_state_of([delivery_id])[delivery_id]


def decide(browser: Browser, page: Page, action: str, **typed: str) -> Page:
    forms = [str(f.get("action", "")) for f in page.soup.select("main form")]
    found = next(there for there in forms if there.endswith(action))
    return browser.follow(browser.post(found, page.form(found) | typed))


def test_one_after_the_other_with_everything_beside_it(world: World, lead: Browser) -> None:
    first, second = proven(world, title="Pertama"), live_post(world, title="Kedua")
    db.session.commit()
    page = lead.get(f"{QUEUE}?di={first.id}")
    assert page.h1 == "Menunggu verifikasi" and "Pertama" in page.main
    for part in (
        "2 dari 2",
        "Situs berita",
        "Berita terbaru",
        "Berita Terbaru",
        "Terbuka",
        "dilihat",
        first.permalink,
    ):
        assert str(part) in page.main, part
    assert page.soup.select_one(".judge__shot img") is not None, "the picture beside the words"
    keys = {tag["data-key"] for tag in page.soup.select(".judge__acts [data-key]")}
    assert keys == {"v", "d", "l"} and page.soup.select_one("[data-arrow=left]") is not None
    after = decide(lead, page, f"/{first.id}")
    assert "Terverifikasi: Pertama" in after.main and "Kedua" in after.main
    assert state_of(first.id) is PointState.VERIFIED
    undone = decide(lead, after, "/urungkan")
    assert "Pertama" in undone.main and state_of(first.id) is PointState.LIVE_UNVERIFIED
    skipped = lead.get(lead.get(f"{QUEUE}?di={second.id}").link("Lewati"))
    assert "Pertama" in skipped.main


def test_a_question_with_its_reason_and_what_becomes_of_it(world: World, lead: Browser) -> None:
    delivery = live_post(world, title="Diragukan")
    db.session.commit()
    page = lead.get(QUEUE)
    empty = page.form("/pertanyakan") | {"reason": "  "}
    refused = lead.post(f"{QUEUE}/{delivery.id}/pertanyakan", empty, status=422)
    assert "Tulis alasannya" in refused.main
    after = decide(lead, page, "/pertanyakan", reason="Fotonya milik kantor lain")
    assert "Dipertanyakan: Diragukan" in after.main
    listed = lead.get(DISPUTED)
    assert "Fotonya milik kantor lain" in listed.main and "Ketua Tim" in listed.main
    set_aside = decide(lead, listed, "/balik", reason="Bukan karya kantor ini")
    assert "Tidak ada yang dipertanyakan" in set_aside.main
    trace = lead.get(f"/capaian/publikasi/{delivery.id}")
    assert "nilainya sudah dibalik" in trace.main and "Bukan karya kantor ini" in trace.main
    again = decide(lead, trace, "/hitung-lagi")
    assert "belum diverifikasi" in again.main
    assert state_of(delivery.id) is PointState.LIVE_UNVERIFIED


def test_somebody_else_was_faster(world: World, lead: Browser) -> None:
    delivery = live_post(world)
    db.session.commit()
    page = lead.get(QUEUE)
    dispute_point(delivery, actor=world.as_(world.editor), reason="Ganda")
    db.session.commit()
    answer = decide(lead, page, f"/{delivery.id}")
    assert "Keputusan Anda belum dicatat" in answer.text
    assert state_of(delivery.id) is PointState.DISPUTED


def test_what_was_verified_can_be_questioned_where_its_score_comes_from(world: World, lead: Browser) -> None:
    delivery = live_post(world, title="Sudah benar")
    verify_point(delivery, actor=world.as_(world.lead))
    db.session.commit()
    page = lead.get(f"/publikasi/{delivery.post_id}")
    there = lead.get(page.link("Pertanyakan").partition("#")[0])
    after = decide(lead, there, "/pertanyakan", reason="Ternyata milik kantor lain")
    assert "Ternyata milik kantor lain" in after.main and "Dicatat sebagai dipertanyakan" in after.text
    assert state_of(delivery.id) is PointState.DISPUTED
    set_aside = decide(lead, after, "/balik", reason="Bukan karya kantor ini")
    assert state_of(delivery.id) is PointState.REVERSED and "Hitung lagi" in set_aside.main


@pytest.mark.parametrize("act", ["pertanyakan", "balik"])
def test_a_reason_that_is_too_long_comes_back_as_it_was_typed(world: World, lead: Browser, act: str) -> None:
    delivery = live_post(world)
    if act == "balik":
        dispute_point(delivery, actor=world.as_(world.lead), reason="Ganda")
    db.session.commit()
    typed = "Panjang " * 150
    page = lead.get(f"/capaian/publikasi/{delivery.id}")
    onward = {"kembali": f"{QUEUE}?tampilan=dipertanyakan"}
    again = lead.post(
        f"{QUEUE}/{delivery.id}/{act}", page.form(f"/{act}") | {"reason": typed} | onward, status=422
    )
    assert "Paling panjang 1.000 karakter" in again.main or "Paling panjang 1000 karakter" in again.main
    form = again.form(f"/{act}")
    assert form["reason"].strip() == typed.strip() and form["kembali"] == onward["kembali"]
    done = lead.post(f"{QUEUE}/{delivery.id}/{act}", form | {"reason": "Ganda"})
    assert "tampilan=dipertanyakan" in done.location


def test_a_reason_is_kept_when_somebody_else_was_faster(world: World, lead: Browser) -> None:
    delivery = live_post(world)
    db.session.commit()
    sent = lead.get(QUEUE).form("/pertanyakan")
    verify_point(delivery, actor=world.as_(world.editor))
    db.session.commit()
    again = lead.post(
        f"{QUEUE}/{delivery.id}/pertanyakan", sent | {"reason": "Fotonya milik kantor lain"}, status=409
    )
    assert "Keputusan Anda belum dicatat" in again.main and "Terverifikasi" in again.main
    form = again.form("/pertanyakan")
    assert form["reason"].strip() == "Fotonya milik kantor lain"
    lead.post(f"{QUEUE}/{delivery.id}/pertanyakan", form)
    assert state_of(delivery.id) is PointState.DISPUTED, "now that it was seen, it may be questioned"


def test_who_recorded_the_evidence_is_told_that_somebody_else_confirms(world: World, lead: Browser) -> None:
    delivery = live_post(world, title="Catatan sendiri")
    delivery.evidence[0].captured_by = world.lead.id
    dispute_point(delivery, actor=world.as_(world.editor), reason="Ganda")
    db.session.commit()
    for url in (DISPUTED, f"/capaian/publikasi/{delivery.id}"):
        page = lead.get(url)
        assert "mintalah orang lain memverifikasi" in page.main, url
        assert "Masih ada, verifikasi" not in page.main, url


def test_a_slip_is_undone_where_the_score_comes_from(
    world: World, lead: Browser, browser_of: BrowserOf
) -> None:
    delivery = live_post(world)
    db.session.commit()
    url = f"/capaian/publikasi/{delivery.id}"
    done = decide(lead, lead.get(url), f"/verifikasi/{delivery.id}")
    assert state_of(delivery.id) is PointState.VERIFIED
    assert "Urungkan" not in browser_of(world.editor).get(url).main, "one's own decision only"
    again = decide(lead, done, "/urungkan")
    assert state_of(delivery.id) is PointState.LIVE_UNVERIFIED and "Urungkan keputusan" not in again.main


def test_setting_aside_what_somebody_confirmed_meanwhile_keeps_the_reason(
    world: World, lead: Browser
) -> None:
    delivery = live_post(world)
    dispute_point(delivery, actor=world.as_(world.lead), reason="Ganda")
    db.session.commit()
    sent = lead.get(DISPUTED).form("/balik")
    verify_point(delivery, actor=world.as_(world.editor))
    db.session.commit()
    again = lead.post(
        f"{QUEUE}/{delivery.id}/balik", sent | {"reason": "Sama dengan siaran pers"}, status=409
    )
    assert "Keputusan Anda belum dicatat" in again.main
    assert again.form("/balik")["reason"].strip() == "Sama dengan siaran pers"
    assert state_of(delivery.id) is PointState.VERIFIED


def test_who_is_asked_is_led_from_the_notice_to_the_evidence(
    world: World, browser_of: BrowserOf, in_request: None
) -> None:
    make_scheme(world)
    delivery = live_post(world)
    delivery.evidence[0].captured_by = world.editor.id
    dispute_point(delivery, actor=world.as_(world.lead), reason="Tangkapan layarnya kabur")
    db.session.commit()
    editor = browser_of(world.editor)
    inbox = editor.get("/pemberitahuan/")
    assert "Ketua Tim mempertanyakan nilai publikasi ini" in inbox.main
    page = editor.follow(editor.post(str(inbox.soup.select_one(".notice form")["action"])))  # type: ignore[index]
    assert "Tangkapan layarnya kabur" in page.main
    assert page.link("Lengkapi atau betulkan bukti tayangnya") == "#bukti"


def test_from_the_questions_before_a_close_to_exactly_these(world: World, lead: Browser) -> None:
    live_post(world, title="Triwulan satu")
    live_post(world, title="Triwulan satu juga", at="2026-03-10T02:00Z")
    live_post(world, title="Triwulan dua", at="2026-05-10T02:00Z")
    db.session.commit()
    asked = lead.get(lead.get("/capaian/penutupan/2026-TW2").link("Tayang, belum diverifikasi"))
    page = lead.get(asked.link("Buka verifikasi"))
    assert "Hanya yang dihitung pada Triwulan II 2026" in page.main and "1 dari 1" in page.main
    assert "Triwulan dua" in page.main
    listed = lead.get(page.link("Daftar"))
    assert "Triwulan dua" in listed.main and "Triwulan satu" not in listed.main
    assert "Triwulan satu" in lead.get(listed.link("Tampilkan semua")).main
    first = lead.get(f"{QUEUE}?periode=2026-TW1")
    after = decide(lead, first, f"/{_judged(first)}")
    assert "1 dari 1" in after.main, "the next one of the same period"


def _judged(page: Page) -> str:
    action = next(str(f["action"]) for f in page.soup.select(".judge__acts form"))
    return action.rsplit("/", 1)[1]


def test_evidence_that_was_replaced_meanwhile_is_looked_at_first(world: World, lead: Browser) -> None:
    delivery = live_post(world)
    db.session.commit()
    page = lead.get(QUEUE)
    assert delivery.published_at is not None
    add_row(
        delivery, url="https://kantor-uji.example/berita/lain", published_at=delivery.published_at,
        captured_by=world.editor.id,
    )  # fmt: skip
    db.session.commit()
    answer = decide(lead, page, f"/{delivery.id}")
    assert "Bukti publikasi ini baru saja ditambah" in answer.text
    assert state_of(delivery.id) is PointState.LIVE_UNVERIFIED
    decide(lead, lead.get(f"/capaian/publikasi/{delivery.id}"), f"/verifikasi/{delivery.id}")
    assert state_of(delivery.id) is PointState.VERIFIED


def test_many_at_once_and_what_is_left_out(world: World, lead: Browser) -> None:
    good, bare = proven(world, title="Lengkap"), live_post(world, title="Polos")
    own = proven(world, title="Catatan sendiri")
    own.evidence[0].captured_by = world.lead.id
    db.session.commit()
    page = lead.get(LIST)
    ticked = [box["value"] for box in page.soup.select("input[name=pilih][checked]")]
    assert ticked == [str(good.id)]
    for part in ("belum ada tangkapan layar", "Anda sendiri yang mencatat", "1 dari 3"):
        assert part in page.main
    sent = page.form("/banyak") | {"pilih": [str(d.id) for d in (good, bare, own)]}
    after = lead.follow(lead.post(f"{QUEUE}/banyak", sent))
    assert "1 publikasi diverifikasi." in after.text and "2 dilewati" in after.text and "Polos" in after.text
    assert state_of(good.id) is PointState.VERIFIED and state_of(bare.id) is PointState.LIVE_UNVERIFIED
    lead.post(f"{QUEUE}/banyak", {"pilih": "x"}, status=404)
    lead.post(f"{QUEUE}/banyak", {}, status=422)


def test_a_file_removed_from_the_disk_is_said_where_it_is_looked_for(world: World, lead: Browser) -> None:
    delivery = proven(world)
    shot = delivery.evidence[0].screenshot
    assert shot is not None
    storage().path(shot.original_key).unlink()
    db.session.commit()
    for url in (QUEUE, f"/capaian/publikasi/{delivery.id}", f"/publikasi/{delivery.post_id}"):
        assert "Berkas tangkapan layarnya tidak ditemukan" in lead.get(url).main, url
    assert "berkas tangkapan layarnya tidak ditemukan" in lead.get(LIST).main


def test_in_a_closed_period_the_page_says_what_is_left(
    world: World, lead: Browser, browser_of: BrowserOf
) -> None:
    delivery = live_post(world)
    close(queries.list_schemes(world.office.id)[0], "2026-TW1")
    db.session.commit()
    page = lead.get(QUEUE)
    assert "1 publikasi tidak sempat diputuskan" in page.main and "penyesuaian" in page.main
    refused = lead.post(f"{QUEUE}/{delivery.id}", {}, status=409)
    assert "sudah ditutup" in refused.main
    assert "sudah ditutup" in lead.get("/capaian/komponen/berita-terbaru?periode=2026-TW1").main


def test_from_a_number_to_the_evidence_in_two_clicks(world: World, lead: Browser) -> None:
    delivery = proven(world, title="Bukti kuat")
    verify_point(delivery, actor=world.as_(world.lead))
    db.session.commit()
    one = lead.get("/capaian/komponen/berita-terbaru?periode=2026-TW1&keadaan=verified")
    two = lead.get(one.link("Bukti kuat"))
    assert (
        two.soup.select_one("#bukti") is not None and two.soup.select_one(".proof__picture img") is not None
    )
    why = lead.get(one.link("asal nilai"))
    for part in ("Berita Terbaru", "Triwulan I 2026", "versi 1", "sudah terverifikasi", "Komponen lain"):
        assert part in why.main, part
    assert "Nilai" in two.main and "Lihat asal nilainya" in two.main


def test_narrowing_keeps_the_period_and_shows_whose_part(world: World, lead: Browser) -> None:
    delivery = live_post(world, title="Milik seksi")
    delivery.post.story.pillar_id = world.pillar.id
    db.session.commit()
    url = "/capaian/komponen/berita-terbaru?periode=2026-TW1"
    assert "Milik seksi" in lead.get(f"{url}&pilar={world.pillar.id}").main
    none = lead.get(f"{url}&seksi={world.section.id}")
    assert "Milik seksi" not in none.main and "Hapus saringan" in none.main
    assert "periode=2026-TW1" in none.link("Terverifikasi")


def test_persons_parts_are_for_those_who_may_see_them(
    world: World, lead: Browser, browser_of: BrowserOf
) -> None:
    url = f"/capaian/komponen/berita-terbaru?periode=2026-TW1&orang={world.contributor.id}"
    lead.get(url)
    browser_of(world.editor).get(url, status=404)
    own = f"/capaian/komponen/berita-terbaru?periode=2026-TW1&orang={world.editor.id}"
    browser_of(world.editor).get(own)


def test_another_office_is_not_there(world: World, other_world: World, lead: Browser) -> None:
    make_scheme(other_world)
    other = live_post(other_world, title="Rahasia kantor lain")
    db.session.commit()
    for url in (QUEUE, f"{QUEUE}?di={other.id}", f"{QUEUE}?putusan={other.id}", LIST, DISPUTED):
        assert "Rahasia" not in lead.get(url).text
    lead.get(f"/capaian/publikasi/{other.id}", status=404)
    for act in ("", "/pertanyakan", "/balik", "/hitung-lagi", "/urungkan"):
        lead.post(f"{QUEUE}/{other.id}{act}", {"reason": "coba"}, status=404)
    lead.post(f"{QUEUE}/banyak", {"pilih": str(other.id)}, status=404)
    assert state_of(other.id) is PointState.LIVE_UNVERIFIED


@pytest.mark.parametrize("url", [LIST, QUEUE, "/capaian/komponen/berita-terbaru?periode=2026-TW1"])
def test_the_pages_take_a_fixed_number_of_statements(
    world: World, lead: Browser, statements: QueryCount, url: str
) -> None:
    def count() -> int:
        lead.get(url)
        statements.reset()
        lead.get(url)
        return len(statements)

    proven(world)
    db.session.commit()
    few = count()
    for _n in range(3):
        proven(world)
    db.session.commit()
    # Two pictures beside each other are two rows of one statement; the queue looks for the one before and after.
    assert count() <= few
    assert db.session.query(Delivery).count() == 4


def test_what_is_on_its_way_is_told_apart(world: World, lead: Browser, at: Callable[..., object]) -> None:
    with at("2026-11-20T02:00Z"):  # type: ignore[attr-defined]
        story = desk.story(world, title="Masih ditulis")
        desk.post(world, story, account="web")
        db.session.commit()
        url = "/capaian/komponen/berita-terbaru?periode=2026-TW4"
        assert "Masih ditulis" in lead.get(f"{url}&keadaan=writing").main
        assert "Masih ditulis" not in lead.get(f"{url}&keadaan=scheduled").main
        assert "Masih ditulis" not in lead.get(url).main, "a draft is not on its way yet"


def test_a_component_of_points_shows_points(world: World, lead: Browser) -> None:
    scheme = queries.list_schemes(world.office.id)[0]
    component = next(c for c in scheme.versions[-1].components if c.key == "berita-terbaru")
    component.kind, component.parameters = ComponentKind.POINTS, {"points": {"berita_terbaru|*": "2.5"}}
    db.session.flush()
    live_post(world)
    db.session.commit()
    page = lead.get("/capaian/komponen/berita-terbaru?periode=2026-TW1")
    assert "0 poin terverifikasi dari sasaran 60" in page.main and "+2,5" in page.main
    assert "2,5 lagi sudah tayang, belum diverifikasi." in page.main, "never added in silence"


def test_who_may_not(world: World, lead: Browser, browser_of: BrowserOf) -> None:
    delivery = live_post(world)
    db.session.commit()
    outsider, reader = browser_of(world.contributor), browser_of(world.approver)
    for url in (QUEUE, "/capaian/komponen/berita-terbaru", f"/capaian/publikasi/{delivery.id}"):
        outsider.get(url, status=403)
    reader.get(QUEUE, status=403)
    assert "Berita Terbaru" in reader.get(f"/capaian/publikasi/{delivery.id}").main
