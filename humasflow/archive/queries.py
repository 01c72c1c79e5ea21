"""Reading archives that were asked for."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from humasflow.accounts.policy import Principal
from humasflow.archive.enums import ArchiveState
from humasflow.archive.models import ArchiveRun
from humasflow.archive.policy import require_seeing
from humasflow.audit.enums import AuditAction
from humasflow.audit.models import AuditEntry
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import get_office, list_offices_below

OPEN = tuple(state for state in ArchiveState if state.is_open)
SHOWN = 20


def get_run(run_id: int, *, reader: Principal) -> ArchiveRun:
    """An archive that this person may have: of their office, and where the offices below are in it, theirs to export as
    well. Raises NotFound.
    """
    run = db.session.get(ArchiveRun, run_id)
    if run is None:
        raise NotFound
    require_seeing(reader, run.office_id)
    if run.with_below and not offices_below(get_office(run.office_id), reader=reader):
        raise NotFound
    return run


def was_fetched_by(run: ArchiveRun, user_id: int) -> bool:
    """Whether the record says that this person fetched it before. One statement."""
    found = select(AuditEntry.id).where(
        AuditEntry.subject_type == "archive", AuditEntry.subject_id == run.id, AuditEntry.actor_id == user_id,
        AuditEntry.action == AuditAction.ARCHIVE_FETCHED,
    )  # fmt: skip
    return db.session.scalar(found.limit(1)) is not None


def list_runs(office: Unit, *, reader: Principal) -> Sequence[ArchiveRun]:
    """The latest archives of an office that this person may have, newest first; older ones are in the record. Two
    statements.
    """
    wanted = [ArchiveRun.office_id == office.id]
    if not offices_below(office, reader=reader):
        wanted.append(ArchiveRun.with_below.is_(False))
    return db.session.scalars(
        select(ArchiveRun)
        .where(*wanted)
        .options(joinedload(ArchiveRun.requester))
        .order_by(ArchiveRun.id.desc())
        .limit(SHOWN)
    ).all()


def find_open(office_id: int, *, with_below: bool) -> ArchiveRun | None:
    """The archive of an office, alone or with those below, that is being made."""
    return db.session.scalar(
        select(ArchiveRun)
        .where(
            ArchiveRun.office_id == office_id, ArchiveRun.with_below.is_(with_below), ArchiveRun.state.in_(OPEN)
        )
        .order_by(ArchiveRun.id.desc())
        .limit(1)
    )  # fmt: skip


def offices_below(office: Unit, *, reader: Principal) -> Sequence[Unit]:
    """The offices below, if there are any and this person may export each of them; otherwise none."""
    below = list_offices_below(office)
    return below if all(reader.can(Permission.OFFICE_EXPORT, unit.id) for unit in below) else ()
