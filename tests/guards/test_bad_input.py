"""Bad input, as it really arrives: a clear sentence in Indonesian, nothing half-written, nothing that was typed lost."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from humasflow.accounts.models import User, UserSession
from humasflow.approvals import services as approvals
from humasflow.approvals.models import Decision, Package
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.media.models import Asset
from humasflow.media.services import storage
from humasflow.orgs.models import Unit
from humasflow.pitches.models import Pitch
from humasflow.publishing.models import Delivery
from humasflow.stories.models import Story, StoryVersion
from tests.factories import desk
from tests.factories.imports import Told, load
from tests.factories.world import PASSWORD, World
from tests.guards.things import contents, row_counts
from tests.media.files import SCRIPT, exif, gif, jpeg, png
from tests.support.forms import form_with
from tests.support.page import Browser, Page

BrowserOf = Callable[[User], Browser]
KEPT = {
    "title": "Lelang UMKM laku semua",
    "what": "Baris satu\nBaris dua",
    "place": "Aula lantai 3",
    "people": "Tim lelang",
}


def count(model: type[Any]) -> int:
    return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


def typed(page: Page, **expected: str) -> None:
    """What was typed stands in the form again, word for word."""
    fields = form_with(page, next(iter(expected)))
    for name, value in expected.items():
        # A textarea begins after its first line break and sends CR LF.
        found = fields[name].removeprefix("\n").replace("\r\n", "\n")
        assert found == value, f"{name}: “{found[:80]}”"


def says(page: Page, *words: str) -> None:
    """In the main part, in Indonesian, without the words of a library."""
    for word in words:
        assert word.lower() in page.main.lower(), f"“{word}” is not in: {page.main[:700]}"
    english = re.findall(
        r"\b(invalid|error|not a valid|field is required|exception|traceback|must be)\b",
        page.main,
        re.IGNORECASE,
    )
    assert english == [], f"{english}: {page.main[:700]}"


def post_files(browser: Browser, url: str, data: dict[str, Any], *, status: int) -> Page:
    """A form with large files, encoded here: the test client would leave a temporary file open."""
    values: MultiDict[str, Any] = MultiDict()
    for name, value in data.items():
        for one in value if isinstance(value, list) else [value]:
            values.add(name, FileStorage(*one) if isinstance(one, tuple) else one)
    boundary, body = encode_multipart(values)
    kind = f'multipart/form-data; boundary="{boundary}"'
    browser._forget()
    page = Page(browser.client.post(url, data=body, content_type=kind))
    assert page.status == status, f"POST {url}: {page.status} {page.main[:600]}"
    return page


# Photos


def heic() -> bytes:
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1" + b"\x00" * 4000


BAD_PHOTOS: dict[str, tuple[Callable[[], bytes], str, tuple[str, ...]]] = {
    "a document": (lambda: b"%PDF-1.7\n" + b"x" * 5000, "surat.jpg", ("surat.jpg",)),
    "a program": (lambda: b"MZ\x90\x00" + b"\x00" * 5000, "foto.jpg", ("foto.jpg",)),
    "a web page": (lambda: b"<html>" + SCRIPT, "foto.png", ("foto.png",)),
    "a drawing with a script": (
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>', "logo.svg",
        ("logo.svg",),
    ),
    "HEIC": (heic, "IMG_0001.HEIC", ("IMG_0001.HEIC", "HEIC", "JPEG")),
    "HEIC under another name": (heic, "IMG_0001.jpg", ("IMG_0001.jpg", "HEIC")),
    "nothing in it": (lambda: b"", "kosong.jpg", ("kosong.jpg",)),
    "torn off": (lambda: jpeg(1200, 900)[:900], "putus.jpg", ("putus.jpg",)),
    "30 MB": (lambda: jpeg() + b"\x00" * (30 * 1024 * 1024), "besar.jpg", ("besar.jpg", "20 MB")),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_PHOTOS)
def test_a_bad_photo_with_a_pitch(world: World, browser_of: BrowserOf, what: str) -> None:
    make, name, words = BAD_PHOTOS[what]
    browser = browser_of(world.contributor)
    data = browser.get("/usulan/kirim").form() | KEPT
    before = row_counts()
    page = post_files(browser, "/usulan/kirim", data | {"photos": (io.BytesIO(make()), name)}, status=422)
    says(page, *words)
    typed(page, **KEPT)
    assert row_counts() == before
    assert not list(storage().root.rglob("*.*")) if storage().root.exists() else True, (
        "no file was left behind"
    )
    done = browser.post("/usulan/kirim", form_with(page, "title"))
    assert KEPT["title"] in browser.follow(done).h1, "the corrected form goes through"


@pytest.mark.parametrize("what", ["a document", "HEIC", "30 MB"])
def test_a_bad_photo_among_good_ones(world: World, browser_of: BrowserOf, what: str) -> None:
    """The good ones need not be sent again."""
    make, name, words = BAD_PHOTOS[what]
    browser = browser_of(world.contributor)
    data = browser.get("/usulan/kirim").form() | KEPT
    files = [(io.BytesIO(jpeg()), "baik.jpg"), (io.BytesIO(make()), name)]
    page = post_files(browser, "/usulan/kirim", data | {"photos": files}, status=422)
    says(page, *words)
    typed(page, **KEPT)
    assert (count(Asset), count(Pitch)) == (1, 0)
    browser.post("/usulan/kirim", form_with(page, "title"))
    assert len(db.session.scalars(select(Pitch)).one().photos) == 1


@pytest.mark.parametrize("what", ["a document", "a drawing with a script", "HEIC", "30 MB"])
def test_a_bad_photo_elsewhere(world: World, browser_of: BrowserOf, what: str) -> None:
    """The library and the editor say the same, and the story's text stays."""
    make, name, words = BAD_PHOTOS[what]
    browser = browser_of(world.editor)
    before = row_counts()
    form = browser.get("/media/").form("/media/unggah")
    says(
        post_files(browser, "/media/unggah", form | {"photos": (io.BytesIO(make()), name)}, status=422),
        *words,
    )
    editor = f"/naskah/{desk.story(world, commit=True).id}/sunting"
    before = row_counts()
    data = form_with(browser.get(editor), "title") | {
        "title": "Judul", "body": "<p>Isi yang panjang</p>", "content_type_id": str(world.news.id),
    }  # fmt: skip
    page = post_files(browser, editor, data | {"photos": (io.BytesIO(make()), name)}, status=422)
    says(page, *words)
    typed(page, title="Judul", body="<p>Isi yang panjang</p>", content_type_id=str(world.news.id))
    assert row_counts() == before


