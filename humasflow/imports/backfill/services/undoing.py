"""A whole run is taken back: every publication it recorded, unless something was decided about it since."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import select

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
from humasflow.outbox.turns import take_turn
from humasflow.publishing.enums import DeliveryState
from humasflow.publishing.models import Delivery
from humasflow.publishing.services.past_undo import undo_past_publications
from humasflow.scoring.enums import PointState
from humasflow.scoring.queries import point_state_of
from humasflow.scoring.services.holding import hold_many
from humasflow.scoring.services.past_undo import closed_among

UNDO = "imports.backfill.undo"
AT_ONCE: Final = 200


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
    return None if run is None else run_step(run, lambda run: take_turn(partial(_undo, run.id)))


def _undo(run_id: int) -> bool:
    """Some items; whether there may be more."""
    found = db.session.get(BackfillRun, run_id)
    if found is None or found.state is not RunState.UNDOING:
        return False
    items = queries.next_items(run_id, ItemState.ADDED, AT_ONCE)
    if not items:
        _finish(locked(found))
        return False
    _take_back(items, found.office_id, principal_of(found))
    return True


def _take_back(items: Sequence[BackfillItem], office_id: int, actor: Principal) -> None:
    ids = [item.delivery_id for item in items if item.delivery_id]
    hold_many(ids)
    points, closed = point_state_of(ids), closed_among(office_id, ids)
    states = dict(db.session.execute(select(Delivery.id, Delivery.state).where(Delivery.id.in_(ids))).all())
    going: list[BackfillItem] = []
    for item in items:
        delivery_id = item.delivery_id or 0
        if item.picture_state is PictureState.WANTED:
            item.picture_state = PictureState.NONE
        if states.get(delivery_id, DeliveryState.RETRACTED) is DeliveryState.RETRACTED:
            item.state, item.reason = ItemState.UNDONE, _("sudah diturunkan sebelumnya")
        elif delivery_id in closed:
            item.state, item.reason = ItemState.KEPT, _("periodenya sudah ditutup")
        elif points.get(delivery_id) is PointState.VERIFIED:
            item.state, item.reason = ItemState.KEPT, _("sudah diverifikasi")
        else:
            going.append(item)
    gone = undo_past_publications(
        [item.delivery_id for item in going if item.delivery_id], office_id=office_id, actor=actor,
        reason=_("Pengambilan berita lampau dibatalkan."),
    )  # fmt: skip
    for item in going:
        is_gone = item.delivery_id in gone
        item.state = ItemState.UNDONE if is_gone else ItemState.KEPT
        item.reason = "" if is_gone else _("sudah dikerjakan lebih lanjut di sini")


def _finish(run: BackfillRun) -> None:
    run.state, run.finished_at = RunState.UNDONE, clock.now()
    db.session.flush()
    counted = queries.count_states(run.id)
    audit.record(
        AuditAction.BACKFILL_UNDONE, ("backfill_run", run.id), office_id=run.office_id, actor=principal_of(run),
        label=run.name, undone=counted.get(ItemState.UNDONE, 0), kept=counted.get(ItemState.KEPT, 0),
    )  # fmt: skip
    tell(run, NoticeKind.IMPORT_UNDONE)
