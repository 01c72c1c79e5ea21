"""Targets: from a letter, with reasons, for whom; refused one by one with nothing lost; frozen with their period."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select

from humasflow.accounts.services import people
from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import NotAllowed, UserError
from humasflow.core.periods import Month, Quarter
from humasflow.core.permissions import Role
from humasflow.scoring import queries
from humasflow.scoring.enums import ComponentKind, Polarity, TargetScope
from humasflow.scoring.models import Component, PeriodClose, ScoreScheme, Target
from humasflow.scoring.queries.targets import (
    TargetKey,
    newest_period_before,
    newest_target_id,
    page_of_people,
    page_of_revisions,
)
from humasflow.scoring.services import copying_targets
from humasflow.scoring.services.booking import hold_alone
from humasflow.scoring.services.copying_targets import Fate, copy_targets, plan_copy
from humasflow.scoring.services.targets import (
    TargetChange,
    TargetsMoved,
    TargetsRefused,
    set_target,
    set_targets,
    shown_value,
)
from humasflow.scoring.standing.evaluating import goal_of
from humasflow.scoring.targeting import problem_of, takes_target
from tests.factories.scoring import make_scheme
from tests.factories.scoring import set_targets as set_many
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
Q1 = Quarter.parse("2026-TW1")
Q2 = Quarter.parse("2026-TW2")
NEWS = TargetKey("berita-terbaru")


def change(key: TargetKey, value: int | str | None, upper: int | None = None) -> TargetChange:
    return TargetChange(
        key, None if value is None else Decimal(value), None if upper is None else Decimal(upper)
    )


def of_section(world: World, key: str = "berita-terbaru") -> TargetKey:
    return TargetKey(key, TargetScope.SECTION, world.section.id)


def save(scheme: ScoreScheme, world: World, *changes: TargetChange, **more: Any) -> list[Target]:
    given = {"letter": "ND-1", "reason": "", "period": Q1} | more
    return set_targets(scheme, actor=world.as_(world.admin), changes=changes, **given)


def close(scheme: ScoreScheme, period: Quarter, *, reopened: bool = False) -> None:
    db.session.add(
        PeriodClose(
            office_id=scheme.office_id, scheme_id=scheme.id, scheme_version_id=scheme.versions[0].id,
            period=period.key, closed_label="Ketua Tim", closed_at=clock.now(), answers={}, lines=0, digest="0" * 64,
            result={}, reopened_at=clock.now() if reopened else None,
        )
    )  # fmt: skip
    db.session.flush()


def in_force(world: World, scheme: ScoreScheme, period: Quarter = Q1) -> dict[str, str]:
    return {k: shown_value(t) for k, t in queries.targets_of(world.office.id, scheme.id, period.key).items()}


# From a letter, with reasons


def test_a_target_names_its_letter_and_its_change_a_reason(world: World) -> None:
    scheme = make_scheme(world)

    def put(value: int, letter: str, reason: str = "") -> Target | None:
        return set_target(
            scheme, actor=world.admin, component_key="berita-terbaru", period=Q1, value=Decimal(value), letter=letter,
            reason=reason,
        )  # fmt: skip

    with pytest.raises(UserError, match="nomor surat"):
        put(60, " ")
    put(60, "ND-1")
    with pytest.raises(UserError, match="alasan"):
        put(45, "ND-2")
    put(45, "ND-2", "Revisi")
    assert put(45, "ND-2") is None
    assert in_force(world, scheme) == {"berita-terbaru": "45"}
    assert len(db.session.scalars(select(Target)).all()) == 2


@pytest.mark.parametrize(
    ("value", "says"), [("-1", "kurang dari nol"), ("1.5", "bilangan bulat"), ("0", "nol tidak dapat dihitung"),
                        ("1000001", "1.000.000")],
)  # fmt: skip
def test_what_cannot_be_a_target_is_refused_with_a_sentence(world: World, value: str, says: str) -> None:
    scheme = make_scheme(world)
    with pytest.raises(TargetsRefused, match=says):
        save(scheme, world, change(TargetKey("artikel"), value))
    assert db.session.scalar(select(func.count()).select_from(Target)) == 0


def test_all_problems_are_told_at_once_and_nothing_is_written(world: World) -> None:
    scheme = make_scheme(world)
    save(scheme, world, change(NEWS, 60))
    wrong = TargetKey("artikel", TargetScope.SECTION, 999_999)
    with pytest.raises(TargetsRefused) as refused:
        save(
            scheme, world, change(NEWS, 45), change(TargetKey("artikel"), 0), change(wrong, 3), change(TargetKey("tak-ada"), 1),
            letter="",
        )  # fmt: skip
    assert set(refused.value.problems) == {TargetKey("artikel"), wrong, TargetKey("tak-ada")}
    assert "nomor surat" in refused.value.letter and "alasan" in refused.value.reason
    assert in_force(world, scheme) == {"berita-terbaru": "60"}


def test_several_are_saved_together_and_a_second_time_changes_nothing(world: World) -> None:
    scheme = make_scheme(world)
    changes = [change(NEWS, 60), change(TargetKey("artikel"), 3), change(of_section(world), 20)]
    assert len(save(scheme, world, *changes)) == 3
    assert save(scheme, world, *changes) == []
    assert save(scheme, world, *changes, letter="ND-9") == []  # the letter alone is no change
    revised = save(scheme, world, *changes, letter="ND-9", reason="Surat keliru", letter_for_all=True)
    assert {t.letter for t in revised} == {"ND-9"}
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.TARGET_SET)).all()
    assert [len(e.detail["targets"]) for e in entries] == [3, 3]
    assert entries[1].detail["reason"] == "Surat keliru"


def test_a_target_that_is_taken_back_is_gone_and_its_history_stays(world: World) -> None:
    scheme = make_scheme(world)
    save(scheme, world, change(NEWS, 60))
    with pytest.raises(TargetsRefused, match="alasan"):
        save(scheme, world, change(NEWS, None))
    save(scheme, world, change(NEWS, None), letter="", reason="Dicabut kantor pusat")
    assert in_force(world, scheme) == {}
    save(scheme, world, change(NEWS, 50), letter="ND-3")  # set anew: no reason is asked, nothing is in force
    page = page_of_revisions(world.office.id, scheme.id, Q1.key, with_persons=True)
    assert [(r.target.is_withdrawn, r.target.letter, r.target.reason, r.set_by) for r in page.items] == [
        (False, "ND-3", "", world.admin.name), (True, "ND-1", "Dicabut kantor pusat", world.admin.name),
        (False, "ND-1", "", world.admin.name),
    ]  # fmt: skip
    assert [r.before.id if r.before else None for r in page.items] == [
        page.items[1].target.id, page.items[2].target.id, None,
    ]  # fmt: skip
    taken_back = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == AuditAction.TARGET_WITHDRAWN)
    ).one()
    assert taken_back.detail["targets"][0]["before"] == "60"


def test_withdrawn_and_other_peoples_targets_are_no_goal_of_the_office(world: World) -> None:
    scheme = make_scheme(world)
    save(scheme, world, change(of_section(world), 20), change(NEWS, 60))
    save(scheme, world, change(NEWS, None), reason="Dicabut")
    assert in_force(world, scheme) == {}
    assert goal_of(db.session.scalars(select(Target).where(Target.is_withdrawn)).one()) is None


# For whom


def test_sections_persons_and_the_mix_have_their_own(world: World) -> None:
    scheme = make_scheme(world)
    person = TargetKey("berita-terbaru", TargetScope.PERSON, world.contributor.id)
    pillar = TargetKey("facebook", TargetScope.PILLAR, world.pillar.id)
    kind = TargetKey("facebook", TargetScope.CONTENT_TYPE, world.social.id)
    save(
        scheme, world, change(NEWS, 60), change(of_section(world), 25), change(person, 6), change(kind, 5),
        change(pillar, 8),
    )  # fmt: skip
    office, of = world.office.id, (scheme.id, Q1.key)
    assert {k: int(t.value) for k, t in queries.targets_of(office, *of).items()} == {"berita-terbaru": 60}
    sections = queries.targets_of_sections(office, *of)
    assert int(sections[world.section.id]["berita-terbaru"].value) == 25
    persons = queries.targets_of_persons(office, *of)
    assert int(persons[world.contributor.id]["berita-terbaru"].value) == 6
    assert queries.targets_of_persons(office, *of, user_ids=[world.editor.id]) == {}
    assert [(t.scope, int(t.value)) for t in queries.targets_of_mix(office, *of)["facebook"]] == [
        (TargetScope.PILLAR, 8), (TargetScope.CONTENT_TYPE, 5),
    ]  # fmt: skip


def test_what_is_not_of_this_office_is_refused(world: World, other_world: World) -> None:
    scheme = make_scheme(world)
    strangers = [
        TargetKey("berita-terbaru", TargetScope.SECTION, other_world.section.id),
        TargetKey("berita-terbaru", TargetScope.PERSON, other_world.contributor.id),
        TargetKey("berita-terbaru", TargetScope.PILLAR, other_world.pillar.id),
        TargetKey("berita-terbaru", TargetScope.CONTENT_TYPE, other_world.news.id),
        TargetKey("berita-terbaru", TargetScope.OFFICE, 7),
    ]
    with pytest.raises(TargetsRefused) as refused:
        save(scheme, world, *(change(key, 3) for key in strangers))
    assert set(refused.value.problems) == set(strangers)


def test_only_by_permission(world: World) -> None:
    scheme = make_scheme(world)
    for user in (world.lead, world.editor, world.contributor):
        with pytest.raises(NotAllowed):
            set_targets(scheme, actor=world.as_(user), period=Q1, changes=[change(NEWS, 1)], letter="ND-1")


def test_the_targets_of_who_left_can_be_taken_back(world: World) -> None:
    scheme = make_scheme(world)
    person = TargetKey("berita-terbaru", TargetScope.PERSON, world.contributor.id)
    save(scheme, world, change(person, 6))
    world.contributor.is_active = False
    db.session.flush()
    with pytest.raises(TargetsRefused, match="tidak aktif lagi"):
        save(scheme, world, change(person, 7), reason="Naik")
    assert len(save(scheme, world, change(person, None), reason="Pindah tugas")) == 1


# Kinds of component


def of_kind(kind: ComponentKind, **more: Any) -> Component:
    return Component(
        key="k", label="K", kind=kind, polarity=more.pop("polarity", Polarity.MAXIMISE), parameters=more
    )


@pytest.mark.parametrize(
    ("component", "asks"),
    [
        (of_kind(ComponentKind.COUNT_RATIO), True), (of_kind(ComponentKind.RATE), True),
        (of_kind(ComponentKind.GROWTH), True), (of_kind(ComponentKind.POINTS, points={"*|*": 1}), True),
        (of_kind(ComponentKind.POINTS, points={"*|*": 1}, plain=True), False),
        (of_kind(ComponentKind.RANK, formula="target"), True), (of_kind(ComponentKind.RANK, formula="behind"), False),
        (of_kind(ComponentKind.CADENCE), False), (of_kind(ComponentKind.CHECKLIST), False),
        (of_kind(ComponentKind.RUBRIC), False), (of_kind(ComponentKind.GATE), False),
    ],
)  # fmt: skip
def test_only_what_is_compared_has_a_target(component: Component, asks: bool) -> None:
    assert takes_target(component) is asks


def test_a_range_only_where_staying_inside_is_asked() -> None:
    steady = of_kind(ComponentKind.RATE, polarity=Polarity.STABILISE)
    assert problem_of(steady, Decimal(80), Decimal(90)) == ""
    assert "batas bawah" in problem_of(steady, Decimal(90), Decimal(80))
    assert "bukan rentang" in problem_of(of_kind(ComponentKind.RATE), Decimal(80), Decimal(90))
    assert problem_of(of_kind(ComponentKind.RATE), Decimal("2.5")) == ""
    assert "bilangan bulat" in problem_of(of_kind(ComponentKind.RANK), Decimal("2.5"))


def test_a_range_is_kept_and_becomes_a_goal(world: World) -> None:
    scheme = make_scheme(world)
    for component in scheme.versions[0].components:
        component.polarity = Polarity.STABILISE
    (made,) = save(scheme, world, change(NEWS, 80, 90))
    goal = goal_of(made)
    assert goal is not None and (goal.value, goal.upper) == (Fraction(80), Fraction(90))
    assert shown_value(made) == "80–90"
    (revised,) = save(scheme, world, change(NEWS, 80, 95), reason="Batas atas naik")
    assert revised.upper == 95


# Two people, and a closed period


def test_two_people_are_told_of_each_other_and_untouched_cells_stay(world: World) -> None:
    scheme = make_scheme(world)
    save(scheme, world, change(NEWS, 60), change(TargetKey("artikel"), 3))
    seen = newest_target_id(world.office.id, scheme.id, Q1.key)
    save(scheme, world, change(NEWS, 45), reason="Diturunkan", seen=seen)
    with pytest.raises(TargetsMoved) as moved:
        save(scheme, world, change(NEWS, 70), reason="Dinaikkan", seen=seen)
    assert "menetapkan 45" in moved.value.problems[NEWS]
    assert save(scheme, world, change(NEWS, 45), reason="Sama saja", seen=seen) == []
    save(scheme, world, change(TargetKey("artikel"), 4), reason="Yang lain", seen=seen)
    again = newest_target_id(world.office.id, scheme.id, Q1.key)
    save(scheme, world, change(NEWS, 70), reason="Dinaikkan", seen=again)
    assert in_force(world, scheme) == {"berita-terbaru": "70", "artikel": "4"}


def test_a_closed_period_takes_no_target_until_it_is_opened_again(world: World) -> None:
    scheme = make_scheme(world)
    save(scheme, world, change(NEWS, 60))
    close(scheme, Q1)
    with pytest.raises(UserError, match="sudah ditutup"):
        save(scheme, world, change(NEWS, 45), reason="Terlambat")
    assert in_force(world, scheme) == {"berita-terbaru": "60"}
    save(scheme, world, change(NEWS, 50), period=Q2)
    db.session.scalars(select(PeriodClose)).one().reopened_at = datetime(2026, 4, 5, tzinfo=UTC)
    db.session.flush()
    save(scheme, world, change(NEWS, 45), reason="Dibuka kembali")
    assert in_force(world, scheme) == {"berita-terbaru": "45"}


def test_a_period_of_another_type_is_refused(world: World) -> None:
    scheme = make_scheme(world)
    with pytest.raises(UserError, match="per triwulan"):
        set_target(
            scheme,
            actor=None,
            component_key="artikel",
            period=Month(2026, 1),
            value=Decimal(1),
            letter="ND-1",
        )


# Copying


def test_copying_shows_first_and_never_changes_what_is_there(world: World) -> None:
    scheme = make_scheme(world)
    section, person = of_section(world), TargetKey("artikel", TargetScope.PERSON, world.contributor.id)
    save(
        scheme,
        world,
        change(NEWS, 60),
        change(TargetKey("artikel"), 3),
        change(section, 20),
        change(person, 2),
    )
    save(scheme, world, change(TargetKey("artikel"), 5), period=Q2)
    world.contributor.is_active = False
    db.session.flush()
    before = db.session.scalar(select(func.count()).select_from(Target))
    fates = {(c.source.scope, c.source.component_key): c.fate for c in plan_copy(scheme, source=Q1, into=Q2)}
    assert fates == {
        (TargetScope.OFFICE, "berita-terbaru"): Fate.NEW, (TargetScope.OFFICE, "artikel"): Fate.KEPT,
        (TargetScope.SECTION, "berita-terbaru"): Fate.NEW, (TargetScope.PERSON, "artikel"): Fate.IMPOSSIBLE,
    }  # fmt: skip
    assert db.session.scalar(select(func.count()).select_from(Target)) == before
    given: dict[str, Any] = {"actor": world.as_(world.admin), "source": Q1, "into": Q2, "letter": "ND-8"}
    made = copy_targets(scheme, scopes=[TargetScope.OFFICE], **given)
    assert [(t.component_key, t.letter, t.reason) for t in made] == [
        ("berita-terbaru", "ND-8", "Disalin dari Triwulan I 2026."),
    ]  # fmt: skip
    assert len(copy_targets(scheme, scopes=list(TargetScope), **given)) == 1
    assert copy_targets(scheme, scopes=list(TargetScope), **given) == []
    assert in_force(world, scheme, Q2) == {"berita-terbaru": "60", "artikel": "5"}


def test_what_is_set_while_copying_waits_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = make_scheme(world)
    save(scheme, world, change(NEWS, 60))

    def wait_for_somebody(locked: ScoreScheme) -> None:
        hold_alone(locked)
        save(locked, world, change(NEWS, 45), period=Q2)

    monkeypatch.setattr(copying_targets, "hold_alone", wait_for_somebody)
    actor = world.as_(world.admin)
    made = copy_targets(scheme, actor=actor, source=Q1, into=Q2, scopes=[TargetScope.OFFICE], letter="ND-8")
    assert made == []
    assert in_force(world, scheme, Q2) == {"berita-terbaru": "45"}


def test_the_last_period_with_targets_is_found(world: World) -> None:
    scheme = make_scheme(world)
    assert newest_period_before(scheme, Q2.key) is None
    set_many(scheme, world, "2025-TW3", artikel=1)
    assert newest_period_before(scheme, Q2.key) == "2025-TW3"
    assert newest_period_before(scheme, "2025-TW3") is None
    save(scheme, world, change(NEWS, 60))
    assert newest_period_before(scheme, Q2.key) == Q1.key
    save(scheme, world, change(NEWS, None), reason="Dicabut")
    assert newest_period_before(scheme, Q2.key) == "2025-TW3", "of the first quarter nothing is left"


# Many people


def test_people_come_page_by_page_and_by_name(world: World) -> None:
    for number in range(12):
        user = people.create_user(
            actor=None, office_id=world.office.id, name=f"Pegawai {number:02}", email=f"p{number}@uji.example"
        )
        people.grant_role(
            user, world.section, Role.CONTRIBUTOR, actor=None, position_title="", valid_from=world.contributor.grants[0].valid_from
        )  # fmt: skip
    db.session.flush()
    seen: list[str] = []
    cursor = None
    scheme = make_scheme(world)
    while True:
        page = page_of_people(world.office, scheme.id, Q1.key, cursor=cursor, size=5)
        seen += [u.name for u in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 20
    assert seen == sorted(seen, key=str.lower)
    found = page_of_people(world.office, scheme.id, Q1.key, q="pegawai 07")
    assert [u.name for u in found.items] == ["Pegawai 07"]