@pytest.mark.parametrize(
    "data",
    [
        jpeg() + SCRIPT, png() + b"<?php system($_GET[0]); ?>" + SCRIPT, gif() + SCRIPT,
        jpeg(exif=exif(text="<script>alert(1)</script>", gps=True)), jpeg(comment=SCRIPT),
    ],
    ids=["after a JPEG", "after a PNG", "after a GIF", "in its EXIF", "in its comment"],
)  # fmt: skip
def test_a_photo_with_a_script_inside_is_stored_clean(
    world: World, browser_of: BrowserOf, data: bytes
) -> None:
    assert b"<script" in data
    browser = browser_of(world.contributor)
    form = browser.get("/usulan/kirim").form() | KEPT
    browser.post("/usulan/kirim", form | {"photos": (io.BytesIO(data), "foto.jpg")})
    asset = db.session.scalars(select(Asset)).one()
    for size in ("thumb", "medium", "original"):
        browser._forget()
        answer = browser.client.get(f"/media/{asset.id}/{size}", buffered=True)
        stored = storage().path(getattr(asset, f"{size}_key")).read_bytes()
        assert answer.data == stored
        for trace in (b"<script", b"<?php", b"alert(", b"Kantor Rahasia", b"Exif", b"GPS"):
            assert trace not in stored, f"{size}: {trace!r}"
        assert answer.mimetype in ("image/jpeg", "image/webp")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_more_than_the_whole_request_may_hold(app: Flask, world: World, browser_of: BrowserOf) -> None:
    """Beyond the limit of a whole form nothing is read any more; the page says what to do."""
    app.config["MAX_CONTENT_LENGTH"] = 200_000
    browser = browser_of(world.contributor)
    before = row_counts()
    data = browser.get("/usulan/kirim").form() | KEPT | {"photos": (io.BytesIO(b"x" * 300_000), "foto.jpg")}
    page = browser.post("/usulan/kirim", data, status=413)
    says(page, "besar")
    assert row_counts() == before


