"""Closing periods in the browser, and what the pages around it share."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.publishing.enums import DeliveryState, LinkState
from humasflow.publishing.models import Delivery
from humasflow.scoring import queries
from humasflow.scoring.calculation import RankFacts, RubricFacts
from humasflow.scoring.enums import ResultKind
from humasflow.scoring.models import LedgerEntry, PeriodClose, ScoreScheme
from humasflow.scoring.services.closing import close_period
from humasflow.scoring.services.measuring import Basis, record_measurement
from humasflow.scoring.services.official import Announcement, Subject, record_official
from humasflow.scoring.services.targets import set_target
from humasflow.scoring.services.verification import dispute_point, verify_point
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.conftest import QueryCount
from tests.factories.measured import TW1, make_measured_scheme
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import PASSWORD, World
from tests.scoring.first_quarter import ALL, BrowserOf, in_april, scheme

__all__ = ["in_april", "scheme"]

PAGE = "/capaian/penutupan/2026-TW1"


def signed(page_form: dict[str, str], **more: str) -> dict[str, str]:
    return page_form | {"agreed": "y", "password": PASSWORD, "answer-unverified": "Tautan menyusul."} | more


def test_the_list_says_what_is_open_over_or_closed(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    page = browser_of(world.lead).get("/capaian/penutupan")
    assert [a.text for a in page.soup.select("main .list li a")] == [
        "Triwulan II 2026", "Triwulan I 2026", "Triwulan IV 2025",
    ]  # fmt: skip
    assert "Berjalan" in page.main and "Belum ditutup" in page.main


def test_a_long_list_goes_on(world: World, browser_of: BrowserOf) -> None:
    make_scheme(world, since="2019-TW1")
    db.session.commit()
    browser = browser_of(world.lead)
    first = browser.get("/capaian/penutupan")
    second = browser.get(first.link("Periode yang lebih lama"))
    assert "Triwulan II 2026" in first.main and "Triwulan II 2026" not in second.main
    browser.get("/capaian/penutupan?sampai=2026-M01", status=404)
    before = browser.get("/capaian/penutupan?sampai=2018-TW4")
    assert "Tidak ada periode sebelum itu" in before.main and "1 Jan 2019" in before.main


def test_rules_that_begin_later_name_their_day(world: World, browser_of: BrowserOf) -> None:
    make_scheme(world, since="2026-TW4")
    db.session.commit()
    page = browser_of(world.lead).get("/capaian/penutupan")
    assert "Skema ini belum berlaku" in page.main and "1 Okt 2026" in page.main


def test_signing_from_the_checklist_to_the_frozen_page(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    browser = browser_of(world.lead)
    page = browser.get(browser.get("/capaian/penutupan").link("Triwulan I 2026"))
    assert "Kepala Kantor, Ketua Tim" in page.main
    assert browser.get(str(page.soup.select(".checks__one--open a")[0]["href"])).status == 200
    answer = browser.post(PAGE, signed(page.form(PAGE)))
    closed = browser.follow(answer)
    assert "Tautan menyusul." in closed.main and "Cocok dengan buku nilai" in closed.main
    assert db.session.scalars(select(PeriodClose)).one().digest in closed.main
    assert "1,00" in closed.main
    assert "Ditutup" in browser.get("/capaian/penutupan").main


def test_behind_every_number_are_exactly_its_publications(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    """What is open in other periods, or under other questions, is not among them; nor what is confidential by name."""
    lead = world.as_(world.lead)
    live_post(world, title="Triwulan lain", at="2026-04-01T02:00Z")
    dispute_point(live_post(world, title="Dipertanyakan"), actor=lead, reason="Tautan mati")
    gone = live_post(world, title="Tautannya hilang")
    verify_point(gone, actor=lead)
    gone.link_state = LinkState.GONE
    states = {
        "unknown": [DeliveryState.UNKNOWN], "failed": [DeliveryState.FAILED], "manual_due": [DeliveryState.MANUAL_DUE],
        "not_out": [DeliveryState.LATE, DeliveryState.HELD],
    }  # fmt: skip
    for code, stuck in states.items():
        for state in stuck:
            row = live_post(world, account=world.x, content_type=world.social, title=f"{code} {state.value}")
            row.state, row.post.scheduled_at = state, row.published_at
    secret = live_post(world, account=world.x, content_type=world.social, title="Mutasi pejabat")
    secret.state, secret.post.scheduled_at = DeliveryState.FAILED, secret.published_at
    story = db.session.get_one(Story, secret.story_id)
    story.is_confidential, story.state = True, StoryState.APPROVED
    db.session.commit()
    browser = browser_of(world.lead)
    page = browser.get(PAGE)
    listed = {}
    for link in page.soup.select(".checks__one--open .checks__head a"):
        behind = browser.get(str(link["href"]))
        titles = [
            next(item.stripped_strings) for item in behind.soup.select("main .list__main > :first-child")
        ]
        if "terbuka" in str(link["href"]):
            assert int(next(link.strings)) == len(titles)
            listed[str(link["href"]).rpartition("soal=")[2]] = sorted(t.rsplit(" ", 1)[0] for t in titles)
    assert listed == {
        "unverified": ["Menunggu"], "disputed": ["Dipertanyakan"], "link_gone": ["Tautannya hilang"],
        "unknown": ["unknown unknown"], "failed": ["Naskah", "failed failed"], "manual_due": ["manual_due manual_due"],
        "not_out": ["not_out held", "not_out late"],
    }  # fmt: skip
    assert "sudah jelas" in browser.get("/capaian/penutupan/2025-TW4/terbuka?soal=failed").main
    for wrong in ("targets", "apa"):
        browser.get(f"{PAGE}/terbuka?soal={wrong}", status=404)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"password": "bukan ini"}, "belum cocok"),
        ({"agreed": ""}, "Centang pernyataan"),
        ({"answer-unverified": " "}, "Belum dijawab"),
        ({"shown": "0" * 64}, "sejak halaman ini dibuka"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme, wrong: dict[str, str], says: str
) -> None:
    browser = browser_of(world.lead)
    form = signed(browser.get(PAGE).form(PAGE), **wrong)
    form = {k: v for k, v in form.items() if v}
    page = browser.post(PAGE, form, status=409 if "shown" in wrong else 422)
    assert says in page.main
    if "answer-unverified" not in wrong:
        assert page.form(PAGE)["answer-unverified"] == "Tautan menyusul."
    assert db.session.scalars(select(PeriodClose)).all() == []


def test_what_changed_since_the_page_was_opened_is_not_signed(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    """A question about a publication writes no line, and changes the result: the signature would be under another."""
    browser = browser_of(world.lead)
    form = signed(browser.get(PAGE).form(PAGE))
    dispute_point(
        db.session.scalars(select(Delivery).where(Delivery.title.startswith("Terbukti"))).one(),
        actor=world.as_(world.lead), reason="Tautannya keliru",
    )  # fmt: skip
    db.session.commit()
    changed = browser.post(PAGE, form, status=409)
    assert "berubah sejak halaman ini dibuka" in changed.main
    assert db.session.scalars(select(PeriodClose)).all() == []
    again = changed.form(PAGE)
    assert again["answer-unverified"] == "Tautan menyusul.", "what was typed is still there"
    assert "answer-disputed" in again, "and what is open now is asked about"
    browser.post(PAGE, again | {"agreed": "y", "password": PASSWORD, "answer-disputed": "Diperiksa."})
    assert db.session.scalars(select(PeriodClose)).one().answers["disputed"]["number"] == 1


def test_a_target_that_changed_meanwhile_is_seen_before_it_is_signed(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    browser = browser_of(world.lead)
    form = signed(browser.get(PAGE).form(PAGE))
    set_target(
        scheme, actor=world.admin, component_key="berita-terbaru", period=TW1, value=Decimal(1), letter="ND-2/2026",
        reason="Salah ketik",
    )  # fmt: skip
    db.session.commit()
    assert "berubah sejak" in browser.post(PAGE, form, status=409).main
    assert "berubah sejak" in browser.post(PAGE, form | {"shown": "", "form_token": "lain"}, status=409).main
    assert db.session.scalars(select(PeriodClose)).all() == []


def test_what_changes_in_the_very_moment_is_not_signed_either(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the last look and the freeze somebody else decides: nothing of the close stays."""

    def decided_before(*args: Any, **more: Any) -> PeriodClose:
        waiting = db.session.scalars(select(Delivery).where(Delivery.title.startswith("Menunggu"))).one()
        verify_point(waiting, actor=world.as_(world.lead))
        return close_period(*args, **more)

    monkeypatch.setattr("humasflow.scoring.views.closing.sign_period", decided_before)
    browser = browser_of(world.lead)
    page = browser.post(PAGE, signed(browser.get(PAGE).form(PAGE)), status=409)
    assert "berubah sejak" in page.main and page.soup.select("[name=agreed]")
    assert db.session.scalars(select(PeriodClose)).all() == []


