"""Isi angka: many publications at once, typed or pasted; empty is unknown, nothing is lost, nothing is double."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotAllowed, NotFound
from humasflow.core.permissions import ROLE_PERMISSIONS, Permission, Role
from humasflow.metrics.models import MetricSnapshot
from humasflow.metrics.policy import reasons_not_to_record
from humasflow.metrics.services import Entry, NothingRecorded, WrongTime, record_grid
from humasflow.publishing.enums import DeliveryState
from tests.conftest import QueryCount
from tests.factories.publications import live_post
from tests.factories.world import World
from tests.support.page import Browser

pytestmark = pytest.mark.db
Open = Callable[[Any], Browser]
PAGE = "/keterlibatan/isi?periode=2026-TW1"


def written() -> list[MetricSnapshot]:
    return list(db.session.scalars(select(MetricSnapshot).order_by(MetricSnapshot.id)))


def test_the_same_grid_twice_writes_once(world: World, in_request: None) -> None:
    one, two = live_post(world), live_post(world)
    seen, actor = clock.now(), world.as_(world.editor)
    entries = [Entry(one.id, {"likes": 3, "reach": 0}), Entry(two.id, {"likes": None})]
    assert record_grid(world.office.id, entries, actor=actor, seen_at=seen).written == 1
    again = record_grid(world.office.id, entries, actor=actor, seen_at=seen)
    assert (again.written, again.known) == (0, 1)
    (row,) = written()
    assert (row.delivery_id, row.likes, row.reach, row.views, row.source) == (one.id, 3, 0, None, "manual")
    more = record_grid(world.office.id, [Entry(one.id, {"likes": 4})], actor=actor, seen_at=seen)
    assert more.written == 1


def test_who_may_and_what_may_be_recorded(world: World, other_world: World, in_request: None) -> None:
    mine, foreign = live_post(world), live_post(other_world)
    seen, entry = clock.now(), Entry(mine.id, {"likes": 3})
    with pytest.raises(NotAllowed):
        record_grid(world.office.id, [entry], actor=world.as_(world.contributor), seen_at=seen)
    with pytest.raises(NotFound):
        record_grid(world.office.id, [entry], actor=other_world.as_(other_world.editor), seen_at=seen)
    editor = world.as_(world.editor)
    with pytest.raises(WrongTime):
        record_grid(world.office.id, [entry], actor=editor, seen_at=seen + timedelta(hours=1))
    with pytest.raises(NothingRecorded):
        record_grid(world.office.id, [Entry(mine.id, {})], actor=editor, seen_at=seen)
    result = record_grid(world.office.id, [Entry(foreign.id, {"likes": 3})], actor=editor, seen_at=seen)
    assert (result.written, result.left_out) == (0, (foreign.id,))
    early = record_grid(world.office.id, [entry], actor=editor, seen_at=mine.published_at - timedelta(days=1))
    assert early.left_out == (mine.id,)
    assert written() == []


def test_a_wrong_cell_is_named_and_the_others_stay(world: World, browser_of: Open) -> None:
    post = live_post(world)
    db.session.commit()
    editor = browser_of(world.editor)
    form = editor.get(PAGE).form("/keterlibatan/isi")
    likes, reach = f"n-{post.id}-likes", f"n-{post.id}-reach"
    page = editor.post(PAGE, form | {likes: "Rp1.234", reach: "1,2 rb", "aksi": "simpan"}, status=422)
    assert "jumlah uang" in page.main
    assert page.form("/keterlibatan/isi")[reach] == "1,2 rb"
    assert page.form("/keterlibatan/isi")[likes] == "Rp1.234"
    assert written() == []
    again = page.form("/keterlibatan/isi") | {likes: "1.234", "aksi": "simpan"}
    editor.post(PAGE, again)
    (row,) = written()
    assert (row.likes, row.reach, row.comments) == (1234, 1200, None)
    assert "terakhir 1.234" in editor.get(PAGE).main


def test_what_was_typed_for_a_publication_taken_down_meanwhile_is_named(
    world: World, browser_of: Open
) -> None:
    gone, stays = live_post(world, title="Diturunkan"), live_post(world)
    db.session.commit()
    editor = browser_of(world.editor)
    form = editor.get(PAGE).form("/keterlibatan/isi") | {f"n-{gone.id}-likes": "7", "aksi": "simpan"}
    gone.state = DeliveryState.RETRACTED
    db.session.commit()
    alone = editor.follow(editor.post(PAGE, form))
    assert "1 dilewati" in alone.text
    assert gone.title in alone.text
    assert written() == []
    both = form | {f"n-{stays.id}-likes": "3"}
    answer = editor.follow(
        editor.post(PAGE, both | {"form_token": editor.get(PAGE).form("/keterlibatan/isi")["form_token"]})
    )
    assert "1 publikasi dicatat." in answer.text
    assert gone.title in answer.text
    assert [row.delivery_id for row in written()] == [stays.id]


def test_numbers_seen_before_the_publication_are_refused_and_stay_typed(
    world: World, browser_of: Open
) -> None:
    post = live_post(world)
    db.session.commit()
    editor = browser_of(world.editor)
    likes = f"n-{post.id}-likes"
    form = editor.get(PAGE).form("/keterlibatan/isi") | {
        likes: "7",
        "seen_on": "2026-02-09",
        "aksi": "simpan",
    }
    page = editor.post(PAGE, form, status=422)
    assert "Ada yang tayang sesudah waktu ini" in page.main
    assert post.title in page.main
    assert page.form("/keterlibatan/isi")[likes] == "7"
    assert written() == []


def test_a_row_that_another_one_stands_for_by_now_is_still_kept(world: World, browser_of: Open) -> None:
    later = live_post(world, at="2026-02-11T02:00Z")
    db.session.commit()
    editor = browser_of(world.editor)
    form = editor.get(PAGE).form("/keterlibatan/isi") | {f"n-{later.id}-likes": "7", "aksi": "simpan"}
    earlier = live_post(world, account=world.facebook, at="2026-02-10T02:00Z")
    earlier.canonical_url = later.canonical_url  # a post of two accounts
    db.session.commit()
    editor.post(PAGE, form)
    assert [(row.delivery_id, row.likes) for row in written()] == [(later.id, 7)]
    assert "terakhir 7" in editor.get(PAGE).main  # in the row of the first, which stands for both
    assert f"n-{earlier.id}-likes" in editor.get(PAGE).form("/keterlibatan/isi")


def test_a_paste_is_shown_before_anything_is_kept(world: World, browser_of: Open) -> None:
    one, two = live_post(world), live_post(world, at="2026-02-11T02:00Z")
    db.session.commit()
    editor = browser_of(world.editor)
    form = editor.get(PAGE).form("/keterlibatan/isi")
    table = f"Link\tLikes\tJangkauan\n{one.permalink}?utm_source=wa\t12\t1.500\nhttps://lain.example/x\t1\t2"
    page = editor.post(PAGE, form | {"tempelan": table, "aksi": "tempel"}, status=422)
    assert "Baris 3" in page.main
    filled = page.form("/keterlibatan/isi")
    assert (filled[f"n-{one.id}-likes"], filled[f"n-{one.id}-reach"]) == ("12", "1.500")
    assert filled[f"n-{two.id}-likes"] == ""
    assert written() == []
    plain = editor.post(PAGE, filled | {"tempelan": "7\t8\n9", "aksi": "tempel"}, status=200)
    rows = plain.form("/keterlibatan/isi")
    assert (rows[f"n-{two.id}-likes"], rows[f"n-{two.id}-comments"], rows[f"n-{one.id}-likes"]) == (
        "7",
        "8",
        "9",
    )
    editor.post(PAGE, rows | {"tempelan": "", "aksi": "simpan"})
    assert db.session.scalar(select(func.count(MetricSnapshot.id))) == 2


@pytest.mark.parametrize(
    ("pasted", "newest", "oldest"),
    [
        ("7\t8\n\t\n9\t1", "7", "9"),  # nothing is known of the one between
        ("\n\n9", "", "9"),
        ("1,2 rb\n\n1,234", "1,2 rb", "1,234"),  # one column: no comma separates
        ("Suka,Komentar\n7,8\n\n9,1", "7", "9"),
        ("Suka\n\n\n9", "", "9"),
    ],
)
def test_a_paste_without_names_goes_by_its_place(
    world: World, browser_of: Open, pasted: str, newest: str, oldest: str
) -> None:
    last, middle, first = (live_post(world, at=f"2026-02-1{n}T02:00Z") for n in range(3))
    db.session.commit()
    editor = browser_of(world.editor)
    form = editor.get(PAGE).form("/keterlibatan/isi") | {"tempelan": pasted, "aksi": "tempel"}
    filled = editor.post(PAGE, form, status=200).form("/keterlibatan/isi")
    assert [filled[f"n-{post.id}-likes"] for post in (first, middle, last)] == [newest, "", oldest]
    assert {filled[f"n-{post.id}-comments"] for post in (first, middle, last)} <= {"", "8", "1"}


def test_a_number_and_an_address_that_disagree_are_not_pasted(world: World, browser_of: Open) -> None:
    one, two = live_post(world), live_post(world)
    db.session.commit()
    editor = browser_of(world.editor)
    table = f"ID\tTautan\tSuka\n{one.id}\t{two.permalink}\t5\n{two.id}\t{two.permalink}\t6"
    form = editor.get(PAGE).form("/keterlibatan/isi") | {"tempelan": table, "aksi": "tempel"}
    page = editor.post(PAGE, form, status=422)
    assert "Baris 2" in page.main
    filled = page.form("/keterlibatan/isi")
    assert (filled[f"n-{one.id}-likes"], filled[f"n-{two.id}-likes"]) == ("", "6")


def test_the_page_asks_the_database_as_often_for_three_as_for_one(
    world: World, browser_of: Open, statements: QueryCount
) -> None:
    live_post(world)
    db.session.commit()
    editor = browser_of(world.editor)
    counts = []
    for _more in range(2):
        editor.get(PAGE)
        statements.reset()
        editor.get(PAGE)
        counts.append(len(statements))
        live_post(world)
        live_post(world)
        db.session.commit()
    assert counts[0] == counts[1]


def test_who_may_not_record_sees_no_grid(world: World, browser_of: Open) -> None:
    browser_of(world.contributor).get(PAGE, status=403)


def test_what_is_typed_is_kept_by_the_browser_page_by_page(world: World, browser_of: Open) -> None:
    for n in range(26):
        live_post(world, at=f"2026-02-{n + 1:02d}T02:00Z")
    db.session.commit()
    editor = browser_of(world.editor)

    def kept_as(address: str) -> str:
        return str(editor.get(address).soup.select_one("form:has([data-paste-grid])")["data-keep"])

    first = editor.get(PAGE)
    after = first.soup.select_one("a[href*=setelah]")["href"]
    names = [kept_as(a) for a in (PAGE, after, f"{PAGE}&akun={world.web.id}", PAGE.replace("TW1", "S1"))]
    assert len(set(names)) == 4
    assert len(editor.get(after).soup.select(".entry tbody tr")) == 1
    form = first.form("/keterlibatan/isi") | {"n-1-likes": "x", "aksi": "simpan"}
    refused = editor.post(
        PAGE, form | {name: "banyak" for name in form if name.endswith("-likes")}, status=422
    )
    assert refused.soup.select_one("form:has([data-paste-grid])")["data-keep"] == names[0]


def test_the_last_known_number_of_the_other_account_stays_after_a_refusal(
    world: World, browser_of: Open
) -> None:
    first = live_post(world, at="2026-02-10T02:00Z")
    other = live_post(world, account=world.facebook, at="2026-02-11T02:00Z")
    other.canonical_url = first.canonical_url  # a post of two accounts
    db.session.commit()
    seen, actor = clock.now(), world.as_(world.editor)
    record_grid(world.office.id, [Entry(other.id, {"reach": 4321})], actor=actor, seen_at=seen)
    db.session.commit()
    editor = browser_of(world.editor)
    page = editor.get(PAGE)
    assert "terakhir 4.321" in page.main
    form = page.form("/keterlibatan/isi") | {f"n-{first.id}-likes": "banyak", "aksi": "simpan"}
    assert "terakhir 4.321" in editor.post(PAGE, form, status=422).main
    alone = f"{PAGE}&akun={first.account_id}"
    assert "terakhir" not in editor.get(alone).main
    assert "terakhir" not in editor.post(alone, form, status=422).main


def test_who_may_enter_numbers_is_settled_by_the_permission_for_numbers(
    world: World, browser_of: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = live_post(world)
    db.session.commit()
    seen, entry = clock.now(), Entry(post.id, {"likes": 3})
    editor = ROLE_PERMISSIONS[Role.EDITOR]
    pages = (PAGE, "/keterlibatan/unggah", "/keterlibatan/unggah/templat")
    one = f"/publikasi/{post.post_id}/angka"

    monkeypatch.setitem(ROLE_PERMISSIONS, Role.EDITOR, editor - {Permission.METRIC_RECORD})
    assert world.as_(world.editor).can(Permission.EVIDENCE_RECORD, world.office.id)
    for address in pages:
        browser_of(world.editor).get(address, status=403)
    browser_of(world.editor).get(one, status=409)
    with pytest.raises(NotAllowed):
        record_grid(world.office.id, [entry], actor=world.as_(world.editor), seen_at=seen)
    assert "permission" in [r.code for r in reasons_not_to_record(world.as_(world.editor), post)]

    monkeypatch.setitem(ROLE_PERMISSIONS, Role.EDITOR, editor - {Permission.EVIDENCE_RECORD})
    for address in (*pages, one):
        browser_of(world.editor).get(address)
    assert record_grid(world.office.id, [entry], actor=world.as_(world.editor), seen_at=seen).written == 1
    assert reasons_not_to_record(world.as_(world.editor), post) == []