def test_a_text_of_many_megabytes(app: Flask, world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.contributor)
    before = row_counts()
    data = browser.get("/usulan/kirim").form() | {"title": "A", "what": "x" * 5_000_000}
    says(post_files(browser, "/usulan/kirim", data, status=413), "besar")
    says(
        browser.post("/usulan/kirim", data, status=422), "10000"
    )  # sent without files it is read and counted
    assert row_counts() == before


# Texts, dates, choices

LONG = "Lelang " * 714 + "ab"  # 5,000 characters


def _forms(world: World) -> list[tuple[str, str, str, dict[str, str]]]:
    """Who, page, the field of a title or name, and the rest of a complete form."""
    story = desk.story(world, commit=True).id
    return [
        ("contributor", "/usulan/kirim", "title", {"what": "Isi", "place": "Aula"}),
        ("editor", "/naskah/baru", "title", {"content_type_id": str(world.news.id)}),
        ("editor", f"/naskah/{story}/sunting", "title", {"lead": "Teras"}),
        ("admin", "/pengaturan/seksi", "name", {}),
        ("admin", f"/pengaturan/seksi/{world.section.id}", "name", {}),
        ("admin", "/pengaturan/kantor", "name", {}),
        ("admin", "/pengaturan/jenis-konten", "label", {}),
        ("admin", "/pengaturan/pilar", "name", {"description": "Penjelasan"}),
        ("admin", "/pengaturan/kanal/baru", "name", {"kind_id": str(world.x.kind_id), "handle": "kantor"}),
        ("admin", f"/pengaturan/kanal/{world.x.id}", "name", {"handle": "kantor"}),
        ("admin", "/pengaturan/pengguna/baru", "name", {"email": "baru@kantor.example"}),
        ("admin", f"/pengaturan/pengguna/{world.editor.id}", "name", {}),
        ("editor", "/profil", "name", {}),
        ("admin", "/pengaturan/surel", "from_name", {"host": "surel.example", "from_address": "a@b.example"}),
        (
            "admin",
            "/pengaturan/skema/baru",
            "name",
            {"start": "kosong", "issuer": "Kantor pusat"},
        ),
    ]


def test_a_title_of_5000_characters(world: World, browser_of: BrowserOf) -> None:
    assert len(LONG) == 5000
    for who, url, part, rest in _forms(world):
        browser = browser_of(getattr(world, who))
        before = contents()
        page = browser.post(url, form_with(browser.get(url), part) | rest | {part: LONG}, status=422)
        says(page, "5000", "paling panjang")
        typed(page, **{part: LONG} | rest)
        assert contents() == before, url


def test_blank_titles(world: World, browser_of: BrowserOf) -> None:
    """White space only, or NUL characters only."""
    for who, url, part, rest in _forms(world):
        if part == "from_name":
            continue  # may be empty
        browser = browser_of(getattr(world, who))
        before = contents()
        for blank in ("", "   ", "\x00", "\t\n"):
            page = browser.post(url, form_with(browser.get(url), part) | rest | {part: blank}, status=422)
            says(page)
            typed(page, **rest or {part: ""})
        assert contents() == before, url


DATES = (
    "31-02-2026",
    "31-02",
    "2026-02-31",
    "00-00-0000",
    "besok",
    "99999999-01-01",
    "0001-01-01",
    "2026-13-01",
    "\x00",
)


@pytest.mark.parametrize("date", DATES)
def test_a_date_that_is_none(world: World, browser_of: BrowserOf, date: str) -> None:
    story = desk.story(world)
    post = desk.post(world, story).id
    db.session.commit()
    person = f"/pengaturan/pengguna/{world.editor.id}/peran"
    for who, url, part, rest in (
        ("contributor", "/usulan/kirim", "happened_on", {"title": "Lelang", "happened_at": "09:30"}),
        ("editor", f"/naskah/{story.id}/sunting", "event_date", {"title": "Judul baru"}),
        ("editor", f"/kalender/pindahkan?item=publikasi:{post}", "day", {"time": "09:30"}),
        ("admin", person, "valid_from", {"role": "lead", "position_title": "Kepala"}),
        (
            "admin",
            "/pengaturan/pengguna/baru",
            "valid_until",
            {"name": "Orang", "email": "o@k.example", "role": "lead"},
        ),
    ):
        browser = browser_of(getattr(world, who))
        before = contents()
        page = browser.post(url, form_with(browser.get(url), part) | rest | {part: date}, status=422)
        says(page, "tanggal")
        typed(page, **rest)
        assert contents() == before, url


