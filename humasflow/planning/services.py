"""Content types and pillars: seeded, added, changed; switched off rather than deleted."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select

from humasflow.audit import services as audit
from humasflow.audit.enums import AuditAction
from humasflow.core.db import db
from humasflow.core.errors import UserError
from humasflow.core.html import clean_html
from humasflow.core.slugs import slugify
from humasflow.core.versions import expect_version
from humasflow.planning import queries
from humasflow.planning.credits import DEFAULT_CREDITS
from humasflow.planning.enums import ContentTemplate
from humasflow.planning.models import ContentType, Pillar
from humasflow.planning.skeletons import SKELETONS, TEMPLATES


class DuplicateName(UserError):
    """There is one of that name already."""


def seed_content_types(office_id: int, presets: Sequence[tuple[str, str]]) -> None:
    """Give a new office its first content types: pairs of code and label."""
    for position, (code, label) in enumerate(presets):
        db.session.add(
            ContentType(
                office_id=office_id,
                code=code,
                label=label,
                position=position,
                is_active=True,
                on_newsroom=code not in {"unggahan", "story", "reels"},
                template=TEMPLATES.get(code, ContentTemplate.ARTICLE),
                body_template=clean_html(SKELETONS.get(code, "")),
                credit_template=DEFAULT_CREDITS,
            )
        )
    db.session.flush()


def create_content_type(
    office_id: int,
    *,
    actor: audit.Actor | None,
    label: str,
    on_newsroom: bool = True,
    template: ContentTemplate = ContentTemplate.ARTICLE,
    body_template: str = "",
    credit_template: str = DEFAULT_CREDITS,
) -> ContentType:
    """Add a content type; its code comes from the label and never changes."""
    code = slugify(label, limit=40, fallback="jenis").replace("-", "_")
    known = queries.list_content_types(office_id, with_inactive=True)
    if any(t.label.casefold() == label.casefold() or t.code == code for t in known):
        raise DuplicateName(_("Jenis konten “%(label)s” sudah ada.", label=label))
    created = ContentType(
        office_id=office_id,
        code=code,
        label=label,
        on_newsroom=on_newsroom,
        is_active=True,
        position=len(known),
        template=template,
        body_template=clean_html(body_template),
        credit_template=credit_template,
    )
    db.session.add(created)
    db.session.flush()
    audit.record(
        AuditAction.CONTENT_TYPE_CREATED,
        ("content_type", created.id),
        office_id=office_id,
        actor=actor,
        label=label,
    )
    return created


def change_content_type(
    content_type: ContentType,
    *,
    actor: audit.Actor,
    label: str,
    on_newsroom: bool,
    is_active: bool,
    row_version: int | None,
    template: ContentTemplate | None = None,
    body_template: str | None = None,
    credit_template: str | None = None,
) -> None:
    """Rename, hide from the newsroom's sections, switch off, or change what its texts start from; None leaves that as
    it is. Texts that were begun keep what they have.
    """
    expect_version(content_type, row_version)
    others = queries.list_content_types(content_type.office_id, with_inactive=True)
    if any(t.label.casefold() == label.casefold() and t.id != content_type.id for t in others):
        raise DuplicateName(_("Jenis konten “%(label)s” sudah ada.", label=label))
    content_type.label, content_type.on_newsroom, content_type.is_active = label, on_newsroom, is_active
    if template is not None:
        content_type.template = template
    if body_template is not None:
        content_type.body_template = clean_html(body_template)
    if credit_template is not None:
        content_type.credit_template = credit_template
    db.session.flush()
    audit.record(
        AuditAction.CONTENT_TYPE_CHANGED,
        ("content_type", content_type.id),
        office_id=content_type.office_id,
        actor=actor,
        label=label,
        is_active=is_active,
    )


def create_pillar(office_id: int, *, actor: audit.Actor | None, name: str, description: str = "") -> Pillar:
    """Add a pillar."""
    if any(p.name.casefold() == name.casefold() for p in queries.list_pillars(office_id, with_inactive=True)):
        raise DuplicateName(_("Pilar “%(name)s” sudah ada.", name=name))
    last = db.session.scalar(select(func.max(Pillar.position)).where(Pillar.office_id == office_id))
    created = Pillar(
        office_id=office_id, name=name, description=description, is_active=True, position=(last or 0) + 1
    )
    db.session.add(created)
    db.session.flush()
    audit.record(
        AuditAction.PILLAR_CREATED, ("pillar", created.id), office_id=office_id, actor=actor, name=name
    )
    return created


def change_pillar(
    pillar: Pillar,
    *,
    actor: audit.Actor,
    name: str,
    description: str,
    is_active: bool,
    row_version: int | None,
) -> None:
    """Rename or switch off."""
    expect_version(pillar, row_version)
    others = queries.list_pillars(pillar.office_id, with_inactive=True)
    if any(p.name.casefold() == name.casefold() and p.id != pillar.id for p in others):
        raise DuplicateName(_("Pilar “%(name)s” sudah ada.", name=name))
    pillar.name, pillar.description, pillar.is_active = name, description, is_active
    db.session.flush()
    audit.record(
        AuditAction.PILLAR_CHANGED,
        ("pillar", pillar.id),
        office_id=pillar.office_id,
        actor=actor,
        name=name,
        is_active=is_active,
    )
