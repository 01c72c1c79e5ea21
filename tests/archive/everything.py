"""An office with one of everything that it can own, so that nothing is only promised to come back."""

from datetime import date
from pathlib import Path

from humasflow.approvals.models import Package
from humasflow.approvals.services.opening import record_opened
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.permissions import Role
from humasflow.imports.backfill.enums import ItemState
from humasflow.imports.backfill.models import BackfillCategory, BackfillItem, BackfillRun
from humasflow.imports.models import ImportRow
from humasflow.imports.services.applying import begin_applying
from humasflow.imports.services.at_once import work
from humasflow.imports.services.checking import fix_cells, replace_word
from humasflow.notifications.enums import NoticeKind
from humasflow.notifications.routing.enums import NoticeChannel, NoticeMode, NoticeTopic
from humasflow.notifications.routing.models import NoticeHabit, NoticePreference, NoticeRule
from humasflow.reports.models import Letterhead
from humasflow.reports.scheduling.enums import DeliveryState as Sent
from humasflow.reports.scheduling.models import ReportDelivery
from tests.factories.imports import BAD, GOOD, HEAD, checked, load
from tests.factories.publications import live_post
from tests.factories.world import World
from tests.guards.things import things_of
from tests.reports.proofs import pictured

TARGETS = (Path(__file__).parents[1] / "imports" / "data" / "targets-2020.csv").read_bytes()


def everything(world: World) -> None:
    """One real object of every kind, and what comes in by tables, from sites and by mail, at different points of its
    way. Commits.
    """
    made = things_of(world)
    editor, admin = world.as_(world.editor), world.as_(world.admin)
    rows = "\n".join(GOOD.replace("/1", f"/{number}") for number in range(2, 9))
    load(world.office, editor, f"{HEAD}\n{rows}\n{BAD}\n".encode(), verified=True)
    looked_at = checked(world, f"{HEAD}\n{GOOD}\n{BAD}\n".encode())
    bad = db.session.query(ImportRow).filter_by(batch_id=looked_at.id, is_bad=True).one()
    fix_cells(looked_at, bad, {"tanggal_tayang": "1/2/2020"}, actor=editor)
    replace_word(looked_at, "jenis", "artikel", "Berita Utama", actor=editor)
    work(looked_at)
    begin_applying(looked_at, actor=editor, all_or_nothing=False)  # and nobody works at it any more
    load(world.office, admin, TARGETS, "targets")
    package = db.session.get_one(Package, made["package_id"])
    assert record_opened(package, actor=world.as_(world.approver))
    run = db.session.get_one(BackfillRun, made["backfill_run_id"])
    delivery = live_post(world, title="Dari situs", at="2026-01-05T01:00Z")
    item = db.session.query(BackfillItem).filter_by(run_id=run.id, state=ItemState.FOUND).one()
    item.state, item.delivery_id, item.content_type_id = ItemState.ADDED, delivery.id, world.news.id
    db.session.add_all([
        BackfillCategory(office_id=world.office.id, category="berita", content_type_id=world.news.id),
        NoticeRule(
            office_id=world.office.id, kind=NoticeKind.STORY_ASSIGNED, role=Role.EDITOR, channel=NoticeChannel.MAIL,
            mode=NoticeMode.DIGEST,
        ),
        NoticePreference(
            user_id=world.editor.id, topic=NoticeTopic.TASKS, channel=NoticeChannel.MAIL, mode=NoticeMode.OFF
        ),
        NoticeHabit(
            user_id=world.lead.id, quiet_from="21:00", quiet_until="06:00", digest_at="08:00", brief_at="06:45",
            brief_week=False,
        ),
        Letterhead(
            office_id=world.office.id, logo_id=made["asset_id"], ministry="Kementerian", office_line="Kantor Uji",
            signer_name="Kepala", signer_number="197001011990011001",
        ),
    ])  # fmt: skip
    pictured(world, delivery, "#123456")
    db.session.add(
        ReportDelivery(
            schedule_id=made["report_schedule_id"], period="2026-TW1", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31),
            due_at=clock.now(), state=Sent.SENT, mails=2, note="terlambat", created_at=clock.now(), finished_at=clock.now(),
        )
    )  # fmt: skip
    db.session.commit()