@pytest.mark.parametrize("time", ["25:00", "9", "09:61", "pagi", "-1:00", "09:30:99:99"])
def test_a_time_that_is_none(world: World, browser_of: BrowserOf, time: str) -> None:
    post = desk.post(world, desk.story(world)).id
    db.session.commit()
    for who, url, part, rest in (
        ("contributor", "/usulan/kirim", "happened_at", {"title": "Lelang"}),
        ("editor", f"/kalender/pindahkan?item=publikasi:{post}", "time", {"day": "2031-01-02"}),
    ):
        browser = browser_of(getattr(world, who))
        before = contents()
        page = browser.post(url, form_with(browser.get(url), part) | rest | {part: time}, status=422)
        says(page, "jam", time)
        typed(page, **rest)
        assert contents() == before, url


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "31-02-2026", "besok", "2026-02-31", "²"])
@pytest.mark.parametrize("time", ["", "23:59", "25:00", "09:00+14:00"])
def test_dragging_to_a_day_that_is_none(world: World, browser_of: BrowserOf, day: str, time: str) -> None:
    """What a script sends is checked like what a person types."""
    post = desk.post(world, desk.story(world))
    item = f"publikasi:{post.id}:{post.row_version}"
    db.session.commit()
    browser = browser_of(world.editor)
    browser.get("/kalender/")
    before = contents()
    browser._forget()
    answer = browser.client.post(
        "/kalender/pindah",
        data={"item": item, "day": day, "time": time},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code in (409, 422), answer.status_code
    assert answer.json["error"]
    assert contents() == before


def test_the_wizard_without_a_zone(app: Flask, empty_database: None, browser: Browser) -> None:
    words = "empat kuda makan bakso"
    rest = {
        "office_name": "Kantor Pertama", "short_name": "KP", "name": "Admin Pertama", "email": "admin@kantor.example",
        "sections": "Seksi Lelang\nSeksi Hukum",
    }  # fmt: skip
    for zone in (None, "", "WIB", "Europe/Berlin", "Asia/Jakarta\x00", "Asia/Singapore"):
        data = form_with(browser.get("/siapkan"), "timezone") | rest | {"password": words, "again": words}
        data.pop("timezone", None)
        page = browser.post("/siapkan", data | ({} if zone is None else {"timezone": zone}), status=422)
        says(page, "zona" if not zone else "pilih")
        typed(page, **rest)
        assert (count(Unit), count(User)) == (0, 0)
    browser.post("/siapkan", form_with(page, "office_name") | {
        "password": words, "again": words, "timezone": "Asia/Jayapura",
    })  # fmt: skip
    assert "Asia/Jayapura" in db.session.scalars(select(Unit.timezone)).all()


def test_choices_that_were_not_offered(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, commit=True).id
    for who, url, part, choice in (
        ("editor", "/naskah/baru", "title", {"title": "A", "content_type_id": "abc"}),
        ("editor", "/naskah/baru", "title", {"title": "A", "content_type_id": "9" * 30}),
        ("editor", f"/naskah/{story}/sunting", "title", {"source": "rahasia"}),
        ("editor", "/profil", "name", {"locale": "xx"}),
        ("editor", "/profil", "name", {"theme": "<b>"}),
        ("admin", "/pengaturan/kantor", "name", {"timezone": "Mars/Olympus"}),
        ("admin", "/pengaturan/kantor", "name", {"office_kind": ""}),
        ("admin", f"/pengaturan/pengguna/{world.editor.id}/peran", "role", {"role": "superuser"}),
        ("admin", f"/pengaturan/pengguna/{world.editor.id}/peran", "role", {"role": "lead", "unit_id": "٣٤"}),
        ("admin", f"/pengaturan/kanal/{world.x.id}", "name", {"grace_minutes": "-1"}),
        ("admin", "/pengaturan/surel", "host", {
            "host": "surel.example", "from_address": "a@b.example", "security": "tidak",
        }),
        ("admin", "/pengaturan/surel/kotak-masuk", "host", {
            "host": "surel.example", "username": "a", "password": "b", "security": "tidak",
        }),
        ("admin", "/pengaturan/pemberitahuan", "stamp", {"topic:pitches:mail": "besok"}),
        ("editor", "/akun/pemberitahuan", "digest_at", {"publishing:in_app": "digest"}),
    ):  # fmt: skip
        browser = browser_of(getattr(world, who))
        before = contents()
        page = browser.post(url, form_with(browser.get(url), part) | choice, status=422)
        says(page, "tersedia" if "office_kind" not in choice else "pilih")
        assert contents() == before, url


# Lists

HEAD = "tanggal_tayang,zona,kanal,jenis,judul,url"
ROW = "2020-01-03 09:00,WIB,website,berita terbaru,Lelang tertib é,https://kantor.example/berita/1"


def _upload(browser: Browser, data: bytes, *, status: int, name: str = "daftar.csv", **answers: str) -> Page:
    form = form_with(browser.get("/impor/baru/publications"), "csrf_token") | answers
    return browser.post("/impor/baru/publications", form | {"file": (io.BytesIO(data), name)}, status=status)


def _imported(world: World, text: str | bytes) -> Told:
    data = text if isinstance(text, bytes) else text.encode()
    return load(world.office, world.as_(world.editor), data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", ("kosong",)),
        (b"\n\n \n", ("kosong",)),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 500, ("PNG", "bukan tabel")),
        (b"<html><body><script>alert(1)</script>", ("halaman web",)),
        (b"%PDF-1.4", ("PDF",)),
    ],
    ids=["empty", "blank", "png", "html", "pdf"],
)
def test_a_list_that_is_none(
    world: World, browser_of: BrowserOf, data: bytes, words: tuple[str, ...]
) -> None:
    browser = browser_of(world.editor)
    before = contents()
    answers = {"jawaban-document": "ND-7/2020", "jawaban-vouched": "y"}
    page = _upload(browser, data, status=422, **answers)
    says(page, *words)
    typed(page, **answers)
    assert contents() == before


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"nama,alamat\nA,B\n", "Kolom ini tidak ditemukan"),
        (HEAD.replace("kanal,", "").encode() + b"\n" + ROW.replace("website,", "").encode(), "Kanal"),
        (b"PK\x03\x04" + b"\x00" * 500, "tidak dapat dibaca"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, "tidak dapat dibaca"),
        (f"{HEAD}\n{ROW}\n".encode() + b" " * 9000 + b"\x00", "bukan teks"),
        (HEAD.encode() + b'\n"' + b"x" * 200_000 + b'"\n', "tidak dapat dibaca sebagai tabel"),
    ],
    ids=["other columns", "one missing", "xlsx", "xls", "a late NUL", "a giant cell"],
)
@pytest.mark.usefixtures("in_request")
def test_a_list_that_turns_out_to_be_none(world: World, data: bytes, words: str) -> None:
    with pytest.raises(UserError, match=words):
        _imported(world, data)
    assert count(Delivery) == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.usefixtures("in_request")
