"""Who may have which report made, and who may have the file.

The office's report is for whoever makes reports there. What each person brought is for those who may read
contributions, and for the person: an order by somebody else leaves people out.
"""

from flask_babel import gettext as _

from humasflow.accounts.policy import Principal, require_here
from humasflow.core.errors import NotAllowed, NotFound
from humasflow.core.permissions import Permission
from humasflow.reports.enums import ReportKind, ReportScope
from humasflow.reports.models import ReportRun


def may_make(actor: Principal, office_id: int) -> bool:
    """Whether the person makes reports of the office; one's own report needs nothing but a role."""
    return actor.can(Permission.REPORT_MAKE, office_id)


def may_name_people(actor: Principal, office_id: int) -> bool:
    """Whether the person may read what others brought."""
    return actor.can(Permission.CONTRIBUTION_READ, office_id)


def require_ordering(
    actor: Principal, office_id: int, kind: ReportKind, scope: ReportScope, subject_id: int | None
) -> None:
    """Raise unless the person may have this report made."""
    require_here(actor, office_id)
    if scope is ReportScope.PERSON and kind is ReportKind.REPORT and subject_id == actor.id:
        return
    if not may_make(actor, office_id):
        raise NotAllowed(_("Peran Anda hanya dapat membuat laporan tentang diri sendiri."))
    if scope is ReportScope.PERSON and subject_id != actor.id and not may_name_people(actor, office_id):
        raise NotAllowed(_("Laporan tentang orang lain untuk yang boleh membaca kontribusi pegawai."))


def may_read(actor: Principal, run: ReportRun) -> bool:
    """Whether the person may see a run and have its files."""
    if not any(held.office_id == run.office_id for held in actor.held):
        return False
    about_self = run.scope is ReportScope.PERSON and run.subject_id == actor.id
    if run.requested_by == actor.id or about_self:
        return True
    if not may_make(actor, run.office_id):
        return False
    return not (run.scope is ReportScope.PERSON or run.names_people) or may_name_people(actor, run.office_id)


def require_reading(actor: Principal, run: ReportRun) -> None:
    """Raise "not found" unless :func:`may_read`."""
    if not may_read(actor, run):
        raise NotFound


def may_cancel(actor: Principal, run: ReportRun) -> bool:
    """Whether the person may call a run off, or have it made again: who asked for it, and who makes reports here."""
    return may_read(actor, run) and (run.requested_by == actor.id or may_make(actor, run.office_id))
