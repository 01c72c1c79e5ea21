"""How an office is asked: steps by content type, or by default."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm.attributes import flag_modified

from humasflow.accounts.policy import Principal, require
from humasflow.accounts.queries import list_people_with
from humasflow.approvals import queries
from humasflow.approvals.enums import StepRule, StepScope
from humasflow.approvals.models import ApprovalAskee, ApprovalChain, ApprovalStep
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.permissions import Permission
from humasflow.core.versions import expect_version
from humasflow.orgs.queries import get_office
from humasflow.planning.queries import get_content_type

MAX_STEPS = 3
MAX_ASKEES = 4
LABEL_LENGTH = 120


@dataclass(frozen=True)
class AskeeContent:
    """Somebody a step asks. ``user_id`` only with PERSON, ``group_id`` only with GROUP, ``guest_id`` only with GUEST;
    ``everyone``: each member.
    """

    scope: StepScope
    user_id: int | None = None
    group_id: int | None = None
    everyone: bool = False
    guest_id: int | None = None


@dataclass(frozen=True)
class StepContent:
    """One step as an admin describes it: its askees are asked at the same time."""

    label: str
    askees: Sequence[AskeeContent]
    rule: StepRule = StepRule.ANY


class ChainRefused(UserError):
    """The steps do not hold together."""


def set_chain(
    office_id: int,
    content_type_id: int | None,
    *,
    actor: Principal,
    steps: Sequence[StepContent],
    allows_bulk: bool = False,
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
    before = _told(chain) if chain else None
    if chain is None:
        chain = ApprovalChain(office_id=office_id, content_type_id=content_type_id)
        db.session.add(chain)
    else:
        expect_version(chain, row_version)
        chain.steps = []
    db.session.flush()
    chain.allows_bulk = allows_bulk
    chain.steps = [_step(n, s) for n, s in enumerate(steps, start=1)]
    _touch(chain)
    db.session.flush()
    _record(chain, office_id, actor, before=before, after=_told(chain))
    return chain


def _step(position: int, wanted: StepContent) -> ApprovalStep:
    step = ApprovalStep(position=position, label=wanted.label.strip(), rule=wanted.rule)
    step.askees = [
        ApprovalAskee(
            number=n, scope=a.scope, user_id=a.user_id, group_id=a.group_id, everyone=a.everyone, guest_id=a.guest_id
        )
        for n, a in enumerate(wanted.askees, start=1)
    ]  # fmt: skip
    return step


def use_office_default(office_id: int, content_type_id: int, *, actor: Principal) -> None:
    """Take a content type's own steps away: it follows the office's default again."""
    require(actor, Permission.OFFICE_MANAGE, office_id)
    get_content_type(office_id, content_type_id)
    chain = queries.get_chain(office_id, content_type_id)
    if chain is None:
        return
    before = _told(chain)
    _record(chain, office_id, actor, before=before, after=None)
    db.session.delete(chain)
    db.session.flush()


def _check(office_id: int, steps: Sequence[StepContent]) -> None:
    if len(steps) > MAX_STEPS:
        raise ChainRefused(_("Alur persetujuan paling banyak tiga langkah."))
    approvers = {u.id for u in list_people_with(Permission.STORY_APPROVE, get_office(office_id))}
    groups = {g.id for g in queries.list_groups(office_id)}
    guests = {g.id for g in queries.list_guests(office_id)}
    for step in steps:
        if not step.label.strip() or len(step.label.strip()) > LABEL_LENGTH:
            raise ChainRefused(_("Beri setiap langkah nama, paling panjang 120 karakter."))
        if not 1 <= len(step.askees) <= MAX_ASKEES:
            raise ChainRefused(
                _("Setiap langkah meminta sedikitnya satu pihak, paling banyak %(n)s.", n=MAX_ASKEES)
            )
        for askee in step.askees:
            _check_askee(askee, approvers, groups, guests)
    every = [a for s in steps for a in s.askees]
    people = [(a.user_id, a.guest_id) for a in every if a.scope in (StepScope.PERSON, StepScope.GUEST)]
    if len(set(people)) != len(people):
        raise ChainRefused(_("Satu orang cukup diminta satu kali dalam satu alur."))
    for step in steps:
        if len(set(step.askees)) != len(step.askees):
            raise ChainRefused(_("Satu pihak cukup diminta satu kali dalam satu langkah."))


def _check_askee(askee: AskeeContent, approvers: set[int], groups: set[int], guests: set[int]) -> None:
    if (askee.scope is StepScope.PERSON) != (askee.user_id is not None):
        raise ChainRefused(_("Pilih orangnya untuk langkah yang meminta orang tertentu."))
    if (askee.scope is StepScope.GROUP) != (askee.group_id is not None):
        raise ChainRefused(_("Pilih grupnya untuk langkah yang meminta grup."))
    if askee.everyone and askee.scope is not StepScope.GROUP:
        raise ChainRefused(_("“Semua anggota” hanya untuk grup."))
    if askee.user_id is not None and askee.user_id not in approvers:
        raise ChainRefused(_("Orang yang diminta harus berperan Penyetuju di kantor ini."))
    if askee.group_id is not None and askee.group_id not in groups:
        raise ChainRefused(_("Grup yang diminta tidak ada atau sudah dinonaktifkan."))
    if (askee.scope is StepScope.GUEST) != (askee.guest_id is not None):
        raise ChainRefused(_("Pilih tamunya untuk langkah yang meminta penyetuju tamu."))
    if askee.guest_id is not None and askee.guest_id not in guests:
        raise ChainRefused(_("Penyetuju tamu yang diminta tidak ada atau sudah dinonaktifkan."))


def _touch(chain: ApprovalChain) -> None:
    """Steps are rows of their own; the chain's version has to rise with them, so that a stale form is noticed."""
    flag_modified(chain, "office_id")


def _told(chain: ApprovalChain) -> dict[str, Any]:
    return {
        "bulk": chain.allows_bulk,
        "steps": [
            {
                "label": s.label, "rule": s.rule.value,
                "askees": [
                    {
                        "scope": a.scope.value, "user": a.user_id, "group": a.group_id, "everyone": a.everyone,
                        **({"guest": a.guest_id} if a.guest_id is not None else {}),
                    }
                    for a in s.askees
                ],
            }
            for s in chain.steps
        ],
    }  # fmt: skip


def _record(chain: ApprovalChain, office_id: int, actor: Principal, **detail: Any) -> None:
    audit.record(
        AuditAction.CHAIN_CHANGED, ("approval_chain", chain.id), office_id=office_id, actor=actor,
        content_type=chain.content_type_id, **detail,
    )  # fmt: skip
