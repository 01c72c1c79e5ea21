"""Closing a period: every open question answered, lines frozen by a digest, opened again only with a reason."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest
from sqlalchemy import delete, select

from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry
from humasflow.core.db import db
from humasflow.core.errors import Conflict, NotAllowed, NotFound, Refused, UserError
from humasflow.core.periods import Month
from humasflow.outbox.models import Job
from humasflow.publishing.enums import DeliveryState, LinkState
from humasflow.publishing.services import retract
from humasflow.scoring.calculation import RankFacts
from humasflow.scoring.models import LedgerEntry, PeriodClose, ScoreScheme
from humasflow.scoring.open_questions import open_questions
from humasflow.scoring.services.closing import (
    ChangedSince,
    Unanswered,
    close_period,
    digest_of,
    reopen_period,
)
from humasflow.scoring.services.measuring import record_measurement
from humasflow.scoring.services.verification import dispute_point, verify_point
from humasflow.scoring.standing import get_standing
from tests.conftest import QueryCount
from tests.factories.measured import TW1, TW2, make_measured_scheme
from tests.factories.publications import live_post
from tests.factories.scoring import make_scheme, set_targets
from tests.factories.world import World

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("in_request")]

At = Callable[[str], AbstractContextManager[None]]
AFTER = "2026-04-02T02:00Z"
CODES = (
    "unverified", "disputed", "link_gone", "unknown", "failed", "manual_due", "not_out", "targets", "measurements",
)  # fmt: skip
EVERYTHING = dict.fromkeys(CODES, "Diketahui.")


def scheme_with_targets(world: World) -> ScoreScheme:
    scheme = make_scheme(world)
    set_targets(scheme, world, "2026-TW1", berita_utama=3, berita_terbaru=60, artikel=3, profil_kantor=1)
    return scheme


def numbers(world: World, scheme: ScoreScheme) -> dict[str, int]:
    standing = get_standing(world.office, TW1, scheme_id=scheme.id)
    assert standing is not None
    return {q.code: q.number for q in open_questions(world.office, scheme, TW1, standing)}


def test_a_close_keeps_digest_result_answers_and_who_signed(world: World, at: At) -> None:
    scheme = scheme_with_targets(world)
    verify_point(live_post(world), actor=world.as_(world.lead))
    live_post(world)
    with at(AFTER):
        close = close_period(
            scheme, TW1, actor=world.as_(world.lead), answers={"unverified": "Tautan belum dapat dibuka."}
        )
    assert (close.lines, close.digest) == (digest_of(scheme.id, TW1).lines, digest_of(scheme.id, TW1).sha256)
    assert close.closed_label == "Kepala Kantor, Ketua Tim"
    assert close.answers == {
        "unverified": {
            "label": "Tayang, belum diverifikasi",
            "number": 1,
            "answer": "Tautan belum dapat dibuka.",
        }
    }
    assert close.result["total"] == "1.00", "one of sixty verified, at a weight of sixty"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == AuditAction.PERIOD_CLOSED)).one()
    assert entry.detail["digest"] == close.digest


def test_every_open_question_is_counted_and_needs_an_answer(world: World, at: At) -> None:
    scheme = make_scheme(world)
    lead = world.as_(world.lead)
    assert numbers(world, scheme) == dict.fromkeys(CODES, 0) | {"targets": 4}
    live_post(world)
    dispute_point(live_post(world), actor=lead, reason="Tautan mati")
    gone = live_post(world)
    verify_point(gone, actor=lead)
    gone.link_state = LinkState.GONE
    for state in (
        DeliveryState.UNKNOWN, DeliveryState.FAILED, DeliveryState.MANUAL_DUE, DeliveryState.LATE, DeliveryState.HELD,
    ):  # fmt: skip
        stuck = live_post(world, account=world.x, content_type=world.social)
        stuck.state, stuck.post.scheduled_at = state, stuck.published_at
    later = live_post(world, account=world.x, content_type=world.social, at="2026-04-01T09:00Z")
    later.state, later.post.scheduled_at = DeliveryState.FAILED, later.published_at
    db.session.flush()
    found = numbers(world, scheme)
    assert found == {
        "unverified": 1, "disputed": 1, "link_gone": 1, "unknown": 1, "failed": 1, "manual_due": 1, "not_out": 2,
        "targets": 4, "measurements": 0,
    }  # fmt: skip
    with at(AFTER), pytest.raises(Unanswered) as refused:
        close_period(
            scheme, TW1, actor=lead, answers={"failed": "Diunggah ulang bulan depan.", "targets": " "}
        )
    assert set(refused.value.codes) == {c for c, n in found.items() if n} - {"failed"}
    assert db.session.scalars(select(PeriodClose)).all() == []


def test_what_counts_before_it_is_verified_is_not_called_uncounted(world: World) -> None:
    scheme = make_scheme(world)
    for at_once in (False, True):
        for component in scheme.versions[0].components:
            component.counts_unverified = at_once and component.key == "facebook"
        db.session.flush()
        standing = get_standing(world.office, TW1, scheme_id=scheme.id)
        assert standing is not None
        asked = {q.code: q.effect for q in open_questions(world.office, scheme, TW1, standing)}
        assert ("sejak tayang" in asked["unverified"]) is at_once
        assert "tidak ikut dihitung" in asked["disputed"]


def test_missing_measurements_are_named(world: World) -> None:
    scheme = make_measured_scheme(world)
    standing = get_standing(world.office, TW1, scheme_id=scheme.id)
    assert standing is not None
    found = {q.code: q for q in open_questions(world.office, scheme, TW1, standing)}
    assert found["measurements"].names == (
        "Profil", "Mutu", "Keterlibatan", "Pengikut", "Peringkat", "Terdaftar",
    )  # fmt: skip
    assert found["targets"].names == ("Berita",)


def test_the_questions_take_a_fixed_number_of_statements(world: World, statements: QueryCount) -> None:
    scheme = scheme_with_targets(world)
    standing = get_standing(world.office, TW1, scheme_id=scheme.id)
    assert standing is not None
    counts = []
    for _n in range(2):
        live_post(world)
        statements.reset()
        open_questions(world.office, scheme, TW1, standing)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 4


def test_a_closed_period_never_changes(world: World, at: At) -> None:
    """Whatever comes later: a withdrawal, a late find, a question, a new target. The digest and the result stay."""
    scheme = scheme_with_targets(world)
    lead = world.as_(world.lead)
    kept, withdrawn = live_post(world), live_post(world)
    verify_point(kept, actor=lead)
    verify_point(withdrawn, actor=lead)
    with at(AFTER):
        close = close_period(scheme, TW1, actor=lead, answers=EVERYTHING)
        was = (close.digest, close.lines, dict(close.result))
        retract(withdrawn, actor=world.as_(world.editor), reason="Data keliru")
        live_post(world)
        with pytest.raises(Refused):
            dispute_point(kept, actor=lead, reason="Tautan mati")
        db.session.refresh(close)
        assert (close.digest, close.lines, close.result) == was
        assert digest_of(scheme.id, TW1) == (close.digest, close.lines)
        later = db.session.scalars(select(LedgerEntry).where(LedgerEntry.period == "2026-TW2")).all()
        assert later and all(line.adjusts == "2026-TW1" for line in later)


def test_the_digest_sees_any_change(world: World) -> None:
    scheme = scheme_with_targets(world)
    live_post(world)
    live_post(world)
    first = digest_of(scheme.id, TW1)
    assert digest_of(scheme.id, TW1) == first
    line = db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)).first()
    assert line is not None
    for name, value in (("quantity", Decimal(2)), ("reason", "x"), ("share", Decimal(50)), ("sequence", 9)):
        was = getattr(line, name)
        setattr(line, name, value)
        db.session.flush()
        assert digest_of(scheme.id, TW1).sha256 != first.sha256, name
        setattr(line, name, was)
        db.session.flush()
    assert digest_of(scheme.id, TW1) == first
    assert digest_of(scheme.id, TW2).lines == 0


def test_the_digest_covers_what_was_measured(world: World, at: At) -> None:
    scheme = make_measured_scheme(world)
    with at("2026-03-20T02:00Z"):
        made = record_measurement(scheme, "peringkat", TW1, actor=world.as_(world.lead), facts=RankFacts(39))
    assert made is not None
    first = digest_of(scheme.id, TW1)
    made.facts = {"position": 1, "out_of": None}
    db.session.flush()
    assert digest_of(scheme.id, TW1).sha256 != first.sha256


def test_the_digest_of_a_long_period_is_read_in_batches(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme = scheme_with_targets(world)
    for _n in range(5):
        live_post(world)
    whole = digest_of(scheme.id, TW1)
    monkeypatch.setattr("humasflow.scoring.services.closing.BATCH", 2)
    assert digest_of(scheme.id, TW1) == whole


def test_who_may_close_and_when(world: World, other_world: World, at: At) -> None:
    scheme = scheme_with_targets(world)
    with at(AFTER), pytest.raises(NotAllowed):
        close_period(scheme, TW1, actor=world.as_(world.editor), answers=EVERYTHING)
    with at(AFTER), pytest.raises(NotFound):
        close_period(scheme, TW1, actor=other_world.as_(other_world.lead), answers=EVERYTHING)
    lead = world.as_(world.lead)
    with at("2026-03-31T16:59Z"), pytest.raises(Refused, match="masih berjalan"):  # 23.59 WIB
        close_period(scheme, TW1, actor=lead, answers=EVERYTHING)
    with at(AFTER), pytest.raises(Refused, match="per triwulan"):
        close_period(scheme, Month(2026, 2), actor=lead, answers=EVERYTHING)
    with at("2026-03-31T17:00Z"):  # 1 April 00.00 WIB
        close_period(scheme, TW1, actor=lead, answers=EVERYTHING)
        with pytest.raises(Refused, match="sudah ditutup"):
            close_period(scheme, TW1, actor=lead, answers=EVERYTHING)


def test_what_was_read_is_what_is_signed(world: World, at: At) -> None:
    scheme = scheme_with_targets(world)
    shown = digest_of(scheme.id, TW1).sha256
    live_post(world)
    with at(AFTER), pytest.raises(ChangedSince):
        close_period(scheme, TW1, actor=world.as_(world.lead), answers=EVERYTHING, shown=shown)
    with at(AFTER):
        shown = digest_of(scheme.id, TW1).sha256
        close_period(scheme, TW1, actor=world.as_(world.lead), answers=EVERYTHING, shown=shown)


def test_opening_again_needs_the_permission_and_a_reason_and_leaves_a_record(world: World, at: At) -> None:
    scheme = scheme_with_targets(world)
    admin, lead = world.as_(world.admin), world.as_(world.lead)
    with at(AFTER):
        close = close_period(scheme, TW1, actor=lead, answers=EVERYTHING)
        with pytest.raises(NotAllowed):
            reopen_period(close, actor=lead, reason="Ada yang tertinggal")
        with pytest.raises(UserError, match="alasan"):
            reopen_period(close, actor=admin, reason="  ")
        db.session.execute(delete(Job))
        reopen_period(close, actor=admin, reason="Ada yang tertinggal", row_version=close.row_version)
        assert not close.is_in_force and close.reopen_reason == "Ada yang tertinggal"
        assert [job.kind for job in db.session.scalars(select(Job))] == ["scoring.rescore"]
        with pytest.raises(Conflict):
            reopen_period(close, actor=admin, reason="Lagi")
        live_post(world)
        again = close_period(scheme, TW1, actor=lead, answers=EVERYTHING)
    assert (again.number, again.lines) == (2, close.lines + 1)
    assert again.digest != close.digest
    assert db.session.scalars(select(LedgerEntry).where(LedgerEntry.period == "2026-TW2")).all() == []
