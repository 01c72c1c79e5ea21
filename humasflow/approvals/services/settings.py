"""What an edit does to an approval, and what happens as time passes: an office's own figures."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time
from typing import Any

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require
from humasflow.approvals import queries
from humasflow.approvals.enums import EscalateTo
from humasflow.approvals.models import ApprovalSettings
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.permissions import Permission
from humasflow.core.versions import expect_version
from humasflow.stories.edit_fields import EditField
from humasflow.stories.models import EditPolicy

MOST_HOURS = 400
MOST_UNREADY_HOURS = 168


class SettingsRefused(UserError):
    """The figures do not hold together. ``field`` names what to mend."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class PatienceContent:
    """When an office reminds and escalates. Hours are working hours; 0 switches a thing off."""

    remind_hours: int = 0
    escalate_hours: int = 0
    escalate_to: EscalateTo = EscalateTo.LEAD
    day_starts: time = time(7, 30)
    day_ends: time = time(16, 0)
    unready_hours: int = 24  # by the clock, before a planned time


def set_patience(
    office_id: int, *, actor: Principal, content: PatienceContent, row_version: int | None = None
) -> ApprovalSettings:
    """Set an office's figures. Needs ``office:manage``. Raises SettingsRefused, Conflict. Flushes."""
    require(actor, Permission.OFFICE_MANAGE, office_id)
    if content.day_starts >= content.day_ends:
        raise SettingsRefused("day_ends", _("Jam pulang harus sesudah jam masuk."))
    for field in ("remind_hours", "escalate_hours"):
        if not 0 <= getattr(content, field) <= MOST_HOURS:
            raise SettingsRefused(
                field, _("Isi dengan bilangan dari 0 sampai %(n)s jam kerja.", n=MOST_HOURS)
            )
    if not 0 <= content.unready_hours <= MOST_UNREADY_HOURS:
        raise SettingsRefused(
            "unready_hours", _("Isi dengan bilangan dari 0 sampai %(n)s jam.", n=MOST_UNREADY_HOURS)
        )
    if 0 < content.escalate_hours <= content.remind_hours:
        raise SettingsRefused(
            "escalate_hours",
            _("Penerusan terjadi sesudah pengingat pertama; isi dengan bilangan yang lebih besar."),
        )
    settings = queries.get_settings(office_id)
    before = _told(settings)
    if settings is None:
        settings = ApprovalSettings(office_id=office_id)
        db.session.add(settings)
    else:
        expect_version(settings, row_version)
    settings.remind_hours, settings.escalate_hours = content.remind_hours, content.escalate_hours
    settings.escalate_to, settings.unready_hours = content.escalate_to, content.unready_hours
    settings.day_starts, settings.day_ends = content.day_starts, content.day_ends
    db.session.flush()
    audit.record(
        AuditAction.APPROVAL_SETTINGS_CHANGED, ("office", office_id), office_id=office_id, actor=actor, before=before,
        after=_told(settings),
    )  # fmt: skip
    return settings


def _told(settings: ApprovalSettings | None) -> dict[str, Any] | None:
    if settings is None:
        return None
    return {
        "remind": settings.remind_hours, "escalate": settings.escalate_hours, "to": settings.escalate_to.value,
        "unready": settings.unready_hours, "day": [settings.day_starts.isoformat(), settings.day_ends.isoformat()],
    }  # fmt: skip


def set_edit_policy(
    office_id: int,
    *,
    actor: Principal,
    only_marked: bool,
    marked: Collection[EditField] = (),
    row_version: int | None = None,
) -> EditPolicy:
    """Say what an edit after approval does: any edit voids it, or only one of ``marked`` parts. What was saved before
    stays as it was judged then. Needs ``office:manage``. Raises SettingsRefused, Conflict. Flushes.
    """
    require(actor, Permission.OFFICE_MANAGE, office_id)
    if only_marked and not marked:
        raise SettingsRefused(
            "marked", _("Pilih sedikitnya satu bagian yang menggugurkan persetujuan bila diubah.")
        )
    policy = db.session.get(EditPolicy, office_id)
    before = {"only_marked": policy.only_marked, "marked": policy.marked} if policy else None
    if policy is None:
        policy = EditPolicy(office_id=office_id)
        db.session.add(policy)
    else:
        expect_version(policy, row_version)
    policy.only_marked = only_marked
    policy.marked = [part.value for part in EditField if part in set(marked)]
    db.session.flush()
    audit.record(
        AuditAction.EDIT_POLICY_CHANGED, ("office", office_id), office_id=office_id, actor=actor, before=before,
        after={"only_marked": policy.only_marked, "marked": policy.marked},
    )  # fmt: skip
    return policy
