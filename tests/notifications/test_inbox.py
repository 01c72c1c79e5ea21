"""The inbox: what a person was told, read one by one or all at once."""

from collections.abc import Callable

import pytest

from humasflow.accounts.models import User
from humasflow.core.db import db
from humasflow.notifications import queries, services
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.models import Notification
from humasflow.notifications.routing.enums import NoticeChannel, NoticeMode, NoticeTopic
from humasflow.notifications.routing.models import NoticePreference
from tests.conftest import QueryCount
from tests.factories.world import World
from tests.pitches.ideas import pitched
from tests.support.page import Browser

pytestmark = pytest.mark.db
BrowserOf = Callable[[User], Browser]
URL = "/pemberitahuan/"


@pytest.fixture(autouse=True)
def _request(in_request: None) -> None:
    """Notices are written by services, which need a language."""


def fill(world: World, count: int, *, user: User | None = None, prefix: str = "n") -> None:
    for n in range(count):
        services.notify(
            [user or world.editor], NoticeKind.POST_LIVE, office_id=world.office.id, subject=("post", 1),
            key=f"{prefix}:{n}", title=f"Berita {prefix}{n}",
        )  # fmt: skip
    db.session.commit()


def test_an_empty_inbox_says_what_will_come(world: World, browser_of: BrowserOf) -> None:
    page = browser_of(world.contributor).get(URL)
    assert "Belum ada pemberitahuan" in page.main
    assert not page.soup.select(".bell b")


def test_opening_one_marks_it_read_and_leads_there(world: World, browser_of: BrowserOf) -> None:
    pitch = pitched(world, "Lelang UMKM")
    editor = browser_of(world.editor)
    page = editor.get(URL)
    assert page.soup.select_one(".bell b").text == "1"
    assert "Usulan baru dari Kontributor Satu: Lelang UMKM" in page.main
    assert "1 hal belum Anda baca." in page.main
    assert queries.count_unread(world.editor.id) == 1, "looking changes nothing"
    (notice,) = db.session.query(Notification).filter_by(user_id=world.editor.id)
    answer = editor.post(f"/pemberitahuan/{notice.id}/baca", page.form(f"/{notice.id}/baca"))
    assert answer.location == f"/usulan/{pitch.id}"
    assert queries.count_unread(world.editor.id) == 0
    again = editor.get(URL)
    assert "Semua sudah Anda baca." in again.main
    assert "Tidak ada yang terlewat" in editor.get(f"{URL}?hanya=belum-dibaca").main


def test_all_at_once_but_only_what_was_seen(world: World, browser_of: BrowserOf) -> None:
    fill(world, 3)
    editor = browser_of(world.editor)
    seen = editor.get(URL).form("baca-semua")
    fill(world, 1, prefix="later")
    page = editor.follow(editor.post("/pemberitahuan/baca-semua", seen))
    assert queries.count_unread(world.editor.id) == 1
    assert "3 pemberitahuan ditandai dibaca." in page.text
    for nonsense in ({}, {"up_to": "semua"}, {"up_to": "-1"}):
        editor.post("/pemberitahuan/baca-semua", nonsense)
        assert queries.count_unread(world.editor.id) == 1
    editor.post("/pemberitahuan/baca-semua", {"up_to": "9" * 30})
    assert queries.count_unread(world.editor.id) == 0


def test_another_persons_notice_does_not_exist(world: World, browser_of: BrowserOf) -> None:
    fill(world, 1)
    (notice,) = db.session.query(Notification).all()
    browser_of(world.other_editor).post(f"/pemberitahuan/{notice.id}/baca", status=404)
    assert queries.count_unread(world.editor.id) == 1
    assert "Berita n0" not in browser_of(world.other_editor).get(URL).main


def test_older_ones_follow_without_a_gap_or_a_repetition(world: World, browser_of: BrowserOf) -> None:
    fill(world, queries.PAGE_SIZE + 5)
    editor = browser_of(world.editor)
    first = editor.get(URL)
    fill(world, 2, prefix="new")
    second = editor.get(first.link("Muat berikutnya"))
    texts = [li.get_text() for page in (first, second) for li in page.soup.select(".notice .wrap-anywhere")]
    assert len(texts) == len(set(texts)) == queries.PAGE_SIZE + 5
    assert "Muat berikutnya" not in second.main
    editor.get(f"{URL}?setelah=rusak")


def test_the_inbox_costs_the_same_with_one_and_with_many(
    world: World, browser_of: BrowserOf, statements: QueryCount
) -> None:
    fill(world, 1)
    editor = browser_of(world.editor)
    editor.get(URL)
    statements.reset()
    editor.get(URL)
    one = len(statements)
    fill(world, 20, prefix="m")
    statements.reset()
    editor.get(URL)
    assert len(statements) == one
    assert one <= 10


def test_every_kind_has_a_sentence_a_look_and_a_place(world: World, browser_of: BrowserOf) -> None:
    # Briefs come by mail alone unless somebody wants them here.
    db.session.add(
        NoticePreference(
            user_id=world.editor.id,
            topic=NoticeTopic.SUMMARIES,
            channel=NoticeChannel.IN_APP,
            mode=NoticeMode.NOW,
        )
    )
    for kind in NoticeKind:
        subject = ("pitch" if kind.value.startswith("pitch") else "package" if kind is NoticeKind.REVIEW_WANTED else
                   "post" if kind.value.startswith(("post", "manual")) else "story")  # fmt: skip
        services.notify(
            [world.editor], kind, office_id=world.office.id, subject=(subject, 5), key=kind.value, title="Judul 100 %",
            actor_name="Ani", reason="Sebab",
        )  # fmt: skip
    db.session.commit()
    browser = browser_of(world.editor)
    pages = [browser.get(URL)]
    while further := pages[-1].soup.select_one("main a[rel=next]"):
        pages.append(browser.get(str(further["href"])))
    assert sum(len(page.soup.select(".notice__icon svg")) for page in pages) == len(NoticeKind)
    for notice in db.session.query(Notification):
        assert queries.url_for_notice(notice).endswith("/5")
    assert all("%(" not in page.main for page in pages)
