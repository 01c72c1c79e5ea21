"""Every version can be read, compared with any other as it looks, and made current again."""

from collections.abc import Callable
from typing import Any

import pytest

from humasflow.approvals import services as approvals
from humasflow.approvals.models import Package
from humasflow.core.db import db
from humasflow.stories import queries, services
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story, StoryBody
from tests.factories import desk
from tests.factories.world import World
from tests.support.page import Browser

pytestmark = pytest.mark.usefixtures("in_request")

BrowserOf = Callable[[Any], Browser]


def written(world: World, count: int) -> Story:
    """A story with this many versions, by two people."""
    story = desk.story(world, body_html="<p>Isi versi 1.</p>")
    for n in range(2, count + 1):
        services.save_version(
            story, actor=world.as_(world.editor if n % 2 else world.other_editor),
            content=desk.text(title=f"Judul {n}", body_html=f"<p>Isi versi {n}.</p>"), note=f"Alasan {n}",
        )  # fmt: skip
    db.session.commit()
    return story


def test_the_list_names_author_reason_and_time(world: World, browser_of: BrowserOf) -> None:
    story = written(world, 3)
    page = browser_of(world.approver).get(f"/naskah/{story.id}/versi")
    rows = [" ".join(r.get_text(" ").split()) for r in page.soup.select("tbody tr")]
    assert rows[0].startswith("Versi 3 berlaku sekarang Alasan 3 Redaktur Satu")
    assert rows[1].startswith("Versi 2 Alasan 2 Redaktur Dua")
    assert len(rows) == 3
    assert page.soup.select_one("input[name=dari][checked]")["value"] == "2"
    assert page.soup.select_one("input[name=ke][checked]")["value"] == "3"


def test_the_list_costs_the_same_on_every_page(world: World, browser_of: BrowserOf, statements: Any) -> None:
    story = written(world, 65)
    browser = browser_of(world.editor)
    seen: list[str] = []
    url: str | None = f"/naskah/{story.id}/versi"
    counts = []
    while url:
        statements.reset()
        page = browser.get(url)
        counts.append(len(statements))
        seen += [a.get_text() for a in page.soup.select("tbody a")]
        more = page.soup.select_one("a[rel=next]")
        url = str(more["href"]) if more else None
    assert seen == [f"Versi {n}" for n in range(65, 0, -1)]
    assert len(set(counts)) == 1 and counts[0] <= 12


def test_a_running_version_is_marked(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world)
    services.autosave(
        story, actor=world.as_(world.editor), content=desk.text(title="Diketik"), stamp=queries.edit_stamp(story),
        tab="a" * 24, step=1,
    )  # fmt: skip
    db.session.commit()
    browser = browser_of(world.editor)
    assert "sedang ditulis" in browser.get(f"/naskah/{story.id}/versi").text
    services.seal(db.session.get_one(Story, story.id))
    db.session.commit()
    page = browser.get(f"/naskah/{story.id}/versi")
    assert "sedang ditulis" not in page.text and "tersimpan sendiri" in page.text


def test_any_two_are_compared_both_ways(world: World, browser_of: BrowserOf) -> None:
    story = written(world, 9)
    browser = browser_of(world.approver)
    page = browser.get(f"/naskah/{story.id}/versi/banding?dari=3&ke=9")
    assert page.h1 == "Versi 3 dan 9"
    assert "[dihapus: 3" in page.text and "[ditambahkan: 9" in page.text
    back = browser.get(page.link("Tukar arah"))
    assert back.h1 == "Versi 9 dan 3"
    assert "[dihapus: 9" in back.text
    sides = browser.get(page.link("Berdampingan"))
    left, right = (c.get_text() for c in sides.soup.select(".diff-row--changed > div"))
    assert "3" in left and "9" not in left and "9" in right and "3" not in right
    assert browser.get(f"/naskah/{story.id}/versi/banding").h1 == "Versi 8 dan 9"
    assert "Isi kedua versi ini sama" in browser.get(f"/naskah/{story.id}/versi/banding?dari=4&ke=4").text
    for wrong in ("dari=0&ke=99", "dari=99&ke=1"):
        browser.get(f"/naskah/{story.id}/versi/banding?{wrong}", status=404)
    assert browser.get(f"/naskah/{story.id}/versi/banding?dari=x&ke=-1").status == 200


def test_facts_pictures_and_formatting_are_compared(world: World, browser_of: BrowserOf) -> None:
    one, two, three = (desk.asset(world, name=f"{n}.jpg") for n in ("satu", "dua", "tiga"))
    story = desk.story(
        world, body_html="<h2>Latar</h2><ul><li>satu</li><li>dua</li></ul>", kicker="Rubrik lama",
        pictures=(desk.picture(one), desk.picture(two)),
    )  # fmt: skip
    services.save_version(
        story, actor=world.as_(world.editor),
        content=desk.text(
            body_html="<h2>Latar</h2><ul><li>satu</li><li><strong>dua</strong></li></ul>", kicker="Rubrik baru",
            claim="Klaim baru", pictures=(desk.picture(two, caption="Keterangan"), desk.picture(three)),
        ),
    )  # fmt: skip
    db.session.commit()
    page = browser_of(world.editor).get(f"/naskah/{story.id}/versi/banding")
    main = page.main
    assert "[dihapus: lama" in main and "[ditambahkan: Klaim baru" in main
    assert "satu.jpg Foto dilepas" in main and "tiga.jpg Foto ditambahkan" in main
    assert "dua.jpg Keterangan foto diubah" in main
    body = page.soup.select_one(".diff-body")
    assert body.h2.get_text() == "Latar"
    assert len(body.find_all("ul")) == 1
    assert body.find("ins").find("strong").get_text() == "dua"


