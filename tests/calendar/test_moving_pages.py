"""Dragging as the page's script asks for it, and undoing."""

from typing import Any

import pytest

from humasflow.audit.queries import list_timeline
from humasflow.core.db import db
from humasflow.posts.models import Post
from humasflow.posts.queries import list_posts_of
from humasflow.publishing import services as publishing
from tests.calendar.movement import (
    CHRISTMAS,
    NOW,
    UNDO,
    At,
    Open,
    at_office,
    campaign,
    drop,
    event,
    key,
    scheduled,
)
from tests.conftest import QueryCount
from tests.factories.world import World
from tests.publishing.desk import NewsDesk
from tests.support.page import Browser


@pytest.fixture
def post(desk: NewsDesk, at: At) -> Any:
    with at(NOW):
        found = scheduled(desk, 20)
        db.session.commit()
        yield found


def test_a_drop_answers_with_what_stands_now_and_how_to_take_it_back(
    post: Post, world: World, browser_of: Open
) -> None:
    editor = browser_of(world.editor)
    told = drop(editor, key(post), day="2026-11-24")
    assert told.status_code == 200, told.text
    (item,) = told.json["items"]
    db.session.expire_all()
    assert item == {
        "item": f"publikasi:{post.id}:{post.row_version - 1}", "kind": "publikasi", "id": post.id, "occurrence": "",
        "row_version": post.row_version, "day": "2026-11-24", "clock": "09:00", "time": "09.00", "state": "scheduled",
        "label": "Terjadwal", "icon": post.account.kind.icon, "state_icon": "clock", "tone": "sched",
        "title": post.story.title,
    }  # fmt: skip
    assert told.json["message"] == "Situs berita dipindahkan ke 24 Nov 2026 09.00 WIB."
    assert told.json["failed"] == []
    back = drop(editor, None, UNDO, undo=told.json["undo"])
    assert (back.status_code, back.json["undo"]) == (200, None)
    assert back.json["message"] == "Situs berita kembali ke 20 Nov 2026 09.00 WIB."
    assert back.json["items"][0]["day"] == "2026-11-20"
    db.session.expire_all()
    assert post.scheduled_at == at_office(20)
    assert len(list_timeline(("post", post.id))) == 2 + 2


def test_a_time_of_the_week_view_and_the_tray(post: Post, world: World, browser_of: Open) -> None:
    editor = browser_of(world.editor)
    told = drop(editor, key(post), day="2026-11-24", time="13:00").json
    assert (told["items"][0]["clock"], told["items"][0]["time"]) == ("13:00", "13.00")
    told = drop(
        editor, told["items"][0]["item"].rsplit(":", 1)[0] + f":{told['items'][0]['row_version']}", day=""
    ).json
    assert told["items"][0] | {"day": "", "clock": "", "time": ""} == told["items"][0]
    assert told["message"] == "Situs berita: jadwalnya dilepas."
    undone = drop(editor, None, UNDO, undo=told["undo"]).json
    assert (undone["items"][0]["day"], undone["items"][0]["clock"]) == ("2026-11-24", "13:00")


def test_warnings_wait_for_the_person(post: Post, world: World, browser_of: Open) -> None:
    editor = browser_of(world.editor)
    asked = drop(editor, key(post), day=CHRISTMAS.isoformat())
    assert (asked.status_code, asked.json["warnings"]) == (
        409,
        [{"text": "Jumat, 25 Desember 2026: Hari libur, Hari Raya Natal."}],
    )
    assert "error" not in asked.json
    db.session.expire_all()
    assert post.scheduled_at == at_office(20)
    assert drop(editor, key(post), day=CHRISTMAS.isoformat(), tetap="1").status_code == 409, "yes to what?"
    answer = asked.json["answer"]
    assert drop(editor, key(post), day="2027-01-01", tetap=answer).status_code == 409, "yes to another day"
    assert drop(editor, key(post), day=CHRISTMAS.isoformat(), tetap=answer).status_code == 200
    db.session.expire_all()
    assert post.scheduled_at == at_office(25, month=12)


