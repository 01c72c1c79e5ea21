"""A WordPress site: every page of it, once, whatever happens on the way."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from humasflow.channels.queries import list_accounts
from humasflow.core.db import db
from humasflow.imports.backfill import queries, services
from humasflow.imports.backfill.enums import ItemState, PictureState, RunState
from humasflow.imports.backfill.models import BackfillItem, BackfillRun
from humasflow.imports.backfill.services.applying import Choices
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery, Evidence
from humasflow.publishing.services import record_past_publication
from humasflow.scoring.services.verification import confirm
from humasflow.stories.enums import StoryState
from tests.factories.world import World
from tests.media.files import png

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]


def items(run: BackfillRun) -> list[BackfillItem]:
    return list(
        db.session.scalars(
            select(BackfillItem).where(BackfillItem.run_id == run.id).order_by(BackfillItem.id)
        )
    )


def fresh(run: BackfillRun) -> BackfillRun:
    db.session.expire_all()
    return db.session.get_one(BackfillRun, run.id)


def record(world: World, run: BackfillRun, work, **more) -> BackfillRun:
    """Say yes to everything as berita terbaru, and let the worker do it."""
    run = fresh(run)
    types = {row.category: world.news.id for row in queries.count_categories(run.id)}
    choices = Choices(**({"types": types, "account_id": None} | more))
    services.begin_applying(
        run, world.office, choices, actor=world.as_(world.editor), row_version=run.row_version
    )
    work()
    return fresh(run)


def test_every_page_comes_and_is_what_the_site_says(world, portal, begin, work):
    for number in range(1, 251):
        portal.add(number)
    run = begin(portal.url)
    waits = work()
    run = fresh(run)
    assert (run.state, run.problem, run.total, run.zone) == (RunState.READY, "", 250, "Asia/Makassar")
    found = items(run)
    assert [i.state for i in found] == [ItemState.FOUND] * 250
    first = found[0]
    assert first.title == "Lelang ke-1 – berjalan tertib"
    assert first.url == f"{portal.url}/2026/01/berita-1/"
    assert first.published_at == datetime(2026, 1, 5, 0, 30, tzinfo=UTC)
    assert (first.category, first.excerpt) == ("Berita", "Peserta dari 30 satuan kerja.")
    assert len([p for p in portal.asked if "/posts?" in p]) == 3
    assert min(waits[1:]) > timedelta(seconds=0.5)  # one page a second


def test_recorded_once_with_evidence_and_a_second_run_adds_only_the_new(world, portal, begin, work):
    portal.add(1)
    portal.add(2, category="Siaran Pers")
    run = begin(portal.url)
    work()
    run = record(world, run, work)
    assert run.state is RunState.DONE
    assert [i.state for i in items(run)] == [ItemState.ADDED] * 2
    deliveries = db.session.scalars(select(Delivery).where(Delivery.office_id == world.office.id)).all()
    assert [d.state for d in deliveries] == [DeliveryState.PUBLISHED] * 2
    assert {e.document for e in db.session.scalars(select(Evidence))} == {"127.0.0.1"}
    assert "website_portal" in {a.kind.code for a in list_accounts(world.office.id)}

    portal.add(3)
    again = begin(portal.url)
    work()
    assert [i.state for i in items(again)] == [ItemState.KNOWN, ItemState.KNOWN, ItemState.FOUND]
    record(world, again, work, account_id=deliveries[0].account_id)
    assert db.session.scalar(select(func.count(Delivery.id))) == 3


def test_known_by_its_other_address_and_whatever_stands_behind_it(world, portal, begin, work):
    """Recorded as ``?p=1``, with tracking, with www, as AMP page, by http and with a slash: the same five posts."""
    for number in range(1, 6):
        portal.add(number)
    forms = [
        f"{portal.url}/?p=1", f"{portal.url}/2026/01/berita-2?utm_source=wa&fbclid=x", f"{portal.url}/2026/01/berita-3/",
        f"{portal.url}/2026/01/berita-4/#isi",
    ]  # fmt: skip
    for url in forms:
        record_past_publication(
            actor=None, office=world.office, account=world.facebook, content_type=world.news, title="Lama", url=url,
            published_at=datetime(2026, 1, 5, tzinfo=UTC),
        )  # fmt: skip
    portal.posts[4]["link"] += "amp/"
    portal.add(6, link=f"{portal.url}/2026/01/berita-5/", guid={"rendered": f"{portal.url}/?p=5"})
    run = begin(portal.url)
    work()
    assert [i.state for i in items(run)] == [ItemState.KNOWN] * 4 + [ItemState.FOUND]
    assert items(run)[-1].url == f"https://127.0.0.1:{portal.port}/2026/01/berita-5"


def test_two_addresses_of_one_post_within_a_run(world, portal, begin, work):
    portal.add(1)
    portal.add(2, link=f"{portal.url}/?p=1", guid={"rendered": ""})
    run = begin(portal.url)
    work()
    found = items(run)
    assert [i.state for i in found] == [ItemState.FOUND, ItemState.KNOWN]
    assert "sama dengan" in found[1].reason


def test_other_kinds_are_shown_apart_and_left_alone_unless_chosen(world, portal, begin, work):
    portal.add(1)
    portal.others = {
        "agenda": [portal.posts[0] | {"id": 9, "link": f"{portal.url}/agenda/9", "guid": {"rendered": ""}}]
    }
    run = begin(portal.url, other_types=True)
    work()
    assert [i.category for i in items(run)] == ["Berita", "[Agenda]"]
    types = {"Berita": world.news.id, "[Agenda]": None}
    run = record(world, run, work, types=types)
    assert [(i.state, i.reason) for i in items(run)] == [
        (ItemState.ADDED, ""), (ItemState.LEFT_OUT, "kategori ini tidak diambil"),
    ]  # fmt: skip


def test_only_the_dates_that_were_asked_for_on_the_office_clock(world, portal, begin, work):
    portal.add(1, date_gmt="2026-01-31T16:59:00")  # 23.59 WIB
    portal.add(2, date_gmt="2026-01-31T17:00:00")  # 1 February 00.00 WIB
    run = begin(portal.url)
    work()
    run = record(world, run, work, since=date(2026, 2, 1), until=date(2026, 2, 1))
    assert [i.state for i in items(run)] == [ItemState.LEFT_OUT, ItemState.ADDED]


def test_a_busy_server_is_given_the_time_it_asks_for(world, portal, begin, work):
    portal.add(1)
    portal.failures = [(429, {"Retry-After": "90"}, b""), (503, {}, b""), (500, {}, b"")]
    run = begin(portal.url)
    waits = work()
    assert fresh(run).state is RunState.READY
    assert any(timedelta(seconds=85) < wait <= timedelta(seconds=90) for wait in waits)


def test_what_does_not_get_better_stops_and_goes_on_where_it_was(world, portal, begin, work):
    for number in range(1, 151):
        portal.add(number)
    run = begin(portal.url)
    pages = 0

    def second_fails(query):
        nonlocal pages
        pages += 1
        if query["page"] == ["2"] and pages < 20:
            return 500, {}, b""
        del portal.answers["/wp-json/wp/v2/posts"]
        answer = portal.answer("/wp-json/wp/v2/posts", query)
        portal.answers["/wp-json/wp/v2/posts"] = second_fails
        return answer

    portal.answers["/wp-json/wp/v2/posts"] = second_fails
    work()
    run = fresh(run)
    assert run.state is RunState.FETCHING
    assert "sedang bermasalah (kode 500)" in run.problem
    assert len(items(run)) == 100
    del portal.answers["/wp-json/wp/v2/posts"]
    services.continue_run(run, actor=world.as_(world.editor))
    work()
    assert fresh(run).state is RunState.READY
    assert len(items(run)) == 150
    assert len([p for p in portal.asked if "page=1&" in p]) == 1  # what was read is not read again


BAD = {
    "html": (
        {"title": {"rendered": "<script>alert(1)</script><img src=x onerror=alert(1)>Sah"}},
        ItemState.FOUND,
        "",
    ),
    "script": ({"link": "javascript:alert(1)"}, ItemState.REFUSED, "bukan alamat web"),
    "untitled": ({"title": {"rendered": " <b></b> "}}, ItemState.REFUSED, "judul kosong"),
    "undated": ({"date": None, "date_gmt": None}, ItemState.REFUSED, "tanggal tayang tidak disebut"),
    "zero": (
        {"date": "0000-00-00T00:00:00", "date_gmt": "0000-00-00T00:00:00"},
        ItemState.REFUSED,
        "tidak disebut",
    ),
    "future": ({"date_gmt": "2199-01-01T00:00:00"}, ItemState.REFUSED, "masa depan"),
    "long": ({"title": {"rendered": "x" * 5_000}}, ItemState.FOUND, ""),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_posts_are_named_and_the_others_come(world, portal, begin, work, name):
    more, state, reason = BAD[name]
    portal.add(1)
    portal.add(2, **more)
    run = begin(portal.url)
    work()
    good, found = items(run)
    assert (good.state, found.state) == (ItemState.FOUND, state)
    assert reason in found.reason
    assert len(found.title) <= 200
    assert "<" not in found.title


def test_an_answer_of_another_shape_is_survived(world, portal, begin, work):
    """Plug-ins change what is where: a post that is not understood is refused by itself."""
    portal.add(1)
    portal.posts += [{"id": 2, "title": 5, "excerpt": None, "_embedded": [], "guid": 7}, "nothing", None]
    run = begin(portal.url)
    work()
    assert [i.state for i in items(run)] == [ItemState.FOUND, ItemState.REFUSED]


def test_a_date_can_be_given_to_what_has_none(world, portal, begin, work):
    portal.add(1, date=None, date_gmt=None)
    run = begin(portal.url)
    work()
    item = items(run)[0]
    services.date_item(fresh(run), item, datetime(2026, 3, 1, 5, tzinfo=UTC), actor=world.as_(world.editor))
    assert record(world, run, work).state is RunState.DONE
    assert items(run)[0].state is ItemState.ADDED


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((200, {"Content-Type": "text/html"}, b"<html>Bukan"), "tidak ada WordPress"),
        ((404, {}, b""), "tidak ada WordPress"),
        ((401, {}, b""), "menolak permintaan"),
        ((302, {"Location": "http://10.0.0.1/wp-json/"}, b""), "jaringan dalam"),
        ((302, {"Location": "http://169.254.169.254/latest/"}, b""), "jaringan dalam"),
    ],
)
def test_what_is_no_wordpress_or_leads_inside(world, portal, begin, work, answer, says):
    portal.answers["/wp-json/"] = portal.answers["/"] = answer
    run = begin(portal.url)
    work()
    assert says in fresh(run).problem
    assert items(run) == []


def test_a_private_address_is_not_asked(world, begin, work):
    run = begin("http://192.168.1.1/")
    work()
    assert "jaringan dalam" in fresh(run).problem


def test_undo_takes_back_all_but_what_was_verified_and_lets_it_come_again(world, portal, begin, work):
    portal.add(1)
    portal.add(2)
    run = begin(portal.url)
    work()
    run = record(world, run, work)
    kept, gone = (db.session.get_one(Delivery, i.delivery_id) for i in items(run))
    confirm(kept, actor=world.as_(world.lead), label="Ketua Tim", document="ND-1")
    db.session.commit()
    services.begin_undoing(fresh(run), actor=world.as_(world.editor))
    work()
    run = fresh(run)
    assert run.state is RunState.UNDONE
    states = {i.delivery_id: i.state for i in items(run)}
    assert states[gone.id] is ItemState.UNDONE
    assert states[kept.id] is ItemState.KEPT
    assert (gone.state, gone.canonical_url) == (DeliveryState.RETRACTED, None)
    assert gone.post.story.state is StoryState.WITHDRAWN
    assert kept.state is DeliveryState.PUBLISHED

    again = begin(portal.url)
    work()
    assert [i.state for i in items(again)] == [ItemState.KNOWN, ItemState.FOUND]


def test_pictures_come_afterwards_and_a_bad_one_harms_nothing(world, portal, begin, work):
    portal.answers["/foto.png"] = (200, {"Content-Type": "image/png"}, png())
    portal.answers["/palsu.png"] = (200, {"Content-Type": "image/png"}, b"bukan gambar")
    portal.add(1, picture=f"{portal.url}/foto.png")
    portal.add(2, picture=f"{portal.url}/palsu.png")
    portal.add(3, picture="http://10.0.0.1/dalam.png")
    run = begin(portal.url)
    work()
    run = record(world, run, work, with_pictures=True)
    found = items(run)
    assert [i.state for i in found] == [ItemState.ADDED] * 3
    assert [i.picture_state for i in found] == [PictureState.KEPT, PictureState.FAILED, PictureState.FAILED]
    assert db.session.get_one(Delivery, found[0].delivery_id).cover_asset_id is not None
    assert "jaringan dalam" in found[2].picture_note


def test_answers_with_a_warning_before_them_are_read(world, portal, begin, work):
    portal.add(1)
    body = b"<br /><b>Notice</b>: undefined index\n" + json.dumps(portal.posts).encode()
    portal.answers["/wp-json/wp/v2/posts"] = (200, {"Content-Type": "application/json"}, body)
    run = begin(portal.url)
    work()
    assert [i.state for i in items(run)] == [ItemState.FOUND]
