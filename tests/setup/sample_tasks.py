"""The sample office shows tasks in every state, absences, and one task that needs somebody else."""

from sqlalchemy import select

from humasflow.accounts.enums import AbsenceKind
from humasflow.accounts.models import Absence, User
from humasflow.accounts.queries import load_principal
from humasflow.core.db import db
from humasflow.orgs.models import Unit
from humasflow.stories.enums import AssignmentState
from humasflow.stories.models import Assignment
from humasflow.stories.queries import workload


def assert_tasks_in_every_state(office: Unit) -> None:
    found = db.session.scalars(select(Assignment).where(Assignment.office_id == office.id)).all()
    assert {a.state for a in found} == set(AssignmentState) - {AssignmentState.REPLACED}
    assert any(a.replaces_id for a in found)
    assert any(a.opened_at and not a.accepted_at for a in found)
    assert any(not a.opened_at for a in found)
    kinds = db.session.scalars(select(Absence.kind).where(Absence.office_id == office.id)).all()
    assert set(kinds) == {AbsenceKind.LEAVE, AbsenceKind.DUTY, AbsenceKind.SICK}
    editor = db.session.scalars(
        select(User).where(User.id.in_([a.created_by for a in found])).order_by(User.id)
    ).first()
    assert editor is not None
    actor = load_principal(editor, office_id=office.id)
    assert len(workload.list_needing_somebody(actor, office.id)) == 1
    assert len(workload.list_due_while_away(actor, office)) >= 1
    assert len(workload.list_overdue(actor, office.id)) == 1
