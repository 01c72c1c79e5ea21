"""Named groups of approvers, kept by the office."""

from collections.abc import Collection

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from humasflow.accounts.policy import Principal, require
from humasflow.accounts.queries import list_people_with
from humasflow.approvals import queries
from humasflow.approvals.models import ApprovalGroup, GroupMember
from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.permissions import Permission
from humasflow.core.versions import expect_version
from humasflow.orgs.queries import get_office

NAME_LENGTH = 80


class GroupRefused(UserError):
    """The group does not hold together. ``field`` names what to mend: name, members or is_active."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def create_group(
    office_id: int, *, actor: Principal, name: str, member_ids: Collection[int]
) -> ApprovalGroup:
    """A new group. Needs ``office:manage``. Raises GroupRefused. Flushes."""
    require(actor, Permission.OFFICE_MANAGE, office_id)
    name = _checked(office_id, name, member_ids)
    group = ApprovalGroup(office_id=office_id, name=name, is_active=True)
    group.members = [GroupMember(user_id=i) for i in sorted(set(member_ids))]
    db.session.add(group)
    db.session.flush()
    _record(group, actor, before=None)
    return group


def change_group(
    group: ApprovalGroup,
    *,
    actor: Principal,
    name: str,
    member_ids: Collection[int],
    is_active: bool = True,
    row_version: int | None = None,
) -> None:
    """Other name, other people, or switched off. What waits asks today's members. Raises GroupRefused, Conflict."""
    require(actor, Permission.OFFICE_MANAGE, group.office_id)
    expect_version(group, row_version)
    name = _checked(group.office_id, name, member_ids, group=group)
    uses = queries.count_uses(group.office_id).get(group.id, 0)
    if uses and not is_active:
        raise GroupRefused(
            "is_active",
            ngettext(
                "Grup ini masih diminta di %(num)s langkah. Ganti dahulu di alur persetujuan.",
                "Grup ini masih diminta di %(num)s langkah. Ganti dahulu di alur persetujuan.", uses,
            ),
        )  # fmt: skip
    before = _told(group)
    group.name, group.is_active = name, is_active
    wanted, known = set(member_ids), {m.user_id: m for m in group.members}
    for user_id in known.keys() - wanted:
        group.members.remove(known[user_id])
    group.members += [GroupMember(user_id=i) for i in sorted(wanted - known.keys())]
    flag_modified(group, "name")  # members are rows of their own; the version rises with them
    db.session.flush()
    if _told(group) != before:
        _record(group, actor, before=before)


def _checked(
    office_id: int, name: str, member_ids: Collection[int], *, group: ApprovalGroup | None = None
) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH:
        raise GroupRefused("name", _("Beri grup ini nama, paling panjang %(n)s karakter.", n=NAME_LENGTH))
    same = db.session.scalar(
        select(ApprovalGroup.id).where(
            ApprovalGroup.office_id == office_id, func.lower(ApprovalGroup.name) == name.lower()
        )
    )
    if same is not None and (group is None or same != group.id):
        raise GroupRefused("name", _("Sudah ada grup bernama %(name)s.", name=name))
    if not member_ids:
        raise GroupRefused("members", _("Pilih sedikitnya satu orang."))
    approvers = {u.id for u in list_people_with(Permission.STORY_APPROVE, get_office(office_id))}
    kept = {m.user_id for m in group.members} if group else set()
    if set(member_ids) - approvers - kept:
        raise GroupRefused("members", _("Anggota grup harus berperan Penyetuju di kantor ini."))
    return name


def _told(group: ApprovalGroup) -> dict[str, object]:
    return {
        "name": group.name,
        "members": sorted(m.user_id for m in group.members),
        "active": group.is_active,
    }


def _record(group: ApprovalGroup, actor: Principal, *, before: dict[str, object] | None) -> None:
    audit.record(
        AuditAction.APPROVAL_GROUP_CHANGED, ("approval_group", group.id), office_id=group.office_id, actor=actor,
        label=group.name, before=before, after=_told(group),
    )  # fmt: skip
