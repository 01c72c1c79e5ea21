"""Numbers of engagement from an office's own table: recorded as the room of metrics records them, and taken back."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from humasflow.audit.models import AuditEntry
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.localtime import to_local
from humasflow.imports import queries
from humasflow.imports.enums import BatchState
from humasflow.imports.kinds.base import Checked, Context, Outcome
from humasflow.imports.kinds.metrics import KIND
from humasflow.imports.services.applying import begin_applying
from humasflow.imports.services.at_once import work
from humasflow.imports.services.undoing import begin_undoing
from humasflow.metrics.models import MetricSnapshot
from humasflow.metrics.services import Entry, record_grid
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from tests.conftest import QueryCount
from tests.factories.imports import Told, checked, load
from tests.factories.publications import live_post
from tests.factories.world import World
from tests.support.forms import form_with

pytestmark = pytest.mark.db
HEAD = "Tautan;Judul;Kanal;Per tanggal;Suka;Komentar;Reach;Tayangan"
DAY = "30-06-2026"


def table(*rows: str) -> bytes:
    return "\n".join([HEAD, *rows]).encode()


def read(world: World, *rows: str) -> Told:
    return load(world.office, world.as_(world.editor), table(*rows), "metrics")


def readings() -> list[MetricSnapshot]:
    return list(db.session.scalars(select(MetricSnapshot).order_by(MetricSnapshot.id)))


def acts(kind: str) -> list[AuditEntry]:
    wanted = select(AuditEntry).where(AuditEntry.action == f"metrics.snapshot.{kind}").order_by(AuditEntry.id)
    return list(db.session.scalars(wanted))


def undo(told: Told, world: World) -> None:
    begin_undoing(told.batch, actor=world.as_(world.editor))
    work(told.batch)


@pytest.mark.usefixtures("in_request")
def test_a_row_is_a_reading_of_its_publication(world: World) -> None:
    one, two = live_post(world), live_post(world)
    told = read(
        world,
        f"{one.permalink}/?utm_source=wa;;;{DAY};1.234;8;1,2 rb;3,4 jt",
        f"{two.permalink};;Website;{DAY};0;-;;",
    )
    assert told.outcomes == [Outcome.MADE, Outcome.MADE]
    first, second = readings()
    assert (first.delivery_id, first.likes, first.comments, first.reach, first.views) == (
        one.id, 1234, 8, 1200, 3_400_000,
    )  # fmt: skip
    assert (second.delivery_id, second.likes, second.comments, second.reach) == (two.id, 0, None, None)
    assert {(r.source, r.recorded_by, r.post_id) for r in (first, second)} == {
        ("file", world.editor.id, one.post_id), ("file", world.editor.id, two.post_id),
    }  # fmt: skip
    assert first.captured_at == datetime(2026, 6, 30, 16, 59, tzinfo=UTC), "the end of that day, in WIB"
    assert first.named == {"likes": 1234, "comments": 8, "reach": 1200, "views": 3_400_000}
    assert [(a.subject_id, a.actor_id, a.context_id, a.detail) for a in acts("recorded")] == [
        (d.post_id, world.editor.id, d.story_id, {"label": d.account.name}) for d in (one, two)
    ]


@pytest.mark.usefixtures("in_request")
def test_the_same_twice_is_known_and_another_of_the_same_day_is_a_change(world: World) -> None:
    one = live_post(world)
    row = f"{one.permalink};;;{DAY};100;;;"
    assert read(world, row).outcomes == [Outcome.MADE]
    assert read(world, row).outcomes == [Outcome.KNOWN]
    told = read(world, row.replace("100", "120"))
    assert told.outcomes == [Outcome.CHANGED]
    assert [r.likes for r in readings()] == [100, 120]
    later = read(world, row.replace("100", "150").replace("30-06", "31-07"))
    assert later.outcomes == [Outcome.MADE]
    assert read(world, row.replace("100", "120")).outcomes == [Outcome.KNOWN]


@pytest.mark.usefixtures("in_request")
def test_without_a_day_it_is_today(world: World) -> None:
    one = live_post(world)
    before = clock.now()
    told = load(world.office, world.as_(world.editor), f"link;likes\n{one.permalink};5\n".encode(), "metrics")
    today = to_local(before, world.office.zone_name).strftime("%d-%m-%Y")
    assert told.batch.defaults == {"per_tanggal": today}
    (row,) = readings()
    assert before <= row.captured_at <= clock.now()
    again = load(
        world.office, world.as_(world.editor), f"link;likes\n{one.permalink};5\n".encode(), "metrics"
    )
    assert again.outcomes == [Outcome.KNOWN]


WRONG = {
    "{url};;;30-06-2026;-5;;;": "Suka: “-5” kurang dari nol",
    "{url};;;30-06-2026;banyak;;;": "Suka: “banyak” bukan angka",
    "{url};;;30-06-2026;5%;;;": "Suka: “5%” adalah persentase",
    "{url};;;30-06-2026;1.234,5;;;": "Suka: “1.234,5” bukan bilangan bulat",
    "{url};;;31-02-2026;5;;;": "tidak ada di kalender",
    "{url};;;01-01-2999;5;;;": "di masa depan",
    "{url};;;01-01-2026;5;;;": "sebelum publikasi ini tayang",
    "{url};;Radio dua;30-06-2026;5;;;": "kanal “Radio dua” tidak dikenal",
    "{url};;Instagram;30-06-2026;5;;;": "tidak ada di kanal yang disebut",
    ";;;30-06-2026;5;;;": "isi tautannya, atau judulnya",
    "bukan alamat;;;30-06-2026;5;;;": "bukan alamat web",
    "https://lain.example/1;;;30-06-2026;5;;;": "tidak ditemukan di antara yang tayang",
    ";Tidak ada;;30-06-2026;5;;;": "berjudul ini tidak ditemukan",
}


@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize(("row", "reason"), WRONG.items())
def test_what_is_wrong_is_named_and_the_rest_goes_in(world: World, row: str, reason: str) -> None:
    one, two = live_post(world), live_post(world)
    told = read(world, row.format(url=one.permalink), f"{two.permalink};;;{DAY};7;;;")
    assert list(told.refused) == [2]
    assert reason in told.refused[2]
    assert [(r.delivery_id, r.likes) for r in readings()] == [(two.id, 7)]


def found_in(world: World, *rows: str) -> dict[int, list[tuple[str, str]]]:
    batch = checked(world, table(*rows), "metrics")
    shown, _next = queries.list_rows(batch, wanted="", after=None)
    return {r.line: [(severity, message) for _column, severity, message in r.findings] for r in shown}


@pytest.mark.usefixtures("in_request")
def test_less_than_before_is_told_and_so_are_other_things_to_look_at(world: World) -> None:
    one, two = live_post(world), live_post(world)
    read(world, f"{one.permalink};;;01-06-2026;1.200;;;", f"{two.permalink};;;{DAY};5;;;")
    found = found_in(
        world,
        f"{one.permalink};;;{DAY};900;;;",
        f"{two.permalink};;;{DAY};6;;1,234;",
        f"{two.permalink};;;29-06-2026;;;;",
        f"{one.permalink};;;02-06-2026;1.200;;;",
    )
    assert found == {
        2: [("warning", "Suka turun dari 1.200 menjadi 900; periksa kembali")],
        3: [
            ("warning", "Jangkauan: “1,234” dibaca 1.234"),
            ("note", "untuk 30 Jun 2026 sudah tercatat angka lain; yang ini menggantikannya"),
        ],
        4: [("note", "tidak ada angka di baris ini; dilewati")],
        5: [("note", "angka ini sudah tercatat")],
    }
    told = read(world, f"{one.permalink};;;{DAY};900;;;", f"{two.permalink};;;29-06-2026;;;;")
    assert told.outcomes == [Outcome.MADE, Outcome.SKIPPED]


@pytest.mark.usefixtures("in_request")
def test_a_title_names_a_publication_only_where_it_is_the_only_one(world: World) -> None:
    one = live_post(world, title="Lelang Mobil Dinas ÉKS")
    twice = [live_post(world, account=account) for account in (world.facebook, world.instagram)]
    for delivery in twice:
        delivery.title = "Aset Aman"
    old = live_post(world, at="2024-01-10T02:00Z")
    secret = live_post(world, title="Rahasia")
    secret.post.story.is_confidential = True
    secret.post.story.state = type(secret.post.story.state).DRAFT
    db.session.flush()
    told = read(
        world,
        f";{one.title.lower()};;{DAY};5;;;",
        f";ASET  AMAN;;{DAY};6;;;".replace("  ", " "),
        f";Aset Aman;Instagram;{DAY};7;;;",
        f";{old.title};;{DAY};8;;;",
        f";{secret.title};;{DAY};9;;;",
    )
    assert {(r.delivery_id, r.likes) for r in readings()} == {(one.id, 5), (twice[1].id, 7)}
    assert "ada 2 publikasi berjudul ini" in told.refused[3]
    assert set(told.refused) == {3, 5, 6}


@pytest.mark.usefixtures("in_request")
def test_the_publication_of_another_office_and_one_that_is_gone_are_not_found(
    world: World, other_world: World
) -> None:
    foreign, gone = live_post(other_world), live_post(world)
    gone.state = DeliveryState.RETRACTED
    db.session.flush()
    told = read(world, f"{foreign.permalink};;;{DAY};5;;;", f"{gone.permalink};;;{DAY};5;;;")
    assert set(told.refused) == {2, 3}
    assert readings() == []


@pytest.mark.usefixtures("in_request")
def test_one_that_is_taken_down_between_looking_and_writing_is_refused(world: World) -> None:
    one = live_post(world)
    batch = checked(world, table(f"{one.permalink};;;{DAY};5;;;"), "metrics")
    db.session.get_one(Delivery, one.id).state = DeliveryState.RETRACTED
    begin_applying(batch, actor=world.as_(world.editor), all_or_nothing=False)
    work(batch)
    assert queries.count_rows(batch).outcomes == {Outcome.REFUSED: 1}
    assert readings() == []


@pytest.mark.usefixtures("in_request")
def test_taking_back_restores_what_was_and_keeps_the_record(world: World) -> None:
    one, two = live_post(world), live_post(world)
    read(world, f"{one.permalink};;;{DAY};100;;;")
    told = read(
        world,
        f"{one.permalink};;;{DAY};120;;;",
        f"{two.permalink};;;01-06-2026;5;;;",
        f"{two.permalink};;;{DAY};9;;;",
    )
    assert told.outcomes == [Outcome.CHANGED, Outcome.MADE, Outcome.MADE]
    undo(told, world)
    assert [(r.delivery_id, r.likes) for r in readings()] == [(one.id, 100)]
    taken = acts("taken_back")
    assert [(a.subject_id, a.detail["numbers"]) for a in taken] == [
        (two.post_id, {"likes": 9}), (two.post_id, {"likes": 5}), (one.post_id, {"likes": 120}),
    ]  # fmt: skip
    assert taken[0].detail["reason"] == "Impornya dibatalkan."
    counts = queries.count_rows(told.batch)
    assert (told.batch.state, counts.undone, counts.kept) == (BatchState.UNDONE, 3, 0)
    assert read(world, f"{one.permalink};;;{DAY};120;;;").outcomes == [Outcome.CHANGED], "and may come again"


@pytest.mark.usefixtures("in_request")
def test_where_a_newer_reading_stands_it_stays_and_says_why(world: World) -> None:
    one, two = live_post(world), live_post(world)
    told = read(world, f"{one.permalink};;;{DAY};5;;;", f"{two.permalink};;;{DAY};6;;;")
    record_grid(
        world.office.id, [Entry(one.id, {"likes": 50})], actor=world.as_(world.editor), seen_at=clock.now()
    )
    undo(told, world)
    assert [(r.delivery_id, r.likes) for r in readings()] == [(one.id, 5), (one.id, 50)]
    after = Told(told.batch)
    assert after.reasons == {2: "sesudahnya sudah dicatat angka yang lebih baru"}
    counts = queries.count_rows(told.batch)
    assert (counts.undone, counts.kept) == (1, 1)


@pytest.mark.usefixtures("in_request")
def test_the_number_of_statements_does_not_grow_with_the_rows(world: World, statements: QueryCount) -> None:
    posts = [live_post(world) for _n in range(40)]
    db.session.flush()
    context = Context(world.office, world.as_(world.editor), {})
    prepared = KIND.prepare(context)

    def rows(count: int) -> list[Checked]:
        told = []
        for line, post in enumerate(posts[:count], start=2):
            named = {"tautan": post.permalink or ""} if line % 2 else {"judul": post.title}
            cells = {c.key: "" for c in KIND.columns} | named | {"per_tanggal": DAY, "likes": "5"}
            told.append(KIND.check(line, cells, context, prepared))
        return told

    few, many = rows(4), rows(40)
    statements.reset()
    KIND.compare(few, context, prepared)
    small = len(statements)
    statements.reset()
    assert KIND.compare(many, context, prepared) == {line: [] for line in range(2, 42)}
    assert len(statements) == small == 3
    statements.reset()
    KIND.apply(many, context, prepared)
    # SQLite writes rows whose numbers are wanted back one by one, without a way to anywhere.
    assert len([s for s in statements.statements if not s.startswith("INSERT INTO metric_snapshot")]) < 15
    assert len(readings()) == 40


def test_from_the_table_to_the_publication_page_and_back(world, browser_of, finish):
    one = live_post(world)
    db.session.commit()
    post_id = one.post_id
    editor = browser_of(world.editor)
    assert "Angka keterlibatan" in editor.get("/impor/").main
    page = editor.get("/impor/baru/metrics")
    assert page.soup.select_one("main a[href='/keterlibatan/unggah']"), "platform exports have their own page"
    data = (
        f"No;Link Publikasi;Judul Berita;Jumlah Suka (Likes);Reach\n1;{one.permalink};x;1.500;2,5 rb\n2;;;;\n"
    )
    editor.post(
        "/impor/baru/metrics", form_with(page, "csrf_token") | {"file": (io.BytesIO(data.encode()), "angka.csv")},
        status=303,
    )  # fmt: skip
    address = f"/impor/{finish().id}"
    page = editor.get(address)
    chosen = {
        s["name"]: s.find("option", selected=True).text
        for s in page.soup.select("select[name^=kolom-]")
        if s.find("option", selected=True)
    }
    assert chosen == {
        "kolom-tautan": "Link Publikasi", "kolom-judul": "Judul Berita", "kolom-likes": "Jumlah Suka (Likes)",
        "kolom-reach": "Reach",
    }  # fmt: skip
    form = form_with(page, "row_version") | {"isi-per_tanggal": DAY}
    editor.post(f"{address}/kolom", form, status=303)
    finish()
    page = editor.get(address)
    assert "2 siap diimpor" in page.main
    assert "Suka 1.500" in editor.get(f"{address}?saring=semua").main, "a number is shown with what it counts"
    editor.post(f"{address}/terapkan", page.form(f"{address}/terapkan"), status=303)
    assert finish().state is BatchState.APPLIED
    told = editor.get(f"/publikasi/{post_id}").main
    assert "1.500" in told
    assert "2.500" in told
    assert "diunggah Redaktur Satu dari lembar kerja" in told
    editor.post(f"{address}/batalkan", form_with(editor.get(address), "csrf_token"), status=303)
    finish()
    assert "1 baris dibatalkan" in editor.get(address).main
    assert "1.500" not in editor.get(f"/publikasi/{post_id}").main
    assert db.session.scalar(select(func.count()).select_from(MetricSnapshot)) == 0


def test_each_page_links_the_other_for_whoever_may(world, browser_of):
    page = browser_of(world.editor).get("/keterlibatan/unggah")
    assert page.soup.select_one("main a[href='/impor/baru/metrics']")
    assert (
        browser_of(world.lead).get("/keterlibatan/unggah").soup.select_one("main a[href^='/impor']") is None
    )
    browser_of(world.admin).get("/impor/baru/metrics", status=403)


def test_what_was_read_long_before_the_clock_of_the_server_is_kept(world, in_request):
    """A clock that runs a little ahead is no future."""
    one = live_post(world)
    soon = to_local(clock.now() + timedelta(minutes=2), world.office.zone_name).strftime("%d-%m-%Y %H.%M")
    assert read(world, f"{one.permalink};;;{soon};5;;;").outcomes == [Outcome.MADE]
