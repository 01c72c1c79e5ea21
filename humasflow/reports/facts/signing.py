"""Who signs: the head of the office, or who acts for them today; for a person's report also the head of their section.

An acting head (Plh./Plt.) goes before whom they stand in for: that one is absent. Then comes who is named in the
letterhead's settings, then who holds the office's signing role with a position. Nobody is made up: without any of them
the block has lines to write on.
"""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.accounts.enums import Acting
from humasflow.accounts.models import RoleGrant, User
from humasflow.accounts.queries import in_force_at, today_at
from humasflow.core.db import db
from humasflow.core.permissions import ROLE_PERMISSIONS, Permission
from humasflow.orgs.models import Unit
from humasflow.reports.facts.shapes import Signer
from humasflow.reports.models import Letterhead


def signer_of(office: Unit, letterhead: Letterhead | None) -> Signer:
    """Who signs for the office today."""
    heads = _heads(office, office.id, Permission.SCORE_CLOSE, today_at(office))
    acting = next((g for g in heads if g.acting is not Acting.NONE), None)
    if acting is not None:
        return _signer(acting, letterhead)
    if letterhead is not None and letterhead.signer_name:
        return Signer(
            letterhead.signer_name, letterhead.signer_title or _("Kepala Kantor"),
            number=letterhead.signer_number
            or next((g.user.nip for g in heads if g.user.name == letterhead.signer_name), ""),
        )  # fmt: skip
    if heads:
        return _signer(heads[0], letterhead)
    return Signer("", (letterhead.signer_title if letterhead else "") or _("Kepala Kantor"))


def superior_of(office: Unit, section_id: int | None, user_id: int, head: Signer) -> Signer:
    """Who signs a person's report beside them: the head of the section, and for that one the head of the office."""
    if section_id is None:
        return head
    found = _heads(office, section_id, Permission.STORY_APPROVE, today_at(office))
    found = [g for g in found if g.user_id != user_id]
    if not found:
        return head
    return _signer(next((g for g in found if g.acting is not Acting.NONE), found[0]), None)


def _heads(office: Unit, unit_id: int, permission: Permission, on: date) -> list[RoleGrant]:
    """Roles with a position in this very unit that carry the permission today, the longest in force first."""
    carrying = [role for role, may in ROLE_PERMISSIONS.items() if permission in may]
    return list(
        db.session.scalars(
            select(RoleGrant)
            .join(Unit, RoleGrant.unit_id == Unit.id)
            .join(User, RoleGrant.user_id == User.id)
            .where(
                *in_force_at(office, on), RoleGrant.unit_id == unit_id, RoleGrant.role.in_(carrying),
                RoleGrant.position_title != "",
            )
            .order_by(RoleGrant.valid_from, RoleGrant.id)
        )
    )  # fmt: skip


def _signer(grant: RoleGrant, letterhead: Letterhead | None) -> Signer:
    same = letterhead is not None and letterhead.signer_name == grant.user.name
    return Signer(
        grant.user.name, grant.position_title, grant.acting.prefix,
        grant.user.nip or (letterhead.signer_number if letterhead is not None and same else ""),
    )  # fmt: skip
