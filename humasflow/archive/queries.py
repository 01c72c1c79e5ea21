"""Reading archives that were asked for."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from humasflow.accounts.policy import Principal
from humasflow.archive.enums import ArchiveState
from humasflow.archive.models import ArchiveRun
from humasflow.archive.policy import require_seeing
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.permissions import Permission
from humasflow.orgs.models import Unit
from humasflow.orgs.queries import list_offices_below

OPEN = tuple(state for state in ArchiveState if state.is_open)
SHOWN = 20


def get_run(run_id: int, *, reader: Principal) -> ArchiveRun:
    """An archive of an office whose archives this person may have. Raises NotFound."""
    run = db.session.get(ArchiveRun, run_id)
    if run is None:
        raise NotFound
    require_seeing(reader, run.office_id)
    return run


def list_runs(office_id: int) -> Sequence[ArchiveRun]:
    """The latest archives of an office, newest first; older ones are in the record. One statement."""
    return db.session.scalars(
        select(ArchiveRun)
        .where(ArchiveRun.office_id == office_id)
        .options(joinedload(ArchiveRun.requester))
        .order_by(ArchiveRun.id.desc())
        .limit(SHOWN)
    ).all()


def find_open(office_id: int) -> ArchiveRun | None:
    """The archive of an office that is being made."""
    return db.session.scalar(
        select(ArchiveRun)
        .where(ArchiveRun.office_id == office_id, ArchiveRun.state.in_(OPEN))
        .order_by(ArchiveRun.id.desc())
        .limit(1)
    )


def offices_below(office: Unit, *, reader: Principal) -> Sequence[Unit]:
    """The offices below, if there are any and this person may export each of them; otherwise none."""
    below = list_offices_below(office)
    return below if all(reader.can(Permission.OFFICE_EXPORT, unit.id) for unit in below) else ()
