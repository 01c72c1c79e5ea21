"""Who is away when: one's own days, the office's list, and what colleagues may know."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from humasflow.accounts import absences
from humasflow.accounts.enums import AbsenceKind
from humasflow.accounts.models import Absence, User
from humasflow.accounts.services import absences as services
from humasflow.audit.models import AuditEntry
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound
from tests.factories.world import World
from tests.support.page import Browser

BrowserOf = Callable[[User], Browser]
At = Callable[[str], AbstractContextManager[None]]
K = AbsenceKind
TODAY = "2026-11-20T02:00Z"


@pytest.fixture(autouse=True)
def _then(at: At, in_request: None) -> object:
    with at(TODAY):
        yield


def day(n: int) -> date:
    return date(2026, 11, n)


def record(
    world: World,
    first: int,
    last: int,
    kind: AbsenceKind = K.LEAVE,
    *,
    note: str = "",
    by: User | None = None,
) -> services.Recorded:
    return services.record_absence(
        actor=world.as_(by or world.contributor), office=world.office, user_id=world.contributor.id, kind=kind,
        starts_on=day(first), ends_on=day(last), note=note,
    )  # fmt: skip


def all_of(user: User) -> list[tuple[int, int, str]]:
    found = db.session.scalars(select(Absence).where(Absence.user_id == user.id).order_by(Absence.starts_on))
    return [(a.starts_on.day, a.ends_on.day, a.kind.value) for a in found]


@pytest.mark.db
def test_touching_and_overlapping_days_of_one_kind_become_one(world: World) -> None:
    record(world, 20, 22, note="Pulang kampung")
    merged = record(world, 23, 25, note="Ditambah")
    assert [len(merged.merged), merged.absence.note] == [1, "Pulang kampung\nDitambah"]
    record(world, 28, 29)
    record(world, 24, 28)
    assert all_of(world.contributor) == [(20, 29, "leave")]
    record(world, 21, 22)
    assert all_of(world.contributor) == [(20, 29, "leave")]


@pytest.mark.db
def test_two_kinds_never_share_a_day_but_may_touch(world: World) -> None:
    record(world, 20, 22)
    with pytest.raises(services.Overlap, match="Sudah tercatat cuti 20–22 Nov"):
        record(world, 22, 24, K.DUTY)
    record(world, 23, 24, K.DUTY)
    assert all_of(world.contributor) == [(20, 22, "leave"), (23, 24, "duty")]
    second = db.session.scalars(select(Absence).where(Absence.kind == K.DUTY)).one()
    with pytest.raises(services.Overlap):
        services.change_absence(
            second,
            actor=world.as_(world.contributor),
            kind=K.DUTY,
            starts_on=day(21),
            ends_on=day(24),
            note="",
        )


spans = st.lists(
    st.tuples(st.integers(1, 20), st.integers(0, 6), st.sampled_from([K.LEAVE, K.DUTY, K.SICK])), max_size=12
)


@pytest.mark.db
@given(spans=spans)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_recorded_days_are_never_doubled(
    world: World, spans: list[tuple[int, int, AbsenceKind]]
) -> None:
    """Against a plain calendar: each day has at most one reason, and same reasons in a row are one entry."""
    with db.session.begin_nested() as savepoint:
        calendar: dict[int, AbsenceKind] = {}
        for first, length, kind in spans:
            last = first + length
            clash = any(calendar.get(d, kind) is not kind for d in range(first, last + 1))
            try:
                record(world, first, last, kind)
            except services.Overlap:
                assert clash
            else:
                assert not clash
                calendar |= dict.fromkeys(range(first, last + 1), kind)
        stored: dict[int, str] = {}
        rows = all_of(world.contributor)
        for first, last, kind in rows:
            for d in range(first, last + 1):
                assert d not in stored
                stored[d] = kind
        assert stored == {d: k.value for d, k in calendar.items()}
        for (_, last, kind), (first, _, following) in pairwise(rows):
            assert kind != following or first > last + 1
        savepoint.rollback()


@pytest.mark.db
def test_days_that_cannot_be_meant_are_refused(world: World) -> None:
    for first, last in (
        (day(22), day(20)),
        (day(20), date(2030, 1, 1)),
        (date(2020, 1, 1), date(2020, 1, 2)),
    ):
        with pytest.raises(services.BadDays):
            services.record_absence(
                actor=world.as_(world.contributor), office=world.office, user_id=world.contributor.id, kind=K.DUTY,
                starts_on=first, ends_on=last,
            )  # fmt: skip


@pytest.mark.db
def test_others_are_recorded_by_editors_and_admins_of_the_office(world: World, other_world: World) -> None:
    for user in (world.other_contributor, world.approver, world.lead):
        with pytest.raises(NotAllowed):
            record(world, 20, 20, by=user)
    record(world, 20, 20, by=world.editor)
    record(world, 24, 24, by=world.admin)
    with pytest.raises(NotFound):
        services.record_absence(
            actor=world.as_(world.editor), office=world.office, user_id=other_world.contributor.id, kind=K.DUTY,
            starts_on=day(20), ends_on=day(20),
        )  # fmt: skip


@pytest.mark.db
def test_a_note_and_an_illness_are_private(world: World) -> None:
    made = record(world, 20, 24, K.SICK, note="Rawat inap").absence
    assert absences.can_open(world.as_(world.contributor), made)
    assert absences.can_open(world.as_(world.admin), made)
    for user in (world.editor, world.other_contributor, world.lead):
        assert not absences.can_open(world.as_(user), made)
        with pytest.raises(NotFound):
            absences.get_absence(world.as_(user), made.id)
    away = absences.list_away([world.contributor.id], day(1), day(30))[world.contributor.id][0]
    assert (away.text, away.text_on(day(20))) == ("Berhalangan 20–24 Nov", "Berhalangan sampai 24 Nov")
    assert not hasattr(away, "note")
    said = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "accounts.absence.recorded")
    ).one()
    assert "Rawat" not in str(said.detail)
    assert "sakit" not in str(said.detail).lower() + str(said.detail.get("kind", ""))


@pytest.mark.db
def test_an_editors_addition_does_not_open_the_persons_note(world: World) -> None:
    record(world, 20, 22, note="Urusan keluarga")
    joined = record(world, 23, 24, by=world.editor, note="Diperpanjang").absence
    assert not absences.can_open(world.as_(world.editor), joined)
    assert absences.can_open(world.as_(world.contributor), joined)
    own = services.record_absence(
        actor=world.as_(world.editor), office=world.office, user_id=world.other_contributor.id, kind=K.DUTY,
        starts_on=day(20), ends_on=day(21), note="ST-123",
    ).absence  # fmt: skip
    assert absences.can_open(world.as_(world.editor), own)


@pytest.mark.db
def test_changing_a_stale_one_is_refused_and_removing_keeps_a_record(world: World) -> None:
    made = record(world, 20, 22).absence
    person, version = world.as_(world.contributor), made.row_version
    services.change_absence(made, actor=person, kind=K.DUTY, starts_on=day(20), ends_on=day(21), note="")
    with pytest.raises(Conflict):
        services.change_absence(
            made, actor=person, kind=K.DUTY, starts_on=day(20), ends_on=day(29), note="", row_version=version
        )
    services.remove_absence(made, actor=person)
    assert all_of(world.contributor) == []
    actions = db.session.scalars(
        select(AuditEntry.action).where(
            AuditEntry.subject_id == world.contributor.id, AuditEntry.subject_type == "user"
        )
    ).all()
    assert [a.value for a in actions][-3:] == [
        "accounts.absence.recorded", "accounts.absence.changed", "accounts.absence.removed",
    ]  # fmt: skip


def test_whoever_works_for_two_offices_is_away_from_both(world: World, other_world: World) -> None:
    from humasflow.accounts.services import people
    from humasflow.core.permissions import Role

    people.grant_role(world.contributor, other_world.office, Role.CONTRIBUTOR, actor=None)
    record(world, 20, 22)
    listed = absences.list_of_office(other_world.office)
    assert [a.user_id for a in listed] == [world.contributor.id]
    assert not absences.can_open(other_world.as_(other_world.admin), listed[0])


def test_words_for_days(world: World) -> None:
    assert absences.show_days(day(3), day(3)) == "3 Nov"
    assert absences.show_days(day(3), day(9)) == "3–9 Nov"
    assert absences.show_days(day(30), date(2026, 12, 2)) == "30 Nov–2 Des"
    assert absences.show_days(date(2026, 12, 30), date(2027, 1, 2)) == "30 Des 2026–2 Jan 2027"


def test_on_the_profile_and_on_a_page_of_its_own(world: World, browser_of: BrowserOf) -> None:
    person = browser_of(world.contributor)
    assert person.get("/profil").link("Atur") == "/profil/ketidakhadiran"
    page = person.get("/profil/ketidakhadiran")
    data = page.form() | {"kind": "leave", "starts_on": "2026-11-23", "ends_on": "", "note": "Nikah"}
    page = person.follow(person.post("/profil/ketidakhadiran", data))
    assert "Tercatat: Cuti 23 Nov." in page.text
    assert "Nikah" in page.main
    assert all_of(world.contributor) == [(23, 23, "leave")]
    bad = page.form() | {"kind": "duty", "starts_on": "2026-11-23", "ends_on": "2026-11-24", "note": "Kanwil"}
    refused = person.post("/profil/ketidakhadiran", bad, status=422)
    assert "Sudah tercatat cuti 23 Nov" in refused.main
    assert refused.form()["note"].strip() == "Kanwil"
    wrong = person.post("/profil/ketidakhadiran", bad | {"ends_on": "2026-11-01"}, status=422)
    assert "lebih awal daripada hari pertama" in wrong.main
    url = page.soup.select_one("main .list__title")["href"]
    form = person.get(url).form() | {"ends_on": "2026-11-25"}
    person.post(url, form)
    person.post(url, form | {"ends_on": "2026-11-26", "form_token": ""}, status=409)
    assert all_of(world.contributor) == [(23, 25, "leave")]
    person.post(url + "/hapus")
    assert all_of(world.contributor) == []


def test_the_offices_page_shows_days_and_keeps_notes(world: World, browser_of: BrowserOf) -> None:
    record(world, 20, 24, K.SICK, note="Rawat inap")
    db.session.commit()
    editor = browser_of(world.editor)
    page = editor.get("/pengguna/ketidakhadiran")
    assert "Kontributor Satu 20–24 Nov Berhalangan" in page.main
    assert "Rawat inap" not in page.html
    data = page.form() | {
        "user_id": world.lead.id,
        "kind": "duty",
        "starts_on": "2026-11-30",
        "note": "Rapat kanwil",
    }
    page = editor.follow(editor.post("/pengguna/ketidakhadiran", data))
    assert "Ketua Tim 30 Nov Rapat kanwil Dinas" in page.main
    admin = browser_of(world.admin).get("/pengguna/ketidakhadiran")
    assert "Rawat inap" in admin.main
    browser_of(world.contributor).get("/pengguna/ketidakhadiran", status=403)
    browser_of(world.contributor).post("/pengguna/ketidakhadiran", data, status=403)


def test_long_past_ones_leave_the_page(world: World, browser_of: BrowserOf, at: At) -> None:
    record(world, 20, 21)
    db.session.commit()
    with at("2026-11-25T02:00Z"):
        assert "catatan dalam 90 hari" in browser_of(world.editor).get("/pengguna/ketidakhadiran").main
    with at((day(21) + absences.PAST + timedelta(days=1)).isoformat() + "T02:00Z"):
        page = browser_of(world.editor).get("/pengguna/ketidakhadiran")
        assert "20–21 Nov" not in page.main
