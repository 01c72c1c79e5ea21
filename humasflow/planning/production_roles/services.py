"""Production roles: seeded, added, renamed, reordered; switched off rather than deleted."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.slugs import slugify
from humasflow.core.versions import expect_version
from humasflow.planning.production_roles import queries
from humasflow.planning.production_roles.models import ProductionRole

# Code, name and what is expected: what a public-relations team of an Indonesian office begins with. The texts become
# the office's own data, in the office's language.
PRESETS = (
    ("peliput", "Peliput", "Hadir di acara, mencatat fakta, kutipan, nama, dan jabatan."),
    ("penulis", "Penulis", "Menulis naskah sampai siap direviu."),
    ("fotografer", "Fotografer", "Memotret dan menyerahkan foto terpilih beserta keterangannya."),
    ("videografer", "Videografer", "Merekam dan menyunting video."),
    ("desainer", "Desainer", "Membuat infografis, poster, atau sampul."),
    ("editor", "Editor", "Menyunting bahasa dan memeriksa fakta."),
    ("admin_medsos", "Admin medsos", "Menyiapkan takarir dan mengunggah ke media sosial."),
    ("narasumber", "Narasumber", "Memberi data atau keterangan untuk naskah."),
)


class DuplicateRole(UserError):
    """There is one of that name already."""


def seed_production_roles(office_id: int) -> None:
    """Give an office its first production roles; one that has any keeps what it has. Flushes."""
    if queries.list_production_roles(office_id, with_inactive=True):
        return
    db.session.add_all(
        ProductionRole(
            office_id=office_id, code=code, label=label, hint=hint, position=position, is_active=True
        )
        for position, (code, label, hint) in enumerate(PRESETS)
    )
    db.session.flush()


def create_production_role(
    office_id: int, *, actor: audit.Actor | None, label: str, hint: str = ""
) -> ProductionRole:
    """Add a role; its code comes from the name and never changes. Raises :class:`DuplicateRole`."""
    code = slugify(label, limit=40, fallback="peran").replace("-", "_")
    known = queries.list_production_roles(office_id, with_inactive=True)
    if any(r.label.casefold() == label.casefold() or r.code == code for r in known):
        raise DuplicateRole(_("Peran produksi “%(label)s” sudah ada.", label=label))
    last = db.session.scalar(
        select(func.max(ProductionRole.position)).where(ProductionRole.office_id == office_id)
    )
    created = ProductionRole(
        office_id=office_id, code=code, label=label, hint=hint, is_active=True,
        position=0 if last is None else last + 1,
    )  # fmt: skip
    db.session.add(created)
    db.session.flush()
    audit.record(
        AuditAction.PRODUCTION_ROLE_CREATED, ("production_role", created.id), office_id=office_id, actor=actor,
        label=label,
    )  # fmt: skip
    return created


def change_production_role(
    role: ProductionRole,
    *,
    actor: audit.Actor,
    label: str,
    hint: str,
    is_active: bool,
    row_version: int | None,
) -> None:
    """Rename, explain, switch off or on. Raises :class:`DuplicateRole`, Conflict."""
    expect_version(role, row_version)
    others = queries.list_production_roles(role.office_id, with_inactive=True)
    if any(r.label.casefold() == label.casefold() and r.id != role.id for r in others):
        raise DuplicateRole(_("Peran produksi “%(label)s” sudah ada.", label=label))
    role.label, role.hint, role.is_active = label, hint, is_active
    db.session.flush()
    _record(role, actor)


def move_production_role(role: ProductionRole, *, actor: audit.Actor, up: bool) -> None:
    """Exchange places with the neighbour among the roles in use. At the end nothing changes."""
    order: Sequence[ProductionRole] = queries.list_production_roles(role.office_id)
    places = {r.id: n for n, r in enumerate(order)}
    if role.id not in places:
        return
    here = places[role.id]
    there = here + (-1 if up else 1)
    if not 0 <= there < len(order):
        return
    moved = list(order)
    moved[here], moved[there] = moved[there], moved[here]
    for position, each in enumerate(moved):
        if each.position != position:
            each.position = position
    db.session.flush()
    _record(role, actor)


def _record(role: ProductionRole, actor: audit.Actor) -> None:
    audit.record(
        AuditAction.PRODUCTION_ROLE_CHANGED, ("production_role", role.id), office_id=role.office_id, actor=actor,
        label=role.label, is_active=role.is_active, position=role.position,
    )  # fmt: skip
