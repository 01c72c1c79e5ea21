"""A week of work, walked as each person: what every job takes is counted, and may not become more.

The counts are those of docs/experience.md; ``test-results/walks.jsonl`` has them after a run.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import Steps, count_steps, seconds, write_down

pytestmark = pytest.mark.journey
Open = Callable[..., Page]


def begun(page: Page, at: str = "/") -> Page:
    """There, and from here on everything counts."""
    page.goto(at)
    page.wait_for_load_state("networkidle")
    count_steps(page)
    page.wait_for_load_state("networkidle")
    return page


def within(done: Steps, *, clicks: int, fields: int = 0, scrolled: int = 0) -> None:
    assert done["clicks"] <= clicks, done
    assert done["fields"] <= fields, done
    assert done["scrolled"] <= scrolled, done


def test_contributor_sees_what_became_of_an_idea(open_as: Open) -> None:
    page = begun(open_as("contributor", width=360))
    page.locator("section[aria-labelledby=b-usulan] .list__main a").first.click()
    expect(page.get_by_role("heading", name="Siapa memegang usulan ini")).to_be_visible()
    within(write_down("contributor: what became of my pitch", page), clicks=1, scrolled=1)


def test_contributor_finishes_a_task(open_as: Open) -> None:
    page = begun(open_as("contributor", width=360))
    page.locator("main .todo a[href^='/tugas/']").first.click()
    accept, finish = (
        page.locator("main").get_by_role("button", name=n) for n in ("Terima", "Tandai selesai")
    )
    expect(accept.or_(finish).first).to_be_visible()
    if accept.count():
        accept.first.click()
    finish.first.click()
    expect(page.locator("main")).to_contain_text(re.compile("Selesai|selesai"))
    within(write_down("contributor: accept and finish a task", page), clicks=3, scrolled=1)


def test_contributor_reads_their_own_share(open_as: Open) -> None:
    page = begun(open_as("contributor", width=360))
    page.get_by_role("link", name="Kontribusi saya").first.click()
    page.wait_for_url("**/capaian/saya**")
    within(write_down("contributor: my own share", page), clicks=1, scrolled=1)


def test_editor_makes_a_story_of_an_idea(open_as: Open) -> None:
    page = begun(open_as("editor"))
    page.get_by_role("link", name="Baca usulan").click()
    page.locator("main li a[href^='/usulan/'], main article a[href^='/usulan/']").first.click()
    page.get_by_role("button", name="Terima jadi naskah baru").click()
    page.get_by_role("button", name="Terima dan buka naskah").click()
    page.wait_for_url(re.compile(r"/naskah/\d+"))
    within(write_down("editor: an idea becomes a draft", page), clicks=4, scrolled=1)


def test_lead_finds_with_whom_the_rest_waits(open_as: Open) -> None:
    page = begun(open_as("lead", width=1920))
    page.locator(".gap-line, section[aria-labelledby=b-capaian] a, a[href='/capaian/']").locator(
        "visible=true"
    ).first.click()
    page.wait_for_url("**/capaian/**")
    expect(page.get_by_role("heading", name="Mengapa masih kurang")).to_be_visible()
    within(write_down("lead: what is missing, and with whom", page), clicks=1, scrolled=2)


def test_lead_verifies_five_with_one_key_each(open_as: Open) -> None:
    page = begun(open_as("lead"), "/capaian/verifikasi")
    for _n in range(5):
        was = page.url
        page.wait_for_load_state()  # until then nobody listens
        page.keyboard.press("v")
        page.wait_for_url(lambda url, was=was: url != was)
    done = write_down("lead: verify five publications", page)
    within(done, clicks=0)
    assert seconds(done) < 60, done


def test_lead_orders_the_report_of_the_quarter(open_as: Open) -> None:
    page = begun(open_as("lead"))
    page.get_by_role("navigation").get_by_role("link", name=re.compile("Laporan")).first.click()
    page.get_by_role("button", name=re.compile("^Buat")).first.click()
    page.wait_for_url(re.compile(r"/laporan/\d+"))
    within(write_down("lead: order the report of the quarter", page), clicks=3, scrolled=1)


def test_admin_invites_a_colleague(open_as: Open) -> None:
    page = begun(open_as("admin"))
    page.get_by_role("link", name="Pengaturan").first.click()
    page.get_by_role("link", name=re.compile("^Pengguna")).first.click()
    page.get_by_role("link", name=re.compile("Tambah|Undang")).first.click()
    page.get_by_label("Nama lengkap").fill("Rekan Baru")
    page.get_by_label("Alamat surel").fill("rekan.baru@kantor-contoh.example")
    page.locator("main form .btn.primary").last.click()
    expect(page.locator("main")).to_contain_text("Rekan Baru")
    within(write_down("admin: invite a colleague", page), clicks=4, fields=3, scrolled=1)
