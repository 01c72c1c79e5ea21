"""Measurements: checked by kind, superseded and never changed, each with a line that stands alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, Refused, UserError
from humasflow.core.localtime import zone
from humasflow.scoring import queries
from humasflow.scoring.calculation import (
    ChecklistFacts,
    Facts,
    GateFacts,
    GrowthFacts,
    RankFacts,
    RateFacts,
    RubricFacts,
)
from humasflow.scoring.enums import Beneficiary, ComponentKind, PointState
from humasflow.scoring.measured import WrongFacts
from humasflow.scoring.models import LedgerEntry, Measurement, PeriodClose, ScoreCount
from humasflow.scoring.queries.judged import Judging, count_judged, list_judged_posts
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.closing import close_period
from humasflow.scoring.services.measuring import Basis, record_measurement, take_back_measurement
from tests.factories.measured import TW1, TW2, make_measured_scheme
from tests.factories.publications import live_post
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

At = Callable[[str], AbstractContextManager[None]]
NOTED = Basis(note="Gambar jelas, teks ringkas.")
EVERYTHING = dict.fromkeys(
    ("unverified", "disputed", "link_gone", "unknown", "failed", "manual_due", "not_out", "targets", "measurements"),
    "Diketahui.",
)  # fmt: skip

ALL_KINDS: list[tuple[str, Facts, ComponentKind]] = [
    ("profil", ChecklistFacts({"alamat": 2, "layanan": 1}), ComponentKind.CHECKLIST),
    ("mutu", RubricFacts((Decimal("87.5"),)), ComponentKind.RUBRIC),
    ("keterlibatan", RateFacts(Decimal(12), Decimal(300)), ComponentKind.RATE),
    ("pengikut", GrowthFacts(Decimal(900), Decimal(1000)), ComponentKind.GROWTH),
    ("peringkat", RankFacts(19, 87), ComponentKind.RANK),
    ("terdaftar", GateFacts(passed=False, why="Surat pendaftaran belum terbit."), ComponentKind.GATE),
]


def ledger(key: str) -> list[LedgerEntry]:
    rows = db.session.scalars(
        select(LedgerEntry).where(LedgerEntry.component_key == key).order_by(LedgerEntry.id)
    )
    return list(rows)


@pytest.mark.parametrize(("key", "facts", "kind"), ALL_KINDS)
def test_every_kind_is_kept_and_read_back_exactly(
    world: World, at: At, key: str, facts: Facts, kind: ComponentKind
) -> None:
    with at("2026-03-20T02:00Z"):
        scheme = make_measured_scheme(world)
        made = record_measurement(scheme, key, TW1, actor=world.as_(world.lead), facts=facts, basis=NOTED)
    assert made is not None and made.kind is kind
    assert made.recorded_label == "Kepala Kantor, Ketua Tim"
    db.session.expire_all()
    found = queries.measurements_of(world.office.id, scheme.id, TW1.key)
    assert list(found) == [key]
    assert queries.facts_from(kind, found[key]) == facts


def test_a_measurement_has_a_line_that_stands_alone_and_adds_up(world: World, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        scheme = make_measured_scheme(world)
        made = record_measurement(
            scheme, "peringkat", TW1, actor=world.as_(world.editor), facts=RankFacts(39, 87)
        )
    assert made is not None
    (line,) = ledger("peringkat")
    assert (line.subject_key, line.period, line.stands_alone) == (
        "measure:peringkat:2026-TW1",
        "2026-TW1",
        True,
    )
    assert (line.measurement_id, line.delivery_id, line.actor_id) == (made.id, None, world.editor.id)
    assert (line.beneficiary, line.beneficiary_id) == (Beneficiary.OFFICE, world.office.id)
    count = db.session.scalars(select(ScoreCount).where(ScoreCount.component_key == "peringkat")).one()
    assert (count.state, count.number) == (PointState.VERIFIED, 1)
    assert list(differences()) == []


def test_a_newer_one_supersedes_by_a_reversing_line_and_a_new_one(world: World, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        scheme = make_measured_scheme(world)
        lead = world.as_(world.lead)
        first = record_measurement(scheme, "peringkat", TW1, actor=lead, facts=RankFacts(39, 87))
        second = record_measurement(scheme, "peringkat", TW1, actor=lead, facts=RankFacts(19, 87))
    assert first is not None and second is not None
    assert second.supersedes_id == first.id
    assert first.facts == {"position": 39, "out_of": 87}, "what was entered stays as a record"
    assert [(int(line.quantity), line.measurement_id, line.reverses_id) for line in ledger("peringkat")] == [
        (1, first.id, None),
        (-1, first.id, ledger("peringkat")[0].id),
        (1, second.id, None),
    ]
    assert [row.id for row in queries.measurements_of(world.office.id, scheme.id, TW1.key)["peringkat"]] == [
        second.id
    ]
    assert list(differences()) == []


def test_the_same_again_writes_nothing(world: World, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        scheme = make_measured_scheme(world)
        lead = world.as_(world.lead)
        assert record_measurement(scheme, "peringkat", TW1, actor=lead, facts=RankFacts(39, 87)) is not None
        assert record_measurement(scheme, "peringkat", TW1, actor=lead, facts=RankFacts(39, 87)) is None
    assert len(ledger("peringkat")) == 1


def test_a_stale_page_does_not_overwrite(world: World, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        scheme = make_measured_scheme(world)
        lead = world.as_(world.lead)
        first = record_measurement(scheme, "peringkat", TW1, actor=lead, facts=RankFacts(39), shown=0)
        assert first is not None
        with pytest.raises(Conflict):
            record_measurement(scheme, "peringkat", TW1, actor=lead, facts=RankFacts(19), shown=0)
        assert record_measurement(scheme, "peringkat", TW1, actor=lead, facts=RankFacts(19), shown=first.id)


def test_taking_back_leaves_no_facts_and_no_sum(world: World, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        scheme = make_measured_scheme(world)
        lead = world.as_(world.lead)
        made = record_measurement(scheme, "peringkat", TW1, actor=lead, facts=RankFacts(39))
        assert made is not None
        with pytest.raises(UserError, match="alasan"):
            take_back_measurement(made, actor=lead, reason=" ")
        assert take_back_measurement(made, actor=lead, reason="Salah periode") is not None
        assert take_back_measurement(made, actor=lead, reason="Salah periode") is None
        assert queries.measurements_of(world.office.id, scheme.id, TW1.key) == {}
        assert sum(line.quantity for line in ledger("peringkat")) == 0
        again = record_measurement(scheme, "peringkat", TW1, actor=lead, facts=RankFacts(19), shown=0)
    assert again is not None
    assert [line.quantity for line in ledger("peringkat")] == [1, -1, 1]
    assert list(differences()) == []


@pytest.mark.parametrize(
    ("key", "facts", "says"),
    [
        ("profil", ChecklistFacts({}), "satu butir"),
        ("profil", ChecklistFacts({"alamat": 3}), "0, 1, atau 2"),
        ("profil", ChecklistFacts({"lain": 1}), "sudah berubah"),
        ("mutu", RubricFacts((Decimal("100.01"),)), "0 dan 100"),
        ("mutu", RubricFacts((Decimal(-1),)), "0 dan 100"),
        ("keterlibatan", RateFacts(Decimal(3), Decimal(0)), "lebih dari 0"),
        ("keterlibatan", RateFacts(Decimal(3), None), "kedua angkanya"),
        ("pengikut", GrowthFacts(Decimal(0), Decimal(5)), "lebih dari 0"),
        ("peringkat", RankFacts(0, 87), "mulai dari 1"),
        ("peringkat", RankFacts(88, 87), "tidak mungkin"),
        ("terdaftar", GateFacts(passed=False, why=" "), "belum terpenuhi"),
        ("peringkat", RubricFacts((Decimal(5),)), "bukan untuk komponen"),
    ],
)
def test_facts_that_make_no_sense_are_refused_in_words(
    world: World, at: At, key: str, facts: Facts, says: str
) -> None:
    with at("2026-03-20T02:00Z"):
        scheme = make_measured_scheme(world)
        with pytest.raises(WrongFacts, match=says):
            record_measurement(scheme, key, TW1, actor=world.as_(world.lead), facts=facts, basis=NOTED)
    assert db.session.scalars(select(Measurement)).all() == []


def test_a_mark_needs_a_note_and_may_be_about_one_publication(
    world: World, other_world: World, at: At
) -> None:
    with at("2026-04-02T02:00Z"):
        scheme = make_measured_scheme(world)
        lead = world.as_(world.lead)
        mark = RubricFacts((Decimal(80),))
        with pytest.raises(UserError, match="catatan"):
            record_measurement(scheme, "mutu", TW1, actor=lead, facts=mark)
        own, late = live_post(world), live_post(world, at="2026-04-01T03:00Z")
        foreign = live_post(other_world)
        for n, post_id in enumerate((own.post_id, None)):
            record_measurement(
                scheme, "mutu", TW1, actor=lead, facts=RubricFacts((Decimal(80 + 10 * n),)), basis=NOTED,
                post_id=post_id,
            )  # fmt: skip
        rows = queries.measurements_of(world.office.id, scheme.id, TW1.key)["mutu"]
        assert queries.facts_from(ComponentKind.RUBRIC, rows) == RubricFacts((Decimal(80), Decimal(90)))
        assert f"measure:mutu:2026-TW1:{own.post_id}" in {line.subject_key for line in ledger("mutu")}
        with pytest.raises(UserError, match="tidak tayang pada"):
            record_measurement(scheme, "mutu", TW1, actor=lead, facts=mark, basis=NOTED, post_id=late.post_id)
        with pytest.raises(NotFound):
            record_measurement(
                scheme, "mutu", TW1, actor=lead, facts=mark, basis=NOTED, post_id=foreign.post_id
            )
        with pytest.raises(UserError, match="seluruh periode"):
            record_measurement(scheme, "peringkat", TW1, actor=lead, facts=RankFacts(1), post_id=own.post_id)


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"channel_kinds": ["facebook"]}, "menilai semua jenis konten di Facebook"),
        ({"content_types": ["artikel"]}, "menilai artikel di semua kanal"),
        ({"account_ids": [0]}, "Akun: #0"),
        ({"pillar_ids": [0]}, "Pilar: #0"),
        ({"campaign_ids": [0]}, "Kampanye: #0"),
        ({"section_ids": [0]}, "Seksi: #0"),
    ],
)
def test_a_mark_of_what_the_component_does_not_judge_is_refused(
    world: World, at: At, chosen: dict[str, Any], says: str
) -> None:
    with at("2026-04-02T02:00Z"):
        scheme = make_measured_scheme(world)
        rubric = next(c for c in scheme.versions[0].components if c.key == "mutu")
        delivery = live_post(world)
        for name, values in chosen.items():
            setattr(rubric, name, values)
        db.session.flush()

        def mark() -> Measurement | None:
            return record_measurement(
                scheme, "mutu", TW1, actor=world.as_(world.lead), facts=RubricFacts((Decimal(80),)), basis=NOTED,
                post_id=delivery.post_id,
            )  # fmt: skip

        with pytest.raises(Refused, match=f"di luar yang dinilai “Mutu”.*{says}"):
            mark()
        assert db.session.scalars(select(Measurement)).all() == [] and ledger("mutu") == []
        for name in chosen:
            setattr(rubric, name, [])
        assert mark() is not None


def test_a_repost_is_judged_where_the_component_says_so(world: World, at: At) -> None:
    with at("2026-04-02T02:00Z"):
        scheme = make_measured_scheme(world)
        rubric = next(c for c in scheme.versions[0].components if c.key == "mutu")
        first, again = live_post(world), live_post(world)
        again.post.repost_of_id = first.post_id
        db.session.flush()
        judging = Judging(
            world.office.id, rubric, scheme.versions[0], TW1.key, TW1.utc_bounds(zone("Asia/Jakarta")), world.lead.id
        )  # fmt: skip

        def mark() -> Measurement | None:
            return record_measurement(
                scheme, "mutu", TW1, actor=world.as_(world.lead), facts=RubricFacts((Decimal(80),)), basis=NOTED,
                post_id=again.post_id,
            )  # fmt: skip

        with pytest.raises(Refused, match="di luar yang dinilai"):
            mark()
        assert [p.post_id for p in list_judged_posts(judging)] == [first.post_id]
        rubric.counts_reposts = True
        db.session.flush()
        assert mark() is not None
        assert {p.post_id for p in list_judged_posts(judging)} == {first.post_id, again.post_id}
        assert count_judged(world.office.id, rubric, judging.bounds) == 2


def test_who_may_measure_and_what(world: World, other_world: World, at: At) -> None:
    with at("2026-03-20T02:00Z"):
        scheme = make_measured_scheme(world)
        with pytest.raises(NotAllowed):
            record_measurement(
                scheme, "peringkat", TW1, actor=world.as_(world.contributor), facts=RankFacts(1)
            )
        with pytest.raises(NotFound):
            record_measurement(
                scheme, "peringkat", TW1, actor=other_world.as_(other_world.lead), facts=RankFacts(1)
            )
        with pytest.raises(NotFound):
            record_measurement(scheme, "berita", TW1, actor=world.as_(world.lead), facts=RankFacts(1))
        with pytest.raises(Refused, match="belum dimulai"):
            record_measurement(scheme, "peringkat", TW2, actor=world.as_(world.lead), facts=RankFacts(1))


def test_a_closed_period_is_refused_and_the_way_out_is_named(world: World, at: At) -> None:
    with at("2026-04-02T02:00Z"):
        scheme = make_measured_scheme(world)
        lead = world.as_(world.lead)
        made = record_measurement(scheme, "peringkat", TW1, actor=lead, facts=RankFacts(39))
        assert made is not None
        close_period(scheme, TW1, actor=lead, answers=EVERYTHING)
        before = db.session.scalars(select(PeriodClose)).one().digest
        with pytest.raises(Refused, match="Penyesuaian"):
            record_measurement(scheme, "peringkat", TW1, actor=lead, facts=RankFacts(19))
        with pytest.raises(Refused, match="Penyesuaian"):
            take_back_measurement(made, actor=lead, reason="Salah")
        assert db.session.scalars(select(PeriodClose)).one().digest == before


def test_a_measurement_after_the_periods_end_is_still_the_periods(world: World, at: At) -> None:
    """Marks are usually given once the quarter is over; its line belongs to the quarter."""
    with at("2026-04-09T02:00Z"):
        scheme = make_measured_scheme(world)
        made = record_measurement(scheme, "peringkat", TW1, actor=world.as_(world.lead), facts=RankFacts(3))
    assert made is not None
    assert made.measured_on.isoformat() == "2026-04-09"
    (line,) = ledger("peringkat")
    assert (line.deciding_date.isoformat(), line.period) == ("2026-03-31", "2026-TW1")