def test_an_answer_that_is_too_long_is_never_cut(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    browser = browser_of(world.lead)
    lines = "\r\n".join(["ab"] * 100)  # 299 characters as it is kept, 398 as browsers send it
    long = browser.post(
        PAGE, signed(browser.get(PAGE).form(PAGE), **{"answer-unverified": "x" * 301}), status=422
    )
    assert "sekarang 301" in long.main
    assert long.form(PAGE)["answer-unverified"] == "x" * 301
    browser.post(PAGE, signed(long.form(PAGE), **{"answer-unverified": lines}))
    kept = db.session.scalars(select(PeriodClose)).one().answers["unverified"]["answer"]
    assert kept == lines.replace("\r\n", "\n")


def test_of_two_who_sign_the_second_is_shown_the_close_and_their_own_words(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    browser = browser_of(world.lead)
    form = signed(browser.get(PAGE).form(PAGE))
    close_period(scheme, TW1, actor=world.as_(world.lead), answers=ALL)
    db.session.commit()
    page = browser.post(PAGE, form, status=409)
    assert "Triwulan I 2026 sudah ditutup" in page.main and "Hasil yang ditandatangani" in page.main
    assert "Tautan menyusul." in page.main, "what was typed can still be copied"
    assert len(db.session.scalars(select(PeriodClose)).all()) == 1


def test_a_reason_that_is_too_long_says_so_and_stays(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    close_period(scheme, TW1, actor=world.as_(world.lead), answers=ALL)
    db.session.commit()
    admin = browser_of(world.admin)
    long = "alasan " * 200
    page = admin.post(f"{PAGE}/buka", admin.get(PAGE).form("/buka") | {"reason": long}, status=422)
    assert "Paling panjang 1000 karakter" in page.main
    assert page.form("/buka")["reason"].strip() == long.strip()
    empty = admin.post(f"{PAGE}/buka", page.form("/buka") | {"reason": " "}, status=422)
    assert "Tuliskan alasannya." in empty.main
    admin.post(f"{PAGE}/buka", empty.form("/buka") | {"reason": "Ada yang tertinggal"})
    assert "Pernah ditutup" in admin.get(PAGE).main


def test_guessing_the_password_has_an_end(world: World, browser_of: BrowserOf, scheme: ScoreScheme) -> None:
    browser = browser_of(world.lead)
    for _n in range(10):
        browser.post(PAGE, signed(browser.get(PAGE).form(PAGE), password="salah"), status=422)
    browser.post(PAGE, signed(browser.get(PAGE).form(PAGE)), status=429)


def test_a_sample_person_signs_without_a_password(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    world.lead.password_hash = None
    db.session.commit()
    browser = browser_of(world.lead)
    page = browser.get(PAGE)
    assert "password" not in page.form(PAGE)
    browser.post(PAGE, page.form(PAGE) | {"agreed": "y", "answer-unverified": "Menyusul."})
    assert "Tanda tangan" in browser.get(PAGE).main


def test_only_who_may_signs_and_opens_again(
    world: World, other_world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    reader = browser_of(world.editor)
    page = reader.get(PAGE)
    assert "Tautan menyusul" not in page.main and not page.soup.select("[name=agreed]")
    reader.post(PAGE, {}, status=403)
    browser_of(world.contributor).get(PAGE, status=403)
    make_scheme(other_world)
    close = close_period(scheme, TW1, actor=world.as_(world.lead), answers=ALL)
    db.session.commit()
    browser_of(world.lead).post(f"{PAGE}/buka", {"reason": "Ada yang tertinggal"}, status=403)
    stranger = browser_of(other_world.admin)
    tokens = stranger.get(PAGE).form(PAGE)
    stranger.post(f"{PAGE}/buka?skema={scheme.id}", tokens | {"reason": "Iseng"})
    db.session.refresh(close)
    assert close.is_in_force, "another office's scheme is not this office's"
    admin = browser_of(world.admin)
    form = admin.get(PAGE).form("/buka")
    admin.post(f"{PAGE}/buka?skema={scheme.id}", form | {"reason": "Ada yang tertinggal"})
    opened = admin.get(PAGE)
    assert "Ada yang tertinggal" in opened.main and "Pernah ditutup" in opened.main


def test_a_running_or_unknown_period_cannot_be_signed(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    browser = browser_of(world.lead)
    page = browser.get("/capaian/penutupan/2026-TW2")
    assert "masih berjalan" in page.main and not page.soup.select("[name=agreed]")
    for wrong in ("2026-M02", "apa", "2019-TW1"):
        browser.get(f"/capaian/penutupan/{wrong}", status=404)


def test_a_changed_ledger_is_shown_on_the_closed_page(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    close_period(scheme, TW1, actor=world.as_(world.lead), answers=ALL)
    line = db.session.scalars(select(LedgerEntry)).first()
    assert line is not None
    line.reason = "diubah di luar aplikasi"
    db.session.commit()
    assert "Sidik jari tidak cocok" in browser_of(world.lead).get(PAGE).main


def test_another_offices_things_are_not_found(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    scheme = make_measured_scheme(other_world)
    lead = other_world.as_(other_world.lead)
    entered = record_measurement(scheme, "peringkat", TW1, actor=lead, facts=RankFacts(1))
    announced = record_official(
        other_world.office, Subject(scheme, TW1, ResultKind.SCORE),
        Announcement(Decimal(67), TW1.end, "ND-1"), actor=lead,
    )  # fmt: skip
    make_measured_scheme(world)
    db.session.commit()
    assert entered is not None and announced is not None
    browser = browser_of(world.lead)
    browser.post(f"/capaian/pengukuran/{entered.id}/cabut", {"reason": "Iseng"}, status=404)
    browser.post(f"/capaian/resmi/{announced.id}/cabut", {"reason": "Iseng"}, status=404)
    browser.get(f"/capaian/resmi?koreksi={announced.id}", status=404)


def test_the_pages_take_a_fixed_number_of_statements(
    world: World, browser_of: BrowserOf, statements: QueryCount
) -> None:
    scheme = make_measured_scheme(world)
    lead = world.as_(world.lead)
    close_period(scheme, TW1, actor=lead, answers=ALL)
    tw2 = Quarter.parse("2026-TW2")
    browser = browser_of(world.lead)
    urls = (
        "/capaian/penutupan", "/capaian/penutupan/2026-TW1", "/capaian/penutupan/2026-TW2", "/capaian/penyesuaian",
        "/capaian/resmi", "/capaian/pengukuran", "/capaian/pengukuran/mutu",
    )  # fmt: skip
    counts: dict[str, list[int]] = {url: [] for url in urls}
    for n in range(3):
        late, now = live_post(world), live_post(world, at="2026-04-01T02:00Z")
        record_measurement(
            scheme, "mutu", tw2, actor=lead, facts=RubricFacts((Decimal(80),)), basis=Basis(note=f"Baik {n}"),
            post_id=now.post_id,
        )  # fmt: skip
        record_official(
            world.office, Subject(scheme, tw2, ResultKind.RANK, label=f"Kanal {n}"),
            Announcement(Decimal(n + 1), TW1.end, "ND-1"), actor=lead,
        )  # fmt: skip
        assert late is not None
        db.session.commit()
        for url in urls:
            browser.get(url)
            statements.reset()
            browser.get(url)
            counts[url].append(len(statements))
    assert all(len(set(seen)) == 1 for seen in counts.values()), counts


def test_without_a_scheme_every_page_says_what_is_missing(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.lead)
    for url in ("/capaian/penutupan", "/capaian/penyesuaian", "/capaian/pengukuran"):
        assert "Belum ada skema penilaian" in browser.get(url).main
    browser.get(PAGE, status=404)
    form = browser.get("/capaian/resmi").form("/capaian/resmi")
    browser.post(
        "/capaian/resmi", form | {"kind": "rank", "value": "3", "label": "Facebook", "document": "ND-1"}
    )
    assert queries.list_official(world.office.id, None)[0][0].label == "Facebook"
