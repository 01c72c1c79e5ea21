"""Drafts: half-done, thrown away, taken over, tried, and activated from a period on that is not closed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotFound, UserError
from humasflow.core.periods import Month, PeriodType, Quarter, period_of
from humasflow.outbox.runner import run_due
from humasflow.scoring import queries
from humasflow.scoring.enums import ComponentKind, VersionState
from humasflow.scoring.models import LedgerEntry, PeriodClose, Point, SchemeVersion, ScoreCount, ScoreScheme
from humasflow.scoring.services import schemes
from humasflow.scoring.services.schemes import ComponentSpec, RulesSpec, SchemeRefused
from humasflow.scoring.services.verification import verify_point
from humasflow.scoring.standing.trial import try_version
from humasflow.stories.enums import StoryState
from humasflow.stories.models import Story
from tests.conftest import QueryCount
from tests.factories.offices import put_below
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme
from tests.factories.world import World
from tests.support.page import Browser

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]
Q1, Q2, Q3 = (Quarter.parse(f"2026-TW{n}") for n in (1, 2, 3))
WEB = ComponentSpec("Situs", Decimal(100), channel_kinds=["website_own"])


def begun(world: World, *specs: ComponentSpec, name: str = "Baru") -> SchemeVersion:
    scheme = schemes.create_scheme(world.office.id, actor=world.admin, name=name)
    draft = schemes.start_draft(scheme, actor=world.admin)
    for spec in specs:
        schemes.save_component(draft, spec, actor=world.admin)
    return draft


def close(scheme: ScoreScheme, world: World, period: str) -> None:
    version = scheme.versions[0]
    db.session.add(
        PeriodClose(
            office_id=world.office.id, scheme_id=scheme.id, scheme_version_id=version.id, period=period,
            closed_at=clock.now(), answers={}, lines=0, digest="0" * 64, result={},
        )
    )  # fmt: skip
    db.session.flush()


def test_a_draft_may_be_left_half_done_and_counts_for_nothing(world: World) -> None:
    draft = begun(world, ComponentSpec("Poin", Decimal(30), kind=ComponentKind.POINTS))
    live_post(world)

    assert queries.version_at(draft.scheme, Q1.end) is None
    assert db.session.scalar(select(func.count(LedgerEntry.id))) == 0
    with pytest.raises(SchemeRefused, match="sekarang 30, seharusnya 100.*paling sedikit satu poin"):
        schemes.activate_version(draft, actor=world.admin, effective_from=Q1)
    assert draft.state is VersionState.DRAFT


def test_the_sum_of_the_weights_is_told_to_the_last_decimal(world: World) -> None:
    draft = begun(world, *(ComponentSpec(f"K{n}", Decimal("33.3333")) for n in range(3)))
    db.session.commit()
    db.session.expire_all()  # as the database keeps them

    with pytest.raises(SchemeRefused, match="sekarang 99,9999, seharusnya 100"):
        schemes.activate_version(draft, actor=world.admin, effective_from=Q1)
    assert schemes.save_weights(draft, {"k0": Decimal("33.3334")}, actor=world.admin) is True
    schemes.activate_version(draft, actor=world.admin, effective_from=Q1)
    assert draft.state is VersionState.ACTIVE


def test_a_weight_is_no_finer_than_both_databases_keep(world: World) -> None:
    """What was cut after it summed to 100 would leave a version that counts with a sum of 99,999999."""
    draft = begun(world, ComponentSpec("A", Decimal(50)))

    with pytest.raises(SchemeRefused, match="paling banyak 4 angka"):
        schemes.save_weights(draft, {"a": Decimal("33.33333")}, actor=world.admin)
    with pytest.raises(SchemeRefused, match="paling banyak 4 angka"):
        schemes.save_component(draft, ComponentSpec("B", Decimal("33.33333")), actor=world.admin)
    scheme = schemes.create_scheme(world.office.id, actor=world.admin, name="Sekaligus")
    fine = [ComponentSpec("A", Decimal("33.3333333")), ComponentSpec("B", Decimal("66.6666667"))]
    with pytest.raises(SchemeRefused, match="paling banyak 4 angka"):
        schemes.create_scheme_version(scheme, actor=world.admin, components=fine, effective_from=Q1)


def test_there_is_one_draft_a_scheme_and_it_begins_as_a_copy(world: World) -> None:
    scheme = make_scheme(world)
    first = schemes.start_draft(scheme, actor=world.admin)

    assert schemes.start_draft(scheme, actor=world.lead).id == first.id
    assert [(c.key, c.weight) for c in first.components] == [
        (c.key, c.weight) for c in scheme.versions[0].components
    ]
    assert {c.id for c in first.components}.isdisjoint({c.id for c in scheme.versions[0].components})


def test_a_draft_is_thrown_away_and_what_counts_stays(world: World) -> None:
    scheme = make_scheme(world)
    draft = schemes.start_draft(scheme, actor=world.admin)

    assert schemes.discard_draft(draft, actor=world.admin) is False
    assert [v.state for v in queries.get_scheme(world.office.id, scheme.id).versions] == [VersionState.ACTIVE]
    alone = begun(world)
    number = alone.scheme_id
    assert schemes.discard_draft(alone, actor=world.admin) is True
    assert db.session.get(ScoreScheme, number) is None


def test_what_counts_is_never_written_on(world: World) -> None:
    active = make_scheme(world).versions[0]

    for attempt in (
        lambda: schemes.save_component(active, WEB, actor=world.admin),
        lambda: schemes.save_weights(active, {"artikel": Decimal(1)}, actor=world.admin),
        lambda: schemes.save_rules(active, RulesSpec(), actor=world.admin),
        lambda: schemes.remove_component(active, "artikel", actor=world.admin),
        lambda: schemes.discard_draft(active, actor=world.admin),
        lambda: schemes.activate_version(active, actor=world.admin, effective_from=Q2),
    ):
        with pytest.raises(Conflict):
            attempt()


def test_a_stale_save_of_a_component_is_told(world: World) -> None:
    draft = begun(world, WEB)
    opened = draft.row_version
    schemes.save_component(draft, WEB, actor=world.admin, key="situs", row_version=opened)

    with pytest.raises(Conflict):
        schemes.save_weights(draft, {"situs": Decimal(90)}, actor=world.lead, row_version=opened)
    with pytest.raises(NotFound):
        schemes.save_component(draft, WEB, actor=world.admin, key="tidak-ada")


def test_components_are_moved_and_named_apart(world: World) -> None:
    draft = begun(world, ComponentSpec("A", Decimal(50)), ComponentSpec("B", Decimal(50)))

    schemes.move_component(draft, "b", up=True, actor=world.admin)
    assert [c.key for c in draft.components] == ["b", "a"]
    schemes.move_component(draft, "b", up=True, actor=world.admin)  # at the top already
    assert [c.key for c in draft.components] == ["b", "a"]
    with pytest.raises(SchemeRefused, match="nama yang sama"):
        schemes.save_component(draft, ComponentSpec("a", Decimal(1)), actor=world.admin)
    # The name is free, its key is not: targets and lines of another component never become this one's.
    schemes.save_component(draft, ComponentSpec("A baru", Decimal(50), key="a"), actor=world.admin, key="a")
    assert [c.label for c in draft.components] == ["B", "A baru"]


def test_a_kind_takes_its_own_selection_only(world: World) -> None:
    chosen = {
        "content_types": ["artikel"],
        "pillar_ids": [1],
        "counts_reposts": True,
        "counts_unverified": True,
    }
    draft = begun(
        world, ComponentSpec("Peringkat", Decimal(50), kind=ComponentKind.RANK, **chosen),
        ComponentSpec("Mutu", Decimal(50), kind=ComponentKind.RUBRIC, **chosen),
    )  # fmt: skip
    place, mark = draft.components

    assert (place.content_types, place.pillar_ids, place.counts_reposts) == ([], [], False)
    assert (mark.content_types, mark.pillar_ids, mark.counts_reposts) == (["artikel"], [1], True)
    assert not mark.counts_unverified, "a mark waits for nobody"


def test_rules_begin_in_a_period_that_is_open_and_never_before_others(world: World) -> None:
    scheme = make_scheme(world, since="2026-TW2")
    close(scheme, world, "2026-TW2")
    draft = schemes.start_draft(scheme, actor=world.admin)

    with pytest.raises(SchemeRefused, match="Triwulan II 2026 sudah ditutup.*paling cepat Triwulan III 2026"):
        schemes.activate_version(draft, actor=world.admin, effective_from=Q2)
    with pytest.raises(SchemeRefused, match="Versi 1 sudah berlaku mulai Triwulan II 2026"):
        schemes.activate_version(draft, actor=world.admin, effective_from=Q1)
    assert Q2 not in schemes.possible_starts(scheme, Q3.start)
    assert schemes.possible_starts(scheme, Q3.start) == [Q3.shift(n) for n in range(5, -1, -1)]
    with pytest.raises(SchemeRefused, match="per triwulan"):
        schemes.activate_version(draft, actor=world.admin, effective_from=Month.from_local_date(Q3.start))
    schemes.activate_version(draft, actor=world.admin, effective_from=Q3, note="ND-9")
    assert (draft.activated_by, draft.note, draft.effective_from) == (world.admin.id, "ND-9", Q3.start)
    assert queries.version_at(scheme, Q2.end) is scheme.versions[0]


def test_newer_rules_from_the_same_day_take_the_place_of_older_ones(world: World) -> None:
    """Stated in docs/scoring.md: the lines of the version that was replaced stay, each with one that takes it back."""
    scheme = make_scheme(world, since="2026-TW1")
    live_post(world)
    draft = schemes.start_draft(scheme, actor=world.admin)
    old = schemes.replaced_by(scheme, Q1)
    schemes.activate_version(draft, actor=world.admin, effective_from=Q1)
    db.session.commit()
    run_due()

    assert old is scheme.versions[0]
    assert queries.version_at(scheme, Q1.end) is draft
    by_version = dict(
        db.session.execute(
            select(LedgerEntry.scheme_version_id, func.count(LedgerEntry.id))
            .where(LedgerEntry.quantity > 0, LedgerEntry.beneficiary == "office")
            .group_by(LedgerEntry.scheme_version_id)
        ).all()
    )
    assert by_version == {old.id: 1, draft.id: 1}
    left = dict(
        db.session.execute(
            select(LedgerEntry.scheme_version_id, func.sum(LedgerEntry.quantity))
            .where(LedgerEntry.beneficiary == "office")
            .group_by(LedgerEntry.scheme_version_id)
        ).all()
    )
    assert {version: int(number) for version, number in left.items()} == {old.id: 0, draft.id: 1}


def test_an_office_takes_over_the_scheme_of_an_office_above(world: World, other_world: World) -> None:
    put_below(world, other_world)
    origin = make_scheme(other_world, name="Skema Kanwil")
    draft = schemes.start_draft(origin, actor=other_world.admin)
    schemes.save_component(draft, ComponentSpec("Pilar", Decimal(0), pillar_ids=[other_world.pillar.id]), actor=other_world.admin)  # fmt: skip
    schemes.activate_version(draft, actor=other_world.admin, effective_from=Quarter(2021, 1))
    taken = schemes.take_over(world.office, origin, actor=world.admin)

    assert taken.scheme.origin_id == origin.id
    assert [(c.key, c.weight) for c in taken.components] == [(c.key, c.weight) for c in draft.components]
    assert taken.components[-1].pillar_ids == [] and "Pilar" in taken.note
    with pytest.raises(UserError, match="sudah ada"):
        schemes.take_over(world.office, origin, actor=world.admin)


def test_a_scheme_is_taken_over_downwards_only(world: World, other_world: World) -> None:
    below = make_scheme(other_world)

    with pytest.raises(NotFound):
        schemes.take_over(world.office, below, actor=world.admin)
    put_below(other_world, world)
    with pytest.raises(NotFound):
        schemes.take_over(world.office, below, actor=world.admin)


def test_a_scheme_put_aside_scores_what_came_meanwhile_when_it_is_used_again(world: World) -> None:
    scheme = make_scheme(world)
    schemes.set_active(scheme, actor=world.admin, active=False)
    live_post(world)
    assert db.session.scalar(select(func.count(LedgerEntry.id))) == 0
    schemes.set_active(scheme, actor=world.admin, active=True)
    db.session.commit()
    run_due()
    assert (
        db.session.scalar(select(func.count(LedgerEntry.id)).where(LedgerEntry.beneficiary == "office")) == 1
    )


def test_a_scheme_of_weeks_begins_on_a_monday(world: World) -> None:
    scheme = schemes.create_scheme(
        world.office.id, actor=world.admin, name="Mingguan", period_type=PeriodType.WEEK
    )
    draft = schemes.start_draft(scheme, actor=world.admin, components=[WEB])
    starts = schemes.possible_starts(scheme, Q1.start)
    start = starts[0]
    assert all(p.start.weekday() == 0 for p in starts) and start.start.year == 2027
    schemes.activate_version(draft, actor=world.admin, effective_from=start)
    assert draft.effective_from.weekday() == 0


@pytest.mark.parametrize(
    ("period_type", "ahead"),
    [(PeriodType.YEAR, 1), (PeriodType.SEMESTER, 3), (PeriodType.QUARTER, 6), (PeriodType.MONTH, 20)],
)
def test_next_years_rules_can_be_ready_before_it_begins(
    world: World, statements: QueryCount, period_type: PeriodType, ahead: int
) -> None:
    """From April 2026 every period up to the end of 2027, however many, in one statement."""
    scheme = schemes.create_scheme(
        world.office.id, actor=world.admin, name="Tahun depan", period_type=period_type
    )
    schemes.start_draft(scheme, actor=world.admin, components=[WEB])
    today = date(2026, 4, 15)
    this = period_of(period_type, today)
    statements.reset()
    starts = schemes.possible_starts(scheme, today, back=2)
    assert len(statements) <= 1
    assert starts == [this.shift(n) for n in range(ahead, -3, -1)]
    assert starts[0].end == date(2027, 12, 31)


def test_the_page_offers_them_and_proposes_the_present_one(
    world: World, browser_of: Callable[[object], Browser], at: Any
) -> None:
    scheme = make_scheme(world, since="2026-TW1")
    draft = schemes.start_draft(scheme, actor=world.admin)
    close(scheme, world, "2026-TW2")
    db.session.commit()
    url = f"/pengaturan/skema/konsep/{draft.id}/berlakukan"
    with at("2026-04-20T02:00Z"):  # the present one is signed: the first that is not
        page = browser_of(world.admin).get(url)
    offered = [str(o["value"]) for o in page.soup.select("select[name=effective_from] option")]
    assert offered == [f"2027-TW{n}" for n in (4, 3, 2, 1)] + ["2026-TW4", "2026-TW3"]
    assert page.form()["effective_from"] == "2026-TW3"
    with at("2026-11-20T02:00Z"):
        browser = browser_of(world.admin)
        page = browser.get(url)
        assert page.form()["effective_from"] == "2026-TW4"
        browser.post(url, page.form() | {"effective_from": "2027-TW1"})
    db.session.expire_all()
    assert draft.effective_from == date(2027, 1, 1)


# Trial


def counts_of_everything() -> list[int]:
    return [
        db.session.scalar(select(func.count()).select_from(m)) or 0 for m in (LedgerEntry, ScoreCount, Point)
    ]


def test_a_trial_stands_beside_what_is_in_force_and_writes_nothing(world: World) -> None:
    scheme = make_scheme(world)
    verify_point(live_post(world), actor=world.as_(world.lead))
    live_post(world)
    live_post(world, account=world.facebook, url="https://www.facebook.com/kantoruji/posts/1")
    live_post(world, at="2026-05-01T02:00Z")  # another quarter
    draft = schemes.start_draft(scheme, actor=world.admin, components=[ComponentSpec("Semua", Decimal(100))])
    db.session.commit()
    before = counts_of_everything()
    from fractions import Fraction

    from humasflow.scoring.calculation import Goal

    trial = try_version(
        world.office,
        draft,
        Q1,
        {"semua": Goal(Fraction(2))},
        reader_id=world.admin.id,
        now=scheme.versions[0],
    )

    assert trial.published == 3
    everything = trial.rows[0].draft
    assert (everything.counted, everything.waiting) == (1, 2)
    assert (str(everything.result.value), str(trial.total.value)) == ("50.00", "50.00")
    in_force = {row.key: row.now for row in trial.rows if row.now}
    assert (in_force["berita-terbaru"].counted, in_force["berita-terbaru"].waiting) == (1, 1)
    assert trial.changed == 3 and trial.posts[0].after == ("Semua",)
    hidden = db.session.scalars(select(Story).where(Story.title == trial.posts[0].title)).one()
    hidden.is_confidential, hidden.state = True, StoryState.DRAFT
    db.session.commit()
    again = try_version(world.office, draft, Q1, {}, reader_id=world.admin.id, now=scheme.versions[0])
    assert [bool(post.title) for post in again.posts] == [False, True, True]  # counted, and its words kept
    assert not db.session.dirty and not db.session.new
    assert counts_of_everything() == before
    as_verified = try_version(
        world.office, draft, Q1, {"semua": Goal(Fraction(3))}, reader_id=world.admin.id, as_verified=True
    )
    assert str(as_verified.total.value) == "100.00" and as_verified.rows[0].draft.waiting == 0


def test_a_trial_counts_an_address_once_as_the_ledger_does(world: World) -> None:
    scheme = make_scheme(world)
    for url in (
        "https://kantor-uji.example/berita/satu",
        "https://m.kantor-uji.example/berita/satu/?utm_source=wa",
    ):
        live_post(world, url=url)
    db.session.commit()
    draft = schemes.start_draft(scheme, actor=world.admin)
    trial = try_version(world.office, draft, Q1, {}, reader_id=world.admin.id, now=scheme.versions[0])
    news = next(row for row in trial.rows if row.key == "berita-terbaru")

    lines = db.session.scalar(
        select(func.sum(LedgerEntry.quantity)).where(
            LedgerEntry.component_key == "berita-terbaru", LedgerEntry.beneficiary == "office"
        )
    )
    assert news.draft.waiting == news.now.waiting == lines == 1
    assert trial.changed == 0


def test_a_trial_says_how_many_publications_a_rubric_judges(world: World) -> None:
    """As many as the page of marks offers, under each side's own rules."""
    quality = {"kind": ComponentKind.RUBRIC, "key": "mutu"}
    scheme = schemes.create_scheme(world.office.id, actor=world.admin, name="Mutu")
    schemes.create_scheme_version(
        scheme, actor=world.admin, effective_from=Q1,
        components=[ComponentSpec("Mutu", Decimal(100), channel_kinds=["website_own"], **quality)],
    )  # fmt: skip
    live_post(world)
    live_post(world, account=world.facebook, url="https://www.facebook.com/kantoruji/posts/1")
    live_post(world, at="2026-05-01T02:00Z")  # another quarter
    now = scheme.versions[0]
    draft = schemes.start_draft(
        scheme, actor=world.admin, components=[ComponentSpec("Mutu", Decimal(100), **quality)]
    )
    (row,) = try_version(world.office, draft, Q1, {}, reader_id=world.admin.id, now=now).rows
    assert (row.draft.judged, row.now.judged) == (2, 1)


def test_a_trial_of_weights_that_do_not_sum_shows_components_and_no_total(world: World) -> None:
    draft = begun(world, ComponentSpec("Situs", Decimal(90)))
    live_post(world)
    trial = try_version(world.office, draft, Q1, {}, reader_id=world.admin.id)

    assert trial.total is None and trial.rows[0].draft.waiting == 1


def test_a_trial_takes_a_fixed_number_of_statements(world: World, statements: QueryCount) -> None:
    draft = begun(world, WEB)
    live_post(world)
    db.session.commit()

    def measure() -> int:
        db.session.expire_all()
        fresh = queries.get_scheme_version(world.office.id, draft.id)
        statements.reset()
        try_version(world.office, fresh, Q1, {}, reader_id=world.admin.id)
        return len(statements)

    few = measure()
    for _n in range(3):
        live_post(world)
    db.session.commit()
    assert measure() == few