def test_a_comparison_costs_the_same_whatever_the_pictures(
    world: World, browser_of: BrowserOf, statements: Any
) -> None:
    counts = []
    for number in (2, 5):
        made = [desk.picture(desk.asset(world)) for _ in range(number)]
        story = desk.story(world, pictures=tuple(made))
        services.save_version(
            story, actor=world.as_(world.editor), content=desk.text(title="B", pictures=tuple(made[1:]))
        )
        db.session.commit()
        browser = browser_of(world.editor)
        browser.get("/profil")  # what is asked once an application
        statements.reset()
        browser.get(f"/naskah/{story.id}/versi/banding")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_restoring_is_a_new_version_with_its_reason(world: World, browser_of: BrowserOf) -> None:
    story = written(world, 3)
    browser = browser_of(world.editor)
    page = browser.get(f"/naskah/{story.id}/versi/1")
    form = page.form("/pulihkan") | {"reason": "Yang baru keliru"}
    browser.post(f"/naskah/{story.id}/versi/1/pulihkan", form)
    newest = desk.versions(story)[0]
    assert (newest.number, newest.note) == (4, "Dikembalikan ke versi 1: Yang baru keliru")
    assert queries.get_body(newest.id) == "<p>Isi versi 1.</p>"
    browser.post(f"/naskah/{story.id}/versi/1/pulihkan", {"reason": "x" * 201}, status=422)


def test_what_restoring_does_to_an_approval_is_said_first(world: World, browser_of: BrowserOf) -> None:
    story = written(world, 2)
    desk.bring_to(story, StoryState.APPROVED)
    db.session.commit()
    browser = browser_of(world.editor)
    for page in (
        browser.get(f"/naskah/{story.id}/versi/1"),
        browser.get(f"/naskah/{story.id}/versi/banding?dari=1&ke=2"),
    ):
        assert "Persetujuannya gugur" in page.main
        assert "Pulihkan versi 1 dan gugurkan persetujuan" in page.main


def test_who_may_not_write_reads_why(world: World, browser_of: BrowserOf) -> None:
    story = written(world, 2)
    page = browser_of(world.approver).get(f"/naskah/{story.id}/versi/1")
    assert "Peran Anda belum mencakup penyuntingan naskah." in page.main
    assert not page.soup.select('form[action$="pulihkan"]')


def test_what_changed_since_the_last_approval(world: World, browser_of: BrowserOf) -> None:
    story = desk.story(world, body_html="<p>Lelang hari Senin.</p>")
    desk.post(world, story)
    desk.post(world, story, account="web")
    browser = browser_of(world.editor)
    db.session.commit()
    url = f"/naskah/{story.id}/versi/sejak-persetujuan"
    assert "belum pernah disetujui" in browser.get(url).main
    package = approvals.submit_package(story, actor=world.as_(world.editor))
    db.session.commit()
    approvals.approve(package, actor=world.as_(world.approver), digest=package.digest)
    db.session.commit()
    assert db.session.get_one(Package, package.id).approved_at is not None
    assert "masih persis seperti yang disetujui" in browser.get(url).main
    services.save_version(
        story, actor=world.as_(world.editor), content=desk.text(body_html="<p>Lelang hari Rabu.</p>")
    )
    desk.post(world, story, account="x", words="Lelang Rabu")
    db.session.commit()
    page = browser.get(url)
    assert "[dihapus: Senin" in page.main and "[ditambahkan: Rabu" in page.main
    assert "X Kantor baru, belum disetujui" in page.main
    assert url in browser.get(f"/naskah/{story.id}").html
    assert url in browser.get(f"/naskah/{story.id}/sunting").html


def test_another_office_finds_nothing(world: World, other_world: World, browser_of: BrowserOf) -> None:
    story = written(world, 2)
    stranger = browser_of(other_world.editor)
    for path in ("versi", "versi/banding", "versi/1", "versi/sejak-persetujuan"):
        stranger.get(f"/naskah/{story.id}/{path}", status=404)


def test_what_was_stored_behind_the_products_back_is_cleaned_where_it_is_compared(
    world: World, browser_of: BrowserOf
) -> None:
    story = desk.story(world, body_html="<p>Satu dua</p>")
    services.autosave(
        story, actor=world.as_(world.editor), content=desk.text(body_html="<p>Satu dua tiga</p>"),
        stamp=queries.edit_stamp(story), tab="a" * 24, step=1,
    )  # fmt: skip
    raw = '<p>Satu <a href="javascript:alert(1)">dua</a> tiga</p>'
    db.session.get_one(StoryBody, story.current_version_id).html = raw
    db.session.commit()
    page = browser_of(world.editor).get(f"/naskah/{story.id}/versi/banding?dari=1&ke=2")
    assert "Satu" in page.text
    assert "javascript:" not in page.html
