"""What only a browser shows of the guidelines: findings while somebody writes, a jump to the passage, in both places."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey

TITLE = "Gerai layanan lelang dibuka di Mal Pelayanan Publik"


def _open(open_as: Callable[..., Page], role: str, **kwargs: object) -> Page:
    page = open_as(role, **kwargs)
    page.goto(f"/naskah/?tampilan=daftar&q={TITLE[:5]}")
    page.get_by_role("link", name=TITLE).first.click()
    page.wait_for_url(re.compile(r"/naskah/\d+"))
    return page


def test_findings_stand_beside_the_text_while_somebody_writes(open_as: Callable[..., Page]) -> None:
    page = _open(open_as, "editor")
    page.get_by_role("link", name="Sunting", exact=True).first.click()
    panel = page.locator("#pemeriksaan")
    expect(panel.locator(".finding", has_text="didalam")).to_be_visible()
    text = page.locator(".ProseMirror")
    expect(text.locator('[data-finding="bank_account"]')).to_have_text("0123456789012")
    # What is typed is checked without saving.
    page.get_by_label("Teras", exact=True).fill("Surat di tulis kemarin.")
    mine = panel.locator(".finding", has_text="di tulis")
    expect(mine).to_be_visible()
    mine.get_by_role("link", name=re.compile("Lihat")).click()
    lead = page.get_by_label("Teras", exact=True)
    expect(lead).to_be_focused()
    assert lead.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)") == "di tulis"
    panel.locator(".finding", has_text="didalam").get_by_role("link", name=re.compile("Lihat")).click()
    assert page.evaluate("String(getSelection())") == "didalam"
    # Also what stands folded away beside the text goes out, and is led to.
    writer = page.locator("[name=writer_credit]")
    writer.evaluate(
        "e => { e.value = 'NIK 7371091212900001'; e.dispatchEvent(new Event('input', { bubbles: true })) }"
    )
    panel.locator(".finding", has_text="7371091212900001").get_by_role(
        "link", name=re.compile("Lihat")
    ).click()
    expect(writer).to_be_focused()
    assert writer.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)") == "7371091212900001"
    # Mending it makes the finding go.
    lead.fill("Surat ditulis kemarin.")
    expect(mine).to_have_count(0)


def test_a_finding_on_the_storys_page_leads_to_its_passage(open_as: Callable[..., Page]) -> None:
    page = _open(open_as, "approver", width=360)
    line = page.locator("#pemeriksaan .finding", has_text="0123456789012")
    line.get_by_role("link", name=re.compile("Lihat")).click()
    shown = page.evaluate("[...CSS.highlights.get('finding')].map(String)")
    assert shown == ["0123456789012"]
    line.get_by_text("Kesampingkan dengan alasan").click()
    line.get_by_label("Alasan").fill("Nomor dari pesan palsu yang dibantah")
    line.get_by_role("button", name="Kesampingkan").click()
    expect(page.locator(".findings--aside")).to_contain_text("Nomor dari pesan palsu yang dibantah")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