def test_the_second_person_gets_what_the_first_did_and_where_it_stands(
    post: Post, world: World, browser_of: Open
) -> None:
    seen = key(post)
    assert drop(browser_of(world.other_editor), seen, day="2026-11-23").status_code == 200
    late = drop(browser_of(world.editor), seen, day="2026-11-25")
    assert late.status_code == 409
    assert late.json["error"].startswith(
        "Redaktur Dua lebih dahulu mengubah Situs berita, pada 14 Okt 2026 08.00 WIB"
    )
    assert late.json["current"] == {
        "day": "2026-11-23", "clock": "09:00", "by": "Redaktur Dua", "at": "2026-10-14T01:00:00+00:00",
    }  # fmt: skip
    (item,) = late.json["items"]
    db.session.expire_all()
    assert (item["day"], item["row_version"]) == ("2026-11-23", post.row_version)
    assert "warnings" not in late.json
    again = drop(browser_of(world.editor), f"publikasi:{post.id}:{item['row_version']}", day="2026-11-25")
    assert again.status_code == 200


def test_what_is_refused_moves_nothing_and_says_why(
    post: Post, desk: NewsDesk, world: World, other_world: World, browser_of: Open
) -> None:
    editor = browser_of(world.editor)
    for words, said in (
        ({"day": "2020-01-01"}, "sudah lewat"), ({"day": "1900-01-01"}, "Periksa tahunnya"),
        ({"day": "9999-12-31"}, "Periksa tahunnya"), ({"day": "2026-02-31"}, "tidak ada di kalender"),
        ({"day": "2026-11-24", "time": "99:99"}, "tidak dikenal"), ({"shift": "1e9"}, "bilangan hari"),
        ({"day": "2026-11-24", "extent": "some"}, "berulang"), ({"day": "2036-01-01"}, "tiga tahun"),
    ):  # fmt: skip
        told = drop(editor, key(post), **words)
        assert (told.status_code, said in told.json["error"]) == (422, True), (words, told.text)
        assert told.json["reasons"]
    for item in (
        "",
        "x",
        "publikasi",
        "publikasi:x:1",
        "hari:1:1",
        "publikasi:-1:1",
        "publikasi:²:1",
        "agenda:1:1:besok",
    ):
        assert drop(editor, item, day="2026-11-24").status_code == 422, item
    assert drop(editor, [], day="2026-11-24").status_code == 422
    assert "tidak ada (lagi)" in drop(editor, "publikasi:999999:1", day="2026-11-24").json["error"]
    assert drop(browser_of(other_world.editor), key(post), day="2026-11-24").status_code == 422
    assert drop(browser_of(world.contributor), key(post), day="2026-11-24").status_code == 403
    assert drop(browser_of(world.lead), key(post), day="2026-11-24").status_code == 403
    assert drop(Browser(editor.app), key(post), day="2026-11-24").status_code in (302, 303, 401)
    publishing.publish_now(post, actor=desk.editor)
    db.session.commit()
    desk.work()
    live = drop(editor, key(post), day="2026-11-24")
    assert (live.status_code, "sudah tayang" in live.json["error"]) == (422, True)


def test_who_may_move_one_kind_may_not_move_another(post: Post, world: World, browser_of: Open) -> None:
    """An admin plans campaigns and schedules nothing."""
    span = campaign(world)
    db.session.commit()
    admin = browser_of(world.admin)
    told = drop(admin, [key(post), key(span)], shift="1")
    assert told.status_code == 200
    assert [i["kind"] for i in told.json["items"]] == ["kampanye"]
    assert [(f["kind"], f["id"]) for f in told.json["failed"]] == [("publikasi", post.id)]
    assert "Peran Anda" in told.json["failed"][0]["message"]
    db.session.expire_all()
    assert post.scheduled_at == at_office(20)


def test_a_drop_without_a_token_is_refused(post: Post, world: World, browser_of: Open) -> None:
    editor = browser_of(world.editor)
    editor.app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    assert drop(editor, key(post), day="2026-11-24").status_code == 400
    assert drop(editor, None, UNDO, undo="x").status_code == 400
    token = editor.get("/kalender/").soup.select_one("[data-csrf]")["data-csrf"]  # type: ignore[index]
    assert drop(editor, key(post), day="2026-11-24", csrf_token=str(token)).status_code == 200


def test_a_shift_whose_answer_was_lost_is_made_once(post: Post, world: World, browser_of: Open) -> None:
    """The script sends it again with the same token; each on its own, it would be another three days."""
    editor = browser_of(world.editor)
    first = drop(editor, key(post), shift="3", form_token="a" * 36)
    again = drop(editor, key(post), shift="3", form_token="a" * 36)
    assert (first.status_code, again.status_code) == (200, 303)
    db.session.expire_all()
    assert post.scheduled_at == at_office(23)
    undo = first.json["undo"]
    assert [drop(editor, None, UNDO, undo=undo, form_token="b" * 36).status_code for _ in range(2)] == [
        200,
        303,
    ]
    db.session.expire_all()
    assert post.scheduled_at == at_office(20)


