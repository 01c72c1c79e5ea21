"""From a number to its lines and posts, and from a post to what it earned and why not."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.paging import Page
from humasflow.core.periods import Quarter
from humasflow.publishing.models import Delivery
from humasflow.publishing.services import retract
from humasflow.scoring import queries
from humasflow.scoring.earning import earned_by
from humasflow.scoring.enums import Beneficiary, ComponentKind, PointState
from humasflow.scoring.models import LedgerEntry, Measurement, ScoreScheme
from humasflow.scoring.services import adding_up
from humasflow.scoring.services.ledger import score_delivery
from humasflow.scoring.services.schemes import create_scheme_version
from humasflow.scoring.services.verification import dispute_point, verify_point
from humasflow.stories.enums import AssignmentState, StoryState
from tests.conftest import QueryCount
from tests.factories.publications import live_post
from tests.factories.scoring import SPECS, forget_lines, make_scheme
from tests.factories.world import World
from tests.scoring.judging import close
from tests.stories.tasks import task

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
S = PointState


def behind(
    world: World, scheme: ScoreScheme, key: str = "berita-terbaru", **narrowing: Any
) -> queries.Behind:
    return queries.Behind(world.office.id, scheme.id, key, "2026-TW1", **narrowing)


def titles(page: Page[queries.BookedLine]) -> list[str]:
    return [line.title.rsplit(" ", 1)[0] for line in page]


def test_the_lines_add_up_to_the_number(world: World) -> None:
    scheme = make_scheme(world)
    verify_point(live_post(world, title="Terbukti"), actor=world.as_(world.lead))
    live_post(world, title="Menunggu")
    dispute_point(live_post(world, title="Diragukan"), actor=world.as_(world.lead), reason="Ganda")
    retract(live_post(world, title="Turun"), actor=world.as_(world.editor), reason="Keliru")
    of = behind(world, scheme)
    counts = queries.count_lines(of)
    for state in S:
        lines = queries.list_lines(of, reader_id=world.lead.id, state=state).items
        number = sum((1 if line.quantity > 0 else -1) for line in lines)
        assert number == counts.get(state, (0, 0))[0], state
    assert titles(queries.list_lines(of, reader_id=world.lead.id, state=S.VERIFIED)) == ["Terbukti"]
    taken = queries.list_lines(of, reader_id=world.lead.id, state=S.REVERSED).items
    assert [(t.quantity, t.is_reversed, bool(t.reverses_id), t.reason) for t in taken] == [
        (Decimal(-1), False, True, "Keliru"), (Decimal(1), True, False, ""),
    ]  # fmt: skip


def test_what_a_closed_period_counted_and_was_taken_down_later_keeps_adding_up(world: World) -> None:
    scheme = make_scheme(world)
    delivery = live_post(world)
    verify_point(delivery, actor=world.as_(world.lead))
    close(scheme, "2026-TW1")
    retract(delivery, actor=world.as_(world.editor), reason="Dihapus kanalnya")
    of = behind(world, scheme)
    (line,) = queries.list_lines(of, reader_id=world.lead.id, state=S.VERIFIED).items
    assert (line.state, line.is_reversed) == (S.VERIFIED, True), "what was counted then stays counted"
    assert queries.count_lines(of)[S.VERIFIED] == (1, Decimal(1))
    later = db.session.query(LedgerEntry).filter_by(beneficiary="office", adjusts="2026-TW1").one()
    there = queries.Behind(world.office.id, scheme.id, "berita-terbaru", later.period)
    (back,) = queries.list_lines(there, reader_id=world.lead.id, state=S.VERIFIED).items
    assert (back.brings, back.adjusts, back.reason) == (Decimal(-1), "2026-TW1", "Dihapus kanalnya")


def test_what_comes_late_under_rules_of_before_is_behind_the_number_of_the_open_period(world: World) -> None:
    """The rules changed between the closed period and the open one; the component is the same."""
    scheme = make_scheme(world)
    close(scheme, "2026-TW1")
    create_scheme_version(
        scheme, actor=world.admin, components=SPECS, effective_from=Quarter.parse("2026-TW2")
    )
    verify_point(live_post(world, title="Terlambat"), actor=world.as_(world.lead))
    late = db.session.query(LedgerEntry).filter_by(beneficiary="office", adjusts="2026-TW1").one()
    assert late.scheme_version_id == scheme.versions[0].id
    there = queries.Behind(world.office.id, scheme.id, "berita-terbaru", late.period)
    assert titles(queries.list_lines(there, reader_id=world.lead.id)) == ["Terlambat"]
    assert queries.count_lines(there)[S.VERIFIED] == (1, Decimal(1))


def test_what_belongs_to_no_section_and_no_pillar_can_be_asked_for(world: World) -> None:
    scheme = make_scheme(world)
    mine = live_post(world, title="Milik seksi")
    live_post(world, title="Lain")
    mine.post.story.section_id, mine.post.story.pillar_id = world.section.id, world.pillar.id
    db.session.flush()
    forget_lines(mine)
    score_delivery(mine)
    line = LedgerEntry(
        office_id=world.office.id, scheme_version_id=scheme.versions[-1].id, component_key="berita-terbaru",
        beneficiary_id=world.office.id, deciding_date=date(2026, 3, 1), period="2026-TW1", stands_alone=True,
        created_at=clock.now(), beneficiary=Beneficiary.OFFICE, subject_key="adjust:1", quantity=Decimal(-2),
    )  # fmt: skip
    db.session.add(line)
    db.session.flush()
    adding_up.apply([line], S.VERIFIED)
    taken = {S.VERIFIED: (-1, Decimal(-2))}
    cases: list[tuple[dict[str, Any], list[str], dict[PointState, tuple[int, Decimal]]]] = [
        ({"section_id": queries.NOWHERE}, ["", "Lain"], {S.LIVE_UNVERIFIED: (1, Decimal(1)), **taken}),
        ({"pillar_id": queries.NOWHERE}, ["", "Lain"], {S.LIVE_UNVERIFIED: (1, Decimal(1)), **taken}),
        ({"type_id": queries.NOWHERE}, [""], taken),
        ({"type_id": world.news.id}, ["Milik seksi", "Lain"], {S.LIVE_UNVERIFIED: (2, Decimal(2))}),
        ({"type_id": world.social.id}, [], {}),
    ]  # fmt: skip
    for narrowing, wanted, number in cases:
        of = behind(world, scheme, **narrowing)
        assert titles(queries.list_lines(of, reader_id=world.lead.id)) == wanted, narrowing
        assert queries.count_lines(of) == number, narrowing


def test_a_story_kept_from_the_reader_has_no_title_here(world: World) -> None:
    """One channel is out, another waits, so the story itself is not public yet."""
    scheme = make_scheme(world)
    story = live_post(world, title="Rahasia").post.story
    story.is_confidential, story.state = True, StoryState.APPROVED
    db.session.flush()
    (line,) = queries.list_lines(behind(world, scheme), reader_id=world.lead.id).items
    assert (line.title, line.permalink) == ("", None)
    assert queries.count_lines(behind(world, scheme))[S.LIVE_UNVERIFIED][0] == 1, "it counts all the same"


def test_narrowed_to_a_section_a_person_and_a_pillar(world: World) -> None:
    scheme = make_scheme(world)
    mine, other = live_post(world, title="Milik seksi"), live_post(world, title="Lain")
    story = mine.post.story
    story.section_id, story.pillar_id = world.section.id, world.pillar.id
    task(world, story, code="penulis").state = AssignmentState.DONE
    db.session.flush()
    for delivery in (mine, other):
        forget_lines(delivery)
        score_delivery(delivery)
    for of in (
        behind(world, scheme, section_id=world.section.id),
        behind(world, scheme, pillar_id=world.pillar.id),
    ):
        assert titles(queries.list_lines(of, reader_id=world.lead.id)) == ["Milik seksi"]
        assert queries.count_lines(of)[S.LIVE_UNVERIFIED][0] == 1
    of = behind(world, scheme, person_id=world.contributor.id)
    (line,) = queries.list_lines(of, reader_id=world.lead.id).items
    assert (line.role, line.beneficiary) == ("writer", Beneficiary.PERSON)
    assert queries.count_lines(of)[S.LIVE_UNVERIFIED] == (1, line.brings)
    assert line.brings == line.share / 100 and Decimal(0) < line.share < Decimal(100)


def test_pages_follow_each_other_by_deciding_date(world: World) -> None:
    scheme = make_scheme(world)
    for day in (3, 1, 2):
        live_post(world, title=f"Hari {day}", at=f"2026-02-0{day}T02:00Z")
    live_post(world, title="Hari 2", at="2026-02-02T03:00Z")
    seen, cursor = [], None
    while True:
        page = queries.list_lines(behind(world, scheme), reader_id=world.lead.id, cursor=cursor, size=1)
        seen += [line.deciding_date.day for line in page]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [3, 2, 2, 1]


def test_a_measurement_and_an_adjustment_are_traced_without_a_post(world: World) -> None:
    scheme = make_scheme(world)
    measured = Measurement(
        office_id=world.office.id, scheme_id=scheme.id, component_key="artikel", kind=ComponentKind.RUBRIC,
        period="2026-TW1", facts={"scores": ["80"]}, note="Judul kuat, foto kurang", document="ND-9/2026",
        measured_on=date(2026, 3, 1), recorded_label="Redaktur", recorded_at=clock.now(),
    )  # fmt: skip
    db.session.add(measured)
    db.session.flush()
    common = {
        "office_id": world.office.id, "scheme_version_id": scheme.versions[-1].id, "component_key": "artikel",
        "beneficiary_id": world.office.id, "deciding_date": date(2026, 3, 1), "period": "2026-TW1",
        "stands_alone": True, "created_at": clock.now(), "beneficiary": Beneficiary.OFFICE,
    }  # fmt: skip
    lines = [
        LedgerEntry(**common, measurement_id=measured.id, subject_key="measure:artikel:2026-TW1", quantity=Decimal(1)),
        LedgerEntry(
            **common, subject_key="adjust:1", quantity=Decimal(-2), reason="Salah hitung", actor_id=world.lead.id,
            adjusts="2025-TW4",
        ),
    ]  # fmt: skip
    db.session.add_all(lines)
    db.session.flush()
    adding_up.apply(lines, S.VERIFIED)
    found = queries.list_lines(
        behind(world, scheme, key="artikel"), reader_id=world.lead.id, state=S.VERIFIED
    ).items
    adjusted, noted = found
    assert noted.measurement is not None and noted.measurement.note == "Judul kuat, foto kurang"
    assert (adjusted.reason, adjusted.actor, adjusted.adjusts, adjusted.state) == (
        "Salah hitung", "Ketua Tim", "2025-TW4", S.VERIFIED,
    )  # fmt: skip


def test_what_a_publication_earned_and_for_whom(world: World) -> None:
    make_scheme(world)
    delivery = live_post(world)
    earned = earned_by(delivery)
    (only,) = earned.earnings
    assert (only.label, only.quantity, only.period, only.version.number) == (
        "Berita Terbaru", Decimal(1), Quarter.parse("2026-TW1"), 1,
    )  # fmt: skip
    assert earned.counts and earned.state is S.LIVE_UNVERIFIED
    assert sum(s.per_cent for s in only.slices) in (0, 100)
    retract(delivery, actor=world.as_(world.editor), reason="Keliru")
    after = earned_by(delivery)
    assert not after.counts and after.earnings[0].quantity == 0
    assert [line.reason for line in after.earnings[0].lines] == ["", "Keliru"]


def reasons_of(delivery: Delivery) -> dict[str, str]:
    return {m.component.label: "; ".join(m.reasons) for m in earned_by(delivery).missed}


def test_why_a_component_does_not_count_it(world: World) -> None:
    scheme = make_scheme(world)
    social = live_post(
        world, account=world.facebook, content_type=world.social, url="https://facebook.com/k/posts/1"
    )
    why = reasons_of(social)
    assert "jenisnya Unggahan, yang dihitung Berita terbaru" in why["Berita Terbaru"]
    assert "kanalnya" in why["Berita Terbaru"] and "Facebook" not in why
    component = next(c for c in scheme.versions[-1].components if c.key == "facebook")
    component.pillar_ids, component.section_ids = [world.pillar.id], [world.section.id]
    component.account_ids, component.campaign_ids = [world.instagram.id], [1]
    db.session.flush()
    forget_lines(social)
    text = reasons_of(social)["Facebook"]
    for part in (
        "pilarnya tidak ada, yang dihitung Lelang", "seksinya tidak ada, yang dihitung Seksi Pelayanan Lelang",
        "akunnya Facebook Kantor, yang dihitung Instagram Kantor", "kampanye",
    ):  # fmt: skip
        assert part in text
    assert "Instagram" in reasons_of(social), "every component is asked"


def test_the_same_address_names_who_counts(world: World) -> None:
    make_scheme(world)
    first, second = live_post(world), live_post(world)
    forget_lines(second)
    second.canonical_url = first.canonical_url
    db.session.flush()
    missed = next(m for m in earned_by(second).missed if m.component.key == "berita-terbaru")
    assert missed.is_near and missed.elsewhere is not None and missed.elsewhere.post_id == first.post_id
    assert "alamatnya sama" in missed.reasons[0]


def test_a_repost_and_missing_points_say_so(world: World) -> None:
    scheme = make_scheme(world)
    original, again = live_post(world), live_post(world)
    again.post.repost_of_id = original.post_id
    db.session.flush()
    forget_lines(again)
    assert "tayang ulang tidak dihitung" in reasons_of(again)["Berita Terbaru"]
    component = next(c for c in scheme.versions[-1].components if c.key == "berita-terbaru")
    component.kind, component.parameters = ComponentKind.POINTS, {"points": {"artikel|website_own": "2"}}
    again.post.repost_of_id = None
    db.session.flush()
    assert "belum ada poin" in reasons_of(again)["Berita Terbaru"]


def test_without_rules_on_its_date_nothing_counts_it(world: World) -> None:
    make_scheme(world, since="2026-TW2")
    earned = earned_by(live_post(world))
    assert not earned.has_rules and not earned.missed


def test_the_lists_take_a_fixed_number_of_statements(world: World, statements: QueryCount) -> None:
    scheme = make_scheme(world)
    first = live_post(world)
    for ask in (
        lambda: queries.list_lines(behind(world, scheme), reader_id=world.lead.id),
        lambda: earned_by(first),
    ):
        ask()
        statements.reset()
        ask()
        few = len(statements)
        for _n in range(3):
            live_post(world)
        statements.reset()
        ask()
        assert len(statements) == few
