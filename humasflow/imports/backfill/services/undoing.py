"""A whole run is taken back: every publication it recorded, unless something was decided about it since."""

import time
from datetime import timedelta
from typing import Final

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import Conflict
from humasflow.core.permissions import Permission
from humasflow.imports.backfill import queries
from humasflow.imports.backfill.enums import ItemState, PictureState, RunState
from humasflow.imports.backfill.models import BackfillItem, BackfillRun
from humasflow.imports.backfill.services.running import (
    call_off,
    enqueue_for,
    locked,
    open_run,
    principal_of,
    run_step,
    tell,
)
from humasflow.notifications.enums import NoticeKind
from humasflow.outbox import lease
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.past_undo import undo_past_publication
from humasflow.scoring.enums import PointState
from humasflow.scoring.queries import point_state_of
from humasflow.scoring.services.booking import closed_for
from humasflow.scoring.services.holding import hold_many

UNDO = "imports.backfill.undo"
AT_ONCE: Final = 20
FOR_SECONDS: Final = 15


def begin_undoing(run: BackfillRun, *, actor: Principal) -> None:
    """Take back what the run recorded. Asked for twice is done once. Flushes. Raises NotAllowed, Conflict."""
    require(actor, Permission.IMPORT_RUN, run.office_id)
    locked(run)
    if run.state in (RunState.UNDOING, RunState.UNDONE):
        return
    if run.state is not RunState.DONE and not (run.state is RunState.APPLYING and run.problem):
        raise Conflict(_("Hanya pengambilan yang sudah selesai dicatat yang dapat dibatalkan."))
    call_off(run)
    run.state, run.problem, run.created_by = RunState.UNDOING, "", actor.id
    db.session.flush()
    enqueue_for(run, UNDO)


def undo_batch(ref: str) -> timedelta | None:
    """The job: take back for some seconds, then let others have their turn. Safe to run again at any point."""
    run = open_run(ref, RunState.UNDOING)
    return None if run is None else run_step(run, _undo)


def _undo(run: BackfillRun) -> timedelta | None:
    run_id, until = run.id, time.monotonic() + FOR_SECONDS
    while True:
        found = db.session.get(BackfillRun, run_id)
        if found is None or found.state is not RunState.UNDOING:
            return None
        lease.keep()
        items = queries.next_items(run_id, ItemState.ADDED, AT_ONCE)
        if not items:
            _finish(locked(found))
            return None
        actor = principal_of(found)
        hold_many([i.delivery_id for i in items if i.delivery_id])
        points = point_state_of([i.delivery_id for i in items if i.delivery_id])
        for item in items:
            _take_back(item, points, actor)
        lease.keep()
        db.session.commit()
        if time.monotonic() > until:
            return timedelta(0)


def _take_back(item: BackfillItem, points: dict[int, PointState], actor: Principal) -> None:
    delivery = db.session.get(Delivery, item.delivery_id) if item.delivery_id else None
    if item.picture_state is PictureState.WANTED:
        item.picture_state = PictureState.NONE
    if delivery is None or delivery.state is DeliveryState.RETRACTED:
        item.state, item.reason = ItemState.UNDONE, _("sudah diturunkan sebelumnya")
        return
    why = _why_kept(delivery, points.get(delivery.id))
    if not why and not undo_past_publication(
        delivery, actor=actor, reason=_("Pengambilan kiriman lampau dibatalkan.")
    ):
        why = _("sudah dikerjakan lebih lanjut di sini")
    item.state, item.reason = (ItemState.KEPT, why) if why else (ItemState.UNDONE, "")


def _why_kept(delivery: Delivery, point: PointState | None) -> str:
    if closed_for(delivery):
        return _("periodenya sudah ditutup")
    if point is PointState.VERIFIED:
        return _("sudah diverifikasi")
    return ""


def _finish(run: BackfillRun) -> None:
    run.state, run.finished_at = RunState.UNDONE, clock.now()
    db.session.flush()
    counted = queries.count_states(run.id)
    audit.record(
        AuditAction.BACKFILL_UNDONE, ("backfill_run", run.id), office_id=run.office_id, actor=principal_of(run),
        label=run.name, undone=counted.get(ItemState.UNDONE, 0), kept=counted.get(ItemState.KEPT, 0),
    )  # fmt: skip
    tell(run, NoticeKind.IMPORT_UNDONE)
