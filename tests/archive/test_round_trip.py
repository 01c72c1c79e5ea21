"""What is taken out is what comes back: every row, every file, every sum, the record."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Select, func, select

from humasflow.accounts.models import RoleGrant
from humasflow.accounts.queries import load_principal
from humasflow.accounts.services import people
from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry, AuditHead
from humasflow.audit.queries import check_chain
from humasflow.core.db import db
from humasflow.core.periods import Quarter, parse_period
from humasflow.core.permissions import Role
from humasflow.imports.enums import BatchState
from humasflow.imports.kinds.base import Outcome
from humasflow.imports.models import ImportBatch, ImportRow
from humasflow.imports.services.at_once import work
from humasflow.imports.services.running import stop_abandoned
from humasflow.imports.services.taking import go_on
from humasflow.media.models import Asset
from humasflow.media.services import storage
from humasflow.orgs.models import Unit
from humasflow.outbox.models import Job
from humasflow.publishing.models import Delivery, Evidence
from humasflow.scoring.jobs import rescore
from humasflow.scoring.models import LedgerEntry, PeriodClose
from humasflow.scoring.recomputation import differences
from humasflow.scoring.services.schemes import RESCORE
from humasflow.scoring.standing import get_standing
from humasflow.setup.sample_office import create_sample_office
from tests.archive.everything import everything
from tests.archive.round_trip import data_of, empty_installation, export, read
from tests.conftest import ON_POSTGRES, Templates
from tests.factories.world import World
from tests.support.page import Browser
from tests.support.postgres import create_database

pytestmark = pytest.mark.db
TODAY = date(2026, 11, 20)
# The reading itself is recorded, and a first admin is invited.
DIFFERENT = {"data/audit_entry.jsonl", "data/audit_head.jsonl"}
# Of these the office with one of everything has none: the sample office has them …
IN_THE_SAMPLE = {
    "approval_settings", "asset_band", "asset_facts", "campaign_share", "checklist_tick", "comment_mention", "decision",
    "glossary_word", "metric_snapshot", "period_close", "pitch_photo", "posting_slot", "reader_count", "rule_setting",
    "story_declaration", "suggestion", "urgent_release",
}  # fmt: skip
# … and these are read back by the kinds of their columns only.
NOWHERE = {
    "agenda_exception", "approval_reminder", "attribution_policy", "day_settings", "desk_default", "edit_policy",
    "post_base", "story_change", "story_reader",
}  # fmt: skip


def inside(path: str) -> Select[tuple[int]]:
    """The offices from one downward."""
    return select(Unit.id).where(Unit.path.startswith(path), Unit.office_id == Unit.id)


def ledger(path: str) -> list[tuple[object, ...]]:
    rows = db.session.execute(
        select(
            LedgerEntry.office_id, LedgerEntry.period, LedgerEntry.component_key, LedgerEntry.beneficiary,
            LedgerEntry.beneficiary_id, LedgerEntry.share, LedgerEntry.quantity,
        ).where(LedgerEntry.office_id.in_(inside(path))).order_by(LedgerEntry.id)
    )  # fmt: skip
    return [tuple(row) for row in rows]


def closes(path: str) -> list[tuple[object, ...]]:
    found = db.session.scalars(
        select(PeriodClose).where(PeriodClose.office_id.in_(inside(path))).order_by(PeriodClose.id)
    )
    return [(c.period, c.digest, c.result) for c in found]


def proofs(path: str) -> list[tuple[object, ...]]:
    rows = db.session.execute(
        select(Evidence.delivery_id, Evidence.file_sha256, Evidence.payload_sha256, Evidence.screenshot_id)
        .join(Delivery, Delivery.id == Evidence.delivery_id)
        .where(Delivery.office_id.in_(inside(path)))
        .order_by(Evidence.id)
    )
    return [tuple(row) for row in rows]


def files(path: str) -> dict[str, str]:
    """Every stored file of the offices with the SHA-256 of what lies on the disk."""
    found = db.session.scalars(select(Asset).where(Asset.office_id.in_(inside(path))))
    keys = {key for a in found for key in (a.original_key, a.medium_key, a.thumb_key) if key}
    return {key: hashlib.sha256(storage().path(key).read_bytes()).hexdigest() for key in keys}


def standings(path: str) -> list[object]:
    """Every total of every scheme in every period that has a line."""
    periods = sorted({str(line[1]) for line in ledger(path)})
    made = []
    for office in db.session.scalars(select(Unit).where(Unit.id.in_(inside(path))).order_by(Unit.id)):
        for key in periods:
            period = parse_period(key)
            if isinstance(period, Quarter):
                standing = get_standing(office, period)
                made.append((office.id, key, standing.total if standing else None))
    return made


FACTS = (ledger, closes, proofs, files, standings)


@pytest.mark.usefixtures("empty_database")
def test_the_sample_office_comes_back_whole(app: object, tmp_path: Path, in_request: None) -> None:
    create_sample_office(TODAY, seed=45)
    db.session.commit()
    admin = db.session.scalars(
        select(RoleGrant).where(RoleGrant.role == Role.ADMIN).order_by(RoleGrant.id)
    ).first()
    assert admin is not None
    office = db.session.get_one(Unit, admin.unit_id)
    assert office.parent_id is not None
    top = office.path
    first = export(office, tmp_path / "satu.zip", with_below=True)
    before = [fact(top) for fact in FACTS]
    assert all(before)
    head = db.session.get_one(AuditHead, office.id)
    last = (head.seq, head.hash)
    # The archive was made before it was itself recorded.
    archived = db.session.scalars(
        select(AuditEntry).where(AuditEntry.office_id == office.id, AuditEntry.seq == head.seq - 1)
    ).one()
    assert archived.hash
    with empty_installation(tmp_path / "lain") as other:
        found = read(first)
        assert found.admin.password_hash is None
        assert [fact(top) for fact in FACTS] == before
        assert not list(differences())
        assert not check_chain(found.office.id)
        read_entry = db.session.scalars(
            select(AuditEntry).where(
                AuditEntry.action == AuditAction.ARCHIVE_READ, AuditEntry.office_id == found.office.id
            )
        ).one()
        same = db.session.scalars(
            select(AuditEntry).where(AuditEntry.office_id == found.office.id, AuditEntry.seq == last[0] - 1)
        ).one()
        assert same.hash == archived.hash
        assert read_entry.seq > same.seq
        browser = Browser(other).sign_in(found.admin)
        published = db.session.scalars(
            select(Delivery.post_id)
            .where(Delivery.office_id == found.office.id, Delivery.published_at.is_not(None))
            .limit(1)
        ).one()
        for url in (
            "/",
            "/naskah/",
            "/capaian/",
            "/kalender/",
            f"/publikasi/{published}",
            "/pengaturan/kanal",
        ):
            browser.get(url)
        second = export(found.office, tmp_path / "dua.zip", with_below=True)
    one, two = data_of(first), data_of(second)
    assert all(one[f"data/{name}.jsonl"].strip() for name in IN_THE_SAMPLE)
    assert {name for name in one if one[name] != two[name]} == DIFFERENT
    # What was recorded before is there word for word, and goes on.
    assert set(one["data/audit_entry.jsonl"].splitlines()) <= set(two["data/audit_entry.jsonl"].splitlines())


def test_an_office_beside_another_takes_only_its_own(
    world: World, other_world: World, tmp_path: Path
) -> None:
    path = export(world.office, tmp_path / "satu.zip")
    data = data_of(path)
    assert other_world.office.name.encode() not in data["data/unit.jsonl"]
    assert other_world.editor.email.encode() not in data["data/app_user.jsonl"]
    assert b"$argon2" not in b"".join(data.values())
    with empty_installation(tmp_path / "lain"):
        found = read(path)
        assert found.office.name == "Kantor Uji"
        assert db.session.scalar(select(func.count()).select_from(Unit)) == len(
            data["data/unit.jsonl"].splitlines()
        )


def test_an_office_with_one_of_everything_comes_back_whole_and_goes_on(
    world: World, tmp_path: Path, in_request: None
) -> None:
    everything(world)
    top = world.office.path
    first = export(world.office, tmp_path / "satu.zip")
    one = data_of(first)
    empty = {
        name.removeprefix("data/").removesuffix(".jsonl") for name, rows in one.items() if not rows.strip()
    }
    assert empty == IN_THE_SAMPLE | NOWHERE
    before = [fact(top) for fact in FACTS]
    with empty_installation(tmp_path / "lain"):
        found = read(first)
        assert [fact(top) for fact in FACTS] == before
        two = data_of(export(found.office, tmp_path / "dua.zip"))
        assert {name for name in one if one[name] != two[name]} == DIFFERENT

        # The jobs stayed behind: what waited for one is done all the same, or says that it stopped.
        for job in db.session.query(Job).filter_by(kind=RESCORE).order_by(Job.id):
            rescore(job.ref)
            db.session.commit()
        assert not list(differences())
        assert stop_abandoned() == 1
        batch = db.session.query(ImportBatch).filter_by(state=BatchState.FAILED).one()
        assert batch.failed_at is BatchState.APPLYING
        go_on(batch, actor=load_principal(found.admin, office_id=found.office.id))
        work(batch)
        assert batch.state is BatchState.APPLIED
        rows = db.session.query(ImportRow).filter_by(batch_id=batch.id).order_by(ImportRow.line).all()
        assert [row.outcome for row in rows] == [None, Outcome.MADE, Outcome.CHANGED]


@pytest.mark.skipif(not ON_POSTGRES, reason="it is about two engines")
def test_either_database_reads_what_the_other_wrote(
    world: World, templates: Templates, tmp_path: Path
) -> None:
    """PostgreSQL to SQLite to PostgreSQL: the same rows, and new ids count on from the highest."""
    everything(world)
    first = export(world.office, tmp_path / "satu.zip")
    with empty_installation(tmp_path / "sqlite"):
        second = export(read(first).office, tmp_path / "dua.zip")
    with empty_installation(tmp_path / "postgres", create_database(templates.server)):
        office = read(second).office
        third = export(office, tmp_path / "tiga.zip")
        people.create_user(actor=None, office_id=office.id, name="Orang Baru", email="baru@kantor.example")
        db.session.commit()
    one, two, three = data_of(first), data_of(second), data_of(third)
    assert {name for name in one if not one[name] == two[name] == three[name]} == DIFFERENT
