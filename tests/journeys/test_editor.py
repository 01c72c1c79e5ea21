"""Writing in the browser: tables, pictures, people, what is pasted, Word files, facts; by mouse, keyboard and without
scripts; and no payload that runs."""

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from tests.factories import word
from tests.journeys.conftest import Server
from tests.journeys.looking import glance
from tests.support.hostile import faults, payloads

pytestmark = pytest.mark.journey
Open = Callable[..., Page]
CLIPBOARD = Path(__file__).parent / "clipboard"
EXPECTED: dict[str, dict[str, Any]] = json.loads((CLIPBOARD / "expected.json").read_text())


def begin(page: Page, title: str, kind: str = "Berita terbaru") -> str:
    """A new story, with its editor ready. Returns the editor's path."""
    page.goto("/naskah/baru")
    page.get_by_role("radio", name=kind, exact=True).check()
    page.get_by_role("textbox", name="Judul").fill(title)
    page.get_by_role("button", name="Buat dan mulai menulis").click()
    page.locator(".ProseMirror").wait_for()
    return re.sub(r"^https?://[^/]+", "", page.url)


def body_of(page: Page) -> str:
    return page.locator("textarea[name=body]").input_value()


def write(page: Page, text: str) -> None:
    page.locator(".ProseMirror").click()
    page.keyboard.type(text)


def tool(page: Page, name: str) -> Any:
    return page.locator(".editor").get_by_role("button", name=name, exact=True)


