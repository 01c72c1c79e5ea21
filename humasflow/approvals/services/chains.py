"""How an office is asked: steps by content type, or by default."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm.attributes import flag_modified

from humasflow.accounts.policy import Principal, require
from humasflow.accounts.queries import list_people_with
from humasflow.approvals import queries
from humasflow.approvals.enums import StepScope
from humasflow.approvals.models import ApprovalChain, ApprovalStep
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.permissions import Permission
from humasflow.core.versions import expect_version
from humasflow.orgs.queries import get_office
from humasflow.planning.queries import get_content_type

MAX_STEPS = 3
LABEL_LENGTH = 120


@dataclass(frozen=True)
class StepContent:
    """One step as an admin describes it. ``user_id`` only with :attr:`StepScope.PERSON`."""

    label: str
    scope: StepScope
    user_id: int | None = None


class ChainRefused(UserError):
    """The steps do not hold together."""


def set_chain(
    office_id: int,
    content_type_id: int | None,
    *,
    actor: Principal,
    steps: Sequence[StepContent],
    row_version: int | None = None,
) -> ApprovalChain:
    """Set the steps of a content type (None: the office's default); no step means that nobody is asked.

    Packages on their way keep the steps they were submitted with. Needs ``office:manage``. Raises Conflict when
    somebody changed the chain since ``row_version``, ChainRefused. Flushes.
    """
    require(actor, Permission.OFFICE_MANAGE, office_id)
    if content_type_id is not None:
        get_content_type(office_id, content_type_id)
    _check(office_id, steps)
    chain = queries.get_chain(office_id, content_type_id)
    before = _told(chain.steps) if chain else None
    if chain is None:
        chain = ApprovalChain(office_id=office_id, content_type_id=content_type_id)
        db.session.add(chain)
    else:
        expect_version(chain, row_version)
        chain.steps = []
    db.session.flush()
    chain.steps = [
        ApprovalStep(position=n, label=s.label.strip(), scope=s.scope, user_id=s.user_id)
        for n, s in enumerate(steps, start=1)
    ]
    _touch(chain)
    db.session.flush()
    _record(chain, office_id, actor, before=before, after=_told(chain.steps))
    return chain


def use_office_default(office_id: int, content_type_id: int, *, actor: Principal) -> None:
    """Take a content type's own steps away: it follows the office's default again."""
    require(actor, Permission.OFFICE_MANAGE, office_id)
    get_content_type(office_id, content_type_id)
    chain = queries.get_chain(office_id, content_type_id)
    if chain is None:
        return
    before = _told(chain.steps)
    _record(chain, office_id, actor, before=before, after=None)
    db.session.delete(chain)
    db.session.flush()


def _check(office_id: int, steps: Sequence[StepContent]) -> None:
    if len(steps) > MAX_STEPS:
        raise ChainRefused(_("Alur persetujuan paling banyak tiga langkah."))
    approvers = {u.id for u in list_people_with(Permission.STORY_APPROVE, get_office(office_id))}
    people = [s.user_id for s in steps if s.scope is StepScope.PERSON]
    if len(set(people)) != len(people):
        raise ChainRefused(_("Satu orang cukup diminta satu kali dalam satu alur."))
    for step in steps:
        if not step.label.strip() or len(step.label.strip()) > LABEL_LENGTH:
            raise ChainRefused(_("Beri setiap langkah nama, paling panjang 120 karakter."))
        if (step.scope is StepScope.PERSON) != (step.user_id is not None):
            raise ChainRefused(_("Pilih orangnya untuk langkah yang meminta orang tertentu."))
        if step.user_id is not None and step.user_id not in approvers:
            raise ChainRefused(_("Orang yang diminta harus berperan Penyetuju di kantor ini."))


def _touch(chain: ApprovalChain) -> None:
    """Steps are rows of their own; the chain's version has to rise with them, so that a stale form is noticed."""
    flag_modified(chain, "office_id")


def _told(steps: Sequence[ApprovalStep]) -> list[dict[str, object]]:
    return [{"label": s.label, "scope": s.scope.value, "user": s.user_id} for s in steps]


def _record(chain: ApprovalChain, office_id: int, actor: Principal, **detail: Any) -> None:
    audit.record(
        AuditAction.CHAIN_CHANGED, ("approval_chain", chain.id), office_id=office_id, actor=actor,
        content_type=chain.content_type_id, **detail,
    )  # fmt: skip