def test_lists_as_spreadsheets_write_them(world: World, encoding: str, separator: str, newline: str) -> None:
    text = newline.join((HEAD, ROW, "")).replace(",", separator)
    told = _imported(world, text.encode(encoding))
    assert (told.added, told.refused) == (1, {})
    delivery = db.session.scalars(select(Delivery)).one()
    assert delivery.title == "Lelang tertib é"
    assert delivery.canonical_url == "https://kantor.example/berita/1"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
@pytest.mark.usefixtures("in_request")
def test_formulas_in_a_list(world: World, sign: str) -> None:
    bad = ROW.replace("Lelang", f"{sign}HYPERLINK(0)").replace("berita/1", "berita/2")
    told = _imported(world, f"{HEAD}\n{bad}\n{ROW}")
    assert "rumus" in told.refused[2]
    assert db.session.scalars(select(Delivery.title)).all() == ["Lelang tertib é"], "the good row is in"


@pytest.mark.usefixtures("in_request")
def test_bad_rows_are_named_by_line(world: World) -> None:
    rows = [
        HEAD, ROW,
        ROW.replace("2020-01-03", "31-02-2020"), ROW.replace("WIB", ""), ROW.replace("WIB", "GMT"),
        ROW.replace("https://kantor.example/berita/1", "javascript:alert(1)"), ROW.replace("website", "papan tulis"),
        ROW.replace("2020", "2099"), ROW.replace("Lelang tertib é", ""), ROW.replace("Lelang", "x" * 300), "x",
    ]  # fmt: skip
    told = _imported(world, "\n".join(rows))
    for line, words in (
        (3, "tidak ada di kalender"), (4, "zona kosong"), (5, "GMT"), (6, "bukan alamat web"), (7, "papan tulis"),
        (8, "masa depan"), (9, "judul kosong"), (10, "200 karakter"), (11, "kosong"),
    ):  # fmt: skip
        assert words in told.refused[line]
    assert count(Delivery) == 1


