"""Production roles: seeded, added, changed."""

from flask_babel import gettext as _

from humasflow.audit import services as audit
from humasflow.core.db import db
from humasflow.core.slugs import slugify
from humasflow.core.versions import expect_version
from humasflow.planning.offering import DuplicateName, add, change, next_position, others, refuse_twin
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
    """Add a role; its code comes from the name and never changes. Raises DuplicateName."""
    code = slugify(label, limit=40, fallback="peran").replace("-", "_")
    known = queries.list_production_roles(office_id, with_inactive=True)
    message = _("Peran produksi “%(label)s” sudah ada.", label=label)
    refuse_twin(label, known, message)
    if any(r.code == code for r in known):
        raise DuplicateName(message)
    created = ProductionRole(
        office_id=office_id, code=code, label=label, hint=hint, is_active=True, position=next_position(known)
    )
    add(created, actor=actor)
    return created


def change_production_role(
    role: ProductionRole, *, actor: audit.Actor, label: str, hint: str, row_version: int | None
) -> None:
    """Rename or explain. Raises DuplicateName, Conflict."""
    expect_version(role, row_version)
    refuse_twin(label, others(role), _("Peran produksi “%(label)s” sudah ada.", label=label))
    change(role, actor=actor, label=label, hint=hint)
