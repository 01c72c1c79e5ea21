"""Content types and pillars: seeded, added, changed. What all lists have in common stands in ``offering``."""

from collections.abc import Sequence

from flask_babel import gettext as _

from humasflow.audit import services as audit
from humasflow.core.db import db
from humasflow.core.html import clean_html
from humasflow.core.slugs import slugify
from humasflow.core.versions import expect_version
from humasflow.planning import queries
from humasflow.planning.credits import DEFAULT_CREDITS
from humasflow.planning.enums import ContentTemplate
from humasflow.planning.models import ContentType, Pillar
from humasflow.planning.offering import DuplicateName, add, change, next_position, others, refuse_twin
from humasflow.planning.skeletons import SKELETONS, TEMPLATES


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
    """Add a content type; its code comes from the label and never changes. Raises DuplicateName."""
    code = slugify(label, limit=40, fallback="jenis").replace("-", "_")
    known = queries.list_content_types(office_id, with_inactive=True)
    message = _("Jenis konten “%(label)s” sudah ada.", label=label)
    refuse_twin(label, known, message)
    if any(t.code == code for t in known):
        raise DuplicateName(message)
    created = ContentType(
        office_id=office_id,
        code=code,
        label=label,
        on_newsroom=on_newsroom,
        is_active=True,
        position=next_position(known),
        template=template,
        body_template=clean_html(body_template),
        credit_template=credit_template,
    )
    add(created, actor=actor)
    return created


def change_content_type(
    content_type: ContentType,
    *,
    actor: audit.Actor,
    label: str,
    on_newsroom: bool,
    template: ContentTemplate,
    body_template: str,
    credit_template: str,
    row_version: int | None,
) -> None:
    """Rename, hide from the newsroom's sections, or change what its texts start from; texts that were begun keep what
    they have. Raises DuplicateName, Conflict.
    """
    expect_version(content_type, row_version)
    refuse_twin(label, others(content_type), _("Jenis konten “%(label)s” sudah ada.", label=label))
    change(
        content_type, actor=actor, label=label, on_newsroom=on_newsroom, template=template,
        body_template=clean_html(body_template), credit_template=credit_template,
    )  # fmt: skip


def create_pillar(office_id: int, *, actor: audit.Actor | None, name: str, description: str = "") -> Pillar:
    """Add a pillar. Raises DuplicateName."""
    known = queries.list_pillars(office_id, with_inactive=True)
    refuse_twin(name, known, _("Pilar “%(name)s” sudah ada.", name=name))
    created = Pillar(
        office_id=office_id, name=name, description=description, is_active=True, position=next_position(known)
    )
    add(created, actor=actor)
    return created


def change_pillar(
    pillar: Pillar, *, actor: audit.Actor, name: str, description: str, row_version: int | None
) -> None:
    """Rename or describe. Raises DuplicateName, Conflict."""
    expect_version(pillar, row_version)
    refuse_twin(name, others(pillar), _("Pilar “%(name)s” sudah ada.", name=name))
    change(pillar, actor=actor, name=name, description=description)
