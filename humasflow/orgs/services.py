"""Making and changing offices and sections."""

from flask_babel import gettext as _
from sqlalchemy import select

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core import clock
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.localtime import ZONE_LABELS
from humasflow.core.slugs import slugify
from humasflow.core.versions import expect_version
from humasflow.orgs.enums import OfficeKind, UnitKind
from humasflow.orgs.models import Unit


class DuplicateName(UserError):
    """There is one of that name already."""


def _free_slug(wanted: str) -> str:
    taken = set(db.session.scalars(select(Unit.slug).where(Unit.slug.startswith(wanted, autoescape=True))))
    number, slug = 2, wanted
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug


def create_office(
    *,
    actor: audit.Actor | None,
    name: str,
    short_name: str,
    office_kind: OfficeKind,
    timezone: str,
    parent: Unit | None = None,
    slug: str = "",
    is_sample: bool = False,
) -> Unit:
    """Add an office under ``parent`` (or at the root). ``timezone`` is one of the three Indonesian zones."""
    if timezone not in ZONE_LABELS:
        raise UserError(_("Pilih zona waktu kantor: WIB, WITA, atau WIT."))
    office = Unit(
        parent_id=parent.id if parent else None,
        kind=UnitKind.OFFICE,
        name=name,
        short_name=short_name or name[:60],
        slug=_free_slug(slug or slugify(short_name or name)),
        office_kind=office_kind,
        timezone=timezone,
        path="",
        is_sample=is_sample,
        created_at=clock.now(),
    )
    db.session.add(office)
    db.session.flush()
    office.office_id = office.id
    office.path = f"{parent.path if parent else '/'}{office.id}/"
    db.session.flush()
    audit.record(AuditAction.OFFICE_CREATED, ("unit", office.id), office_id=office.id, actor=actor, name=name)
    return office


def change_office(
    office: Unit,
    *,
    actor: audit.Actor,
    name: str,
    short_name: str,
    office_kind: OfficeKind,
    timezone: str,
    four_eyes: bool,
    row_version: int | None,
) -> Unit:
    """Change what an office is called, its zone and its four-eyes rule."""
    expect_version(office, row_version)
    if timezone not in ZONE_LABELS:
        raise UserError(_("Pilih zona waktu kantor: WIB, WITA, atau WIT."))
    before = {"name": office.name, "timezone": office.timezone, "four_eyes": office.four_eyes}
    office.name, office.short_name, office.office_kind = name, short_name, office_kind
    office.timezone, office.four_eyes = timezone, four_eyes
    db.session.flush()
    audit.record(
        AuditAction.OFFICE_CHANGED,
        ("unit", office.id),
        office_id=office.id,
        actor=actor,
        before=before,
        after={"name": name, "timezone": timezone, "four_eyes": four_eyes},
    )
    return office


def _refuse_duplicate_section(office: Unit, name: str, *, but: int | None = None) -> None:
    taken = db.session.scalars(
        select(Unit).where(
            Unit.office_id == office.id, Unit.kind == UnitKind.SECTION, Unit.is_active.is_(True)
        )
    )
    if any(s.name.casefold() == name.casefold() and s.id != but for s in taken):
        raise DuplicateName(_("Seksi “%(name)s” sudah ada.", name=name))


def create_section(
    office: Unit, *, actor: audit.Actor | None, name: str, short_name: str = "", parent: Unit | None = None
) -> Unit:
    """Add a section to an office, or below one of its open sections. Raises DuplicateName, UserError."""
    _refuse_duplicate_section(office, name)
    above = parent or office
    if above.office_id != office.id or not above.is_active:
        raise UserError(_("Pilih kantor ini atau salah satu seksinya yang masih aktif."))
    if len(above.path) > 180:  # the path has room for one more number
        raise UserError(_("Susunan seksi ini terlalu dalam."))
    section = Unit(
        parent_id=above.id,
        office_id=office.id,
        kind=UnitKind.SECTION,
        name=name,
        short_name=short_name or name[:60],
        path="",
        created_at=clock.now(),
    )
    db.session.add(section)
    db.session.flush()
    section.path = f"{above.path}{section.id}/"
    db.session.flush()
    audit.record(
        AuditAction.SECTION_CREATED, ("unit", section.id), office_id=office.id, actor=actor, name=name
    )
    return section


def change_section(
    section: Unit,
    office: Unit,
    *,
    actor: audit.Actor,
    name: str,
    short_name: str,
    is_active: bool,
    row_version: int | None,
) -> Unit:
    """Rename a section, or close it (its past stays)."""
    expect_version(section, row_version)
    _refuse_duplicate_section(office, name, but=section.id)
    before = {"name": section.name, "is_active": section.is_active}
    section.name, section.short_name, section.is_active = name, short_name or name[:60], is_active
    db.session.flush()
    audit.record(
        AuditAction.SECTION_CHANGED,
        ("unit", section.id),
        office_id=office.id,
        actor=actor,
        before=before,
        after={"name": name, "is_active": is_active},
    )
    return section