def test_vouching_without_a_document(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.editor)
    before = contents()
    page = _upload(browser, f"{HEAD}\n{ROW}\n".encode(), status=422, **{"jawaban-vouched": "y"})
    says(page, "dokumen")
    assert contents() == before


def test_no_file_at_all(world: World, browser_of: BrowserOf) -> None:
    browser = browser_of(world.editor)
    address = "/impor/baru/publications"
    page = browser.post(address, form_with(browser.get(address), "csrf_token"), status=422)
    says(page, "pilih berkas")


# Two people, and going back


def _package(world: World) -> int:
    story = desk.story(world)
    desk.post(world, story)
    package = approvals.submit_package(story, actor=world.as_(world.editor))
    db.session.commit()
    return package.id


def test_two_approvers_at_once(app: Flask, world: World, browser_of: BrowserOf, in_request: None) -> None:
    from tests.approvals.desk import Desk

    second = Desk(world).second_approver()
    db.session.commit()
    url = f"/persetujuan/{_package(world)}"
    one, two = browser_of(world.approver), browser_of(second)
    first, other = form_with(one.get(url), "reason"), form_with(two.get(url), "reason")
    one.post(f"{url}/setujui", first)
    page = two.post(f"{url}/kembalikan", other | {"reason": "Perbaiki judulnya"}, status=409)
    says(page, "sudah")
    assert "Perbaiki judulnya" in page.html, "the reason that was typed is not lost"
    page = two.post(f"{url}/setujui", other, status=409)
    says(page, "sudah")
    assert count(Decision) == 1
    assert db.session.scalars(select(Package.state)).one().value == "approved"


def test_approving_what_changed_meanwhile(world: World, browser_of: BrowserOf, in_request: None) -> None:
    url = f"/persetujuan/{_package(world)}"
    approver = browser_of(world.approver)
    read = form_with(approver.get(url), "digest")
    for digest in ("", "0" * 64, "x" * 5000, "\x00"):
        says(approver.post(f"{url}/setujui", read | {"digest": digest}, status=409))
    assert count(Decision) == 0
    approver.post(f"{url}/setujui", read)


def test_two_editors_at_once(world: World, browser_of: BrowserOf) -> None:
    """The later one gets both texts."""
    story = desk.story(world, commit=True).id
    url = f"/naskah/{story}/sunting"
    one, two = browser_of(world.editor), browser_of(world.other_editor)
    first, other = form_with(one.get(url), "title"), form_with(two.get(url), "title")
    one.post(url, first | {"title": "Judul dari yang pertama"})
    page = two.post(url, other | {"title": "Judul dari yang kedua", "lead": "Teras saya"}, status=409)
    says(page, "Judul dari yang pertama")
    assert "Judul dari yang kedua" in page.html
    assert "Teras saya" in page.html
    assert count(StoryVersion) == 2
    two.post(url, form_with(page, "title"))
    assert count(StoryVersion) == 3


def test_back_after_sending(world: World, browser_of: BrowserOf) -> None:
    """Back, then send again: the same pitch, not another; back after a decision: a word, not a crash."""
    browser = browser_of(world.contributor)
    data = browser.get("/usulan/kirim").form() | KEPT
    first = browser.post("/usulan/kirim", data)
    again = browser.post("/usulan/kirim", data)
    assert (again.location, count(Pitch)) == (first.location, 1)
    editor = browser_of(world.editor)
    pitch = first.location
    form = form_with(editor.get(pitch), "content_type_id")
    editor.post(f"{pitch}/terima", form)
    late = editor.post(f"{pitch}/terima", form | {"form_token": "formulir-lain"}, status=409)
    says(late, "sudah")
    assert count(Story) == 1


