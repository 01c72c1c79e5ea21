"""Posting times: read as people write them, shown back, kept with distance and quota."""

from collections.abc import Callable
from contextlib import suppress
from datetime import time

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from humasflow.accounts.models import User
from humasflow.audit import queries as audit
from humasflow.audit.enums import AuditAction
from humasflow.channels import queries, services
from humasflow.channels.models import PostingSlot
from humasflow.channels.slots import MAX_SLOTS, UnreadableSlots, parse_slots, show_slots
from humasflow.core.db import db
from humasflow.core.errors import Conflict
from tests.conftest import QueryCount, make_app
from tests.factories.world import World
from tests.support.forms import form_with, send
from tests.support.page import Browser

BrowserOf = Callable[[User], Browser]
NINE = time(9)


@pytest.mark.parametrize(
    ("typed", "slots", "shown"),
    [
        ("Sen Rab Jum 09.00", [(0, NINE), (2, NINE), (4, NINE)], "Sen Rab Jum 09.00"),
        ("Sen Rab Jum 09.00; Sel 13.30", [(0, NINE), (1, time(13, 30)), (2, NINE), (4, NINE)],
         "Sen Rab Jum 09.00; Sel 13.30"),
        ("senin, rabu dan jum'at pukul 9", [(0, NINE), (2, NINE), (4, NINE)], "Sen Rab Jum 09.00"),
        ("Jum’at jam 9.00 WIB", [(4, NINE)], "Jum 09.00"),
        ("Sen-Jum 9:00", [(d, NINE) for d in range(5)], "Sen–Jum 09.00"),
        ("Sen s.d. Rab 09.00", [(d, NINE) for d in range(3)], "Sen–Rab 09.00"),
        ("Sab–Sen 09.00", [(0, NINE), (5, NINE), (6, NINE)], "Sen Sab Min 09.00"),
        ("Setiap hari 09.00, 17.15", [(d, t) for d in range(7) for t in (NINE, time(17, 15))],
         "Setiap hari 09.00, 17.15"),
        ("Sel 13.30 Kam 09.00", [(1, time(13, 30)), (3, NINE)], "Sel 13.30; Kam 09.00"),
        ("Min 00.00\nAhad 23.59", [(6, time(0)), (6, time(23, 59))], "Min 00.00, 23.59"),
        ("Mon Wed 9:00", [(0, NINE), (2, NINE)], "Sen Rab 09.00"),
        ("Setiap Senin 09.00", [(0, NINE)], "Sen 09.00"),
        ("Tiap Senin dan Kamis 09.00", [(0, NINE), (3, NINE)], "Sen Kam 09.00"),
        ("every monday 9:00", [(0, NINE)], "Sen 09.00"),
        ("Setiap hari Senin 09.00", [(0, NINE)], "Sen 09.00"),
        ("Setiap Sen–Rab 09.00; tiap hari 13.30",
         sorted([*((d, NINE) for d in range(3)), *((d, time(13, 30)) for d in range(7))]),
         "Sen–Rab 09.00, 13.30; Kam–Min 13.30"),
        ("Setiap hari 09.00 setiap Jumat 10.00", [*((d, NINE) for d in range(5)), (4, time(10)), (5, NINE), (6, NINE)],
         "Sen–Kam Sab Min 09.00; Jum 09.00, 10.00"),
        ("Senin: 09.00; Setiap hari: 10.00",
         sorted([(0, NINE), *((d, time(10)) for d in range(7))]), "Sen 09.00, 10.00; Sel–Min 10.00"),
        ("  ;; ", [], ""),
        ("", [], ""),
        ("Sen 09.00; Sen 9", [(0, NINE)], "Sen 09.00"),
    ],
)  # fmt: skip
def test_times_are_read_as_people_write_them(
    in_request: None, typed: str, slots: list[tuple[int, time]], shown: str
) -> None:
    assert parse_slots(typed, zone_label="WIB") == slots
    assert show_slots(slots) == shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Sen Rab", "Jam untuk Sen Rab belum ditulis"),
        ("Setiap hari", "Jam untuk Setiap hari belum ditulis"),
        ("Setiap hari; Sen 09.00", "Jam untuk Setiap hari belum ditulis"),
        ("09.00", "Hari untuk jam 09.00"),
        ("; 09.00 Sen", "Hari untuk jam 09.00"),
        ("Sen 24.00", "Jam “24.00” tidak dikenal"),
        ("Sen 9.60", "Jam “9.60”"),
        ("Sen 9.5.1", "tidak dikenal"),
        ("Senen 09.00", "“Senen” tidak dikenal"),
        ("Sen- 09.00", "hari terakhirnya"),
        ("Sen 09.00 WIT", "hapus “WIT”"),
        ("<script>", "tidak dikenal"),
        ("Sen 99999999999999999999.00", "tidak dikenal"),
        ("Setiap hari " + " ".join(f"{h}.{m:02d}" for h in range(24) for m in (0, 30)), f"Paling banyak {MAX_SLOTS}"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_named(in_request: None, typed: str, said: str) -> None:
    with pytest.raises(UnreadableSlots, match=said.replace(".", r"\.")):
        parse_slots(typed, zone_label="WIB")


@pytest.fixture(scope="module")
def speaking(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("slots")
    return make_app(f"sqlite:///{folder / 'none.db'}", folder)


@given(
    slots=st.sets(st.tuples(st.integers(0, 6), st.times().map(lambda t: t.replace(second=0, microsecond=0))), max_size=40),
    locale=st.sampled_from(["id", "en"]),
)  # fmt: skip
def test_what_is_shown_reads_back_as_the_same_times(
    speaking: Flask, slots: set[tuple[int, time]], locale: str
) -> None:
    with speaking.test_request_context(), force_locale(locale):
        assert parse_slots(show_slots(slots)) == sorted(slots)


@given(text=st.text(alphabet=st.sampled_from("SenRabJum selkam09.:-;,\n &'x"), max_size=60))
def test_nothing_typed_breaks_the_reading(speaking: Flask, text: str) -> None:
    with speaking.test_request_context(), suppress(UnreadableSlots):
        assert all(0 <= day < 7 for day, _clock in parse_slots(text))


@pytest.mark.db
def test_slots_are_set_once_with_an_audit_entry(
    in_request: None, world: World, statements: QueryCount
) -> None:
    admin = world.as_(world.admin)
    version = world.instagram.row_version
    services.set_slots(
        world.instagram, actor=admin, slots=[(2, NINE), (0, NINE), (0, NINE)], min_gap_minutes=90, weekly_quota=3,
        row_version=version,
    )  # fmt: skip
    db.session.commit()
    assert queries.slots_of([world.instagram.id, world.x.id]) == {world.instagram.id: [(0, NINE), (2, NINE)]}
    assert (world.instagram.min_gap_minutes, world.instagram.weekly_quota) == (90, 3)
    entry = audit.list_timeline(("channel_account", world.instagram.id))[0]
    assert entry.action is AuditAction.CHANNEL_SLOTS_CHANGED
    # Only the times differ: the version rises all the same, and who had opened the page before is told.
    version = world.instagram.row_version
    services.set_slots(world.instagram, actor=admin, slots=[(1, NINE)], min_gap_minutes=90, weekly_quota=3)
    db.session.commit()
    assert world.instagram.row_version == version + 1
    with pytest.raises(Conflict):
        services.set_slots(
            world.instagram, actor=admin, slots=[], min_gap_minutes=90, weekly_quota=3, row_version=version
        )
    before = len(audit.list_timeline(("channel_account", world.instagram.id)))
    services.set_slots(world.instagram, actor=admin, slots=[(1, NINE)], min_gap_minutes=90, weekly_quota=3)
    assert len(audit.list_timeline(("channel_account", world.instagram.id))) == before
    ids = [world.instagram.id, world.x.id, world.web.id]
    statements.reset()
    queries.slots_of(ids)
    assert len(statements) == 1
    assert queries.slots_of([]) == {}


@pytest.mark.db
def test_the_accounts_page_shows_and_keeps_the_slots(world: World, browser_of: BrowserOf) -> None:
    admin = browser_of(world.admin)
    url = f"/pengaturan/kanal/{world.instagram.id}"
    page = send(
        admin, url, "slots", {"slots": "senin rabu 9; jum'at 13:30", "min_gap_minutes": "45", "weekly_quota": "2"},
        to=f"{url}/slot",
    )  # fmt: skip
    shown = form_with(admin.get(url), "slots")
    assert (shown["slots"], shown["min_gap_minutes"], shown["weekly_quota"]) == (
        "Sen Rab 09.00; Jum 13.30",
        "45",
        "2",
    )
    page = send(admin, url, "slots", {"slots": "Sen 25.00", "weekly_quota": ""}, to=f"{url}/slot", status=422)
    assert "Jam “25.00” tidak dikenal" in page.main
    assert form_with(page, "slots")["slots"] == "Sen 25.00"
    assert form_with(page, "name")["name"] == "Instagram Kantor"
    send(admin, url, "slots", {"slots": "", "weekly_quota": ""}, to=f"{url}/slot")
    db.session.expire_all()
    assert db.session.query(PostingSlot).count() == 0
    assert world.instagram.weekly_quota is None


@pytest.mark.db
def test_who_saves_second_sees_what_was_saved_and_keeps_their_own(
    world: World, browser_of: BrowserOf
) -> None:
    admin = browser_of(world.admin)
    url = f"/pengaturan/kanal/{world.instagram.id}"
    opened = form_with(admin.get(url), "slots")
    send(admin, url, "slots", {"slots": "Sen 09.00"}, to=f"{url}/slot")
    page = admin.post(f"{url}/slot", opened | {"slots": "Sel 10.00"}, status=409)
    assert "Orang lain baru saja mengubah akun ini" in page.main
    assert "Sen 09.00" in page.main
    kept = form_with(page, "slots")
    assert kept["slots"] == "Sel 10.00"
    admin.post(f"{url}/slot", kept)
    assert queries.slots_of([world.instagram.id]) == {world.instagram.id: [(1, time(10))]}


@pytest.mark.db
def test_another_office_and_another_role_do_not_reach_it(
    world: World, other_world: World, browser_of: BrowserOf
) -> None:
    filled = form_with(browser_of(world.admin).get(f"/pengaturan/kanal/{world.instagram.id}"), "slots")
    browser_of(other_world.admin).post(f"/pengaturan/kanal/{world.instagram.id}/slot", filled, status=404)
    browser_of(world.editor).post(f"/pengaturan/kanal/{world.instagram.id}/slot", filled, status=403)