def test_what_was_asked_about_can_be_sent_again_with_a_token(
    post: Post, world: World, browser_of: Open
) -> None:
    editor = browser_of(world.editor)
    for _ in range(2):
        asked = drop(editor, key(post), day=CHRISTMAS.isoformat(), form_token="c" * 36)
        assert asked.status_code == 409, "nothing was done, so nothing is repeated"


def test_what_somebody_else_moved_is_placed_whatever_became_of_the_rest(
    post: Post, desk: NewsDesk, world: World, browser_of: Open
) -> None:
    editor, other = browser_of(world.editor), browser_of(world.other_editor)
    beside = scheduled(desk, 21, account="facebook")
    db.session.commit()
    both, mine = [key(post), key(beside)], key(beside)
    assert drop(other, key(post), day="2026-11-09").status_code == 200
    asked = drop(editor, both, day=CHRISTMAS.isoformat())
    assert (asked.status_code, [f["id"] for f in asked.json["failed"]]) == (409, [post.id])
    assert [(i["id"], i["day"]) for i in asked.json["items"]] == [(post.id, "2026-11-09")]
    refused = drop(editor, [key(post).rsplit(":", 1)[0] + ":1", "publikasi:999999:1"], day="2026-11-12")
    assert (refused.status_code, [i["day"] for i in refused.json["items"]]) == (422, ["2026-11-09"])
    done = drop(editor, both, day="2026-11-12")
    assert done.status_code == 200
    assert [(i["item"], i["day"]) for i in done.json["items"]] == [
        (mine, "2026-11-12"),
        (both[0], "2026-11-09"),
    ]


def test_an_undo_that_is_none_says_so(post: Post, world: World, browser_of: Open) -> None:
    editor = browser_of(world.editor)
    undo = drop(editor, key(post), day="2026-11-24").json["undo"]
    for text in ("", "x", undo + "x"):
        assert drop(editor, None, UNDO, undo=text).status_code == 422
    assert drop(browser_of(world.other_editor), None, UNDO, undo=undo).status_code == 422


def test_one_of_a_series_answers_with_its_occurrence(
    world: World, at: At, browser_of: Open, in_request: None
) -> None:
    with at(NOW):
        found = event(world, rule="FREQ=WEEKLY;COUNT=4")
        db.session.commit()
        editor = browser_of(world.editor)
        told = drop(editor, key(found, at_office(11)), day="2026-11-12", extent="future")
        assert told.status_code == 200, told.text
        (item,) = told.json["items"]
        assert item["id"] != found.id
        assert (item["kind"], item["day"], item["label"]) == ("agenda", "2026-11-12", "Pasti")
        again = drop(
            editor, f"agenda:{item['id']}:{item['row_version']}:{item['occurrence']}", day="2026-11-13"
        )
        assert again.status_code == 200, "what the answer calls it can be moved on"


def test_a_round_trip_costs_few_statements(
    desk: NewsDesk, post: Post, world: World, browser_of: Open, statements: QueryCount
) -> None:
    editor = browser_of(world.editor)
    drop(editor, key(post), day="2026-11-24")
    db.session.expire_all()
    item = key(post)
    statements.reset()
    empty = drop(editor, None, UNDO, undo="x")
    few = len(statements)
    statements.reset()
    assert (drop(editor, item, day="2026-11-26").status_code, empty.status_code) == (200, 422)
    assert len(statements) - few <= 13


def test_from_the_tray_before_approval(desk: NewsDesk, world: World, at: At, browser_of: Open) -> None:
    with at(NOW):
        (post,) = list_posts_of(desk.ready("web").id)
        db.session.commit()
        told = drop(browser_of(world.editor), key(post), day="2026-11-03").json
        assert "Belum disetujui: tidak akan tayang sebelum disetujui." in told["message"]
        assert (told["items"][0]["time"], told["items"][0]["state"]) == ("09.00", "draft")
        assert drop(browser_of(world.editor), None, UNDO, undo=told["undo"]).json["items"][0]["day"] == ""
        db.session.expire_all()
        assert post.scheduled_at is None