def test_stale_numbers_in_hidden_fields(world: World, browser_of: BrowserOf) -> None:
    """Hidden fields that somebody changed by hand are refused or ignored, never a crash."""
    story = desk.story(world)
    post = desk.post(world, story).id
    db.session.commit()
    editor, admin = browser_of(world.editor), browser_of(world.admin)
    for value in ("abc", "-1", "9" * 30, "9" * 5000, "\x00", "²", "1e3"):
        for browser, url, part, names in (
            (editor, f"/publikasi/{post}/sunting", "text", ("row_version", "base")),
            (editor, f"/naskah/{story.id}/sunting", "title", ("stamp",)),
            (admin, "/pengaturan/kantor", "name", ("row_version",)),
            (admin, f"/pengaturan/kanal/{world.x.id}", "name", ("row_version",)),
            (admin, f"/pengaturan/pengguna/{world.editor.id}", "email", ("row_version",)),
            (admin, f"/pengaturan/pilar/{world.pillar.id}", "name", ("row_version",)),
        ):
            for name in names:
                data = form_with(browser.get(url), part) | {name: value}
                browser._forget()
                status = browser.client.post(url, data=data).status_code
                assert status in (303, 409, 422), f"{url} {name}={value[:20]!r}: {status}"
        db.session.rollback()


# Signing in


def test_guessing_passwords(app: Flask, world: World, browser: Browser) -> None:
    """Ten tries, then a pause, for the right password too; the address typed stays, the password never does."""
    form = form_with(browser.get("/masuk"), "email")
    for n in range(10):
        page = browser.post(
            "/masuk", form | {"email": world.editor.email, "password": f"tebakan nomor {n}"}, status=422
        )
        says(page, "belum cocok")
        typed(page, email=world.editor.email)
        assert f"tebakan nomor {n}" not in page.html
    page = browser.post("/masuk", form | {"email": world.editor.email, "password": PASSWORD}, status=429)
    says(page, "terlalu banyak percobaan", "menit")
    assert page.response.headers["Retry-After"] == "900"
    assert count(UserSession) == 0
    with clock.moved_to(clock.now() + timedelta(minutes=16)):
        browser.post("/masuk", form_with(browser.get("/masuk"), "email") | {
            "email": world.editor.email, "password": PASSWORD,
        })  # fmt: skip
    assert count(UserSession) == 1


def test_guessing_counts_an_address_however_it_is_written(app: Flask, world: World) -> None:
    """From new browsers, in other spellings: one count."""
    answers = []
    for n in range(12):
        browser = Browser(app)
        name = world.editor.email
        name = [name.upper(), f" {name} ", name.capitalize(), name + "\x00"][n % 4]
        form = form_with(browser.get("/masuk"), "email") | {"email": name, "password": f"tebakan nomor {n}"}
        browser._forget()
        answers.append(browser.client.post("/masuk", data=form).status_code)
    assert answers == [422] * 10 + [429] * 2


def test_guessing_addresses_is_answered_alike(app: Flask, world: World, browser: Browser) -> None:
    """Nobody learns who has an account; a stranger's address is slowed down the same."""
    form = form_with(browser.get("/masuk"), "email")
    known = browser.post(
        "/masuk", form | {"email": world.editor.email, "password": "salah sekali ini"}, status=422
    )
    unknown = browser.post(
        "/masuk", form | {"email": "tidak.ada@kantor.example", "password": "salah sekali ini"}, status=422
    )
    assert known.main.replace(world.editor.email, "") == unknown.main.replace("tidak.ada@kantor.example", "")
    for n in range(9):
        browser.post("/masuk", form | {"email": "tidak.ada@kantor.example", "password": f"x{n}"}, status=422)
    browser.post("/masuk", form | {"email": "tidak.ada@kantor.example", "password": "x"}, status=429)


def test_spraying_one_password_over_many_addresses(app: Flask, world: World, browser: Browser) -> None:
    form = form_with(browser.get("/masuk"), "email")
    statuses = []
    for n in range(62):
        browser._forget()
        data = form | {"email": f"orang{n}@kantor.example", "password": "Kemenkeu2026!"}
        statuses.append(browser.client.post("/masuk", data=data).status_code)
    assert statuses == [422] * 60 + [429] * 2


def test_a_sign_in_form_of_nonsense(browser: Browser, world: World) -> None:
    form = form_with(browser.get("/masuk"), "email")
    for email, password in (
        ("", ""),
        ("x" * 100_000, "y"),
        ("a@b", "z" * 100_000),
        ("\x00", "\x00"),
        ("' OR 1=1 --", "'"),
    ):
        browser._forget()
        status = browser.client.post("/masuk", data=form | {"email": email, "password": password}).status_code
        assert status == 422, (email[:20], status)
