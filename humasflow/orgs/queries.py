"""Reading the unit tree."""

from collections.abc import Sequence

from sqlalchemy import func, select

from humasflow.core.db import db
from humasflow.core.errors import NotFound
from humasflow.orgs.enums import UnitKind
from humasflow.orgs.models import Unit


def get_office(office_id: int) -> Unit:
    """An office by id, or "not found"."""
    office = db.session.get(Unit, office_id)
    if office is None or office.kind is not UnitKind.OFFICE:
        raise NotFound
    return office


def get_office_by_slug(slug: str) -> Unit:
    """An active office by its address part, or "not found"."""
    office = db.session.scalar(select(Unit).where(Unit.slug == slug, Unit.is_active.is_(True)))
    if office is None:
        raise NotFound
    return office


def list_sections(office_id: int, *, with_inactive: bool = False) -> Sequence[Unit]:
    """Sections of an office by name, each right after the one that it stands below; one statement."""
    every = db.session.scalars(
        select(Unit).where(Unit.office_id == office_id, Unit.kind == UnitKind.SECTION)
    ).all()
    names = {unit.id: unit.name.casefold() for unit in every}

    def place(unit: Unit) -> list[tuple[str, int]]:
        above = [int(part) for part in unit.path.split("/") if part]
        return [(names[number], number) for number in above if number in names]

    return sorted((u for u in every if with_inactive or u.is_active), key=place)


def get_section(office_id: int, section_id: int) -> Unit:
    """A section of this office, or "not found"."""
    section = db.session.get(Unit, section_id)
    if section is None or section.kind is not UnitKind.SECTION or section.office_id != office_id:
        raise NotFound
    return section


def list_offices() -> Sequence[Unit]:
    """All active offices, parents before children."""
    return db.session.scalars(
        select(Unit).where(Unit.kind == UnitKind.OFFICE, Unit.is_active.is_(True)).order_by(Unit.path)
    ).all()


def count_offices() -> int:
    """How many offices exist."""
    return db.session.scalar(select(func.count()).select_from(Unit).where(Unit.kind == UnitKind.OFFICE)) or 0


def is_above(upper: Unit, lower: Unit) -> bool:
    """Whether one office stands above another in the tree, at whatever distance. Never above itself."""
    return upper.id != lower.id and lower.path.startswith(upper.path)


def list_offices_below(office: Unit) -> Sequence[Unit]:
    """Active offices in the subtree of an office, without itself, parents before children; one statement."""
    return db.session.scalars(
        select(Unit)
        .where(
            Unit.kind == UnitKind.OFFICE, Unit.is_active.is_(True), Unit.id != office.id,
            Unit.path.startswith(office.path, autoescape=True),
        )
        .order_by(Unit.path)
    ).all()  # fmt: skip


def list_offices_above(office: Unit) -> Sequence[Unit]:
    """Active offices on the way up to the root, the nearest first; at most one statement."""
    ids = [int(part) for part in office.path.split("/") if part and int(part) != office.id]
    if not ids:
        return []
    return db.session.scalars(
        select(Unit)
        .where(Unit.id.in_(ids), Unit.kind == UnitKind.OFFICE, Unit.is_active.is_(True))
        .order_by(Unit.path.desc())
    ).all()
