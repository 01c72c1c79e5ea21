"""The pages a person sees: begin, look, record, take back."""

import io

import pytest

from humasflow.core.db import db
from humasflow.imports.backfill.enums import ItemState, RunState
from humasflow.imports.backfill.models import BackfillRun
from humasflow.imports.backfill.queries import count_states
from tests.factories.backfills import backfill_of, backfill_things
from tests.support.forms import form_with

pytestmark = pytest.mark.db
START = "/pengaturan/impor/situs/"


def test_from_the_address_to_the_publications_and_back(world, portal, browser_of, work):
    portal.add(1)
    portal.add(2, category="Siaran Pers")
    editor = browser_of(world.editor)
    form = form_with(editor.get(START), "source")
    shown = editor.post(START, form | {"address": portal.url}, status=303)
    address = f"{START}{db.session.query(BackfillRun).one().id}"
    assert "Sedang dibaca" in editor.get(address).main
    work()
    page = editor.get(address)
    assert "Lelang ke-1 – berjalan tertib" in page.main
    form = form_with(page, "account")
    chosen = {
        f["name"]: f.find("option", selected=True).text for f in page.soup.select("select[name^=jenis-]")
    }
    assert chosen == {"jenis-0": "Berita terbaru", "jenis-1": "Siaran pers"}
    editor.post(f"{address}/catat", form | {"account": "baru", "jenis-1": "0"}, status=303)
    work()
    page = editor.get(address)
    assert "1 berita dicatat" in page.main
    editor.post(f"{address}/batalkan", form_with(editor.get(address), "csrf_token"), status=303)
    work()
    assert "1 berita dibatalkan" in editor.get(address).main

    # What was decided about a category is proposed again.
    editor.post(START, form_with(editor.get(START), "source") | {"address": portal.url}, status=303)
    work()
    page = editor.get(f"{START}{db.session.query(BackfillRun).order_by(BackfillRun.id.desc()).first().id}")
    chosen = {
        f["name"]: f.find("option", selected=True).text for f in page.soup.select("select[name^=jenis-]")
    }
    assert chosen == {"jenis-0": "Berita terbaru", "jenis-1": "Jangan diambil"}
    del shown


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"address": ""}, "Isi alamatnya"),
        ({"address": "javascript:alert(1)"}, "belum lengkap"),
        ({"address": "https://nama:sandi@kantor.example"}, "belum lengkap"),
        ({"source": "wxr"}, "Pilih berkas ekspornya"),
        ({"source": "wxr", "file": (io.BytesIO(b"PK\x03\x04"), "a.xlsx")}, "bukan berkas ekspor WordPress"),
        ({"source": "dari-langit"}, "Ada yang perlu diperbaiki"),
    ],
)
def test_what_cannot_be_begun_says_why(world, browser_of, typed, says):
    editor = browser_of(world.editor)
    refused = editor.post(START, form_with(editor.get(START), "source") | typed, status=422)
    assert says in refused.main


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"account": "999999"}, "Pilih akun kanal"),
        ({"jenis-0": "999999"}, "Pilih jenis konten"),
        ({"jenis-0": "0"}, "tidak ada berita yang dicatat"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "tidak boleh sebelum"),
        ({"since": "2026-02-31"}, "tidak ada di kalender"),
        ({"since": "2027-01-01"}, "tidak ada berita yang dicatat"),
    ],
)
def test_choices_that_cannot_be_are_refused_and_nothing_changes(world, browser_of, typed, says):
    run = backfill_of(world)
    editor = browser_of(world.editor)
    address = f"{START}{run.id}"
    form = form_with(editor.get(address), "account") | {"account": "baru"}
    refused = editor.post(f"{address}/catat", form | typed, status=422)
    assert says in refused.main
    db.session.expire_all()
    assert db.session.get_one(BackfillRun, run.id).state is RunState.READY
    assert count_states(run.id) == {ItemState.FOUND: 1, ItemState.REFUSED: 1}


def test_a_missing_date_is_given_on_the_page(world, browser_of):
    made = backfill_things(world)
    address = f"{START}{made['backfill_run_id']}"
    editor = browser_of(world.editor)
    to = f"{address}/kiriman/{made['backfill_item_id']}/tanggal"
    form = form_with(editor.get(f"{address}?keadaan=refused"), "day")
    assert "Isi tanggal tayangnya" in editor.post(to, form | {"day": ""}, status=422).main
    editor.post(to, form | {"day": "2199-01-01"}, status=422)
    editor.post(to, form | {"day": "2026-01-05", "at": "09:30"}, status=303)
    assert count_states(made["backfill_run_id"]) == {ItemState.FOUND: 2}


def test_nothing_recorded_can_be_thrown_away(world, browser_of):
    run = backfill_of(world, state=RunState.DONE)
    editor = browser_of(world.editor)
    form = form_with(editor.get(f"{START}{run.id}"), "csrf_token")
    editor.post(f"{START}{run.id}/buang", form, status=409)
    waiting = backfill_of(world)
    editor.post(
        f"{START}{waiting.id}/buang", form_with(editor.get(f"{START}{waiting.id}"), "account"), status=303
    )
    assert db.session.get(BackfillRun, waiting.id) is None


def test_only_who_may_import(world, browser_of):
    run = backfill_of(world)
    for role in ("contributor", "approver", "lead"):
        browser_of(getattr(world, role)).get(START, status=403)
        browser_of(getattr(world, role)).get(f"{START}{run.id}", status=403)