def save(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Simpan sebagai versi")).click()
    page.wait_for_url(re.compile(r"/naskah/\d+$"))


def paste(page: Page, *, html: str = "", text: str = "") -> None:
    """What the clipboard would bring, given to the text as the browser gives it."""
    page.evaluate(
        """([html, text]) => {
          const data = new DataTransfer();
          if (html) data.setData("text/html", html);
          data.setData("text/plain", text);
          document.querySelector(".ProseMirror").dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [html, text],
    )


def test_a_table_by_keyboard_that_never_traps_it(open_as: Open) -> None:
    page = open_as("editor")
    begin(page, "Naskah bertabel")
    write(page, "Hasilnya:")
    page.keyboard.press("Alt+F10")
    expect(page.locator(".editor [role=toolbar]").first.locator("button").first).to_be_focused()
    for _ in range(20):
        if page.evaluate("document.activeElement.dataset.command") == "table":
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".ProseMirror table")).to_be_visible()
    expect(page.locator(".ProseMirror")).to_be_focused()
    page.wait_for_timeout(150)  # the browser tells of a new selection a moment later
    page.keyboard.type("Barang")
    expect(page.locator(".ProseMirror th").first).to_have_text("Barang")
    page.keyboard.press("Tab")
    page.keyboard.type("Nilai")
    tool(page, "Hapus kolom").click()
    tool(page, "Baris di bawah").click()
    page.locator(".ProseMirror td").first.click()
    tool(page, "Hapus baris").click()
    page.locator(".ProseMirror th").first.click()
    expect(tool(page, "Baris judul")).to_have_attribute("aria-pressed", "true")
    tool(page, "Baris judul").click()
    expect(page.locator(".ProseMirror th")).to_have_count(0)
    tool(page, "Urungkan").click()
    expect(page.locator(".ProseMirror th")).to_have_count(2)
    # Tab leaves the text after the last cell.
    page.locator(".ProseMirror td").last.click()
    page.wait_for_timeout(150)  # the browser tells of a new selection a moment later
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('.ProseMirror')")
    assert "style" not in body_of(page)
    save(page)
    shown = page.locator(".prose table")
    expect(shown.locator("th").first).to_have_attribute("scope", "col")
    expect(shown.locator("th").first).to_have_text("Barang")
    expect(page.get_by_role("region", name="Tabel")).to_be_visible()


def test_a_picture_of_the_library_stands_in_the_text_with_its_words(open_as: Open) -> None:
    page = open_as("editor", width=360)
    begin(page, "Naskah bergambar")
    write(page, "Sebelum gambar.")
    tool(page, "Gambar").click()
    dialog = page.get_by_role("dialog", name="Pilih gambar dari pustaka")
    cards = dialog.locator(".image-dialog__card")
    cards.first.wait_for()
    shown = cards.count()
    dialog.get_by_role("button", name="Muat berikutnya").click()
    expect(cards).not_to_have_count(shown)
    dialog.get_by_label("Cari nama, keterangan, kredit").fill("zzzz-tidak-ada")
    expect(dialog.get_by_text("Tidak ada gambar yang cocok.")).to_be_visible()
    dialog.get_by_label("Cari nama, keterangan, kredit").fill("ilustrasi")
    cards.first.wait_for()
    cards.first.click()
    figure = page.locator(".editor-figure")
    expect(figure.locator("img")).to_be_visible()
    row = page.locator("[data-picture]").first
    # The words are written in one place and shown in the text.
    figure.click()
    tool(page, "Ubah keterangan, kredit, teks alternatif").click()
    expect(row.get_by_label("Keterangan")).to_be_focused()
    row.get_by_label("Keterangan").fill("Suasana lelang")
    expect(figure.locator("figcaption")).to_contain_text("Suasana lelang")
    assert re.search(r'<figure data-asset="\d+"></figure>', body_of(page))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    save(page)
    expect(page.locator(".prose figure figcaption")).to_contain_text("Suasana lelang")
    assert page.locator(".prose figure img").evaluate("i => i.complete && i.naturalWidth > 0")


def test_a_person_is_mentioned_while_typing_and_from_the_toolbar(open_as: Open) -> None:
    page = open_as("editor")
    begin(page, "Naskah dengan orang")
    write(page, "Hadir @an")
    options = page.locator(".mention-list--floating [role=option]")
    options.first.wait_for()
    text = page.locator(".ProseMirror")
    assert text.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("ArrowDown")
    name = options.nth(1).locator("b").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".ProseMirror .mention")).to_have_text(f"@{name}")
    tool(page, "Sebut orang").click()
    field = page.get_by_role("combobox", name="Nama orang")
    expect(field).to_be_focused()
    page.get_by_role("option").first.wait_for()
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    expect(page.locator(".ProseMirror .mention")).to_have_count(2)
    # An address of a mailbox is none, and a name that nobody has stays as it was typed.
    page.keyboard.type("a@b zz @qqqq")
    page.wait_for_timeout(500)
    expect(options).to_have_count(0)
    save(page)
    expect(page.locator(".prose .mention").first).to_have_text(f"@{name}")


@pytest.mark.parametrize("name", EXPECTED)
def test_what_other_programs_put_into_the_clipboard(open_as: Open, name: str) -> None:
    page = open_as("editor")
    begin(page, f"Tempelan {name}")
    html = (CLIPBOARD / f"{name}.html").read_text()
    reports: list[str] = []
    page.on("console", lambda m: reports.append(m.text) if m.type in ("error", "warning") else None)
    found = page.evaluate(
        "async html => (await import(document.querySelector('[data-editor]').dataset.editor)).cleanClipboard(html)",
        html,
    )
    flat = re.sub(r">\s+<", "><", re.sub(r"\s+", " ", found["html"]))
    assert flat == EXPECTED[name]["html"]
    assert found["left"] == EXPECTED[name]["left"]
    paste(page, html=html)
    page.wait_for_timeout(200)
    stored = body_of(page)
    assert not list(faults(stored)), stored
    assert "mso" not in stored.lower()
    assert "\u00a0" not in stored
    if found["left"]:
        expect(page.locator("[data-picture-status]")).to_contain_text(
            "1 gambar dari luar tidak ikut tertempel"
        )
    assert [r for r in reports if "blocked by Playwright" not in r] == []  # journeys run without the worker


def test_a_chat_is_pasted_as_people_mean_it(open_as: Open) -> None:
    page = open_as("editor")
    begin(page, "Dari grup")
    page.locator(".ProseMirror").click()
    chat = (
        "[10.15, 21/11/2026] Humas: *Lelang serentak* berjalan _lancar_.\n\nHasil:\n- Tanah\n- Mobil\n\n1. Daftar\n2. Bayar\n\n"
        "2*3*4 dan snake_case_x tetap"
    )
    paste(page, text=chat)
    assert body_of(page) == (
        "<p><strong>Lelang serentak</strong> berjalan <em>lancar</em>.</p><p>Hasil:</p><ul><li><p>Tanah</p></li>"
        "<li><p>Mobil</p></li></ul><ol><li><p>Daftar</p></li><li><p>Bayar</p></li></ol><p>2*3*4 dan snake_case_x tetap</p>"
    )


def test_a_pasted_picture_goes_to_the_library_and_stays_in_its_place(open_as: Open) -> None:
    page = open_as("editor")
    begin(page, "Tempelan gambar")
    page.locator(".ProseMirror").click()
    png = base64.b64encode(word.picture("#13a4c7").getvalue()).decode()
    paste(page, html=(CLIPBOARD / "inline-image.html").read_text().replace("__PNG__", png))
    expect(page.locator(".editor-figure img")).to_be_visible()
    expect(page.locator("[data-picture-status]")).to_contain_text("1 gambar masuk ke naskah dan pustaka.")
    assert re.fullmatch(
        r'<p>Sebelum</p><figure data-asset="\d+"></figure><p>Sesudah</p>(<p></p>)?', body_of(page)
    ), body_of(page)
    expect(page.locator("[data-picture]")).to_have_count(1)


def test_a_word_file_becomes_a_draft(open_as: Open, tmp_path: Path) -> None:
    page = open_as("editor", width=360, dark=True)
    file = tmp_path / "siaran.docx"
    file.write_bytes(word.press_release())
    page.goto("/naskah/baru")
    page.get_by_role("radio", name="Siaran pers", exact=True).check()
    page.get_by_text("Mulai dari dokumen Word").click()
    page.get_by_label(re.compile("Dokumen Word")).set_input_files(str(file))
    page.get_by_role("button", name="Buat dan mulai menulis").click()
    expect(page.locator("h1")).to_have_text("Isi dokumen sudah menjadi naskah")
    expect(page.get_by_text("1 komentar Word tidak ikut.")).to_be_visible()
    page.get_by_role("link", name="Buka di editor").click()
    expect(page.locator(".editor-figure img")).to_be_visible()
    expect(page.locator(".ProseMirror table")).to_be_visible()
    expect(page.get_by_label("Kicker")).to_have_value("SIARAN PERS Nomor SP-12/KPKN/2026")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_facts_are_put_where_the_caret_is_and_the_genre_shows_its_own(open_as: Open) -> None:
    page = open_as("editor")
    begin(page, "Naskah dengan fakta", "Siaran pers")
    facts = page.locator("#fakta")
    expect(facts.locator("[data-insert=place]")).to_be_disabled()
    facts.get_by_label("Tanggal kegiatan").fill("2026-11-21")
    facts.get_by_label("Tempat", exact=True).fill("Aula Kantor, Makassar")
    facts.get_by_label("Tokoh yang disebut").fill("Andi, Kepala Kantor; Budi, Ketua")
    write(page, "Kegiatan pada")
    facts.locator("[data-insert=date]").click()
    expect(page.locator(".ProseMirror")).to_have_text("Kegiatan pada Sabtu, 21 November 2026")
    facts.locator("[data-insert=people]").click()
    expect(page.locator(".ProseMirror")).to_contain_text("2026 Andi, Kepala Kantor, dan Budi, Ketua")
    facts.get_by_role("button", name="Susun dari tempat dan tanggal").click()
    expect(page.get_by_label("Tempat dan tanggal rilis")).to_have_value("MAKASSAR, 21 November 2026")
    page.locator("#kredit summary").click()
    page.get_by_label("Penulis").fill("Andi")
    page.get_by_label("Editor", exact=True).fill("Citra")
    expect(page.locator("[data-credit-line]")).to_have_text("Narasi: Andi / Editor: Citra")
    expect(page.get_by_label("Klaim yang beredar")).to_be_hidden()
    page.locator("#rencana > summary").click()
    page.get_by_label("Jenis konten").select_option(label="Klarifikasi hoaks")
    expect(page.get_by_label("Klaim yang beredar")).to_be_visible()
    expect(page.get_by_label("Tempat dan tanggal rilis")).to_be_visible()  # filled in, so not out of sight
    expect(page.get_by_label("Narahubung")).to_be_hidden()


def test_the_length_is_told_while_typing_and_for_a_selection(open_as: Open) -> None:
    page = open_as("editor")
    begin(page, "Hitungan")
    counts = page.locator("[data-counts]")
    write(page, "Satu dua tiga.")
    expect(counts).to_have_text("3 kata · 14 karakter · 1 menit baca")
    page.keyboard.press("Shift+Home")
    expect(counts).to_contain_text("Terpilih: 3 kata, 14 karakter")
    paste(page, text="kata " * 700)
    expect(counts).to_contain_text("700 kata")
    expect(counts).to_contain_text("4 menit baca")


def test_findings_are_drawn_where_they_stand_and_jumped_to(open_as: Open) -> None:
    page = open_as("editor")
    begin(page, "Temuan")
    write(page, "Satu  dua")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("tiga 🎉 empat")
    page.wait_for_timeout(1500)  # the page's own checks come first
    page.evaluate(
        """() => document.dispatchEvent(new CustomEvent("humasflow:findings", {detail: [
          {code: "x", severity: "warn", start: 5, end: 8, message: "Dua"},
          {code: "y", severity: "block", start: 16, end: 21, message: "Empat"},
          {code: "z", severity: "info", start: 90, end: 99, message: "Di luar"}]}))"""
    )
    expect(page.locator(".found--warn")).to_have_text("dua")
    expect(page.locator(".found--block")).to_have_text("empat")
    expect(page.locator(".found--block")).to_have_attribute("title", "Temuan: Empat")
    taken = page.evaluate(
        """() => !document.dispatchEvent(new CustomEvent("humasflow:jump", {cancelable: true, detail: {field: "body", start: 9, end: 13}}))"""
    )
    assert taken
    assert page.evaluate("getSelection().toString()") == "tiga"


def test_the_caret_tells_the_heading_above_it(open_as: Open) -> None:
    page = open_as("editor")
    begin(page, "Letak", "Artikel")
    page.evaluate(
        "window.told = []; document.addEventListener('humasflow:caret', e => window.told.push(e.detail))"
    )
    page.locator(".ProseMirror p").nth(1).click()
    page.wait_for_timeout(600)
    assert page.evaluate("window.told.at(-1)") == {"heading": "Latar belakang", "field": "body"}


def test_everything_works_without_scripts(server: Server, chromium: Chromium) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=server.url)
    page = context.new_page()
    page.goto("/masuk")
    page.locator('form:has(input[name="role"][value="editor"]) button').first.click()
    page.goto("/naskah/baru")
    page.get_by_role("radio", name="Pengumuman", exact=True).check()
    page.get_by_role("textbox", name="Judul").fill("Tanpa skrip")
    page.get_by_role("button", name="Buat dan mulai menulis").click()
    page.get_by_label("Isi naskah").fill("Paragraf satu.\n\nParagraf dua.")
    page.get_by_label("Narahubung").fill("Andi, 0411 123")
    page.get_by_role("button", name="Simpan sebagai versi baru").click()
    expect(page.locator(".prose p")).to_have_count(2)
    expect(page.get_by_text("Andi, 0411 123")).to_be_visible()
    context.close()


def test_the_settings_of_a_kind_show_the_credit_line(open_as: Open) -> None:
    page = open_as("admin")
    page.goto("/pengaturan/jenis-konten")
    page.get_by_role("link", name="Artikel").click()
    pattern = page.get_by_label("Pola kredit")
    pattern.fill("Teks {penulis} / Foto {foto}")
    expect(page.locator("#contoh-kredit")).to_have_text("Teks Andi Nurhaliza / Foto Budi Santoso")
    expect(page.locator(".ProseMirror h2").first).to_have_text("Latar belakang")


@pytest.mark.parametrize(
    ("width", "dark", "language"),
    [(1280, False, "id"), (360, True, "id"), (360, False, "en"), (1280, True, "en")],
)
def test_every_part_is_for_everybody(
    open_as: Open, width: int, dark: bool, language: str, tmp_path: Path
) -> None:
    """axe and no sideways scroll with everything open: tools, panels, list of people, dialog, result of a Word file."""
    page = open_as("editor", width=width, dark=dark, language=language)
    page.goto("/naskah/baru")
    wrong = glance(page, "start")
    file = tmp_path / "naskah.docx"
    file.write_bytes(word.press_release())
    page.locator(".from-word summary").click()
    page.locator("input[name=document]").set_input_files(str(file))
    page.locator("main form button.primary").click()
    page.locator(".took").first.wait_for()
    wrong += glance(page, "result")
    page.locator("main a.btn.primary").click()
    page.locator(".editor-figure img").wait_for()
    page.evaluate("document.querySelectorAll('details.fold').forEach(d => { d.open = true; })")
    wrong += glance(page, "editor")
    page.locator(".ProseMirror td").first.click()
    wrong += glance(page, "table tools")
    page.locator(".editor-figure").click()
    wrong += glance(page, "figure tools")
    page.locator(".editor [data-command=mention]").click()
    page.locator(".editor__panel [role=option]").first.wait_for()
    wrong += glance(page, "people")
    page.keyboard.press("Escape")
    page.locator(".editor [data-command=link]").click()
    wrong += glance(page, "link")
    page.locator(".editor [data-command=image]").click()
    page.locator(".image-dialog__card").first.wait_for()
    wrong += glance(page, "library")
    page.keyboard.press("Escape")
    page.goto(re.sub("sunting$", "dokumen", page.url))
    wrong += glance(page, "replace")
    assert wrong == []


# Payloads


def test_no_payload_survives_the_paste_or_the_editor(open_as: Open) -> None:
    page = open_as("editor")
    begin(page, "Korpus")
    fired: list[str] = []
    page.on("dialog", lambda d: (fired.append(d.message), d.dismiss()))
    page.evaluate(
        "document.querySelector('[data-editor]').addEventListener('humasflow:editor-ready', () => {})"
    )
    done = page.evaluate(
        """async payloads => {
          const { cleanClipboard, mountEditor } = await import(document.querySelector('[data-editor]').dataset.editor);
          const field = document.body.appendChild(document.createElement("textarea"));
          const editor = mountEditor(field, { toolbar: [] });
          const out = payloads.map((p) => { editor.setHTML(p); return [cleanClipboard(p).html, editor.getHTML()]; });
          editor.destroy(); field.remove();
          return out;
        }""",
        list(payloads()),
    )
    ours = {
        "b",
        "i",
        "h1",
        "h4",
        "h5",
        "h6",
        "div",
        "thead",
        "tfoot",
        "caption",
        "code",
        "pre",
        "dl",
        "dt",
        "dd",
    }
    for payload, (pasted, edited) in zip(payloads(), done, strict=True):
        # What is pasted goes through the schema afterwards; here only what could run matters.
        assert not re.search(
            r"<(script|iframe|object|embed|svg|math|style|img|link|meta|base|form)\\b", pasted, re.IGNORECASE
        ), payload
        assert not re.search(r"<[^>]*\\son[a-z]+\\s*=", pasted, re.IGNORECASE), payload
        wrong = [f for f in faults(edited) if not any(f.startswith(f"<{t}>") for t in ours)]
        # An address without a scheme is a page of somewhere; the server lets it fall.
        assert not [f for f in wrong if not re.match(r"href='[^:]*'$", f)], payload
    assert fired == []


def test_payloads_run_raw_and_never_when_cleaned(chromium: Chromium) -> None:
    """The control: without the cleaning and without a policy, the same payloads do run."""
    from humasflow.core.html import clean_html

    context = chromium.new_context(bypass_csp=True)
    context.add_init_script(
        "window.fired = 0; window.alert = window.confirm = window.prompt = () => { window.fired += 1; };"
    )
    page = context.new_page()
    page.route(
        "**/*",
        lambda route: route.abort() if not route.request.url.startswith("about:") else route.continue_(),
    )

    def runs(html: str) -> int:
        page.goto("about:blank")
        page.set_content(f"<!doctype html><meta charset=utf-8><body>{html}", wait_until="domcontentloaded")
        page.evaluate(
            """() => { for (const e of document.querySelectorAll("*")) for (const n of ["mouseover", "click", "focus", "toggle"])
              if (e.tagName !== "A" || !/^(https?|mailto|tel|\\/)/.test(e.getAttribute("href") ?? "")) e.dispatchEvent(new Event(n)); }"""
        )
        page.wait_for_timeout(30)
        return int(page.evaluate("window.fired"))

    sample = [p for p in payloads() if "alert" in p and "<" in p][:60]
    assert sum(runs(p) > 0 for p in sample) > 15
    cleaned = [clean_html(p) for p in payloads()]
    for start in range(0, len(cleaned), 500):
        assert runs("".join(f"<div>{c}</div>" for c in cleaned[start : start + 500])) == 0
    context.close()
