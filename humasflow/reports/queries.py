"""Reading runs and letterheads."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from humasflow.accounts.models import User
from humasflow.accounts.policy import Principal
from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.core.paging import PAGE_SIZE, Page, cut, newest_first
from humasflow.orgs.models import Unit
from humasflow.reports.enums import ReportScope, RunState
from humasflow.reports.models import Letterhead, ReportRun
from humasflow.reports.policy import may_make, may_name_people, require_reading


def get_run(run_id: int, *, reader: Principal) -> ReportRun:
    """A run with its files, or "not found"."""
    run = db.session.scalar(
        select(ReportRun)
        .where(ReportRun.id == run_id)
        .options(selectinload(ReportRun.files), joinedload(ReportRun.requester))
    )
    if run is None:
        raise NotFound
    require_reading(reader, run)
    return run


def list_runs(
    office: Unit, *, reader: Principal, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[ReportRun]:
    """The runs the reader may see, newest first: three statements. What :func:`policy.may_read` says of one run, as a
    condition.
    """
    mine = or_(
        ReportRun.requested_by == reader.id,
        and_(ReportRun.scope == ReportScope.PERSON, ReportRun.subject_id == reader.id),
    )
    statement: Select[Any] = (
        select(ReportRun)
        .where(ReportRun.office_id == office.id)
        .options(selectinload(ReportRun.files), joinedload(ReportRun.requester))
    )
    if not may_make(reader, office.id):
        statement = statement.where(mine)
    elif not may_name_people(reader, office.id):
        statement = statement.where(
            or_(mine, and_(ReportRun.scope != ReportScope.PERSON, ReportRun.names_people.is_(False)))
        )
    statement = newest_first(statement, ReportRun.created_at, ReportRun.id, cursor, size)
    return cut(db.session.scalars(statement).all(), lambda run: (run.created_at, run.id), size)


def list_open_of(user_id: int, office_id: int) -> Sequence[ReportRun]:
    """What is being made for a person in an office."""
    return db.session.scalars(
        select(ReportRun)
        .where(
            ReportRun.requested_by == user_id, ReportRun.office_id == office_id,
            ReportRun.state.in_([state for state in RunState if state.is_open]),
        )
        .order_by(ReportRun.id)
    ).all()  # fmt: skip


def names_of_subjects(runs: Sequence[ReportRun]) -> dict[tuple[ReportScope, int], str]:
    """What the sections and people are called that runs are about. Two statements at most."""
    found: dict[tuple[ReportScope, int], str] = {}
    for scope, model in ((ReportScope.SECTION, Unit), (ReportScope.PERSON, User)):
        ids = {run.subject_id for run in runs if run.scope is scope and run.subject_id}
        if ids:
            rows = db.session.execute(select(model.id, model.name).where(model.id.in_(ids)))
            found |= {(scope, row[0]): row[1] for row in rows}
    return found


def get_letterhead(office_id: int) -> Letterhead | None:
    """The letterhead of an office, None where nobody filled it in."""
    return db.session.scalar(
        select(Letterhead).where(Letterhead.office_id == office_id).options(joinedload(Letterhead.logo))
    )
