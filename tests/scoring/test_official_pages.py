"""Official results in the browser: recorded, corrected, taken back, beside the estimate."""

import io
from decimal import Decimal

from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.periods import Quarter
from humasflow.scoring import queries
from humasflow.scoring.enums import ResultKind
from humasflow.scoring.models import OfficialResult, ScoreScheme
from humasflow.scoring.services.official import Announcement, Subject, record_official, take_back_official
from humasflow.scoring.services.schemes import create_scheme_version
from tests.conftest import QueryCount
from tests.factories.measured import TW1
from tests.factories.scoring import SPECS, make_scheme
from tests.factories.world import World
from tests.scoring.first_quarter import BrowserOf, in_april, scheme
from tests.support.page import Browser, Page

__all__ = ["in_april", "scheme"]


def test_official_results_are_recorded_corrected_and_taken_back(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    browser = browser_of(world.lead)
    form = browser.get("/capaian/resmi").form("/capaian/resmi")
    assert form["period"] == "2026-TW1", "the period that has just ended"
    form |= {"value": "enam", "document": "ND-55/KN.2/2026", "announced_on": "2026-04-01"}
    refused = browser.post("/capaian/resmi", form, status=422)
    assert refused.form("/capaian/resmi")["document"] == "ND-55/KN.2/2026"
    browser.post("/capaian/resmi", refused.form("/capaian/resmi") | {"value": "66,5"})
    page = browser.get("/capaian/resmi")
    row = next(r for r in page.soup.select(".beside tbody tr") if "Triwulan I 2026" in r.text)
    cells = [" ".join(td.text.split()) for td in row.select("td")]
    assert cells[1:4] == ["1,00", "66,5", "+65,50"]
    correcting = browser.get(page.link("Betulkan"))
    action = correcting.soup.select("form[enctype]")[0]["action"]
    browser.post(str(action), correcting.form("/capaian/resmi") | {"value": "67"})
    browser.post(
        str(action), correcting.form("/capaian/resmi") | {"value": "70", "form_token": "lain"}, status=409
    )
    newest = browser.get(browser.get("/capaian/resmi").link("Betulkan"))
    assert "66,5" in newest.main and "67" in newest.main
    browser.post(
        str(newest.soup.select("form[action*=cabut]")[0]["action"]),
        newest.form("cabut") | {"reason": "Salah"},
    )
    assert "Belum ada hasil resmi" in browser.get("/capaian/resmi").main
    assert len(db.session.scalars(select(OfficialResult)).all()) == 3


def announced(world: World, subject: Subject, value: int = 66) -> OfficialResult:
    """A result that is recorded already."""
    said = Announcement(Decimal(value), TW1.end, "ND-1")
    made = record_official(world.office, subject, said, actor=world.as_(world.lead))
    assert made is not None
    db.session.commit()
    return made


def about(result_id: int) -> str:
    return f"/capaian/resmi?koreksi={result_id}"


def posted(browser: Browser, result_id: int, *, status: int = 303, **typed: str) -> Page:
    """Correct a result from its own page."""
    page = browser.get(about(result_id))
    action = str(page.soup.select("form[enctype]")[0]["action"])
    return browser.post(action, page.form("/capaian/resmi") | typed, status=status)


def test_what_was_announced_before_there_was_a_scheme_stays_listed_and_is_corrected(
    world: World, browser_of: BrowserOf
) -> None:
    old = announced(world, Subject(None, TW1, ResultKind.RANK, label="Instagram"), 41)
    make_scheme(world, since="2025-TW4")
    make_scheme(world, since="2025-TW4", name="Skema kedua")
    db.session.commit()
    browser = browser_of(world.editor)
    assert "Instagram: peringkat 41" in browser.get("/capaian/resmi").main
    posted(browser, old.id, value="40")
    assert "Instagram: peringkat 40" in browser.get("/capaian/resmi").main
    newest = db.session.scalars(select(OfficialResult).order_by(OfficialResult.id.desc())).first()
    assert newest is not None and (newest.scheme_id, newest.supersedes_id) == (None, old.id)


def test_a_correction_stays_with_its_own_scheme(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    """The address of a correction may come without the scheme, and then another one would be the first."""
    second = make_scheme(world, since="2025-TW4", name="A lebih dulu menurut abjad")
    db.session.commit()
    for one in (scheme, second):
        row = announced(world, Subject(one, TW1, ResultKind.SCORE))
        posted(browser_of(world.editor), row.id, value="67")
        assert queries.official_of(world.office.id, one.id, "2026-TW1")[""].supersedes_id == row.id


def test_what_was_taken_back_meanwhile_can_be_recorded_anew(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    row = announced(world, Subject(scheme, TW1, ResultKind.SCORE))
    take_back_official(row, actor=world.as_(world.lead), reason="Salah kantor")
    db.session.commit()
    posted(browser_of(world.editor), row.id, value="67")
    assert queries.official_of(world.office.id, scheme.id, "2026-TW1")[""].value == 67


def test_a_component_that_the_rules_dropped_is_still_corrected(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    row = announced(world, Subject(scheme, TW1, ResultKind.RANK, "facebook"), 39)
    specs = [spec for spec in SPECS if spec.label != "Facebook"]
    create_scheme_version(
        scheme, actor=world.admin, components=specs, effective_from=Quarter.parse("2026-TW2")
    )
    db.session.commit()
    browser = browser_of(world.editor)
    page = browser.get("/capaian/resmi")
    assert "Facebook: peringkat 39" in page.main, "it still has its name"
    posted(browser, row.id, value="38")
    assert "Facebook: peringkat 38" in browser.get("/capaian/resmi").main
    later = page.form("/capaian/resmi") | {
        "period": "2026-TW2", "kind": "rank", "component": "facebook", "value": "2", "document": "ND-2",
    }  # fmt: skip
    refused = browser.post("/capaian/resmi", later, status=422)
    assert "tidak ada di skema pada Triwulan II 2026" in refused.soup.select("#component-error-1")[0].text


def test_after_another_record_one_look_is_enough(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    browser = browser_of(world.editor)
    form = browser.get("/capaian/resmi").form("/capaian/resmi") | {"value": "67", "document": "ND-2"}
    first = announced(world, Subject(scheme, TW1, ResultKind.SCORE), 60)
    page = browser.post("/capaian/resmi", form, status=409)
    assert "Sudah ada yang mencatat" in page.main and "60" in page.main
    kept = page.form("/capaian/resmi")
    assert (kept["value"], kept["document"]) == ("67", "ND-2")
    browser.post(str(page.soup.select("form[enctype]")[0]["action"]), kept)
    assert queries.official_of(world.office.id, scheme.id, "2026-TW1")[""].supersedes_id == first.id


def test_what_is_wrong_with_a_result_stands_beside_the_field(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    browser = browser_of(world.editor)
    form = browser.get("/capaian/resmi").form("/capaian/resmi") | {"value": "67", "document": "ND-1"}
    wrong: list[tuple[dict[str, str], str, str]] = [
        ({"announced_on": "2026-05-01"}, "announced_on", "belum tiba"),
        ({"announced_on": " "}, "announced_on", "perlu diisi"),
        ({"value": " "}, "value", "perlu diisi"),
        ({"value": "1001"}, "value", "antara 0 dan 1.000"),
        ({"component": "*"}, "label", "Tulis apa yang"),
        ({"document": " "}, "document", "perlu diisi"),
    ]
    for typed, field, says in wrong:
        page = browser.post("/capaian/resmi", form | typed, status=422)
        assert says in page.soup.select(f"#{field}-error-1")[0].text
        form |= {"form_token": page.form("/capaian/resmi")["form_token"]}
    row = announced(world, Subject(scheme, TW1, ResultKind.SCORE))
    page = browser.get(about(row.id))
    long = browser.post(
        f"/capaian/resmi/{row.id}/cabut", page.form("cabut") | {"reason": "a" * 301}, status=422
    )
    assert "Paling panjang 300 karakter" in long.main and long.form("cabut")["reason"] == "a" * 301
    assert long.form("koreksi")["value"] == "66", "the other form is as it was"


def test_the_estimates_beside_are_read_at_once(
    world: World, browser_of: BrowserOf, statements: QueryCount
) -> None:
    """Six periods cost what one costs."""
    make_scheme(world, since="2026-TW1")
    db.session.commit()
    browser = browser_of(world.lead)
    counts = []
    for n in range(2):
        browser.get("/capaian/resmi")
        statements.reset()
        page = browser.get("/capaian/resmi")
        counts.append(len(statements))
        if n == 0:
            scheme = queries.list_schemes(world.office.id)[0]
            scheme.versions[0].effective_from = Quarter.parse("2020-TW1").start
            db.session.commit()
    assert len(page.soup.select(".beside tbody tr")) == 6
    assert len(set(counts)) == 1, counts


def test_a_rank_of_something_else_needs_a_name(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    browser = browser_of(world.editor)
    form = browser.get("/capaian/resmi").form("/capaian/resmi") | {
        "kind": "rank", "component": "*", "value": "7", "out_of": "90", "document": "ND-1",
    }  # fmt: skip
    refused = browser.post("/capaian/resmi", form, status=422)
    browser.post("/capaian/resmi", refused.form("/capaian/resmi") | {"label": "TikTok"})
    assert "TikTok: peringkat 7 dari 90" in browser.get("/capaian/resmi").main


def test_the_document_is_kept_with_the_result_even_if_the_form_is_not(
    world: World, browser_of: BrowserOf, scheme: ScoreScheme
) -> None:
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(picture, "PNG")
    browser = browser_of(world.lead)
    form = browser.get("/capaian/resmi").form("/capaian/resmi") | {"document": "ND-1", "value": ""}
    refused = browser.post(
        "/capaian/resmi", form | {"file": (io.BytesIO(picture.getvalue()), "surat.png")}, status=422
    )
    kept = refused.form("/capaian/resmi")["kept_file"]
    browser.post("/capaian/resmi", refused.form("/capaian/resmi") | {"value": "67"})
    assert db.session.scalars(select(OfficialResult)).one().asset_id == int(kept)
    browser.get(browser.get("/capaian/resmi").link("Lihat berkas dokumen")).response.close()
    bad = browser.get("/capaian/resmi").form("/capaian/resmi") | {"document": "ND-1", "value": "3"}
    said = browser.post(
        "/capaian/resmi", bad | {"file": (io.BytesIO(b"bukan gambar"), "surat.docx")}, status=422
    )
    assert said.soup.select("#file-error")

    # A correction with a file that is none keeps the one that was there.
    recorded = db.session.scalars(select(OfficialResult)).one()
    url = f"/capaian/resmi?skema={scheme.id}&koreksi={recorded.id}"
    form = browser.get(url).form("/capaian/resmi") | {"value": "68"}
    wrong = browser.post(url, form | {"file": (io.BytesIO(b"bukan gambar"), "surat.docx")}, status=422)
    assert wrong.form("/capaian/resmi")["kept_file"] == kept
    browser.post(url, wrong.form("/capaian/resmi"))
    newest = db.session.scalars(select(OfficialResult).order_by(OfficialResult.id.desc())).first()
    assert newest is not None
    assert (newest.value, newest.asset_id) == (68, int(kept))

    # The file itself was the wrong one: it is let go, and the earlier row keeps it.
    corrected = browser.get(f"/capaian/resmi?koreksi={newest.id}").form("/capaian/resmi")
    browser.post(f"/capaian/resmi?koreksi={newest.id}", corrected | {"drop_file": "1"})
    rows = db.session.scalars(select(OfficialResult).order_by(OfficialResult.id)).all()
    assert [row.asset_id for row in rows] == [int(kept), int(kept), None]
